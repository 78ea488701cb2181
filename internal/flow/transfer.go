package flow

import (
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// runToFlow continues in another flow, from its beginning. Flow attributes are lost; contact attributes, the queue and
// $.External stay (admin guide).
func runToFlow(c *Contact, f *frame, a *flowlang.Action) outcome {
	target := c.value(f, a, "ContactFlowId")
	if target == "" {
		return failure(flowlang.NoMatchingError, "ContactFlowId has no value")
	}
	c.emit(Transfer{Action: a, Kind: ToFlow, To: target})
	key, next := c.findFlow(target)
	if next == nil {
		c.finish(Finish{Ending: EndingTransferred, Reason: "to a flow that is not part of the call", Action: a})
		return moved
	}
	c.enterFlow(key, next)
	return moved
}

// runThirdParty connects the caller with a phone number. How that turns out, the world says; by default it is answered.
// With ContinueFlowExecution the flow continues when the other side hangs up.
func runThirdParty(c *Contact, f *frame, a *flowlang.Action) outcome {
	number := c.value(f, a, "ThirdPartyPhoneNumber")
	switch {
	case number == "":
		return failure(flowlang.NoMatchingError, "ThirdPartyPhoneNumber has no value")
	case c.state.Options.Channel != Voice:
		return failure(flowlang.NoMatchingError, "phone numbers are for voice only")
	}
	c.emit(Transfer{Action: a, Kind: ToThirdParty, To: number})
	if f.Work.Given == nil {
		c.noteWorld(a, "by default: answered")
	}
	if pauses := strings.Count(c.value(f, a, "ThirdPartyDTMFDigits"), ","); pauses > 0 {
		f.Work.Timer = c.timer(f, time.Duration(pauses)*commaPause)
		return waiting
	}
	return connectThirdParty(c, f, a, nil)
}

// commaPause is how long each comma among the keys that are sent to a third party pauses (admin guide, Transfer to
// phone number).
const commaPause = 750 * time.Millisecond

// connectThirdParty lets the two talk, once the keys are sent.
func connectThirdParty(c *Contact, f *frame, a *flowlang.Action, _ Event) outcome {
	if a.Is(flowlang.ContinueFlowExecution) {
		return success
	}
	c.finish(Finish{Ending: EndingTransferred, Reason: "to a phone number", Action: a})
	return moved
}
