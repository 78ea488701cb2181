package workspace

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// FlowType decides which type a flow has, and whether anything says so. What is said counts in this order:
//
//  1. the project file, which lists the flow's file with the type that it is exported as
//  2. the template that holds the flow, since it says the type that is deployed (flowlang.Flow.Declared)
//  3. the flow itself (Metadata, or the Settings of a module), which only repeats what it was exported from
//  4. the command line, which speaks for flows that say nothing
//
// A flow of which nothing is said is an inbound one. p may be nil, and flag "".
func FlowType(p *project.Project, f *flowlang.Flow, flag flowlang.Type) (t flowlang.Type, ok bool) {
	if p != nil {
		for _, listed := range p.Flows {
			if listed.Type != "" && sameFile(listed.File, f.File) {
				return listed.Type, true
			}
		}
	}
	if flag != "" && !f.TypeGiven {
		return flag, true
	}
	return f.Type, f.TypeGiven
}
