package replay

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// Settled is an assumption about which a log says something.
type Settled struct {
	Name    string   `json:"name"`
	Assumed string   `json:"assumed"` // when the log was laid over the flow
	Values  []string `json:"values"`  // with which the log fits best; one settles the assumption
	Broken  bool     `json:"broken"`  // what was assumed is not among them
}

// mostBroken is how many assumptions one log can break.
const mostBroken = 8

// settle plays the log with what is assumed, and then with every other value of the assumptions that the call rests on:
// the ones with which it fits better are taken.
func (p *playing) settle(ctx context.Context) (*Replay, error) {
	assumed := p.options.Scenario.Assumptions
	first, err := p.play(ctx, assumed)
	if err != nil {
		return nil, err
	}
	r := &Replay{Contact: p.contact, Entries: p.all, Flows: p.call.Flows(), Differences: first.differences()}
	best, taken := first, assumed
	if p.begins.isMissing() || p.lacksParameters() { // what is not known may be the reason of any difference
		return p.replayed(r, best, taken), nil
	}
	for range mostBroken {
		better, change, err := p.improve(ctx, best, taken)
		if err != nil {
			return nil, err
		}
		if change == nil {
			break
		}
		best, taken = better, *change
	}
	if r.Settled, err = p.judge(ctx, best, taken); err != nil {
		return nil, err
	}
	if err := p.explain(ctx, r); err != nil {
		return nil, err
	}
	return p.replayed(r, best, taken), nil
}

// lacksParameters reports whether an export has left out what was said, or passed to functions.
func (p *playing) lacksParameters() bool {
	return slices.ContainsFunc(p.entries, func(e Entry) bool {
		return len(e.Parameters) == 0 && (e.ModuleType == playPrompt || e.ModuleType == invokesFunction)
	})
}

// replayed completes a replay with the play that fits best.
func (p *playing) replayed(r *Replay, best attempt, taken flow.Assumptions) *Replay {
	p.scenario.Assumptions = taken
	r.Events, r.Summary, r.HangUp, r.InQueue = best.events, best.summary, best.hangUp, best.inQueue
	r.scenario, r.learned, r.guide = p.scenario, p.learned, best.guide
	r.began, r.project = best.guide.began.Add(best.guide.shift), p.options.Project
	r.Begins, r.unsure = p.begins.Begins, append(p.renamed(), p.begins.Words()...)
	if p.begins.isMissing() {
		r.Events = slices.DeleteFunc(slices.Clone(r.Events), func(e call.Event) bool {
			return e.Type == call.TypeConnected // when, no entry tells
		})
	}
	return r
}

// improve finds the one value of an assumption with which the log fits best, nil where none is better than what was
// taken.
func (p *playing) improve(ctx context.Context, best attempt, taken flow.Assumptions,
) (attempt, *flow.Assumptions, error) {
	var change *flow.Assumptions
	if best.misfit() == 0 {
		return best, nil, nil
	}
	for _, row := range p.rested(best) {
		for _, value := range p.candidates(row, taken.Get(row.Name)) {
			other, err := p.with(ctx, taken, row.Name, value)
			if err != nil {
				return best, nil, err
			}
			if other.misfit() < best.misfit() {
				changed := taken
				_ = changed.Set(row.Name, value)
				best, change = other, &changed
			}
		}
	}
	return best, change, nil
}

// judge says which values of the assumptions that the call rests on the log fits with.
func (p *playing) judge(ctx context.Context, best attempt, taken flow.Assumptions) ([]Settled, error) {
	var list []Settled
	for _, row := range p.rested(best) {
		assumed := p.options.Scenario.Assumptions.Get(row.Name)
		s := Settled{Name: row.Name, Assumed: assumed, Values: []string{taken.Get(row.Name)}}
		others := 0
		for _, value := range p.candidates(row, taken.Get(row.Name)) {
			other, err := p.with(ctx, taken, row.Name, value)
			if err != nil {
				return nil, err
			}
			if others++; other.misfit() <= best.misfit() {
				s.Values = append(s.Values, value)
			}
		}
		s.Broken = !slices.Contains(s.Values, assumed)
		if len(s.Values) <= others { // with some values it does not fit
			list = append(list, s)
		}
	}
	return list, nil
}

// explain says which broken assumption each difference is due to: without it there is no such difference.
func (p *playing) explain(ctx context.Context, r *Replay) error {
	for _, s := range r.Settled {
		if !s.Broken {
			continue
		}
		other, err := p.with(ctx, p.options.Scenario.Assumptions, s.Name, s.Values[0])
		if err != nil {
			return err
		}
		left := other.differences()
		for i, d := range r.Differences {
			if d.Assumption == "" && !slices.ContainsFunc(left, d.same) {
				r.Differences[i].Assumption, r.Differences[i].Value = s.Name, s.Values[0]
			}
		}
	}
	return nil
}

// same reports whether a difference is there in another play, too.
func (d Difference) same(other Difference) bool {
	return d.Kind == other.Kind && d.Action == other.Action && d.Parameter == other.Parameter &&
		(d.At-other.At).Abs() < time.Second
}

func (p *playing) with(ctx context.Context, a flow.Assumptions, name, value string) (attempt, error) {
	if err := a.Set(name, value); err != nil {
		return attempt{}, err
	}
	return p.play(ctx, a)
}

// rested are the assumptions that a play rests on.
func (p *playing) rested(a attempt) []flow.Assumption {
	return slices.DeleteFunc(flow.AssumptionTable(), func(row flow.Assumption) bool {
		return !slices.Contains(a.summary.Assumptions, row.Name)
	})
}

// otherNumbers are the values of assumptions that are numbers, where a log can tell them apart: the one that somebody
// has published, and no limit.
var otherNumbers = map[string][]string{
	"chain_limit_seconds":  {"20", "30", "0"},
	"response_limit_bytes": {"32000", "32768"},
}

// candidates are the other values of an assumption.
func (p *playing) candidates(row flow.Assumption, taken string) []string {
	values := slices.Clone(row.Values)
	if len(values) == 0 {
		values = slices.Clone(otherNumbers[row.Name])
	}
	if slices.Contains(values, "…") {
		values = append(values, p.otherErrors()...)
	}
	return slices.DeleteFunc(values, func(value string) bool { return value == taken || value == "…" })
}

// otherErrors are the error branches of functions that have a name of their own.
func (p *playing) otherErrors() []string {
	names := map[string]bool{}
	for _, f := range p.call.Flows() {
		for _, a := range f.Actions {
			for _, b := range a.Branches {
				if a.Has(flowlang.Invokes) && b.Kind == flowlang.Failure && b.Name != flowlang.NoMatchingError {
					names[b.Name] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// weights say how much a difference counts: the way that a call takes more than when.
var weights = map[DifferenceKind]int{DiffersInBranch: 3, DiffersInEntries: 2, DiffersInValue: 2, DiffersInTime: 1}

// misfit is how badly a play fits the log; 0 for no difference.
func (a attempt) misfit() int {
	sum := 0
	if a.guide.stops { // only that somebody hung up explains why the log ends
		sum = 1
	}
	for _, d := range a.differences() {
		sum += weights[d.Kind]
	}
	return sum
}

// differences are what the log and the play differ in, in the order of time.
func (a attempt) differences() []Difference {
	found := slices.Concat(a.guide.differences, a.guide.leftOver())
	for i := range found {
		found[i].At = found[i].when.Sub(a.guide.began)
	}
	slices.SortStableFunc(found, func(x, y Difference) int { return cmp.Compare(x.At, y.At) })
	return found
}
