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

// TestDefaultRateOriginalPrompts checks the default rate against the measured prompts of the original's sample flow.
// The longer prompt is the one that takes longer, so both lists are sorted and compared in that order.
func TestDefaultRateOriginalPrompts(t *testing.T) {
	dir := testrun.Recorded(t, "RECORDED_ORIGINAL")
	flow, err := source.ReadFile(filepath.Join(dir, "sample-flow.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lengths []float64
	for _, action := range flow.Get("Actions").Items {
		text := action.Get("Parameters").Get("Text").Str()
		if ssml := action.Get("Parameters").Get("SSML").Str(); strings.Contains(ssml, "comfort") {
			segments, err := speech.SSML(ssml, speech.DefaultRate().Text)
			if err != nil || len(segments) != 2 {
				t.Fatalf("the comfort prompt: %v %v", segments, err)
			}
			text = segments[1].Text
		}
		if text != "" {
			lengths = append(lengths, speech.DefaultRate().Text(text).Seconds())
		}
	}
	measured := measuredPrompts(t, filepath.Join(dir, "timelines.json"))
	slices.Sort(lengths)
	slices.Sort(measured)
	if len(lengths) != len(measured) {
		t.Fatalf("%d prompts, %d measured", len(lengths), len(measured))
	}
	for i, want := range measured {
		if ratio := lengths[i] / want; ratio < 0.85 || ratio > 1.15 {
			t.Errorf("estimated %.2f s, measured %.2f s", lengths[i], want)
		}
	}
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
