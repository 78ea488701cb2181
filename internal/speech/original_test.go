package speech_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestOriginalPromptsAreInRange checks the bounds against the measured prompts of the original's sample flow, which
// espeak-ng spoke at 160 words a minute. The longer prompt is the one that takes longer, so both lists are sorted and
// compared in that order.
func TestOriginalPromptsAreInRange(t *testing.T) {
	dir := testrun.Recorded(t, "RECORDED_ORIGINAL")
	flow, err := source.ReadFile(filepath.Join(dir, "sample-flow.json"))
	if err != nil {
		t.Fatal(err)
	}
	bounds := speech.DefaultRange()
	fast, slow := originalPrompts(t, flow, bounds.Fast), originalPrompts(t, flow, bounds.Slow)
	measured := measuredPrompts(t, filepath.Join(dir, "timelines.json"))
	slices.Sort(measured)
	if len(fast) != len(measured) {
		t.Fatalf("%d prompts, %d measured", len(fast), len(measured))
	}
	for i, length := range measured {
		if length < fast[i] || length > slow[i] {
			t.Errorf("estimated %.2f s to %.2f s, measured %.2f s", fast[i], slow[i], length)
		}
	}
}

// originalPrompts are the estimated lengths of the prompts, sorted.
func originalPrompts(t *testing.T, flow *source.Node, rate speech.Rate) []float64 {
	t.Helper()
	var lengths []float64
	for _, action := range flow.Get("Actions").Items {
		text := action.Get("Parameters").Get("Text").Str()
		if ssml := action.Get("Parameters").Get("SSML").Str(); strings.Contains(ssml, "comfort") {
			segments, err := speech.SSML(ssml, rate.Length)
			if err != nil || len(segments) != 2 {
				t.Fatalf("the comfort prompt: %v %v", segments, err)
			}
			text = segments[1].Text
		}
		if text != "" {
			lengths = append(lengths, rate.Text(text).Seconds())
		}
	}
	slices.Sort(lengths)
	return lengths
}

func measuredPrompts(t *testing.T, file string) []float64 {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var timelines struct {
		Assumptions struct {
			Prompts map[string]float64 `json:"prompt_seconds"`
		}
	}
	if err := json.Unmarshal(text, &timelines); err != nil {
		t.Fatal(err)
	}
	var seconds []float64
	for _, s := range timelines.Assumptions.Prompts {
		seconds = append(seconds, s)
	}
	return seconds
}
