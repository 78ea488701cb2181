package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/draw"
)

// hostile is a text that would clear a screen, set a title, ring, move the cursor and turn others round.
const hostile = "a\x1b[2J\x1b]0;title\x07b\u009b31m\rc\x00\x7f\u202Ed\u2066"

func TestScreenLetsNoControlCharacterThrough(t *testing.T) {
	var plain, coloured bytes.Buffer
	for _, text := range []string{hostile, "invalid \xff\x9b2J", "\x1b[31mred\x1b[0m"} {
		out := plainTerminal(&plain, &plain)
		_, _ = out.out.Write([]byte(text + "\n"))
		_, _ = out.err.Write([]byte(text + "\r\n"))
		out.colour(&coloured)
		_, _ = out.out.Write([]byte(text + out.alarm.Render(text) + "\n"))
	}
	if found := controls(plain.String()); found != "" {
		t.Errorf("%q holds %q", plain.String(), found)
	}
	own := regexp.MustCompile("\x1b\\[(31|0)m") // the style of an alarm
	if n := len(own.FindAllString(coloured.String(), -1)); n != 6 {
		t.Errorf("%q has %d changes of style, expected 6", coloured.String(), n)
	}
	if found := controls(own.ReplaceAllString(coloured.String(), "")); found != "" {
		t.Errorf("%q holds %q", coloured.String(), found)
	}
	if want := "שלום \u200F(abc)\ttab\n"; draw.Printable(want) != want {
		t.Errorf("%q became %q", want, draw.Printable(want))
	}
}

// controls are the characters of a text that a terminal would obey.
func controls(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return r
		}
		return -1
	}, text)
}

// TestTextsOfOthersAreHarmless plays and lints a flow, and reads files, whose every text is hostile.
func TestTextsOfOthersAreHarmless(t *testing.T) {
	t.Chdir(t.TempDir())
	escaped := `a\u001b[2J\u001b]0;title\u0007b\u009b31m\rc\u0000\u007f\u202Ed`
	for name, text := range map[string]string{
		"flow.json": `{"Version": "2019-10-30", "StartAction": "say` + escaped + `", "Actions": [
			{"Identifier": "say` + escaped + `", "Type": "MessageParticipant",
			 "Parameters": {"Text": "Hi ` + escaped + `"},
			 "Transitions": {"NextAction": "go", "Errors": [{"NextAction": "go", "ErrorType": "NoMatchingError"}]}},
			{"Identifier": "go", "Type": "InvokeLambdaFunction",
			 "Parameters": {"LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:f",
			                "InvocationTimeLimitSeconds": "3"},
			 "Transitions": {"NextAction": "bye", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
			{"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`,
		"old.json": `{"Version": "2019-10-30", "StartAction": "bye", "Actions": [
			{"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`,
		"scenario.yaml": "name: \"" + escaped + "\"\ncaller: {number: \"" + escaped + "\"}\n" +
			"functions: {f: {takes: 1s, fails: {error: \"" + escaped + "\", message: \"" + escaped + "\"}}}\n",
		"connect-async.yaml": "name: bank\njobs: {f: {steps: [f]}}\nflows: [{file: flow.json}]\n" +
			"functions: {f: {arn: \"arn:aws:lambda:us-east-1:111122223333:function:f\"}}\nscenario: scenario.yaml\n",
		"bad.yaml": "name: \"" + escaped + "\"\n\"" + escaped + "\": 1\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range []string{
		"diff old.json flow.json", "fmt --check bad.yaml", "diff flow.json --git a\x1b[2Jb",
		"call --fast", "call --fast --logs", "test", "test --coverage", "lint", "lint --format github",
		"call bad.yaml", "call --fast --scenario bad.yaml", "cost bad.yaml", "verify bad.yaml",
		"call a\x1b[2Jb", "lint --explain a\x1b[2Jb", "a\x1b[2Jb", "call --a\x1b[2Jb",
	} {
		var out bytes.Buffer
		run(t.Context(), strings.Fields(command), plainTerminal(&out, &out))
		if found := controls(out.String()); out.Len() == 0 || found != "" {
			t.Errorf("%s prints %q: %q", command, found, out.String())
		}
	}
}

func TestTextsAreMeasured(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "abc": 3, "你好": 4, "e\u0301te\u0301": 3, "👍🏽": 2, "👨‍👩‍👧": 2, "한국어": 6, "ｆｕｌｌ": 8, "नमस्ते": 4,
	} {
		if got := width(text); got != want {
			t.Errorf("%q takes %d columns, expected %d", text, got, want)
		}
		if got := width(pad(text, 10)); got != 10 {
			t.Errorf("%q is filled up to %d columns", text, got)
		}
	}
	long := strings.Repeat("您好，请稍候。👨‍👩‍👧 e\u0301te\u0301 and a-very-long-word-without-any-space-in-it ", 4)
	for columns := 5; columns < 60; columns++ {
		var joined strings.Builder
		for _, line := range wrap(long, columns) {
			if width(line) > columns {
				t.Errorf("%q is wider than %d", line, columns)
			}
			joined.WriteString(line)
		}
		if unspaced(joined.String()) != unspaced(long) {
			t.Errorf("in %d columns the text becomes %q", columns, joined.String())
		}
		if got := cut(long, columns); width(got) > columns || !strings.HasSuffix(got, "…") {
			t.Errorf("%q is cut to %d columns as %q", long, columns, got)
		}
	}
}

func unspaced(text string) string { return strings.ReplaceAll(text, " ", "") }

// TestTheTableFits plays every example in terminals of several widths.
func TestTheTableFits(t *testing.T) {
	examples, err := filepath.Glob("../../examples/*")
	if err != nil || len(examples) == 0 {
		t.Fatal(err)
	}
	for _, example := range examples {
		for _, columns := range []int{fewColumns, usualColumns, 132} {
			var out bytes.Buffer
			terminal := plainTerminal(&out, &out)
			terminal.width = columns
			run(t.Context(), []string{"call", "--fast", example}, terminal)
			for line := range strings.Lines(out.String()) {
				if n := width(strings.TrimRight(line, "\n")); n > columns {
					t.Errorf("%s: a line takes %d of %d columns: %s", example, n, columns, line)
				}
			}
		}
	}
}

func TestColumns(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "no terminal"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for given, want := range map[string]int{"": 80, "120": 120, "10": 60, "-1": 80, "wide": 80} {
		if got := columns(given, file); got != want {
			t.Errorf("COLUMNS=%s means %d, expected %d", given, got, want)
		}
	}
}

// TestCallersShareOneClock lists the events of two callers in the order in which they began, on one clock.
func TestCallersShareOneClock(t *testing.T) {
	t.Chdir("../../examples/balance")
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	text := "callers: [{number: \"+1\"}, {number: \"+2\", arrives: 3s500ms}]\n" +
		"functions: {balance: {takes: 12s, returns: {balance: \"42.10\"}}}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"call", "--fast", "--scenario", file}, plainTerminal(&out, &out)); code != 0 {
		t.Fatal(out.String())
	}
	line := regexp.MustCompile(`(?m)^  caller ([12]) +(\d+\.\d)  (\w+)`)
	last, second := "", ""
	for _, m := range line.FindAllStringSubmatch(out.String(), -1) {
		if at := pad("", 8-len(m[2])) + m[2]; at < last {
			t.Errorf("%s comes after %s", m[0], last)
		} else {
			last = at
		}
		if m[1] == "2" && second == "" {
			second = m[0]
		}
	}
	if !strings.HasSuffix(second, " 3.5  connected") || strings.Count(out.String(), "ended") != 2 {
		t.Errorf("the second caller begins with %q:\n%s", second, out.String())
	}
}

// TestEventsWaitForTheirTurn checks that an event is printed as soon as no caller can have an earlier one.
func TestEventsWaitForTheirTurn(t *testing.T) {
	q := newEventQueue([]time.Duration{0, 2 * time.Second})
	texts := func(events []call.Event) (list []string) {
		for _, e := range events {
			list = append(list, e.Text)
		}
		return list
	}
	at := func(caller int, seconds float64, typ call.EventType, text string) call.Event {
		d := time.Duration(seconds * float64(time.Second))
		return call.Event{Caller: caller, At: d, Type: typ, Text: text}
	}
	slow := at(0, 4, call.TypeFunction, "slow") // began at 1 s
	slow.Took = 3 * time.Second
	steps := []struct {
		event call.Event
		due   []string
	}{
		{at(0, 0, call.TypeConnected, "first"), []string{"first"}},
		{at(0, 1.5, call.TypeExecution, "started"), nil}, // the function began before it
		{at(1, 0, call.TypeConnected, "second"), nil},    // at 2 s
		{slow, []string{"slow", "started", "second"}},
		{at(1, 9, call.TypeEnded, "end of the second"), nil},
		{at(0, 5, call.TypeSays, "says"), []string{"says"}},
	}
	for _, step := range steps {
		if diff := cmp.Diff(step.due, texts(q.add(step.event))); diff != "" {
			t.Errorf("after %q (-want +got):\n%s", step.event.Text, diff)
		}
	}
	if diff := cmp.Diff([]string{"end of the second"}, texts(q.rest())); diff != "" {
		t.Error(diff)
	}
}
