package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/edit"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// publishingFixers say how findings about what publishing refuses are mended, by the codes of package flowlang.
var publishingFixers = map[string]Fixer{
	"version": {Does: `It writes "Version": "2019-10-30".`, mend: fixVersion},
	"unknown-key": {
		Does: "It corrects a key that resembles one that belongs there, and removes any other.",
		mend: fixKey,
	},
	"action-type": {
		Does: "It writes the right name of an action whose type has another one, or another case.",
		mend: fixName,
	},
	"unknown-parameter": {
		Does: "It corrects the name where it is clear which parameter is meant and that one is missing, and removes " +
			"any other that Connect is known to refuse. A parameter of the export format from before 2022 is left.",
		mend: fixKey,
	},
	"next-action": {
		Does: "Where conditions decide, it repeats the target of NoMatchingCondition, or that of DoneLooping.",
		mend: fixNextAction,
	},
	"missing-error": {Does: missingErrorFix, mend: fixMissingError},
	"impossible-error": {
		Does: "It corrects the name of a branch that is misspelled and missing. It removes any other, and one that " +
			"is given twice with one target.",
		mend: fixImpossibleError,
	},
	"condition-operator": {Does: "It writes the operator that a wrong name means.", mend: fixName},
	"condition-operand":  {Does: "It writes the result that a misspelled or old name means.", mend: fixName},
}

const missingErrorFix = "It adds the branch. NoMatchingCondition leads where NextAction does, and so does the error " +
	"of what is not a reason to end a call: recording, streaming, voice, contact data and tags. Any other leads " +
	"where NoMatchingError does, and that one leads to a spoken ending. InProgress is left."

func fixVersion(m *mending, _ Finding) {
	if n := m.Flow.Doc.Get("Version"); n == nil {
		m.Add(m.Flow.Doc, edit.Member{Key: "Version", Value: flowlang.Version})
	} else if n.Kind != source.Object && n.Kind != source.Array {
		m.Set(n, flowlang.Version)
	}
	m.note(nil, "Version", quoted(m.Flow.Doc.Get("Version").Scalar()), quoted(flowlang.Version))
}

// refused returns the value that a finding is about and its action. It is false where Connect is not known to refuse
// it, or where it is not clear which action it is.
func (m *mending) refused(f Finding) (*flowlang.Action, *source.Node, bool) {
	a, n := m.action(f), m.At(f.Pos)
	return a, n, a != nil && n != nil && f.Severity == source.Error
}

// fixName writes the right name as the value.
func fixName(m *mending, f Finding) {
	a, n, ok := m.refused(f)
	if !ok || f.Right == "" {
		return
	}
	m.Set(n, f.Right)
	m.note(a, m.Key(n), quoted(n.Scalar()), quoted(f.Right))
}

// fixKey writes the right name as the key of the value, or takes the value out.
func fixKey(m *mending, f Finding) {
	a, n, ok := m.refused(f)
	if !ok || flowlang.IsOldParameter(m.Key(n)) {
		return
	}
	if f.Right != "" && m.Parent(n).Get(f.Right) == nil {
		m.Rename(n, f.Right)
		m.note(a, "key", quoted(m.Key(n)), quoted(f.Right))
		return
	}
	was, _ := n.MarshalJSON() // never fails
	m.Remove(n)
	m.note(a, m.Key(n), string(was), "")
}

func fixImpossibleError(m *mending, f Finding) {
	a, n, ok := m.refused(f)
	if !ok {
		return
	}
	i := slices.IndexFunc(a.Branches, func(b *flowlang.Branch) bool { return b.Node == m.Parent(n) })
	if i < 0 {
		return
	}
	b := a.Branches[i]
	switch first := a.Error(b.Name); {
	case f.Right != "" && a.Error(f.Right) == nil:
		m.Set(n, f.Right)
		m.note(a, "ErrorType", quoted(b.Name), quoted(f.Right))
	case first == b, first.Target.Str() == b.Target.Str():
		m.Remove(b.Node)
		m.note(a, b.Name, "to "+quoted(b.Target.Str()), "")
	}
}

func fixNextAction(m *mending, f Finding) {
	a := m.action(f)
	if a == nil || !a.Kind.HasResult {
		return
	}
	b := a.Error(flowlang.NoMatchingCondition)
	if b == nil {
		b = a.Result(flowlang.DoneLooping)
	}
	if b == nil || b.To == nil {
		return
	}
	to := b.To.Identifier
	transitions := a.Node.Get("Transitions")
	if n := transitions.Get(flowlang.NextAction); n == nil {
		m.Add(transitions, edit.Member{Key: flowlang.NextAction, Value: to})
	} else {
		m.Set(n, to)
	}
	m.note(a, flowlang.NextAction, "", "to "+quoted(to))
}

// fixMissingError adds the first error branch that is missing and has a clear target.
func fixMissingError(m *mending, f Finding) {
	a := m.action(f)
	if a == nil || a.Kind == nil {
		return
	}
	for _, name := range slices.Concat(a.Kind.RequiredErrors, a.Kind.ExpectedErrors) {
		if a.Error(name) != nil || name == flowlang.InProgress {
			continue
		}
		m.addError(a, name, m.targetOf(a, name))
		return
	}
}

// targetOf returns the identifier of the action that a missing error branch should lead to, "" when that is not clear.
// A contact takes the branch of NoMatchingError where that of another error is missing.
func (m *mending) targetOf(a *flowlang.Action, name string) string {
	goesOn := name == flowlang.NoMatchingCondition || slices.Contains(incidental, a.Type)
	if next := a.Success(); goesOn && next != nil && next.To != nil {
		return next.To.Identifier
	}
	if failed := a.Failed(name); failed != nil && failed.To != nil {
		return failed.To.Identifier
	}
	return m.ending(a)
}

// incidental are the actions whose failure is not a reason to end a call (exports: all 8 error branches of media
// streaming and 5 of 7 of contact data lead where success leads).
var incidental = []string{
	flowlang.UpdateContactMediaStreamingBehavior, flowlang.UpdateContactRecordingBehavior,
	flowlang.UpdateContactRecordingAndAnalyticsBehavior, flowlang.UpdateContactTextToSpeechVoice,
	flowlang.UpdateContactData, flowlang.TagContact, flowlang.UntagContact,
}
