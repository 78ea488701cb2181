package call

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/speech"
)

// Live is a play of a call that somebody watches, and takes part in as the caller, while it goes on. It lives from
// Call.Live until the call is over or its context is done: then nobody can act any more, and no goroutine of it is
// left. What has happened, and what was done, can be asked for as long as the Live is kept. Its methods may be used by
// any number of goroutines.
type Live struct {
	call    *Call // as it is played
	stage   *stage
	paced   *clock.Virtual // nil on real time
	watched bool
	seed    uint64
	guard   func(f func()) func() // f, with a panic caught
	cancel  context.CancelFunc    // lets all callers hang up
	begun   clock.Signal          // the first caller is connected
	done    chan struct{}
	ends    sync.Once // of done

	mu        sync.Mutex
	news      chan struct{} // closed, and made again, whenever there is an event or the state is another
	state     State
	stopped   bool // time was stopped for the caller, not by ChangePace
	events    []Event
	steps     []scenario.Step   // that were done
	changes   []scenario.Change // that were made
	invoked   []invoked         // functions that really ran
	summaries []Summary         // when the call is over
	err       error
}

// LiveOptions say how a call is watched.
type LiveOptions struct {
	// Watch lets the scenario's callers do what it says, and nobody else. Without it somebody is the caller: the call
	// has one, the scenario's first, who does only what they are told to by Do.
	Watch bool
	Pace  Pace
}

// Pace is how virtual time passes. Real time always passes as it does.
type Pace struct {
	// Speed is that of the time between two events. At clock.AtOnce it is skipped until the flow waits for the caller
	// and has said what it had to say: there it stops until Do, or until ChangePace lets time go on.
	Speed clock.Speed
	// Paused stops time, and with it the flow's limits for the caller's input.
	Paused bool
}

// State is how a Live stands.
type State struct {
	Version int // goes up with every change of the state, but for the time
	At      time.Duration
	Pace    Pace
	Waits   bool         // time is stopped because the flow waits for the caller, at the speed clock.AtOnce
	Listens flow.AskKind // what the flow wants from the (first) caller; "" when it does not listen
	Over    bool
}

// Errors of a Live.
var (
	ErrOver     = errors.New("the call is over")
	ErrGoesOn   = errors.New("the call is not over")
	ErrWatched  = errors.New("the call is only watched: its callers do what the scenario says")
	ErrRealTime = errors.New("real time can neither be paused nor be made to pass faster")
)

// Live begins to play the call, and returns while it goes on. When ctx is done the callers hang up, and what is left
// to happen happens at once. On real time a call can be played once at a time.
func (c *Call) Live(ctx context.Context, seed uint64, o LiveOptions) *Live {
	played := c.spokenAt(wholeRate(c.scenario.Speech.Middle()))
	if !o.Watch {
		one := c.scenario.Callers[0]
		one.Does, one.Arrives = nil, 0
		played.scenario.Callers = []scenario.Caller{one}
	}
	l := &Live{call: played, watched: o.Watch, seed: seed, done: make(chan struct{}), news: make(chan struct{})}
	l.state = State{Version: 1, Pace: Pace{Speed: 1}}
	guarded := clock.Guarded{Clock: clock.Real{}, Caught: l.broken}
	if c.virtual {
		l.state.Pace = o.Pace
		l.paced = clock.NewPaced(start, o.Pace.Speed)
		if o.Pace.Paused {
			l.paced.Pause()
		}
		guarded.Clock = l.paced
	}
	l.guard = guarded.Guard
	l.stage = newStage(played, guarded, seed, l.report)
	l.stage.live = l
	calling, cancel := context.WithCancel(context.WithoutCancel(ctx))
	l.cancel = cancel
	go l.play(ctx, calling)
	return l
}

// wholeRate is a rate that a scenario file can say.
func wholeRate(r speech.Rate) speech.Rate {
	r.WordsPerMinute = math.Round(r.WordsPerMinute)
	return r
}

// play plays the call to its end.
func (l *Live) play(ctx, calling context.Context) {
	defer l.cancel()
	left := make(chan struct{})
	leaves := context.AfterFunc(ctx, func() {
		defer close(left)
		l.leave()
	})
	var summaries []Summary
	var err error
	if l.paced == nil {
		summaries = l.stage.play(calling)
	} else {
		err = l.paced.Run(l.guard(func() {
			summaries = l.stage.play(calling)
			l.paced.Unpace()
		}))
	}
	if !leaves() {
		<-left
	}
	l.end(summaries, err)
}

// end notes what the call came to, once.
func (l *Live) end(summaries []Summary, err error) {
	l.ends.Do(func() {
		l.mu.Lock()
		l.state.At = l.stateNow().At
		if len(summaries) > 0 {
			l.state.At = 0
		}
		for _, s := range summaries {
			l.state.At = max(l.state.At, s.Duration)
		}
		l.summaries, l.err = summaries, err
		l.state.Over, l.state.Waits, l.state.Listens = true, false, ""
		l.tell()
		l.mu.Unlock()
		close(l.done)
	})
}

// broken ends a call that cannot go on: a fault of ours must not end the program that watches it.
func (l *Live) broken(fault any) {
	l.end(nil, fmt.Errorf("a fault of connect-async: %v\n%s", fault, debug.Stack()))
	l.cancel()
	if l.paced != nil {
		l.paced.Unpace()
	}
}

// leave lets all callers hang up, whatever the pace.
func (l *Live) leave() {
	if l.watched {
		l.act(l.cancel)
	} else {
		l.perform(scenario.Step{HangUp: true})
	}
	if l.paced != nil {
		l.paced.Unpace()
	}
}

// Done is closed when the call is over.
func (l *Live) Done() <-chan struct{} { return l.done }

// Result is what the call came to, for each caller. The error is ErrGoesOn before Done.
func (l *Live) Result() ([]Summary, error) {
	summaries, _, err := l.outcome()
	return summaries, err
}

// Judge is like Call.Judge for a call that is over. Somebody who was the caller has not done what the scenario expects;
// then only what no caller should bear fails the call, and functions that really ran and failed.
func (l *Live) Judge() []Failure {
	summaries, events, err := l.outcome()
	if err != nil {
		return nil
	}
	judged := l.call
	if !l.watched {
		copied := *l.call
		copied.scenario.Expect = scenario.Expectations{}
		judged = &copied
	}
	return judged.Judge(summaries, events)
}

// Next waits until there are events from number from on, or until the state has another version than the given one,
// and returns both. ok is false when ctx is done, or when the call is over and neither can come any more. Whoever comes
// late begins with 0 and 0, as everybody does.
func (l *Live) Next(ctx context.Context, from, version int) (events []Event, state State, ok bool) {
	for {
		l.mu.Lock()
		news, state := l.news, l.stateNow()
		if from = max(from, 0); from < len(l.events) {
			events = slices.Clone(l.events[from:])
		}
		l.mu.Unlock()
		switch {
		case ctx.Err() != nil:
			return nil, state, false
		case len(events) > 0, version != state.Version:
			return events, state, true
		case state.Over:
			return nil, state, false
		}
		select {
		case <-news:
		case <-ctx.Done():
		}
	}
}

// State is how the call stands.
func (l *Live) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stateNow()
}

// stateNow is the state with the time that it is. The lock is held.
func (l *Live) stateNow() State {
	s := l.state
	switch {
	case s.Over:
	case l.paced != nil:
		s.At = l.paced.Shown().Sub(l.stage.began)
	default:
		s.At = l.stage.clock.Now().Sub(l.stage.began)
	}
	return s
}

// ChangePace changes how virtual time passes: change is given how it does, and no other change comes between. It also
// goes on after time was stopped for the caller, who then does nothing.
func (l *Live) ChangePace(change func(*Pace)) error {
	if l.paced == nil {
		return ErrRealTime
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state.Over {
		return ErrOver
	}
	change(&l.state.Pace)
	l.stopped = false
	l.paced.SetSpeed(l.state.Pace.Speed)
	l.pace()
	return nil
}

// pace lets time pass as the state says. The lock is held.
func (l *Live) pace() {
	l.state.Waits = l.stopped
	if l.state.Pace.Paused || l.stopped {
		l.paced.Pause()
	} else {
		l.paced.Resume()
	}
	l.tell()
}

// tell says that the state is another. The lock is held.
func (l *Live) tell() {
	l.state.Version++
	l.wake()
}

// wake lets those go on who wait for news. The lock is held.
func (l *Live) wake() {
	close(l.news)
	l.news = make(chan struct{})
}

// report keeps an event.
func (l *Live) report(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
	l.wake()
}
