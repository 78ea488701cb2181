package call_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/style"
	"github.com/connect-async/connect-async/internal/testrun"
)

const (
	shortestWork  = 100 * time.Millisecond
	longestWork   = 5 * time.Minute
	firstSentence = 4 * time.Second // the start and the first sentence together, with a margin
	music         = "arn:aws:connect:us-east-1:111122223333:instance/1/prompt/hold-music"
)

// measured is what a flow came to over many durations of the function.
type measured struct {
	silence time.Duration // the longest after the start
	delay   time.Duration // the worst
	mean    time.Duration // of the delay, for functions that outlast the first sentence
	start   time.Duration // the longest silence of the start
}

func (m measured) String() string {
	return fmt.Sprintf("%.2f s | %.2f s | %.2f s | %.2f s", m.mean.Seconds(), m.delay.Seconds(), m.start.Seconds(),
		m.silence.Seconds())
}

// noteSilence takes a call into account, whose functions left the caller in silence for so long. The first is the
// start.
func (m *measured) noteSilence(s call.Summary, calls []time.Duration) {
	m.start = max(m.start, calls[0])
	if s.LongestGap != calls[0] { // more than the start alone
		m.silence = max(m.silence, s.LongestGap)
	}
	for _, took := range calls[1:] {
		m.silence = max(m.silence, took)
	}
}

// misses reports whether one of the bars is not held. That of the mean is left out: of a few durations it says nothing.
func (m measured) misses(bars measured) bool {
	return m.silence >= bars.silence || m.start >= bars.start || m.delay >= bars.delay
}

// pollBars are what the poll style promises.
var pollBars = measured{silence: 500 * ms, delay: 3800 * ms, mean: 1700 * ms, start: 1300 * ms}

// sample is every step-th, from the first, of n durations of the function, which are evenly spread from 0.1 s to 5
// minutes.
type sample struct{ first, step, n int }

// all are all of n durations.
func all(n int) sample { return sample{step: 1, n: n} }

// measure plays a project's call for a sample of durations, with texts as fast as a rate says.
func measure(t *testing.T, p *project.Project, rate speech.Rate, assumed map[string]string, of sample) measured {
	t.Helper()
	given := scenario.Default()
	given.Speech = speech.Always(rate)
	assume(t, &given, assumed)
	var m measured
	var sum time.Duration
	late := 0
	for i := of.first; i < of.n; i += of.step {
		d := shortestWork + time.Duration(i)*(longestWork-shortestWork)/time.Duration(of.n-1)
		takes(d)(&given)
		summaries, events := playAll(t, call.Options{Project: p, Scenario: given, Virtual: true})
		s := summaries[0]
		if s.Ending != flow.EndingDisconnected || !s.Detected || s.Function != "SUCCEEDED" {
			t.Fatalf("%v: %+v", d, s)
		}
		m.delay = max(m.delay, s.DetectionDelay)
		m.noteSilence(s, silentCalls(events))
		if d >= firstSentence {
			sum += s.DetectionDelay
			late++
		}
	}
	m.mean = sum / time.Duration(late)
	return m
}

// styled makes a project with a flow of a style and one function, called balance.
func styled(t *testing.T, o style.Options, results string) *project.Project {
	t.Helper()
	dir := t.TempDir()
	o.FunctionARN, o.Job = "arn:aws:lambda:us-east-1:111122223333:function:bank-async", "balance"
	text, err := style.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	flowType := "inbound"
	if o.Style == style.Queue {
		flowType = "customer_queue"
	}
	yaml := fmt.Sprintf(`name: bank
jobs: {balance: {steps: [balance], timeout: 6m, results: %s, texts: {%s: {}}}}
functions: {balance: {arn: "arn:aws:lambda:us-east-1:111122223333:function:balance", timeout: 6m}}
flows: [{file: flow.json, type: %s}]
`, results, cmp.Or(o.Language, style.DefaultLanguage), flowType)
	for name, text := range map[string][]byte{"flow.json": text, project.FileName: []byte(yaml)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	return p
}

// row is a style under assumptions, and what it must hold.
type row struct {
	name    string
	style   style.Options
	results string
	assume  map[string]string
	bars    measured
}

const ms = time.Millisecond

// rows are the rows of the table in docs/flows.md. Where Continue starts only after the minimum wait, that second is
// silent in every Wait, and the check before it adds to it. Without the results table a held check looks every 1 to
// 1.25 s.
var rows = []row{
	{"poll, with a recording", style.Options{Style: style.Poll, Prompt: music}, "describe", nil, pollBars},
	{"poll, sentences only", style.Options{Style: style.Poll}, "describe", nil, pollBars},
	{"wait, results table, the function cuts the clip", style.Options{Style: style.Wait, Prompt: music}, "table",
		map[string]string{"minimum_wait": "no_effect", "continue_prompt": "cut"},
		measured{500 * ms, 400 * ms, 400 * ms, 500 * ms}},
	{"wait, results table, the clip is finished first", style.Options{Style: style.Wait, Prompt: music}, "table",
		map[string]string{"minimum_wait": "no_effect", "continue_prompt": "finish"},
		measured{500 * ms, 4500 * ms, 4500 * ms, 500 * ms}},
	{"wait, results table, Continue starts after the minimum wait", style.Options{Style: style.Wait, Prompt: music},
		"table",
		map[string]string{"minimum_wait": "continue_after", "continue_prompt": "cut"},
		measured{1500 * ms, 400 * ms, 400 * ms, 500 * ms}},
	{"wait, results table, no event before the minimum wait", style.Options{Style: style.Wait, Prompt: music}, "table",
		map[string]string{"minimum_wait": "event_after", "continue_prompt": "cut"},
		measured{500 * ms, 1400 * ms, 400 * ms, 500 * ms}},
	{"wait, without a results table, the function cuts the clip", style.Options{Style: style.Wait, Prompt: music},
		"describe",
		map[string]string{"minimum_wait": "no_effect", "continue_prompt": "cut"},
		measured{500 * ms, 1750 * ms, 1000 * ms, 500 * ms}},
}

// Numbers of durations. Those of the smaller ones are among those of the thousand, over which the table in the docs is
// measured.
const (
	fewDurations  = 4
	someDurations = 38
	aThousand     = 1000
)

// samples are the durations that are measured at each bound of the speech: a few of them at one bound only.
func samples(t *testing.T) [2]sample {
	n := testrun.Count(t, fewDurations, someDurations)
	switch {
	case testrun.Updating():
		return [2]sample{all(aThousand), all(aThousand)}
	case n == fewDurations:
		return [2]sample{{first: 0, step: 2, n: n}, {first: 1, step: 2, n: n}}
	}
	return [2]sample{all(n), all(n)}
}

//go:generate go test . -run ^TestStyleBars$ -count=1 -timeout 60m -update

// TestStyleBars measures every style under every assumption that matters to it, at both bounds of how fast speech is,
// and checks the table in docs/flows.md: to the letter with SOAK=1000, and otherwise that nothing measured is worse.
func TestStyleBars(t *testing.T) {
	documented := testrun.Part(t, "../../docs/flows.md", "styles")
	var table strings.Builder
	table.WriteString("| flow | mean delay | worst delay | silence at the start | longest silence after it |\n" +
		"|---|---|---|---|---|\n")
	table.WriteString("| the original's sample flow, up to 15.9 s, beyond which nothing succeeds | 0.85 s | 2.49 s | " +
		"| 3.25 s |\n")
	of := samples(t)
	for _, r := range rows {
		p := styled(t, r.style, r.results)
		for i, rate := range speech.DefaultRange().Bounds() {
			name := fmt.Sprintf("%s; %.0f words a minute", r.name, rate.WordsPerMinute)
			m := measure(t, p, rate, r.assume, of[i])
			t.Logf("%s: %v", name, m)
			fmt.Fprintf(&table, "| %s | %v |\n", name, m)
			if m.misses(r.bars) || of[i].n >= someDurations && m.mean >= r.bars.mean {
				t.Errorf("%s: %v, the bars are %v", name, m, r.bars)
			}
			if of[i].n < aThousand {
				holdWorst(t, documented, name, m)
			}
		}
	}
	if of[0].n == aThousand {
		testrun.GeneratedPart(t, "../../docs/flows.md", "styles", table.String())
	}
}

// TestChecksLastAsLongAsTheJob checks that no style runs out of checks before the job's timeout, however fast its
// sentences are spoken: the caller hears that the work failed, not that it takes too long.
func TestChecksLastAsLongAsTheJob(t *testing.T) {
	for _, o := range styles {
		if (o.Style != style.Poll || o.Prompt != "") && !testrun.IsHeavy() {
			continue // the fastest checks
		}
		p := styled(t, o, "describe")
		for _, rate := range speech.DefaultRange().Bounds() {
			given := stylish(o)
			given.Speech = speech.Always(rate)
			given.Assumptions.ActionGuard = 1000 // what contacts have been seen to be stopped by is not known
			takes(time.Hour)(&given)
			s := playOnce(t, call.Options{Project: p, Scenario: given, Virtual: true})
			if s.Function != "TIMED_OUT" || !s.Detected {
				t.Errorf("%s %q at %.0f words a minute: %s after %v, the job is %s", o.Style, o.Prompt,
					rate.WordsPerMinute, s.Ending, s.Duration, s.Function)
			}
		}
	}
}

// holdWorst checks that a style is nowhere worse than the docs say.
func holdWorst(t *testing.T, documented, name string, m measured) {
	t.Helper()
	_, row, found := strings.Cut(documented, "| "+name+" | ")
	var mean, delay, start, silence float64
	if _, err := fmt.Sscanf(row, "%f s | %f s | %f s | %f s |", &mean, &delay, &start, &silence); !found || err != nil {
		t.Errorf("the docs do not say what %q comes to: %v", name, err)
		return
	}
	const rounding = 0.005
	if m.delay.Seconds() > delay+rounding || m.start.Seconds() > start+rounding ||
		m.silence.Seconds() > silence+rounding {
		t.Errorf("%s: %v, worse than the docs say", name, m)
	}
}

// TestPollStyleInEveryLanguage checks the poll style's bars for the texts of every language, as slow and as fast as
// they may be spoken.
func TestPollStyleInEveryLanguage(t *testing.T) {
	for _, language := range style.Languages() {
		for _, prompt := range []string{music, ""} {
			if (language == style.DefaultLanguage) != (prompt == "") && !testrun.IsHeavy() {
				continue
			}
			p := styled(t, style.Options{Style: style.Poll, Language: language, Prompt: prompt}, "describe")
			for _, rate := range speech.DefaultRange().Bounds() {
				n := testrun.Count(t, 2, someDurations)
				m := measure(t, p, rate, nil, all(n))
				if m.misses(pollBars) || n >= someDurations && m.mean >= pollBars.mean {
					t.Errorf("%s at %.0f words a minute: %v", language, rate.WordsPerMinute, m)
				}
			}
		}
	}
}

// TestLambdaDownFromTheStart checks what the caller hears when nothing answers: something within 3.5 s, and how it
// ends within 15 s.
func TestLambdaDownFromTheStart(t *testing.T) {
	for _, o := range []style.Options{{Style: style.Poll, Prompt: music}, {Style: style.Poll, Language: "de"},
		{Style: style.Wait, Prompt: music}} {
		p := styled(t, o, "describe")
		for _, fault := range []local.Fault{
			{Service: local.Lambda, Takes: time.Hour},
			{Service: local.Lambda, Error: "ServiceException"},
			{Service: local.Lambda, Error: "TooManyRequestsException", Takes: 700 * ms},
		} {
			given := scenario.Default()
			takes(12 * time.Second)(&given)
			given.Faults = []local.Fault{fault}
			s := playOnce(t, call.Options{Project: p, Scenario: given, Virtual: true})
			if len(s.Heard) != 2 || s.LongestGap >= 3500*ms || s.Duration >= 15*time.Second || s.Executions != 0 {
				t.Errorf("%s, %+v: %+v", o.Style, fault, s)
			}
		}
	}
}

// TestWaitStyleSurvivesFaults plays the wait style while its asynchronous calls fail, under each assumption about
// such failures in turn: the result is told, and the caller never hears silence for long.
func TestWaitStyleSurvivesFaults(t *testing.T) {
	p := styled(t, style.Options{Style: style.Wait, Prompt: music}, "table")
	for i := range testrun.Count(t, 8, 80) {
		given := scenario.Default()
		takes(time.Duration(i/8+1) * 13 * time.Second % longestWork)(&given)
		a := &given.Assumptions
		a.FailedAsync = []flow.FailedAsync{flow.FailedAsyncEvent, flow.FailedAsyncSilent}[i%2]
		a.EarlyEvent = []flow.EarlyEvent{flow.EarlyEventAtOnce, flow.EarlyEventMissed}[i/2%2]
		a.MinimumWait = flow.MinimumWaitNoEffect
		given.Faults = []local.Fault{{Service: local.Lambda, Rate: []float64{0.2, 0.5}[i/4%2],
			Error: "ServiceException"}}
		given.Seed = uint64(i)
		s := playOnce(t, call.Options{Project: p, Scenario: given, Virtual: true})
		if s.Ending != flow.EndingDisconnected || s.LongestGap >= 1500*ms || len(s.Heard) < 2 {
			t.Errorf("%d: %+v: %+v", i, *a, s)
		}
	}
}
