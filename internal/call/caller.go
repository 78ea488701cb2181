package call

import (
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
