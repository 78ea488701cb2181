package load

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// CodeTask is the code of the finding about a state machine whose tasks cannot be played.
const CodeTask = "load-unknown-task"

// Setup is what callers call: the flow, the async function, the state machines and the functions of a project. It is
// put together once, and keeps what was learned about the flow from run to run.
type Setup struct {
	call     *call.Call
	project  *project.Project
	courses  []*course
	config   async.Config
	machines map[string]*asl.Machine // by ARN
	latency  scenario.Latency
	connect  time.Duration // that Connect itself takes for an invocation that the flow waits for
	async    string        // the name of the async function
	ends     string        // the name of the function for ends
	voice    bool          // callers speak

	account  *local.Account    // knows functions by all their names
	names    map[string]string // of functions, by what is written for them
	timeouts map[string]time.Duration
	usual    map[string]Distribution // how long functions take when nobody says so
	payloads map[string]*reply       // what they return
	refusals map[string]*reply       // by error code
}

// SetupOptions say what is put together.
type SetupOptions struct {
	Project  *project.Project
	Scenario scenario.Scenario // what functions return, and how long things take that the settings do not say
	Flow     string            // file of the flow that callers call, "" for the project's
	Callers  int               // EXPECTED_CALLERS of the async function, 0 for the project's
}

// kinds is how many kinds of callers there are, that differ in what is drawn for a contact.
const kinds = 32

// Prepare puts a setup together. It is nil when a finding is of severity error.
func Prepare(ctx context.Context, o SetupOptions) (*Setup, source.Findings) {
	given := o.Scenario
	given.Callers = slices.Clone(given.Callers[:1])
	does := heardSteps(given.Callers[0])
	given.Functions = maps.Clone(given.Functions)
	if given.Functions == nil {
		given.Functions = map[string]scenario.StandIn{}
	}
	for _, f := range o.Project.Functions {
		if len(given.Functions[f.Name].Outcomes) == 0 {
			given.Functions[f.Name] = scenario.StandIn{Outcomes: []scenario.Outcome{{Returns: json.RawMessage(`{}`)}}}
		}
	}
	c, found := call.New(ctx, call.Options{Project: o.Project, Scenario: given, Flow: o.Flow, Virtual: true})
	for i, f := range found {
		if f.Code == call.CodeNoFunction { // a stand-in that nothing has: its times were meant for another function
			found[i].Severity = source.Error
		}
	}
	if c == nil {
		return nil, found
	}
	w := c.Workspace()
	s := &Setup{
		call: c, project: o.Project, config: w.AsyncConfig(), machines: map[string]*asl.Machine{},
		latency: given.Latency, connect: given.Assumptions.ConnectTime(), async: w.AsyncName, ends: w.EndsName,
		voice: isVoice(given), names: map[string]string{}, timeouts: map[string]time.Duration{},
		usual: map[string]Distribution{}, payloads: map[string]*reply{}, refusals: map[string]*reply{},
	}
	s.config.ExpectedCallers = o.Project.Callers
	if o.Callers > 0 {
		s.config.ExpectedCallers = o.Callers
	}
	s.account, _ = w.Account(local.Options{Clock: clock.NewVirtual(courseBegins)}, nil)
	s.addFunctions(given)
	found = append(found, s.addMachines()...)
	if found.HasErrors() {
		_ = s.Close()
		return nil, found
	}
	s.begin(does)
	return s, found
}

// begin begins the courses of all kinds. What they knew is forgotten.
func (s *Setup) begin(does []scenario.Step) {
	s.courses = nil
	for kind := range kinds {
		s.courses = append(s.courses, newCourse(s.call, does, uint64(kind)))
	}
}

// mostKept is how many steps are kept from one run of a search to the next. Each takes
// about 10 kB.
const mostKept = 20_000

// forget forgets what was learned, if that is much: a run with another number of callers comes to other steps. So a
// search takes little more memory than its largest run.
func (s *Setup) forget() {
	learned := 0
	for _, c := range s.courses {
		learned += c.learned
	}
	if learned > mostKept {
		s.begin(s.courses[0].does)
	}
}

// heardSteps is what a caller does when something was heard. A load has no times at which all callers do the same.
func heardSteps(c scenario.Caller) []scenario.Step {
	return slices.DeleteFunc(slices.Clone(c.Does), func(s scenario.Step) bool { return s.Heard == "" })
}

func (s *Setup) addFunctions(given scenario.Scenario) {
	for name, standIn := range given.Functions {
		first := standIn.Outcomes[0]
		s.payloads[name] = &reply{Reply: player.Reply{Payload: first.Returns}}
		s.timeouts[name] = awsfacts.FunctionTimeout
		if first.Takes.High > 0 {
			s.usual[name] = spread(first.Takes.Low, first.Takes.High)
		}
	}
	for _, f := range s.project.Functions {
		s.timeouts[f.Name] = f.Timeout
	}
}

// addMachines takes over the state machines, as far as their tasks can be played.
func (s *Setup) addMachines() (found source.Findings) {
	for _, m := range s.call.Workspace().Machines {
		s.machines[s.account.StateMachineARN(m.Name)] = m.Machine
		for _, task := range m.Tasks() {
			ours := task.Service == "lambda" || s.config.ResultsTable != "" && task.Action == "updateItem"
			if !ours {
				found = append(found, source.Finding{Code: CodeTask, Severity: source.Error, File: m.File,
					Pos:     task.Pos,
					Message: fmt.Sprintf("the task %v is not played under load: only Lambda functions are", task),
					Remedy:  "Leave the job out, or replace the task by a function."})
			}
		}
	}
	return found
}

func isVoice(given scenario.Scenario) bool {
	return cmp.Or(given.Callers[0].Channel, flow.Voice) == flow.Voice
}

// Describe says what is called, and how long it takes.
func (s *Setup) Describe(o Settings) string {
	parts := []string{s.call.Title}
	for _, name := range s.FunctionNames() {
		text := defaultTakes.String()
		if takes := s.distribution(o, name); takes.IsGiven() {
			text = takes.String()
		}
		parts = append(parts, name+" takes "+text)
	}
	results := []string{}
	for _, j := range s.project.Jobs {
		if !slices.Contains(results, j.Results) {
			results = append(results, j.Results)
		}
	}
	parts = append(parts, "results: "+strings.Join(results, ", "))
	return strings.Join(parts, ", ")
}

// functionName is the name of a function, by what is written for it.
func (s *Setup) functionName(written string) string {
	name, known := s.names[written]
	if !known {
		name, _ = s.account.FunctionName(s.call.FunctionARN(written)) // call.New has checked it
		s.names[written] = name
	}
	return name
}

// FunctionNames are the functions that callers wait for.
func (s *Setup) FunctionNames() []string { return slices.Sorted(maps.Keys(s.payloads)) }

// Invocable are all functions: those, the async function and the one for ends.
func (s *Setup) Invocable() []string { return append(s.FunctionNames(), s.async, s.ends) }

// Close ends what the setup has started.
func (s *Setup) Close() error { return s.call.Close() }

// takes is how long a function takes this time.
func (s *Setup) takes(sim *simulation, name string) time.Duration {
	if d := s.distribution(sim.settings, name); d.IsGiven() {
		return d.Draw(sim.durations)
	}
	return defaultTakes
}

// distribution is how long a function takes, if anybody says so.
func (s *Setup) distribution(o Settings, name string) Distribution {
	for _, given := range []Distribution{o.Takes[name], o.Takes[""]} {
		if given.IsGiven() {
			return given
		}
	}
	return s.usual[name]
}

// defaultTakes is how long a function takes of which nobody says anything.
const defaultTakes = 12 * time.Second

// returns is what a function returns.
func (s *Setup) returns(name string) *reply {
	if s.payloads[name] == nil {
		s.payloads[name] = &reply{Reply: player.Reply{Payload: json.RawMessage(`{}`)}}
	}
	return s.payloads[name]
}

// refusal is the reply to an invocation that Lambda refuses. Connect makes it again.
func (s *Setup) refusal(code string) *reply {
	if s.refusals[code] == nil {
		s.refusals[code] = &reply{
			Reply:   player.Reply{Err: errors.New(code), Retryable: true},
			decides: uninvoked + " (" + code + ")",
		}
	}
	return s.refusals[code]
}

// travels is the least that an invocation takes, beside what Connect itself takes.
func (s *Setup) travels(asynchronous bool) time.Duration {
	if asynchronous {
		return s.latency.Lambda
	}
	return s.latency.Lambda - s.connect
}

// spread is evenly spread between two times.
func spread(low, high time.Duration) Distribution {
	text := low.String()
	if high > low {
		text += ".." + high.String()
	}
	d, err := ParseDistribution(text)
	if err != nil {
		panic(err) // written here
	}
	return d
}
