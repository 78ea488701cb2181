package flow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestRarerActions checks the course of actions that few flows have.
func TestRarerActions(t *testing.T) {
	chat := flow.Options{Channel: flow.Chat}
	tests := map[string]struct {
		scenario
		want  string
		heard string
	}{
		"metrics": {
			scenario{
				options: flow.Options{
					Queue: "arn:queue/q",
					World: flow.World{Metrics: map[string]string{"Queue.Size": "7"}},
				},
				flow: `
					g GetMetricData {} >s !NoMatchingError=err
					s MessageParticipant {"Text":"$.Metrics.Queue.Size waiting, ` +
					`$.Metrics.Agents.Online.Count agents at $.Metrics.Queue.ARN"} >bye` + bye,
			},
			"g→NextAction 2s:s→NextAction disconnected",
			"7 waiting, 1 agents at arn:queue/q",
		},
		"metrics: an unknown type": {
			scenario{
				options: flow.Options{Queue: "q"},
				flow: `
					m CheckMetricData {"MetricType":"Mood"}
						>err NumberGreaterThan:0=err !NoMatchingCondition=err !NoMatchingError=bye` + bye,
			},
			"m→NoMatchingError disconnected",
			"",
		},
		"metrics: no queue": {
			scenario{
				flow: `
					m CheckMetricData {"MetricType":"NumberOfAgentsStaffed"}
						>err NumberGreaterThan:0=err !NoMatchingCondition=err !NoMatchingError=bye` + bye,
			},
			"m→NoMatchingError disconnected",
			"",
		},
		"tags": {
			scenario{flow: `
			a TagContact {"Tags":{"x":"1","y":"2"}} >b !NoMatchingError=err
			b UntagContact {"TagKeys":["x"]} >s !NoMatchingError=err
			s MessageParticipant {"Text":"[$.Tags.x][$.Tags.y]"} >bye` + bye},
			"a→NextAction b→NextAction 2s:s→NextAction disconnected",
			"[][2]",
		},
		"tags of the wrong kind": {
			scenario{flow: `
			a TagContact {"Tags":"x"} >err !NoMatchingError=b
			b UntagContact {} >err !NoMatchingError=bye` + bye},
			"a→NoMatchingError b→NoMatchingError disconnected",
			"",
		},
		"hooks without flows": {
			scenario{flow: `
				a UpdateContactEventHooks {} >err !NoMatchingError=b
				b UpdateContactEventHooks {"EventHooks":{"CustomerQueue":"$.Attributes.none"}}
					>err !NoMatchingError=bye` + bye},
			"a→NoMatchingError b→NoMatchingError disconnected",
			"",
		},
		"a task and a session": {
			scenario{
				options: flow.Options{Seed: 1},
				flow: `
					a CreateTask {"Name":"n","ContactFlowId":"f"} >b !NoMatchingError=err
					b CreateWisdomSession {"WisdomAssistantArn":"w"} >c !NoMatchingError=err
					c Compare {"ComparisonValue":"$.Task.ContactId"} >err TextContains:-4=d !NoMatchingCondition=err
					d Compare {"ComparisonValue":"$.Wisdom.SessionArn"}
						>err TextStartsWith:arn:aws:wisdom=bye !NoMatchingCondition=err` + bye,
			},
			"a→NextAction b→NextAction c→TextContains -4 d→TextStartsWith arn:aws:wisdom disconnected",
			"",
		},
		"a profile from the scenario": {
			scenario{
				options: flow.Options{
					World: world("p", flow.Outcome{Data: map[string]string{"$.Customer.FirstName": "Ada"}}),
				},
				flow: `
					p GetCustomerProfile {"ProfileRequestData":{"a":"b"}}
						>s !NoMatchingError=err !NoneFoundError=err !MultipleFoundError=err
					s MessageParticipant {"Text":"$.Customer.FirstName"} >bye` + bye,
			},
			"p→NextAction 2s:s→NextAction disconnected",
			"Ada",
		},
		"a voice": {
			scenario{
				flow: `v UpdateContactTextToSpeechVoice {"TextToSpeechVoice":"Amy"} >bye !NoMatchingError=err` + bye,
			},
			"v→NextAction disconnected",
			"",
		},
		"no voice": {
			scenario{flow: `v UpdateContactTextToSpeechVoice {} >err !NoMatchingError=bye` + bye},
			"v→NoMatchingError disconnected",
			"",
		},
		"recording on another channel": {
			scenario{
				options: chat,
				flow: `
					r UpdateContactRecordingAndAnalyticsBehavior {"VoiceBehavior":{}}
						>err !NoMatchingError=err !ChannelMismatch=b
					b UpdateContactRecordingAndAnalyticsBehavior {"ChatBehavior":{}}
						>bye !NoMatchingError=err !ChannelMismatch=err` + bye,
			},
			"r→ChannelMismatch b→NextAction disconnected",
			"",
		},
		"message processing": {
			scenario{flow: `m UpdateContactMediaProcessing {} >err !ChannelMismatch=bye !NoMatchingError=err` + bye},
			"m→ChannelMismatch disconnected",
			"",
		},
		"streaming in chat": {
			scenario{
				options: chat,
				flow: `
					m UpdateContactMediaStreamingBehavior {"MediaStreamingState":"Enabled"}
						>err !NoMatchingError=bye` + bye,
			},
			"m→NoMatchingError disconnected",
			"",
		},
		"a bot in chat": {
			scenario{
				options: chat,
				flow: `
					b ConnectParticipantWithLexBot {"Text":"hi","LexV2Bot":{},"LexTimeoutSeconds":{"Text":"60"}}
						>err Yes=err !NoMatchingCondition=err !InputTimeLimitExceeded=bye !NoMatchingError=err` + bye,
			},
			"1m0s:b→InputTimeLimitExceeded disconnected",
			"",
		},
		"no bot": {
			scenario{
				flow: `
					b ConnectParticipantWithLexBot {"Text":"hi"}
						>err Yes=err !NoMatchingCondition=err !NoMatchingError=bye` + bye,
			},
			"b→NoMatchingError disconnected",
			"",
		},
		"call progress": {
			scenario{
				flow: `p CheckOutboundCallStatus {} >err CallAnswered=bye VoicemailBeep=err !NoMatchingError=err` + bye,
			},
			"p→CallAnswered disconnected",
			"",
		},
		"a phone number in chat": {
			scenario{
				options: chat,
				flow: `
					p TransferParticipantToThirdParty {"ThirdPartyPhoneNumber":"+1",
						"ThirdPartyConnectionTimeLimitSeconds":"30","ContinueFlowExecution":"True"}
						>err !NoMatchingError=bye` + bye,
			},
			"p→NoMatchingError disconnected",
			"",
		},
		"an agent": {
			scenario{kind: flowlang.AgentTransfer, flow: `a TransferContactToAgent {}`},
			"transferred",
			"",
		},
		"iterated messages in chat": {
			scenario{
				options: chat,
				kind:    flowlang.CustomerHold,
				flow:    `m MessageParticipantIteratively {"Messages":[{"Text":"x"}]} !NoMatchingError=bye` + bye,
			},
			"m→NoMatchingError disconnected",
			"",
		},
		"iterated messages: none": {
			scenario{
				kind: flowlang.CustomerHold,
				flow: `m MessageParticipantIteratively {"Messages":[]} !NoMatchingError=bye` + bye,
			},
			"m→NoMatchingError disconnected",
			"",
		},
		"an attribute that is set from nothing": {
			scenario{
				assume: map[string]string{"unset_in_set_attribute": "error"},
				flow: `
					a UpdateContactAttributes {"Attributes":{"x":"$.External.none"}} >err !NoMatchingError=bye` + bye,
			},
			"a→NoMatchingError disconnected",
			"",
		},
		"another contact's attributes": {
			scenario{flow: `
				a UpdateContactAttributes {"Attributes":{"x":"1"},"TargetContact":"Related"} >s !NoMatchingError=err
				s MessageParticipant {"Text":"[$.Attributes.x]"} >bye` + bye},
			"a→NextAction 2s:s→NextAction disconnected",
			"[]",
		},
		"functions in a row: waiting for a key can start the count again": {
			scenario{
				assume:  map[string]string{"chain_reset": "audible"},
				inputs:  []flow.Input{after(time.Second, "1", "")},
				replies: []reply{{takes: 8 * time.Second, payload: `{}`}, {takes: 7 * time.Second, payload: `{}`}},
				flow: `
					a InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"}
						>b !NoMatchingError=b
					b InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"} >m
					m GetParticipantInput {"InputTimeLimitSeconds":"5"}
						>err 1=c !NoMatchingCondition=err !NoMatchingError=err !InputTimeLimitExceeded=err
					c InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"}
						>bye !NoMatchingError=err` + bye,
			},
			"8s:a→NoMatchingError 15s:b→NextAction 16s:m→1 23s:c→NextAction disconnected",
			"",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := test.play(t)
			expect(t, d, test.want, test.heard)
		})
	}
}

// TestLateAsynchronousReply checks what becomes of a reply after the block's limit.
func TestLateAsynchronousReply(t *testing.T) {
	text := strings.Replace(doorbell, `"InvocationTimeLimitSeconds":"60"`, `"InvocationTimeLimitSeconds":"5"`, 1)
	for value, want := range map[string]string{"lost": "failed at 5s", "kept": "bye at 10s"} {
		d := scenario{
			flow:    text,
			assume:  map[string]string{"late_async_result": value},
			replies: []reply{{takes: 8 * time.Second, payload: `{"answer":"42"}`}},
		}.play(t)
		if got := d.finished.Action.Identifier + " at " + d.now.String(); got != want {
			t.Errorf("%s: %s, want %s: %s", value, got, want, course(d))
		}
	}
}

// TestPercentagesAreDrawn checks that percentages come out as written, over many seeds, and the same for the same seed.
func TestPercentagesAreDrawn(t *testing.T) {
	f := build(t, flowlang.ContactFlow, `
		p DistributeByPercentage {} >rest NumberLessThan:21=bye !NoMatchingCondition=rest
		rest EndFlowExecution {}`+bye)
	small := 0
	for seed := range uint64(2000) {
		first, second := flow.NewContact(f, flow.Options{Seed: seed}), flow.NewContact(f, flow.Options{Seed: seed})
		end := last(first.Advance(flow.Connected{At: epoch}))
		if again := last(second.Advance(flow.Connected{At: epoch})); again != end {
			t.Fatalf("seed %d ends at %s and at %s", seed, end, again)
		}
		if end == "bye" {
			small++
		}
	}
	if small < 340 || small > 460 {
		t.Errorf("20 %% came out as %d of 2,000", small)
	}
}

func last(commands []flow.Command) string {
	return commands[len(commands)-1].(flow.Finish).Action.Identifier
}

// TestUninterruptedMessagesEnd checks that iterated messages which nobody interrupts are stopped, whatever time they
// take.
func TestUninterruptedMessagesEnd(t *testing.T) {
	for _, length := range []time.Duration{0, 11 * time.Second} {
		f := build(t, flowlang.CustomerHold, `m MessageParticipantIteratively {"Messages":[{"Text":"x"}]}`)
		options := flow.Options{World: flow.World{HoldFor: 24 * time.Hour}}
		d := &driver{contact: flow.NewContact(f, options), lasts: func(flow.Say) time.Duration { return length }}
		d.play()
		if d.finished == nil || d.finished.Ending != flow.EndingGuard ||
			d.finished.Finding.Code != flow.CodeGuard || d.finished.Finding.Line == 0 {
			t.Errorf("messages of %v: %+v", length, d.finished)
		}
	}
}

// TestContactContinuesAfterJSON checks that a contact in the middle of everything can be written and restored.
func TestContactContinuesAfterJSON(t *testing.T) {
	module := build(t, flowlang.Module, `
		i GetParticipantInput {"Text":"a key","InputTimeLimitSeconds":"5"}
			>r 1=w !NoMatchingCondition=r !NoMatchingError=r !InputTimeLimitExceeded=r
		w Wait {"TimeLimitSeconds":"20","ContinueExecution":"True","MinimumWaitTimeSeconds":"1",
			"InterruptibleEvents":{"Done":
			{"AsyncLambdaCompletionEvent":{"Identifier":"$.LambdaInvocation.InvocationId"}}}}
			>r Continue=clip Done=l WaitCompleted=r
		clip MessageParticipant {"Text":"clip"} >clip
		l LoadLambdaFunctionResult {"LambdaInvocationId":"$.LambdaInvocation.InvocationId"}
			>r !NoMatchingError=r !InProgress=r
		r EndFlowModuleExecution {"Result":"ok","ResultData":{"n":"$.External.n"}}`)
	flows := map[string]*flow.Flow{"m": module}
	f := build(t, flowlang.ContactFlow, `
		a InvokeLambdaFunction {"LambdaFunctionARN":"a","InvocationTimeLimitSeconds":"60",
			"InvocationType":"ASYNCHRONOUS","ResponseValidation":{"ResponseType":"JSON"}}
			>m
		m InvokeFlowModule {"FlowModuleId":"m"} >bye ok=say
		say MessageParticipant {"Text":"$.Modules.ResultData.n"} >bye`+bye)
	play := func(between func(*flow.Contact) *flow.Contact) *driver {
		d := &driver{
			contact: flow.NewContact(f, flow.Options{Flows: flows, Seed: 3}),
			between: between,
			lasts:   func(flow.Say) time.Duration { return 2 * time.Second },
			function: func(time.Duration, flow.InvokeFunction) reply {
				return reply{takes: 9 * time.Second, payload: `{"n":5}`}
			},
			answer: func(time.Duration, flow.Ask) (flow.Input, bool) { return after(time.Second, "1", ""), true },
		}
		d.play()
		return d
	}
	plain, restored := play(nil), play(throughJSON(t, f, flows))
	if transcript(plain) != transcript(restored) || !strings.HasSuffix(heard(plain), "clip | 5") {
		t.Errorf("%s\n%s", transcript(plain), transcript(restored))
	}
	if _, err := flow.Restore([]byte(`{`), f, flows); err == nil {
		t.Error("half a contact is restored")
	}
}
