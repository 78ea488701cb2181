package call

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// Codes of the findings of a call's set-up.
const (
	CodeNoFlow         = "call-no-flow"
	CodeNoStateMachine = "call-no-state-machine"
	CodeNoFunction     = "call-unknown-function"
	CodeNoAction       = "call-unknown-action"
	CodeNoTask         = "call-unknown-task"
	CodeEndpoints      = "call-endpoints"
)

// setup puts a call together, one part after the other, and collects what is wrong.
type setup struct {
	call    *Call
	options Options
	found   source.Findings
	refused source.Findings       // what publishing refuses of flows that can be played all the same
	called  map[string]bool       // names of the functions whose stand-ins were asked for
	read    map[string]*flow.Flow // by file; nil for one that cannot be played
}

func (s *setup) run(ctx context.Context) {
	s.called, s.read = map[string]bool{}, map[string]*flow.Flow{}
	s.addRecordings()
	if !s.openEndpoints() {
		return
	}
	s.openWorkspace(ctx)
	s.readFlows()
	s.checkReferences()
	if !s.found.HasErrors() {
		s.prepare(ctx)
	}
	s.call.Setup = s.describe()
}

// describe says what is played and how: the functions and the kind of time.
func (s *setup) describe() string {
	var parts []string
	for _, f := range s.call.workspace.Functions {
		if how := f.How(); how != "" {
			parts = append(parts, fmt.Sprintf("%s = %s", f.Name, how))
		}
	}
	if s.call.virtual {
		return strings.Join(append(parts, "stand-ins, virtual time"), ", ")
	}
	return strings.Join(append(parts, "real time"), ", ")
}

func (s *setup) add(f source.Finding) {
	if f.Severity == "" {
		f.Severity = source.Error
	}
	s.found = append(s.found, f)
}

func (s *setup) addRecordings() {
	if s.options.Project == nil {
		return
	}
	lengths, found := workspace.Recordings(s.options.Project)
	s.call.recordings, s.found = lengths, append(s.found, found...)
	exact, found := workspace.Lengths(s.options.Project)
	s.found = append(s.found, found...)
	if exact != nil {
		maps.Copy(exact, s.call.lengths)
		s.call.lengths = exact
	}
}

// readFlows reads the flow that is played, and those that it can lead to.
func (s *setup) readFlows() {
	file := cmp.Or(s.options.Flow, s.call.scenario.Flow)
	if p := s.options.Project; file == "" && p != nil && len(p.Flows) > 0 {
		file = p.Flows[0].File
	}
	if file == "" {
		s.add(source.Finding{Code: CodeNoFlow, File: s.scenarioFile(), Message: "there is no flow to play",
			Remedy: "Add flow: FILE to the scenario, or flows: [{file: flow.json}] to the project file."})
		return
	}
	if s.call.flow = s.readFlow(file); s.call.flow == nil {
		return
	}
	s.call.Title = cmp.Or(s.call.scenario.Name, s.call.flow.Name, file)
	for _, name := range slices.Sorted(maps.Keys(s.call.scenario.Flows)) {
		if other := s.readFlow(s.call.scenario.Flows[name]); other != nil {
			s.call.flows[name] = other
		}
	}
}

// readFlow reads the flow in a file, once for all the names that it has.
func (s *setup) readFlow(file string) *flow.Flow {
	key := filepath.Clean(file)
	if _, known := s.read[key]; !known {
		s.read[key] = s.compile(file)
	}
	return s.read[key]
}

func (s *setup) compile(file string) *flow.Flow {
	read, err := workspace.ReadFlow(s.options.Project, file)
	if err != nil {
		s.add(source.AsFinding(file, err))
		return nil
	}
	s.found = append(s.found, read.Partly...)
	compiled, found := flow.Compile(read.Flow)
	if compiled == nil {
		s.found = append(s.found, s.judged(found)...)
		return nil
	}
	s.refused = append(s.refused, s.judged(found)...)
	return compiled
}

// judged are the findings of a flow that count for the project. No setting helps where a flow cannot be played.
func (s *setup) judged(found source.Findings) source.Findings {
	unplayable := flowlang.Unplayable(found)
	left := s.options.Verdict.On(s.options.Project, found)
	left = slices.DeleteFunc(left, func(f source.Finding) bool {
		f.Severity = source.Error
		return slices.Contains(unplayable, f)
	})
	return append(left, unplayable...)
}

// checkReferences checks that every function that the flows and the state machines name is known, and that something
// answers for it.
func (s *setup) checkReferences() {
	if s.found.HasErrors() || s.options.Recorded {
		return
	}
	account, found := s.call.newAccount(local.Options{Clock: clock.NewVirtual(start), Seed: s.call.scenario.Seed}, nil)
	s.found = append(s.found, found...)
	flows := s.call.Flows()
	for _, file := range slices.Sorted(maps.Keys(flows)) {
		for _, ref := range flows[file].FunctionARNs() {
			s.checkFunction(account, file, ref)
		}
	}
	for _, m := range s.call.workspace.Machines {
		for _, task := range m.Tasks() {
			name, _ := account.FunctionName(task.FunctionName)
			s.demandStandIn(name)
		}
	}
	s.checkWorld(flows)
	s.checkNames()
}

func (s *setup) checkFunction(account *local.Account, file string, ref flowlang.Ref) {
	name, ok := account.FunctionName(s.call.functionARN(ref.ARN))
	switch {
	case !ok:
		s.add(source.Finding{Code: CodeNoFunction, File: file, Pos: ref.Pos,
			Message: "no function is known for " + ref.ARN,
			Remedy: "Say in a scenario which function it is, under names: {ARN: NAME}, and what it " +
				"returns, under functions: {NAME: {takes: 1s, returns: {KEY: VALUE}}}; the async function is called " +
				"async."})
	case name == s.call.workspace.AsyncName && len(s.call.workspace.Machines) == 0:
		s.add(source.Finding{Code: CodeNoStateMachine, File: file, Pos: ref.Pos,
			Message: "the async function is called, and there is no state machine",
			Remedy:  "Add state_machine: FILE to the scenario, or name a folder with a " + project.FileName + "."})
	default:
		s.demandStandIn(name)
	}
}

// demandStandIn reports a function that is called and has no stand-in, once.
func (s *setup) demandStandIn(name string) {
	if f, missing := s.call.workspace.Missing(name); missing && !s.called[name] {
		s.add(f)
	}
	s.called[name] = true
}

func (s *setup) scenarioFile() string {
	if s.call.scenario.File != "" {
		return s.call.scenario.File
	}
	return "connect-async"
}
