package lint

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// maxPlayed and maxRun end a play of a flow that waits for ever.
const (
	maxPlayed = 2 * time.Hour
	maxRun    = 100_000
)

// patience is what a flow was seen to do while a function never ends.
type patience struct {
	checks  int
	first   time.Duration    // when the first check was served
	last    time.Duration    // when the last check was served
	longest time.Duration    // from the start to the last check, when both are served: longer functions cannot succeed
	endless bool             // the flow did not give up
	gaveUp  bool             // count passed count_max
	loop    *flowlang.Action // the Loop that was last done
	unknown bool             // a prompt was played whose length is not known
}

// play plays a flow with an async function whose executions never end, and a caller who does nothing. It returns
// false for a flow that cannot be played, or in which no check is made.
func (p *Pass) play() (patience, bool) {
	if p.played == nil {
		seen := p.playOnce()
		p.played = &seen
	}
	return *p.played, p.played.checks > 0
}

// Serves says in a sentence how long a function may take that a flow with the asynchronous protocol waits for, and
// how long the work may take as far as that is known; "" for flows without the protocol.
func Serves(s Setup) string {
	if s.Flow == nil {
		return ""
	}
	p := &Pass{Setup: &s}
	seen, played := p.play()
	if !played {
		return ""
	}
	waits := fmt.Sprintf("up to %.1f s for a function (%s)", seen.longest.Seconds(), seen.counted())
	switch {
	case seen.endless:
		waits = "for a function of any length"
	case seen.unknown:
		waits = fmt.Sprintf("at least %.1f s for a function (%s, prompts of unknown length)", seen.longest.Seconds(),
			seen.counted())
	}
	text := s.Flow.File + " waits " + waits
	if limit, job := p.jobTimeout(); limit > 0 {
		text += fmt.Sprintf("; %s may take %s", job, source.FormatDuration(limit))
	}
	return text + "."
}

// counted says how many checks there were.
func (s patience) counted() string {
	if s.checks == 1 {
		return "1 check"
	}
	return fmt.Sprintf("%d checks", s.checks)
}

func (p *Pass) playOnce() patience {
	parsed, _ := flow.Compile(p.Flow.Flow)
	if parsed == nil || len(p.Flow.protocol.checks) == 0 || !p.Flow.isWayKnown() {
		return patience{}
	}
	assumed := flow.DefaultAssumptions()
	assumed.ActionGuard = maxRun
	contact := flow.NewContact(parsed, flow.Options{
		CustomerNumber: "+15550100", Channel: p.Flow.channel(), Attributes: p.given(), Queue: "queue",
		World: flow.World{AgentAfter: -1}, Assumptions: &assumed, Seed: 1,
	})
	virtual := clock.NewVirtual(time.Time{})
	w := &waiting{pass: p, clock: virtual, own: assumed.ConnectTime(), spoken: map[*flowlang.Action]bool{}}
	w.player = player.New(contact, player.Options{
		Clock: virtual, Functions: w, Observer: w,
		Voice: player.Estimate{Rate: speech.DefaultRange().Fast, Recordings: p.Recordings,
			Lengths: p.Lengths},
	})
	err := virtual.Run(func() {
		w.player.Connect(context.Background())
		virtual.AfterFunc(maxPlayed, w.giveUp)
		_ = virtual.Wait(context.Background(), w.player.Done())
	})
	if err != nil {
		panic(err) // giveUp ends every play
	}
	for a := range w.spoken {
		w.seen.unknown = w.seen.unknown || !isSpeechKnown(a)
	}
	return w.seen
}

// channel is chat for flows with a plain Wait, which fails on voice (admin guide, Wait), else voice.
func (f *Flow) channel() flow.Channel {
	for _, a := range f.OfType(flowlang.Wait) {
		if f.Reaches(a) && !a.Is(flowlang.ContinueExecution) && a.Param("InterruptibleEvents") == nil {
			return flow.Chat
		}
	}
	return flow.Voice
}

// given gives every contact attribute that the flow reads some value, so that ids which come from before the flow are
// there. What the async function would not take as a parameter is left unset.
func (p *Pass) given() map[string]string {
	values := map[string]string{}
	give := func(n *source.Node, value string) {
		for _, path := range flowlang.References(n.Text) {
			if path[0] == "Attributes" && len(path) == 2 {
				values[path[1]] = value
			}
		}
	}
	for _, a := range p.Flow.Actions {
		a.Parameters.EachText(func(n *source.Node) { give(n, "given") })
	}
	for _, a := range p.Flow.protocol.all() {
		for _, m := range a.Param("LambdaInvocationAttributes").Entries() {
			switch {
			case isInput(m.Key, async.ParamExecutionID):
				give(m.Value, endlessExecution)
			case async.IsParameter(m.Key):
				give(m.Value, "")
			}
		}
	}
	return values
}

// waiting is a caller who does nothing but wait, in a call in which no execution ever ends. Times count from the
// beginning.
type waiting struct {
	pass    *Pass
	clock   *clock.Virtual
	player  *player.Player
	own     time.Duration // what the contact adds to the time of each function
	started time.Duration // when the last start was served
	tooLong bool
	spoken  map[*flowlang.Action]bool
	seen    patience
}

func (w *waiting) now() time.Duration { return w.clock.Now().Sub(time.Time{}) }

// giveUp ends a call that seems to go on for ever.
func (w *waiting) giveUp() {
	w.player.Do(func() { w.tooLong = true })
	w.player.HangUp()
}

// Idle implements player.Observer: a caller for whom nothing can happen any more hangs up.
func (w *waiting) Idle() { w.player.HangUp() }

// Opened implements player.Observer.
func (w *waiting) Opened(o player.Opened) {
	say, ok := o.Command.(flow.Say)
	if ok && say.ID != "" {
		w.seen.unknown = w.seen.unknown || !o.Utterance.Known
		w.spoken[say.Action] = true
	}
}

// Closed implements player.Observer.
func (w *waiting) Closed(player.Opened) {}

// Command implements player.Observer.
func (w *waiting) Command(command flow.Command) {
	switch c := command.(type) {
	case flow.Take:
		if c.Branch == flowlang.DoneLooping {
			w.seen.loop = w.pass.Flow.Action(c.Action.Identifier)
		}
	case flow.Finish:
		w.seen.endless = w.tooLong || c.Ending == flow.EndingGuard
	}
}

// callTakes is how long Connect waits at least for the reply of a function, measured with the original system.
const callTakes = 150 * time.Millisecond

// Invoke implements player.Functions: the async function answers as it does while the work runs, any other one with
// an empty reply.
func (w *waiting) Invoke(c flow.InvokeFunction) player.Reply {
	began := w.now()
	a, payload := w.pass.Flow.Action(c.Action.Identifier), []byte("{}")
	if slices.Contains(w.pass.Flow.protocol.all(), a) {
		payload = w.ask(a, c)
	}
	_ = w.clock.Sleep(context.Background(), callTakes-w.own-(w.now()-began))
	return player.Reply{Payload: payload}
}

// ask calls the async function, and notes when a start or a check was served.
func (w *waiting) ask(a *flowlang.Action, c flow.InvokeFunction) []byte {
	work := &endless{clock: w.clock}
	config := async.Config{
		Jobs: []async.Job{{StateMachineARN: endlessMachine}}, ExpectedCallers: w.pass.callers(),
		PrefixedNames: w.pass.Project != nil && w.pass.Project.Deploy.PrefixedNames(),
	}
	function := async.New(config, work, nil, w.clock)
	payload, err := function.Handle(context.Background(), c.RequestID, c.Event)
	if err != nil {
		panic(err) // every fault is a reply
	}
	switch served := work.served.Sub(time.Time{}); {
	case work.served.IsZero():
	case w.pass.Flow.protocol.isStart(a):
		w.started = served
	case w.pass.Flow.protocol.isCheck(a):
		w.checked(served, payload)
	}
	return payload
}

// checked notes a check.
func (w *waiting) checked(served time.Duration, payload []byte) {
	if w.seen.checks++; w.seen.checks == 1 {
		w.seen.first = served
	}
	w.seen.last = served
	w.seen.longest = max(w.seen.longest, served-w.started)
	var reply map[string]any
	if err := json.Unmarshal(payload, &reply); err == nil && reply[async.KeyError] == async.GaveUp {
		w.seen.gaveUp = true
	}
}

// The one state machine of the play, and an execution of it that began before the flow.
const (
	endlessMachine   = "arn:aws:states:us-east-1:111122223333:stateMachine:endless"
	endlessExecution = "arn:aws:states:us-east-1:111122223333:execution:endless:given"
)

// servedAfter is how long a request of the async function travels to Step Functions, measured with the original system.
const servedAfter = 100 * time.Millisecond

// endless is Step Functions with executions that never end, as one invocation of the async function sees it.
type endless struct {
	clock  *clock.Virtual
	served time.Time // when the last request was served
}

func (e *endless) serve(ctx context.Context) error {
	err := e.clock.Sleep(ctx, servedAfter)
	e.served = e.clock.Now()
	return err
}

// Start implements async.Executions.
func (e *endless) Start(ctx context.Context, in async.StartInput) (string, error) {
	prefix := strings.Replace(in.StateMachineARN, ":stateMachine:", ":execution:", 1)
	return prefix + ":" + in.Name, e.serve(ctx)
}

// Describe implements async.Executions.
func (e *endless) Describe(ctx context.Context, _ string) (async.Execution, error) {
	return async.Execution{Status: async.ExecutionRunning}, e.serve(ctx)
}

// Stop implements async.Executions.
func (e *endless) Stop(ctx context.Context, _, _, _ string) error { return e.serve(ctx) }

// wholeOf reads a parameter of a flow as a whole number.
func wholeOf(n *source.Node, otherwise int) int {
	if n, err := strconv.Atoi(strings.TrimSpace(n.Scalar())); err == nil {
		return n
	}
	return otherwise
}
