package flow

import (
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// eventBranch is an event that ends a Wait, and the branch that it takes.
type eventBranch struct {
	Name         string
	InvocationID string
}

// runWait waits for a time or for events, and meanwhile runs its Continue branch if it has one.
func runWait(c *Contact, f *frame, a *flowlang.Action) outcome {
	if c.waitBelow(f) != nil {
		return failure(flowlang.NoMatchingError, "Unsupported Action In Wait Action's Continue Branch")
	}
	limit, fault := c.seconds(f, a, "TimeLimitSeconds")
	if fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	if given := f.given(); given != "" && given != flowlang.Continue {
		return result(given)
	}
	if fault := c.waitFault(f, a); fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	f.Work.Branches = c.eventBranches(f, a)
	if name, ok := c.earlyEvent(f); ok {
		return result(name)
	}
	f.Work.Timer = c.timer(f, limit)
	c.beginContinue(f, a)
	return waiting
}

// waitFault says why a Wait cannot run here: on voice only in inbound flows, and only with Continue or an event (admin
// guide, "Wait").
func (c *Contact) waitFault(f *frame, a *flowlang.Action) string {
	fault := ""
	switch {
	case c.state.Options.Channel != Voice:
	case f.flow.Type != flowlang.ContactFlow && f.flow.Type != flowlang.Module:
		fault = "on voice, Wait works in inbound flows only"
	case !continues(a) && a.Param("InterruptibleEvents") == nil:
		fault = "on voice, Wait needs a Continue branch or an event"
	}
	if fault == "" {
		return ""
	}
	c.rest("wait_on_voice")
	if c.state.Assumptions.WaitOnVoice == WaitOnVoiceWait {
		return ""
	}
	return fault
}

// continues reports whether the flow continues during a Wait.
func continues(a *flowlang.Action) bool { return a.Is(flowlang.ContinueExecution) }

// eventBranches reads InterruptibleEvents (export): branch → event type → identifier.
func (c *Contact) eventBranches(f *frame, a *flowlang.Action) []eventBranch {
	var list []eventBranch
	events := a.Param("InterruptibleEvents")
	if !events.Is(source.Object) {
		return nil
	}
	for _, m := range events.Members {
		id, _ := c.resolve(f, m.Value.Get("AsyncLambdaCompletionEvent").Get("Identifier").Scalar())
		list = append(list, eventBranch{Name: m.Key, InvocationID: id})
	}
	return list
}

// earlyEvent returns the branch of a function that returned before its Wait began.
func (c *Contact) earlyEvent(f *frame) (name string, ok bool) {
	for _, b := range f.Work.Branches {
		for _, call := range c.state.Async {
			if call.RequestID != b.InvocationID || call.Status == asyncRunning {
				continue
			}
			c.rest("early_event")
			if c.state.Assumptions.EarlyEvent == EarlyEventMissed || c.silentFailure(call) {
				continue
			}
			return b.Name, true
		}
	}
	return "", false
}

func (c *Contact) silentFailure(call *asyncCall) bool {
	if call.Status != asyncFailed {
		return false
	}
	c.rest("failed_async")
	return c.state.Assumptions.FailedAsync == FailedAsyncSilent
}

func (c *Contact) beginContinue(f *frame, a *flowlang.Action) {
	if !continues(a) {
		return
	}
	minimum, _ := c.seconds(f, a, "MinimumWaitTimeSeconds")
	c.rest("minimum_wait")
	f.Work.Limit = minimum
	if c.state.Assumptions.MinimumWait != MinimumWaitContinueAfter {
		c.pushContinue(f)
	}
	if c.state.Assumptions.MinimumWait != MinimumWaitNoEffect {
		f.Work.Second = c.timer(f, minimum)
	}
}

func (c *Contact) pushContinue(f *frame) {
	if next := c.continueTarget(f); next != "" {
		c.emit(Take{Flow: f.flow, Action: f.current(), Branch: flowlang.Continue, Next: next})
		c.push(continueFrame, f.Flow, f.flow, f.Scope, next)
	}
}

// continueTarget is the first action of a Wait's Continue branch.
func (c *Contact) continueTarget(f *frame) string {
	if b := f.current().Result(flowlang.Continue); b != nil {
		return b.To.Identifier
	}
	return ""
}

func resumeWait(c *Contact, f *frame, _ *flowlang.Action, ev Event) outcome {
	e, _ := ev.(TimerFired)
	switch {
	case e.ID == f.Work.Timer:
		return result(flowlang.WaitCompleted)
	case f.Work.Pending != "":
		return result(f.Work.Pending)
	case c.state.Assumptions.MinimumWait == MinimumWaitContinueAfter:
		c.pushContinue(f)
	}
	return waiting
}

// waitEvent takes the branch of an event, now or as soon as an assumption lets it.
func (c *Contact) waitEvent(f *frame, name string) {
	early := c.isOpen(f.Work.Second) && c.state.Assumptions.MinimumWait == MinimumWaitEventAfter
	if early || c.mustFinish(f) {
		f.Work.Pending = name
		return
	}
	c.apply(f, f.current(), result(name))
}

// customerReturned ends a Wait for a customer who writes in the chat (block page, Wait).
func (c *Contact) customerReturned() {
	for _, f := range c.state.Frames {
		if a := f.current(); a != nil && a.Type == flowlang.Wait && c.isOpen(f.Work.Timer) && waitsForCustomer(a) {
			c.waitEvent(f, flowlang.CustomerReturned)
			return
		}
	}
}

func waitsForCustomer(a *flowlang.Action) bool {
	return slices.ContainsFunc(a.Param("Events").Elements(), func(n *source.Node) bool {
		return n.Scalar() == flowlang.CustomerReturned
	})
}

// mustFinish reports whether the Continue branch is playing something that is not to be cut short.
func (c *Contact) mustFinish(f *frame) bool {
	for _, above := range c.state.Frames[f.Depth+1:] {
		if c.isOpen(above.Work.Say) {
			c.rest("continue_prompt")
			return c.state.Assumptions.ContinuePrompt == ContinuePromptFinish
		}
	}
	return false
}

// waitBelow returns the frame of the Wait in whose Continue branch a frame runs, nil when it does not.
func (c *Contact) waitBelow(f *frame) *frame {
	for _, fr := range c.state.Frames[:f.Depth+1] {
		if fr.Kind == continueFrame {
			return c.state.Frames[fr.Depth-1]
		}
	}
	return nil
}

// seconds reads a parameter that is a number of seconds. fault says what is wrong with it.
func (c *Contact) seconds(f *frame, a *flowlang.Action, name string) (d time.Duration, fault string) {
	n, fault := c.number(f, a, name)
	return time.Duration(n) * time.Second, fault
}

// number reads a parameter that is a whole number, static or a reference. fault says what is wrong with it.
func (c *Contact) number(f *frame, a *flowlang.Action, name string) (n int, fault string) {
	text := c.value(f, a, name)
	parameter := a.Kind.Parameter(name)
	n, ok := parameter.Whole(text)
	if !ok {
		fault = name + " " + parameter.OutOfRange(text)
	}
	return n, fault
}
