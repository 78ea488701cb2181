package player_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/speech"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// recorder writes down what it observes, one line each, with the time.
type recorder struct {
	clock  clock.Clock
	began  time.Time
	player *player.Player
	lines  []string
	idle   func()
	closed func(player.Opened)
}

func (r *recorder) note(format string, args ...any) {
	at := r.clock.Now().Sub(r.began)
	r.lines = append(r.lines, fmt.Sprintf("%v ", at)+fmt.Sprintf(format, args...))
}

func (r *recorder) Command(c flow.Command) {
	switch c := c.(type) {
	case flow.Enter:
		r.note("enter %s", c.Action.Identifier)
	case flow.Finish:
		r.note("finish %s", c.Ending)
	}
}

func (r *recorder) Opened(o player.Opened) {
	switch c := o.Command.(type) {
	case flow.Say:
		r.note("say %s (%v)", o.Utterance.Text(), o.Utterance.Length())
	case flow.Ask:
		r.note("ask %s", c.Kind)
	case flow.InvokeFunction:
		r.note("invoke %s", c.ARN)
	}
}

func (r *recorder) Closed(o player.Opened) {
	what := "over"
	if o.Cut {
		what = "cut"
	}
	switch o.Command.(type) {
	case flow.Say:
		r.note("say %s", what)
	case flow.Ask:
		r.note("ask %s", what)
	case flow.InvokeFunction:
		r.note("function %s %s", what, o.Reply.Payload)
	}
	if r.closed != nil {
		r.closed(o)
	}
}

func (r *recorder) Idle() {
	r.note("idle")
	if r.idle != nil {
		r.idle()
	}
}

// after answers every function with the same reply after a time.
type after struct {
	clock clock.Clock
	takes time.Duration
	reply player.Reply
}

func (a after) Invoke(flow.InvokeFunction) player.Reply {
	_ = a.clock.Sleep(context.Background(), a.takes)
	return a.reply
}

// voice takes a tenth of a second for each letter.
var voice = player.Estimate{
	Rate:    speech.DefaultRange().Middle(),
	Lengths: map[string]time.Duration{"Hello.": 2 * time.Second, "Press 1.": time.Second, "Bye.": time.Second},
}

func parse(t testing.TB, actions string) *flow.Flow { return compile(t, actions, flowlang.ContactFlow) }

func compile(t testing.TB, actions string, kind flowlang.Type) *flow.Flow {
	t.Helper()
	text := `{"Version":"2019-10-30","StartAction":"hello","Actions":[` + actions + `]}`
	read, err := flowlang.Parse("flow.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	f, found := flow.Compile(read.WithType(kind))
	if f == nil {
		t.Fatal(found)
	}
	return f
}

const (
	hello = `{"Identifier":"hello","Type":"MessageParticipant","Parameters":{"Text":"Hello."},
		"Transitions":{"NextAction":"menu","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},`
	menu = `{"Identifier":"menu","Type":"GetParticipantInput","Parameters":{"Text":"Press 1.","StoreInput":"False",
		"InputTimeLimitSeconds":"5"},"Transitions":{"NextAction":"end","Conditions":[{"NextAction":"fn","Condition":
		{"Operator":"Equals","Operands":["1"]}}],"Errors":[{"NextAction":"end","ErrorType":"InputTimeLimitExceeded"},
		{"NextAction":"end","ErrorType":"NoMatchingCondition"},{"NextAction":"end","ErrorType":"NoMatchingError"}]}},`
	function = `{"Identifier":"fn","Type":"InvokeLambdaFunction","Parameters":{"LambdaFunctionARN":"f",
		"InvocationTimeLimitSeconds":"8"},"Transitions":{"NextAction":"end","Errors":[
		{"NextAction":"bye","ErrorType":"NoMatchingError"}]}},`
	bye = `{"Identifier":"bye","Type":"MessageParticipant","Parameters":{"Text":"Bye."},
		"Transitions":{"NextAction":"end","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},`
	end = `{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}`
)

// play plays a flow on virtual time and returns what was observed.
func play(t *testing.T, f *flow.Flow, takes time.Duration, reply player.Reply, prepare func(*recorder)) []string {
	t.Helper()
	virtual := clock.NewVirtual(epoch)
	r := &recorder{clock: virtual, began: epoch}
	r.player = player.New(flow.NewContact(f, flow.Options{}), player.Options{
		Clock: virtual, Functions: after{clock: virtual, takes: takes, reply: reply}, Voice: voice, Observer: r,
	})
	if prepare != nil {
		prepare(r)
	}
	err := virtual.Run(func() {
		r.player.Connect(t.Context())
		_ = virtual.Wait(t.Context(), r.player.Done())
	})
	if err != nil {
		t.Error(err)
	}
	return r.lines
}

// presses lets the caller press a key as soon as the prompt of the menu is over.
func presses(key string) func(*recorder) {
	return func(r *recorder) {
		r.closed = func(o player.Opened) {
			if say, ok := o.Command.(flow.Say); ok && say.Text == "Press 1." {
				r.player.Do(func() { r.player.Advance(flow.Input{At: r.clock.Now(), Digits: key}) })
			}
		}
	}
}

func TestPlay(t *testing.T) {
	f := parse(t, hello+menu+function+bye+end)
	begins := []string{
		"0s enter hello", "0s say Hello. (2s)", "2s say over",
		"2s enter menu", "2s say Press 1. (1s)", "2s ask key", "3s say over",
	}
	pressed := []string{"3s ask cut", "3s enter fn", "3s invoke f"}
	returned := player.Reply{Payload: json.RawMessage(`{"a":"b"}`)}
	failed := player.Reply{Failed: true, ErrorType: "E", Payload: json.RawMessage(`{}`)}
	refused := player.Reply{Err: errors.New("no such function")}
	for _, test := range []struct {
		name    string
		takes   time.Duration
		reply   player.Reply
		prepare func(*recorder)
		want    []string
	}{
		{
			"nothing is pressed", 0, returned, nil,
			[]string{"8s ask cut", "8s enter end", "8s finish disconnected"},
		},
		{
			"a key, and a reply", time.Second, returned, presses("1"),
			append(slices.Clone(pressed), `4s function over {"a":"b"}`, "4.04s enter end",
				"4.04s finish disconnected"),
		},
		{
			"a reply that comes too late", time.Minute, returned, presses("1"),
			append(slices.Clone(pressed), "11s function cut ", "11s enter bye", "11s say Bye. (1s)", "12s say over",
				"12s enter end", "12s finish disconnected"),
		},
		{
			"an error", time.Second, failed, presses("1"),
			append(slices.Clone(pressed), "4s function over {}", "4.04s enter bye", "4.04s say Bye. (1s)",
				"5.04s say over", "5.04s enter end", "5.04s finish disconnected"),
		},
		{
			"refused, and not worth trying again", time.Second, refused, presses("1"),
			append(slices.Clone(pressed), "4s function over ", "4.04s enter bye", "4.04s say Bye. (1s)",
				"5.04s say over", "5.04s enter end", "5.04s finish disconnected"),
		},
		{
			"the caller hangs up", 0, returned,
			func(r *recorder) { r.clock.AfterFunc(2500*time.Millisecond, r.player.HangUp) },
			[]string{"2.5s say cut", "2.5s ask cut", "2.5s finish hung up"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := append(slices.Clone(begins), test.want...)
			if test.name == "the caller hangs up" {
				want = slices.Delete(want, len(begins)-1, len(begins))
			}
			if diff := cmp.Diff(want, play(t, f, test.takes, test.reply, test.prepare)); diff != "" {
				t.Errorf("observed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestIdle leaves a contact in a queue where its flow has ended and no agent comes: the observer is asked, once.
func TestIdle(t *testing.T) {
	f := compile(t, `{"Identifier":"hello","Type":"EndFlowExecution","Parameters":{},"Transitions":{}}`,
		flowlang.CustomerQueue)
	virtual := clock.NewVirtual(epoch)
	r := &recorder{clock: virtual, began: epoch}
	contact := flow.NewContact(f, flow.Options{World: flow.World{AgentAfter: -1}})
	r.player = player.New(contact, player.Options{Clock: virtual, Voice: voice, Observer: r})
	r.idle = r.player.HangUp
	if err := virtual.Run(func() {
		r.player.Connect(t.Context())
		_ = virtual.Wait(t.Context(), r.player.Done())
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"0s enter hello", "0s idle", "0s finish hung up"}, r.lines); diff != "" {
		t.Errorf("observed (-want +got):\n%s", diff)
	}
}

// TestContextEndsTheCall cancels the context from within: the caller hangs up at once, though on virtual time nobody
// waits.
func TestContextEndsTheCall(t *testing.T) {
	virtual := clock.NewVirtual(epoch)
	r := &recorder{clock: virtual, began: epoch}
	ctx, cancel := context.WithCancel(t.Context())
	r.closed = func(player.Opened) { cancel() }
	contact := flow.NewContact(parse(t, hello+menu+function+bye+end), flow.Options{})
	r.player = player.New(contact, player.Options{Clock: virtual, Voice: voice, Observer: r})
	if err := virtual.Run(func() {
		r.player.Connect(ctx)
		_ = virtual.Wait(t.Context(), r.player.Done())
	}); err != nil {
		t.Fatal(err)
	}
	if contact.Ended() != flow.EndingHungUp || virtual.Now().Sub(epoch) != 2*time.Second {
		t.Errorf("%s at %v:\n%s", contact.Ended(), virtual.Now().Sub(epoch), strings.Join(r.lines, "\n"))
	}
}

// TestManyCallersHoldNoGoroutine plays 2,000 calls on one clock that overlap in time: while they wait, there is no
// goroutine for each of them, and each is observed as if it were alone.
func TestManyCallersHoldNoGoroutine(t *testing.T) {
	f := parse(t, hello+menu+function+bye+end)
	alone := play(t, f, time.Second, player.Reply{Payload: json.RawMessage(`{}`)}, presses("1"))
	virtual := clock.NewVirtual(epoch)
	before, most := runtime.NumGoroutine(), 0
	recorders := make([]*recorder, 2000)
	for i := range recorders {
		r := &recorder{clock: virtual, began: epoch.Add(time.Duration(i) * time.Millisecond)}
		functions := after{clock: virtual, takes: time.Second, reply: player.Reply{Payload: json.RawMessage(`{}`)}}
		r.player = player.New(flow.NewContact(f, flow.Options{}), player.Options{
			Clock: virtual, Functions: functions, Voice: voice, Observer: r,
		})
		presses("1")(r)
		recorders[i] = r
		virtual.AfterFunc(r.began.Sub(epoch), func() { r.player.Connect(t.Context()) })
	}
	virtual.AfterFunc(1999500*time.Microsecond, func() { most = runtime.NumGoroutine() - before })
	if err := virtual.Run(func() {
		for _, r := range recorders {
			_ = virtual.Wait(t.Context(), r.player.Done())
		}
	}); err != nil {
		t.Fatal(err)
	}
	if most > 20 {
		t.Errorf("%d goroutines while 2,000 callers listen", most)
	}
	for i, r := range recorders {
		if diff := cmp.Diff(alone, r.lines); diff != "" {
			t.Fatalf("caller %d (-alone +among others):\n%s", i, diff)
		}
	}
}

// TestRealTime plays calls beside each other on the machine's clock; the race detector watches.
func TestRealTime(t *testing.T) {
	f := parse(t, hello+menu+function+bye+end)
	var players []*player.Player
	for range 20 {
		r := &recorder{clock: clock.Real{}, began: clock.Real{}.Now()}
		functions := after{clock: clock.Real{}, reply: player.Reply{Failed: true, ErrorType: "E"}}
		lengths := map[string]time.Duration{"Hello.": time.Millisecond, "Press 1.": 1, "Bye.": 1}
		brief := player.Estimate{Lengths: lengths}
		r.player = player.New(flow.NewContact(f, flow.Options{}), player.Options{
			Clock: clock.Real{}, Functions: functions, Voice: brief, Observer: r,
		})
		presses("1")(r)
		r.player.Connect(t.Context())
		players = append(players, r.player)
	}
	for _, p := range players {
		err := clock.Real{}.Wait(t.Context(), p.Done())
		if ending := p.Contact().Ended(); err != nil || ending != flow.EndingDisconnected {
			t.Error(err, ending)
		}
	}
}

// TestEstimate compares what is known of lengths with what is estimated.
func TestEstimate(t *testing.T) {
	e := player.Estimate{
		Rate:       speech.DefaultRange().Middle(),
		Lengths:    map[string]time.Duration{"Good day": time.Second, "ring": 2 * time.Second},
		Recordings: map[string]time.Duration{"ring": 3 * time.Second, "arn:prompt/wait": 4 * time.Second},
		Unknown:    5 * time.Second,
	}
	for _, test := range []struct {
		say             flow.Say
		text            string
		length          time.Duration
		recorded, known bool
	}{
		{flow.Say{Text: "Good \n day"}, "Good day", time.Second, false, true},
		{flow.Say{SSML: `<speak>Good day<break time="3s"/></speak>`}, "Good day", 4 * time.Second, false, true},
		{flow.Say{SSML: `<speak><break time="3s"/></speak>`}, "", 3 * time.Second, false, true},
		{flow.Say{SSML: "Good day"}, "Good day", time.Second, false, true},
		{flow.Say{Text: " "}, "", 0, false, true},
		{flow.Say{PromptID: "arn:prompt/ring"}, "ring", 2 * time.Second, true, true},
		{flow.Say{PromptID: "arn:prompt/wait"}, "wait", 4 * time.Second, true, true},
		{flow.Say{Media: "s3://bucket/other.wav"}, "other.wav", 5 * time.Second, true, false},
	} {
		u := e.Utterance(test.say)
		if u.Text() != test.text || u.Length() != test.length || u.Recorded != test.recorded || u.Known != test.known {
			t.Errorf("%+v: %+v, %q, %v", test.say, u, u.Text(), u.Length())
		}
	}
}
