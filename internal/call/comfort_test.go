package call_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/style"
	"github.com/connect-async/connect-async/internal/testrun"
)

// saying is a flow that says texts one after the other, with an action of another type wherever a text is JSON.
func saying(texts ...string) string {
	var actions []string
	for i, text := range texts {
		id, next := string(rune('a'+i)), string(rune('b'+i))
		action := `"Type":"MessageParticipant","Parameters":{"Text":"` + text +
			`"},"Transitions":{"NextAction":"` + next +
			`","Errors":[{"ErrorType":"NoMatchingError","NextAction":"` + next + `"}]}`
		if strings.HasPrefix(text, `"`) {
			action = strings.ReplaceAll(text, "NEXT", next)
		}
		actions = append(actions, `{"Identifier":"`+id+`",`+action+`}`)
	}
	actions = append(actions, `{"Identifier":"`+string(rune('a'+len(texts)))+
		`","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}`)
	return `{"Version":"2019-10-30","StartAction":"a","Metadata":{},"Actions":[` + strings.Join(actions, ",") + `]}`
}

const (
	// asks plays a prompt, listens for a key for 5 s, and goes on.
	asks = `"Type":"GetParticipantInput","Parameters":{"Text":"Press 1.","InputTimeLimitSeconds":"5",
		"StoreInput":"False"},"Transitions":{"NextAction":"NEXT","Conditions":[{"NextAction":"NEXT",
		"Condition":{"Operator":"Equals","Operands":["1"]}}],"Errors":[
		{"ErrorType":"NoMatchingError","NextAction":"NEXT"},{"ErrorType":"NoMatchingCondition","NextAction":"NEXT"},
		{"ErrorType":"InputTimeLimitExceeded","NextAction":"NEXT"}]}`
	// checks calls the function slow.
	checks = `"Type":"InvokeLambdaFunction","Parameters":{"LambdaFunctionARN":"slow",
		"InvocationTimeLimitSeconds":"8"},"Transitions":{"NextAction":"NEXT",
		"Errors":[{"ErrorType":"NoMatchingError","NextAction":"NEXT"}]}`
	// breaks says Hello and is silent for 9 s.
	breaks = `"Type":"MessageParticipant","Parameters":{"SSML":"<speak>Hello<break time='9s'/></speak>"},
		"Transitions":{"NextAction":"NEXT","Errors":[{"ErrorType":"NoMatchingError","NextAction":"NEXT"}]}`
	// lex asks a bot.
	lex = `"Type":"ConnectParticipantWithLexBot","Parameters":{"Text":"Hello","LexV2Bot":{
		"AliasArn":"arn:aws:lex:us-east-1:111122223333:bot-alias/A/B"}},"Transitions":{"NextAction":"NEXT",
		"Errors":[{"ErrorType":"NoMatchingError","NextAction":"NEXT"},
		{"ErrorType":"NoMatchingCondition","NextAction":"NEXT"},
		{"ErrorType":"InputTimeLimitExceeded","NextAction":"NEXT"}]}`
	// loops plays messages that are interrupted after 3 s, and goes on then.
	loops = `"Type":"MessageParticipantIteratively","Parameters":{"Messages":[{"Text":"One"},{"Text":"Two"}],
		"InterruptFrequencySeconds":"3"},"Transitions":{"Conditions":[{"NextAction":"NEXT","Condition":
		{"Operator":"Equals","Operands":["MessagesInterrupted"]}}]}`
)

// other calls the function other.
var other = strings.Replace(checks, "slow", "other", 1)

// played plays a flow with a scenario of its own, in which every text has a given length.
func played(t *testing.T, flow, more string) call.Result {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"flow.json":    flow,
		"machine.json": `{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}`,
		"scenario.yaml": "flow: flow.json\nstate_machine: machine.json\n" +
			"names: {slow: slow, other: other}\nspeech: {words_per_minute: 160}\n" +
			"lengths: {Hello: 2s, Bye: 2s, Hm: 500ms, One: 2500ms, Two: 2s, Nine: 3s, Press 1.: 1s}\n" + more,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := call.RunScenarios(t.Context(), []string{filepath.Join(dir, "scenario.yaml")}, call.Options{})[0]
	if r.Summaries == nil {
		t.Fatal(r.Findings)
	}
	return r
}

// stands are functions that take a time.
func stands(slow string) string {
	return "functions: {slow: {takes: " + slow + ", returns: {}}, other: {takes: 1s, returns: {}}}\n"
}

// TestFindings plays what a caller should not have to bear, and what is all right.
func TestFindings(t *testing.T) {
	goingOn := strings.Replace(loops, `"Inter`, `"ContinueMessagingDuringInterrupt":"True","Inter`, 1)
	for _, test := range []struct {
		name, flow, scenario string
		want                 []string
		fails                bool
	}{
		{"silence of 2 s", saying("Hello", checks, "Bye"), stands("1900ms"), nil, false},
		{"a note", saying("Hello", checks, "Bye"), stands("2960ms"),
			[]string{"note: dead air of 3 s at 2.0 s (b), more than 2 s (VoiceXML, Amazon Lex)"}, false},
		{"a failure", saying("Hello", checks, "Bye"), stands("5s"),
			[]string{"failure: dead air of 5.04 s at 2.0 s (b), more than 4 s (Fröhlich, CHI 2005)"}, true},
		{"critical, and twice", saying(checks, checks, "Hello", checks, "Bye"), stands("7s"), []string{
			"critical: dead air of 14.08 s at 0.0 s (a), more than 8 s (Fröhlich, CHI 2005)",
			"failure: dead air of 7.04 s at 16.1 s (d), more than 4 s (Fröhlich, CHI 2005)"}, true},
		{"the scenario's own threshold", saying(checks, "Bye"), stands("5s") + "silence: {failure: 5s}\n",
			[]string{"failure: dead air of 5.04 s at 0.0 s (a), more than 5 s (the scenario)"}, true},
		{"switched off", saying(checks, "Bye"), stands("7s") + "silence: off\n", nil, false},
		{"allowed", saying(checks, "Bye"), stands("7s") + "expect: {longest_silence: 7.5s}\n", nil, false},
		{"said again", saying("Hello", checks, "Hello"), stands("1s"),
			[]string{`note: "Hello" is said again at 3.0 s (c), 1.04 s after it was heard, sooner than 7 s (Avaya)`},
			false},
		{"said again later", saying("Hello", "One", "Two", "Nine", "Hello"), "", nil, false},
		{"said again after a break", saying(breaks, breaks), "", []string{
			"critical: dead air of 9 s at 2.0 s (a), more than 8 s (Fröhlich, CHI 2005)",
			"critical: dead air of 9 s at 13.0 s (b), more than 8 s (Fröhlich, CHI 2005)"}, true},
		{"asked again", saying(asks, asks), "", nil, false},
		{"said again after an answer", saying("Hello", asks, "Hello"), "caller: {does: [{heard: Press, press: 1}]}\n",
			nil, false},
		{"a short clip between two checks", saying(checks, "Hm", checks, "Bye"), stands("1s"),
			[]string{`note: "Hm" at 1.0 s (b) lasts 0.5 s, less than 1 s (Amazon Lex)`}, false},
		{"a short text between two functions", saying(checks, "Hm", other, "Bye"), stands("1s"), nil, false},
		{"a short text at the end", saying(checks, "Bye", checks, "Hm"), stands("1s"), nil, false},
		{"cut by the flow", saying(loops, "Bye"), "", []string{
			`note: "Two" at 2.5 s (a) is cut after 0.5 s, less than 1 s (Amazon Lex)`}, false},
		{"cut by the caller's key", saying(asks, "Bye"), "caller: {does: [{at: 500ms, press: 1}]}\n", nil, false},
		{"cut by hanging up", saying("Hello"), "caller: {does: [{at: 500ms, hang_up: true}]}\n", nil, false},
		{"cut, and going on", saying(goingOn, "Bye"), "", nil, false},
		{"an agent takes the call", saying(loops), "world: {agent_after: 2800ms}\n", nil, false},
		{"a conversation with a bot", saying(lex, "Bye"), "world: {outcomes: {a: {takes: 30s}}}\n", nil, false},
		{"a chat", saying("Hello", checks, "Hello", "Hello"), stands("7s") + "caller: {channel: CHAT}\n", nil, false},
	} {
		r := played(t, test.flow, test.scenario)
		var got []string
		for _, f := range r.Summaries[0].Findings {
			got = append(got, string(f.Level)+": "+f.String())
		}
		if !slices.Equal(got, test.want) || r.Passed() == test.fails {
			t.Errorf("%s: passed is %v, found\n%s", test.name, r.Passed(), strings.Join(got, "\n"))
			for _, e := range r.Events {
				t.Log(e.At, e.Type, e.Text, e.Error)
			}
		}
	}
}

// TestOwnFlowsBearNoFindings: what the generated styles say while they wait keeps the rules, for any duration of the
// function. The wait style cuts what it says when the result is there, as soon after its start as it may be.
func TestOwnFlowsBearNoFindings(t *testing.T) {
	for _, o := range []style.Options{
		{Style: style.Poll}, {Style: style.Poll, Prompt: music}, {Style: style.Queue, Prompt: music},
		{Style: style.Wait, Prompt: music},
	} {
		p, bounds := styled(t, o, "table"), speech.DefaultRange().Bounds()
		for i := range 2 * testrun.Count(t, 1, 30) {
			given, work := stylish(o), 30*time.Second+time.Duration(i)*4300*time.Millisecond
			given.Speech = speech.Always(bounds[i%2])
			takes(work)(&given)
			for _, f := range playOnce(t, call.Options{Project: p, Scenario: given, Virtual: true}).Findings {
				if o.Style != style.Wait || f.Rule != call.CutClip {
					t.Errorf("%s, %.0f words a minute, %v: %s", o.Style, bounds[i%2].WordsPerMinute, work, f)
				}
			}
		}
	}
}
