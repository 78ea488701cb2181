package call

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/standin"
)

// What a scenario says of something that is not there changes nothing, and a test of it may pass for that reason alone.

// checkWorld warns of outcomes for actions that no flow has.
func (s *setup) checkWorld(flows map[string]*flow.Flow) {
	known := map[string]bool{}
	for _, f := range flows {
		for _, action := range f.Actions {
			known[action.Identifier], known[action.Type] = true, true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.call.scenario.World.Outcomes)) {
		if !known[name] {
			s.warn(CodeNoAction, fmt.Sprintf(
				"the scenario gives an outcome for %q, which is not an action of the flows", name),
				"Use the identifier or the type of an action.")
		}
	}
}

// checkNames warns of stand-ins and changes of functions that nothing can invoke, and of stand-ins of tasks that no
// state machine has.
func (s *setup) checkNames() {
	var tasks []asl.Task
	for _, m := range s.call.workspace.Machines {
		tasks = append(tasks, m.Tasks()...)
	}
	if !slices.ContainsFunc(tasks, func(t asl.Task) bool { return t.Service == "lambda" && t.FunctionName == "" }) {
		s.checkFunctionNames()
	}
	if !slices.ContainsFunc(tasks, func(t asl.Task) bool { return t.Service == asl.MapRunService }) {
		s.checkTaskNames(tasks)
	}
}

// checkFunctionNames warns of stand-ins and changes of functions that nothing can invoke.
func (s *setup) checkFunctionNames() {
	given, w := s.call.scenario, s.call.workspace
	known := slices.Collect(maps.Values(given.Names))
	for name := range s.called {
		if name != w.AsyncName { // which answers itself
			known = append(known, name)
		}
	}
	if p := s.options.Project; p != nil {
		for _, f := range p.Functions {
			known = append(known, f.Name)
		}
	}
	s.warnOfFunctions("a stand-in for", maps.Keys(given.Functions), known)
	for _, change := range given.Changes {
		s.warnOfFunctions("a change of", maps.Keys(change.Functions), append(known, w.AsyncName, w.EndsName))
	}
}

// warnOfFunctions warns of names of functions that are not known.
func (s *setup) warnOfFunctions(gives string, names iter.Seq[string], known []string) {
	slices.Sort(known)
	known = slices.DeleteFunc(slices.Compact(known), func(name string) bool { return name == "" })
	for _, name := range slices.Sorted(names) {
		if !slices.Contains(known, name) {
			s.warn(CodeNoFunction, fmt.Sprintf("the scenario gives %s the unknown function %q", gives, name),
				"Use one of: "+strings.Join(known, ", ")+".")
		}
	}
}

// checkTaskNames warns of stand-ins of tasks that no state machine has.
func (s *setup) checkTaskNames(tasks []asl.Task) {
	for _, pattern := range slices.Sorted(maps.Keys(s.call.scenario.Tasks)) {
		fits := func(t asl.Task) bool {
			_, ok := standin.Choose([]string{pattern}, t.State, t.Resource)
			return ok
		}
		if !slices.ContainsFunc(tasks, fits) {
			s.warn(CodeNoTask, fmt.Sprintf("the scenario gives a stand-in for the task %q, which no state machine has",
				pattern), "Use the name of a state, or a pattern for its Resource such as *:sns:publish.")
		}
	}
}

// warn adds a warning about the scenario.
func (s *setup) warn(code, message, remedy string) {
	s.add(source.Finding{Code: code, Severity: source.Warning, File: s.scenarioFile(), Message: message,
		Remedy: remedy})
}
