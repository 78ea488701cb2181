package lint

import (
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// Part is a part of a set-up that a rule may need.
type Part int

// The parts of a set-up.
const (
	NeedsFlow Part = 1 << iota
	NeedsMachine
	NeedsProject
	NeedsCode // of the project's functions
)

// Rule is one row of the table of rules. Its examples are in a separate file, see Examples.
type Rule struct {
	ID       string // as in findings and settings, in kebab case
	Group    string // its heading in the documentation
	Severity source.Severity
	Summary  string      // one sentence
	Why      string      // what it means for the caller
	Remedy   string      // what to do about it
	Evidence string      // how it is known
	Needs    Part        // without it the rule does not run
	Check    func(*Pass) // reports what it finds
	Fix      Fixer       // what --fix writes
}

// The groups of rules, in the order of the documentation.
const (
	GroupPublishing = "What publishing refuses"
	GroupSilence    = "What leaves the caller in silence or lost"
	GroupProtocol   = "The asynchronous protocol"
	GroupNative     = "Connect's own asynchronous mode"
	GroupMachine    = "The state machine"
	GroupData       = "Personal data"
	GroupTogether   = "The parts together"
)

// Setup is what rules read: the parts that belong together. Any part may be absent.
type Setup struct {
	Flow     *Flow
	Machine  *Machine
	Project  *project.Project
	Code     map[string]Code // of functions by name, in one set-up of the project that has neither flow nor machine
	Settings Settings
	Managed  bool // the project's exports contain the flow
	Pulled   bool // from an instance: a push fills in what the flow's placeholders mean
	Lost     bool // the flow has a project that could not be read

	Recordings map[string]time.Duration // lengths of audio prompts by ARN or id
	Lengths    map[string]time.Duration // exact lengths of texts
	Attributes []string                 // contact attributes that exist before the flow begins
	StandIns   []string                 // names of states and patterns for which the project's scenario has stand-ins

	played *patience // what play found, once it ran
}

func (s *Setup) parts() Part {
	var parts Part
	if s.Flow != nil {
		parts |= NeedsFlow
	}
	if s.Machine != nil {
		parts |= NeedsMachine
	}
	if s.Project != nil {
		parts |= NeedsProject
	}
	if s.Code != nil {
		parts |= NeedsCode
	}
	return parts
}

// Run applies every rule that the settings leave on to a set-up. The findings are sorted by place; those that the
// settings accept are left out. A set-up with a flow gets the rules about flows, one without a flow the other rules,
// so that a state machine that serves several flows is reported once.
func Run(s Setup) []Finding {
	var found []Finding
	for i := range table {
		rule := &table[i]
		severity, changed := s.Settings.severities[rule.ID]
		if severity == off || !rule.applies(&s) {
			continue
		}
		p := &Pass{Setup: &s, rule: rule}
		rule.Check(p)
		if changed {
			p.setSeverity(severity)
		}
		found = append(found, p.found...)
	}
	return s.Settings.accept(found)
}

func (r *Rule) applies(s *Setup) bool {
	return r.Needs&^s.parts() == 0 && (r.Needs&NeedsFlow != 0) == (s.Flow != nil)
}

// Pass is one run of one rule over one set-up.
type Pass struct {
	*Setup
	rule  *Rule
	found []Finding
}

// setSeverity gives all findings the severity that the settings say, also those that the rule itself takes less
// seriously.
func (p *Pass) setSeverity(severity source.Severity) {
	for i := range p.found {
		p.found[i].Severity = severity
	}
}

// report adds a finding. subject names the action or state that it is about.
func (p *Pass) report(file, subject string, at source.Pos, format string, args ...any) *Finding {
	p.found = append(p.found, Finding{Rule: p.rule.ID, Finding: source.Finding{
		Code: p.rule.ID, Severity: p.rule.Severity, File: file, Pos: at, Subject: subject,
		Message: fmt.Sprintf(format, args...), Remedy: p.rule.Remedy,
	}})
	return &p.found[len(p.found)-1]
}

// on reports something about an action at the place of a value, or of the action itself when there is no value.
func (p *Pass) on(a *flowlang.Action, n *source.Node, format string, args ...any) *Finding {
	if n == nil {
		n = a.Node
	}
	return p.report(p.Flow.File, a.Identifier, n.Place(), "%q (%s): "+format,
		append([]any{a.Identifier, a.Type}, args...)...)
}

// onState reports something about a state of the state machine.
func (p *Pass) onState(s *State, n *source.Node, format string, args ...any) *Finding {
	if n == nil {
		n = s.node
	}
	return p.report(p.Machine.File, s.Name, n.Place(), "%q: "+format, append([]any{s.Name}, args...)...)
}
