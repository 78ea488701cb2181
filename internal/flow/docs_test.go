package flow

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
)

var update = flag.Bool("update", false, "write the tables in docs/flows.md anew")

const docsFile = "../../docs/flows.md"

// TestDocsAreCurrent holds that the tables in docs/flows.md are those of the code. With -update it writes them.
func TestDocsAreCurrent(t *testing.T) {
	text, err := os.ReadFile(docsFile)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for name, table := range map[string]string{"actions": actionsTable(), "assumptions": assumptionsTable()} {
		begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->"
		before, rest, ok := strings.Cut(want, begin)
		_, rest, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatalf("%s has no place for the table of %s", docsFile, name)
		}
		want = before + begin + table + end + rest
	}
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s is out of date; run: go test ./internal/flow -run DocsAreCurrent -update", docsFile)
	}
	if err := os.WriteFile(docsFile, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func actionsTable() string {
	var b strings.Builder
	b.WriteString("| action | block in the console | what a call does | flow types | errors | evidence |\n|---|---|---|---|---|---|\n")
	for _, family := range flowlang.ActionTypes() {
		sorted := slices.Clone(family)
		slices.SortFunc(sorted, func(x, y flowlang.ActionType) int { return strings.Compare(x.Name, y.Name) })
		for _, t := range sorted {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", t.Name, t.Block, behaviors[t.Name].does, t.FlowTypes,
				strings.Join(t.AllErrors(), ", "), t.Evidence)
		}
	}
	return b.String()
}

func assumptionsTable() string {
	var b strings.Builder
	b.WriteString("| assumption | default | others | meaning | what is known |\n|---|---|---|---|---|\n")
	for _, row := range assumptionTable {
		others := strings.Join(slices.DeleteFunc(slices.Clone(row.Values), func(v string) bool { return v == row.standard }), ", ")
		if row.number != nil {
			others = fmt.Sprintf("%d to %d", row.Low, row.High)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", row.Name, row.standard, others, row.Meaning, row.Known)
	}
	return b.String()
}

// TestBehaviors: every action type of the flow language has a behavior, and no other has; what waits can be resumed.
func TestBehaviors(t *testing.T) {
	waiting := []string{flowlang.MessageParticipant, flowlang.MessageParticipantIteratively, flowlang.GetParticipantInput,
		flowlang.ConnectParticipantWithLexBot, flowlang.ShowView, flowlang.Wait, flowlang.InvokeLambdaFunction}
	known := 0
	for _, family := range flowlang.ActionTypes() {
		known += len(family)
		for _, row := range family {
			b, ok := behaviors[row.Name]
			if !ok || b.does == "" || b.run == nil {
				t.Errorf("%s has no behavior", row.Name)
			}
			if (b.resume != nil) != slices.Contains(waiting, row.Name) {
				t.Errorf("%s: resume is there: %v", row.Name, b.resume != nil)
			}
		}
	}
	if known != len(behaviors) {
		t.Errorf("%d action types, %d behaviors", known, len(behaviors))
	}
}
