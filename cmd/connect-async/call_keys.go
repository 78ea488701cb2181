package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/workspace"
)

// checkKeys refuses what cannot be played with keys, before anything is built.
func (o callOptions) checkKeys(t *terminal, p *project.Project) error {
	switch {
	case !o.keys && o.save != "":
		return usage("--save writes what was done with --keys, which is missing.")
	case !o.keys:
		return nil
	case o.json || o.log != "":
		return usage("--keys shows the call while it goes on; leave out --json and --log.")
	case t.keys == nil:
		return usage("--keys needs a terminal to press keys on, and standard input is not one.\n" +
			"Run the command in a terminal, without input from a pipe or a file.")
	case o.save == "":
		return nil
	}
	if extension := strings.ToLower(filepath.Ext(o.save)); extension != ".yaml" && extension != ".yml" {
		return usage("--save %s: a scenario's name ends in .yaml or .yml.", o.save)
	}
	if _, err := os.Lstat(o.save); err == nil {
		return usage("--save %s: the file exists, and no scenario is replaced; name another file.", o.save)
	}
	if !isFolder(filepath.Dir(o.save)) {
		return usage("--save %s: there is no folder %s.", o.save, filepath.Dir(o.save))
	}
	if p != nil && !workspace.SameFile(workspace.ProjectFile(filepath.Dir(o.save)), p.File) {
		return usage("--save %s: a scenario there would not be played with %s; name a file in the folder %s.",
			o.save, filepath.ToSlash(p.File), filepath.ToSlash(filepath.Dir(p.File)))
	}
	return nil
}

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

// playKeys plays a call in which the user is the caller.
func (o callOptions) playKeys(ctx context.Context, t *terminal, played *call.Call, channel flow.Channel) error {
	if err := t.keys.open(); err != nil {
		return usage("--keys: the keys of this terminal cannot be read one by one: %v.", err)
	}
	defer t.keys.close()
	defer context.AfterFunc(ctx, t.keys.close)() // a second Ctrl-C ends the program at once
	b := newBoard(t)
	w := newTimeline(b.terminal(t), played)
	w.headline(played)
	h := &handset{board: b, chat: channel == flow.Chat}
	h.typing = h.chat
	for _, line := range h.help(o.fast) {
		fmt.Fprintln(w.t.out, w.t.faint.Render("  "+line))
	}
	fmt.Fprintln(w.t.out)
	calling, hangUp := context.WithCancel(ctx)
	defer hangUp()
	pace := call.Pace{Speed: 1}
	if o.fast {
		pace.Speed = clock.AtOnce
	}
	h.live, h.hangUp = played.Live(calling, played.Seed(), call.LiveOptions{Pace: pace}), hangUp
	events := h.goOn(t.keys, func(e call.Event) {
		o.sound.hear(e)
		w.event(e)
	})
	b.clear()
	t.keys.close()
	w.t = t
	summaries, err := h.live.Result()
	if err != nil {
		return failure{code: exitFault, text: "connect-async: " + err.Error()}
	}
	if err := o.conclude(t, played, events, summaries, h.live.Judge()); err != nil {
		return err
	}
	o.printEnd(t, w, summaries)
	if err := o.saveScenario(ctx, t, h.live); err != nil {
		return err
	}
	if h.interrupted {
		return errInterrupted
	}
	return verdict(t, summaries)
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
	p := h.live.State().Pace
	change(&p)
	if err := h.live.SetPace(p); err != nil && !errors.Is(err, call.ErrOver) {
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

// saveScenario writes what was done into a file that is not there yet, and says whether it passes.
func (o callOptions) saveScenario(ctx context.Context, t *terminal, live *call.Live) error {
	if o.save == "" {
		return nil
	}
	s, err := live.Recording()
	if err != nil {
		return failure{code: exitFault, text: "connect-async: " + err.Error()}
	}
	if err := createFile(o.save, scenario.Write(o.save, s)); err != nil {
		return reportError(t, o.save, manifest.Unwritable(o.save, err))
	}
	fmt.Fprintf(t.err, "Wrote %s.\n", filepath.ToSlash(o.save))
	r := call.RunScenarios(context.WithoutCancel(ctx), []string{o.save}, call.Options{})[0]
	if r.Passed() {
		return nil
	}
	fmt.Fprintln(t.err, "On virtual time, as `connect-async test` plays it, it does not pass:")
	_ = report(t.err, r.Findings)
	for _, problem := range r.Problems() {
		fmt.Fprintln(t.err, "  "+problem)
	}
	return nil
}

// createFile writes a file that must not be there yet.
func createFile(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(name)
	}
	return err
}
