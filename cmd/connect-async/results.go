package main

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/source"
)

func printResults(t *terminal, results []call.Result) {
	passed := 0
	for _, r := range results {
		verdict := "ok  "
		if r.Passed() {
			passed++
		} else {
			verdict = t.alarm.Render("FAIL")
		}
		fmt.Fprintf(t.out, "%s  %s  %s\n", verdict, filepath.ToSlash(r.File), t.faint.Render(r.Title))
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
	}
	fmt.Fprintf(t.out, "\n%s: %d passed, %d failed\n", call.Count(len(results), "scenario"), passed,
		len(results)-passed)
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
}

// junitSuite is JUnit's XML as far as CI systems read it.
type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func writeJUnit(w io.Writer, results []call.Result) error {
	suite := junitSuite{Name: "connect-async", Tests: len(results)}
	for _, r := range results {
		c := junitCase{Class: filepath.ToSlash(filepath.Dir(r.File)), Name: filepath.Base(r.File)}
		if !r.Passed() {
			suite.Failures++
			var text strings.Builder
			_ = report(&text, r.Findings)
			for _, problem := range r.Problems() {
				fmt.Fprintln(&text, problem)
			}
			first, _, _ := strings.Cut(text.String(), "\n")
			c.Failure = &junitFailure{Message: first, Text: text.String()}
		}
		suite.Cases = append(suite.Cases, c)
	}
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
