package main

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/scenario"
)

// handset is the terminal as a telephone, or as the window of a chat: what is pressed and typed there is done in a call
// that goes on.
type handset struct {
	live        *call.Live
	board       *board
	chat        bool
	typing      bool
	typed       []rune
	state       call.State
	interrupted bool
	hangUp      context.CancelFunc
}

// goOn shows what happens and does what is pressed until the call is over. It returns the events.
func (h *handset) goOn(keys *keyboard, show func(call.Event)) (all []call.Event) {
	type news struct {
		events []call.Event
		state  call.State
	}
	coming := make(chan news)
	go func() {
		defer close(coming)
		from, version := 0, 0
		for {
			events, state, ok := h.live.Next(context.Background(), from, version)
			if !ok {
				return
			}
			from, version = from+len(events), state.Version
			coming <- news{events: events, state: state}
		}
	}()
	pressed := keys.read(h.live.Done())
	for {
		h.board.prompt(h.prompt())
		select {
		case n, ok := <-coming:
			if !ok {
				return all
			}
			h.state = n.state
			for _, e := range n.events {
				show(e)
			}
			all = append(all, n.events...)
		case key, ok := <-pressed:
			if !ok { // the terminal is gone
				pressed = nil
				h.hangUp()
				break
			}
			h.press(key, keys)
		}
	}
}

// press does what a key means.
func (h *handset) press(key rune, keys *keyboard) {
	switch {
	case key == keyInterrupt:
		h.interrupted = true
		keys.close() // so that another Ctrl-C ends the program
		h.hangUp()
	case key == keyEnd:
		h.do(scenario.Step{HangUp: true})
	case h.typing:
		h.typeKey(key)
	case scenario.IsKeys(string(key)):
		h.do(scenario.Step{Press: string(key)})
	case key == 't':
		h.typing = true
	case key == 'h':
		h.do(scenario.Step{HangUp: true})
	case key == ' ':
		h.pace(func(p *call.Pace) { p.Paused = !p.Paused })
	case key == 'f':
		h.pace(func(p *call.Pace) {
			p.Speed, p.Paused = 1-p.Speed, false
		})
	case key == keyEnter && h.state.Waits:
		h.pace(func(*call.Pace) {})
	}
}

// typeKey adds a character to the text that is typed, or says it.
func (h *handset) typeKey(key rune) {
	switch {
	case key == keyEnter:
		text := strings.TrimSpace(string(h.typed))
		h.typed, h.typing = nil, h.chat
		if text != "" {
			h.do(scenario.Step{Say: text})
		} else if h.chat && h.state.Waits {
			h.pace(func(*call.Pace) {})
		}
	case key == keyEscape:
		h.typed, h.typing = nil, h.chat
	case key == keyErase || key == keyBack:
		h.typed = h.typed[:max(0, len(h.typed)-1)]
	case unicode.IsPrint(key):
		h.typed = append(h.typed, key)
	}
}

func (h *handset) do(s scenario.Step) {
	if err := h.live.Do(s); err != nil && !errors.Is(err, call.ErrOver) {
		h.board.note(err.Error())
	}
}

func (h *handset) pace(change func(*call.Pace)) {
	if err := h.live.ChangePace(change); err != nil && !errors.Is(err, call.ErrOver) {
		h.board.note(err.Error())
	}
}

// help says what the keys do.
func (h *handset) help(fast bool) []string {
	lines := []string{"Press 0 to 9, * and #. t: type what you say. h: hang up."}
	if h.chat {
		lines[0] = "Type, and press Enter to send. Ctrl-D: leave the chat."
	}
	if fast {
		lines = append(lines, "Time is skipped until it is your turn.")
	}
	return lines
}

// prompt is what the last line says, "" for nothing.
func (h *handset) prompt() string {
	switch {
	case h.chat && h.typing && len(h.typed) == 0 && h.state.Waits:
		return "Your turn. Enter alone: say nothing."
	case h.typing:
		return "> " + string(h.typed)
	case h.state.Pace.Paused:
		return "Paused. Space: go on."
	case h.state.Waits:
		return "Your turn. Enter: do nothing. f: stop skipping time."
	}
	return ""
}
