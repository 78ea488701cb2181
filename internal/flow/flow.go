package flow

import (
	"fmt"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of what stops a contact at run time.
const (
	CodeFatal = "flow-no-branch"      // an action ended without a branch to take
	CodeGuard = "flow-loops-for-ever" // stopped by the guard
)

// CodeUnknownTarget is the code of flows that cannot be played because only the deployment knows where they lead.
const CodeUnknownTarget = "call-unknown-target"

// Flow is a contact flow or module that can be played. It is never written to after Compile.
type Flow struct {
	*flowlang.Flow
	behaviors []behavior // by index of the action; the zero behavior for unknown types
}

// Compile makes a playable flow from one that was read. The findings are what publishing refuses, as
// flowlang.Flow.Check returns them; the flow is nil when one of them makes it unplayable, or when a template fills in
// where it leads.
func Compile(read *flowlang.Flow) (*Flow, source.Findings) {
	found := read.Check()
	unknown := unknownTargets(read)
	if len(flowlang.Unplayable(found))+len(unknown) > 0 {
		return nil, append(found, unknown...)
	}
	f := &Flow{Flow: read, behaviors: make([]behavior, len(read.Actions))}
	for i, a := range read.Actions {
		f.behaviors[i] = behaviors[a.Type]
	}
	return f, found
}

// unknownTargets reports where only the deployment knows which action comes next.
func unknownTargets(read *flowlang.Flow) source.Findings {
	var found source.Findings
	report := func(subject string, target *source.Node) {
		if read.Unknown(target) {
			found = append(found, source.Finding{Code: CodeUnknownTarget, Severity: source.Error, File: read.File,
				Pos: target.Pos, Subject: subject,
				Message: fmt.Sprintf("only the deployment knows which action %q is", target.Text),
				Remedy:  "Write the identifier here, or play the flow as it was deployed."})
		}
	}
	report("", read.Doc.Get("StartAction"))
	for _, a := range read.Actions {
		for _, b := range a.Branches {
			report(a.Identifier, b.Target)
		}
	}
	return found
}
