package project_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/project"
)

const withFlow = "name: bank\njobs: {a: {steps: [f]}, b: {steps: [f]}}\nfunctions: {f: {arn: x}}\nflows: [{file: "

// TestGenerate reads everything that a flow is generated from.
func TestGenerate(t *testing.T) {
	p, found := project.Read(write(t, withFlow+`flow.json, generate: {job: b, style: wait, say: "It is $.External.x.",
  parameters: {who: $.CustomerEndpoint.Address}, language: de-CH, voice: Vicki, prompt: music, messages: [One.],
  name: N, description: D, on_failure: {queue: q}}}]`))
	if len(found) > 0 {
		t.Fatal(found)
	}
	g := p.Flows[0].Generate
	if g.Job != "b" || g.Style != "wait" || g.Say != "It is $.External.x." || g.Language != "de-CH" ||
		g.Voice != (project.Voice{Name: "Vicki"}) || g.Prompt != "music" || fmt.Sprint(g.Messages) != "[One.]" ||
		g.Name+g.Description != "ND" || fmt.Sprint(g.Parameters) != "map[who:$.CustomerEndpoint.Address]" {
		t.Errorf("%+v", g)
	}
	if g.Then != (project.Next{}) || g.OnFailure.Queue != "q" || g.OnGivingUp.Queue != "q" {
		t.Errorf("%+v", g)
	}
}

func TestGenerateFindings(t *testing.T) {
	for _, test := range []struct{ flow, want string }{
		{"flow.json, generate: {job: a}", ""},
		{"none.json, generate: {job: a}", "4:16 no-such-file"},
		{"flow.json, generate: {}", "4:37 project-missing"},
		{"flow.json, generate: {job: c}", "4:43 project-unknown-name"},
		{"flow.json, generate: {job: a, says: x}", "4:46 unknown-key"},
		{"flow.json, generate: {job: a, language: English!}", "4:56 bad-value"},
		{"flow.json, generate: {job: a, voice: {engine: Neural}}", "4:53 project-missing"},
		{"flow.json, generate: {job: a, then: wait}", "4:52 bad-value"},
		{"flow.json, generate: {job: a, then: {queue: q, flow: f}}", "4:52 bad-value"},
		{"flow.json, generate: {job: a, then: {queue: Support Team}}", "4:60 bad-value"},
		{"flow.json, generate: {job: a, prompt: hold music}", "4:54 bad-value"},
		{"flow.json, generate: {job: a, prompt: '${queue:x}'}", "4:54 bad-value"},
		{"flow.json, generate: {job: a, then: {flow: Support_Team-2}, prompt: $.Attributes.p}", ""},
		{"flow.json, generate: {job: a, then: {queue: 'arn:aws:connect:eu-west-2:1:instance/i/queue/q'}}", ""},
		{"flow.json, generate: {job: a, prompt: '${prompt:x}'}", ""},
		{"flow.json, generate: {job: a, prompt: 11111111-2222-4333-8444-555555555555}", ""},
		{"flow.json, generate: {job: a, returns: {x: $.External.x}}", "4:55 bad-value"},
		{"flow.json, type: module, generate: {job: a, returns: {x: $.External.x}}", ""},
		{"flow.json, type: module, generate: {job: a, say: x, then: hang_up}", "4:65 bad-value 4:74 bad-value"},
		{"flow.json, generate: {job: a, parameters: {x: $.Modules.Input.x}}", "4:62 bad-value"},
		{"flow.json, generate: {job: a, messages: [a <b/> tag]}", "4:57 bad-value"},
	} {
		_, found := project.Read(write(t, withFlow+test.flow+"}]\n"))
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
			if f.Remedy == "" {
				t.Errorf("no remedy: %v", f)
			}
		}
		if joined := strings.Join(got, " "); joined != test.want {
			t.Errorf("%s\ngot  %s\nwant %s\n%v", test.flow, joined, test.want, found)
		}
	}
}

func TestFaultyText(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "It costs $5.": "", "$.External.a-b, $.Attributes.['a b'] and $.ContactId": "",
		"<speak>One $.External.x <break time='1s'/></speak>": "",
		"$.External":                  "$.External has no value itself",
		"It is $.External.":           "$.External has no value itself",
		"It is $.Extrenal.x":          "unknown reference $.Extrenal.x",
		"It is $.['x":                 `"$.['x" is not a reference`,
		"It is $. or so":              `"$." is not a reference`,
		"It is $.External.status.":    "$.External.status is never the function's: the reply itself has that key",
		"It is $.External.['count'].": "$.External.['count'] is never the function's: the reply itself has that key",
		"It is $.External.status_text, $.External.sfn_error": "",
		"It is <b>bold</b>":                  "the text has tags, which are spoken as they are",
		"<speak>One <p>two</speak>":          "invalid SSML: element <p> closed by </speak>",
		"<speak>One <p>two</p>":              "invalid SSML: unexpected EOF",
		"<speak>$.External.x & more</speak>": "invalid SSML: invalid character entity & (no semicolon)",
	} {
		got := ""
		if fault := project.FaultyText(text); fault != nil {
			got = fault.Message
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestDocumentedKeys reads the section that docs/flows.md shows.
func TestDocumentedKeys(t *testing.T) {
	text, err := os.ReadFile("../../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "### What a generated flow says")
	_, rest, _ = strings.Cut(rest, "```yaml\n")
	section, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the page shows no section")
	}
	p, found := project.Read(write(t, "name: bank\njobs: {balance: {steps: [f]}}\nfunctions: {f: {arn: x}}\n"+section))
	if len(found) > 0 || p.Flows[0].Generate.Voice.Name != "Amy" {
		t.Error(found)
	}
}
