package call

import (
	"bufio"
	"os"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/speech"
)

// sound is something that is being played to the caller.
type sound struct {
	action   string
	from     time.Duration
	segments []speech.Segment
	end      clock.Timer
}

// say plays a text or a recording. What a text in SSML breaks for is silence.
func (p *player) say(c flow.Say) {
	segments, recorded := p.call.segments(c)
	s := &sound{action: c.Action.Identifier, from: p.now(), segments: segments}
	length := s.length()
	if !p.spoken() {
		length = 0 // a message arrives at once
	}
	text := s.text()
	e := Event{Type: TypeSays, Action: s.action, Text: text, Took: length}
	switch {
	case recorded:
		e.Type = TypePlays
	case text == "":
		e.Type, e.Silent = TypePauses, true
	default:
		p.heard = append(p.heard, text)
	}
	p.event(e)
	if c.ID == "" { // a channel on which nobody waits for the end
		p.inbox.put(func() { p.react(text) })
		return
	}
	p.sounds[c.ID] = s
	s.end = p.after(length, func() { p.said(c.ID, s) })
}

func (p *player) said(id string, s *sound) {
	if _, open := p.sounds[id]; !open {
		return
	}
	p.close(id, s)
	p.advance(flow.Said{At: p.clock.Now(), ID: id})
	p.react(s.text())
}

func (p *player) stopSaying(id string) {
	s, open := p.sounds[id]
	if !open {
		return
	}
	s.end.Stop()
	p.close(id, s)
	if p.now() < s.from+s.length() {
		p.event(Event{Type: TypeCut, Action: s.action, Text: s.text(), Took: p.now() - s.from})
	}
}

// close notes what of a sound the caller heard until now.
func (p *player) close(id string, s *sound) {
	delete(p.sounds, id)
	at := s.from
	for _, segment := range s.segments {
		from := at
		at += segment.Duration
		if segment.Text != "" && from < p.now() {
			p.covered = append(p.covered, span{from, min(at, p.now())})
		}
	}
}

func (s *sound) length() (d time.Duration) {
	for _, segment := range s.segments {
		d += segment.Duration
	}
	return d
}

// text is what is heard, without the pauses.
func (s *sound) text() string {
	var texts []string
	for _, segment := range s.segments {
		if segment.Text != "" {
			texts = append(texts, segment.Text)
		}
	}
	return strings.Join(texts, " ")
}

// segments returns what a Say consists of, and whether it is a recording. SSML that is not valid is taken as a plain text.
func (c *Call) segments(say flow.Say) (segments []speech.Segment, recorded bool) {
	switch {
	case say.PromptID != "":
		return []speech.Segment{{Text: promptName(say.PromptID), Duration: c.audioLength(say.PromptID)}}, true
	case say.Media != "":
		return []speech.Segment{{Text: promptName(say.Media), Duration: c.audioLength(say.Media)}}, true
	case say.SSML != "":
		if segments, err := speech.SSML(say.SSML, c.textLength); err == nil {
			return segments, false
		}
	}
	text := speech.Collapse(say.Text + say.SSML)
	if length := c.textLength(text); length > 0 {
		return []speech.Segment{{Text: text, Duration: length}}, false
	}
	return nil, false
}

// textLength is how long a text takes: as the scenario says, else as estimated.
func (c *Call) textLength(text string) time.Duration {
	if length, ok := c.scenario.Lengths[speech.Collapse(text)]; ok {
		return length
	}
	return c.scenario.Speech.Text(text)
}

// audioLength is how long a recording takes: as the scenario says, else as its file says, else the scenario's default.
func (c *Call) audioLength(id string) time.Duration {
	for _, name := range []string{id, promptName(id)} {
		if length, ok := c.scenario.Lengths[name]; ok {
			return length
		}
		if length, ok := c.recordings[name]; ok {
			return length
		}
	}
	return c.scenario.AudioLength
}

// promptName is the last part of a prompt's ARN or of a URI.
func promptName(id string) string { return id[strings.LastIndexAny(id, "/")+1:] }

// readRecording finds the length of an audio file.
func readRecording(file string) (time.Duration, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return speech.WAV(bufio.NewReader(f))
}
