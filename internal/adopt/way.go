package adopt

import (
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Way is how a call gets from the start of a flow to a block.
type Way struct {
	Outcomes   []Outcome         // of the actions on the way that have more than one, in their order
	Chat       bool              // the way is for chats only
	Attributes map[string]string // contact attributes that actions on the way need, each with a value
	Before     map[string]string // what they need of a reply that the contact brings along, by reference
	First      string            // the action with which the way begins, "" when the flow begins with the block
	Invokes    int               // how many blocks on the way invoke the block's function
}

// Outcome is how an action must turn out: by a result or by an error.
type Outcome struct{ Action, Result, Error string }

// FindWay finds a short way to an action, if possible one on which nothing fails. It is false when there is none.
func FindWay(f *flowlang.Flow, to *flowlang.Action) (Way, bool) {
	steps := path(f, to, (*flowlang.Action).Usual)
	if steps == nil {
		steps = path(f, to, (*flowlang.Action).Out)
	}
	if steps == nil {
		return Way{}, f.Start == to
	}
	w := Way{Attributes: map[string]string{}, Before: map[string]string{}, First: steps[0].from.Identifier}
	hasReply := false
	for _, s := range steps {
		w.Chat = w.Chat || isPlainWait(s.from) || s.from.Has(flowlang.ChatOnly)
		if o, ok := s.outcome(); ok {
			w.Outcomes = append(w.Outcomes, o)
		}
		w.need(f, s.from, hasReply)
		if SameFunction(s.from, to) {
			w.Invokes++
		}
		hasReply = hasReply || s.from.Has(flowlang.FillsReply)
	}
	return w, true
}

// Spelled is a reference as Before has it. It may be written in several ways.
func Spelled(reference string) string {
	path, length := flowlang.ReadReference(reference)
	if length == 0 {
		return reference
	}
	return spelled(path)
}

func spelled(path []string) string {
	if prefix, ok := isReply(path); ok {
		return referenceTo(path[prefix:])
	}
	return "$." + strings.Join(path, ".")
}

// ReplyKey is the key of a reply that a reference reads, as steps; false for other references.
func ReplyKey(reference string) (key []string, ok bool) {
	path, length := flowlang.ReadReference(reference)
	if length == 0 {
		return nil, false
	}
	prefix, ok := isReply(path)
	return path[prefix:], ok && len(path) > prefix
}

// SameFunction reports whether two Lambda blocks invoke the same function.
func SameFunction(a, b *flowlang.Action) bool {
	return a.Type == b.Type && a.Text("LambdaFunctionARN") == b.Text("LambdaFunctionARN")
}

// need notes what an action on the way reads: without a value many an action fails. What functions on the way return is
// theirs.
func (w *Way) need(f *flowlang.Flow, a *flowlang.Action, hasReply bool) {
	if a.Type == flowlang.Compare { // whose outcome is decided
		return
	}
	a.Parameters.EachText(func(n *source.Node) {
		for _, path := range flowlang.References(n.Text) {
			_, isReply := isReply(path)
			switch {
			case path[0] == "Attributes" && len(path) == 2:
				w.Attributes[path[1]] = Sample(f, path)
			case isReply && !hasReply:
				w.Before[spelled(path)] = Sample(f, path)
			}
		}
	})
}

// step is a branch that the way takes.
type step struct {
	from   *flowlang.Action
	branch *flowlang.Branch
}

// path is the shortest one over some branches, nil when there is none or the flow starts there.
func path(f *flowlang.Flow, to *flowlang.Action, out func(*flowlang.Action) []*flowlang.Branch) []step {
	if f.Start == nil {
		return nil
	}
	came := map[*flowlang.Action]step{f.Start: {}}
	for queue := []*flowlang.Action{f.Start}; len(queue) > 0 && came[to].from == nil; queue = queue[1:] {
		for _, b := range out(queue[0]) {
			if _, seen := came[b.To]; !seen {
				came[b.To] = step{from: queue[0], branch: b}
				queue = append(queue, b.To)
			}
		}
	}
	var steps []step
	for s := came[to]; s.from != nil; s = came[s.from] {
		steps = append(steps, s)
	}
	slices.Reverse(steps)
	return steps
}

// outcome is how the action of a step must turn out; false when it takes the branch by itself.
func (s step) outcome() (Outcome, bool) {
	o := Outcome{Action: s.from.Identifier}
	switch s.branch.Kind {
	case flowlang.Condition:
		o.Result = satisfying(s.branch)
	case flowlang.Failure:
		if s.branch.Name != flowlang.NoMatchingCondition {
			o.Error = s.branch.Name
			break
		}
		o.Result = "something else"
	default:
		return o, false
	}
	return o, o.Result != "" || o.Error != ""
}

// satisfying is a result for which a condition holds.
func satisfying(b *flowlang.Branch) string {
	n, err := strconv.Atoi(b.Operand())
	if err != nil {
		return b.Operand()
	}
	switch b.Operator {
	case flowlang.NumberGreaterThan:
		n++
	case flowlang.NumberLessThan:
		n--
	}
	return strconv.Itoa(n)
}
