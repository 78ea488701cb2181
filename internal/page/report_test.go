package page

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
)

const second = time.Second

// hostile is what no page may let through as it is.
const hostile = `</title></script><script>alert(1)</script><img src=x onerror=alert(1)>"'&`

func reportOf(number, key, attribute, result string) Report {
	events := []call.Event{
		{Type: call.TypeConnected, Text: number},
		{Type: call.TypeSays, Took: 2 * second, Text: "Press 1, please.", Fixed: true},
		{Type: call.TypeAsks},
		{Type: call.TypeCaller, At: 2 * second, Text: "presses " + key},
		{Type: call.TypeExecution, At: 2 * second, Status: "RUNNING", Text: number},
		{Type: call.TypeFunction, At: 5 * second, Took: 3 * second, Request: "run", Status: "SUCCESS",
			Text: "balance=" + result + " name=" + attribute, Silent: true},
		{Type: call.TypeExecution, At: 6 * second, Status: "SUCCEEDED"},
		{Type: call.TypeSays, At: 6 * second, Took: 3 * second, Text: "Hello " + attribute + ", it is " + result + "."},
		{Type: call.TypeCut, At: 7 * second},
		{Type: call.TypeFunction, At: 8 * second, Took: second, Request: "run", Error: "no account " + result},
		{Type: call.TypeEnded, At: 9 * second, Status: "disconnected"},
	}
	s := call.Summary{
		Ending: "disconnected", Duration: 9 * second, Spoken: true, Detected: true, DetectedAt: 6500 * time.Millisecond,
		DetectionDelay: second / 2, Attributes: map[string]string{"name": attribute}, FunctionError: "no " + result,
		Silences: []call.Gap{{At: 2 * second, Took: 3 * second, Level: call.Note}},
		Findings: []call.Finding{
			{Rule: call.DeadAir, Level: call.Note, At: 2 * second, Took: 3 * second, Limit: 2 * second},
		},
	}
	r := NewReport("A call", "stand-ins", events, []call.Summary{s})
	r.Failures = []call.Failure{{Message: "expected to hear " + attribute}}
	return r
}

func written(t *testing.T, r Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestReportMasks: what belongs to the caller is shown only when it was asked for.
func TestReportMasks(t *testing.T) {
	r := reportOf("+15550142", "77", "Hopper", "42.19")
	secrets := []string{"15550142", "presses 77", "Hopper", "42.19"}
	shown := written(t, r)
	for _, secret := range secrets {
		if strings.Contains(shown, secret) {
			t.Errorf("the report shows %q", secret)
		}
	}
	for _, text := range []string{
		"Press 1, please.", "presses ••", "balance=•••••", "Hello ••••••, it is ••.••.", "masked",
	} {
		if !strings.Contains(shown, text) {
			t.Errorf("the report lacks %q", text)
		}
	}
	r.WithData = true
	all := written(t, r)
	for _, secret := range secrets {
		if !strings.Contains(all, strings.ReplaceAll(secret, "+", "&#43;")) {
			t.Errorf("the report with data lacks %q", secret)
		}
	}
	if strings.Contains(all, "masked") {
		t.Error("the report with data says that it is masked")
	}
}

// TestReportMasksEverywhere: what a function returned, what the caller said and what they had for a while is hidden
// wherever it comes up again.
func TestReportMasksEverywhere(t *testing.T) {
	events := []call.Event{
		{Type: call.TypeConnected, Text: "+15550142"},
		{Type: call.TypeFunction, Function: "crm", Status: "platinum", Text: "name=Hop",
			Values: []string{"Hopper", "Xq"}},
		{Type: call.TypeSays, Text: "Hello Hopper, Xq of Arlington.", Values: []string{"Hopper", "Xq", "Arlington"}},
		{Type: call.TypeCut, Text: "Hello Hopper, Xq of Arlington."},
		{Type: call.TypeSays, Text: "<b>", Values: []string{"&lt;b&gt;"}},
		{Type: call.TypeSays, Text: "Press 1 or 2.", Fixed: true},
		{Type: call.TypeCaller, Text: "says Grace"},
		{Type: call.TypeTransfer, Text: "phone number +4930123"},
		{Type: call.TypeNote, Text: "takes the branch 7", Error: "nothing is known of Grace"},
		{Type: call.TypeFunction, Request: "check", Error: "LookupError: no one is called Murray", Status: "FAILED"},
		{Type: call.TypeFailure, Error: "KeyError: 'Wolfgang'"},
		{Type: call.TypeCaller, Text: "hangs up"},
	}
	s := call.Summary{Function: "FAILED", FunctionTime: second, FunctionError: "LookupError: no one is called Murray",
		Findings: []call.Finding{{Rule: call.CutClip, Level: call.Note, Text: "Hello Hopper, Xq of Arlington."}}}
	r := NewReport("A call", "stand-ins", events, []call.Summary{s})
	r.Failures = []call.Failure{
		{Message: `"Bye \"Ada\"" was not heard; heard instead: "Hello Hopper, Xq of Arlington.", "Press 1 or 2."`,
			Private: []string{`Bye "Ada"`}},
		{Message: "the function failed: KeyError: 'Wolfgang'  app.py:3"},
	}
	shown := html.UnescapeString(written(t, r))
	for _, secret := range []string{
		"15550142", "platinum", "Hop", "Xq", "Arlington", "<b>", "Grace", "4930", "branch 7", "Murray", "Ada",
		"Wolfgang",
	} {
		if strings.Contains(strings.ReplaceAll(shown, reportCSS, ""), secret) {
			t.Errorf("the report shows %q", secret)
		}
	}
	for _, text := range []string{
		"Hello ••••••, •• of •••••••••.", "Press 1 or 2.", "says •••••", "hangs up", "LookupError: ••", "KeyError: ••",
		"app.py:3", `heard instead: "Hello ••••••`,
	} {
		if !strings.Contains(shown, text) {
			t.Errorf("the report lacks %q", text)
		}
	}
	if n := strings.Count(shown, "is cut after"); n != 1 {
		t.Errorf("a finding is shown %d times, want once", n)
	}
}

// TestReportIsTheSame to the byte, whatever order maps have.
func TestReportIsTheSame(t *testing.T) {
	r := reportOf("+15550142", "7", "Hopper", "42.19")
	for i := range 20 {
		r.Callers[0].Summary.Attributes[fmt.Sprint(i)] = fmt.Sprintf("value %d", i)
	}
	first := written(t, r)
	for range 20 {
		if written(t, r) != first {
			t.Fatal("the same report has other bytes")
		}
	}
}

// TestReportIsHarmless: no text of a flow, a function or a caller becomes markup.
func TestReportIsHarmless(t *testing.T) {
	r := reportOf(hostile, hostile, hostile, hostile)
	r.Title, r.Setup = hostile, hostile
	r.Drawings = []Drawing{{Name: hostile, SVG: []byte("<svg>" + hostile + "</svg>")}}
	r.Callers[0].Summary.Findings[0].Action = hostile
	for _, withData := range []bool{false, true} {
		r.WithData = withData
		checkHarmless(t, written(t, r))
	}
	var b bytes.Buffer
	entry := Entry{File: hostile, Title: hostile, Page: "a.html", Summary: []call.Summary{{}}}
	if err := WriteIndex(&b, []Entry{entry}, call.Totals{}); err != nil {
		t.Fatal(err)
	}
	checkHarmless(t, b.String())
}

func checkHarmless(t *testing.T, html string) {
	t.Helper()
	for _, tag := range []string{"<script", "<img src=x", "</title></"} {
		if strings.Contains(html, tag) {
			t.Errorf("the page has %s", tag)
		}
	}
	elsewhere := regexp.MustCompile(`(src|href)="(https?:)?//`)
	if !strings.Contains(html, "default-src 'none'") || elsewhere.MatchString(html) {
		t.Error("the page may load something from elsewhere")
	}
}

// TestReportSays what happened, in words and on the axis.
func TestReportSays(t *testing.T) {
	html := written(t, reportOf("+15550142", "7", "Hopper", "42"))
	for _, want := range []string{
		`<li class="note"><strong>note</strong> dead air of 3 s at 2.0 s`, `class="bar silence note"`, `>3.0 s</text>`,
		`class="bar failed"`, `<title>the work: SUCCEEDED after 4.0 s</title>`,
		`<title>6.0 s: the result was there</title>`,
		`<title>6.5 s: the flow noticed</title>`, `<li>expected to hear ••••••</li>`, `>5 s</text>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the report lacks %s", want)
		}
	}
	width := regexp.MustCompile(`6\.0 s: says [^/]*/title><rect class="bar says" x="\d+" y="\d+" width="(\d+)"`)
	if m := width.FindStringSubmatch(html); m == nil || m[1] != strconv.Itoa(widest) {
		t.Errorf("the text that was cut after a second is %v wide, want %d", m, widest)
	}
}

// TestShortSilences have their length beside them, where there is room before the next.
func TestShortSilences(t *testing.T) {
	r := reportOf("+15550142", "7", "Hopper", "42")
	r.Callers[0].Summary.Silences = []call.Gap{
		{At: second, Took: 100 * time.Millisecond}, {At: 1200 * time.Millisecond, Took: 200 * time.Millisecond},
		{At: 3 * second, Took: 300 * time.Millisecond},
	}
	html := written(t, r)
	for text, want := range map[string]bool{">0.1 s</text>": false, ">0.2 s</text>": true, ">0.3 s</text>": true,
		"<title>1.0 s: silence of 0.1 s</title>": true} {
		if strings.Contains(html, text) != want {
			t.Errorf("the report has %s: %v, want %v", text, !want, want)
		}
	}
}

// TestScale: time keeps its width where something happens, and nothing that takes long makes the axis long.
func TestScale(t *testing.T) {
	bars := []bar{{at: 0, took: 2 * second}, {at: 2 * second, took: 600 * second}, {at: 602 * second, took: second}}
	s := scaleOf(bars, 610*second)
	if len(s.folds) != 1 || s.folds[0] != (fold{7 * second, 597 * second}) {
		t.Fatalf("folded are %v", s.folds)
	}
	start := s.x(0)
	for at, want := range map[time.Duration]int{
		0: 0, 7 * second: 350, 302 * second: 350 + foldedWidth/2, 597 * second: 350 + foldedWidth,
		610 * second: axisWidth + foldedWidth, // 20 s are as wide as they are long
	} {
		if got := s.x(at) - start; got != want {
			t.Errorf("%v is at %d, want %d", at, got, want)
		}
	}
	if s := scaleOf(bars[:1], 22*second); len(s.folds) != 0 {
		t.Errorf("20 s are folded: %v", s.folds)
	}
}

func TestEntryTellsTheWorst(t *testing.T) {
	e := Entry{Summary: []call.Summary{
		{Duration: 3 * second, LongestGap: second, Detected: true, DetectionDelay: second},
		{Duration: 2 * second, LongestGap: 2 * second, Detected: true, DetectionDelay: second / 2},
	}}
	v := e.view()
	if v.Length != "3.0 s" || v.LongestSilence != "2.0 s" || v.Notice != "1.0 s" || v.Verdict != "failed" {
		t.Errorf("%+v", v)
	}
	if v := (Entry{Passed: true}).view(); v.Length != "" || v.Verdict != "passed" {
		t.Errorf("%+v", v)
	}
}

// TestContrast: every text is readable on what it may lie on, light and dark. Source: WCAG 2.2, 1.4.3 and 1.4.11.
func TestContrast(t *testing.T) {
	schemes := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(reportCSS, -1)
	if len(schemes) != 2 {
		t.Fatalf("%d schemes of colours, want light and dark", len(schemes))
	}
	for _, scheme := range schemes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]+)`).FindAllStringSubmatch(scheme[1], -1) {
			colours[m[1]] = m[2]
		}
		for _, pair := range []struct {
			on, text string
			least    float64
		}{
			{"ground", "text", 4.5}, {"ground", "faint", 4.5}, {"ground", "alarm", 4.5}, {"says", "text", 4.5},
			{"plays", "text", 4.5}, {"calls", "text", 4.5}, {"work", "text", 4.5}, {"alarm-ground", "text", 4.5},
			{"ground", "mark", 3}, {"ground", "noticed", 4.5}, {"ground", "stripe", 3},
			{"panel", "text", 4.5}, {"panel", "faint", 4.5}, {"panel", "alarm", 4.5}, {"panel", "mark", 4.5},
			{"panel", "noticed", 4.5}, {"panel", "accent", 4.5}, {"ground", "accent", 4.5},
			{"accent-ground", "accent", 4.5}, {"accent-ground", "text", 4.5}, {"accent-ground", "faint", 4.5},
			{"accent", "on-accent", 4.5}, {"alarm-ground", "alarm", 4.5}, {"mark", "ground", 4.5},
			{"ground", "edge", 3}, {"panel", "edge", 3},
		} {
			if got := contrast(t, colours[pair.on], colours[pair.text]); got < pair.least {
				t.Errorf("%s %s on %s %s: %.2f, want %.1f", pair.text, colours[pair.text], pair.on,
					colours[pair.on], got, pair.least)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	lighter, darker := luminance(t, a), luminance(t, b)
	if lighter < darker {
		lighter, darker = darker, lighter
	}
	return (lighter + 0.05) / (darker + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	digits := strings.TrimPrefix(colour, "#")
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || len(digits) != 6 {
		t.Fatalf("%q is not a colour", colour)
	}
	part := func(v uint64) float64 {
		c := float64(v&255) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(n>>16) + 0.7152*part(n>>8) + 0.0722*part(n)
}
