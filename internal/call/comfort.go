package call

import (
	"cmp"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// comfort watches what a caller who waits is told: phrases that come again too soon, and clips that are too short to
// make sense.
type comfort struct {
	found []Finding

	heard   map[string]time.Duration // until when each phrase was heard last, since the caller was asked something
	checked string                   // the function that was called last, while it may be called again; else ""
	clips   []Finding                // that were too short, if it is called again
	cut     *Finding                 // a clip that was cut, unless the call ends with it
	acting  bool                     // the caller does something: what is cut now, they cut
}

// asked notes that the caller is asked something, or does something: what is said after it is an answer.
func (c *comfort) asked() { c.heard, c.clips, c.checked = nil, nil, "" }

// says notes that a text or a recording begins. A recording may be music, which is no phrase.
func (c *comfort) says(e Event) {
	if e.Type == TypePauses {
		return
	}
	if until, again := c.heard[e.Text]; again && e.Type == TypeSays && e.At-until < phraseAgain {
		c.found = addFinding(c.found, Finding{Rule: RepeatedPhrase, Level: Note, At: e.At, Took: e.At - until,
			Limit: phraseAgain, Action: e.Action, Text: e.Text})
	}
	if c.checked != "" && e.Took < shortestClip {
		c.clips = append(c.clips, Finding{Rule: ShortClip, Level: Note, At: e.At, Took: e.Took, Limit: shortestClip,
			Action: e.Action, Text: e.Text})
	}
}

// said notes that a text was heard to its end.
func (c *comfort) said(text string, at time.Duration) {
	if c.heard == nil {
		c.heard = map[string]time.Duration{}
	}
	c.heard[text] = at
}

// wasCut notes that a text or a recording was cut. What goes on after an interrupt is not cut for whoever listens.
func (c *comfort) wasCut(a *flowlang.Action, text string, at, took time.Duration) {
	goesOn := a.Type == flowlang.MessageParticipantIteratively && a.Is("ContinueMessagingDuringInterrupt")
	if text == "" || c.acting || goesOn || took < inaudible || took >= shortestClip {
		return
	}
	c.keepCut()
	c.cut = &Finding{Rule: CutClip, Level: Note, At: at, Took: took, Limit: shortestClip, Action: a.Identifier,
		Text: text}
}

// keepCut counts the clip that was cut: the call went on.
func (c *comfort) keepCut() {
	if c.cut != nil {
		c.found = addFinding(c.found, *c.cut)
		c.cut = nil
	}
}

// calls notes that a function is called. What was said since it was called before, was said between two checks.
func (c *comfort) calls(function string) {
	if function == c.checked {
		for _, clip := range c.clips {
			c.found = addFinding(c.found, clip)
		}
	}
	c.clips, c.checked = nil, function
}

// done notes that the work is done: what follows is no clip.
func (c *comfort) done() { c.clips, c.checked = nil, "" }

// findings judges a call that has ended, with the gaps in what the caller heard.
func (l *line) findings(gaps []span) []Finding {
	c := &l.comfort
	if c.cut != nil && c.cut.At+c.cut.Took+inaudible < l.duration {
		c.keepCut()
	}
	found := c.found
	for _, gap := range gaps {
		silence := gap.to - gap.from
		if level, limit := levelOf(l.stage.call.scenario.Borne(), silence); level != "" {
			found = addFinding(found, Finding{Rule: DeadAir, Level: level, At: gap.from, Took: silence, Limit: limit,
				Action: l.actionAt(gap.from)})
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int { return cmp.Compare(a.At, b.At) })
	return found
}

// entered is an action that a contact came to.
type entered struct {
	at     time.Duration
	action string
}

// conversations are the actions in which a caller talks to a bot or is put through to somebody, which is not played: as
// long as they take, there is no dead air.
var conversations = []string{
	flowlang.ConnectParticipantWithLexBot, flowlang.ConnectParticipantWithAgentic,
	flowlang.TransferParticipantToThirdParty,
}

// enter notes the action that the contact comes to. Of several at once the last is under way.
func (l *line) enter(a *flowlang.Action) {
	now := l.now()
	if n := len(l.entered); n > 0 && l.entered[n-1].at == now {
		l.entered = l.entered[:n-1]
	}
	l.entered = append(l.entered, entered{at: now, action: a.Identifier})
	if slices.Contains(conversations, a.Type) {
		l.talking = &now
	}
}

// leave notes that the contact leaves an action, or ends.
func (l *line) leave() {
	if l.talking != nil {
		l.covered = append(l.covered, span{from: *l.talking, to: l.now()})
		l.talking = nil
	}
}

// actionAt is the action that was under way when a silence began.
func (l *line) actionAt(at time.Duration) string {
	action := ""
	for _, e := range l.entered {
		if e.at <= at+inaudible {
			action = e.action
		}
	}
	return action
}
