package lint

import (
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// off is the severity of a rule that does not run.
const off source.Severity = "off"

// Settings are what a project file says under lint. The zero value runs every rule as the table has it.
type Settings struct {
	severities map[string]source.Severity
	accepted   []string // fingerprints
}

// written is the section lint as a project file has it.
type written struct {
	rules    []changedRule
	accepted []acceptedFinding
}

// changedRule is a rule whose severity is changed, and acceptedFinding a finding that is not reported. Each needs a
// reason.
type (
	changedRule struct {
		id, reason string
		severity   source.Severity
	}
	acceptedFinding struct{ fingerprint, reason string }
)

var settingsFields = form.Fields[written]{
	form.At("rules", "rules whose severity is changed, by the rule's id; docs/lint.md lists the rules",
		func(w *written) *[]changedRule { return &w.rules }, form.InOrder("RULE", ruleItem).Described(onlyRules)),
	form.At("accept", "findings that are not reported any more",
		func(w *written) *[]acceptedFinding { return &w.accepted }, form.List(acceptedItem)),
	form.Elsewhere[written]("callers", "has moved to callers at the top level of the file; still accepted here",
		project.CallersForm()),
}

var ruleItem = form.Entry(form.Fields[changedRule]{
	form.At("severity", "what a finding of the rule is; off: the rule does not run",
		func(r *changedRule) *source.Severity { return &r.severity },
		form.OneOf(off, source.Error, source.Warning, source.Info)),
	form.At("reason", "why, for whoever reads this next", func(r *changedRule) *string { return &r.reason },
		form.Text()).Required().Example("the flow is only for tests"),
}, func() changedRule { return changedRule{severity: off} }, func(in *source.Reader, m source.Member, r *changedRule) {
	if r.id = m.Key; Lookup(m.Key) == nil {
		in.Report(source.CodeUnknownKey, m.Pos, fmt.Sprintf("unknown rule %q", m.Key),
			"See docs/lint.md for the rules.")
	}
	needReason(in, m.Pos, r.reason)
})

var acceptedItem = form.Entry(form.Fields[acceptedFinding]{
	form.At("fingerprint", "the fingerprint of the finding, as `lint --format json` has it",
		func(a *acceptedFinding) *string { return &a.fingerprint }, form.Text()).Required(),
	form.At("reason", "why, for whoever reads this next", func(a *acceptedFinding) *string { return &a.reason },
		form.Text()).Required(),
}, form.Zero, func(in *source.Reader, m source.Member, a *acceptedFinding) {
	if a.fingerprint == "" {
		in.Report(source.CodeBadValue, m.Pos, "no finding is accepted here",
			"Write the fingerprint of one, as `lint --format json` has it: fingerprint: ….")
	}
	needReason(in, m.Pos, a.reason)
})

func needReason(in *source.Reader, at source.Pos, reason string) {
	if reason == "" {
		in.Report(source.CodeBadValue, at, "a reason is missing", "Say why, for whoever reads this next: reason: ….")
	}
}

// onlyRules says of an object that its keys are ids of rules.
func onlyRules(s *form.Schema) {
	s.Closed = true
	for _, rule := range Rules() {
		each := *s.Values
		each.Description = rule.Summary
		s.Properties = append(s.Properties, form.Property{Key: rule.ID, Schema: &each})
	}
}

// Form describes the section lint of a project file.
func Form() *form.Schema { return settingsFields.Schema(&written{}) }

// ReadSettings reads the value under lint.
func ReadSettings(file string, node *source.Node) (Settings, source.Findings) {
	var found source.Findings
	var w written
	settingsFields.Read(form.File{Name: file, Found: &found}, source.Read(file, node, &found), &w)
	s := Settings{severities: map[string]source.Severity{}}
	for _, r := range w.rules {
		s.severities[r.id] = r.severity
	}
	for _, a := range w.accepted {
		s.accepted = append(s.accepted, a.fingerprint)
	}
	return s, found
}

// onlyOff returns the settings without the severities that they change, so that the table's count.
func (s Settings) onlyOff() Settings {
	rules := map[string]source.Severity{}
	for rule, severity := range s.severities {
		if severity == off {
			rules[rule] = off
		}
	}
	return Settings{severities: rules, accepted: s.accepted}
}

// callers is how many callers wait at the same time, as the project file says.
func (p *Pass) callers() int {
	if p.Project == nil {
		return async.DefaultExpectedCallers
	}
	return p.Project.Callers
}

// accept sorts the findings about one set-up, gives them their fingerprints, and leaves out those that are accepted.
func (s *Settings) accept(found []Finding) []Finding {
	found = sortFindings(found)
	identify(found)
	return slices.DeleteFunc(found, func(f Finding) bool { return slices.Contains(s.accepted, f.Fingerprint) })
}

// Publishing returns what publishing refuses of one flow as Run reports it with the settings of a project, for those
// who run no rules. Settings with faults change nothing: a finding must not vanish by a mistake. p may be nil.
func Publishing(p *project.Project, found source.Findings) source.Findings {
	var s Settings
	if p != nil {
		read, wrong := ReadSettings(p.File, p.Lint)
		if !wrong.HasErrors() {
			s = read
		}
	}
	var list []Finding
	for _, f := range found {
		severity, changed := s.severities[f.Code]
		switch {
		case severity == off:
			continue
		case changed:
			f.Severity = severity
		}
		list = append(list, Finding{Rule: f.Code, Finding: f})
	}
	var left source.Findings
	for _, f := range s.accept(list) {
		left = append(left, f.Finding)
	}
	return left
}
