package flow

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Log is an entry of the contact flow log, as Amazon Connect writes it to CloudWatch (admin guide, "Flow logs").
// Whoever writes it adds the contact, the flow's ARN and the time. Entries are given only with Options.Log, and where
// the flow has switched logging on. A message is logged when it begins, anything else when it ends.
type Log struct {
	Flow       *Flow
	Action     *flowlang.Action
	ModuleType string            // ContactFlowModuleType
	Parameters json.RawMessage   // an object or, of several attributes, a list
	Results    string            // "" where the entry has none
	External   map[string]string // ExternalResults: of a function that replied
}

func (Log) command() {}

// isLogged reports whether the flow log has an entry of an action that begins now.
func (c *Contact) isLogged(a *flowlang.Action) bool {
	return c.state.Logging || a.Has(flowlang.SwitchesLogs)
}

// beginLog keeps the parameters of an action as they are when it begins, until it is logged.
func (c *Contact) beginLog(f *frame, a *flowlang.Action) {
	if !c.state.Options.Log || !c.isLogged(a) {
		return
	}
	rested := c.state.Rested
	c.state.Rested = slices.Clone(rested)               // the course does not depend on what is only logged
	f.Work.Log, _ = json.Marshal(c.logParameters(f, a)) // plain data always encodes
	c.state.Rested = rested
}

// log writes the entry of an action, once.
func (c *Contact) log(f *frame, a *flowlang.Action, o outcome) {
	if f.Work.Log == nil || a == nil {
		return
	}
	entry := Log{Flow: f.flow, Action: a, ModuleType: moduleType(a), Parameters: f.Work.Log, Results: logResult(a, o)}
	if a.Has(flowlang.FillsReply) && o.kind == succeededOutcome {
		entry.External = c.scope(f).Data["ResultData"] // which $.External is another name of
	}
	f.Work.Log = nil
	if guide := c.state.Options.Guide; guide != nil {
		guide.Logs(entry)
	}
	c.emit(entry)
}

// logLeft writes the entries of actions that end because the contact moves or ends.
func (c *Contact) logLeft() {
	for _, f := range c.state.Frames {
		c.log(f, f.current(), moved)
	}
}

// moduleType is the name of an action in flow logs, which are the block types of the older export format (third party;
// of a type without a known one, its own).
func moduleType(a *flowlang.Action) string {
	if a.Kind == nil {
		return a.Type
	}
	return a.Kind.Logged
}

// logResult is the text under Results (texts from flow logs; third party).
func logResult(a *flowlang.Action, o outcome) string {
	switch {
	case o.kind == failedOutcome && a.Type == flowlang.InvokeLambdaFunction:
		return "The Lambda Function Returned An Error."
	case o.kind == failedOutcome && o.value == flowlang.InputTimeLimitExceeded:
		return "Timeout"
	case o.kind == failedOutcome:
		return o.cause
	case loopsLogged[o.value] != "":
		return loopsLogged[o.value]
	}
	return o.value
}

// loopsLogged are the results of loops, and what the log has for them.
var loopsLogged = map[string]string{flowlang.ContinueLooping: "NotDone", flowlang.DoneLooping: "Done"}

// LoopResult is the result of a loop for what the log has of it.
func LoopResult(logged string) string {
	for result, text := range loopsLogged {
		if text == logged {
			return result
		}
	}
	return logged
}

// logParameters are the parameters in the words of flow logs.
func (c *Contact) logParameters(f *frame, a *flowlang.Action) any {
	switch a.Type {
	case flowlang.MessageParticipant, flowlang.GetParticipantInput, flowlang.ConnectParticipantWithLexBot:
		return c.logPrompt(f, a)
	case flowlang.InvokeLambdaFunction:
		return c.logFunction(f, a)
	case flowlang.UpdateContactAttributes:
		return c.logAttributes(f, a, a.Param("Attributes"), (*source.Node).Scalar)
	case flowlang.UpdateFlowAttributes:
		return c.logAttributes(f, a, a.Param("FlowAttributes"), flowAttribute)
	case flowlang.Compare:
		return c.logCompare(f, a)
	case flowlang.UpdateContactTargetQueue:
		return map[string]any{"Queue": c.destination(f, a)}
	case flowlang.UpdateContactEventHooks:
		return c.logHook(f, a)
	}
	if resolved := c.resolveTree(f, a.Parameters); resolved.Is(source.Object) {
		return resolved.Value()
	}
	return map[string]any{}
}

func (c *Contact) logPrompt(f *frame, a *flowlang.Action) map[string]any {
	entry := map[string]any{}
	say, _ := c.message(f, a, a.Parameters)
	switch {
	case say.Text != "":
		entry["Text"], entry["TextToSpeechType"] = say.Text, "text"
	case say.SSML != "":
		entry["Text"], entry["TextToSpeechType"] = say.SSML, "ssml"
	case say.Media != "":
		entry["PromptSource"], entry["PromptLocation"] = "S3", say.Media
	case say.PromptID != "":
		entry["PromptSource"], entry["PromptLocation"] = "Prompt", say.PromptID
	}
	if limit := a.Text("InputTimeLimitSeconds"); limit != "" {
		entry["Timeout"] = limit
	}
	if most := maximumLength(a); a.Is("StoreInput") && most > 0 {
		entry["MaxDigits"] = itoa(most)
	}
	return entry
}

func (c *Contact) logFunction(f *frame, a *flowlang.Action) map[string]any {
	form := a.Param("ResponseValidation").Get("ResponseType").Scalar()
	if form == "" {
		form = c.state.Assumptions.AbsentValidation.responseType()
	}
	entry := map[string]any{
		"FunctionArn":        c.value(f, a, "LambdaFunctionARN"),
		"ResponseValidation": "ResponseType=" + form,
	}
	if seconds, ok := atoi(a.Text("InvocationTimeLimitSeconds")); ok {
		entry["TimeLimit"] = itoa(seconds * 1000) // milliseconds in logs
	}
	if parameters := a.Param("LambdaInvocationAttributes"); parameters.Is(source.Object) {
		entry["Parameters"] = c.resolveTree(f, parameters).Value()
	}
	return entry
}

// logAttributes lists what is set: one object for one attribute, else a list.
func (c *Contact) logAttributes(f *frame, a *flowlang.Action, node *source.Node, text func(*source.Node) string) any {
	var list []map[string]any
	if node.Is(source.Object) {
		for _, m := range node.Members {
			value, _ := c.resolve(f, text(m.Value))
			entry := map[string]any{"Key": m.Key, "Value": value}
			if a.Type == flowlang.UpdateContactAttributes {
				entry["AddAttributeToRelatedContact"] = strconv.FormatBool(a.Text("TargetContact") == "Related")
			}
			list = append(list, entry)
		}
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// logCompare shows the condition that decides, or the last one.
func (c *Contact) logCompare(f *frame, a *flowlang.Action) map[string]any {
	o := runCompare(c, f, a)
	entry := map[string]any{"Value": o.value}
	for _, condition := range a.Branches {
		if condition.Kind != flowlang.Condition {
			continue
		}
		method := strings.TrimPrefix(strings.TrimPrefix(condition.Operator, "Text"), "Number")
		if method == "GreaterOrEqualTo" || method == "LessOrEqualTo" {
			method = strings.Replace(method, "Or", "ThanOr", 1)
		}
		entry["ComparisonMethod"] = method
		if len(condition.Operands) > 0 {
			entry["SecondValue"] = condition.Operand()
		}
		if c.holds(f, condition, o) {
			break
		}
	}
	return entry
}

func (c *Contact) logHook(f *frame, a *flowlang.Action) map[string]any {
	entry := map[string]any{}
	if hooks := a.Param("EventHooks"); hooks.Is(source.Object) {
		for _, m := range hooks.Members {
			target, _ := c.resolve(f, m.Value.Scalar())
			entry["Type"], entry["ContactFlowId"] = m.Key, target
		}
	}
	return entry
}
