package flow

import (
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/source"
)

// runSucceed is for actions whose effect the caller does not hear and the flow does not see: they succeed unless the world
// says otherwise.
func runSucceed(*Contact, *frame, *Action) outcome { return success }

// runWorldResult is for actions whose result only the world knows; the default is the first condition.
func runWorldResult(c *Contact, f *frame, a *Action) outcome {
	if len(a.Conditions) == 0 {
		return result("")
	}
	return c.byDefault(a, a.Conditions[0].Name())
}

// runChatOnly is for actions that change how a chat is handled.
func runChatOnly(c *Contact, f *frame, a *Action) outcome {
	if c.state.Options.Channel != Chat {
		return failure(ChannelMismatch, "this is for chat only")
	}
	return success
}

// runBehavior sets recording and analytics for one channel.
func runBehavior(c *Contact, f *frame, a *Action) outcome {
	for _, wrong := range []struct {
		parameter string
		channel   Channel
	}{{"VoiceBehavior", Voice}, {"ChatBehavior", Chat}} {
		if a.Parameters.Get(wrong.parameter) != nil && c.state.Options.Channel != wrong.channel {
			return failure(ChannelMismatch, wrong.parameter+" is for another channel")
		}
	}
	return success
}

func runLogging(c *Contact, f *frame, a *Action) outcome {
	c.state.Logging = a.parameter("FlowLoggingBehavior") == "Enabled"
	return success
}

func runVoice(c *Contact, f *frame, a *Action) outcome {
	voice := c.value(f, a, "TextToSpeechVoice")
	if voice == "" {
		return failure(NoMatchingError, "TextToSpeechVoice has no value")
	}
	c.state.Voice = voice
	return success
}

// runHooks sets the flows of events: queue, whisper, hold, disconnect.
func runHooks(c *Contact, f *frame, a *Action) outcome {
	hooks := a.Parameters.Get("EventHooks")
	if !hooks.Is(source.Object) {
		return failure(NoMatchingError, "EventHooks has no value")
	}
	for _, m := range hooks.Members {
		target, _ := c.resolve(f, scalar(m.Value))
		if target == "" {
			return failure(NoMatchingError, "the flow of "+m.Key+" has no value")
		}
		c.state.Hooks[m.Key] = target
	}
	return success
}

// runStreaming switches media streaming, which fills $.MediaStreams.
func runStreaming(c *Contact, f *frame, a *Action) outcome {
	if c.state.Options.Channel != Voice {
		return failure(NoMatchingError, "media streaming is for voice only")
	}
	if a.parameter("MediaStreamingState") == "Enabled" {
		c.share("MediaStreams", "Customer.Audio.StreamARN", "arn:aws:kinesisvideo:"+c.state.Options.region()+":111122223333:stream/"+c.state.Options.ContactID+"/1")
	}
	return success
}

// runTag and runUntag keep the contact's tags.
func runTag(c *Contact, f *frame, a *Action) outcome {
	tags := a.Parameters.Get("Tags")
	if !tags.Is(source.Object) {
		return failure(NoMatchingError, "Tags has no value")
	}
	for _, m := range tags.Members {
		value, _ := c.resolve(f, scalar(m.Value))
		c.share("Tags", m.Key, value)
	}
	return success
}

func runUntag(c *Contact, f *frame, a *Action) outcome {
	keys := a.Parameters.Get("TagKeys")
	if !keys.Is(source.Array) {
		return failure(NoMatchingError, "TagKeys has no value")
	}
	maps.DeleteFunc(c.state.Shared["Tags"], func(key, _ string) bool {
		return slices.ContainsFunc(keys.Items, func(n *source.Node) bool { return scalar(n) == key })
	})
	return success
}

// runTask and runSession make something whose id the flow can use.
func runTask(c *Contact, f *frame, a *Action) outcome {
	c.share("Task", "ContactId", uuid(&c.state.Random))
	return success
}

func runSession(c *Contact, f *frame, a *Action) outcome {
	c.scope(f).put("Wisdom", "SessionArn", "arn:aws:wisdom:"+c.state.Options.region()+":111122223333:session/"+uuid(&c.state.Random))
	return success
}

// resetChainAudibly ends a row of functions at an action other than Play prompt, if the assumption says so.
func (c *Contact) resetChainAudibly() {
	if c.state.Chain > 0 && c.state.Assumptions.ChainReset == "audible" {
		c.rest("chain_reset")
		c.state.Chain = 0
	}
}
