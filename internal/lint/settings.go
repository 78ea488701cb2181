package lint

import (
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/async"
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

// ReadSettings reads the value under lint. Each rule that is changed and each finding that is accepted needs a reason.
func ReadSettings(file string, node *source.Node) (Settings, source.Findings) {
	var found source.Findings
	s := Settings{severities: map[string]source.Severity{}}
	in := source.Read(file, node, &found)
	in.Node("callers") // has moved to the project's callers, which project reads
	for _, m := range in.Members("rules") {
		s.readRule(file, m, &found)
	}
	for _, item := range in.Items("accept") {
		accepted := source.Read(file, item, &found)
		s.accepted = append(s.accepted, accepted.String("fingerprint", ""))
		needReason(accepted, item.Pos)
		accepted.Done()
	}
	in.Done()
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

func (s *Settings) readRule(file string, m source.Member, found *source.Findings) {
	in := source.Read(file, m.Value, found)
	if Lookup(m.Key) == nil {
		in.Report(source.CodeUnknownKey, m.Pos, fmt.Sprintf("unknown rule %q", m.Key),
			"See docs/lint.md for the rules.")
	}
	s.severities[m.Key] = source.Severity(in.OneOf("severity", "off", "off", "error", "warning", "info"))
	needReason(in, m.Pos)
	in.Done()
}

func needReason(in *source.Reader, at source.Pos) {
	if in.String("reason", "") == "" {
		in.Report(source.CodeBadValue, at, "a reason is missing", "Say why, for whoever reads this next: reason: ….")
	}
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
