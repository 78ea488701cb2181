package audio

import (
	"math"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/wav"
)

// Track is the sound of one caller's call. It is given the caller's events in their order.
type Track struct {
	voice   *Voice
	prompts map[string]wav.Recording // at Rate
	samples []int16
}

// NewTrack returns a track without sound. prompts are the recordings that the call plays, at Rate, by their ARN, id or
// file name; what is played and is not among them becomes a tone.
func NewTrack(v *Voice, prompts map[string]wav.Recording) *Track {
	return &Track{voice: v, prompts: prompts}
}

// Event adds what the caller hears of an event.
func (t *Track) Event(e call.Event) {
	switch e.Type {
	case call.TypeSays, call.TypePlays, call.TypePauses:
		t.begin(e)
	case call.TypeCut:
		t.cut(e.At)
	case call.TypeEnded:
		t.cut(e.At)
		t.fill(e.At)
	}
}

func (t *Track) begin(e call.Event) {
	at := e.At
	for _, segment := range e.Heard {
		if segment.Text != "" {
			t.place(at, segment.Duration, t.sound(e.Type, segment.Text, segment.ReadOut(), segment.Duration))
		}
		at += segment.Duration
	}
}

// sound is what is heard of a segment.
func (t *Track) sound(kind call.EventType, text, spoken string, length time.Duration) []int16 {
	if kind == call.TypeSays {
		return t.voice.Speak(spoken).Samples
	}
	if prompt, ok := t.prompts[text]; ok {
		return prompt.Samples
	}
	return tone(length)
}

// place puts a sound, as far as it fits, into a stretch of the call.
func (t *Track) place(at, length time.Duration, sound []int16) {
	from, to := position(at), position(at+length)
	t.fill(at + length)
	copy(t.samples[from:to], sound)
}

// cut ends what is heard.
func (t *Track) cut(at time.Duration) {
	if n := position(at); n < len(t.samples) {
		t.samples = t.samples[:n]
	}
}

// fill adds silence until a time.
func (t *Track) fill(until time.Duration) {
	if missing := position(until) - len(t.samples); missing > 0 {
		t.samples = append(t.samples, make([]int16, missing)...)
	}
}

// Recording is the sound until now.
func (t *Track) Recording() wav.Recording { return wav.Recording{Rate: Rate, Samples: t.samples} }

// position is where in the samples a time is.
func position(at time.Duration) int { return int(at.Seconds()*Rate + 0.5) }

// tone is a quiet tone, for a recording that is not there.
func tone(length time.Duration) []int16 {
	samples := make([]int16, position(length))
	for i := range samples {
		samples[i] = int16(1500 * math.Sin(2*math.Pi*440*float64(i)/Rate))
	}
	return samples
}
