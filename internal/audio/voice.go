package audio

import (
	"context"
	"sync"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/wav"
)

// Voice speaks texts, each once. It may be used by several calls at a time.
type Voice struct {
	ctx     context.Context
	program Program

	mu     sync.Mutex
	spoken map[string]wav.Recording
	err    error
}

// NewVoice returns a voice that a program speaks with, until ctx is done.
func NewVoice(ctx context.Context, p Program) *Voice {
	return &Voice{ctx: ctx, program: p, spoken: map[string]wav.Recording{}}
}

// Speak returns a text as it is spoken. When the program fails it is silent, and Err tells why.
func (v *Voice) Speak(text string) wav.Recording {
	v.mu.Lock()
	defer v.mu.Unlock()
	if recording, ok := v.spoken[text]; ok || v.err != nil {
		return recording
	}
	recording, err := v.program.Speak(v.ctx, text)
	if err != nil {
		v.err = err
	}
	v.spoken[text] = recording
	return recording
}

// Err is why the program failed, nil when it did not.
func (v *Voice) Err() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.err
}

// Over returns the voice of a call: what is known of recordings and pauses is kept, and texts take as long as they are
// spoken.
func (v *Voice) Over(estimate player.Voice) player.Voice { return &over{voice: v, estimate: estimate} }

type over struct {
	voice    *Voice
	estimate player.Voice
}

// Utterance implements player.Voice.
func (o *over) Utterance(s flow.Say) player.Utterance {
	u := o.estimate.Utterance(s)
	if u.Recorded {
		return u
	}
	for i, segment := range u.Segments {
		if segment.Text == "" {
			continue
		}
		recording := o.voice.Speak(segment.ReadOut())
		if len(recording.Samples) > 0 {
			u.Segments[i].Duration = recording.Length()
		}
	}
	return u
}
