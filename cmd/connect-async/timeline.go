package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/call"
)

// timelineWriter prints a call as it happens, one line per event.
type timelineWriter struct {
	t       *terminal
	callers int // each line says whose it is when there are several
	logs    []call.Event
}

// Widths of the columns.
const (
	verbWidth = 10
	textWidth = 50
)

func (w *timelineWriter) headline(c *call.Call) {
	w.callers = c.Callers()
	fmt.Fprintf(w.t.out, "\n  %s    %s\n", w.t.strong.Render(c.Title), w.t.faint.Render(c.Setup))
	left := strings.Repeat(" ", 8+2+verbWidth+2+textWidth+2)
	fmt.Fprintln(w.t.out, left+w.t.faint.Render("took"))
}

// event prints the line of an event; executions are left to the summary, logs are kept.
func (w *timelineWriter) event(e call.Event) {
	if e.Type == call.TypeLog {
		w.logs = append(w.logs, e)
	}
	verb, text := e.Words()
	if verb == "" {
		return
	}
	line := fmt.Sprintf("%8s  %-*s  %s", call.ClockTime(e.Began()), verbWidth, verb, pad(text, textWidth))
	if w.callers > 1 {
		line = fmt.Sprintf("  caller %d", e.Caller+1) + line
	}
	if e.Took > 0 {
		line += fmt.Sprintf("  %6s", call.Spell(e.Took))
	}
	if e.Silent {
		line += "   " + w.t.faint.Render("silence")
	}
	if e.Error != "" {
		line = w.t.alarm.Render(strings.TrimRight(line, " "))
	}
	fmt.Fprintln(w.t.out, strings.TrimRight(line, " "))
}

func (w *timelineWriter) summary(caller int, s call.Summary) {
	fmt.Fprintln(w.t.out)
	if w.callers > 1 {
		fmt.Fprintf(w.t.out, "  %s\n", w.t.strong.Render(fmt.Sprintf("Caller %d", caller+1)))
	}
	for _, line := range s.Lines() {
		fmt.Fprintln(w.t.out, "  "+line)
	}
}

// printLogs prints the logs of the functions, one invocation after the other.
func (w *timelineWriter) printLogs() {
	for _, e := range w.logs {
		fmt.Fprintf(w.t.out, "\n  %s, ended at %s s\n", w.t.strong.Render(e.Function), call.ClockTime(e.At))
		for line := range strings.Lines(printable(e.Text)) {
			fmt.Fprintf(w.t.out, "    %s\n", strings.TrimRight(line, "\n"))
		}
	}
}

// pad fills a text up to a width, counted in characters.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}
