package call

import (
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/speech"
)

// voice estimates lengths as the scenario says, unless the call has a voice of its own.
func (c *Call) voice() player.Voice {
	estimate := player.Estimate{
		Rate: c.scenario.Speech.Middle(), Lengths: c.lengths, Recordings: c.recordings,
		Unknown: c.scenario.AudioLength,
	}
	if c.speaks != nil {
		return c.speaks(estimate)
	}
	return estimate
}

// says reports a text or a recording that begins. What a text in SSML breaks for is silence.
func (l *line) says(c flow.Say, u player.Utterance) {
	text := u.Text()
	e := Event{Type: TypeSays, Action: c.Action.Identifier, Text: text, Fixed: isFixed(c),
		Values: c.Filled}
	switch {
	case u.Recorded:
		e.Type = TypePlays
	case text == "":
		e.Type, e.Silent = TypePauses, true
	default:
		l.heard = append(l.heard, text)
	}
	if l.caller.Channel == flow.Chat {
		l.messages++
	}
	if l.spoken() { // elsewhere a message arrives at once
		e.Took, e.At, e.Heard = u.Length(), l.now(), u.Segments
		l.comfort.says(e)
	}
	l.event(e)
}

// isFixed reports whether nothing was filled into a text.
func isFixed(c flow.Say) bool {
	return c.Action.Text("Text") == c.Text && c.Action.Text("SSML") == c.SSML
}

// said notes what of a text the caller heard, and lets the caller react to one that was heard to its end.
func (l *line) said(c flow.Say, o player.Opened) {
	text := o.Utterance.Text()
	if !l.spoken() {
		l.react(text)
		return
	}
	from := l.since(o.Began)
	until := l.cover(from, o.Utterance.Segments)
	switch {
	case !o.Cut:
		l.comfort.said(text, until)
		l.player.Do(func() { l.react(text) }) // first the flow goes on
	case l.now() < from+o.Utterance.Length():
		l.comfort.wasCut(c.Action, text, from, l.now()-from)
		l.event(Event{Type: TypeCut, Action: c.Action.Identifier, Text: text, Took: l.now() - from})
	}
}

// cover notes what of a sound the caller heard until now, and returns when they last heard something of it.
func (l *line) cover(from time.Duration, segments []speech.Segment) (until time.Duration) {
	for _, segment := range segments {
		to := from + segment.Duration
		if segment.Text != "" && from < l.now() {
			until = min(to, l.now())
			l.covered = append(l.covered, span{from: from, to: until})
		}
		from = to
	}
	return until
}
