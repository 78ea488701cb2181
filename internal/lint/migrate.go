package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of what Migrate finds. They are no rules: they say what changes for a flow, not that something is wrong.
const (
	CodeMigrateDataName    = "migrate-data-name"
	CodeMigrateStartAgain  = "migrate-start-again"
	CodeMigrateOwnKey      = "migrate-own-key"
	CodeMigrateErrorBranch = "migrate-error-branch"
)

// Migrate says what changes for a flow that was written for the original system when it calls the async function: data
// whose name is a parameter now, starts that can be reached again, keys of the function that the reply overrules, and
// error branches that faults no longer take.
func Migrate(f *Flow) []Finding {
	m := &migration{flow: f}
	calls := f.wrapperCalls()
	for _, a := range calls {
		m.dataNames(a)
		m.errorBranch(a)
		if a.Input(async.ParamExecutionID) == nil {
			m.startAgain(a, calls)
		}
	}
	m.ownKeys()
	return m.found
}

// migration collects what Migrate finds.
type migration struct {
	flow  *Flow
	found []Finding
}

// report adds a finding as a rule with this code would.
func (m *migration) report(a *flowlang.Action, n *source.Node, code, remedy, format string, args ...any) {
	p := &Pass{Setup: &Setup{Flow: m.flow}, rule: &Rule{ID: code, Severity: source.Warning, Remedy: remedy}}
	p.on(a, n, format, args...)
	m.found = append(m.found, p.found...)
}

// wrapperCalls are the calls of the function that is checked with an execution_id, whatever else they send.
func (f *Flow) wrapperCalls() []*flowlang.Action {
	checked := map[string]bool{}
	for _, a := range f.invocations() {
		if a.Input(async.ParamExecutionID) != nil {
			checked[a.Text("LambdaFunctionARN")] = true
		}
	}
	return slices.DeleteFunc(f.invocations(), func(a *flowlang.Action) bool {
		return !checked[a.Text("LambdaFunctionARN")]
	})
}

// dataNames reports data that the async function takes for parameters of its own.
func (m *migration) dataNames(a *flowlang.Action) {
	for _, input := range a.Param("LambdaInvocationAttributes").Entries() {
		if async.IsParameter(input.Key) && !async.IsOriginalParameter(input.Key) {
			m.report(a, input.Value, CodeMigrateDataName,
				"Rename it, or deploy with parameters: prefixed, which makes it data of the function again.",
				"%q was data of the function and is a parameter of the async function now", input.Key)
		}
	}
}

// startAgain reports a start after which the contact can come to one of the calls that is a start with the same data.
func (m *migration) startAgain(start *flowlang.Action, calls []*flowlang.Action) {
	reached := m.flow.Walk(start.After(), nil)
	for _, a := range calls {
		same := a.Input(async.ParamExecutionID) == nil && inputsOf(a) == inputsOf(start)
		if same && slices.Contains(reached, a) {
			m.report(a, nil, CodeMigrateStartAgain, "For a new result, send again: $.External."+async.KeyAgain+
				" of the reply that told the end; for a second try of the same start, nothing has to change.",
				"it can be reached after %q with the same data, which started a second execution and now finds "+
					"the first", start.Identifier)
			return
		}
	}
}

// inputsOf is the data of a call as text. The contact's attributes that it refers to may differ from call to call.
func inputsOf(a *flowlang.Action) string {
	var inputs []string
	for _, input := range a.Param("LambdaInvocationAttributes").Entries() {
		if !async.IsOriginalParameter(input.Key) {
			inputs = append(inputs, fmt.Sprintf("%q=%q", input.Key, input.Value.Scalar()))
		}
	}
	slices.Sort(inputs)
	return strings.Join(inputs, " ")
}

// errorBranch reports an error branch that leads elsewhere than success. A fault of a service was an error of the
// function and is a reply now.
func (m *migration) errorBranch(a *flowlang.Action) {
	success, failed := a.Success(), a.Failed(flowlang.NoMatchingError)
	if success == nil || failed == nil || failed.To == nil || success.To == failed.To {
		return
	}
	m.report(a, failed.Target, CodeMigrateErrorBranch, "Compare $.External."+async.KeyResult+" with "+
		async.ResultFailure+" after it, and lead it where the error branch leads.",
		"faults of Step Functions, wrong parameters and a missing configuration took the error branch to %q and are "+
			"replies now", failed.To.Identifier)
}

// answered are the words that the reply itself has under a key that a function may have returned as well.
var answered = []struct {
	key   string
	words []string
}{
	{key: async.KeyStatus, words: []string{async.StatusCreated, async.StatusRunning, async.StatusFinished,
		async.StatusLoopDone, async.StatusFailed}},
	{key: async.KeyResult, words: []string{async.ResultSuccess, async.ResultFailure}},
}

// ownKeys reports comparisons of the protocol's keys with words that only the wrapped function can have returned.
func (m *migration) ownKeys() {
	for _, a := range m.flow.Reached(m.flow.OfType(flowlang.Compare)) {
		for _, k := range answered {
			if compares(a, k.key) {
				m.ownWords(a, k.key, k.words)
			}
		}
	}
}

func (m *migration) ownWords(a *flowlang.Action, key string, words []string) {
	for _, b := range a.Branches {
		word := b.Operand()
		if b.Kind != flowlang.Condition || len(b.Operands) == 0 || slices.Contains(words, word) ||
			flowlang.FilledIn(word) {
			continue
		}
		m.report(a, b.Operands[0], CodeMigrateOwnKey, "Return it under another key, or send sfn_keys: prefixed, which "+
			"leaves the function's own status alone; a key that begins with sfn_ is always overruled.",
			"%s is never %q in a reply: the function's own %s no longer overrules the protocol's", key, word, key)
	}
}
