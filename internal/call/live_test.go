package call_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/testrun"
)

// live watches a call of an example on virtual time, in a bubble in which the machine's time passes as it is slept,
// until act has returned and the call is over.
func live(t *testing.T, file string, seed uint64, o call.LiveOptions, act func(*call.Live)) *call.Live {
	t.Helper()
	var watched *call.Live
	synctest.Test(t, func(t *testing.T) {
		c, found := call.Open(t.Context(), file, call.Options{})
		if c == nil {
			t.Fatal(found)
		}
		defer c.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		watched = c.Live(ctx, seed, o)
		act(watched)
		cancel()
		<-watched.Done()
		if _, err := watched.Result(); err != nil {
			t.Fatal(err)
		}
	})
	return watched
}

// copyOf copies an example into a folder of the test.
func copyOf(t *testing.T, example string) string {
	t.Helper()
	dir := t.TempDir()
	for _, part := range []string{example, "balance/audio"} { // where the others' music is
		err := os.CopyFS(filepath.Join(dir, part), os.DirFS(filepath.Join("../../examples", part)))
		if err != nil && !errors.Is(err, fs.ErrExist) {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, example)
}

// save writes what was done in a call as a scenario and plays it: it must pass, with the same events.
func save(t *testing.T, l *call.Live, dir string) (file string) {
	t.Helper()
	s, err := l.Recording()
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(dir, "scenario-saved.yaml")
	text := scenario.Write(file, s)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	r := call.RunScenarios(t.Context(), []string{file}, call.Options{})[0]
	if !r.Passed() {
		t.Errorf("%v %v\n%s", r.Findings, r.Failures, text)
	}
	events := eventsOf(l)
	for i, e := range events {
		if i >= len(r.Events) || asLine(t, e) != asLine(t, r.Events[i]) {
			t.Errorf("event %d was %s", i, asLine(t, e))
			if i < len(r.Events) {
				t.Errorf("and is now  %s", asLine(t, r.Events[i]))
			}
			t.Fatalf("%s", text)
		}
	}
	if len(events) != len(r.Events) {
		t.Errorf("there were %d events, and there are %d", len(events), len(r.Events))
	}
	return file
}

func eventsOf(l *call.Live) []call.Event {
	events, _, _ := l.Next(context.Background(), 0, 0)
	return events
}

func asLine(t *testing.T, e call.Event) string {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestLiveCallsSavedAsScenariosPass does random things at random moments in calls at random speeds, saves them, and
// plays them again.
func TestLiveCallsSavedAsScenariosPass(t *testing.T) {
	examples := []string{"menu", "balance", "queue", "chat", "wait", "chain", "module"}
	for seed := range testrun.Soak(t, len(examples)) {
		example := examples[seed%len(examples)]
		dir := copyOf(t, example)
		p := person{Rand: rand.New(rand.NewPCG(uint64(seed), 0))}
		watched := live(t, filepath.Join(dir, "scenario.yaml"), uint64(seed), call.LiveOptions{Pace: p.pace()}, p.act)
		if save(t, watched, dir); t.Failed() {
			t.Fatalf("example %s, seed %d", example, seed)
		}
	}
}

// setPace sets how time passes.
func setPace(l *call.Live, p call.Pace) error { return l.ChangePace(func(now *call.Pace) { *now = p }) }

// person is somebody who does what comes to mind.
type person struct{ *rand.Rand }

func (p person) pace() call.Pace {
	return call.Pace{Speed: []clock.Speed{clock.AtOnce, 1, 4, 100}[p.IntN(4)], Paused: p.IntN(4) == 0}
}

func (p person) act(l *call.Live) {
	for range p.IntN(12) {
		if p.IntN(3) > 0 {
			time.Sleep(time.Duration(p.IntN(6000)) * time.Millisecond)
		}
		var err error
		switch p.IntN(9) {
		case 0:
			err = setPace(l, p.pace())
		case 1:
			err = l.Do(scenario.Step{Say: []string{"my balance", "agent", "“Grüezi”"}[p.IntN(3)]})
		case 2, 3:
			err = l.Change(p.change(l))
		default:
			err = l.Do(scenario.Step{Press: []string{"1", "2", "1234#", "*9"}[p.IntN(4)]})
		}
		if err != nil && !errors.Is(err, call.ErrOver) {
			panic(err)
		}
	}
	if p.IntN(3) == 0 {
		_ = l.Do(scenario.Step{HangUp: true})
		return
	}
	_ = setPace(l, call.Pace{Speed: 4})
	select {
	case <-l.Done():
	case <-time.After(time.Duration(p.IntN(60)) * time.Second):
	}
}

func (p person) change(l *call.Live) scenario.Change {
	takes := time.Duration(p.IntN(30000)) * time.Millisecond
	alteration := []local.Alteration{
		{}, {Takes: &takes}, {Error: "Boom", Message: "it broke"}, {Throttled: true},
		{Payload: json.RawMessage(`{"balance":"1.00"}`)},
	}[p.IntN(5)]
	c := scenario.Change{}
	switch p.IntN(4) {
	case 0:
		c.Faults = []local.Fault{{Service: local.Lambda, Error: "ServiceException"}}
	case 1:
		c.Faults = []local.Fault{}
	case 2:
		closed := []flow.Outcome{{Result: "False"}}
		c.World.Outcomes = map[string][]flow.Outcome{flowlang.CheckHoursOfOperation: closed}
	default:
		c.Functions = map[string]local.Alteration{l.FunctionNames()[0]: alteration}
	}
	return c
}

// TestChangeWhileTheFunctionRuns makes a function take longer while it runs, and hears more comfort messages.
func TestChangeWhileTheFunctionRuns(t *testing.T) {
	dir := copyOf(t, "balance")
	ends := map[string]time.Duration{}
	for name, takes := range map[string]time.Duration{"longer": 40 * time.Second, "shorter": 2 * time.Second} {
		watched := live(t, filepath.Join(dir, "scenario.yaml"), 1, call.LiveOptions{Pace: call.Pace{Speed: 4}},
			func(l *call.Live) {
				time.Sleep(1250 * time.Millisecond)
				change := scenario.Change{Functions: map[string]local.Alteration{"balance": {Takes: &takes}}}
				if err := l.Change(change); err != nil {
					t.Error(err)
				}
				<-l.Done()
			})
		summaries, _ := watched.Result()
		ends[name] = summaries[0].FunctionTime
		save(t, watched, dir)
	}
	if longer := ends["longer"].Round(time.Second); longer != 40*time.Second {
		t.Errorf("the function that takes longer took %v", longer)
	}
	if shorter := ends["shorter"]; shorter < 4900*time.Millisecond || shorter > 5*time.Second {
		t.Errorf("the function whose time was over when it changed took %v", shorter)
	}
}

// TestPausedLimits pauses a call while a menu listens: the limit for its input does not pass. When time goes on, it
// does.
func TestPausedLimits(t *testing.T) {
	dir := copyOf(t, "menu")
	watched := live(t, filepath.Join(dir, "scenario.yaml"), 1, call.LiveOptions{Pace: call.Pace{Speed: clock.AtOnce}},
		func(l *call.Live) {
			synctest.Wait()
			s := l.State()
			if !s.Waits || s.Listens != flow.AskKey || s.Over {
				t.Errorf("time is skipped until the menu listens, but the call stands at %+v", s)
			}
			_ = setPace(l, call.Pace{Speed: 1, Paused: true})
			time.Sleep(time.Hour)
			if at := l.State().At; at != s.At {
				t.Errorf("time passed from %v to %v while it was paused", s.At, at)
			}
			if err := l.Do(scenario.Step{Press: "9"}); err != nil {
				t.Error(err)
			}
			synctest.Wait()
			if s := l.State(); !s.Pace.Paused || s.Listens != "" {
				t.Errorf("after a key the call stands at %+v", s)
			}
			_ = setPace(l, call.Pace{Speed: 1})
			time.Sleep(time.Minute)
		})
	save(t, watched, dir)
}

// TestLiveRefuses tries what a caller cannot do.
func TestLiveRefuses(t *testing.T) {
	file := filepath.Join(copyOf(t, "menu"), "scenario.yaml")
	watched := live(t, file, 1, call.LiveOptions{}, func(l *call.Live) {
		for _, s := range []scenario.Step{{}, {Press: "A"}, {Press: "1", HangUp: true}, {Say: "\xff"}} {
			if l.Do(s) == nil {
				t.Errorf("the caller can do %+v", s)
			}
		}
		for _, c := range []scenario.Change{{}, {Functions: map[string]local.Alteration{"no such": {}}}} {
			if l.Change(c) == nil {
				t.Errorf("there can be a change %+v", c)
			}
		}
		if _, err := l.Recording(); !errors.Is(err, call.ErrGoesOn) {
			t.Errorf("a call that goes on is recorded: %v", err)
		}
	})
	if err := watched.Do(scenario.Step{Press: "1"}); !errors.Is(err, call.ErrOver) {
		t.Error(err)
	}
	if err := setPace(watched, call.Pace{}); !errors.Is(err, call.ErrOver) {
		t.Error(err)
	}
	summaries, _ := watched.Result()
	if summaries[0].Ending != flow.EndingHungUp || summaries[0].Interrupted {
		t.Errorf("the caller who leaves hangs up, but the call ended as %+v", summaries[0])
	}
	live(t, file, 1, call.LiveOptions{Watch: true, Pace: call.Pace{Speed: 1}}, func(l *call.Live) {
		if err := l.Do(scenario.Step{Press: "1"}); !errors.Is(err, call.ErrWatched) {
			t.Error(err)
		}
	})
}

// TestWatchedCall watches a scenario: it does the same as when it is played at once. Somebody who comes late gets all
// events.
func TestWatchedCall(t *testing.T) {
	for _, example := range []string{"menu", "queue"} {
		file := filepath.Join("../../examples", example, "scenario.yaml")
		var early []string
		watched := live(t, file, 1, call.LiveOptions{Watch: true, Pace: call.Pace{Speed: 1}}, func(l *call.Live) {
			from, version := 0, 0
			for {
				events, state, ok := l.Next(context.Background(), from, version)
				if !ok {
					return
				}
				from, version = from+len(events), state.Version
				for _, e := range events {
					early = append(early, fmt.Sprint(e.Type, e.At, e.Text))
					if e.Type != call.TypeFunction && (e.At > state.At || state.At-e.At > time.Millisecond) {
						t.Errorf("%s is told at %v", asLine(t, e), state.At)
					}
				}
			}
		})
		var late []string
		for _, e := range eventsOf(watched) {
			late = append(late, fmt.Sprint(e.Type, e.At, e.Text))
		}
		if !slices.Equal(early, late) || len(late) < 5 {
			t.Errorf("%s: watched %q, told later %q", example, early, late)
		}
	}
}

// brokenVoice is a voice with a fault.
type brokenVoice struct{}

func (brokenVoice) Utterance(flow.Say) player.Utterance { panic("no voice") }

// TestFaultInALiveCall checks that a fault ends the call and not the program, on both kinds of time.
func TestFaultInALiveCall(t *testing.T) {
	for _, virtual := range []bool{true, false} {
		o := menuCall(t, time.Second)
		o.Virtual = virtual
		for name, f := range o.Scenario.Functions {
			f.Always = true
			o.Scenario.Functions[name] = f
		}
		o.Voice = func(player.Voice) player.Voice { return brokenVoice{} }
		c, found := call.New(t.Context(), o)
		if c == nil {
			t.Fatal(found)
		}
		l := c.Live(t.Context(), 1, call.LiveOptions{Pace: call.Pace{Speed: 1}})
		<-l.Done()
		if _, err := l.Result(); err == nil || !strings.Contains(err.Error(), "no voice") {
			t.Errorf("virtual %v: %v", virtual, err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// slowVoice says everything twice as slowly as it is estimated.
type slowVoice struct{ player.Voice }

func (v slowVoice) Utterance(s flow.Say) player.Utterance {
	u := v.Voice.Utterance(s)
	for i := range u.Segments {
		u.Segments[i].Duration *= 2
	}
	return u
}

// TestLiveCallWithAVoice saves a call whose texts a voice said: the scenario has their lengths.
func TestLiveCallWithAVoice(t *testing.T) {
	dir := copyOf(t, "menu")
	p, found := project.Read(dir)
	if p == nil {
		t.Fatal(found)
	}
	given, _ := scenario.Read(p.Scenario)
	c, found := call.New(t.Context(), call.Options{Project: p, Scenario: given, Virtual: true,
		Voice: func(v player.Voice) player.Voice { return slowVoice{v} }})
	if c == nil {
		t.Fatal(found)
	}
	defer c.Close()
	l := c.Live(t.Context(), 1, call.LiveOptions{})
	for from, version := 0, 0; ; {
		events, state, ok := l.Next(t.Context(), from, version)
		if !ok {
			break
		}
		if from, version = from+len(events), state.Version; state.Waits {
			_ = l.Do(scenario.Step{Press: "9"})
		}
	}
	save(t, l, dir)
}
