package main

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/source"
)

func printResults(t *terminal, results []call.Result) {
	for _, r := range results {
		verdict := "ok  "
		if !r.Passed() {
			verdict = t.alarm.Render("FAIL")
		}
		headline := verdict + "  " + filepath.ToSlash(r.File)
		if r.Title != "" {
			headline += "  " + t.faint.Render(oneLine(r.Title))
		}
		fmt.Fprintln(t.out, headline)
		if r.Setup != "" {
			fmt.Fprintf(t.out, "      %s\n", t.faint.Render(oneLine(r.Setup)))
		}
		_ = report(t.out, r.Findings)
		for _, line := range r.Problems() {
			fmt.Fprintf(t.out, "      %s\n", line)
		}
		for i := range r.Summaries {
			for _, line := range r.Notes(i) {
				fmt.Fprintf(t.out, "      %s\n", line)
			}
			printMarked(t, r, i)
		}
		if !r.Passed() {
			for _, b := range brokenFunctions(r.Events) {
				b.print(t.out, t)
			}
		}
	}
	printTotals(t, call.TotalsOf(results))
}

// printTotals prints what all scenarios come to together.
func printTotals(t *terminal, totals call.Totals) {
	fmt.Fprintf(t.out, "\n%s\n", totals.Heading())
	if totals.Calls > 0 {
		speeds := ""
		if totals.Speeds {
			speeds = ", each scenario with slow and with fast speech"
		}
		t.paragraph("", fmt.Sprintf("Dead air in %s%s: %s; p50 %s, p95 %s, p99 %s, longest %s",
			call.Count(totals.Calls, "call"), speeds, call.Count(len(totals.Silences), "gap"),
			call.Spell(totals.Silence(0.5)), call.Spell(totals.Silence(0.95)), call.Spell(totals.Silence(0.99)),
			call.Spell(totals.Silence(1))))
	}
	if totals.Calls == 0 && totals.Messages == 0 {
		return // nothing was played
	}
	d := totals.Dollars
	t.paragraph("", fmt.Sprintf("Cost of %s of calls and %s: about $%.4f of Amazon Connect, $%.4f of telephony, "+
		"$%.5f of orchestration", call.Spell(totals.Time), call.Count(totals.Messages, "chat message"),
		d.Connect, d.Telephony, d.Orchestration))
}

// printMarked prints the timeline of a caller with the place of each failure marked, nothing where none failed.
func printMarked(t *terminal, r call.Result, caller int) {
	var failures []call.Failure
	for _, f := range r.Failures {
		if f.Caller == caller {
			failures = append(failures, f)
		}
	}
	if len(failures) == 0 {
		return
	}
	fmt.Fprintln(t.out, r.Whose(caller))
	w := &timelineWriter{t: t}
	markUntil := func(e *call.Event) {
		for len(failures) > 0 && (e == nil || failures[0].At < e.At) {
			mark := fmt.Sprintf("%*s  ^ %s", timeWidth, call.ClockTime(failures[0].At), oneLine(failures[0].Message))
			fmt.Fprintln(t.out, t.alarm.Render(mark))
			failures = failures[1:]
		}
	}
	for _, e := range call.EventsOf(r.Events, caller) {
		markUntil(&e)
		w.event(e)
	}
	markUntil(nil)
	fmt.Fprintln(t.out)
}

func printCoverage(t *terminal, list []call.Coverage) {
	for _, c := range list {
		fmt.Fprintf(t.out, "\n%s: %d of %d branches taken\n", filepath.ToSlash(c.File), c.Taken, c.Branches)
		for _, b := range c.Never {
			fmt.Fprintf(t.out, "    %d:%d  %s  never takes  %s\n", b.Pos.Line, b.Pos.Column, b.Action, b.Branch)
		}
	}
}

func printResultsJSON(t *terminal, results []call.Result) {
	type line struct {
		File      string          `json:"file"`
		Passed    bool            `json:"passed"`
		Findings  source.Findings `json:"findings,omitempty"`
		Failures  []string        `json:"failures,omitempty"`
		Summaries []call.Summary  `json:"summaries"`
	}
	enc := json.NewEncoder(t.data)
	enc.SetEscapeHTML(false)
	for _, r := range results {
		l := line{File: filepath.ToSlash(r.File), Passed: r.Passed(), Findings: r.Findings, Failures: r.Problems(),
			Summaries: r.Summaries}
		_ = enc.Encode(l)
	}
	_ = enc.Encode(call.TotalsOf(results))
}

// junitSuite is JUnit's XML as far as CI systems read it.
type junitSuite struct {
	XMLName    xml.Name        `xml:"testsuite"`
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Seconds    string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"` // the file
	Name    string        `xml:"name,attr"`
	Seconds string        `xml:"time,attr"` // that the test took, whatever time passed in the call
	Failure *junitFailure `xml:"failure"`
	Output  string        `xml:"system-out,omitempty"` // what is no failure
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"` // error, failure or critical
	Text    string `xml:",chardata"`
}

func junitSeconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

func writeJUnit(w io.Writer, results []call.Result) error {
	suite := junitSuite{Name: "connect-async", Tests: len(results), Properties: junitTotals(call.TotalsOf(results))}
	var took time.Duration
	for _, r := range results {
		took += r.Took
		c := junitCase{Class: filepath.ToSlash(r.File), Name: cmp.Or(r.Title, filepath.Base(r.File)),
			Seconds: junitSeconds(r.Took)}
		if !r.Passed() {
			suite.Failures++
			var text strings.Builder
			_ = report(&text, r.Findings)
			for _, problem := range r.Problems() {
				fmt.Fprintln(&text, problem)
			}
			first, _, _ := strings.Cut(text.String(), "\n")
			c.Failure = &junitFailure{Message: first, Type: failureType(r), Text: text.String()}
		}
		for i := range r.Summaries {
			for _, note := range r.Notes(i) {
				c.Output += note + "\n"
			}
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Seconds = junitSeconds(took)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(suite); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// failureType is how bad the failures of a result are.
func failureType(r call.Result) string {
	switch {
	case len(r.Failures) == 0:
		return string(source.Error) // of the files
	case slices.ContainsFunc(r.Failures, func(f call.Failure) bool { return f.Level == call.Critical }):
		return string(call.Critical)
	}
	return string(call.Fails)
}

// junitTotals are the percentiles of dead air.
func junitTotals(totals call.Totals) []junitProperty {
	property := func(name string, share float64) junitProperty {
		return junitProperty{Name: name, Value: fmt.Sprintf("%.3f", totals.Silence(share).Seconds())}
	}
	return []junitProperty{property("dead_air_p50_seconds", 0.5), property("dead_air_p95_seconds", 0.95),
		property("dead_air_p99_seconds", 0.99), property("dead_air_longest_seconds", 1)}
}

// writeFlowLogs writes the contact flow logs of all scenarios, one JSON object per line.
func writeFlowLogs(w io.Writer, results []call.Result) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, r := range results {
		for _, e := range r.Events {
			if e.Type != call.TypeFlowLog {
				continue
			}
			if err := enc.Encode(e.Log); err != nil {
				return err
			}
		}
	}
	return nil
}
