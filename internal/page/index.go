package page

import (
	_ "embed" // the page
	"html/template"
	"io"

	"github.com/connect-async/connect-async/internal/call"
)

//go:embed index.html
var indexHTML string

var index = template.Must(template.New("index").Parse(head + indexHTML))

// Entry is a scenario in the index of a suite.
type Entry struct {
	File    string // of the scenario
	Title   string
	Page    string // relative to the index, "" for a scenario that could not be played
	Passed  bool
	Summary []call.Summary
}

type entryView struct {
	File, Title, Page, Verdict     string
	Passed                         bool
	Length, LongestSilence, Notice string
}

// WriteIndex writes the page that leads to the reports of a suite.
func WriteIndex(w io.Writer, entries []Entry, totals call.Totals) error {
	view := struct {
		Style   template.CSS
		Title   string
		Entries []entryView
	}{
		Style: template.CSS(reportCSS),
		Title: totals.Heading(),
	}
	for _, e := range entries {
		view.Entries = append(view.Entries, e.view())
	}
	return index.Execute(w, view)
}

// view tells of the first caller, or of the one who had it worst.
func (e Entry) view() entryView {
	v := entryView{File: e.File, Title: e.Title, Page: e.Page, Passed: e.Passed, Verdict: "passed"}
	if !e.Passed {
		v.Verdict = "failed"
	}
	var worst call.Summary
	for i, s := range e.Summary {
		if i == 0 {
			worst = s
		}
		worst.Duration = max(worst.Duration, s.Duration)
		worst.LongestGap = max(worst.LongestGap, s.LongestGap)
		worst.DetectionDelay = max(worst.DetectionDelay, s.DetectionDelay)
	}
	if len(e.Summary) > 0 {
		v.Length, v.LongestSilence = call.Spell(worst.Duration), call.Spell(worst.LongestGap)
	}
	if worst.Detected {
		v.Notice = call.Spell(worst.DetectionDelay)
	}
	return v
}
