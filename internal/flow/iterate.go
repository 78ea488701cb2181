package flow

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// runIterated plays messages in turn, for ever, until the interrupt, an agent or the caller ends it (block page of Loop
// prompts).
func runIterated(c *Contact, f *frame, a *flowlang.Action) outcome {
	if c.state.Options.Channel != Voice {
		return failure(flowlang.NoMatchingError, "iterated messages are for voice only")
	}
	messages := a.Param("Messages")
	if !messages.Is(source.Array) || len(messages.Items) == 0 {
		return failure(flowlang.NoMatchingError, "No prompt provided")
	}
	if given := f.given(); given != "" {
		return c.interrupted(f, a, given)
	}
	f.Work.Message = c.firstMessage(f, a, len(messages.Items))
	if every, fault := c.seconds(f, a, "InterruptFrequencySeconds"); fault == "" {
		f.Work.Timer = c.timer(f, every)
	}
	c.resetChainAudibly()
	return c.nextMessage(f, a)
}

// firstMessage is where the messages begin: at the first, or, resumed with ContinueMessagingDuringInterrupt, where
// they were.
func (c *Contact) firstMessage(f *frame, a *flowlang.Action, n int) int {
	if f.Heard == a.Identifier && a.Is("ContinueMessagingDuringInterrupt") {
		return f.Index % n
	}
	return 0
}

func (c *Contact) nextMessage(f *frame, a *flowlang.Action) outcome {
	items := a.Param("Messages").Items
	say, _ := c.message(f, a, items[f.Work.Message%len(items)])
	if fault := c.fault(say); fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	c.play(f, say)
	return waiting
}

func resumeIterated(c *Contact, f *frame, a *flowlang.Action, ev Event) outcome {
	if _, ok := ev.(Said); ok {
		f.Work.Message++
		if c.tooMany(f, a) {
			return moved
		}
		return c.nextMessage(f, a)
	}
	return c.interrupted(f, a, flowlang.MessagesInterrupted)
}

// interrupted leaves the messages for a while; EndFlowExecution comes back to them.
func (c *Contact) interrupted(f *frame, a *flowlang.Action, value string) outcome {
	f.Prompt, f.Heard, f.Index = a.Identifier, a.Identifier, f.Work.Message
	return result(value)
}
