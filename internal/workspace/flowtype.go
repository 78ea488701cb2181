package workspace

import (
	"slices"

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
// A flow of which nothing is said is an inbound one, and exported as that when the project file has it as managed. p
// may be nil, and flag "".
func FlowType(p *project.Project, f *flowlang.Flow, flag flowlang.Type) (t flowlang.Type, ok bool) {
	listed := listedFlow(p, f.File)
	switch {
	case listed.Type != "":
		return listed.Type, true
	case f.TypeGiven:
		return f.Type, true
	case flag != "":
		return flag, true
	}
	return f.Type, listed.Managed
}

// Managed reports whether a project file lists a flow's file as managed. p may be nil.
func Managed(p *project.Project, file string) bool { return listedFlow(p, file).Managed }

// listedFlow is what a project file says of a flow's file, nothing when it does not list it.
func listedFlow(p *project.Project, file string) project.Flow {
	if p == nil {
		return project.Flow{}
	}
	i := slices.IndexFunc(p.Flows, func(f project.Flow) bool { return SameFile(f.File, file) })
	if i < 0 {
		return project.Flow{}
	}
	return p.Flows[i]
}
