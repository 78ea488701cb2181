package flowlang_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// texts are the texts in a document.
func texts(doc *source.Node) []*source.Node {
	var list []*source.Node
	doc.EachText(func(n *source.Node) { list = append(list, n) })
	return list
}

// verdicts counts the findings about a flow, without what their messages quote.
func verdicts(f *flowlang.Flow) map[string]int {
	count := map[string]int{}
	for _, found := range f.Check() {
		count[fmt.Sprintf("%s %v", found.Code, found.Pos)]++
	}
	return count
}

// TestFilledInIsNotJudged replaces one text after the other by what a template fills in. No finding comes of it.
func TestFilledInIsNotJudged(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/checks.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.Files {
		if strings.HasSuffix(file.Name, ".json") {
			fillIn(t, file.Name, readActions(t, string(file.Data)))
		}
	}
	if os.Getenv("RECORDED_FLOWS") == "" {
		return
	}
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if f, err := flowlang.Parse(file, text); err == nil && len(f.Actions) < 30 {
			fillIn(t, file, f)
		}
	}
}

func fillIn(t *testing.T, name string, f *flowlang.Flow) {
	t.Helper()
	before := verdicts(f)
	for _, n := range texts(f.Doc) {
		was := n.Text
		n.Text = "${var.x}"
		changed, err := flowlang.Read(f.File, f.Doc)
		if err != nil {
			t.Fatal(err)
		}
		if f.TypeGiven {
			changed = changed.WithType(f.Type)
		}
		for verdict, count := range verdicts(changed) {
			if count > before[verdict] {
				t.Errorf("%s: with %q at %v filled in there is %s", name, was, n.Pos, verdict)
			}
		}
		n.Text = was
	}
}

// TestUnknownTargets: when only the deployment knows where the flow starts, or where a branch leads, no action is out
// of reach.
func TestUnknownTargets(t *testing.T) {
	const flow = `{"StartAction": %q, "Actions": [
{"Identifier": %q, "Type": "MessageParticipant", "Parameters": {"Text": "x"}, "Transitions": {"NextAction": %q}},
{"Identifier": "b", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`
	for _, test := range []struct {
		start, identifier, next string
		reached                 bool
	}{
		{start: "a", identifier: "a", next: "a"},
		{start: "a", identifier: "a", next: "${local.next}", reached: true},
		{start: "${local.start}", identifier: "a", next: "a", reached: true},
		{start: "a", identifier: "${local.a}", next: "${local.a}", reached: true},
		{start: "${local.a}", identifier: "${local.a}", next: "${local.a}"},
	} {
		f := read(t, fmt.Sprintf(flow, test.start, test.identifier, test.next))
		if f.Reaches(f.Action("b")) != test.reached {
			t.Errorf("%+v: b is reached: %v", test, !test.reached)
		}
	}
}

// TestWrongKeysOfFilledInValues: what is wrong with a key does not depend on its value.
func TestWrongKeysOfFilledInValues(t *testing.T) {
	f := readActions(t, `[{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "x",
"SSML": "${var.x}", "Txt": "${var.x}", "${var.key}": "y"}, "Transitions": {"NextAction": "end", "Next": "${var.x}"}}]`)
	var got []string
	for _, found := range f.Check() {
		got = append(got, found.Code)
	}
	want := []string{"parameter-combination", "unknown-parameter", "unknown-key"}
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}
