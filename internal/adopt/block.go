package adopt

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings that say why a block cannot be adopted.
const (
	CodeNoBlock      = "adopt-no-block"       // the flow has no synchronous Lambda block
	CodeSeveral      = "adopt-several-blocks" // nothing says which block is meant
	CodeUnknown      = "adopt-unknown-action" // no block has this name
	CodeOtherType    = "adopt-not-a-function" // the action does not invoke a function
	CodeAsynchronous = "adopt-asynchronous"   // the block does not wait for its function
	CodeUnconnected  = "adopt-unconnected"    // a branch leads nowhere
	CodeParameter    = "adopt-parameter-name" // a parameter means something to the async function
	CodeFilledIn     = "adopt-filled-in"      // only the deployment knows what the block does
	CodeTooLarge     = "adopt-too-large"      // the flow would be larger than Connect allows
	CodeType         = "adopt-unknown-type"   // nothing says the flow's type, and it may be another one
	CodeReply        = "adopt-unclear-reply"  // with a module, what reads the reply could not be told apart
)

// Block finds the Lambda block that a name means: an identifier, or what the console shows, which is the name of the
// function where the block has no name of its own. Without a name it is the only one. The error is a source.Finding.
func Block(f *flowlang.Flow, name string) (*flowlang.Action, error) {
	if name == "" {
		return onlyBlock(f)
	}
	a := f.Action(name)
	if a == nil {
		shown := slices.DeleteFunc(slices.Clone(f.OfType(flowlang.InvokeLambdaFunction)),
			func(a *flowlang.Action) bool { return !strings.EqualFold(Shown(f, a), name) })
		switch len(shown) {
		case 0:
			return nil, problem(f, nil, CodeUnknown, fmt.Sprintf("no action is called %q", name), listed(f))
		case 1:
			a = shown[0]
		default:
			return nil, problem(f, shown[1].Node, CodeSeveral,
				fmt.Sprintf("%d Lambda blocks are called %q", len(shown), name), listed(f))
		}
	}
	return a, adoptable(f, a)
}

func onlyBlock(f *flowlang.Flow) (*flowlang.Action, error) {
	blocks := candidates(f)
	switch {
	case len(blocks) == 1:
		return blocks[0], adoptable(f, blocks[0])
	case len(blocks) > 1:
		return nil, problem(f, blocks[1].Node, CodeSeveral,
			fmt.Sprintf("the flow has %d Lambda blocks", len(blocks)), listed(f))
	case len(f.OfType(flowlang.InvokeLambdaFunction)) > 0:
		a := f.OfType(flowlang.InvokeLambdaFunction)[0]
		return nil, adoptable(f, a)
	}
	return nil, problem(f, nil, CodeNoBlock, "the flow has no Lambda block",
		"Name a flow with a block that invokes a Lambda function in synchronous mode.")
}

// candidates are the blocks of a flow that wait for a function of the user.
func candidates(f *flowlang.Flow) []*flowlang.Action {
	return slices.DeleteFunc(slices.Clone(f.OfType(flowlang.InvokeLambdaFunction)),
		func(a *flowlang.Action) bool { return a.Has(flowlang.Asynchronous) || checkParameters(f, a) != nil })
}

// Shown is what the console shows of a Lambda block: its own name, or that of its function where its identifier is one
// that the console made up.
func Shown(f *flowlang.Flow, a *flowlang.Action) string {
	entry := f.Doc.Get("Metadata").Get("ActionMetadata").Get(a.Identifier)
	if name := entry.Get("parameters").Get("LambdaFunctionARN").Get("displayName").Str(); name != "" {
		return name
	}
	if name, ok := arn.FunctionName(a.Text("LambdaFunctionARN")); ok {
		return name
	}
	return a.Text("LambdaFunctionARN")
}

// listed names the blocks that can be adopted, as a remedy.
func listed(f *flowlang.Flow) string {
	var names []string
	for _, a := range candidates(f) {
		names = append(names, fmt.Sprintf("%q (%s, line %d)", a.Identifier, Shown(f, a), a.Node.Pos.Line))
	}
	if len(names) == 0 {
		return "The flow has no Lambda block in synchronous mode."
	}
	return "Pass --action with one of " + strings.Join(names, ", ") + "."
}

// adoptable says why a block cannot be adopted.
func adoptable(f *flowlang.Flow, a *flowlang.Action) error {
	switch {
	case a.Type != flowlang.InvokeLambdaFunction:
		return problem(f, a.Node, CodeOtherType,
			fmt.Sprintf("%q is of the type %s and invokes no function", a.Identifier, a.Type), listed(f))
	case flowlang.FilledIn(a.Text("InvocationType")) || flowlang.FilledIn(a.Text("LambdaInvocationAttributes")) ||
		flowlang.HasKeyFilledIn(a.Param("LambdaInvocationAttributes")) || f.LeadsAnywhere(a):
		return problem(f, a.Node, CodeFilledIn,
			fmt.Sprintf("only the deployment knows what %q does or where it leads", a.Identifier),
			"Adopt the flow that was deployed: read it with aws connect describe-contact-flow.")
	case a.Has(flowlang.Asynchronous):
		return problem(f, a.Param("InvocationType"), CodeAsynchronous,
			fmt.Sprintf("%q invokes its function in Connect's own asynchronous mode", a.Identifier),
			fmt.Sprintf("That mode serves functions of up to %d s. For longer ones set the block to synchronous, "+
				"remove the Wait and Load blocks that belong to it, and adopt it then.",
				flowlang.MaxAsynchronousSeconds))
	}
	for _, b := range []*flowlang.Branch{a.Success(), a.Failed(flowlang.NoMatchingError)} {
		if b == nil || b.To == nil {
			return problem(f, a.Node, CodeUnconnected,
				fmt.Sprintf("the success or the error branch of %q leads nowhere", a.Identifier),
				"Connect both branches of the block in the designer, and export the flow again.")
		}
	}
	return checkParameters(f, a)
}

// checkParameters refuses parameters that the async function would take for its own under every setting.
func checkParameters(f *flowlang.Flow, a *flowlang.Action) error {
	for _, m := range a.Param("LambdaInvocationAttributes").Entries() {
		isOwn := async.IsOriginalParameter(m.Key) || m.Key == async.LongName(m.Key) && async.IsParameter(m.Key)
		if isOwn {
			return problem(f, &source.Node{Pos: m.Pos}, CodeParameter,
				fmt.Sprintf("the parameter %s of %q is one of the async function", m.Key, a.Identifier),
				"If the block calls the async function already, there is nothing to adopt. Otherwise give the "+
					"parameter another name, in the block and in your function.")
		}
	}
	for _, other := range f.OfType(flowlang.InvokeLambdaFunction) {
		if other.Input(async.ParamExecutionID) != nil &&
			other.Text("LambdaFunctionARN") == a.Text("LambdaFunctionARN") {
			return problem(f, a.Node, CodeParameter,
				fmt.Sprintf("%q starts what %q checks", a.Identifier, other.Identifier),
				"These blocks wait already: `connect-async lint --migrate` says what changes for them.")
		}
	}
	return nil
}

func problem(f *flowlang.Flow, at *source.Node, code, message, remedy string) error {
	return source.Finding{Code: code, Severity: source.Error, File: f.File, Pos: at.Place(), Message: message,
		Remedy: remedy}
}
