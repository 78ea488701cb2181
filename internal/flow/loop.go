package flow

import (
	"fmt"
	"strconv"
	"strings"
)

const maxLoop = 100 // developer guide, Loop

// runLoop counts the arrivals at one identifier: ContinueLooping LoopCount times, then DoneLooping once, then the counter
// begins anew (developer guide, Loop).
func runLoop(c *Contact, f *frame, a *Action) outcome {
	text := c.value(f, a, "LoopCount")
	limit, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || limit < 0 || limit > maxLoop {
		return failure(NoMatchingError, fmt.Sprintf("LoopCount is %q, not a number from 0 to 100", text))
	}
	key := loopKey(f.Flow, a.Identifier)
	if c.state.Loops[key] >= limit {
		delete(c.state.Loops, key)
		return result("DoneLooping")
	}
	c.state.Loops[key]++
	return result("ContinueLooping")
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
		if c.state.Assumptions.LoopCounter == "reset" {
			delete(c.state.Loops, key)
		}
	}
}
