package flow

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/source"
)

const maxSpoken = 6000 // characters of text to speech in a prompt (AWS: 3,000 billed, 6,000 in total)

// message reads the message of a prompt or input action: exactly one of Text, SSML, PromptId and Media. ok is false when the
// parameters hold none.
func (c *Contact) message(f *frame, a *Action, parameters *source.Node) (say Say, ok bool) {
	say = Say{Action: a, Voice: c.state.Voice, Language: c.state.Fields["LanguageCode"]}
	switch {
	case parameters.Get("Text") != nil:
		say.Text = c.text(f, scalar(parameters.Get("Text")))
	case parameters.Get("SSML") != nil:
		say.SSML = c.text(f, scalar(parameters.Get("SSML")))
	case parameters.Get("PromptId") != nil:
		say.PromptID, _ = c.resolve(f, scalar(parameters.Get("PromptId")))
	case parameters.Get("Media") != nil:
		say.Media = c.text(f, scalar(parameters.Get("Media").Get("Uri")))
	default:
		return say, false
	}
	return say, true
}

// fault says why Connect could not play a message, "" when it can (block page of Play prompt; text from flow logs).
func (c *Contact) fault(say Say) string {
	switch {
	case say.Text+say.SSML+say.PromptID+say.Media == "":
		return "No prompt provided"
	case utf8.RuneCountInString(say.Text+say.SSML) > maxSpoken:
		return "the text is longer than 6,000 characters"
	case c.state.Options.Channel != Voice && say.Text == "":
		return "only plain text can be sent on the channel " + string(c.state.Options.Channel)
	case say.SSML != "":
		return faultySSML(say.SSML)
	}
	return ""
}

// faultySSML says what is wrong with an SSML document. Only its form is looked at, not which elements Amazon Polly knows.
func faultySSML(text string) string {
	if !strings.Contains(text, "<speak") {
		return "invalid SSML: no <speak> element"
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return ""
		}
		var syntax *xml.SyntaxError
		if errors.As(err, &syntax) {
			return "invalid SSML: " + syntax.Msg
		}
		if err != nil {
			return "invalid SSML: " + err.Error()
		}
	}
}

// play says a message. On voice the action waits for its end; elsewhere messages arrive at once.
func (c *Contact) play(f *frame, say Say) {
	if c.state.Options.Channel == Voice {
		say.ID = c.open(saying, f)
		f.Work.Say = say.ID
	}
	c.emit(say)
}

func runMessage(c *Contact, f *frame, a *Action) outcome {
	say, _ := c.message(f, a, a.Parameters)
	if c.state.Options.Channel == Email {
		return success // block page: no effect on email
	}
	if fault := c.fault(say); fault != "" {
		return failure(NoMatchingError, fault)
	}
	if a.parameter("SkipWhenDTMFBufferEnabled") == "true" && c.state.Buffering && c.state.Keys != "" {
		return success
	}
	c.state.Chain = 0
	c.play(f, say)
	if say := f.Work.Say; say == "" {
		return success
	}
	return waiting
}

func resumeMessage(c *Contact, f *frame, _ *Action, ev Event) outcome {
	if wait := c.waitBelow(f); wait != nil && wait.Work.Pending != "" {
		pending := wait.Work.Pending
		c.apply(wait, wait.current(), result(pending))
		return moved
	}
	return success
}
