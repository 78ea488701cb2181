package flow

import (
	"fmt"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// message reads the message of a prompt or input action: exactly one of Text, SSML, PromptId and Media. ok is false
// when the parameters hold none.
func (c *Contact) message(f *frame, a *flowlang.Action, parameters *source.Node) (say Say, ok bool) {
	say = Say{Action: a, Voice: c.state.Voice, Language: c.state.Fields["LanguageCode"]}
	var written string
	switch {
	case parameters.Get("Text") != nil:
		written = parameters.Get("Text").Scalar()
		say.Text = c.text(f, written)
	case parameters.Get("SSML") != nil:
		written = parameters.Get("SSML").Scalar()
		say.SSML = c.text(f, written)
	case parameters.Get("PromptId") != nil:
		written = parameters.Get("PromptId").Scalar()
		say.PromptID, _ = c.resolve(f, written)
	case parameters.Get("Media") != nil:
		written = parameters.Get("Media").Get("Uri").Scalar()
		say.Media = c.text(f, written)
	default:
		return say, false
	}
	say.Filled = c.valuesIn(f, written)
	return say, true
}

// fault says why Connect could not play a message, "" when it can (block page of Play prompt; text from flow logs).
func (c *Contact) fault(say Say) string {
	switch {
	case say.Text+say.SSML+say.PromptID+say.Media == "":
		return "No prompt provided"
	case utf8.RuneCountInString(say.Text+say.SSML) > flowlang.MaxPrompt:
		return fmt.Sprintf("the text is longer than %d characters", flowlang.MaxPrompt)
	case c.state.Options.Channel != Voice && say.Text == "":
		return "only plain text can be sent on the channel " + string(c.state.Options.Channel)
	case say.SSML != "":
		return flowlang.FaultySSML(say.SSML)
	}
	return ""
}

// play says a message. On voice the action waits for its end; elsewhere messages arrive at once.
func (c *Contact) play(f *frame, say Say) {
	if guide := c.state.Options.Guide; guide != nil {
		say = guide.Says(say)
	}
	if c.state.Options.Channel == Voice {
		say.ID = c.open(saying, f)
		f.Work.Say = say.ID
	}
	c.emit(say)
}

func runMessage(c *Contact, f *frame, a *flowlang.Action) outcome {
	say, _ := c.message(f, a, a.Parameters)
	if c.state.Options.Channel == Email {
		return success // block page: no effect on email
	}
	if fault := c.fault(say); fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	if a.Text("SkipWhenDTMFBufferEnabled") == "true" && c.state.Buffering && c.state.Keys != "" {
		return success
	}
	c.state.Chain = 0
	c.play(f, say)
	if say := f.Work.Say; say == "" {
		return success
	}
	return waiting
}

func resumeMessage(c *Contact, f *frame, _ *flowlang.Action, ev Event) outcome {
	if wait := c.waitBelow(f); wait != nil && wait.Work.Pending != "" {
		pending := wait.Work.Pending
		c.apply(wait, wait.current(), result(pending))
		return moved
	}
	return success
}
