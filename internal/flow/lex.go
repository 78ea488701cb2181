package flow

import (
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// Amazon Lex's defaults (admin guide): on voice it waits 3 s for speech to begin; a chat's limit is LexTimeoutSeconds.
const (
	lexSilence  = 3 * time.Second
	lexChat     = 300 * time.Second
	lexFallback = "FallbackIntent"
)

// runLex lets an Amazon Lex bot find out what the caller wants. Which intent an utterance has, the world says.
func runLex(c *Contact, f *frame, a *flowlang.Action) outcome {
	c.state.Keys = "" // block page: a bot clears the buffer of keys
	c.resetChainAudibly()
	if a.Param("LexV2Bot") == nil && a.Param("LexBot") == nil {
		return failure(flowlang.NoMatchingError, "no bot is named")
	}
	if c.state.Options.Channel != Voice && c.state.Options.Channel != Chat {
		return failure(flowlang.NoMatchingError, "bots are for voice and chat only")
	}
	if fault := c.prompt(f, a); fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	c.beginBot(f, a)
	if f.given() != "" {
		return c.answered(f)
	}
	c.ask(f, a, AskBot)
	if f.Work.Say == "" {
		f.Work.Timer = c.timer(f, c.lexLimit(a))
	}
	return waiting
}

// beginBot begins a conversation with a bot, which replaces $.Lex: slots belong to one interaction (admin guide), and
// session attributes last only when the block passes them (third party). References in the block still mean the bot
// before.
func (c *Contact) beginBot(f *frame, a *flowlang.Action) {
	session := flatten(c.resolveTree(f, a.Param("LexSessionAttributes")).Value(), false)
	c.scope(f).set("Lex", nil)
	for path, value := range session {
		c.scope(f).put("Lex", join("SessionAttributes", path), value)
	}
	if given := f.Work.Given; given != nil {
		c.fill(f, given.Data)
	}
}

// answered takes an intent that the world gives, once the prompt is over.
func (c *Contact) answered(f *frame) outcome {
	if c.isOpen(f.Work.Say) {
		return waiting
	}
	return c.intent(f, f.given())
}

func (c *Contact) lexLimit(a *flowlang.Action) time.Duration {
	if c.state.Options.Channel == Voice {
		return lexSilence
	}
	if n, ok := flowlang.LexTimeout.Whole(a.Param("LexTimeoutSeconds").Get("Text").Scalar()); ok {
		return time.Duration(n) * time.Second
	}
	return lexChat
}

func resumeLex(c *Contact, f *frame, a *flowlang.Action, ev Event) outcome {
	switch e := ev.(type) {
	case Said:
		if f.given() != "" {
			return c.answered(f)
		}
		f.Work.Timer = c.timer(f, c.lexLimit(a))
		return waiting
	case Input:
		return c.utterance(f, a, e)
	}
	if c.state.Options.Channel == Chat {
		return failure(flowlang.InputTimeLimitExceeded, "no answer within the time limit")
	}
	c.noteWorld(a, "silence: "+lexFallback)
	return c.intent(f, lexFallback)
}

func (c *Contact) utterance(f *frame, a *flowlang.Action, e Input) outcome {
	text := e.Text
	if text == "" {
		text = e.Digits
	}
	c.scope(f).put("Lex", "InputTranscript", text)
	intent := c.intentOf(a, text)
	c.noteWorld(a, "the bot understands: "+intent)
	return c.intent(f, intent)
}

// intentOf finds the intent of an utterance: as the world maps it, else one of the block's intents of the same name.
func (c *Contact) intentOf(a *flowlang.Action, text string) string {
	if intent, ok := c.state.Options.World.Intents[text]; ok {
		return intent
	}
	for _, b := range a.Branches {
		if b.Kind == flowlang.Condition && strings.EqualFold(b.Name, text) {
			return b.Name
		}
	}
	return lexFallback
}

func (c *Contact) intent(f *frame, name string) outcome {
	c.scope(f).put("Lex", "IntentName", name)
	return result(name)
}

// runAgentic lets an agentic bot talk with the caller, as the world says.
func runAgentic(c *Contact, f *frame, a *flowlang.Action) outcome {
	if c.state.Options.Channel != Voice && c.state.Options.Channel != Chat {
		return failure(flowlang.NoMatchingError, "agentic bots are for voice and chat only")
	}
	c.resetChainAudibly()
	c.noteWorld(a, "the conversation with the bot is not played; by default it ends normally")
	return success
}
