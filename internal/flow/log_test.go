package flow_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestLog compares the entries of the flow log with entries of real logs.
func TestLog(t *testing.T) {
	module := build(t, flowlang.Module, `m UpdateContactAttributes {"Attributes":{"in":"module"}} >r
		r EndFlowModuleExecution {"Result":"fine"}`)
	d := scenario{
		options: flow.Options{Log: true, Flows: map[string]*flow.Flow{"mod": module}},
		replies: []reply{
			{takes: time.Second, payload: `{"status":"RUNNING"}`},
			{takes: time.Second, error: "ValueError"},
		},
		inputs: []flow.Input{after(time.Second, "1", "")},
		flow: `
			quiet UpdateContactAttributes {"Attributes":{"not":"logged"}} >on
			on UpdateFlowLoggingBehavior {"FlowLoggingBehavior":"Enabled"} >hi
			hi MessageParticipant {"Text":"hello $.Attributes.not"} >menu
			menu GetParticipantInput {"Text":"Press 1","InputTimeLimitSeconds":"8","StoreInput":"False"}
				>call 1=call !NoMatchingCondition=call !NoMatchingError=call !InputTimeLimitExceeded=call
			call InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"3",
				"LambdaInvocationAttributes":{"mode":"start"}} >set
			set UpdateContactAttributes {"Attributes":{"LambdaPriority":"standard"}} >done?
			done? Compare {"ComparisonValue":"$.External.status"}
				>again SUCCESS=again TextStartsWith:RUN=loop !NoMatchingCondition=again
			loop Loop {"LoopCount":"3"} >again ContinueLooping=again DoneLooping=again
			again InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"3"}
				>mod !NoMatchingError=mod
			mod InvokeFlowModule {"FlowModuleId":"mod"} >bye` + bye,
	}.play(t)
	want := `on SetLoggingBehavior {"FlowLoggingBehavior":"Enabled"}
hi PlayPrompt {"Text":"hello logged","TextToSpeechType":"text"}
menu GetUserInput {"Text":"Press 1","TextToSpeechType":"text","Timeout":"8"} =1
call InvokeExternalResource {"FunctionArn":"arn:f","Parameters":{"mode":"start"},` +
		`"ResponseValidation":"ResponseType=STRING_MAP","TimeLimit":"3000"} {"status":"RUNNING"}
set SetAttributes {"AddAttributeToRelatedContact":"false","Key":"LambdaPriority","Value":"standard"}
done? CheckAttribute {"ComparisonMethod":"StartsWith","SecondValue":"RUN","Value":"RUNNING"} =RUNNING
loop Loop {"LoopCount":"3"} =NotDone
again InvokeExternalResource {"FunctionArn":"arn:f",` +
		`"ResponseValidation":"ResponseType=STRING_MAP","TimeLimit":"3000"} =The Lambda Function Returned An Error.
mod InvokeFlowModule {"FlowModuleId":"mod"}
m SetAttributes {"AddAttributeToRelatedContact":"false","Key":"in","Value":"module"}
r ReturnFromFlowModule {"Result":"fine"}
bye Disconnect {}
`
	if diff := cmp.Diff(want, logged(d)); diff != "" {
		t.Error(diff)
	}
}

func logged(d *driver) string {
	var b strings.Builder
	for _, c := range d.commands {
		entry, ok := c.command.(flow.Log)
		if !ok {
			continue
		}
		fmt.Fprintf(&b, "%s %s %s", entry.Action.Identifier, entry.ModuleType, entry.Parameters)
		if entry.External != nil {
			text, _ := json.Marshal(entry.External)
			fmt.Fprintf(&b, " %s", text)
		}
		if entry.Results != "" {
			b.WriteString(" =" + entry.Results)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
