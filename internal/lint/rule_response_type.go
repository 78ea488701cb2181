package lint

import (
	"cmp"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleResponseType = Rule{
	ID: "response-type", Group: GroupProtocol, Severity: source.Warning, Needs: NeedsFlow,
	Summary: "What the check returns does not match what the block accepts.",
	Why: "A number, null or nested value in the result makes Connect take the error branch at every check, " +
		"although the work is done; with STRING_MAP, nested results cannot be read at all.",
	Remedy: `For STRING_MAP pass "response_type": "STRING_MAP" to the check, and read nested values by their flat ` +
		`names; or use ResponseType JSON.`,
	Evidence: "Admin guide, Lambda functions: STRING_MAP is a flat object of strings; an absent ResponseValidation " +
		"counts as STRING_MAP (inferred).",
	Check: func(p *Pass) {
		for _, a := range p.Flow.protocol.checks {
			accepted := a.Param("ResponseValidation").Get("ResponseType")
			n := input(a, async.ParamResponseType)
			switch {
			case isInputFilledIn(a, async.ParamResponseType), flowlang.FilledIn(accepted.Str()),
				flowlang.FilledIn(a.Text("ResponseValidation")):
			case accepted.Scalar() == flowlang.JSON && strings.EqualFold(n.Scalar(), flowlang.StringMap):
			case accepted.Scalar() != flowlang.JSON && n.Scalar() != flowlang.StringMap && !ignoresReply(a, p.Flow):
				p.on(a, cmp.Or(accepted, a.ParametersOrSelf()),
					"the block accepts only strings (STRING_MAP), but the check may return other values")
			case accepted.Scalar() != flowlang.JSON:
				p.nestedReads(a)
			}
		}
	},
}

// ignoresReply reports whether nothing reads the reply of a check that may be asynchronous: it then only says when to
// look.
func ignoresReply(a *flowlang.Action, f *Flow) bool {
	return (isAsynchronous(a) || isModeFilledIn(a)) && !f.has(loadsResult)
}

func loadsResult(a *flowlang.Action) bool { return a.Type == flowlang.LoadLambdaFunctionResult }

// nestedReads reports nested keys that are read after a check that returns a flat map.
func (p *Pass) nestedReads(check *flowlang.Action) {
	for _, a := range p.Flow.untilReply(check.After()...) {
		a.Parameters.EachText(func(n *source.Node) {
			for _, path := range flowlang.References(n.Text) {
				if path[0] == "External" && len(path) > 2 {
					p.on(a, n, "$.%s is nested, but %q returns a flat map of strings",
						strings.Join(path, "."), check.Identifier)
				}
			}
		})
	}
}
