package flowlang

import (
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// branchChecks are about the branches, under Transitions.
var branchChecks = []Check{
	{
		Code: "dangling-branch", Severity: source.Error,
		Summary: "A branch leads to an action that does not exist.",
		Why:     "Connect refuses the flow.",
		Remedy:  "Write the Identifier of an action of this flow, or add the missing action.",
		Evidence: `Observed at the service: "Invalid Action property value. Path: ` +
			`Actions[5].Transitions.Errors[0].NextAction".`,
		run: func(c *checking) {
			for _, a := range c.Actions {
				for _, b := range a.Branches {
					if b.Target.Str() != "" && b.To == nil && !c.Unknown(b.Target) {
						c.on(a, b.Target, "the branch %s leads to %q, which does not exist", b.Name, b.Target.Text)
					}
				}
			}
		},
	},
	{
		Code: "next-action", Severity: source.Error, Playable: true,
		Summary: "An action that continues the flow has no NextAction.",
		Why: "Connect refuses the flow: every action except those that end the flow needs one, even where " +
			"conditions decide.",
		Remedy: "Add NextAction. Where conditions decide, the console repeats the target of NoMatchingCondition " +
			"there; for Loop, that of DoneLooping.",
		Evidence: `Observed at the service: "Action is missing required property"; exports: 32 of 32 Loop, 109 of ` +
			`110 Compare.`,
		run: known(checkNextAction),
	},
	{
		Code: "missing-error", Severity: source.Error, Playable: true,
		Summary: "An error branch that Connect requires is missing.",
		Why: "Connect refuses the flow. LoadLambdaFunctionResult needs InProgress; a menu needs " +
			"InputTimeLimitExceeded, NoMatchingCondition and NoMatchingError.",
		Remedy: "Add the branch to Errors, and connect it to something that helps the caller.",
		Evidence: `Observed at the service: "Action is missing required error. Error: NoMatchingError"; InProgress: ` +
			`console export.`,
		run: known(func(c *checking, a *Action) {
			for _, name := range a.Kind.RequiredErrors {
				if a.Error(name) == nil && !a.HasFilledIn(Failure) {
					c.on(a, a.BranchList("Errors"), "the required error branch %s is missing", name)
				}
			}
		}),
	},
	{
		Code: "impossible-error", Severity: source.Error, Playable: true,
		Summary: "An error branch is given twice, or the action can never take it.",
		Why: "Connect refuses the flow. The documentation lists some of these branches, such as " +
			"InputTimeLimitExceeded for stored input.",
		Remedy:   "Remove the branch.",
		Evidence: `Observed at the service: "Invalid Action error. Error: NoMatchingCondition, Path: Actions[0]".`,
		run:      known(checkPossibleErrors),
	},
	{
		Code: "conditions-not-allowed", Severity: source.Error, Playable: true,
		Summary:  "An action has conditions although it has no result.",
		Why:      "Connect refuses the flow. A Lambda function's reply, for example, is compared in a separate action.",
		Remedy:   "Remove the conditions, and compare in a Compare action after this one.",
		Evidence: `Observed at the service: "Action does not support conditions".`,
		run: known(func(c *checking, a *Action) {
			conditions := a.Node.Get("Transitions").Get("Conditions")
			if !a.Kind.HasResult && !a.Kind.Terminal && len(conditions.Elements()) > 0 {
				c.on(a, conditions, "this action has no result, so it cannot have conditions")
			}
		}),
	},
	{
		Code: "missing-condition", Severity: source.Error, Playable: true,
		Summary: "A result that needs a branch has none.",
		Why: "Connect refuses the flow: Loop needs ContinueLooping and DoneLooping, CheckHoursOfOperation needs " +
			"True and False, Wait needs WaitCompleted and one branch per event.",
		Remedy:   "Add the condition.",
		Evidence: "Developer guide, pages of the actions; Continue of Wait: observed at the service.",
		run: known(func(c *checking, a *Action) {
			for _, result := range a.Kind.RequiredResults {
				if result != "" && a.Result(result) == nil && !a.HasFilledIn(Condition) {
					c.on(a, a.BranchList("Conditions"), "there is no branch for the result %s", result)
				}
			}
		}),
	},
	{
		Code: "condition-operator", Severity: source.Error, Playable: true,
		Summary: "A condition has an operator that does not exist, or that this action does not have.",
		Why: "Connect refuses the flow. It also refuses the compound and nested conditions that the " +
			"documentation describes.",
		Remedy:   "Use an operator that this action has; write several conditions instead of And, Or and Not.",
		Evidence: "Developer guide, Compare; refusals and KeyExists: observed at the service.",
		run:      known(checkOperators),
	},
	{
		Code: "condition-operand", Severity: source.Error, Playable: true,
		Summary: "A condition has no operand, an empty one or several, or one that is not a result of the action.",
		Why:     "Connect refuses the flow, or the branch can never be taken.",
		Remedy: "Give exactly one operand that is not empty. Nothing can be compared with an empty value: let the " +
			"function return a word such as none.",
		Evidence: `Observed at the service: "Invalid branch. Path: 2.Evaluate"; results: Developer guide.`,
		run: func(c *checking) {
			for _, a := range c.Actions {
				for _, b := range a.Branches {
					if b.Kind == Condition {
						c.checkOperand(a, b)
					}
				}
			}
		},
	},
}

func checkNextAction(c *checking, a *Action) {
	n := a.Node.Get("Transitions").Get("NextAction")
	malformed := n != nil && n.Kind != source.Null && n.Kind != source.String
	if a.Kind.Terminal || a.Kind.OptionalNext || a.Success() != nil || malformed {
		return
	}
	problem := "there is no NextAction"
	if n.Is(source.String) {
		problem = "NextAction is empty: nothing is connected to it"
	}
	if f := c.on(a, a.TransitionsOrSelf(), "%s", problem); a.Kind.Leaves { // exports without it exist
		f.Severity = source.Warning
	}
}

func checkPossibleErrors(c *checking, a *Action) {
	if !a.Kind.knowsErrors() || a.Kind.Terminal {
		return
	}
	var seen []string
	for _, b := range a.Branches {
		if b.Kind != Failure || b.Name == "" {
			continue
		}
		switch n := b.Node.Get("ErrorType"); {
		case !slices.Contains(a.Kind.Errors, b.Name):
			f := c.on(a, n, "this action cannot take the error branch %s", b.Name)
			if a.Has(Invokes) && !isErrorType(b.Name) || a.Kind.MoreErrors { // names that are not known
				f.Severity = source.Warning
			}
			if len(a.Kind.Errors) > 0 {
				f.Remedy = "Remove the branch. This action can take: " + strings.Join(a.Kind.Errors, ", ") + "."
			}
			f.Right = nearName(b.Name, a.Kind.Errors)
		case slices.Contains(seen, b.Name):
			c.on(a, n, "the error branch %s is given twice", b.Name)
		}
		seen = append(seen, b.Name)
	}
}

// rightOperators are wrong names that people use, with the right ones.
var rightOperators = map[string]string{
	"Contains":                   TextContains,
	"EndsWith":                   TextEndsWith,
	"Exists":                     KeyExists,
	"GreaterThan":                NumberGreaterThan,
	"LessThan":                   NumberLessThan,
	"NumberEquals":               Equals,
	"NumberGreaterThanOrEqualTo": NumberGreaterOrEqualTo,
	"NumberLessThanOrEqualTo":    NumberLessOrEqualTo,
	"StartsWith":                 TextStartsWith,
}

// rightResults are the names of results in the export format from before 2022, with the ones of today.
var rightResults = map[string]string{
	"Complete": DoneLooping,
	"Looping":  ContinueLooping,
}

func checkOperators(c *checking, a *Action) {
	if !a.Kind.HasResult {
		return
	}
	operators := a.Kind.Operators
	if operators == nil {
		operators = []string{Equals}
	}
	if c.asksForReceipt(a) {
		operators = append(slices.Clone(operators), Exists)
	}
	for _, b := range a.Branches {
		if b.Kind != Condition || b.Operator == "" || slices.Contains(operators, b.Operator) {
			continue
		}
		f := c.on(a, b.Node.Get("Condition").Get("Operator"), "this action does not have the operator %q", b.Operator)
		f.Remedy = "Use one of: " + strings.Join(operators, ", ") + "."
		if right := rightOperators[b.Operator]; slices.Contains(operators, right) {
			f.Right, f.Remedy = right, "Write "+right+"."
		}
	}
}

// asksForReceipt reports whether an action may ask if something exists (Admin guide, campaigns by the API).
func (c *checking) asksForReceipt(a *Action) bool { return c.Type == Campaign && a.Type == Compare }

func (c *checking) checkOperand(a *Action, b *Branch) {
	operands := b.Node.Get("Condition").Get("Operands")
	switch {
	case !operands.Is(source.Array):
	case len(operands.Items) == 0 && b.Operator == Exists && c.asksForReceipt(a):
	case len(operands.Items) == 0:
		c.on(a, operands, "the condition has no operand")
	case len(operands.Items) > 1:
		c.on(a, operands.Items[1], "the condition has %d operands; Connect accepts one", len(operands.Items))
	case operands.Items[0].Kind == source.Object || operands.Items[0].Kind == source.Array:
		c.on(a, operands.Items[0], "conditions cannot be nested")
	case b.Operand() == "":
		c.on(a, operands.Items[0], "the operand is empty")
	case a.lacksResult(b.Operand()):
		f := c.on(a, operands.Items[0], "this action does not have the result %q", b.Operand())
		f.Remedy = "Results are: " + strings.Join(a.Kind.Results, ", ") + "."
		f.Right = rightResults[b.Operand()]
		if !slices.Contains(a.Kind.Results, f.Right) {
			f.Right = nearName(b.Operand(), a.Kind.Results)
		}
	}
}

// lacksResult reports whether an operand is none of the action's results.
func (a *Action) lacksResult(operand string) bool {
	if a.Kind == nil || len(a.Kind.Results) == 0 || IsReference(operand) {
		return false
	}
	return !slices.Contains(a.Kind.Results, operand)
}
