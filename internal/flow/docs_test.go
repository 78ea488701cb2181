package flow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/testrun"
)

const docsFile = "../../docs/flows.md"

//go:generate go test . -run ^TestDocsAreCurrent$ -count=1 -update

// TestDocsAreCurrent checks that the tables in docs/flows.md are those of the code.
func TestDocsAreCurrent(t *testing.T) {
	testrun.GeneratedPart(t, docsFile, "actions", actionsTable())
	testrun.GeneratedPart(t, docsFile, "assumptions", assumptionsTable())
}

func actionsTable() string {
	var b strings.Builder
	b.WriteString("| action | block in the console | what a call does | flow types | errors | evidence |\n" +
		"|---|---|---|---|---|---|\n")
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
		others := strings.Join(slices.DeleteFunc(slices.Clone(row.Values), func(v string) bool {
			return v == row.standard
		}), ", ")
		if len(row.Values) == 0 {
			others = fmt.Sprintf("%d to %d", row.Low, row.High)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", row.Name, row.standard, others, row.Meaning, row.Known)
	}
	return b.String()
}

// TestBehaviors: every action type of the flow language has a behavior, and no other has; what waits can be resumed.
func TestBehaviors(t *testing.T) {
	waiting := []string{
		flowlang.MessageParticipant, flowlang.MessageParticipantIteratively, flowlang.GetParticipantInput,
		flowlang.ConnectParticipantWithLexBot, flowlang.ShowView, flowlang.Wait, flowlang.InvokeLambdaFunction,
		flowlang.TransferParticipantToThirdParty,
	}
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
