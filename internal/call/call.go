package call

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// Options say what is played. Files that are named here come before those of the scenario, and those before the project's.
type Options struct {
	Project      *project.Project // nil when everything is named otherwise
	Scenario     scenario.Scenario
	Flow         string // file
	StateMachine string // file
	Virtual      bool   // on virtual time, with stand-ins in place of real functions
	FlowLog      bool   // report the contact flow log, too

	// AsyncFunction is the folder of the async function's source, to run it as a process of its own; "" runs it in this one.
	AsyncFunction string

	// Remote connects to AWS, for functions that are invoked where they are deployed. It is called only when there is one.
	Remote func(context.Context) (function.Invoker, error)
}

// Call is a call that has been put together. It can be played any number of times, on virtual time also concurrently. Close it
// afterwards.
type Call struct {
	Title string // what is called, for a headline
	Setup string // how it is played, for a headline

	scenario   scenario.Scenario
	virtual    bool
	flowLog    bool
	flow       *flow.Flow
	flows      map[string]*flow.Flow // other flows and modules
	asyncName  string
	table      string            // name of the results table, "" when checks describe executions
	names      map[string]string // what stands for a function in a document → its ARN in the local account
	functions  []callee
	machines   []job
	recordings map[string]time.Duration

	endpoints    *endpoints // nil on virtual time
	asyncProcess bool       // the async function is one of functions
}

// callee is a function behind the state machines: a real one, or what stands in for it.
type callee struct {
	name    string
	how     string             // how a real function is run, for a headline
	real    local.Function     // nil for a stand-in
	process *function.Function // of a real function that runs here
	standIn scenario.StandIn
	timeout time.Duration
}

// job is a state machine and the job that the async function knows it as.
type job struct {
	file    string
	name    string // of the state machine
	job     string
	timeout time.Duration
	machine *asl.Machine
}

// New puts a call together and checks it. The Call is nil when it cannot be played; findings of severity error beside a Call say
// what publishing refuses of its flows. Functions that have to be built are built now, which ends when ctx is done.
func New(ctx context.Context, o Options) (*Call, source.Findings) {
	c := &Call{scenario: o.Scenario, virtual: o.Virtual || o.Scenario.Virtual, flowLog: o.FlowLog, asyncName: project.AsyncFunction,
		flows: map[string]*flow.Flow{}, recordings: map[string]time.Duration{}}
	if o.Project != nil {
		c.asyncName, c.table = o.Project.AsyncName(), o.Project.ResultsTable()
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

// Expectations are the scenario's.
func (c *Call) Expectations() scenario.Expectations { return c.scenario.Expect }

// Flows are the flows that a contact can be in, by file.
func (c *Call) Flows() map[string]*flow.Flow {
	flows := map[string]*flow.Flow{c.flow.File: c.flow}
	for _, f := range c.flows {
		flows[f.File] = f
	}
	return flows
}

// Play plays the call, reporting each event as it happens, and returns what it came to for each caller. When ctx is done the
// callers hang up.
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

// start is where virtual time begins. Real time would make two plays differ.
var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// Close ends what the call has started: no process is left.
func (c *Call) Close() error {
	var errs []error
	for _, f := range c.functions {
		if f.process != nil {
			errs = append(errs, f.process.Close())
		}
	}
	if c.endpoints != nil {
		errs = append(errs, c.endpoints.close())
	}
	return errors.Join(errs...)
}

// functionARN is the ARN of the function that a flow means, in the local account where the text stands for another one.
func (c *Call) functionARN(written string) string {
	if arn, ok := c.names[written]; ok {
		return arn
	}
	return written
}

// asyncJobs are the jobs as the async function knows them, given the ARNs of their state machines.
func (c *Call) asyncJobs(arns []string) []async.Job {
	var jobs []async.Job
	for i, arn := range arns {
		jobs = append(jobs, async.Job{Name: c.machines[i].job, StateMachineARN: arn, Timeout: c.machines[i].timeout})
	}
	return jobs
}
