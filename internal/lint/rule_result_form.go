package lint

import (
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleResultForm = Rule{
	ID: "result-not-deliverable", Group: GroupMachine, Severity: source.Warning, Needs: NeedsMachine,
	Summary: "The execution ends with a result that a flow cannot use.",
	Why: "Connect accepts at most " + replySize + " and cannot refer to lists. The answer is hidden in Lambda's " +
		"envelope, in the whole event or in a list of branches, and the check may return only ResultNotDeliverable.",
	Remedy: `End with the function's own reply: "OutputPath": "$.Payload", or a ResultSelector that selects what ` +
		`the flow needs.`,
	Evidence: "Admin guide, Lambda functions: " + replySize + ", no arrays; Step Functions developer guide: " +
		"lambda:invoke returns an envelope.",
	Check: func(p *Pass) {
		for _, s := range p.Machine.States {
			if !s.end || s.shapes() {
				continue
			}
			_, isLambda := s.lambda()
			switch path := s.node.Get("ResultPath"); {
			case s.Type == "Parallel" || s.Type == "Map":
				p.onState(s, s.node.Get("Type"), "the execution's result is a list, which a flow cannot refer to")
			case flowlang.FilledIn(path.Str()):
			case path.Is(source.String) && path.Text != "$" && s.Type == "Task":
				p.onState(s, path, "the execution's result includes its whole input, the contact's event")
			case isLambda && s.node.Get("Resource").Str() == invokeResource:
				p.onState(s, s.node.Get("Type"),
					"the execution's result is Lambda's envelope, not the function's reply")
			}
		}
	},
}

// shapes reports whether a state chooses what it passes on.
func (s *State) shapes() bool {
	for _, key := range []string{"OutputPath", "ResultSelector", "Output"} {
		if s.node.Get(key) != nil {
			return true
		}
	}
	return false
}
