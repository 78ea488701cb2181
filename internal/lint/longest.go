package lint

import (
	"container/heap"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Times of a call of the async function, those with which the original system was measured: Connect gets the reply after 150 ms,
// Step Functions is asked after 100 ms.
const (
	callTakes = 150 * time.Millisecond
	servedAt  = 100 * time.Millisecond
)

// maxPlayed and maxEvents end a play of a flow that waits for ever.
const (
	maxPlayed = 2 * time.Hour
	maxEvents = 100_000
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
	unknown bool             // a recording was played whose length is not known
}

// play plays a flow on the flow engine with an async function that always answers RUNNING, and a caller who does nothing. It
// returns false for a flow that cannot be played, or in which no check is made.
func (p *Pass) play() (patience, bool) {
	if p.played == nil {
		seen := p.playOnce()
		p.played = &seen
	}
	return *p.played, p.played.checks > 0
}

// Serves says in a sentence how long a function may take that a flow with the asynchronous protocol waits for, and how long the work
// may take as far as that is known; "" for flows without the protocol.
func Serves(s Setup) string {
	if s.Flow == nil {
		return ""
	}
	p := &Pass{Setup: &s}
	seen, played := p.play()
	if !played {
		return ""
	}
	waits := fmt.Sprintf("up to %.1f s, with %d checks", seen.longest.Seconds(), seen.checks)
	switch {
	case seen.endless:
		waits = "any length"
	case seen.unknown:
		waits = fmt.Sprintf("at least %.1f s (there are recordings of unknown length), with %d checks", seen.longest.Seconds(), seen.checks)
	}
	text := s.Flow.File + " serves functions of " + waits
	if limit, job := p.jobTimeout(); limit > 0 {
		text += fmt.Sprintf("; %s may take %v", job, limit)
	}
	return text + "."
}

func (p *Pass) playOnce() patience {
	parsed, _ := flow.Compile(p.Flow.Flow)
	if parsed == nil || len(p.Flow.protocol.checks) == 0 {
		return patience{}
	}
	assumed := flow.DefaultAssumptions()
	assumed.ActionGuard = maxEvents
	c := &played{pass: p, contact: flow.NewContact(parsed, flow.Options{CustomerNumber: "+15550100", Channel: p.Flow.channel(),
		Attributes: p.given(), Queue: "queue", World: flow.World{AgentAfter: -1}, Assumptions: &assumed, Seed: 1})}
	c.run()
	return c.seen
}

// channel is chat for flows with a plain Wait, which fails on voice (admin guide, Wait), else voice.
func (f *Flow) channel() flow.Channel {
	for _, a := range f.OfType(flowlang.Wait) {
		if f.Reaches(a) && !a.Is("ContinueExecution") && a.Param("InterruptibleEvents") == nil {
			return flow.Chat
		}
	}
	return flow.Voice
}

// given gives every contact attribute that the flow reads some value, so that ids which come from before the flow are there.
func (p *Pass) given() map[string]string {
	values := map[string]string{}
	for _, a := range p.Flow.Actions {
		a.Parameters.EachText(func(n *source.Node) {
			for _, path := range flowlang.References(n.Text) {
				if path[0] == "Attributes" && len(path) == 2 {
					values[path[1]] = "given"
				}
			}
		})
	}
	return values
}

// played is a play of a flow. Time is a sum, from event to event.
type played struct {
	pass     *Pass
	contact  *flow.Contact
	now      time.Duration
	events   []playedEvent
	order    int
	finished bool
	started  time.Duration // when the last start was served
	seen     patience
}

type playedEvent struct {
	at    time.Duration
	order int
	id    string
	event func(time.Time) flow.Event
}

// played is the heap of its own events.
func (c *played) Len() int      { return len(c.events) }
func (c *played) Swap(i, j int) { c.events[i], c.events[j] = c.events[j], c.events[i] }
func (c *played) Push(x any)    { c.events = append(c.events, x.(playedEvent)) }
func (c *played) Less(i, j int) bool {
	a, b := c.events[i], c.events[j]
	return a.at < b.at || a.at == b.at && a.order < b.order
}

func (c *played) Pop() any {
	last := c.events[len(c.events)-1]
	c.events = c.events[:len(c.events)-1]
	return last
}

func (c *played) later(after time.Duration, id string, event func(time.Time) flow.Event) {
	c.order++
	heap.Push(c, playedEvent{c.now + after, c.order, id, event})
}

func (c *played) run() {
	var epoch time.Time
	c.later(0, "", func(at time.Time) flow.Event { return flow.Connected{At: at} })
	for count := 0; len(c.events) > 0 && !c.finished; count++ {
		next := heap.Pop(c).(playedEvent)
		c.now = next.at
		if c.now > maxPlayed || count > maxEvents {
			c.seen.endless = true
			return
		}
		for _, command := range c.contact.Advance(next.event(epoch.Add(c.now))) {
			c.perform(command)
		}
	}
}

func (c *played) perform(command flow.Command) {
	switch k := command.(type) {
	case flow.Say:
		if k.ID != "" {
			c.later(c.length(k), k.ID, func(at time.Time) flow.Event { return flow.Said{At: at, ID: k.ID} })
		}
	case flow.SetTimer:
		c.later(k.At.Sub(time.Time{})-c.now, k.ID, func(at time.Time) flow.Event { return flow.TimerFired{At: at, ID: k.ID} })
	case flow.InvokeFunction:
		c.invoke(k)
	case flow.StopSaying:
		c.forget(k.ID)
	case flow.Cancel:
		c.forget(k.ID)
	case flow.Take:
		if k.Branch == flowlang.DoneLooping {
			c.seen.loop = c.pass.Flow.Action(k.Action.Identifier)
		}
	case flow.Finish:
		c.finished = true
		c.seen.endless = k.Ending == flow.EndingGuard
	}
}

func (c *played) forget(id string) {
	for i := range c.events {
		if c.events[i].id == id {
			heap.Remove(c, i)
			return
		}
	}
}

// length is how long a prompt takes.
func (c *played) length(k flow.Say) time.Duration {
	recording := k.PromptID + k.Media
	length, known := c.pass.Recordings[recording]
	if !known {
		length, known = c.pass.Recordings[recording[strings.LastIndexByte(recording, '/')+1:]]
	}
	if recording != "" && !known {
		c.seen.unknown = true
	}
	return saying(k.Text, k.SSML, length)
}

// invoke answers a function: the async function as it would while the work runs, any other with an empty reply.
func (c *played) invoke(k flow.InvokeFunction) {
	a := c.pass.Flow.Action(k.Action.Identifier)
	var event struct {
		Details struct{ Parameters map[string]any }
	}
	if json.Unmarshal(k.Event, &event) != nil {
		return
	}
	reply, takes := map[string]string{}, callTakes
	switch given := event.Details.Parameters; {
	case c.pass.Flow.protocol.isStart(a):
		c.started = c.now + servedAt
		reply = running("CREATED", 1, given)
	case c.pass.Flow.protocol.isCheck(a):
		reply, takes = c.check(given)
	}
	payload, err := json.Marshal(reply)
	if err != nil {
		return
	}
	c.later(takes, k.ID, func(at time.Time) flow.Event { return flow.FunctionReturned{At: at, ID: k.ID, Payload: payload} })
}

// check counts one check, as the contract has it.
func (c *played) check(given map[string]any) (reply map[string]string, takes time.Duration) {
	held := time.Duration(whole(given["hold_seconds"], 0)) * time.Second
	count, most := whole(given["count"], 0)+1, whole(given["count_max"], defaultCountMax)
	served := c.now + servedAt + held
	if c.seen.checks++; c.seen.checks == 1 {
		c.seen.first = served
	}
	c.seen.last = served
	c.seen.longest = max(c.seen.longest, served-c.started)
	if count > most {
		c.seen.gaveUp = true
		reply = running("LOOP_DONE", count, given)
		reply["sfn_result"], reply["sfn_error"], reply["count"] = "FAILURE", "GaveUp", "DONE"
		return reply, callTakes
	}
	return running("RUNNING", count, given), callTakes + held
}

// running is the reply while the work runs (docs/contract.md).
func running(status string, count int, given map[string]any) map[string]string {
	every := whole(given["count_comfort"], defaultCountComfort)
	comfort := every > 0 && count%every == 0
	return map[string]string{"execution_id": "execution", "status": status, "sfn_result": "", "comfort": strconv.FormatBool(comfort),
		"count": strconv.Itoa(count), "sfn_status": "RUNNING", "sfn_error": "none", "sfn_cause": "none", "sfn_degraded": "false"}
}

// Defaults of the contract.
const (
	defaultCountMax     = 5
	defaultCountComfort = 10
)

// whole reads a parameter of the async function as a whole number.
func whole(value any, otherwise int) int {
	text, _ := value.(string)
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		return n
	}
	if n, ok := value.(float64); ok {
		return int(n)
	}
	return otherwise
}
