package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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
	return checkNewScenario("--save", o.save, p)
}

// checkNewScenario refuses to write a scenario where there is a file already, or where the project is not found. p may
// be nil.
func checkNewScenario(flag, file string, p *project.Project) error {
	if extension := strings.ToLower(filepath.Ext(file)); extension != ".yaml" && extension != ".yml" {
		return usage("%s %s: a scenario's name ends in .yaml or .yml.", flag, file)
	}
	if _, err := os.Lstat(file); err == nil {
		return usage("%s %s: the file exists, and no scenario is replaced; name another file.", flag, file)
	}
	if !isFolder(filepath.Dir(file)) {
		return usage("%s %s: there is no folder %s.", flag, file, filepath.Dir(file))
	}
	if p != nil && !workspace.SameFile(project.Nearest(filepath.Dir(file)), p.File) {
		return usage("%s %s: a scenario there would not be played with %s; name a file in the folder %s.",
			flag, file, filepath.ToSlash(p.File), filepath.ToSlash(filepath.Dir(p.File)))
	}
	return nil
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
