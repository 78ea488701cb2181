package lint

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleStateMachine = Rule{
	ID: "state-machine", Group: GroupMachine, Severity: source.Error, Needs: NeedsMachine,
	Summary:  "The state machine is not valid.",
	Why:      "Step Functions refuses it, so nothing can be started.",
	Remedy:   "Correct the definition.",
	Evidence: "ValidateStateMachineDefinition, as recorded; the checks are those of the local engine.",
	Check: func(p *Pass) {
		_, found := asl.Parse(p.Machine.File, p.Machine.doc)
		for _, f := range found {
			if f.Code == targetCode && p.Machine.leadsAnywhere() && p.Machine.isState(f.Pos) {
				continue // only the deployment knows whether the state can be reached
			}
			if f.Code == targetCode && hasFilledInKey(p.Machine.doc, "States") {
				continue // or whether it is there
			}
			severity := f.Severity
			isFilledIn := p.Machine.filledIn(f.Pos) || p.Machine.isPartFilledIn(f.Pos) ||
				hasFilledInKey(p.Machine.doc, "QueryLanguage") // which decides what is valid
			if isFilledIn || strings.HasSuffix(f.Code, "-unsupported") {
				severity = source.Info // valid in AWS, only not run here; or filled in by a template
			}
			reported := p.report(p.Machine.File, "", f.Pos, "%s", f.Message)
			reported.Severity = weaker(p.rule.Severity, severity)
			reported.Remedy = f.Remedy
		}
	},
}

// targetCode is the service's code of diagnostics about targets: those that do not exist, and states that are none.
const targetCode = "MISSING_TRANSITION_TARGET"

// leadsAnywhere reports whether a template fills in where the machine starts or which state comes after another.
func (m *Machine) leadsAnywhere() bool {
	isFilledIn := func(s *State) bool { return slices.ContainsFunc(s.next, flowlang.FilledIn) }
	return slices.ContainsFunc(m.starts, flowlang.FilledIn) || slices.ContainsFunc(m.States, isFilledIn)
}

// hasFilledInKey reports whether a template fills in a key of a machine, or of a part of one.
func hasFilledInKey(n *source.Node, key string) bool {
	has := func(n *source.Node) bool { return hasFilledInKey(n, key) }
	return flowlang.FilledIn(n.Get(key).Str()) || slices.ContainsFunc(n.Elements(), has) ||
		slices.ContainsFunc(n.Entries(), func(m source.Member) bool { return has(m.Value) })
}

// isState reports whether a state begins at a place.
func (m *Machine) isState(at source.Pos) bool {
	return slices.ContainsFunc(m.States, func(s *State) bool { return s.node.Pos == at })
}

// isPartFilledIn reports whether only the deployment knows if the state that begins at a place is the last, or which
// states are in it.
func (m *Machine) isPartFilledIn(at source.Pos) bool {
	return slices.ContainsFunc(m.States, func(s *State) bool {
		isFilledIn := func(key string) bool { return flowlang.FilledIn(s.node.Get(key).Str()) }
		return s.node.Pos == at && slices.ContainsFunc([]string{"End", "ItemProcessor", "Iterator"}, isFilledIn)
	})
}

// filledIn reports whether the text at a place is written by a template: ${…}.
func (m *Machine) filledIn(at source.Pos) bool {
	return m.doc.AnyText(func(n *source.Node) bool { return n.Pos == at && flowlang.FilledIn(n.Text) })
}
