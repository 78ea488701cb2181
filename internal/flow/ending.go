package flow

import (
	"fmt"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// finish ends the contact and closes everything that is still open.
func (c *Contact) finish(f Finish) {
	if f.Ending != EndingHungUp {
		c.logLeft()
	}
	c.closeFrom(-1)
	c.state.Ended = f.Ending
	c.emit(f)
}

// runDisconnect ends the contact.
func runDisconnect(c *Contact, f *frame, a *flowlang.Action) outcome {
	c.log(f, a, moved)
	if c.heldBack(f) {
		return moved
	}
	c.finish(Finish{Ending: EndingDisconnected, Reason: "the flow disconnected", Action: a})
	return moved
}

// runEndFlow ends the flow. In a queue flow that was interrupted the messages continue; in an inbound flow it
// disconnects (block page, live); in whisper, queue and hold flows the contact continues without the flow.
func runEndFlow(c *Contact, f *frame, a *flowlang.Action) outcome {
	c.log(f, a, moved)
	switch {
	case f.Prompt != "":
		c.leave(f)
		f.Next, f.Prompt = f.Prompt, ""
		return moved
	case c.heldBack(f):
		return moved
	case f.Kind == queueFrame, f.Kind == holdFrame: // the contact waits in silence
		c.leave(f)
		f.Action = ""
		return moved
	case f.Kind == whisperFrame:
		c.connectAgent(a)
		return moved
	case f.flow.Type != flowlang.ContactFlow:
		c.finish(Finish{Ending: EndingCompleted, Reason: "the flow ended", Action: a})
		return moved
	}
	c.rest("end_flow_inbound")
	if c.state.Assumptions.EndFlowInbound == EndFlowInboundRefuse {
		return failure(flowlang.NoMatchingError, "EndFlowExecution is not allowed in an inbound flow")
	}
	c.finish(Finish{Ending: EndingDisconnected, Reason: "the flow ended", Action: a})
	return moved
}

// heldBack handles a terminal action in the Continue branch of a Wait as the assumption continue_end says. It reports
// whether the action has no effect on the contact.
func (c *Contact) heldBack(f *frame) bool {
	if f.Kind != continueFrame {
		return false
	}
	c.rest("continue_end")
	switch c.state.Assumptions.ContinueEnd {
	case ContinueEndIgnored:
		c.leave(f)
		return true
	case ContinueEndRepeated:
		c.leave(f)
		f.Next = c.continueTarget(c.state.Frames[f.Depth-1])
		return true
	}
	return false
}

// stop ends a flow at an action that has no branch for what happened.
func (c *Contact) stop(f *frame, a *flowlang.Action, o outcome) {
	switch f.Kind {
	case continueFrame: // it ran out: the Wait continues in silence
		c.rest("continue_end")
		return
	case queueFrame: // the contact stays in the queue
		c.note(a, NoteStop, "the queue flow stopped; the caller waits in silence")
		return
	case holdFrame:
		c.note(a, NoteStop, "the hold flow stopped; the contact is on hold in silence")
		return
	case whisperFrame:
		c.connectAgent(a)
		return
	}
	what := "has no NextAction"
	if o.kind == failedOutcome {
		what = fmt.Sprintf("failed (%s) and has no branch for it", o.cause)
	}
	message := fmt.Sprintf("action %q (%s) %s, so the flow stops here", a.Identifier, a.Type, what)
	const remedy = "Connect this branch to an action that tells the caller what to expect."
	finding := f.finding(CodeFatal, a, message, remedy)
	c.finish(Finish{Ending: EndingFatal, Reason: message, Action: a, Finding: finding})
}

// tooMany counts an action, and stops the contact before one more than the guard allows. Iterated messages count too,
// so that those which are never interrupted end.
func (c *Contact) tooMany(f *frame, a *flowlang.Action) bool {
	if c.state.Actions >= c.state.Assumptions.ActionGuard {
		c.guard(f, a)
		return true
	}
	if c.state.Actions >= standard.ActionGuard {
		c.rest("action_guard")
	}
	c.state.Actions++
	return false
}

// guard stops a contact that has run too many actions.
func (c *Contact) guard(f *frame, a *flowlang.Action) {
	c.rest("action_guard")
	message := fmt.Sprintf("stopped before action %q after %d actions: the flow seems to loop without end",
		a.Identifier, c.state.Actions)
	const remedy = "Give the loop a way out, such as a Loop with DoneLooping; if the call is really this long, raise " +
		"the assumption action_guard."
	finding := f.finding(CodeGuard, a, message, remedy)
	c.finish(Finish{Ending: EndingGuard, Reason: message, Action: a, Finding: finding})
}

func (c *Contact) note(a *flowlang.Action, code, text string) {
	c.emit(Note{Action: a, Code: code, Text: text})
}
