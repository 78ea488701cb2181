package call

import (
	"cmp"
	"context"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// Result is what became of one scenario file. A scenario that does not fix how fast speech is, is played with texts
// spoken as fast and as slowly as voices are, and its expectations must hold for both. The result tells of one of the
// plays: the first that failed, else the first.
type Result struct {
	File      string
	Title     string          // the scenario's name, or what it plays
	Setup     string          // how it was played in real time, "" on virtual time
	Took      time.Duration   // of the machine, whatever time passed in the call
	Findings  source.Findings // of the files; with errors among them nothing was played
	Summaries []Summary       // one a caller
	Events    []Event         // of all callers, in the order of time
	Failures  []Failure       // expectations that did not hold, those of the first caller first
	Words     float64         // a minute, that are spoken in the play that the result tells of
	// OnlyAt is at how many words a minute the expectations fail, where they hold at the other bound; 0 where nothing
	// depends on it.
	OnlyAt float64
	Flows  map[string]*flow.Flow // that it may play, by file

	others []Summary // of the plays that the result does not tell of
}

// Passed reports whether the scenario was played and all its expectations held.
func (r Result) Passed() bool { return !r.Findings.HasErrors() && len(r.Failures) == 0 }

// FindScenarios returns the scenario files that paths name: files as they are, and in folders, at any depth, the YAML
// files whose name begins with "scenario" or that lie in a folder called scenarios. The list is sorted and holds
// every file once.
func FindScenarios(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			if file == path || isScenario(file) {
				files = append(files, file)
			}
			return nil
		})
		if err != nil {
			return nil, source.Unreadable(path, err)
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

func isScenario(file string) bool {
	ext := filepath.Ext(file)
	return (ext == ".yaml" || ext == ".yml") &&
		(strings.HasPrefix(filepath.Base(file), "scenario") || filepath.Base(filepath.Dir(file)) == "scenarios")
}

// RunScenarios plays scenarios and checks their expectations: on virtual time, many at once, or with Options.Real one
// after the other, since they would slow each other down. The results are in the order of the files, and on virtual
// time do not depend on how many are played at once. Of the options each scenario gets those that Open takes.
func RunScenarios(ctx context.Context, files []string, o Options) []Result {
	results := make([]Result, len(files))
	next := make(chan int)
	var workers sync.WaitGroup
	atOnce := min(runtime.GOMAXPROCS(0), len(files))
	if o.Real {
		atOnce = 1
	}
	for range atOnce {
		workers.Go(func() {
			for i := range next {
				began := clock.Real{}.Now()
				results[i] = runScenario(ctx, files[i], o)
				results[i].Took = clock.Real{}.Now().Sub(began)
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	workers.Wait()
	return results
}

func runScenario(ctx context.Context, file string, o Options) Result {
	r := Result{File: file}
	c, found := Open(ctx, file, o)
	r.Findings = found
	if c == nil {
		return r
	}
	defer c.Close()
	r.Title, r.Flows = c.Title, c.Flows()
	bounds := c.scenario.Speech.Bounds()
	if !c.virtual {
		r.Setup = c.Setup
		bounds = []speech.Rate{c.scenario.Speech.Middle()}
	}
	plays := make([]Result, len(bounds))
	for i, rate := range bounds {
		plays[i] = c.spokenAt(rate).check(ctx)
	}
	failed := func(p Result) bool { return len(p.Failures) > 0 }
	told := max(0, slices.IndexFunc(plays, failed))
	r.Summaries, r.Events, r.Failures = plays[told].Summaries, plays[told].Events, plays[told].Failures
	r.Words = bounds[told].WordsPerMinute
	for _, other := range slices.Delete(plays, told, told+1) {
		r.others = append(r.others, other.Summaries...)
		if failed(r) && !failed(other) {
			r.OnlyAt = bounds[told].WordsPerMinute
		}
	}
	return r
}

// spokenAt is the same call with texts that are spoken at a rate.
func (c *Call) spokenAt(rate speech.Rate) *Call {
	at := *c
	at.scenario.Speech = speech.Always(rate)
	return &at
}

// check plays the call once and checks its expectations.
func (c *Call) check(ctx context.Context) (r Result) {
	summaries, err := c.Play(ctx, c.Seed(), func(e Event) { r.Events = append(r.Events, e) })
	if err != nil {
		r.Failures = append(r.Failures, Failure{Level: Fails, Message: err.Error()})
	}
	r.Summaries = summaries
	r.Failures = append(r.Failures, c.Judge(summaries, r.Events)...)
	for i, s := range summaries {
		if s.Interrupted {
			r.Failures = append(r.Failures, Failure{Caller: i, Level: Fails, Message: "the call was interrupted",
				At: s.Duration})
		}
		if s.FlowFault != nil && c.scenario.Expect.Ending != s.Ending {
			r.Failures = append(r.Failures, Failure{Caller: i, Level: Fails, Message: s.FlowFault.Error(),
				At: s.Duration})
		}
	}
	slices.SortStableFunc(r.Failures, func(a, b Failure) int { return cmp.Compare(a.Caller, b.Caller) })
	return r
}

// Open puts the call of a scenario file together, with the project file that is nearest above it; on virtual time
// unless Options.Real is set. The Call is nil when it cannot be played. Of the options Real, Verdict, FlowLog, Prices
// and Remote count; the files say the rest.
func Open(ctx context.Context, file string, o Options) (*Call, source.Findings) {
	given, found := scenario.Read(file)
	p, more := findProject(file)
	found = append(found, more...)
	if found.HasErrors() {
		return nil, found
	}
	c, more := New(ctx, Options{Project: p, Scenario: given, Virtual: !o.Real, FlowLog: o.FlowLog, Verdict: o.Verdict,
		Prices: o.Prices, Remote: o.Remote})
	return c, append(found, more...)
}

// EventsOf returns the events of one caller.
func EventsOf(events []Event, caller int) []Event {
	var own []Event
	for _, e := range events {
		if e.Caller == caller {
			own = append(own, e)
		}
	}
	return own
}

// findProject reads the project that a scenario belongs to. None is nil and no finding.
func findProject(file string) (*project.Project, source.Findings) {
	found := project.Nearest(filepath.Dir(file))
	if found == "" {
		return nil, nil
	}
	return project.Read(found)
}
