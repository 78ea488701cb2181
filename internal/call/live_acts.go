package call

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/scenario"
)

// Do lets the caller do something now: press keys, say or type words, or hang up. When does not count.
func (l *Live) Do(s scenario.Step) error {
	s.At, s.Heard = 0, ""
	actions := 0
	for _, done := range []bool{s.Press != "", s.Say != "", s.HangUp} {
		if done {
			actions++
		}
	}
	switch {
	case l.watched:
		return ErrWatched
	case actions != 1:
		return errors.New("the caller can do one thing at a time: press keys, say something, or hang up")
	case s.Press != "" && !scenario.IsKeys(s.Press):
		return fmt.Errorf("%q is not something to press on a telephone; press 0 to 9, * and #", s.Press)
	case !utf8.ValidString(s.Say):
		return errors.New("what the caller says must be UTF-8 text")
	case l.State().Over:
		return ErrOver
	}
	l.perform(s)
	return nil
}

// perform lets the caller do something. What comes after the end of the call is not done.
func (l *Live) perform(s scenario.Step) {
	line := l.stage.lines[0]
	l.act(func() {
		s.At = l.sinceStart()
		l.goOn()
		line.player.Do(func() {
			l.mu.Lock()
			l.steps = append(l.steps, s)
			l.mu.Unlock()
			line.do(s)
			l.listens(line)
		})
	})
}

// Change makes something different from now on: what functions do, how things turn out, what goes wrong at AWS. Its
// time does not count.
func (l *Live) Change(c scenario.Change) error {
	c.At = 0
	for name := range c.Functions {
		if known := l.call.FunctionNames(); !slices.Contains(known, name) {
			return fmt.Errorf("there is no function %q; the functions are %s", name, strings.Join(known, ", "))
		}
	}
	switch {
	case c.IsNothing():
		return errors.New("nothing changes: name functions, the world or faults")
	case l.State().Over:
		return ErrOver
	}
	l.act(func() {
		c.At = l.sinceStart()
		l.mu.Lock()
		l.changes = append(l.changes, c)
		l.mu.Unlock()
		l.stage.change(c)
	})
	return nil
}

// FunctionNames are the functions of the call that can be changed.
func (l *Live) FunctionNames() []string { return l.call.FunctionNames() }

// act does something at an instant of its own, so that a scenario can say when it was done.
func (l *Live) act(f func()) {
	if l.paced != nil {
		l.paced.Insert(l.guard(f))
		return
	}
	_ = l.stage.clock.Wait(context.Background(), &l.begun)
	f()
}

// begins is told when the contact of a line begins.
func (l *Live) begins(line *line) {
	if l != nil && line.index == 0 {
		l.begun.Set()
	}
}

// sinceStart is the time of the call, in an act: on real time in milliseconds, which is more than anybody can mean.
func (l *Live) sinceStart() time.Duration {
	at := l.stage.clock.Now().Sub(l.stage.began)
	if l.paced == nil {
		return at.Round(time.Millisecond)
	}
	return at
}

// goOn lets time pass after it was stopped for the caller.
func (l *Live) goOn() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		l.stopped = false
		l.pace()
	}
}

// attended reports whether somebody is the caller, who may always do something.
func (l *Live) attended() bool { return l != nil && !l.watched }

// listens is told when the flow begins to listen to a caller or no longer does, and at the end of each text.
func (l *Live) listens(of *line) {
	if l == nil || of.index > 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state.Listens != of.asks {
		l.state.Listens = of.asks
		l.tell()
	}
	waits := of.asks != "" && of.speaking == 0
	if waits && l.attended() && l.paced != nil && l.state.Pace.Speed == clock.AtOnce {
		l.stopped = true
		l.pace()
	}
}
