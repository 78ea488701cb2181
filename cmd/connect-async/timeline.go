package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/call"
)

// timelineWriter prints a call as it happens, one event after the other.
type timelineWriter struct {
	t       *terminal
	callers int             // each line says whose it is when there are several
	arrives []time.Duration // when each caller's own time begins, on the clock that several share
	queue   *eventQueue     // of several callers; nil for one
	logs    []call.Event
	broken  []call.Event // failures of functions
}

// Widths of the columns. The text has what they leave.
const (
	callerWidth = 10
	timeWidth   = 6
	verbWidth   = 10
	tookWidth   = 7
	asideWidth  = 7 // silence
	mostText    = 72
)

// newTimeline makes a writer for a call.
func newTimeline(t *terminal, c *call.Call) *timelineWriter {
	w := &timelineWriter{t: t, callers: c.Callers(), arrives: c.Arrivals()}
	if w.callers > 1 {
		w.queue = newEventQueue(w.arrives)
	}
	return w
}

// left is how many columns are left of the text.
func (w *timelineWriter) left() int {
	columns := timeWidth + 2 + verbWidth + 2
	if w.callers > 1 {
		columns += callerWidth
	}
	return columns
}

// textWidth is how many columns the text has.
func (w *timelineWriter) textWidth() int {
	return min(mostText, w.t.width-w.left()-(2+tookWidth+2+asideWidth))
}

func (w *timelineWriter) headline(c *call.Call) {
	title, setup := oneLine(c.Title), oneLine(c.Setup)
	if 2+width(title)+4+width(setup) <= w.t.width {
		fmt.Fprintf(w.t.out, "\n  %s    %s\n", w.t.strong.Render(title), w.t.faint.Render(setup))
	} else {
		fmt.Fprintf(w.t.out, "\n  %s\n", w.t.strong.Render(cut(title, w.t.width-2)))
		for _, line := range wrap(setup, w.t.width-4) {
			fmt.Fprintf(w.t.out, "    %s\n", w.t.faint.Render(line))
		}
	}
	fmt.Fprintln(w.t.out, strings.Repeat(" ", w.left()+w.textWidth()+2+tookWidth-len("took"))+w.t.faint.Render("took"))
}

// event takes the next event. Those of several callers are printed in the order of their common clock.
func (w *timelineWriter) event(e call.Event) {
	switch {
	case e.Type == call.TypeLog:
		w.logs = append(w.logs, e)
	case e.Type == call.TypeFailure:
		w.broken = append(w.broken, e)
	case w.queue == nil:
		w.print(e, e.Began())
	default:
		w.printAll(w.queue.add(e))
	}
}

// end prints what still waits for its turn.
func (w *timelineWriter) end() {
	if w.queue != nil {
		w.printAll(w.queue.rest())
	}
}

func (w *timelineWriter) printAll(events []call.Event) {
	for _, e := range events {
		w.print(e, e.Began()+w.arrives[e.Caller])
	}
}

// print prints an event at a time; executions are left to the summary. A long text takes several lines.
func (w *timelineWriter) print(e call.Event, at time.Duration) {
	verb, text := e.Words()
	if verb == "" {
		return
	}
	lines := wrap(oneLine(text), w.textWidth())
	line := fmt.Sprintf("%*s  %-*s  %s", timeWidth, call.ClockTime(at), verbWidth, verb, pad(lines[0], w.textWidth()))
	if w.callers > 1 {
		line = pad(fmt.Sprintf("  caller %d", e.Caller+1), callerWidth) + line
	}
	if e.Took > 0 {
		line += fmt.Sprintf("  %*s", tookWidth, call.Spell(e.Took))
	}
	if e.Silent {
		line += "  " + w.t.faint.Render("silence")
	}
	w.printLine(e, line)
	for _, more := range lines[1:] {
		w.printLine(e, strings.Repeat(" ", w.left())+more)
	}
}

func (w *timelineWriter) printLine(e call.Event, line string) {
	if line = strings.TrimRight(line, " "); e.Error != "" {
		line = w.t.alarm.Render(line)
	}
	fmt.Fprintln(w.t.out, line)
}

func (w *timelineWriter) summary(caller int, s call.Summary) {
	fmt.Fprintln(w.t.out)
	if w.callers > 1 {
		fmt.Fprintf(w.t.out, "  %s\n", w.t.strong.Render(fmt.Sprintf("Caller %d", caller+1)))
	}
	for _, sentence := range s.Lines() {
		for _, line := range wrap(oneLine(sentence), w.t.width-2) {
			fmt.Fprintln(w.t.out, "  "+line)
		}
	}
}

// printBroken prints why functions failed, each failure once.
func (w *timelineWriter) printBroken() {
	for _, b := range brokenFunctions(w.broken) {
		b.print(w.t.out, w.t)
	}
}

// printLogs prints the logs of the functions, one invocation after the other.
func (w *timelineWriter) printLogs() {
	for _, e := range w.logs {
		fmt.Fprintf(w.t.out, "\n  %s, ended at %s s\n", w.t.strong.Render(e.Function), call.ClockTime(e.At))
		for line := range strings.Lines(e.Text) {
			fmt.Fprintf(w.t.out, "    %s\n", strings.TrimRight(line, "\r\n"))
		}
	}
}
