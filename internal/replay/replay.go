package replay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// Options say what a log is laid over.
type Options struct {
	Project  *project.Project  // nil when the flows are named otherwise
	Flows    []string          // files of flows and modules; none: those of the project and the scenario
	Scenario scenario.Scenario // how texts are spoken, what is assumed, names and flows; scenario.Default for none
	HungUp   time.Time         // when the caller hung up, which no log says; zero where that is not known
	Verdict  workspace.Verdict
}

// Replay is a call as its log has it.
type Replay struct {
	Contact     Contact
	Entries     []Entry
	Events      []call.Event
	Summary     call.Summary
	Differences []Difference
	Settled     []Settled
	HangUp      HangUp
	Begins      Begins
	InQueue     bool // the log ends in a queue flow: an agent may have taken the contact, which no log says
	Flows       map[string]*flow.Flow

	unsure   []string          // what the log leaves unknown
	scenario scenario.Scenario // that was played, with what the log shows
	guide    *guide            // of that play
	learned  *learned
	project  *project.Project
	began    time.Time // the beginning of the call, in the log's time
}

// HangUp says what is known of the end of a call that the flow did not end.
type HangUp string

// What is known of a hang-up.
const (
	HangUpNone    HangUp = ""        // the flow ended the call, or passed it on
	HangUpGiven   HangUp = "given"   // Options.HungUp
	HangUpAssumed HangUp = "assumed" // the log ends: as late as the entry that would have come next
	HangUpDuring  HangUp = "during"  // the log ends: not before the action that would have had the next entry
)

// ErrNoEntries is the error of a log without entries.
var ErrNoEntries = errors.New("the log has no entries of the contact")

// Play plays the one contact of a log again. The Replay is nil when a finding is of severity error.
func Play(ctx context.Context, entries []Entry, o Options) (*Replay, source.Findings, error) {
	if len(entries) == 0 {
		return nil, nil, ErrNoEntries
	}
	p := playing{all: entries, entries: joined(entries), options: o, contact: Log{Entries: entries}.Contacts()[0],
		plays: map[flow.Assumptions]attempt{}}
	p.again = repetitions(p.entries)
	found := p.open(ctx)
	if p.call == nil {
		return nil, found, nil
	}
	defer p.call.Close()
	r, err := p.settle(ctx)
	return r, found, err
}

// playing plays a log with different assumptions.
type playing struct {
	all      []Entry // of the log
	entries  []Entry // one for each action
	again    []int   // which entry each repeats, -1 for none
	foreign  []bool  // which entries are of an action that no flow has
	options  Options
	contact  Contact
	call     *call.Call
	scenario scenario.Scenario
	learned  *learned
	given    []*given
	of       map[loggedFlow]*given
	logged   logged
	begins   beginning
	hooked   map[string]string // the flows of event hooks that the log has
	plays    map[flow.Assumptions]attempt
}

// open reads the flows, and what the entries show.
func (p *playing) open(ctx context.Context) source.Findings {
	files, err := p.files()
	if err != nil {
		return source.Findings{*err}
	}
	p.given = p.givenFlows(files)
	p.of = flowsOf(p.entries, p.given)
	p.name()
	p.hooked = p.hooks()
	p.begins = p.beginning()
	s := p.named(files)
	var found source.Findings
	p.call, found = call.New(ctx, call.Options{Project: p.options.Project, Scenario: s, Flow: s.Flow, Virtual: true,
		FlowLog: true, Recorded: true, Verdict: p.options.Verdict})
	if p.call == nil {
		return found
	}
	flows := slices.Collect(maps.Values(p.call.Flows()))
	p.logged = p.compiled()
	p.foreign = foreign(p.entries, flows, p.logged)
	for i, e := range p.entries {
		p.foreign[i] = p.foreign[i] || p.isAside(e)
	}
	actions := make([]*flowlang.Action, len(p.entries))
	for i, e := range p.entries {
		actions[i] = actionOf(e, flows, p.logged)
	}
	p.scenario = s
	p.scenario.World = p.waiting(s.World, flows)
	p.learn(actions)
	if slices.ContainsFunc(p.entries, func(e Entry) bool { return e.Identifier == "" }) {
		p.learnByPlaying(ctx, actions)
	}
	return found
}

// named is the scenario with every flow under all its names, the one first in which the log begins.
func (p *playing) named(files []string) scenario.Scenario {
	s := p.options.Scenario
	s.Flow, s.Flows = files[0], maps.Clone(s.Flows)
	if first := p.begins.first(); first != nil {
		s.Flow = first.file
	}
	if s.Flows == nil {
		s.Flows = map[string]string{}
	}
	for _, place := range p.begins.places(p.entries) {
		if place.Flow != "" {
			s.Flows[place.Flow] = place.Flow
		}
	}
	for _, file := range files { // what cannot be read is reported
		if !slices.ContainsFunc(p.given, func(g *given) bool { return g.file == filepath.Clean(file) }) {
			s.Flows[file] = file
		}
	}
	for _, g := range p.given {
		for _, key := range g.keys {
			if _, taken := s.Flows[key]; key != "" && (!taken || slices.Contains(files, g.file)) {
				s.Flows[key] = g.file
			}
		}
	}
	return s
}

// waiting is a world in which a contact is in a queue or on hold for as long as the log goes on.
func (p *playing) waiting(w flow.World, flows []*flow.Flow) flow.World {
	isQueue := func(f *flow.Flow) bool { return f.Type == flowlang.CustomerQueue }
	if w.AgentAfter == 0 && slices.ContainsFunc(flows, isQueue) {
		w.AgentAfter = -1
	}
	if w.HoldFor == 0 && slices.ContainsFunc(flows, func(f *flow.Flow) bool { return f.Type.IsHold() }) {
		w.HoldFor = p.entries[len(p.entries)-1].Time.Sub(p.entries[0].Time) + justAfter
	}
	return w
}

// learn reads what the entries show, with their actions.
func (p *playing) learn(actions []*flowlang.Action) {
	p.learned = learn(p.entries, actions, p.again, p.begins.isMissing())
	p.scenario = measured(p.scenario, p.entries, actions, p.call.Recordings())
	p.scenario.Callers = []scenario.Caller{{Number: p.learned.number, Channel: p.options.Scenario.Callers[0].Channel,
		Attributes: p.learned.attributes}}
}

// learnByPlaying finds the actions of entries that do not name them: where a play has them.
func (p *playing) learnByPlaying(ctx context.Context, actions []*flowlang.Action) {
	first, err := p.playOnce(ctx, p.scenario, HangUpNone)
	if err != nil { // the next play says so
		return
	}
	for i, a := range first.guide.actions {
		if a != nil {
			actions[i] = a
		}
	}
	p.learn(actions)
}

// attempt is one play of the log.
type attempt struct {
	guide   *guide
	events  []call.Event
	summary call.Summary
	hangUp  HangUp
	inQueue bool // when the log ended
}

// play plays the log with assumptions, once for each set of them.
func (p *playing) play(ctx context.Context, assumed flow.Assumptions) (attempt, error) {
	if known, ok := p.plays[assumed]; ok {
		return known, nil
	}
	a, err := p.playToEnd(ctx, assumed)
	if err == nil {
		p.plays[assumed] = a
	}
	return a, err
}

// playToEnd plays the log with assumptions. Where the log ends before the call as it is played here does, it is played
// again with a caller who hangs up then.
func (p *playing) playToEnd(ctx context.Context, assumed flow.Assumptions) (attempt, error) {
	s := p.scenario
	s.Assumptions = assumed
	first, err := p.playOnce(ctx, s, HangUpNone)
	switch {
	case err != nil:
		return first, err
	case !p.options.HungUp.IsZero():
		at := p.options.HungUp.Add(-first.guide.shift).Sub(first.guide.began)
		return p.playHungUp(ctx, s, at, HangUpGiven)
	case first.guide.beyond.Action == nil:
		return first, nil
	}
	next := first.guide.beyond
	how := HangUpDuring
	if isInstant(next.Action) {
		how = HangUpAssumed
	}
	again, err := p.playHungUp(ctx, s, next.At.Sub(first.guide.began)+time.Millisecond, how)
	again.inQueue = next.Flow.Type == flowlang.CustomerQueue
	return again, err
}

func (p *playing) playHungUp(ctx context.Context, s scenario.Scenario, at time.Duration, how HangUp) (attempt, error) {
	one := s.Callers[0]
	one.Does = []scenario.Step{{At: max(0, at), HangUp: true}}
	s.Callers = []scenario.Caller{one}
	again, err := p.playOnce(ctx, s, how)
	if again.summary.Ending == flow.EndingHungUp {
		again.hangUp = how
	}
	return again, err
}

func (p *playing) playOnce(ctx context.Context, s scenario.Scenario, how HangUp) (attempt, error) {
	a := attempt{guide: newGuide(p)}
	a.guide.stops = how == HangUpAssumed || how == HangUpDuring
	estimate := player.Estimate{Rate: s.Speech.Middle(), Lengths: s.Lengths, Recordings: p.call.Recordings(),
		Unknown: s.AudioLength}
	a.guide.length = func(e Entry) time.Duration { return estimate.Utterance(sayOf(e)).Length() }
	played := p.call.Recorded(call.RecordedOptions{Record: a.guide, Scenario: s, Logging: p.logging(),
		From: p.begins.places(p.entries), Hooks: p.hooked})
	summaries, err := played.Play(ctx, s.Seed, func(e call.Event) {
		a.events = append(a.events, e)
	})
	if err != nil {
		return a, fmt.Errorf("the call cannot be played again: %w", err)
	}
	a.summary = summaries[0]
	return a, nil
}

// logging reports whether flow logs were on before the flow: its first entry is not that of the action that switches
// them on.
func (p *playing) logging() bool { return p.entries[0].ModuleType != switchesLogging }
