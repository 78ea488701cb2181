package call_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestOriginalSampleFlowDistribution plays the original's sample flow for functions from 6.5 s to its limit and holds
// its row in the table of docs/flows.md.
func TestOriginalSampleFlowDistribution(t *testing.T) {
	dir := testrun.Recorded(t, "RECORDED_ORIGINAL")
	given := originalScenario(t, dir)
	var sum, worst, silence time.Duration
	n := 0
	for d := 6500 * ms; d <= 15900*ms; d += 50 * ms {
		s := playOriginal(t, dir, given, d)
		if !s.Detected {
			t.Fatalf("a function of %v is not noticed", d)
		}
		n++
		sum += s.DetectionDelay
		worst, silence = max(worst, s.DetectionDelay), max(silence, s.LongestGap)
	}
	near := func(what string, got time.Duration, want float64) {
		if math.Abs(got.Seconds()-want) > 0.005 {
			t.Errorf("%s is %v, recorded is %v s", what, got, want)
		}
	}
	near("the mean delay", sum/time.Duration(n), 0.85)
	near("the worst delay", worst, 2.49)
	near("the longest silence", silence, 3.25)
	if s := playOriginal(t, dir, given, 16*time.Second); s.Detected {
		t.Error("a function of 16 s is noticed")
	}
}

func playOriginal(t *testing.T, dir string, given scenario.Scenario, d time.Duration) call.Summary {
	t.Helper()
	given.Functions = map[string]scenario.StandIn{
		"wrapped": {Outcomes: []scenario.Outcome{outcome(d, `{"balance":"1"}`)}}}
	return playOnce(t, call.Options{Scenario: given, Virtual: true,
		Flow: filepath.Join(dir, "sample-flow.json"), StateMachine: filepath.Join(dir, "state-machine.asl.json")})
}

// originalScenario takes the names, assumptions and lengths of the recorded timelines.
func originalScenario(t *testing.T, dir string) scenario.Scenario {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "timelines.json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Assumptions struct {
			Prompts map[string]float64 `json:"prompt_seconds"`
		}
	}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	s := scenario.Default()
	s.Names = map[string]string{"{{AWS LAMBDA ARN}}": "wrapped",
		"arn:aws:lambda:ap-southeast-2:012345678910:function:sfn_function": "async"}
	s.Assumptions.UnsetAttribute = flow.UnsetAttributeEmptyString
	s.Assumptions.ExternalAfterError = flow.ExternalAfterErrorCleared
	s.Assumptions.ConnectRetries = 0
	s.Lengths = map[string]time.Duration{}
	lengths := slices.Sorted(maps.Values(recorded.Assumptions.Prompts))
	for i, text := range originalTexts(t, filepath.Join(dir, "sample-flow.json")) { // the longer text takes longer
		s.Lengths[text] = time.Duration(lengths[i] * float64(time.Second)).Round(ms)
	}
	return s
}

// originalTexts are the texts of a flow, the shortest first.
func originalTexts(t *testing.T, file string) []string {
	t.Helper()
	doc, err := source.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, action := range doc.Get("Actions").Items {
		parameters := action.Get("Parameters")
		if text := parameters.Get("Text").Str(); text != "" {
			texts = append(texts, text)
		}
		estimate := speech.DefaultRange().Middle().Length
		segments, _ := speech.SSML(parameters.Get("SSML").Str(), estimate) // most actions have none
		for _, s := range segments {
			if s.Text != "" {
				texts = append(texts, s.Text)
			}
		}
	}
	slices.SortFunc(texts, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	return texts
}
