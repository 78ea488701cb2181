package call

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// Options say what is played. Files that are named here come before those of the scenario, and those before the
// project's.
type Options struct {
	Project      *project.Project // nil when everything is named otherwise
	Scenario     scenario.Scenario
	Flow         string // file
	StateMachine string // file
	Virtual      bool   // on virtual time, with stand-ins instead of functions that run
	FlowLog      bool   // report the contact flow log, too
	Steps        bool   // report each action, branch, state and invocation by a state, too
	Real         bool   // RunScenarios: run the functions, in real time, except where a scenario says otherwise

	Prices awsfacts.Prices // what things cost; the zero value is what they cost in the US

	// Voice says texts instead of estimating how long they take; nil leaves the estimate. VoiceName names it.
	Voice     func(estimate player.Voice) player.Voice
	VoiceName string

	// Verdict says which findings about publishing the flows count, and how much; without one all do.
	Verdict workspace.Verdict

	// AsyncFunction is the folder of the async function's source, to run it as its own process; "" runs it in
	// this one.
	AsyncFunction string

	// Recorded says that calls are played with Call.Recorded only: nothing need answer for the functions.
	Recorded bool

	// Remote connects to AWS, for functions that are invoked where they are deployed. It is called only when there is
	// one.
	Remote func(context.Context) (function.Invoker, error)
}

// Call is a call that has been put together. It can be played any number of times, on virtual time also concurrently.
// Close it afterwards.
type Call struct {
	Title string // what is called, for a headline
	Setup string // how it is played, for a headline

	scenario   scenario.Scenario
	named      named // by the options
	prices     awsfacts.Prices
	virtual    bool
	flowLog    bool
	steps      bool
	flow       *flow.Flow
	flows      map[string]*flow.Flow // other flows and modules
	recordings map[string]time.Duration
	speaks     func(player.Voice) player.Voice
	speaker    string                   // its name
	lengths    map[string]time.Duration // exact ones of texts: the scenario's, and else the project's
	workspace  *workspace.Workspace     // nil until the endpoints are open
	endpoints  *endpoints               // nil on virtual time
	record     Record                   // of a call that is over; nil for one that is still to happen
	logging    bool                     // flow logs are on before the flow switches them on
	hooks      map[string]string        // event hooks before the flow sets any
	from       []flow.Place             // where the record begins; none: with the flow
}

// named are files that come before those of the scenario, "" for none.
type named struct{ flow, stateMachine string }

// New puts a call together and checks it. The Call is nil when it cannot be played; findings of severity error beside
// a Call say what publishing refuses of its flows. Functions that have to be built are built now, which ends when ctx
// is done.
func New(ctx context.Context, o Options) (*Call, source.Findings) {
	c := &Call{
		scenario: o.Scenario, prices: pricesOf(o), virtual: o.Virtual || o.Scenario.Virtual, flowLog: o.FlowLog,
		steps: o.Steps,
		flows: map[string]*flow.Flow{}, recordings: map[string]time.Duration{}, lengths: o.Scenario.Lengths,
		speaks: o.Voice, speaker: o.VoiceName, named: named{flow: o.Flow, stateMachine: o.StateMachine},
	}
	s := &setup{call: c, options: o}
	s.run(ctx)
	found := slices.Concat(s.found, s.refused)
	found.Sort()
	if s.found.HasErrors() {
		_ = c.Close()
		return nil, found
	}
	return c, found
}

// Seed is the scenario's seed.
func (c *Call) Seed() uint64 { return c.scenario.Seed }

// Callers is how many callers there are.
func (c *Call) Callers() int { return len(c.scenario.Callers) }

// Arrivals are when each caller's own time begins, after the scenario began.
func (c *Call) Arrivals() []time.Duration {
	arrivals := make([]time.Duration, len(c.scenario.Callers))
	for i, caller := range c.scenario.Callers {
		arrivals[i] = caller.Arrives
	}
	return arrivals
}

// Expectations are the scenario's.
func (c *Call) Expectations() scenario.Expectations { return c.scenario.Expect }

// First is the flow in which calls begin.
func (c *Call) First() *flow.Flow { return c.flow }

// Flows are the flows that a contact can be in, by file.
func (c *Call) Flows() map[string]*flow.Flow {
	flows := map[string]*flow.Flow{c.flow.File: c.flow}
	for _, f := range c.flows {
		flows[f.File] = f
	}
	return flows
}

// FunctionNames are the functions of the call that can be changed.
func (c *Call) FunctionNames() []string {
	var names []string
	for _, f := range c.workspace.Functions {
		if f.Name != c.workspace.AsyncName {
			names = append(names, f.Name)
		}
	}
	return names
}

// Play plays the call, reporting each event as it happens, and returns what it came to for each caller. When ctx is
// done the callers hang up.
func (c *Call) Play(ctx context.Context, seed uint64, report func(Event)) ([]Summary, error) {
	if !c.virtual {
		return newStage(c, clock.Real{}, seed, report).play(ctx), nil
	}
	virtual := clock.NewVirtual(start)
	s := newStage(c, virtual, seed, report)
	var summaries []Summary
	err := virtual.Run(func() { summaries = s.play(ctx) })
	return summaries, err
}

// Judge checks the expectations of the scenario for every caller of a play, and that no function which really ran
// failed unless that is expected.
func (c *Call) Judge(summaries []Summary, events []Event) []Failure {
	var failures []Failure
	for i, s := range summaries {
		for _, f := range Check(c.scenario.Expect, s, EventsOf(events, i)) {
			f.Caller = i
			f.Private = slices.DeleteFunc(f.Private, c.isInFlow)
			failures = append(failures, f)
		}
	}
	return failures
}

// isInFlow reports whether a flow of the call has a text as it is, for every caller.
func (c *Call) isInFlow(text string) bool {
	for _, f := range c.Flows() {
		for _, a := range f.Actions {
			if strings.Contains(a.Text("Text"), text) || strings.Contains(a.Text("SSML"), text) {
				return true
			}
		}
	}
	return false
}

// start is where virtual time begins. Real time would make two plays differ.
var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// Close ends what the call has started: no process is left.
func (c *Call) Close() error {
	var errs []error
	if c.workspace != nil {
		errs = append(errs, c.workspace.Close())
	}
	if c.endpoints != nil {
		errs = append(errs, c.endpoints.close())
	}
	return errors.Join(errs...)
}

// functionARN is the ARN of the function that a flow means, in the local account where the text is another name of it.
func (c *Call) functionARN(written string) string {
	if arn, ok := c.workspace.Names[written]; ok {
		return arn
	}
	return written
}
