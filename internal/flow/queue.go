package flow

import (
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
)

const (
	maxQueueTransfers = 11 // a chain has at most 12 contacts (admin guide)
	maxWhisper        = 2 * time.Minute
)

// queueName is what $.Queue.Name shows: the last part of the queue's ARN, since the name itself is not in the flow.
func (c *Contact) queueName() string {
	return c.state.Queue[strings.LastIndexByte(c.state.Queue, '/')+1:]
}

func (s *state) callbackNumber() string {
	if s.Callback != "" {
		return s.Callback
	}
	return s.Options.CustomerNumber
}

// runSetQueue sets the working queue. The contact does not move.
func runSetQueue(c *Contact, f *frame, a *flowlang.Action) outcome {
	queue := c.destination(f, a)
	if queue == "" {
		return failure(flowlang.NoMatchingError, "the queue has no value")
	}
	c.state.Queue = queue
	return success
}

func (c *Contact) destination(f *frame, a *flowlang.Action) string {
	if queue := c.value(f, a, "QueueId"); queue != "" {
		return queue
	}
	return c.value(f, a, "AgentId")
}

// runQueue transfers the contact to its working queue. From then on the customer queue flow runs, until an agent is
// free.
func runQueue(c *Contact, f *frame, a *flowlang.Action) outcome {
	if c.state.Queue == "" {
		return failure(flowlang.NoMatchingError, "no working queue is set")
	}
	c.enterQueue(a)
	return moved
}

// runDequeue moves a queued contact to another queue.
func runDequeue(c *Contact, f *frame, a *flowlang.Action) outcome {
	queue := c.destination(f, a)
	switch {
	case queue == "":
		return failure(flowlang.NoMatchingError, "the queue has no value")
	case c.state.Transfers >= maxQueueTransfers:
		c.note(a, NoteLimit, "a contact can be moved from queue to queue 11 times")
		return failure(flowlang.NoMatchingError, "too many transfers from queue to queue")
	}
	c.state.Transfers++
	c.state.Queue = queue
	c.enterQueue(a)
	return moved
}

func (c *Contact) enterQueue(a *flowlang.Action) {
	c.state.Keys = "" // block page: a transfer to a queue clears the buffer of keys
	c.emit(Transfer{Action: a, Kind: ToQueue, To: c.state.Queue})
	key, queueFlow := c.findFlow(c.state.Hooks["CustomerQueue"])
	if queueFlow == nil {
		reason := "to the queue " + c.queueName() + "; its customer queue flow is not part of the call"
		c.finish(Finish{Ending: EndingTransferred, Reason: reason, Action: a})
		return
	}
	c.drop()
	c.resetLoops(key)
	c.awaitAgent()
	c.push(queueFrame, key, queueFlow, 0, queueFlow.Start.Identifier)
}

// awaitAgent sets the moment at which an agent takes the contact.
func (c *Contact) awaitAgent() {
	c.close(c.state.Agent)
	c.state.Agent = ""
	after := c.state.Options.World.AgentAfter
	if guide := c.state.Options.Guide; guide != nil {
		if wait, ok := guide.Queued(c.state.Now); ok {
			after = wait
		}
	}
	if after > 0 {
		c.state.Agent = c.timer(nil, after)
	}
}

// agentTakes ends the queue flow: the customer whisper flow runs if one is known, then the two are connected.
func (c *Contact) agentTakes() {
	a := c.current()
	c.state.Agent = ""
	c.drop()
	key, whisper := c.findFlow(c.state.Hooks["CustomerWhisper"])
	if whisper == nil {
		c.connectAgent(a)
		return
	}
	c.push(whisperFrame, key, whisper, 0, whisper.Start.Identifier)
	c.state.Whisper = c.timer(nil, maxWhisper)
}

// whisperLate disconnects a contact whose whisper flow does not end (admin guide: within 2 minutes).
func (c *Contact) whisperLate() {
	c.note(c.current(), NoteLimit, "a whisper flow must end within 2 minutes")
	c.finish(Finish{
		Ending: EndingDisconnected, Reason: "the whisper flow took longer than 2 minutes", Action: c.current(),
	})
}

func (c *Contact) connectAgent(a *flowlang.Action) {
	c.emit(Transfer{Action: a, Kind: ToAgent})
	c.finish(Finish{Ending: EndingTransferred, Reason: "to an agent", Action: a})
}

// runToAgent passes the contact to the agent whose transfer flow this is.
func runToAgent(c *Contact, f *frame, a *flowlang.Action) outcome {
	c.connectAgent(a)
	return moved
}

// runCallback puts a callback into a queue; this contact continues.
func runCallback(c *Contact, f *frame, a *flowlang.Action) outcome {
	queue := c.destination(f, a)
	if queue == "" {
		queue = c.state.Queue
	}
	switch {
	case queue == "":
		return failure(flowlang.NoMatchingError, "no queue is set")
	case c.state.Options.Channel == Chat:
		return failure(flowlang.NoMatchingError, "callbacks are not for chat")
	case c.state.callbackNumber() == "" && c.state.Options.Guide == nil: // a record need not have it
		return failure(flowlang.NoMatchingError, "there is no number to call back")
	}
	c.emit(Transfer{Action: a, Kind: ToCallback, To: queue})
	return success
}

// runSetCallback sets the number that a callback dials.
func runSetCallback(c *Contact, f *frame, a *flowlang.Action) outcome {
	number := c.value(f, a, "CallbackNumber")
	if c.state.Options.Channel != Voice || !dialable(number) {
		return failure(flowlang.InvalidCallbackNumber, "this is not a phone number")
	}
	c.state.Callback = number
	return success
}

func dialable(number string) bool {
	digits := strings.TrimPrefix(number, "+")
	return len(digits) >= 3 && len(digits) <= 15 && strings.Trim(digits, "0123456789") == ""
}
