package replay

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// codeNotAssumptions is the code of a file that has more than assumptions.
const codeNotAssumptions = "replay-not-assumptions"

// Assumptions are the values that logs have settled, by name. They are written as a scenario file with nothing else, so
// that a scenario takes them as they are.
type Assumptions map[string]string

// ReadAssumptions reads what an earlier log has settled. The error is a source.Finding for a file that has something
// else, too, if only comments, which nobody may overwrite.
func ReadAssumptions(file string, text []byte) (Assumptions, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return Assumptions{}, nil
	}
	node, err := source.ParseYAML(file, text)
	if err != nil {
		return nil, err
	}
	notOurs := source.Finding{Code: codeNotAssumptions, Severity: source.Error, File: file,
		Message: "the file has more than assumptions, or comments, which would be lost",
		Remedy:  "Name another file, such as assumptions.yaml, and copy the assumptions from it."}
	members := node.Entries()
	if bytes.Contains(bytes.Replace(text, []byte(header), nil, 1), []byte("#")) {
		return nil, notOurs
	}
	if len(members) != 1 || members[0].Key != "assumptions" || !members[0].Value.Is(source.Object) {
		return nil, notOurs
	}
	if _, found := scenario.Parse(file, text, func(string) bool { return true }); found.HasErrors() {
		return nil, found[0]
	}
	known := Assumptions{}
	for _, m := range members[0].Value.Members {
		known[m.Key] = m.Value.Text
		if m.Value.Is(source.Null) {
			known[m.Key] = "null"
		}
	}
	return known, nil
}

// Add adds what a log settles, and returns the names of assumptions for which an earlier log had another value.
func (a Assumptions) Add(settled []Settled) (contradicted []string) {
	for _, s := range settled {
		if len(s.Values) != 1 {
			continue
		}
		if before, known := a[s.Name]; known && before != s.Values[0] {
			contradicted = append(contradicted, s.Name)
		}
		a[s.Name] = s.Values[0]
	}
	return contradicted
}

// header is the comment that a file of assumptions begins with.
const header = "# What contact flow logs say about Amazon Connect where its documentation does not.\n"

// plainScalar are the values that YAML takes as they are. Among others are names of errors that a flow has.
var plainScalar = regexp.MustCompile(`^([0-9]+|[A-Za-z][A-Za-z_]*)$`)

// Write returns the text of the file.
func (a Assumptions) Write() []byte {
	var b strings.Builder
	b.WriteString(header + "assumptions:\n")
	for _, row := range flow.AssumptionTable() {
		value, ok := a[row.Name]
		switch {
		case !ok:
		case !plainScalar.MatchString(value) || slices.Contains([]string{"null", "true", "false", "yes", "no"}, value):
			fmt.Fprintf(&b, "  %s: %q\n", row.Name, value)
		default:
			fmt.Fprintf(&b, "  %s: %s\n", row.Name, value)
		}
	}
	return []byte(b.String())
}
