package call

import (
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// Coverage says which branches of a flow were taken by any of a number of scenarios.
type Coverage struct {
	File     string
	Branches int       // that the flow has
	Taken    int       // how many of them were taken
	Never    []Untaken // in the flow's order
}

// Untaken is a branch that was never taken.
type Untaken struct {
	Action string
	Branch string
	Pos    source.Pos
}

// CoverageOf adds up the results of scenarios, by flow file.
func CoverageOf(results []Result) []Coverage {
	taken := map[Taken]bool{}
	flows := map[string]Result{}
	for _, r := range results {
		for file := range r.Flows {
			flows[file] = r
		}
		for _, s := range slices.Concat(r.Summaries, r.others) {
			for branch := range s.Branches {
				taken[branch] = true
			}
		}
	}
	var list []Coverage
	for _, file := range slices.Sorted(maps.Keys(flows)) {
		c := Coverage{File: file}
		for _, action := range flows[file].Flows[file].Actions {
			for _, branch := range action.Ways() {
				c.Branches++
				if taken[Taken{Flow: file, Action: action.Identifier, Branch: branch.Name}] {
					c.Taken++
				} else {
					c.Never = append(c.Never, Untaken{
						Action: action.Identifier, Branch: branch.Name, Pos: branch.Node.Place(),
					})
				}
			}
		}
		list = append(list, c)
	}
	return list
}
