package flow

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestOperators: a contact can evaluate exactly the operators that the flow language has.
func TestOperators(t *testing.T) {
	var known []string
	for _, family := range flowlang.ActionTypes() {
		for _, row := range family {
			known = append(known, row.Operators...)
		}
	}
	slices.Sort(known)
	played := slices.Sorted(maps.Keys(textOperators))
	played = slices.AppendSeq(played, maps.Keys(numberOperators))
	played = append(played, flowlang.KeyExists)
	slices.Sort(played)
	if diff := cmp.Diff(slices.Compact(known), played); diff != "" {
		t.Errorf("operators (-known +played):\n%s", diff)
	}
}

// TestContactValues: references of one step that a contact resolves are references of the flow language.
func TestContactValues(t *testing.T) {
	for step := range contactValues {
		if !flowlang.IsNamespace(step) {
			t.Errorf("flowlang does not know $.%s", step)
		}
	}
	for _, step := range sharedNamespaces {
		if !flowlang.IsNamespace(step) {
			t.Errorf("flowlang does not know $.%s", step)
		}
	}
}
