package call

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// Options say what is played. Files that are named here come before those of the scenario, and those before the project's.
type Options struct {
	Project      *project.Project // nil when everything is named otherwise
	Scenario     Scenario
	Flow         string // file
	StateMachine string // file
	Virtual      bool   // on virtual time, with stand-ins in place of real functions
}

// Call is a call that has been put together and can be played, once. Close it afterwards.
type Call struct {
	Title string // what is called, for a headline
	Setup string // how it is played, for a headline

	scenario   Scenario
	flow       *flow.Flow
	clock      clock.Clock
	account    *local.Account
	asyncName  string
	real       []*function.Function
	recordings map[string]time.Duration
	player     *player
}

// asyncTimeout is the async function's own limit in Lambda: over Connect's 8 s, so that a slow reply is Connect's to judge.
const asyncTimeout = 10 * time.Second

// start is where virtual time begins. Real time would make two plays differ.
var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// New puts a call together and checks it. The Call is nil when a finding is of severity error. Functions that have to be built
// are built now, which ends when ctx is done.
func New(ctx context.Context, o Options) (*Call, source.Findings) {
	c := &Call{scenario: o.Scenario, clock: clock.Real{}, asyncName: project.AsyncFunction, recordings: map[string]time.Duration{}}
	if o.Virtual || o.Scenario.Virtual {
		c.clock = clock.NewVirtual(start)
	}
	if o.Project != nil {
		c.asyncName = o.Project.Name + "-async"
	}
	c.account = local.New(local.Options{
		Clock: c.clock, Seed: o.Scenario.Seed, ServedAfter: o.Scenario.Latency.StepFunctions,
		Observe: func(e *local.Execution) { c.player.observe(e) },
	})
	s := &setup{call: c, options: o}
	s.run(ctx)
	s.found.Sort()
	if s.found.HasErrors() {
		_ = c.Close()
		return nil, s.found
	}
	return c, s.found
}

// Play plays the call, reporting each event as it happens, and returns what it came to. When ctx is done the caller hangs up.
func (c *Call) Play(ctx context.Context, report func(Event)) (Summary, error) {
	functions, cancel := context.WithCancel(context.Background())
	defer cancel()
	p := &player{
		call: c, clock: c.clock, ctx: functions, began: c.clock.Now(), inbox: newInbox(), report: report,
		timers: map[string]clock.Timer{}, sounds: map[string]*sound{}, asking: map[string]ask{},
		invoked: map[string]flow.InvokeFunction{},
	}
	c.player = p
	caller := c.scenario.Caller
	p.contact = flow.NewContact(c.flow, flow.Options{
		Channel: flow.Channel(caller.Channel), CustomerNumber: caller.Number, Attributes: caller.Attributes,
		Assumptions: &c.scenario.Assumptions, Seed: c.scenario.Seed,
	})
	var summary Summary
	play := func() {
		p.prepareCaller()
		p.run(ctx)
		summary = p.summary()
		summary.Interrupted = ctx.Err() != nil
		cancel()
	}
	virtual, ok := c.clock.(*clock.Virtual)
	if !ok {
		play()
		return summary, nil
	}
	if err := virtual.Run(play); err != nil && !errors.Is(err, clock.ErrStuck) {
		return summary, err
	}
	return summary, nil
}

// Close ends what the call has started: no process is left.
func (c *Call) Close() error {
	var errs []error
	for _, f := range c.real {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// functionName is the name of the function that an ARN stands for.
func (c *Call) functionName(arn string) string {
	name, _ := c.account.FunctionName(arn)
	return name
}

// newAsync adds the async function to the account.
func (c *Call) newAsync(jobs []async.Job) {
	config := async.Config{Jobs: jobs, Input: async.InputEvent, ExpectedCallers: 1}
	handler := async.New(config, local.States{Account: c.account}, nil, c.clock,
		async.WithRandom(rand.NewPCG(c.scenario.Seed, 1)))
	c.account.AddFunction(c.asyncName, local.AsyncFunction{Account: c.account, Handler: handler, Timeout: asyncTimeout})
}

// readRecording finds the length of an audio file.
func readRecording(file string) (time.Duration, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	length, err := speech.WAV(io.Reader(f))
	if err != nil {
		return 0, fmt.Errorf("%s: %w", file, err)
	}
	return length, nil
}
