package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
)

// timelineWriter prints a call as it happens, one line an event.
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
	fmt.Fprintf(w.t.out, "%s\n", strings.Repeat(" ", 8+2+verbWidth+2+textWidth+2)+w.t.faint.Render("took"))
}

// event prints the line of an event; executions are left to the summary, logs are kept.
func (w *timelineWriter) event(e call.Event) {
	if e.Type == call.TypeLog {
		w.logs = append(w.logs, e)
	}
	verb, text := describe(e)
	if verb == "" {
		return
	}
	at := e.At
	if e.Type == call.TypeFunction && !e.Async { // nothing else happened meanwhile
		at -= e.Took
	}
	line := fmt.Sprintf("%8s  %-*s  %s", clockTime(at), verbWidth, verb, pad(text, textWidth))
	if w.callers > 1 {
		line = fmt.Sprintf("  caller %d", e.Caller+1) + line
	}
	if e.Took > 0 {
		line += fmt.Sprintf("  %6s", spell(e.Took))
	}
	if e.Silent {
		line += "   " + w.t.faint.Render("silence")
	}
	if e.Error != "" {
		line = w.t.alarm.Render(strings.TrimRight(line, " "))
	}
	fmt.Fprintln(w.t.out, strings.TrimRight(line, " "))
}

// describe says what happened: a verb and the rest.
func describe(e call.Event) (verb, text string) {
	switch e.Type {
	case call.TypeFunction:
		return functionLine(e)
	case call.TypeSays:
		return "says", fmt.Sprintf("%q", e.Text)
	case call.TypeStarts:
		return "starts", e.Function
	case call.TypePauses:
		return "pauses", ""
	case call.TypeAsks:
		return "listens", "for the caller's keys"
	case call.TypeNote:
		return "note", strings.TrimSuffix(e.Action+" "+e.Text+": "+e.Error, ": ")
	case call.TypeExecution, call.TypeLog, call.TypeFlowLog:
		return "", ""
	case call.TypeEnded:
		return "ended", endedBy(e)
	}
	return string(e.Type), e.Text
}

func endedBy(e call.Event) string {
	switch flow.Ending(e.Status) {
	case flow.EndingDisconnected:
		return "by the flow"
	case flow.EndingHungUp:
		return "by the caller"
	}
	return e.Status + ": " + e.Text
}

func functionLine(e call.Event) (verb, text string) {
	verb = e.Request
	if verb == "" {
		verb = "calls"
		text = e.Function + "  "
	}
	return verb, strings.TrimSpace(text + strings.Join(strings.Fields(e.Status+" "+e.Text+" "+e.Error), " "))
}

func (w *timelineWriter) summary(caller int, s call.Summary) {
	fmt.Fprintln(w.t.out)
	if w.callers > 1 {
		fmt.Fprintf(w.t.out, "  %s\n", w.t.strong.Render(fmt.Sprintf("Caller %d", caller+1)))
	}
	for _, line := range summaryLines(s) {
		fmt.Fprintln(w.t.out, "  "+line)
	}
}

// printLogs prints the logs of the functions, one invocation after the other.
func (w *timelineWriter) printLogs() {
	for _, e := range w.logs {
		fmt.Fprintf(w.t.out, "\n  %s, ended at %s s\n", w.t.strong.Render(e.Function), clockTime(e.At))
		for line := range strings.Lines(printable(e.Text)) {
			fmt.Fprintf(w.t.out, "    %s\n", strings.TrimRight(line, "\n"))
		}
	}
}

func summaryLines(s call.Summary) []string {
	var lines []string
	if s.Interrupted {
		lines = append(lines, "The call was interrupted; this is how far it came.")
	}
	lines = append(lines, functionSummary(s))
	speech := ""
	if s.Spoken {
		lines = append(lines, airSummary(s))
		speech = fmt.Sprintf("Speech is estimated at %.0f words a minute. ", s.WordsPerMinute)
	}
	cost := awsfacts.CallCost(s.StateTransitions, s.Invocations, s.LambdaLatency)
	lines = append(lines, fmt.Sprintf("%s, %s, %s: about $%.5f.", count(s.Invocations, "Lambda call"),
		count(s.Executions, "execution"), count(s.StateTransitions, "state transition"), cost))
	assumptions := "none"
	if len(s.Assumptions) > 0 {
		assumptions = strings.Join(s.Assumptions, ", ")
	}
	return append(lines, speech+fmt.Sprintf("Unconfirmed assumptions: %s.", assumptions))
}

func airSummary(s call.Summary) string {
	if s.Gaps == 0 {
		return "No dead air."
	}
	return fmt.Sprintf("Dead air: %s in %s, the longest %s.", spell(s.DeadAir), count(s.Gaps, "gap"), spell(s.LongestGap))
}

func functionSummary(s call.Summary) string {
	switch {
	case s.Function == "":
		return "Nothing was started."
	case s.FunctionTime == 0:
		return "The function was still running when the call ended."
	}
	line := fmt.Sprintf("The function took %s", spell(s.FunctionTime))
	if s.FunctionError != "" {
		line += fmt.Sprintf(" and ended as %s (%s)", s.Function, s.FunctionError)
	}
	if !s.Detected {
		return line + ". The flow did not notice."
	}
	return line + fmt.Sprintf(". Its result was noticed %s after it was there.", spell(s.DetectionDelay))
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// clockTime is a time since the call began, in seconds with one digit; halves are rounded up.
func clockTime(d time.Duration) string {
	tenths := (d.Milliseconds() + 50) / 100
	return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
}

func spell(d time.Duration) string { return clockTime(d) + " s" }

// pad fills a text up to a width, counted in characters.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}
