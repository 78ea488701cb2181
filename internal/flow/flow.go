package flow

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Type is the type of a flow, as in the API's enumeration, or Module.
type Type string

// The types of a flow (API reference, CreateContactFlow) and the module, which is a resource of its own.
const (
	ContactFlow     Type = "CONTACT_FLOW" // inbound
	CustomerQueue   Type = "CUSTOMER_QUEUE"
	CustomerHold    Type = "CUSTOMER_HOLD"
	CustomerWhisper Type = "CUSTOMER_WHISPER"
	AgentHold       Type = "AGENT_HOLD"
	AgentWhisper    Type = "AGENT_WHISPER"
	OutboundWhisper Type = "OUTBOUND_WHISPER"
	AgentTransfer   Type = "AGENT_TRANSFER"
	QueueTransfer   Type = "QUEUE_TRANSFER"
	Campaign        Type = "CAMPAIGN"
	Module          Type = "MODULE"
)

// Flow is a contact flow or module. It is never written to after Parse.
type Flow struct {
	File    string // as given to Parse
	Name    string // Metadata.name, else the name in the CLI's answer, else ""
	Type    Type   // from Metadata.type or Settings; inbound when the document does not say
	Start   string // identifier of the first action
	Actions []*Action

	index map[string]*Action
}

// Action is one action of a flow (a block in the console).
type Action struct {
	Identifier string
	Type       string
	Parameters *source.Node // nil when there are none
	Next       string       // NextAction, "" when there is none
	Conditions []Condition
	Errors     []ErrorBranch
	Pos        source.Pos

	kind    *kind
	nextPos source.Pos // of NextAction
}

// Condition is a branch that is taken when the action's result compares as it says.
type Condition struct {
	Operator string
	Operands []string
	Next     string
	Pos      source.Pos
}

// ErrorBranch is a branch that is taken for an error, or for NoMatchingCondition.
type ErrorBranch struct {
	Type string
	Next string
	Pos  source.Pos
}

// Branch is one way out of an action: NextAction, the text of a condition, or an error type.
type Branch struct {
	Name string
	Next string
	Pos  source.Pos
}

// NextAction is the name of the branch that an action takes when it neither failed nor has a result to compare.
const NextAction = "NextAction"

// Action returns the action with an identifier, nil when there is none.
func (f *Flow) Action(identifier string) *Action { return f.index[identifier] }

// WithType returns the same flow as a flow of another type, for documents that do not say their type. Actions are shared.
func (f *Flow) WithType(t Type) *Flow {
	copied := *f
	copied.Type = t
	return &copied
}

// Name returns the condition's name as a branch: the operand of an Equals, else operator and operand.
func (c Condition) Name() string {
	if c.Operator == "Equals" {
		return strings.Join(c.Operands, " ")
	}
	return strings.TrimSpace(c.Operator + " " + strings.Join(c.Operands, " "))
}

// Branches returns the ways out of the action that a contact can take. Conditions are left out where the action has no result,
// NextAction where it is a copy that is never taken: beside NoMatchingCondition or a complete set of conditions, and on
// actions that leave the flow when they succeed.
func (a *Action) Branches() []Branch {
	var list []Branch
	for _, c := range a.Conditions {
		if a.hasResult() {
			list = append(list, Branch{Name: c.Name(), Next: c.Next, Pos: c.Pos})
		}
	}
	for _, e := range a.Errors {
		if a.hasResult() || e.Type != NoMatchingCondition {
			list = append(list, Branch{Name: e.Type, Next: e.Next, Pos: e.Pos})
		}
	}
	if a.Next != "" && !a.decides() {
		list = append(list, Branch{Name: NextAction, Next: a.Next, Pos: a.nextPos})
	}
	return list
}

// hasResult reports whether the action has a result that conditions compare. Of an unknown type, the scenario may give one.
func (a *Action) hasResult() bool {
	return a.kind == nil || a.kind.conditions && !storing(a)
}

// decides reports whether every result of the action has a branch of its own, or none comes back to the flow.
func (a *Action) decides() bool {
	switch {
	case a.kind == nil:
		return false
	case a.kind.terminal, a.leaves(), a.hasResult() && a.hasError(NoMatchingCondition):
		return true
	case len(a.kind.results) == 0:
		return false
	}
	for _, result := range a.kind.results {
		if !slices.ContainsFunc(a.Conditions, func(c Condition) bool { return c.Name() == result }) {
			return false
		}
	}
	return true
}

// leaves reports whether the contact leaves the flow when the action succeeds.
func (a *Action) leaves() bool {
	return a.kind.leaves && !strings.EqualFold(a.parameter("ContinueFlowExecution"), "true")
}

func (a *Action) hasError(errorType string) bool {
	return slices.ContainsFunc(a.Errors, func(e ErrorBranch) bool { return e.Type == errorType })
}

// parameter returns a parameter as text; numbers and booleans are taken as they are written, anything else is "".
func (a *Action) parameter(name string) string { return scalar(a.Parameters.Get(name)) }

func scalar(n *source.Node) string {
	if n == nil || n.Kind == source.Object || n.Kind == source.Array {
		return ""
	}
	return n.Text
}

// Ref is a Lambda function that a flow names, and where.
type Ref struct {
	ARN    string
	Action string
	Pos    source.Pos
}

// FunctionARNs returns the Lambda functions that the flow names statically, in the document's order.
func (f *Flow) FunctionARNs() []Ref {
	var refs []Ref
	for _, a := range f.Actions {
		node := a.Parameters.Get("LambdaFunctionARN")
		if a.Type == "InvokeLambdaFunction" && node.Str() != "" && !isReference(node.Str()) {
			refs = append(refs, Ref{ARN: node.Str(), Action: a.Identifier, Pos: node.Pos})
		}
	}
	return refs
}
