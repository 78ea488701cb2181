package lint

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flow"
)

// row is what this package's table says of one action type without parameters, in the words of flow.Row.
func row(name string) flow.Row {
	s := specOf(&Action{Type: name})
	r := flow.Row{Conditions: s.conditions, Results: sorted(s.results), Errors: sorted(s.errors), Terminal: s.terminal,
		Leaves: s.leaves, Stops: s.mayStop, Types: typeNames(s.types)}
	for _, p := range s.params {
		r.Parameters = append(r.Parameters, p.name)
		if p.need {
			r.Required = append(r.Required, p.name)
		}
	}
	r.Parameters, r.Required = sorted(r.Parameters), sorted(r.Required)
	return r
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// typeNames names a set of flow types as flow does: what an inbound flow may hold, a campaign's may too.
func typeNames(set flowTypes) string {
	switch set &^ campaign {
	case 0:
		return "not documented"
	case everywhere &^ campaign:
		return "all"
	}
	var names []string
	for _, one := range []struct {
		set  flowTypes
		name string
	}{{inbound, "inbound"}, {transfer, "transfer"}, {queue, "queue"}, {hold, "hold"}, {customerWhisper | agentWhisper, "whisper"},
		{outboundWhisper, "outbound whisper"}, {module, "module"}} {
		if set&one.set != 0 {
			names = append(names, one.name)
		}
	}
	return strings.Join(names, ", ")
}

// differences lists the cells in which the tables of flow and lint differ.
func differences() []string {
	var list []string
	theirs := flow.Table()
	for _, name := range slices.Sorted(maps.Keys(specs)) {
		a, b := theirs[name], row(name)
		for _, cell := range []struct {
			name string
			a, b any
		}{{"parameters", a.Parameters, b.Parameters}, {"required", a.Required, b.Required}, {"conditions", a.Conditions, b.Conditions},
			{"results", a.Results, b.Results}, {"errors", a.Errors, b.Errors}, {"terminal", a.Terminal, b.Terminal},
			{"leaves", a.Leaves, b.Leaves}, {"stops", a.Stops, b.Stops}, {"types", a.Types, b.Types}} {
			if x, y := fmt.Sprint(cell.a), fmt.Sprint(cell.b); x != y {
				list = append(list, fmt.Sprintf("%s %s: flow %s, lint %s", name, cell.name, x, y))
			}
		}
	}
	return list
}

// TestTables compares the two tables of action types. testdata/differences.txt lists every cell in which they differ, and
// behind | which side is right and why. The list may only get shorter.
func TestTables(t *testing.T) {
	text, err := os.ReadFile("testdata/differences.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		cell, verdict, _ := strings.Cut(strings.TrimSpace(line), " | ")
		if verdict == "" {
			t.Errorf("no verdict: %s", line)
		}
		known[cell] = true
	}
	for _, cell := range differences() {
		if !known[cell] {
			t.Errorf("a difference that is not listed: %s", cell)
		}
		delete(known, cell)
	}
	for cell := range known {
		t.Errorf("no longer a difference, remove it from the list: %s", cell)
	}
}
