package flow_test

import (
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestHold plays hold flows: they loop until the contact is taken off hold, also where they stop before.
func TestHold(t *testing.T) {
	const prompts = `m MessageParticipantIteratively {"Messages":[{"Text":"a"},{"Text":"b"}]`
	for name, test := range map[string]struct {
		kind    flowlang.Type
		channel flow.Channel
		flow    string
		holdFor time.Duration
		want    string
		heard   string
	}{
		"no branch at all": {
			flow: prompts + `}`, holdFor: 7 * time.Second, want: "7s:completed", heard: "a | b | a | b",
		},
		"an agent is on hold": {
			kind: flowlang.AgentHold, flow: prompts + `} !NoMatchingError=e
				e EndFlowExecution {}`,
			holdFor: 3 * time.Second, want: "3s:completed", heard: "a | b",
		},
		"a minute by default": {flow: prompts + `}`, want: "1m0s:completed"},
		"an interrupt": {
			flow: prompts + `,"InterruptFrequencySeconds":"5"} MessagesInterrupted=e
				e EndFlowExecution {}`,
			holdFor: 12 * time.Second,
			want:    "5s:m→MessagesInterrupted 10s:m→MessagesInterrupted 12s:completed",
			heard:   "a | b | a | a | b | a | a",
		},
		"messages fail in a chat": {
			channel: flow.Chat, flow: prompts + `}`, holdFor: 8 * time.Second, want: "m→NoMatchingError 8s:completed",
		},
		"it ends at once": {flow: `e EndFlowExecution {}`, holdFor: 9 * time.Second, want: "9s:completed"},
	} {
		t.Run(name, func(t *testing.T) {
			kind := flowlang.CustomerHold
			if test.kind != "" {
				kind = test.kind
			}
			d := scenario{
				kind: kind, flow: test.flow,
				options: flow.Options{Channel: test.channel, World: flow.World{HoldFor: test.holdFor}},
			}.play(t)
			expect(t, d, test.want, test.heard)
			if d.finished.Finding != nil {
				t.Error(d.finished.Finding)
			}
		})
	}
}

// TestHoldOfUnknownType: a time on hold in the scenario makes a flow that may be a hold flow one.
func TestHoldOfUnknownType(t *testing.T) {
	const prompts = `[{"Identifier":"a","Type":"MessageParticipantIteratively"}]`
	for name, test := range map[string]struct {
		actions string
		holdFor time.Duration
		want    flow.Ending
	}{
		"nothing is said": {prompts, 0, flow.EndingTransferred},
		"a time is given": {prompts, time.Second, flow.EndingCompleted},
		"a queue flow all the same": {
			`[{"Identifier":"a","Type":"MessageParticipantIteratively","Transitions":{"Errors":[
				{"ErrorType":"NoMatchingError","NextAction":"b"}]}},{"Identifier":"b","Type":"DisconnectParticipant"}]`,
			time.Second, flow.EndingDisconnected,
		},
	} {
		f := parse(t, `{"Version":"2019-10-30","StartAction":"a","Actions":`+test.actions+`}`)
		d := &driver{contact: flow.NewContact(f, flow.Options{World: flow.World{HoldFor: test.holdFor}})}
		if d.play(); d.finished == nil || d.finished.Ending != test.want {
			t.Errorf("%s: %+v", name, d.finished)
		}
	}
}

// TestFromTheField plays what people reported.
func TestFromTheField(t *testing.T) {
	const twoBots = `
		a ConnectParticipantWithLexBot {"Text":"Which?","LexV2Bot":{}} >b !NoMatchingCondition=b !NoMatchingError=b
		b ConnectParticipantWithLexBot {"Text":"$.Lex.Slots.size, and?","LexV2Bot":{},
			"LexSessionAttributes":{"size":"$.Lex.Slots.size"}} >s !NoMatchingCondition=s !NoMatchingError=s
		s MessageParticipant {"Text":"[$.Lex.Slots.size][$.Lex.Slots.colour][$.Lex.SessionAttributes.size]"} >bye` + bye
	bots := func(second flow.Outcome) flow.World {
		return flow.World{Outcomes: map[string][]flow.Outcome{
			"a": {{Result: "Order", Data: map[string]string{"$.Lex.Slots.size": "large"}}}, "b": {second},
		}}
	}
	const third = `
		p TransferParticipantToThirdParty {"ThirdPartyPhoneNumber":"+15550155",
			"ThirdPartyDTMFDigits":"$.Attributes.keys",
			"ThirdPartyConnectionTimeLimitSeconds":"30","ContinueFlowExecution":`
	const unknown = `u BrandNewAction {"Anything":"x"} >n Yes=y !NoMatchingError=e !NoMatchingCondition=n
		y MessageParticipant {"Text":"yes $.ExternalTool.ResultData.price"} >bye
		n MessageParticipant {"Text":"next $.ExternalTool.ResultData.price"} >bye
		e MessageParticipant {"Text":"error"} >bye` + bye
	price := map[string]string{"$.ExternalTool.ResultData.price": "5"}
	for name, test := range map[string]struct {
		scenario
		want  string
		heard string
	}{
		"a bot replaces the slots of the one before, which its own prompt still reads": {
			scenario{
				flow: twoBots,
				options: flow.Options{World: bots(flow.Outcome{
					Result: "Paint", Data: map[string]string{"$.Lex.Slots.colour": "red"},
				})},
			},
			"", "Which? | large, and? | [][red][large]",
		},
		"a bot that fails leaves no slots": {
			scenario{flow: twoBots, options: flow.Options{World: bots(flow.Outcome{Error: "NoMatchingError"})}},
			"", "Which? | [][][large]",
		},
		"session attributes are lost unless a block passes them": {
			scenario{
				flow: `
					l Loop {"LoopCount":"2"} >s ContinueLooping=a DoneLooping=s
					a ConnectParticipantWithLexBot {"Text":"Which?","LexV2Bot":{}}
						>l !NoMatchingCondition=l !NoMatchingError=l
					s MessageParticipant {"Text":"[$.Lex.SessionAttributes.x]"} >bye` + bye,
				options: flow.Options{World: flow.World{Outcomes: map[string][]flow.Outcome{"a": {
					{Result: "Order", Data: map[string]string{"$.Lex.SessionAttributes.x": "1"}}, {Result: "Order"},
				}}}},
			},
			"", "Which? | Which? | []",
		},
		"keys with commas take their time": {
			scenario{
				flow:    third + `"True"} >bye !CallFailed=err !NoMatchingError=err` + bye,
				options: flow.Options{Attributes: map[string]string{"keys": "1,,2,#"}},
			},
			"2.25s:p→NextAction disconnected", "",
		},
		"keys with commas, and the call leaves": {
			scenario{
				flow:    third + `"False"} >bye !NoMatchingError=err` + bye,
				options: flow.Options{Attributes: map[string]string{"keys": ",1"}},
			},
			"750ms:transferred", "",
		},
		"a reply that Connect's own time makes too late": {
			scenario{
				flow: `f InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"3"}
					>err !NoMatchingError=bye` + bye,
				replies: []reply{{takes: 2990 * time.Millisecond, payload: `{}`}},
				assume:  map[string]string{"connect_time_ms": "50"},
			},
			"3s:f→NoMatchingError disconnected", "",
		},
		"Connect's own time comes on top": {
			scenario{
				flow: `f InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"3"}
					>bye !NoMatchingError=err` + bye,
				replies: []reply{{takes: 2 * time.Second, payload: `{}`}},
				assume:  map[string]string{"connect_time_ms": "50"},
			},
			"2.05s:f→NextAction disconnected", "",
		},
		"an action of a type that is not known": {scenario{flow: unknown}, "", "next "},
		"a result of the scenario for it": {
			scenario{
				flow:    unknown,
				options: flow.Options{World: world("BrandNewAction", flow.Outcome{Result: "Yes", Data: price})},
			},
			"", "yes 5",
		},
		"another result": {
			scenario{flow: unknown, options: flow.Options{World: world("u", flow.Outcome{Result: "No"})}}, "", "next ",
		},
		"data and time of the scenario for it": {
			scenario{
				flow:    unknown,
				options: flow.Options{World: world("u", flow.Outcome{Data: price, Takes: 4 * time.Second})},
			},
			"4s:u→NextAction 6s:n→NextAction disconnected", "next 5",
		},
		"an error of the scenario for it": {
			scenario{flow: unknown, options: flow.Options{World: world("u", flow.Outcome{Error: "NoMatchingError"})}},
			"", "error",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := test.play(t)
			expect(t, d, test.want, test.heard)
		})
	}
}

// TestCustomerReturns: a chat customer who writes ends a Wait that waits for that, and no other.
func TestCustomerReturns(t *testing.T) {
	const waits = `
		w Wait {"TimeLimitSeconds":"900","Events":["CustomerReturned"]}
			>bye CustomerReturned=hi WaitCompleted=bye !NoMatchingError=err
		hi MessageParticipant {"Text":"welcome back"} >bye` + bye
	const continues = `
		w Wait {"TimeLimitSeconds":"900","ContinueExecution":"True","MinimumWaitTimeSeconds":"1",
			"Events":["CustomerReturned"]}
			>bye Continue=m CustomerReturned=hi WaitCompleted=bye !NoMatchingError=err
		m ConnectParticipantWithLexBot {"Text":"Anything?","LexV2Bot":{}} >x !NoMatchingCondition=x !NoMatchingError=x
		x MessageParticipant {"Text":"heard"}
		hi MessageParticipant {"Text":"welcome back"} >bye` + bye
	const plain = `
		w Wait {"TimeLimitSeconds":"900"} >bye WaitCompleted=bye !NoMatchingError=err` + bye
	for name, test := range map[string]struct {
		flow  string
		text  string
		at    time.Duration
		want  string
		heard string
	}{
		"writes": {waits, "hello", 5 * time.Second, "5s:w→CustomerReturned hi→NextAction disconnected", "welcome back"},
		"presses keys, which a chat does not have": {
			waits, "", 5 * time.Second, "15m0s:w→WaitCompleted disconnected", "",
		},
		"too late":           {waits, "hello", 1000 * time.Second, "15m0s:w→WaitCompleted disconnected", ""},
		"a wait for nothing": {plain, "hello", 5 * time.Second, "15m0s:w→WaitCompleted disconnected", ""},
		"a question in the Continue branch comes first": {
			continues, "hello", 5 * time.Second,
			"1s:w→Continue 5s:m→NoMatchingCondition x→NextAction 15m0s:w→WaitCompleted disconnected",
			"Anything? | heard",
		},
		"before the Continue branch asks": {
			continues, "hello", 500 * time.Millisecond,
			"500ms:w→CustomerReturned hi→NextAction disconnected", "welcome back",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := &driver{
				contact: flow.NewContact(build(t, flowlang.ContactFlow, test.flow), flow.Options{Channel: flow.Chat}),
			}
			d.later(test.at, "", func(at time.Time) flow.Event {
				in := flow.Input{At: at, Text: test.text}
				if test.text == "" {
					in.Digits = "1"
				}
				return in
			})
			d.play()
			if got := course(d); got != test.want {
				t.Errorf("took  %s\nwant  %s", got, test.want)
			}
			if got := heard(d); got != test.heard {
				t.Errorf("heard %q, want %q", got, test.heard)
			}
		})
	}
}
