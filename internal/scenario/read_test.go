package scenario_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/scenario"
)

func readScenario(t *testing.T, text string) (scenario.Scenario, []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "s.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, found := scenario.Read(file)
	var places []string
	for _, f := range found {
		places = append(places, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
		if f.Remedy == "" {
			t.Errorf("no remedy: %v", f)
		}
	}
	return s, places
}

func TestRead(t *testing.T) {
	s, found := readScenario(t, `
name: A call
clock: virtual
seed: 7
caller:
  number: "+15550199"
  attributes: {language: en, age: 42}
  does: [{at: 3s, press: "12#"}, {heard: press 1, hang_up: true}]
functions:
  a: {takes: 0.25, returns: {n: 1.50}}
  b: {fails: {error: Boom, message: no}, real: false}
latency: {lambda: 50ms}
speech: {words_per_minute: 150, audio: 4s}
lengths: {"Hello  there": 2s}
assumptions: {connect_retries: 0}
`)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if !s.Virtual || s.Seed != 7 || s.Callers[0].Attributes["age"] != "42" || s.Callers[0].Channel != "VOICE" {
		t.Errorf("%+v", s)
	}
	if got := fmt.Sprint(s.Callers[0].Does); got != `[presses 12# at 3 s hangs up after hearing "press 1"]` {
		t.Errorf("the caller does %s", got)
	}
	if a := s.Functions["a"].Outcomes[0]; a.Takes.Low != 250*time.Millisecond || string(a.Returns) != `{"n":1.50}` {
		t.Errorf("%+v", a)
	}
	if b := s.Functions["b"]; b.Outcomes[0].Error != "Boom" || b.Outcomes[0].Message != "no" || !b.Always {
		t.Errorf("%+v", b)
	}
	if s.Latency.Lambda != 50*time.Millisecond || s.Latency.StepFunctions != 100*time.Millisecond {
		t.Errorf("%+v", s.Latency)
	}
	if s.Lengths["Hello there"] != 2*time.Second || s.AudioLength != 4*time.Second ||
		s.Speech.Fast.WordsPerMinute != 150 || !s.Speech.IsKnown() {
		t.Errorf("%+v", s)
	}
}

func TestFindings(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"clock: fast", "1:8 bad-value"},
		{"flow: nowhere.json", "1:7 no-such-file"},
		{"caller: {does: [{press: 1}]}", "1:17 call-unclear-step"},
		{"caller: {does: [{at: 1s, heard: x, press: 1}]}", "1:17 call-unclear-step"},
		{"assumptions: {no_such: 1}", "1:15 call-unknown-assumption"},
		{"assumptions: {connect_retries: many}", "1:15 call-unknown-assumption"},
		{"functions: {a: {take: 3s}}", "1:17 unknown-key"},
		{"functions: {a: {takes: -3s}}", "1:24 bad-value"},
		{"lengths: {hello: soon}", "1:18 bad-value"},
		{"caller: {does: [{at: 1s, press: hello}]}", "1:33 call-unclear-step"},
		{`expect: {heard: [""]}`, "1:18 bad-value"},
		{"expect: {heard: [{by: 3s}]}", "1:18 bad-value"},
		{"expect: {heard: [[a]]}", "1:18 bad-value"},
		{"expect: {lambda_calls: {min: 3, max: 1}}", "1:24 bad-value"},
		{"expect: {branches: [{action: c}]}", "1:21 bad-value"},
	} {
		if _, found := readScenario(t, test.text); strings.Join(found, ", ") != test.want {
			t.Errorf("%s: got %v, want %s", test.text, found, test.want)
		}
	}
}

// TestSilence reads the thresholds of dead air, and raises them to what a scenario allows.
func TestSilence(t *testing.T) {
	const s, never = time.Second, time.Duration(math.MaxInt64)
	for text, want := range map[string]scenario.Silence{
		"{}":                           {Note: 2 * s, Failure: 4 * s, Critical: 8 * s},
		"silence: off":                 {Note: never, Failure: never, Critical: never},
		"silence: {note: 0s}":          {Failure: 4 * s, Critical: 8 * s},
		"silence: {failure: off}":      {Note: 2 * s, Failure: never, Critical: 8 * s},
		"silence: {critical: 1m}":      {Note: 2 * s, Failure: 4 * s, Critical: time.Minute},
		"expect: {longest_silence: 5}": {Note: 5 * s, Failure: 5 * s, Critical: 8 * s},
		"expect: {longest_silence: 1}": {Note: 2 * s, Failure: 4 * s, Critical: 8 * s},
	} {
		read, found := readScenario(t, text)
		if got := read.Borne(); len(found) > 0 || got != want {
			t.Errorf("%s: %v, %v", text, got, found)
		}
	}
	for text, want := range map[string]string{
		"silence: {note: 5s}":     "1:10 bad-value",
		"silence: {failure: 10s}": "1:10 bad-value",
		"silence: {failure: on}":  "1:20 bad-value",
		"silence: 4s":             "1:10 wrong-kind",
	} {
		if _, found := readScenario(t, text); !slices.Equal(found, []string{want}) {
			t.Errorf("%s: %v, want %s", text, found, want)
		}
	}
}
