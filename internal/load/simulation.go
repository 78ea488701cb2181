package load

import (
	"cmp"
	"context"
	"math/rand/v2"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/scenario"
)

// simulation is one run.
type simulation struct {
	ctx      context.Context // of the run
	setup    *Setup
	settings Settings
	clock    *clock.Virtual
	began    time.Time
	courses  []*course
	config   async.Config
	function *async.Function
	machines map[string]*asl.Machine // by ARN
	latency  scenario.Latency
	result   *collector

	start, describe, stop, transitions bucket
	lambda                             *lambda
	reads, writes                      *capacity
	calls, mostCalls                   int // that are connected, and can be; 0 for no limit

	patience, durations, kinds, events, faults *rand.Rand

	arriving bool
	going    int          // callers, executions and invocations that have not ended
	over     clock.Signal // nothing more happens
	stopped  bool         // nothing more counts
}

// streams of random numbers: what is drawn for one thing does not change another.
const (
	ofArrivals = iota
	ofPatience
	ofDurations
	ofKinds
	ofEvents
	ofFaults
	ofFunction
)

// day is the day on which a run takes place; its times of day are those of the settings.
var day = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// background is the context of what nobody ends.
var background = context.Background()

func newSimulation(s *Setup, o Settings) *simulation {
	began, limits := day.Add(o.Arrivals.From), o.Limits
	if o.unlimited {
		limits = Limits{}
	}
	sim := &simulation{
		setup: s, settings: o, clock: clock.NewVirtual(began), began: began, courses: s.courses, config: s.config,
		machines: s.machines, latency: s.latency, arriving: true,
		mostCalls: limits.Calls,
		start:     newBucket(limits.Start), describe: newBucket(limits.Describe), stop: newBucket(limits.Stop),
		transitions: newBucket(limits.Transitions), lambda: newLambda(limits),
		reads: newCapacity(limits.Reads, began), writes: newCapacity(limits.Writes, began),
		patience: random(o.Seed, ofPatience), durations: random(o.Seed, ofDurations), kinds: random(o.Seed, ofKinds),
		events: random(o.Seed, ofEvents), faults: random(o.Seed, ofFaults),
	}
	if o.expected > 0 {
		sim.config.ExpectedCallers = o.expected
	}
	sim.result = newCollector(sim)
	var results async.Results
	if sim.config.ResultsTable != "" {
		results = tables{sim}
	}
	sim.function = async.New(sim.config, states{sim}, results, sim.clock,
		async.WithRandom(rand.NewPCG(o.Seed, ofFunction)))
	return sim
}

func random(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// run lets all callers arrive, and returns when the last has gone and all work is done.
func (s *simulation) run(ctx context.Context) error {
	s.ctx = ctx
	next := s.settings.Arrivals.next(random(s.settings.Seed, ofArrivals))
	var arrive func(index int)
	arrive = func(index int) {
		at, ok := next()
		if !ok {
			s.arriving = false
			s.leave(0)
			return
		}
		s.after(at-s.now().Sub(s.began), func() {
			s.arrives(index)
			arrive(index + 1)
		})
	}
	err := s.clock.Run(func() {
		arrive(0)
		_ = s.clock.Wait(background, &s.over)
	})
	return cmp.Or(ctx.Err(), err)
}

// leave counts off what has ended. When nothing is left the run is over.
func (s *simulation) leave(n int) {
	s.going -= n
	if s.going == 0 && !s.arriving {
		s.over.Set()
	}
}

// halt ends the run: what is under way does not count any more.
func (s *simulation) halt() {
	s.stopped = true
	s.over.Set()
}

func (s *simulation) now() time.Time { return s.clock.Now() }

// after calls f later, unless the run was halted.
func (s *simulation) after(d time.Duration, f func()) clock.Timer {
	return s.clock.AfterFunc(d, func() {
		if s.ctx.Err() != nil {
			s.halt()
		}
		if !s.stopped {
			f()
		}
	})
}
