package page

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
)

// kept is how many calls are remembered, so that a page that is loaded again, or a second one, finds its call.
const kept = 4

// calls are those of a server: the latest, of which one at most is under way.
type calls struct {
	mu     sync.Mutex
	latest []*session
	closed bool
}

// session is a call that is played for the page. It is over when its live is.
type session struct {
	id     string
	played *call.Call
	live   *call.Live
	view   *callView
	stop   context.CancelFunc // lets the callers hang up
	closed chan struct{}      // when the call is over and nothing of it is left
}

// add remembers a call, and ends those before it.
func (c *calls) add(s *session) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		s.stop()
		return refused("the server is being stopped")
	}
	for _, other := range c.latest {
		other.stop()
	}
	c.latest = append(c.latest, s)
	if len(c.latest) > kept {
		c.latest = slices.Delete(c.latest, 0, len(c.latest)-kept)
	}
	return nil
}

// close ends all calls.
func (c *calls) close() {
	c.mu.Lock()
	c.closed = true
	latest := c.latest
	c.mu.Unlock()
	for _, s := range latest {
		s.stop()
		<-s.closed
	}
}

// find returns the call that a request is about.
func (c *calls) find(r *http.Request) (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.latest {
		if s.id == r.PathValue("id") {
			return s, nil
		}
	}
	return nil, problem{status: http.StatusNotFound, text: "this call is not remembered any more; start another"}
}

// start begins a call.
func (s *Server) start(r *http.Request) (any, error) {
	var c chosen
	if err := read(r, &c); err != nil {
		return nil, err
	}
	played, given, found := s.open(r.Context(), c)
	if played == nil {
		return nil, problem{status: http.StatusUnprocessableEntity, text: strings.Join(texts(found), "\n")}
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(r.Context()))
	one := &session{
		id: rand.Text(), played: played, view: callOf(played, given, c), stop: stop, closed: make(chan struct{}),
		live: played.Live(ctx, played.Seed(),
			call.LiveOptions{Watch: !c.Attend, Pace: call.Pace{Speed: speed(c.Speed)}}),
	}
	go func() {
		<-one.live.Done()
		stop()
		_ = played.Close()
		close(one.closed)
	}()
	if err := s.calls.add(one); err != nil {
		return nil, err
	}
	return map[string]string{"id": one.id}, nil
}

func speed(given float64) clock.Speed { return clock.Speed(min(max(given, 0), fastest)) }

// fastest is a speed beyond which nobody can follow.
const fastest = 1000

func callOf(played *call.Call, given *scenario.Scenario, c chosen) *callView {
	v := &callView{
		Title: played.Title, Setup: played.Setup, Scenario: c.Scenario, Real: c.Real, Attend: c.Attend,
		Lanes: liveLanes, Silence: []float64{},
	}
	for i, caller := range given.Callers {
		v.Arrivals = append(v.Arrivals, call.Seconds(played.Arrivals()[i]))
		v.Chat = append(v.Chat, caller.Channel == flow.Chat)
	}
	if c.Attend {
		v.Arrivals, v.Chat = []float64{0}, v.Chat[:1]
	}
	borne := given.Borne()
	for _, limit := range []time.Duration{borne.Note, borne.Failure, borne.Critical} {
		v.Silence = append(v.Silence, limit.Seconds())
	}
	return v
}

// events streams what the page is told of a call, from the beginning, until the call has ended.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	one, err := s.calls.find(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	stream := stream{to: w, control: http.NewResponseController(w)}
	stream.tell(message{Call: one.view})
	t := newTeller(len(one.view.Arrivals), s.relative)
	for from, version := 0, 0; stream.err == nil; {
		events, state, ok := one.live.Next(r.Context(), from, version)
		if !ok {
			break
		}
		for _, e := range events {
			stream.tell(message{Event: t.event(e)})
		}
		stream.tell(message{Clock: clockOf(state)})
		stream.flush()
		from, version = from+len(events), state.Version
	}
	if one.live.State().Over {
		stream.tell(message{End: one.end()})
		stream.flush()
	}
}

func clockOf(s call.State) *clockView {
	return &clockView{At: call.Seconds(s.At), Speed: float64(s.Pace.Speed), Paused: s.Pace.Paused, Waits: s.Waits,
		Listens: string(s.Listens), Over: s.Over}
}

// end is what the call came to.
func (s *session) end() *endView {
	summaries, err := s.live.Result()
	end := ended(summaries, s.live.Judge())
	if err != nil {
		end.Failures = append(end.Failures, err.Error())
	}
	return end
}

// stream writes server-sent events. After an error it writes nothing more.
type stream struct {
	to      http.ResponseWriter
	control *http.ResponseController
	err     error
}

func (s *stream) tell(m message) {
	if s.err != nil {
		return
	}
	text, err := json.Marshal(m)
	if err == nil {
		_, err = fmt.Fprintf(s.to, "data: %s\n\n", text)
	}
	s.err = err
}

func (s *stream) flush() {
	if s.err == nil {
		s.err = s.control.Flush()
	}
}

// done is what the caller does: one of these.
type done struct {
	Press  string `json:"press"`
	Say    string `json:"say"`
	HangUp bool   `json:"hang_up"`
}

// do lets the caller do something.
func (s *Server) do(r *http.Request) (any, error) {
	var d done
	return s.act(r, &d, func(one *session) error {
		if d.HangUp && !one.view.Attend { // whoever watches ends the call
			one.stop()
			return nil
		}
		return one.live.Do(scenario.Step{Press: d.Press, Say: d.Say, HangUp: d.HangUp})
	})
}

// pace changes how time passes: its speed, or whether it does. What is not given stays as it is, so that a page that
// does not yet know of the latest change does not undo it.
func (s *Server) pace(r *http.Request) (any, error) {
	var p struct {
		Speed  *float64 `json:"speed"`
		Paused *bool    `json:"paused"`
	}
	return s.act(r, &p, func(one *session) error {
		return one.live.ChangePace(func(now *call.Pace) {
			if p.Speed != nil {
				now.Speed = speed(*p.Speed)
			}
			if p.Paused != nil {
				now.Paused = *p.Paused
			}
		})
	})
}

// change changes the world.
func (s *Server) change(r *http.Request) (any, error) {
	var c struct {
		Change  string  `json:"change"` // the name of one of the changes
		Seconds float64 `json:"seconds"`
	}
	return s.act(r, &c, func(one *session) error {
		if c.Seconds < 0 || c.Seconds > longestTakes.Seconds() {
			return fmt.Errorf("a function takes between 0 and %.0f seconds", longestTakes.Seconds())
		}
		for _, known := range changesOf(one.played) {
			if known.Name == c.Change {
				return one.live.Change(known.make(time.Duration(c.Seconds * float64(time.Second))))
			}
		}
		return errors.New("there is no such change: " + c.Change)
	})
}

// act does something in the call that a request is about, as the request's body says.
func (s *Server) act(r *http.Request, body any, act func(*session) error) (any, error) {
	one, err := s.calls.find(r)
	if err != nil {
		return nil, err
	}
	if err := read(r, body); err != nil {
		return nil, err
	}
	if err := act(one); err != nil {
		return nil, refused(err.Error())
	}
	return map[string]bool{"done": true}, nil
}
