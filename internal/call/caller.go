package call

import (
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
)

// prepareCaller arranges what the caller does, at its time or when something has been heard.
func (p *player) prepareCaller() {
	for _, deed := range p.caller.Does {
		if deed.Heard != "" {
			p.deeds = append(p.deeds, deed)
			continue
		}
		p.due++
		p.after(deed.At, func() {
			p.due--
			p.do(deed)
		})
	}
}

// undone returns what the caller was to do and did not, because it was never heard or the call was over.
func (p *player) undone() []Deed {
	undone := slices.Clone(p.deeds)
	for _, deed := range p.caller.Does {
		if deed.Heard == "" && deed.At > p.now() {
			undone = append(undone, deed)
		}
	}
	return undone
}

// String says what is done, and when.
func (d Deed) String() string {
	what := "hangs up"
	switch {
	case d.Press != "":
		what = "presses " + d.Press
	case d.Say != "":
		what = "says " + strconv.Quote(d.Say)
	}
	if d.Heard != "" {
		return what + " after hearing " + strconv.Quote(d.Heard)
	}
	return what + " at " + inSeconds(d.At)
}

// react lets the caller do what waits for a text, once.
func (p *player) react(text string) {
	for i, deed := range p.deeds {
		if strings.Contains(text, deed.Heard) {
			p.deeds = append(p.deeds[:i:i], p.deeds[i+1:]...)
			p.do(deed)
			return
		}
	}
}

func (p *player) do(deed Deed) {
	if p.finished {
		return
	}
	if deed.HangUp {
		p.event(Event{Type: TypeCaller, Text: "hangs up"})
		p.advance(flow.HungUp{At: p.clock.Now()})
		return
	}
	verb := "presses "
	if deed.Say != "" {
		verb = "says "
	}
	p.event(Event{Type: TypeCaller, Text: verb + deed.Press + deed.Say})
	p.advance(flow.Input{At: p.clock.Now(), Digits: deed.Press, Text: deed.Say})
}
