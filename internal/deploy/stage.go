package deploy

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
)

// ProjectStage returns the stage of the project with that name.
func (s *Stack) ProjectStage(name string) (project.Stage, error) { return s.project.Stage(name) }

// AtName is the site of a deployment that is not a stage: of its name, "" for the project's own, and of the ARN of its
// instance, "" for none. One that has the project's name has the functions and state machines of the project file, too.
func (s *Stack) AtName(name, instanceARN string) Site {
	site := Site{Values: map[string]string{}}
	if instanceARN != "" {
		site.Values[instanceVariable] = instanceARN
	}
	if name != "" {
		site.Values[nameVariable] = name
		return site
	}
	for _, f := range s.wrapped {
		if f.ARN != "" {
			site.Values[functionVariable(f.Name)] = f.ARN
		}
	}
	for _, v := range s.readOnlyVariables() {
		site.Values[v.name] = v.value
	}
	return site
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
