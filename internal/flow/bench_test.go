package flow_test

import (
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
)

// pollingFlow starts a function, then checks and plays a clip in a loop, as the poll style does.
const pollingFlow = `{"Version":"2019-10-30","StartAction":"start","Metadata":{"type":"contactFlow"},"Actions":[
	{"Identifier":"start","Type":"InvokeLambdaFunction",
		"Parameters":{
			"LambdaFunctionARN":"arn:aws:lambda:us-east-1:111122223333:function:async",
			"InvocationTimeLimitSeconds":"8",
			"LambdaInvocationAttributes":{"job":"balance","number":"$.CustomerEndpoint.Address"},
			"ResponseValidation":{"ResponseType":"STRING_MAP"}},
		"Transitions":{"NextAction":"keep","Errors":[{"NextAction":"sorry","ErrorType":"NoMatchingError"}]}},
	{"Identifier":"keep","Type":"UpdateFlowAttributes",
		"Parameters":{"FlowAttributes":{"execution":{"Value":"$.External.execution_id"}}},
		"Transitions":{"NextAction":"thanks","Errors":[{"NextAction":"sorry","ErrorType":"NoMatchingError"}]}},
	{"Identifier":"thanks","Type":"MessageParticipant",
		"Parameters":{"Text":"Thanks. I am looking up your balance."},
		"Transitions":{"NextAction":"check","Errors":[{"NextAction":"check","ErrorType":"NoMatchingError"}]}},
	{"Identifier":"check","Type":"InvokeLambdaFunction",
		"Parameters":{
			"LambdaFunctionARN":"arn:aws:lambda:us-east-1:111122223333:function:async",
			"InvocationTimeLimitSeconds":"8",
			"LambdaInvocationAttributes":{"execution_id":"$.FlowAttributes.execution"},
			"ResponseValidation":{"ResponseType":"STRING_MAP"}},
		"Transitions":{"NextAction":"done?","Errors":[{"NextAction":"sorry","ErrorType":"NoMatchingError"}]}},
	{"Identifier":"done?","Type":"Compare",
		"Parameters":{"ComparisonValue":"$.External.status"},
		"Transitions":{
			"NextAction":"more?",
			"Conditions":[
				{"NextAction":"result","Condition":{"Operator":"Equals","Operands":["SUCCESS"]}},
				{"NextAction":"sorry","Condition":{"Operator":"Equals","Operands":["FAILED"]}}],
			"Errors":[{"NextAction":"more?","ErrorType":"NoMatchingCondition"}]}},
	{"Identifier":"more?","Type":"Loop",
		"Parameters":{"LoopCount":"40"},
		"Transitions":{
			"NextAction":"sorry",
			"Conditions":[
				{"NextAction":"clip","Condition":{"Operator":"Equals","Operands":["ContinueLooping"]}},
				{"NextAction":"sorry","Condition":{"Operator":"Equals","Operands":["DoneLooping"]}}]}},
	{"Identifier":"clip","Type":"MessageParticipant",
		"Parameters":{"PromptId":"arn:aws:connect:us-east-1:111122223333:instance/i/prompt/music"},
		"Transitions":{"NextAction":"check","Errors":[{"NextAction":"check","ErrorType":"NoMatchingError"}]}},
	{"Identifier":"result","Type":"MessageParticipant",
		"Parameters":{"Text":"Your balance is $.External.balance dollars."},
		"Transitions":{"NextAction":"bye","Errors":[{"NextAction":"bye","ErrorType":"NoMatchingError"}]}},
	{"Identifier":"sorry","Type":"MessageParticipant",
		"Parameters":{"Text":"Sorry, that did not work."},
		"Transitions":{"NextAction":"bye","Errors":[{"NextAction":"bye","ErrorType":"NoMatchingError"}]}},
	{"Identifier":"bye","Type":"DisconnectParticipant",
		"Parameters":{},
		"Transitions":{}}]}`

// BenchmarkPollingCall plays one call of 60 actions, with 15 invocations of the function.
func BenchmarkPollingCall(b *testing.B) {
	f := parse(b, pollingFlow)
	for b.Loop() {
		options := flow.Options{CustomerNumber: "+15550100", SystemNumber: "+15550199"}
		actions := playDirectly(flow.NewContact(f, options), 14)
		if actions < 55 || actions > 65 {
			b.Fatal(actions, "actions")
		}
	}
	b.ReportAllocs()
}

// playDirectly answers the last of the commands at once, without a queue of events: it measures the contact alone.
func playDirectly(c *flow.Contact, checks int) (actions int) {
	now := epoch
	commands := c.Advance(flow.Connected{At: now})
	for len(commands) > 0 {
		var next flow.Event
		now = now.Add(time.Second)
		for _, command := range commands {
			switch k := command.(type) {
			case flow.Enter:
				actions++
			case flow.SetTimer:
				now = k.At
				next = flow.TimerFired{At: now, ID: k.ID}
			case flow.Say:
				next = flow.Said{At: now, ID: k.ID}
			case flow.InvokeFunction:
				reply := `{"execution_id":"balance-1","status":"RUNNING"}`
				if checks--; checks < 0 {
					reply = `{"execution_id":"balance-1","status":"SUCCESS","balance":"42.10"}`
				}
				next = flow.FunctionReturned{At: now, ID: k.ID, Payload: []byte(reply)}
			}
		}
		if next == nil {
			break
		}
		commands = c.Advance(next)
	}
	return actions
}
