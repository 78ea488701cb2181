package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/draw"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/page"
)

// writeReport writes the report of a call, where one is wanted.
func (o callOptions) writeReport(t *terminal, played *call.Call, events []call.Event, summaries []call.Summary,
	failures []call.Failure,
) error {
	if o.report == "" {
		return nil
	}
	r := reportOf(call.Result{
		Title: played.Title, Setup: played.Setup, Flows: played.Flows(), Events: events, Summaries: summaries,
		Failures: failures,
	}, o.withData)
	if err := writeFile(o.report, r.Write); err != nil {
		return reportError(t, o.report, err)
	}
	fmt.Fprintf(t.err, "Wrote %s.\n", o.report)
	return nil
}

// writeReports writes a page for each scenario into a folder, and one that leads to them.
func writeReports(t *terminal, folder string, withData bool, results []call.Result) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return reportError(t, folder, manifest.Unwritable(folder, err))
	}
	var entries []page.Entry
	names := map[string]bool{"index": true}
	for _, result := range results {
		entry := page.Entry{
			File: filepath.ToSlash(result.File), Title: result.Title, Passed: result.Passed(),
			Summary: result.Summaries,
		}
		if len(result.Summaries) > 0 {
			r := reportOf(result, withData)
			entry.Page = pageName(result.File, names)
			file := filepath.Join(folder, entry.Page)
			if err := writeFile(file, r.Write); err != nil {
				return reportError(t, file, err)
			}
		}
		entries = append(entries, entry)
	}
	file := filepath.Join(folder, "index.html")
	err := writeFile(file, func(w io.Writer) error { return page.WriteIndex(w, entries, call.TotalsOf(results)) })
	if err != nil {
		return reportError(t, file, err)
	}
	fmt.Fprintf(t.err, "Wrote %s.\n", file)
	return nil
}

// reportOf is the report of a call that was played.
func reportOf(result call.Result, withData bool) page.Report {
	r := page.NewReport(result.Title, result.Setup, result.Events, result.Summaries)
	r.WithData, r.Drawings = withData, drawings(result)
	for i, problem := range result.Problems() {
		f := result.Failures[i]
		f.Message = problem
		r.Failures = append(r.Failures, f)
	}
	return r
}

// drawings are the flows that a call may play, with the branches marked that it did not take.
func drawings(played call.Result) []page.Drawing {
	var list []page.Drawing
	for _, c := range call.CoverageOf([]call.Result{played}) {
		f := played.Flows[c.File].Flow
		name := f.Name
		if name == "" {
			name = filepath.Base(c.File)
		}
		list = append(list, page.Drawing{Name: name, SVG: draw.SVG(f, neverTaken(c))})
	}
	return list
}

// pageName is the name of a scenario's page: that of its file and folders, in letters, digits and dashes, and of no
// other scenario.
func pageName(scenario string, taken map[string]bool) string {
	name := strings.TrimSuffix(filepath.ToSlash(scenario), filepath.Ext(scenario))
	parts := strings.FieldsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9')
	})
	name = strings.Join(parts, "-")
	unique := name
	for n := 2; taken[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", name, n)
	}
	taken[unique] = true
	return unique + ".html"
}
