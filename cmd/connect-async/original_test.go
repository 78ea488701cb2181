package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/testrun"
)

// timeline is a recorded timing of the original's sample flow.
type timeline struct {
	Name     string
	Function struct {
		Seconds float64
		Outcome string
	}
	LambdaCalls    int       `json:"lambda_calls"`
	BranchAt       *float64  `json:"branch_at"`
	DetectionDelay *float64  `json:"detection_delay"`
	DeadAir        float64   `json:"dead_air"`
	LongestGap     float64   `json:"longest_gap"`
	EndsAt         float64   `json:"ends_at"`
	DoneAt         *float64  `json:"done_at"`
	Executions     int       `json:"executions_started"`
	BlocksAt       []float64 `json:"lambda_blocks_at"`
	Heard          []struct {
		Prompt   string
		From, To float64
	}
}

// playedEvent is a line of `call --json`.
type playedEvent struct {
	Type string
	At   float64 `json:"at_seconds"`
	Took float64 `json:"took_seconds"`
	Text string

	Duration        float64  `json:"duration_seconds"`
	FunctionOutcome string   `json:"function_outcome"`
	FunctionSeconds *float64 `json:"function_seconds"`
	DetectedAt      *float64 `json:"detected_at_seconds"`
	DetectionDelay  *float64 `json:"detection_delay_seconds"`
	DeadAir         float64  `json:"dead_air_seconds"`
	LongestGap      float64  `json:"longest_gap_seconds"`
	Invocations     int      `json:"lambda_invocations"`
	Executions      int      `json:"executions_started"`
	Heard           []string
}

// TestCallOriginalTimelines plays the original's own flow and state machine, unmodified, and compares with the recorded
// timings.
func TestCallOriginalTimelines(t *testing.T) {
	dir := testrun.Recorded(t, "RECORDED_ORIGINAL")
	text, err := os.ReadFile(filepath.Join(dir, "timelines.json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Assumptions struct {
			Prompts map[string]float64 `json:"prompt_seconds"`
		}
		Timelines []timeline
	}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	prompts := promptTexts(t, filepath.Join(dir, "sample-flow.json"), recorded.Assumptions.Prompts)
	for _, want := range recorded.Timelines {
		t.Run(want.Name, func(t *testing.T) {
			scenario := filepath.Join(t.TempDir(), "scenario.yaml")
			text := originalScenario(want, prompts, recorded.Assumptions.Prompts)
			if err := os.WriteFile(scenario, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			args := []string{"call", "--flow", filepath.Join(dir, "sample-flow.json"),
				"--state-machine", filepath.Join(dir, "state-machine.asl.json"), "--scenario", scenario, "--json"}
			code := run(t.Context(), args, plainTerminal(&out, &errs))
			if code != exitGood {
				t.Fatalf("exit code %d\n%s", code, errs.String())
			}
			compareTimeline(t, want, prompts, decodeEvents(t, &out))
		})
	}
}

// originalScenario names the assumptions of the recorded timelines.
func originalScenario(want timeline, prompts map[string]string, lengths map[string]float64) string {
	var b strings.Builder
	b.WriteString(`clock: virtual
latency: {lambda: 150ms, step_functions: 100ms}
names:
  "{{AWS LAMBDA ARN}}": wrapped
  "arn:aws:lambda:ap-southeast-2:012345678910:function:sfn_function": async
assumptions: {unset_attribute: empty_string, external_after_error: cleared, connect_retries: 0}
lengths:
`)
	for role, text := range prompts {
		fmt.Fprintf(&b, "  %q: %gs\n", text, lengths[role])
	}
	answer := `returns: {balance: "1"}`
	if want.Function.Outcome != "ok" {
		answer = `fails: {error: Exception, message: it failed}`
	}
	fmt.Fprintf(&b, "functions:\n  wrapped: {takes: %gs, %s}\n", want.Function.Seconds, answer)
	return b.String()
}

// promptTexts finds the text of each prompt by its role: the longer text is the one that takes longer.
func promptTexts(t *testing.T, file string, lengths map[string]float64) map[string]string {
	t.Helper()
	flow, err := source.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, action := range flow.Get("Actions").Items {
		parameters := action.Get("Parameters")
		if text := parameters.Get("Text").Str(); text != "" {
			texts = append(texts, text)
		}
		if ssml := parameters.Get("SSML").Str(); ssml != "" {
			segments, err := speech.SSML(ssml, speech.DefaultRange().Middle().Length)
			if err != nil {
				t.Fatal(err)
			}
			if last := segments[len(segments)-1]; last.Text != "" {
				texts = append(texts, last.Text)
			}
		}
	}
	roles := slices.Collect(maps.Keys(lengths))
	slices.SortFunc(roles, func(a, b string) int { return cmp.Compare(lengths[a], lengths[b]) })
	slices.SortFunc(texts, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	if len(roles) != len(texts) {
		t.Fatalf("%d prompts for %d roles", len(texts), len(roles))
	}
	byRole := map[string]string{}
	for i, role := range roles {
		byRole[role] = texts[i]
	}
	return byRole
}

func decodeEvents(t *testing.T, out *bytes.Buffer) []playedEvent {
	t.Helper()
	var events []playedEvent
	for dec := json.NewDecoder(out); dec.More(); {
		var e playedEvent
		if err := dec.Decode(&e); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	if len(events) == 0 || events[len(events)-1].Type != "summary" {
		t.Fatalf("no summary at the end of %d events", len(events))
	}
	return events
}

func compareTimeline(t *testing.T, want timeline, prompts map[string]string, events []playedEvent) {
	t.Helper()
	const tolerance = 0.05
	near := func(what string, got, want *float64) {
		t.Helper()
		if (got == nil) != (want == nil) || got != nil && math.Abs(*got-*want) > tolerance {
			t.Errorf("%s: got %v, want %v", what, show(got), show(want))
		}
	}
	s := events[len(events)-1]
	if s.Invocations != want.LambdaCalls || s.Executions != want.Executions {
		t.Errorf("%d Lambda calls, %d executions: want %d, %d",
			s.Invocations, s.Executions, want.LambdaCalls, want.Executions)
	}
	near("branch_at", s.DetectedAt, want.BranchAt)
	near("detection_delay", s.DetectionDelay, want.DetectionDelay)
	near("dead_air", &s.DeadAir, &want.DeadAir)
	near("longest_gap", &s.LongestGap, &want.LongestGap)
	near("ends_at", &s.Duration, &want.EndsAt)
	if s.FunctionSeconds != nil {
		near("function_seconds", s.FunctionSeconds, &want.Function.Seconds)
	}
	var blocks []float64
	var heard []playedEvent
	for _, e := range events {
		switch e.Type {
		case "function":
			blocks = append(blocks, e.At-e.Took)
		case "says":
			heard = append(heard, e)
		}
	}
	if len(blocks) != len(want.BlocksAt) || len(heard) != len(want.Heard) {
		t.Fatalf("blocks at %v, want %v\nheard %v, want %v", blocks, want.BlocksAt, heard, want.Heard)
	}
	for i := range blocks {
		near("a Lambda block", &blocks[i], &want.BlocksAt[i])
	}
	for i, e := range heard {
		to := e.At + e.Took
		near("the end of a prompt", &to, &want.Heard[i].To)
		if text := prompts[want.Heard[i].Prompt]; e.Text != text {
			t.Errorf("heard %q, want %q", e.Text, text)
		}
	}
}

func show(f *float64) string {
	if f == nil {
		return "never"
	}
	return fmt.Sprint(*f)
}
