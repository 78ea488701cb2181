package speech_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/speech"
)

// TestPublishedLengthIsInRange checks the bounds against the one paragraph of which AWS has published the length: 60
// words and 345 characters take Joanna 19 s. Of its text only the counts matter.
func TestPublishedLengthIsInRange(t *testing.T) {
	paragraph := strings.Repeat("seven ", 46) + strings.TrimSpace(strings.Repeat("four ", 14))
	if words, characters := len(strings.Fields(paragraph)), len(paragraph); words != 60 || characters != 345 {
		t.Fatalf("%d words, %d characters", words, characters)
	}
	const published = 19 * time.Second
	bounds := speech.DefaultRange()
	if fast, slow := bounds.Fast.Text(paragraph), bounds.Slow.Text(paragraph); fast > published || slow < published {
		t.Errorf("%v to %v", fast, slow)
	}
}

func TestRange(t *testing.T) {
	bounds := speech.DefaultRange()
	const text = "Thanks. I am looking up your balance, please wait."
	fast, middle, slow := bounds.Fast.Text(text), bounds.Middle().Text(text), bounds.Slow.Text(text)
	if fast >= middle || middle >= slow || bounds.IsKnown() {
		t.Errorf("%v, %v, %v", fast, middle, slow)
	}
	if got := bounds.Bounds(); !slices.Equal(got, []speech.Rate{bounds.Fast, bounds.Slow}) {
		t.Errorf("bounds %v", got)
	}
	known := speech.Always(bounds.Middle())
	if got := known.Bounds(); !known.IsKnown() || known.Middle() != bounds.Middle() || len(got) != 1 {
		t.Errorf("a known rate: %v", got)
	}
}
