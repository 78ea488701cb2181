package deploy

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// ProjectStage returns the stage of the project with that name.
func (s *Stack) ProjectStage(name string) (project.Stage, error) { return s.project.Stage(name) }

// Known are the values of the export's variables that the project file gives for every deployment: the ARNs of
// functions.
func (s *Stack) Known() map[string]string {
	known := map[string]string{}
	for _, f := range s.wrapped {
		if f.ARN != "" {
			known[functionVariable(f.Name)] = f.ARN
		}
	}
	return known
}

// AtStage is the site of a stage. Variables that it says nothing about may have any value, or must be given when it is
// deployed.
func (s *Stack) AtStage(stage project.Stage) Site {
	read, _ := s.stage(stage) // CheckStages reports what is wrong
	site := Site{Account: stage.Account, Region: stage.Region, Values: map[string]string{}}
	for _, v := range read.values {
		site.Values[v.variable.name] = v.value
	}
	return site
}

// placeholderVariable is the variable for what a placeholder means.
func placeholderVariable(p flowlang.Placeholder) string {
	if p.Kind == flowlang.FunctionKind {
		return functionVariable(p.Name)
	}
	return identifier(p.Name) + "_" + p.Kind + "_arn"
}
