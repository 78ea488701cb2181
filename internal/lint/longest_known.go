package lint

import (
	"slices"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// isWayKnown reports whether a flow says how a contact goes through it. Otherwise a template fills in what decides
// that, and a play would be of another flow than the one that is deployed.
func (f *Flow) isWayKnown() bool {
	return !slices.ContainsFunc(f.Actions, func(a *flowlang.Action) bool { return f.Reaches(a) && f.decidesUnknown(a) })
}

// decidesUnknown reports whether only the deployment knows how an action decides, or what it decides by.
func (f *Flow) decidesUnknown(a *flowlang.Action) bool {
	switch {
	case f.isOpen(a), a.HasFilledIn(flowlang.Condition), a.HasFilledIn(flowlang.Failure):
		return true
	case a.Has(flowlang.Invokes):
		return isModeFilledIn(a) || f.givesUnknown(a)
	case a.Type == flowlang.Compare:
		return f.isUnknown(a.Param("ComparisonValue"))
	case a.Kind == nil:
		return false
	}
	for _, p := range a.Kind.Parameters {
		if (p.Form == flowlang.Number || p.Form == flowlang.Choice) && f.isUnknown(a.Param(p.Name)) {
			return true
		}
	}
	return false
}

// givesUnknown reports whether only the deployment knows what an action asks the async function for. Which job and
// request it is makes no difference.
func (f *Flow) givesUnknown(a *flowlang.Action) bool {
	inputs := a.Param("LambdaInvocationAttributes")
	if flowlang.FilledIn(inputs.Str()) || flowlang.HasKeyFilledIn(inputs) {
		return true
	}
	return slices.ContainsFunc(inputs.Entries(), func(m source.Member) bool {
		decides := async.IsParameter(m.Key) && !isInput(m.Key, async.ParamJob, async.ParamRequest)
		return decides && f.isUnknown(m.Value)
	})
}

// isUnknown reports whether a template fills in a value, or one that the flow saved in the attribute to which it
// refers.
func (f *Flow) isUnknown(n *source.Node) bool {
	path, saved := f.carried(n)
	isAttribute := len(path) == 2 && !isReplyPath(path)
	return flowlang.FilledIn(n.Scalar()) || f.setsAny && isAttribute ||
		slices.ContainsFunc(saved, func(s assignment) bool { return flowlang.FilledIn(s.value.Scalar()) })
}

// hasFilledIn reports whether a template fills in a text of a value.
func hasFilledIn(n *source.Node) bool {
	return n.AnyText(func(n *source.Node) bool { return flowlang.FilledIn(n.Text) })
}

// isSpeechKnown reports whether the flow, and not a template, says what an action plays.
func isSpeechKnown(a *flowlang.Action) bool {
	return !hasFilledIn(a.Parameters)
}
