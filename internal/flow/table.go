package flow

import (
	"slices"
	"strings"
)

// Row is what the table of action types says of one type. It is here to be compared with the table of internal/lint until
// there is only one.
type Row struct {
	Parameters, Required    []string
	Conditions              bool
	Results, Errors         []string
	Terminal, Leaves, Stops bool
	Types                   string
}

// Table returns what the table says of every action type.
func Table() map[string]Row {
	rows := map[string]Row{}
	for name, k := range kinds {
		r := Row{Conditions: k.conditions, Results: sortedCopy(k.results), Errors: sortedCopy(k.errors), Terminal: k.terminal,
			Leaves: k.leaves, Stops: k.mayStop, Types: k.flows.String()}
		for _, p := range k.parameters {
			r.Parameters = append(r.Parameters, p.name)
			if p.required {
				r.Required = append(r.Required, p.name)
			}
		}
		r.Parameters, r.Required = sortedCopy(r.Parameters), sortedCopy(r.Required)
		rows[name] = r
	}
	return rows
}

func sortedCopy(list []string) []string {
	copied := slices.Clone(list)
	slices.SortFunc(copied, strings.Compare)
	return copied
}
