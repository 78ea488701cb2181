package call

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
)

// prepareCaller arranges what the caller does, at its time or when something has been heard.
func (l *line) prepareCaller() {
	for _, step := range l.caller.Does {
		if step.Heard != "" {
			l.waiting = append(l.waiting, step)
			continue
		}
		l.due++
		l.stage.clock.AfterFunc(step.At, func() {
			l.player.Do(func() {
				l.due--
				l.do(step)
			})
		})
	}
}

// undone returns what the caller was to do and did not, because it was never heard or the call was over.
func (l *line) undone() []scenario.Step {
	undone := slices.Clone(l.waiting)
	for _, step := range l.caller.Does {
		if step.Heard == "" && step.At > l.duration {
			undone = append(undone, step)
		}
	}
	return undone
}

// react lets the caller do what waits for a text, once.
func (l *line) react(text string) {
	for i, step := range l.waiting {
		if strings.Contains(text, step.Heard) {
			l.waiting = slices.Delete(l.waiting, i, i+1)
			l.do(step)
			return
		}
	}
}

func (l *line) do(step scenario.Step) {
	at := l.stage.clock.Now()
	if step.HangUp {
		l.event(Event{Type: TypeCaller, Text: "hangs up"})
		l.player.Advance(flow.HungUp{At: at})
		return
	}
	if l.caller.Channel == flow.Chat {
		l.messages++
	}
	verb := "presses "
	if step.Say != "" {
		verb = "says "
	}
	l.event(Event{Type: TypeCaller, Text: verb + step.Press + step.Say})
	l.comfort.asked()
	l.comfort.acting = true
	l.player.Advance(flow.Input{At: at, Digits: step.Press, Text: step.Say})
	l.comfort.acting = false
}
