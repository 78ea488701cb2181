package page

import (
	"bytes"
	_ "embed" // the page
	"encoding/base64"
	"fmt"
	"html/template"
	"io"

	"github.com/connect-async/connect-async/internal/call"
)

// head is how each file begins.
//
//go:embed head.html
var head string

//go:embed report.html
var reportHTML string

//go:embed live/palette.css
var palette string

//go:embed report.css
var reportRules string

// reportCSS is the style of a report, in the colours of the page.
var reportCSS = palette + reportRules

var report = template.Must(template.New("report").Parse(head + reportHTML))

// Report is a call, or one scenario of a suite, to be shown.
type Report struct {
	Title    string
	Setup    string         // how it was played
	Failures []call.Failure // expectations that did not hold, with the caller's data, if they have any
	Callers  []Caller
	Drawings []Drawing
	WithData bool // show numbers, keys, and what functions returned; otherwise they are masked
}

// Caller is one caller's call.
type Caller struct {
	Events  []call.Event // of this caller, in order
	Summary call.Summary
}

// Drawing is a flow as a picture.
type Drawing struct {
	Name string
	SVG  []byte
}

// NewReport returns the report of a call: its events and summaries, those of the first caller first.
func NewReport(title, setup string, events []call.Event, summaries []call.Summary) Report {
	r := Report{Title: title, Setup: setup}
	for i, summary := range summaries {
		r.Callers = append(r.Callers, Caller{Events: call.EventsOf(events, i), Summary: summary})
	}
	return r
}

// view is a report as its page has it.
type view struct {
	Title, Setup string
	Style        template.CSS
	Failures     []string
	Callers      []callerView
	Drawings     []drawingView
	Masked       bool
}

type callerView struct {
	Name    string // "" when there is only one
	Lines   []string
	Bears   []finding
	Axis    template.HTML
	Rows    []row
	Figures []figure
}

// row is one line of the timeline.
type row struct {
	At, Verb, Text, Took string
	Silent, Failed       bool
}

// finding is what the caller should not have to bear.
type finding struct{ Level, Text string }

// figure is a number that a reader looks for first.
type figure struct{ Name, Value string }

type drawingView struct {
	Name   string
	Source template.URL
}

// Write writes the report as one HTML file. The same report gives the same bytes.
func (r Report) Write(w io.Writer) error {
	v := view{Title: r.Title, Setup: r.Setup, Style: template.CSS(reportCSS), Masked: !r.WithData}
	for _, failure := range r.Failures {
		v.Failures = append(v.Failures, r.failure(failure))
	}
	for i, c := range r.Callers {
		one := r.caller(c)
		if len(r.Callers) > 1 {
			one.Name = fmt.Sprintf("Caller %d", i+1)
		}
		v.Callers = append(v.Callers, one)
	}
	for _, d := range r.Drawings {
		uri := "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(d.SVG)
		v.Drawings = append(v.Drawings, drawingView{Name: d.Name, Source: template.URL(uri)})
	}
	var b bytes.Buffer
	if err := report.Execute(&b, v); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// failure is an expectation that did not hold. It may tell of any caller.
func (r Report) failure(f call.Failure) string {
	if r.WithData {
		return f.Message
	}
	text := f.Message
	for i, c := range r.Callers {
		m := call.MaskOf(c.Events, c.Summary)
		if i == f.Caller {
			m.Hide(f.Private...)
		}
		text = m.Text(text)
	}
	return text
}

func (r Report) caller(c Caller) callerView {
	var m call.Mask
	if !r.WithData {
		m = call.MaskOf(c.Events, c.Summary)
	}
	c.Summary = m.Summary(c.Summary)
	v := callerView{Figures: figures(c.Summary), Axis: axis(c, m), Rows: rows(c.Events, m)}
	v.Bears, v.Lines = told(c.Summary)
	return v
}

// told is what a call came to: what the caller should not have to bear, and the rest in sentences.
func told(s call.Summary) (bears []finding, lines []string) {
	for _, f := range s.Findings {
		bears = append(bears, finding{Level: string(f.Level), Text: f.String()})
	}
	s.Findings = nil // so that the sentences do not repeat them
	return bears, s.Lines()
}

func figures(s call.Summary) []figure {
	list := []figure{{"Length", call.Spell(s.Duration)}}
	if s.Spoken {
		list = append(list, figure{"Silence", call.Spell(s.DeadAir)},
			figure{"Longest silence", call.Spell(s.LongestGap)})
	}
	if s.FunctionTime > 0 {
		list = append(list, figure{"The work took", call.Spell(s.FunctionTime)})
	}
	if s.Detected {
		list = append(list, figure{"Noticed after", call.Spell(max(s.DetectionDelay, 0))})
	}
	return append(list, figure{"Lambda calls", fmt.Sprint(s.Invocations)})
}

func rows(events []call.Event, m call.Mask) []row {
	var list []row
	for _, e := range events {
		verb, text := m.Event(e).Words()
		if verb == "" {
			continue
		}
		r := row{At: call.ClockTime(e.Began()), Verb: verb, Text: text, Silent: e.Silent, Failed: e.Error != ""}
		if e.Took > 0 {
			r.Took = call.Spell(e.Took)
		}
		list = append(list, r)
	}
	return list
}
