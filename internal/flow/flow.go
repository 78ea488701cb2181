package flow

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of what stops a contact at run time.
const (
	CodeFatal = "flow-no-branch"      // an action ended without a branch to take
	CodeGuard = "flow-loops-for-ever" // stopped by the guard
)

// Flow is a contact flow or module that can be played. It is never written to after Compile.
type Flow struct {
	*flowlang.Flow
	behaviors []behavior // by index of the action; the zero behavior for unknown types
}

// Compile makes a playable flow from one that was read. The findings are what publishing refuses, as
// flowlang.Flow.Check returns them; the flow is nil when one of them makes it unplayable.
func Compile(read *flowlang.Flow) (*Flow, source.Findings) {
	found := read.Check()
	if len(flowlang.Unplayable(found)) > 0 {
		return nil, found
	}
	f := &Flow{Flow: read, behaviors: make([]behavior, len(read.Actions))}
	for i, a := range read.Actions {
		f.behaviors[i] = behaviors[a.Type]
	}
	return f, found
}
