package flow

import (
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// runSucceed is for actions whose effect the caller does not hear and the flow does not see: they succeed unless the
// world says otherwise.
func runSucceed(*Contact, *frame, *flowlang.Action) outcome { return success }

// runWorldResult is for actions whose result only the world knows; the default is the first condition.
func runWorldResult(c *Contact, f *frame, a *flowlang.Action) outcome {
	for _, b := range a.Branches {
		if b.Kind == flowlang.Condition {
			return c.byDefault(a, b.Name)
		}
	}
	return result("")
}

// runChatOnly is for actions that change how a chat is handled.
func runChatOnly(c *Contact, f *frame, a *flowlang.Action) outcome {
	if c.state.Options.Channel != Chat {
		return failure(flowlang.ChannelMismatch, "this is for chat only")
	}
	return success
}

// runBehavior sets recording and analytics for one channel.
func runBehavior(c *Contact, f *frame, a *flowlang.Action) outcome {
	for _, wrong := range []struct {
		parameter string
		channel   Channel
	}{{parameter: "VoiceBehavior", channel: Voice}, {parameter: "ChatBehavior", channel: Chat}} {
		if a.Param(wrong.parameter) != nil && c.state.Options.Channel != wrong.channel {
			return failure(flowlang.ChannelMismatch, wrong.parameter+" is for another channel")
		}
	}
	return success
}

func runLogging(c *Contact, f *frame, a *flowlang.Action) outcome {
	c.state.Logging = a.Text("FlowLoggingBehavior") == "Enabled"
	return success
}

func runVoice(c *Contact, f *frame, a *flowlang.Action) outcome {
	voice := c.value(f, a, "TextToSpeechVoice")
	if voice == "" {
		return failure(flowlang.NoMatchingError, "TextToSpeechVoice has no value")
	}
	c.state.Voice = voice
	return success
}

// runHooks sets the flows of events: queue, whisper, hold, disconnect.
func runHooks(c *Contact, f *frame, a *flowlang.Action) outcome {
	hooks, configured := a.Param("EventHooks"), a.Param("EventHooksConfiguration")
	if !hooks.Is(source.Object) && !configured.Is(source.Object) {
		return failure(flowlang.NoMatchingError, "EventHooks has no value")
	}
	for _, m := range hooks.Entries() {
		target, _ := c.resolve(f, m.Value.Scalar())
		if target == "" {
			return failure(flowlang.NoMatchingError, "the flow of "+m.Key+" has no value")
		}
		c.state.Hooks[m.Key] = target
	}
	for _, m := range configured.Entries() {
		if strings.EqualFold(m.Value.Get("DisableExecution").Scalar(), "true") {
			delete(c.state.Hooks, m.Key)
		}
	}
	return success
}

// runStreaming switches media streaming, which fills $.MediaStreams.
func runStreaming(c *Contact, f *frame, a *flowlang.Action) outcome {
	if c.state.Options.Channel != Voice {
		return failure(flowlang.NoMatchingError, "media streaming is for voice only")
	}
	if a.Text("MediaStreamingState") == "Enabled" {
		c.share("MediaStreams", "Customer.Audio.StreamARN",
			"arn:aws:kinesisvideo:"+c.state.Options.region()+":111122223333:stream/"+c.state.Options.ContactID+"/1")
	}
	return success
}

// runTag and runUntag keep the contact's tags.
func runTag(c *Contact, f *frame, a *flowlang.Action) outcome {
	tags := a.Param("Tags")
	if !tags.Is(source.Object) {
		return failure(flowlang.NoMatchingError, "Tags has no value")
	}
	for _, m := range tags.Members {
		value, _ := c.resolve(f, m.Value.Scalar())
		c.share("Tags", m.Key, value)
	}
	return success
}

func runUntag(c *Contact, f *frame, a *flowlang.Action) outcome {
	keys := a.Param("TagKeys")
	if !keys.Is(source.Array) {
		return failure(flowlang.NoMatchingError, "TagKeys has no value")
	}
	left := maps.Clone(c.state.Shared["Tags"]) // see with
	maps.DeleteFunc(left, func(key, _ string) bool {
		return slices.ContainsFunc(keys.Items, func(n *source.Node) bool { return n.Scalar() == key })
	})
	c.state.Shared["Tags"] = left
	return success
}

// runTask and runSession make something whose id the flow can use.
func runTask(c *Contact, f *frame, a *flowlang.Action) outcome {
	c.share("Task", "ContactId", uuid(&c.state.Random))
	return success
}

func runSession(c *Contact, f *frame, a *flowlang.Action) outcome {
	c.scope(f).put("Wisdom", "SessionArn",
		"arn:aws:wisdom:"+c.state.Options.region()+":111122223333:session/"+uuid(&c.state.Random))
	return success
}

// resetChainAudibly ends a row of functions at an action other than Play prompt, if the assumption says so.
func (c *Contact) resetChainAudibly() {
	if c.state.Chain > 0 && c.state.Assumptions.ChainReset == ChainResetAudible {
		c.rest("chain_reset")
		c.state.Chain = 0
	}
}
