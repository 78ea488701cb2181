package style_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/style"
)

// generated is a flow that a test looks at.
type generated struct {
	options style.Options
	text    []byte
	flow    *flowlang.Flow
}

// every is a flow for every style, in every type of flow that it fits, with and without a recording, in every
// language.
var every = sync.OnceValues(func() (flows []generated, err error) {
	for _, s := range []style.Style{style.Poll, style.Wait, style.Queue, style.Chat} {
		for _, flowType := range []flowlang.Type{flowlang.ContactFlow, flowlang.Module, flowlang.AgentTransfer,
			flowlang.QueueTransfer, flowlang.CustomerQueue} {
			for _, language := range []string{"en", "de", "es"} {
				for _, prompt := range []string{"", music} {
					o := style.Options{Style: s, Type: flowType, Language: language, Prompt: prompt,
						FunctionARN: "${async}", Job: "work"}
					text, err := style.Generate(o)
					if f, ok := errors.AsType[source.Finding](err); ok &&
						(f.Code == style.CodeRefused || f.Code == style.CodeMissing) {
						continue
					}
					g := generated{options: o, text: text}
					if err == nil {
						g.flow, err = flowlang.Parse("flow.json", text)
					}
					if err != nil {
						return nil, err
					}
					flows = append(flows, g)
				}
			}
		}
	}
	return flows, nil
})

// each calls check for every flow.
func each(t *testing.T, check func(t *testing.T, g generated)) {
	flows, err := every()
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range flows {
		o := g.options
		t.Run(string(o.Style)+" "+string(o.Type)+" "+o.Language+" "+o.Prompt, func(t *testing.T) { check(t, g) })
	}
}

// TestFlowsAreSound checks that what is written parses without any finding: all branches lead somewhere, all parameters
// are there, every action is reached, every action fits the type of flow.
func TestFlowsAreSound(t *testing.T) {
	flows := 0
	each(t, func(t *testing.T, g generated) {
		flows++
		again, err := style.Generate(g.options)
		if err != nil || !bytes.Equal(g.text, again) {
			t.Errorf("the same options give other bytes (%v)", err)
		}
		if found := g.flow.Check(); len(found) > 0 {
			t.Fatal(found)
		}
		if g.flow.Type != g.options.Type {
			t.Errorf("the type is %s", g.flow.Type)
		}
	})
	if want := 3 * (2*(4+2+2) + 1); flows != want {
		t.Errorf("%d flows, want %d", flows, want)
	}
}

// TestPollHasFewActions counts the actions of the flow that a person may have to build by hand.
func TestPollHasFewActions(t *testing.T) {
	each(t, func(t *testing.T, g generated) {
		if n := len(g.flow.Actions); n > 15 && g.options.Style == style.Poll {
			t.Errorf("%d actions", n)
		}
	})
}

// TestSentencesAreShort checks the length of what is heard while waiting, on which the detection delay rests, when it
// is spoken slowly.
func TestSentencesAreShort(t *testing.T) {
	const sentence = 3200 * time.Millisecond
	each(t, func(t *testing.T, g generated) {
		for _, a := range g.flow.Actions {
			spoken := a.Parameters.Get("Text").Str()
			took := speech.DefaultRange().Slow.Text(spoken)
			if strings.HasPrefix(a.Identifier, "Say sentence") && took > sentence {
				t.Errorf("%q takes %v", spoken, took)
			}
		}
	})
}

// TestRepliesAreShort checks the same of what the async function says in the poll style.
func TestRepliesAreShort(t *testing.T) {
	const (
		sentence = 3200 * time.Millisecond
		offer    = 2400 * time.Millisecond // 1 s of listening follows
	)
	for _, language := range async.BuiltInLanguages() {
		texts := async.BuiltInTexts(language).Sentences
		for kind, longest := range map[string]time.Duration{async.TextFirst: sentence, async.TextWaiting: sentence,
			async.TextLongWait: sentence, async.TextWayOut: offer} {
			for _, text := range texts[kind] {
				if took := speech.DefaultRange().Slow.Text(text); took > longest {
					t.Errorf("%q takes %v", text, took)
				}
			}
		}
	}
}

func TestRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		o    style.Options
		code string
	}{
		{"hold", style.Options{Style: style.Poll, Type: flowlang.CustomerHold}, style.CodeRefused},
		{"agent hold", style.Options{Style: style.Queue, Type: flowlang.AgentHold}, style.CodeRefused},
		{"whisper", style.Options{Style: style.Wait, Type: flowlang.CustomerWhisper}, style.CodeRefused},
		{"outbound whisper", style.Options{Style: style.Poll, Type: flowlang.OutboundWhisper}, style.CodeRefused},
		{"poll in a queue", style.Options{Style: style.Poll, Type: flowlang.CustomerQueue}, style.CodeRefused},
		{"wait in a transfer", style.Options{Style: style.Wait, Type: flowlang.AgentTransfer}, style.CodeRefused},
		{"queue inbound", style.Options{Style: style.Queue, Type: flowlang.ContactFlow}, style.CodeRefused},
		{"queue without a recording", style.Options{Style: style.Queue, FunctionARN: "a", Job: "b"}, style.CodeMissing},
		{"no ARN", style.Options{Style: style.Poll}, style.CodeMissing},
		{"no style", style.Options{}, style.CodeUnknown},
		{"no language", style.Options{Style: style.Poll, FunctionARN: "a", Job: "b", Language: "xx"},
			style.CodeUnknown},
	} {
		_, err := style.Generate(test.o)
		var f source.Finding
		if !errors.As(err, &f) || f.Code != test.code || f.Remedy == "" {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestWhatFlowsAreToldIsSound checks the flows that set a voice and a language, say SSML, and go to a queue or another
// flow: they parse without any finding.
func TestWhatFlowsAreToldIsSound(t *testing.T) {
	queue, other := style.Next{Queue: "arn:aws:connect:us-east-1:111122223333:instance/i/queue/q"},
		style.Next{Flow: "arn:aws:connect:us-east-1:111122223333:instance/i/contact-flow/f"}
	const ssml = `<speak>It is <say-as interpret-as="digits">$.External.code</say-as></speak>`
	for _, o := range []style.Options{
		{Style: style.Poll, Then: queue, OnFailure: queue, OnGivingUp: queue, Texts: style.Texts{Result: ssml}},
		{Style: style.Poll, OnFailure: queue, OnGivingUp: queue, Type: flowlang.QueueTransfer},
		{Style: style.Poll, OnGivingUp: other, Prompt: music},
		{Style: style.Poll, OnFailure: queue, OnGivingUp: other},
		{Style: style.Poll, Then: other, OnGivingUp: queue},
		{Style: style.Poll, Type: flowlang.Module},
		{Style: style.Wait, OnFailure: queue, OnGivingUp: other, Texts: style.Texts{Result: ssml}},
		{Style: style.Chat, Then: other, OnFailure: queue, OnGivingUp: queue},
		{Style: style.Queue, Prompt: music, Texts: style.Texts{Queue: []string{ssml}}},
	} {
		o.FunctionARN, o.Job = "${async}", "work"
		o.Voice, o.LanguageCode = style.Voice{Name: "Vicki", Engine: "Neural", Style: "None"}, "de-DE"
		text, err := style.Generate(o)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := flowlang.Parse("flow.json", text)
		if err != nil {
			t.Fatal(err)
		}
		if found := parsed.Check(); len(found) > 0 {
			t.Error(o.Style, o.Then, o.OnFailure, o.OnGivingUp, found)
		}
	}
}
