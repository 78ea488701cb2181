package load

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/scenario"
)

// A course is what contacts of one kind do, played by internal/player and kept. It is a graph. A place in it is a
// contact that waits for a function; a step leads to the next place: what the contact did after a certain reply that
// came after a certain time. Two contacts that differ in nothing but the time of day are at the same place.
//
// So the flow is really played, once for each place and reply that any caller comes to. The contacts of a kind have the
// same id, and therefore the same random numbers and the same names of executions; each caller has executions of their
// own behind it. There are several kinds, so that callers are not all alike.

// course has the places of one kind.
type course struct {
	call    *call.Call
	does    []scenario.Step // what each caller does, when something was heard
	id      string          // of the contacts
	seed    uint64
	first   *step                        // from the beginning of the call
	places  map[[sha256.Size]byte]*place // by what the contact remembers
	firsts  map[string]operation         // what the async function asks first, by the event
	replies map[string]*reply            // by what they say
	learned int                          // steps
}

// place is a contact that waits for a function.
type place struct {
	contact *flow.Contact   // that never goes on: its clones do
	does    []scenario.Step // what the caller is still to do
	at      time.Time
	invoke  flow.InvokeFunction
	steps   map[stepKey]*step
	silent  *step   // when no reply comes; nil until it is asked for
	checks  *checks // nil until the async function has been asked

	question question // of the invocation
	opens    *bool    // the invocation may open it; nil until somebody looked
}

// stepKey is what decides how a contact goes on from a place.
type stepKey struct {
	reply *reply
	after time.Duration // rounded
}

// step is what a contact does from one invocation to the next, or to its end.
type step struct {
	after    time.Duration // when the reply came, rounded
	takes    time.Duration
	compares time.Duration // when the flow first took the branch of a comparison after the reply, 0 if it did not
	next     *place        // nil at the end
	ending   flow.Ending
	sound    sound
	messages int
}

// sound is what is heard during a step.
type sound struct {
	any        bool
	head, tail time.Duration   // of silence, before and after what is heard; without anything all of it is head
	gaps       []time.Duration // of silence between
}

// reply is what a function answered, or why it did not. There is one for each that is different.
type reply struct {
	player.Reply
	decides string // "" while nothing is decided; else success, or the reason of a failure
}

// known is the reply that has a certain text.
func (co *course) known(body []byte) *reply {
	r := co.replies[string(body)]
	if r == nil {
		r = newReply(body)
		co.replies[string(body)] = r
	}
	return r
}

// How exactly the time of a reply counts for how a contact goes on: beside an asynchronous invocation things happen, in
// another one the contact waits.
const (
	grain       = 50 * time.Millisecond
	grainWaited = time.Second
)

// courseBegins is when contacts of a course begin, on their own clock.
var courseBegins = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func newCourse(c *call.Call, does []scenario.Step, kind uint64) *course {
	co := &course{call: c, does: does, seed: kind, id: fmt.Sprintf("4a573372-1f28-4e26-b97b-%012d", kind+1),
		places: map[[sha256.Size]byte]*place{}, firsts: map[string]operation{}, replies: map[string]*reply{}}
	co.first = co.play(nil, nil, 0)
	return co
}

// step is how a contact goes on from a place.
func (co *course) step(p *place, r *reply, after time.Duration) *step {
	key := stepKey{reply: r, after: after.Truncate(grainWaited)} // a reply that came in time stays in time
	if p.invoke.Asynchronous {
		key.after = after.Round(grain)
	}
	s := p.steps[key]
	if s == nil {
		s = co.play(p, r, key.after)
		p.steps[key] = s
	}
	return s
}

// never is longer than any contact waits for a function.
const never = 24 * time.Hour

// withoutReply is how a contact goes on from a place when no reply comes.
func (co *course) withoutReply(p *place) *step {
	if p.silent == nil {
		p.silent = co.play(p, &reply{}, never)
	}
	return p.silent
}

// play plays a contact from a place, or from its beginning, to the next place.
func (co *course) play(from *place, r *reply, after time.Duration) *step {
	co.learned++
	l := &listener{course: co, from: from, reply: r, after: after, began: courseBegins, does: co.does,
		step: &step{after: after}}
	var contact *flow.Contact
	if from == nil {
		contact = co.call.NewContact(0, co.id, co.seed)
	} else {
		l.began, l.does, contact = from.at, from.does, from.contact.Clone()
	}
	l.clock = clock.NewVirtual(l.began)
	l.player = player.New(contact, player.Options{
		Clock: l.clock, Functions: l, Voice: co.call.Voice(), Observer: l,
	})
	err := l.clock.Run(func() {
		if from == nil {
			l.player.Connect(context.Background())
		} else {
			l.player.Resume(context.Background())
		}
		_ = l.clock.Wait(context.Background(), l.player.Done())
	})
	if err != nil {
		panic(err) // the clock always has a timer
	}
	return l.step
}

// place is the place of a contact that waits for a function, with what the caller is still to do.
func (co *course) place(contact *flow.Contact, c flow.InvokeFunction, now time.Time, does []scenario.Step) *place {
	text, err := contact.MarshalJSON()
	if err != nil {
		panic(err) // plain data
	}
	relative := timePattern.ReplaceAllFunc(text, func(written []byte) []byte {
		at, err := time.Parse(time.RFC3339Nano, string(written[1:len(written)-1]))
		if err != nil {
			return written
		}
		return []byte(at.Sub(now).String())
	})
	key := sha256.Sum256(fmt.Appendf(relative, "%v", does))
	p := co.places[key]
	if p == nil {
		p = &place{contact: contact.Clone(), does: does, at: now, invoke: c, steps: map[stepKey]*step{}}
		co.places[key] = p
	}
	return p
}

// timePattern are the times in a contact. It compares contacts only, so that other texts that look so do no harm.
var timePattern = regexp.MustCompile(`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"`)

// listener plays one step: it gives the reply, and notes what is heard until the next invocation.
type listener struct {
	course  *course
	from    *place
	does    []scenario.Step // what the caller is still to do
	reply   *reply
	after   time.Duration
	began   time.Time
	clock   *clock.Virtual
	player  *player.Player
	step    *step
	replied bool
	over    bool
	open    []player.Opened // what is heard or asked now
	heard   []span
}

// span is a stretch of time in which something is heard.
type span struct{ from, to time.Time }

var errStepOver = errors.New("the step is over")

// Invoke implements player.Functions.
func (l *listener) Invoke(c flow.InvokeFunction) player.Reply {
	if l.from != nil && c.ID == l.from.invoke.ID {
		_ = l.clock.Sleep(context.Background(), l.after)
		l.replied = true
		return l.reply.Reply
	}
	l.player.Do(func() {
		l.step.next = l.course.place(l.player.Contact(), c, l.clock.Now(), l.does)
		l.end()
		l.player.Advance(flow.HungUp{At: l.clock.Now()})
	})
	return player.Reply{Err: errStepOver}
}

// Command implements player.Observer.
func (l *listener) Command(c flow.Command) {
	switch c := c.(type) {
	case flow.Take:
		compares := c.Action.Type == flowlang.Compare && c.Branch != flowlang.NoMatchingCondition
		if l.replied && compares && l.step.compares == 0 {
			l.step.compares = l.clock.Now().Sub(l.began)
		}
	case flow.Finish:
		if !l.over {
			l.step.ending = c.Ending
			l.end()
		}
	}
}

// Opened implements player.Observer.
func (l *listener) Opened(o player.Opened) {
	switch o.Command.(type) {
	case flow.Say:
		l.step.messages++
		l.open = append(l.open, o)
	case flow.Ask:
		l.open = append(l.open, o)
	}
}

// Closed implements player.Observer.
func (l *listener) Closed(o player.Opened) {
	for i, open := range l.open {
		if open.Began.Equal(o.Began) && idOf(open.Command) == idOf(o.Command) {
			l.open = append(l.open[:i], l.open[i+1:]...)
			l.cover(o)
			if !o.Cut {
				l.player.Do(func() { l.react(o.Utterance.Text()) }) // first the flow goes on
			}
			return
		}
	}
}

// react lets the caller do what waits for a text, once.
func (l *listener) react(text string) {
	i := slices.IndexFunc(l.does, func(s scenario.Step) bool { return strings.Contains(text, s.Heard) })
	if i < 0 || l.over {
		return
	}
	s := l.does[i]
	l.does = slices.Delete(slices.Clone(l.does), i, i+1)
	if s.HangUp {
		l.player.Advance(flow.HungUp{At: l.clock.Now()})
		return
	}
	l.player.Advance(flow.Input{At: l.clock.Now(), Digits: s.Press, Text: s.Say})
}

// Idle implements player.Observer.
func (l *listener) Idle() { l.player.Advance(flow.HungUp{At: l.clock.Now()}) }

func idOf(c flow.Command) string {
	switch c := c.(type) {
	case flow.Say:
		return c.ID
	case flow.Ask:
		return c.ID
	}
	return ""
}

// cover notes what was heard until now of a text, or that the caller was asked something.
func (l *listener) cover(o player.Opened) {
	now, from := l.clock.Now(), o.Began
	if _, asked := o.Command.(flow.Ask); asked {
		l.heard = append(l.heard, span{from: from, to: now})
		return
	}
	for _, s := range o.Utterance.Segments {
		to := from.Add(s.Duration)
		if s.Text != "" && from.Before(now) {
			if to.After(now) {
				to = now
			}
			l.heard = append(l.heard, span{from: from, to: to})
		}
		from = from.Add(s.Duration)
	}
}

// end ends the step now.
func (l *listener) end() {
	l.over = true
	now := l.clock.Now()
	for _, o := range l.open {
		l.cover(o)
	}
	l.step.takes = now.Sub(l.began)
	l.step.sound = soundOf(l.heard, l.began, now)
}

// inaudible is how short a gap must be not to be heard as one.
const inaudible = 10 * time.Millisecond

// soundOf is what is heard between two times.
func soundOf(heard []span, from, to time.Time) (s sound) {
	until := from
	for _, h := range heard { // in the order of their ends: one text is spoken after the other
		if !h.to.After(until) {
			continue
		}
		switch gap := h.from.Sub(until); {
		case !s.any:
			s.head = max(gap, 0)
		case gap > inaudible:
			s.gaps = append(s.gaps, gap)
		}
		s.any, until = true, h.to
	}
	if !s.any {
		return sound{head: to.Sub(from)}
	}
	s.tail = to.Sub(until)
	return s
}
