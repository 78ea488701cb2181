package player

import (
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/speech"
)

// Utterance is what a Say comes to: what is heard, and for how long.
type Utterance struct {
	Segments []speech.Segment
	Recorded bool // an audio prompt
	Known    bool // its length is: of a recording that nobody knows it is a guess
}

// Length is how long it takes.
func (u Utterance) Length() (d time.Duration) {
	for _, segment := range u.Segments {
		d += segment.Duration
	}
	return d
}

// Text is what is heard, without the pauses.
func (u Utterance) Text() string {
	var texts []string
	for _, segment := range u.Segments {
		if segment.Text != "" {
			texts = append(texts, segment.Text)
		}
	}
	return strings.Join(texts, " ")
}

// Estimate is a Voice that estimates lengths, but takes those that are known.
type Estimate struct {
	Rate       speech.Rate
	Lengths    map[string]time.Duration // exact lengths of texts, with white space collapsed, and of recordings
	Recordings map[string]time.Duration // of audio prompts, by ARN, id or file name
	Unknown    time.Duration            // of other recordings
}

// Utterance implements Voice. SSML that is not valid is taken as a plain text.
func (e Estimate) Utterance(s flow.Say) Utterance {
	if recording := s.PromptID + s.Media; recording != "" {
		return e.recording(recording)
	}
	text := speech.Collapse(s.Text + s.SSML)
	if s.SSML != "" {
		if segments, err := speech.SSML(s.SSML, e.text); err == nil {
			return Utterance{Segments: segments, Known: true}
		}
	}
	if length := e.text(text, text); length > 0 {
		return Utterance{Segments: []speech.Segment{{Text: text, Duration: length}}, Known: true}
	}
	return Utterance{Known: true}
}

// text is how long a text takes that is read out as another.
func (e Estimate) text(text, spoken string) time.Duration {
	if length, ok := e.Lengths[speech.Collapse(text)]; ok {
		return length
	}
	return e.Rate.Text(spoken)
}

// RecordingName is what a recording is called in an Utterance: the last part of its ARN or URI.
func RecordingName(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// recording is an audio prompt, which is known by its ARN or URI, or by the last part of it.
func (e Estimate) recording(id string) Utterance {
	u := Utterance{Recorded: true, Known: true}
	name := RecordingName(id)
	for _, lengths := range []map[string]time.Duration{e.Lengths, e.Recordings} {
		for _, key := range []string{id, name} {
			if length, ok := lengths[key]; ok {
				u.Segments = []speech.Segment{{Text: name, Duration: length}}
				return u
			}
		}
	}
	u.Segments, u.Known = []speech.Segment{{Text: name, Duration: e.Unknown}}, false
	return u
}
