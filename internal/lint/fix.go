package lint

import (
	"errors"
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/edit"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// Fixer is what the table of rules says about mending. It is zero for a rule whose findings have more than one right
// answer, so that a person must decide.
type Fixer struct {
	Does string // what is written, a sentence
	mend func(*mending, Finding)
}

// Fixes reports whether findings of the rule can be mended.
func (r *Rule) Fixes() bool { return r.Fix.mend != nil }

// Fixed is what became of a file.
type Fixed struct {
	Text     []byte // of the whole file
	Changes  []Change
	Findings int // how many are gone
}

// Change is one thing that was changed in a flow.
type Change struct {
	Rule     string // that it was changed for
	Action   string // the identifier of the action, "" for the flow as a whole
	Type     string // of the action
	Part     string // of the action, such as a branch
	Was, Is  string // "" for what was not there, and for what is no longer there
	IsAction bool   // the action itself is new
}

// String says what changed: the action, its part, what it was and what it is.
func (c Change) String() string {
	subject := "the flow"
	if c.Action != "" {
		subject = fmt.Sprintf("%q (%s)", c.Action, c.Type)
	}
	switch {
	case c.IsAction:
		return fmt.Sprintf("%s, new: %s [%s]", subject, c.Is, c.Rule)
	case c.Was == "":
		return fmt.Sprintf("%s: %s: %s, new [%s]", subject, c.Part, c.Is, c.Rule)
	case c.Is == "":
		return fmt.Sprintf("%s: %s: removed, was %s [%s]", subject, c.Part, c.Was, c.Rule)
	}
	return fmt.Sprintf("%s: %s: %s, was %s [%s]", subject, c.Part, c.Is, c.Was, c.Rule)
}

// ErrNotAlone means that a file is not changed since it holds more than the JSON of one flow.
var ErrNotAlone = errors.New("a flow is changed only in a JSON file of its own")

// Fix mends what has one right answer in the flow of a file. setups are the flow with its surroundings, one for each
// resource that deploys it; sorry is what a caller hears before the flow ends where something failed, "" for a
// built-in sentence. A change that would bring a finding that was not there is not made. Fix of what Fix returned
// changes nothing.
func Fix(file string, text []byte, setups []Setup, sorry string) (Fixed, error) {
	return fixTogether(file, text, setups, sorry, mostTogether)
}

// mostTogether is how many findings are mended at once at most.
const mostTogether = 256

// fixTogether is Fix with another number of findings that are mended at once at most; the result is the same.
func fixTogether(file string, text []byte, setups []Setup, sorry string, most int) (Fixed, error) {
	if _, ok := template.FlowAlone(file, text); !ok {
		return Fixed{Text: text}, ErrNotAlone
	}
	f := &fixing{file: file, sorry: sorry, now: state{text: text}, most: most}
	for _, s := range setups {
		s.Settings = s.Settings.onlyOff()
		f.now.setups = append(f.now.setups, s)
	}
	f.now.look()
	before := len(f.now.found)
	for f.round() {
	}
	return Fixed{Text: f.now.text, Changes: f.changes, Findings: before - len(f.now.found)}, nil
}

// CanFix reports whether some of the findings are of rules that can mend them.
func CanFix(found []Finding) (n int) {
	for _, f := range found {
		if rule := Lookup(f.Rule); rule != nil && rule.Fixes() {
			n++
		}
	}
	return n
}

// fixing is one run of Fix.
type fixing struct {
	file, sorry string
	now         state
	changes     []Change
	most        int // findings that are mended at once
}

// state is a file as it is after some changes.
type state struct {
	text   []byte
	setups []Setup
	found  []Finding
}

// look runs the rules.
func (s *state) look() {
	s.found = nil
	for _, setup := range s.setups {
		s.found = append(s.found, Run(setup)...)
	}
}

// round tries every finding once, and reports whether something was mended. After each change all rules are run, which
// takes long, so that as many findings are mended at once as works: twice as many after two successes, half as many
// after a failure.
func (f *fixing) round() bool {
	mended, size, worked := false, 1, false
	for i := 0; i < len(f.now.found); {
		left, ok := 0, false
		if size > 1 {
			left, ok = f.tryTogether(i, size)
		} else {
			ok = f.try(f.now.found[i])
		}
		switch {
		case ok: // and the findings are gone
			i += left
			if mended = true; worked {
				size = min(2*size, f.most)
			}
		case size == 1:
			i++
		default:
			size /= 2
		}
		worked = ok
	}
	return mended
}

// tryTogether mends the next findings at once, from the i-th on: as many as size. It is true when exactly these are
// gone then, as they would be one after the other; left is how many that cannot be mended are among them.
func (f *fixing) tryTogether(i, size int) (left int, ok bool) {
	if len(f.now.setups) != 1 {
		return 0, false
	}
	m := f.mending(f.now.setups[0])
	if m == nil {
		return 0, false
	}
	b := batch{fixing: f, m: m, changed: map[string]bool{}, clashed: map[string]bool{}}
	until := i
	for until < len(f.now.found) && b.n < size && b.add(f.now.found[until]) {
		until++
	}
	if b.n < 2 {
		return 0, false
	}
	next, ok := f.after(m)
	rest := slices.Concat(f.now.found[:i], b.left, f.now.found[until:])
	if !ok || !slices.EqualFunc(rest, next.found, isSame) {
		return 0, false
	}
	f.now, f.changes = next, append(f.changes, m.done...)
	return len(b.left), true
}

// batch is findings that are mended at once.
type batch struct {
	*fixing
	m                *mending
	n                int             // how many are mended
	left             []Finding       // that cannot be
	changed, clashed map[string]bool // actions
}

// add mends a further finding. It is false where that may depend on what was mended before: what is possible in an
// action that was changed, and where the flow ends. A change that touches another one is left out, since its finding is
// likely to be gone with that one.
func (b *batch) add(finding Finding) bool {
	before := b.m.state()
	mended := b.mend(b.m, finding)
	switch {
	case b.clashed[finding.Subject], !mended && b.changed[finding.Subject], b.m.addsActions(before.done):
		b.m.restore(before)
		return false
	case !mended:
		b.left = append(b.left, finding)
	case b.m.overlaps():
		b.m.restore(before)
		b.clashed[finding.Subject] = true
	default:
		b.n++
		b.changed[finding.Subject] = true
	}
	return true
}

// mend makes the changes for a finding. It is false when there are none.
func (f *fixing) mend(m *mending, finding Finding) bool {
	rule := Lookup(finding.Rule)
	if rule == nil || !rule.Fixes() {
		return false
	}
	before, done := len(m.Changes()), len(m.done)
	rule.Fix.mend(m, finding)
	for i := range m.done[done:] {
		m.done[done+i].Rule = rule.ID
	}
	return len(m.Changes()) > before
}

// isSame reports whether two findings say the same of the same action.
func isSame(a, b Finding) bool {
	return a.Rule == b.Rule && a.Subject == b.Subject && a.Severity == b.Severity
}

// try mends one finding. It is false when it cannot, or when that would bring other findings.
func (f *fixing) try(finding Finding) bool {
	if rule := Lookup(finding.Rule); rule == nil || !rule.Fixes() {
		return false
	}
	for _, s := range f.now.setups {
		m := f.mending(s)
		if m == nil || !f.mend(m, finding) {
			continue
		}
		next, ok := f.after(m)
		if !ok || !isBetter(f.now.found, next.found) {
			continue
		}
		f.now, f.changes = next, append(f.changes, m.done...)
		return true
	}
	return false
}

// mending opens the flow of a set-up for changes, nil when the file has it in no form that can be changed.
func (f *fixing) mending(s Setup) *mending {
	own, ok := template.FlowAlone(f.file, f.now.text)
	if !ok {
		return nil
	}
	text, err := edit.Of(own.JSON, s.Flow.Doc)
	if err != nil {
		return nil
	}
	return &mending{Setup: s, Text: text, own: own, sorry: f.sorry}
}

// after is the state after the changes. It is false when the flow cannot be read then.
func (f *fixing) after(m *mending) (state, bool) {
	next := state{text: edit.Apply(f.now.text, m.Changes(), m.own.At, m.own.IsQuoted)}
	doc, err := Read(f.file, next.text)
	if err != nil || len(doc.Flows) != 1 || len(doc.Unread) > 0 {
		return state{}, false
	}
	for _, s := range f.now.setups {
		flow := doc.Flows[0]
		if s.Flow.TypeGiven {
			flow = flow.WithType(s.Flow.Type)
		}
		flow.later = s.Flow.later
		s.Flow, s.played = flow, nil
		next.setups = append(next.setups, s)
	}
	next.look()
	return next, true
}

// isBetter reports whether there are fewer findings, and none that was not there before.
func isBetter(before, after []Finding) bool {
	type key struct {
		rule, subject string
		severity      source.Severity
	}
	count := map[key]int{}
	for _, f := range before {
		count[key{f.Rule, f.Subject, f.Severity}]++
	}
	for _, f := range after {
		k := key{f.Rule, f.Subject, f.Severity}
		if count[k]--; count[k] < 0 {
			return false
		}
	}
	return len(after) < len(before)
}
