package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/source"
)

// testOptions are the flags of `test`.
type testOptions struct {
	paths    []string
	junit    string
	json     bool
	coverage bool
	watch    bool
}

func newTest(t *terminal) *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use:   "test [FILES or FOLDERS]",
		Short: "Play scenarios as tests, on virtual time",
		Long: `Play scenarios as tests, on virtual time: what is heard and when, dead air, detection delay, branches, attributes.

In folders, by default the current one, the YAML files count whose name begins with "scenario" or that lie in a folder called
scenarios. Functions are the scenario's stand-ins. The exit code is 1 when an expectation failed.`,
		Example: "  connect-async test examples\n  connect-async test scenarios/slow.yaml --coverage",
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.paths = args; len(args) == 0 {
				o.paths = []string{"."}
			}
			if o.watch {
				return o.runAgain(cmd.Context(), t)
			}
			return o.run(cmd.Context(), t)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.junit, "junit", "", "write the results to this file, in JUnit's XML")
	flags.BoolVar(&o.json, "json", false, "print one JSON object a line and scenario")
	flags.BoolVar(&o.coverage, "coverage", false, "name the branches of the flows that no scenario takes")
	flags.BoolVar(&o.watch, "watch", false, "run again whenever a file changes")
	return cmd
}

func (o testOptions) run(ctx context.Context, t *terminal) error {
	files, err := call.FindScenarios(o.paths)
	if err != nil {
		return report(t.err, source.Findings{err.(source.Finding)})
	}
	if len(files) == 0 {
		return failure{exitUsage, "There is no scenario in " + strings.Join(o.paths, ", ") + `: no YAML file whose name begins with "scenario", and no folder called scenarios.`}
	}
	results := call.RunScenarios(ctx, files)
	print := printResults
	if o.json {
		print = printResultsJSON
	}
	print(t, results)
	if o.coverage && !o.json {
		printCoverage(t, call.CoverageOf(results))
	}
	if o.junit != "" {
		if err := writeFile(o.junit, func(w io.Writer) error { return writeJUnit(w, results) }); err != nil {
			return failure{exitUsage, fmt.Sprintf("connect-async: %v\nGive --junit a file that can be written.", err)}
		}
	}
	return testVerdict(results)
}

func testVerdict(results []call.Result) error {
	code := exitGood
	for _, r := range results {
		switch {
		case r.Findings.HasErrors():
			code = exitUsage
		case !r.Passed() && code == exitGood:
			code = exitFailed
		}
	}
	if code == exitGood {
		return nil
	}
	return failure{code: code}
}

// runAgain runs the scenarios at every change of a file below the paths, until it is interrupted.
func (o testOptions) runAgain(ctx context.Context, t *terminal) error {
	const interval = 500 * time.Millisecond
	var seen string
	for {
		if state := o.state(); state != seen {
			seen = state
			_ = o.run(ctx, t) // shown; the next change may mend it
			fmt.Fprintln(t.err, "Waiting for a change …")
		}
		if err := (clock.Real{}).Sleep(ctx, interval); err != nil {
			return nil
		}
	}
}

// state is the names, sizes and times of all files below the paths.
func (o testOptions) state() string {
	var b strings.Builder
	for _, path := range o.paths {
		_ = filepath.Walk(path, func(file string, info os.FileInfo, err error) error {
			if err == nil && !info.IsDir() {
				fmt.Fprintln(&b, file, info.Size(), info.ModTime().UnixNano())
			}
			return nil
		})
	}
	return b.String()
}

func printResults(t *terminal, results []call.Result) {
	passed := 0
	for _, r := range results {
		verdict := "ok  "
		if r.Passed() {
			passed++
		} else {
			verdict = t.alarm.Render("FAIL")
		}
		fmt.Fprintf(t.out, "%s  %s  %s\n", verdict, r.File, t.faint.Render(r.Title))
		_ = report(t.out, r.Findings)
		for _, f := range r.Failures {
			fmt.Fprintf(t.out, "      %s\n", f.Message)
		}
		if len(r.Failures) > 0 {
			printMarked(t, r)
		}
	}
	fmt.Fprintf(t.out, "\n%s: %d passed, %d failed\n", count(len(results), "scenario"), passed, len(results)-passed)
}

// printMarked prints the timeline of a call with the place of each failure marked.
func printMarked(t *terminal, r call.Result) {
	fmt.Fprintln(t.out)
	next := 0
	mark := func() {
		fmt.Fprintln(t.out, t.alarm.Render(fmt.Sprintf("%8s  ^ %s", clockTime(r.Failures[next].At), r.Failures[next].Message)))
		next++
	}
	w := &timelineWriter{t: t}
	for _, e := range r.Events {
		for next < len(r.Failures) && r.Failures[next].At < e.At {
			mark()
		}
		w.event(e)
	}
	for next < len(r.Failures) {
		mark()
	}
	fmt.Fprintln(t.out)
}

func printCoverage(t *terminal, list []call.Coverage) {
	for _, c := range list {
		fmt.Fprintf(t.out, "\n%s: %d of %d branches taken\n", c.File, c.Taken, c.Branches)
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
	enc := json.NewEncoder(t.out)
	enc.SetEscapeHTML(false)
	for _, r := range results {
		l := line{File: r.File, Passed: r.Passed(), Findings: r.Findings, Summaries: r.Summaries}
		for _, f := range r.Failures {
			l.Failures = append(l.Failures, f.Message)
		}
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
			for _, f := range r.Failures {
				fmt.Fprintln(&text, f.Message)
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

// writeFile writes a file under a temporary name and renames it, so that nobody ever sees half of it.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".connect-async-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
