package draw

import (
	"github.com/connect-async/connect-async/internal/flowdiff"
)

// Mark is a word that a block or branch is marked with.
type Mark string

// The marks.
const (
	New     Mark = "new"
	Changed Mark = "changed"
	Never   Mark = "never taken" // a branch
)

// Branch is a branch of an action, by identifier and name.
type Branch struct{ Action, Name string }

// Marks say what is special about the blocks and branches of a flow.
type Marks struct {
	Actions  map[string]Mark
	Branches map[Branch]Mark
	Gone     []string // actions that the flow no longer has, which are listed below it
}

// Changes marks what a newer flow has changed.
func Changes(d flowdiff.Diff) Marks {
	m := Marks{Actions: map[string]Mark{}, Branches: map[Branch]Mark{}}
	for _, r := range d.Renamed {
		m.Actions[r.New] = Changed
	}
	for _, c := range d.Changes {
		switch {
		case c.Kind == flowdiff.Removed:
			m.Gone = append(m.Gone, flowdiff.Name(c.Action, c.Type))
			continue
		case c.Kind == flowdiff.Added:
			m.Actions[c.Action] = New
			continue
		case c.Action == "":
			continue
		}
		m.Actions[c.Action] = Changed
		if c.Kind == flowdiff.Branch && c.New != nil {
			m.Branches[Branch{Action: c.Action, Name: c.Part}] = Changed
		}
	}
	return m
}
