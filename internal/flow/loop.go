package flow

import (
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// runLoop counts the arrivals at one identifier: ContinueLooping LoopCount times, then DoneLooping once, then the
// counter starts again (developer guide, Loop).
func runLoop(c *Contact, f *frame, a *flowlang.Action) outcome {
	limit, fault := c.number(f, a, "LoopCount")
	if fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	key := loopKey(f.Flow, a.Identifier)
	if c.state.Loops[key] >= limit {
		delete(c.state.Loops, key)
		return result(flowlang.DoneLooping)
	}
	c.state.Loops[key]++
	return result(flowlang.ContinueLooping)
}

func loopKey(flow, identifier string) string { return flow + "\n" + identifier }

// resetLoops handles the counters of a flow or module that is entered again.
func (c *Contact) resetLoops(flow string) {
	prefix := loopKey(flow, "")
	for key := range c.state.Loops {
		if !strings.HasPrefix(key, prefix) {
			continue
		}
		c.rest("loop_counter")
		if c.state.Assumptions.LoopCounter == LoopCounterReset {
			delete(c.state.Loops, key)
		}
	}
}
