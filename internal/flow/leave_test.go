package flow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestTransfers checks the ways out of a flow: queues, agents, phone numbers, other flows, modules.
func TestTransfers(t *testing.T) {
	queueFlow := build(t, flowlang.CustomerQueue, `
		music MessageParticipantIteratively {"Messages":[{"PromptId":"m1"},{"Text":"you are in a queue"}],
			"InterruptFrequencySeconds":"5"}
			MessagesInterrupted=hi !NoMatchingError=out
		hi MessageParticipant {"Text":"interrupt"} >resume
		resume EndFlowExecution {}
		out DisconnectParticipant {}`)
	whisper := build(t, flowlang.CustomerWhisper, `
		w MessageParticipant {"Text":"an agent comes"} >e
		e EndFlowExecution {}`)
	second := build(t, flowlang.ContactFlow, `
		s MessageParticipant {"Text":"second $.FlowAttributes.x$.Attributes.y$.External.z"} >b
		b DisconnectParticipant {}`)
	module := build(t, flowlang.Module, `
		m MessageParticipant {"Text":"in $.Modules.Input.who $.Modules.Input.deep.n$.External.z"} >inner
		inner InvokeFlowModule {"FlowModuleId":"inner","Input":{"who":"$.Modules.Input.who"}}
			>r !NoMatchingError=r
		r EndFlowModuleExecution {"Result":"found","ResultData":{"id":"42","who":"$.Modules.Input.who"}}`)
	inner := build(t, flowlang.Module, `
		i MessageParticipant {"Text":"inner $.Modules.Input.who"} >r
		r EndFlowModuleExecution {}`)
	flows := map[string]*flow.Flow{
		"queue-flow":   queueFlow,
		"whisper-flow": whisper,
		"second":       second,
		"module":       module,
		"inner":        inner,
	}
	const toQueue = `
		q UpdateContactTargetQueue {"QueueId":"arn:queue/support"} >h !NoMatchingError=err
		h UpdateContactEventHooks
			{"EventHooks":{"CustomerQueue":"arn:aws:connect:r:1:instance/i/contact-flow/queue-flow"}}
			>w !NoMatchingError=err
		w UpdateContactEventHooks {"EventHooks":{"CustomerWhisper":"whisper-flow"}} >t !NoMatchingError=err
		t TransferContactToQueue {} >err !QueueAtCapacity=full !NoMatchingError=err
		full MessageParticipant {"Text":"all lines are busy"} >bye` + bye
	tests := map[string]struct {
		scenario
		want  string
		heard string
	}{
		"queue: no queue is set": {
			scenario{flow: `t TransferContactToQueue {} >err !QueueAtCapacity=bye !NoMatchingError=err` + bye},
			"t→NoMatchingError disconnected",
			"",
		},
		"queue: full": {
			scenario{options: flow.Options{World: world("t", flow.Outcome{Error: "QueueAtCapacity"})}, flow: toQueue},
			"q→NextAction h→NextAction w→NextAction t→QueueAtCapacity 2s:full→NextAction disconnected",
			"all lines are busy",
		},
		"queue: its flow is not part of the call": {
			scenario{
				options: flow.Options{Queue: "q"},
				flow:    `t TransferContactToQueue {} >err !QueueAtCapacity=bye !NoMatchingError=err` + bye,
			},
			"transferred",
			"",
		},
		"queue: music, an interrupt, music again, an agent, a whisper": {
			scenario{
				options: flow.Options{Flows: flows, World: flow.World{AgentAfter: 10 * time.Second}},
				flow:    toQueue,
			},
			"q→NextAction h→NextAction w→NextAction 5s:music→MessagesInterrupted 7s:hi→NextAction " +
				"12s:w→NextAction transferred",
			"m1 | you are in a queue | m1 | interrupt | m1 | you are in a queue | an agent comes",
		},
		"queue: the whisper is switched off": {
			scenario{
				options: flow.Options{Flows: flows, World: flow.World{AgentAfter: 10 * time.Second}},
				flow: strings.Replace(toQueue, `"whisper-flow"}} >t`, `"whisper-flow"}} >off`, 1) + `
		off UpdateContactEventHooks {"EventHooksConfiguration":{"CustomerWhisper":{"DisableExecution":"true"}}}
			>t !NoMatchingError=err`,
			},
			"q→NextAction h→NextAction w→NextAction off→NextAction 5s:music→MessagesInterrupted 7s:hi→NextAction " +
				"10s:transferred",
			"m1 | you are in a queue | m1 | interrupt | m1 | you are in a queue",
		},
		"queue: the caller gives up": {
			scenario{
				hangUp:  time.Hour,
				assume:  map[string]string{"action_guard": "100000"},
				options: flow.Options{Flows: flows, World: flow.World{AgentAfter: -1}},
				flow:    toQueue,
			},
			"",
			"",
		},
		"callback": {
			scenario{
				options: flow.Options{
					Queue:          "q",
					CustomerNumber: "+15550100",
					Attributes:     map[string]string{"n": "+15550123"},
				},
				flow: `
					n UpdateContactCallbackNumber {"CallbackNumber":"$.Attributes.n"}
						>c !InvalidCallbackNumber=err !CallbackNumberNotDialable=err
					c CreateCallbackContact {"InitialCallDelaySeconds":"5","RetryDelaySeconds":"600",
						"MaximumConnectionAttempts":"1"}
						>say !NoMatchingError=err
					say MessageParticipant {"Text":"we call $.CustomerCallbackNumber"} >bye` + bye,
			},
			"n→NextAction c→NextAction 2s:say→NextAction disconnected",
			"we call +15550123",
		},
		"callback: no number": {
			scenario{
				flow: `
					n UpdateContactCallbackNumber {"CallbackNumber":"$.Attributes.n"}
						>bye !InvalidCallbackNumber=err !CallbackNumberNotDialable=err` + bye,
			},
			"n→InvalidCallbackNumber disconnected",
			"",
		},
		"phone number: the end": {
			scenario{
				flow: `
					p TransferParticipantToThirdParty {"ThirdPartyPhoneNumber":"+15550155",
						"ThirdPartyConnectionTimeLimitSeconds":"30","ContinueFlowExecution":"False"}
						>err !NoMatchingError=err` + bye,
			},
			"transferred",
			"",
		},
		"phone number: and back": {
			scenario{
				options: flow.Options{World: world("p", flow.Outcome{Takes: time.Minute})},
				flow: `
					p TransferParticipantToThirdParty {"ThirdPartyPhoneNumber":"+15550155",
						"ThirdPartyConnectionTimeLimitSeconds":"30","ContinueFlowExecution":"True"}
						>bye !CallFailed=err !NoMatchingError=err` + bye,
			},
			"1m0s:p→NextAction disconnected",
			"",
		},
		"phone number: not answered": {
			scenario{
				options: flow.Options{World: world("p", flow.Outcome{Error: "ConnectionTimeLimitExceeded"})},
				flow: `
					p TransferParticipantToThirdParty {"ThirdPartyPhoneNumber":"+15550155",
						"ThirdPartyConnectionTimeLimitSeconds":"30","ContinueFlowExecution":"True"}
						>bye !ConnectionTimeLimitExceeded=err !NoMatchingError=err` + bye,
			},
			"p→ConnectionTimeLimitExceeded disconnected",
			"",
		},
		"another flow": {
			scenario{
				options: flow.Options{
					Flows:      flows,
					Attributes: map[string]string{"y": "B"},
					References: map[string]string{"$.External.z": "C"},
				},
				flow: `
					f UpdateFlowAttributes {"FlowAttributes":{"x":{"Value":"A"}}} >t !NoMatchingError=err
					t TransferToFlow {"ContactFlowId":"arn:aws:connect:r:1:instance/i/contact-flow/second"}
						>err !NoMatchingError=err` + bye,
			},
			"f→NextAction 2s:s→NextAction disconnected",
			"second BC",
		},
		"a flow that is not part of the call": {
			scenario{flow: `t TransferToFlow {"ContactFlowId":"other"} >err !NoMatchingError=err` + bye},
			"transferred",
			"",
		},
		"modules see their input and hand back a result": {
			scenario{
				options: flow.Options{
					Flows:      flows,
					Attributes: map[string]string{"who": "Ada"},
					References: map[string]string{"$.External.z": "hidden"},
				},
				flow: `
					m InvokeFlowModule {"FlowModuleId":"module:$LATEST",
						"Input":{"who":"$.Attributes.who","deep":{"n":5}}}
						>err found=say !NoMatchingCondition=err !NoMatchingError=err
					say MessageParticipant
						{"Text":"$.Modules.Result $.Modules.ResultData.id for $.Modules.ResultData.who, $.External.z"}
						>bye` + bye,
			},
			"2s:m→NextAction 4s:i→NextAction inner→NextAction m→found 6s:say→NextAction disconnected",
			"in Ada 5 | inner Ada | found 42 for Ada, hidden",
		},
		"a module's result from the scenario": {
			scenario{
				options: flow.Options{Flows: flows, World: world("m", flow.Outcome{Result: "found"})},
				flow: `
					m InvokeFlowModule {"FlowModuleId":"module"}
						>err found=bye !NoMatchingCondition=err !NoMatchingError=err` + bye,
			},
			"m→found disconnected",
			"",
		},
		"a module that is not part of the call": {
			scenario{flow: `m InvokeFlowModule {"FlowModuleId":"other"} >bye !NoMatchingError=err` + bye},
			"m→NextAction disconnected",
			"",
		},
		"a module by itself":  {scenario{kind: flowlang.Module, flow: `r EndFlowModuleExecution {}`}, "completed", ""},
		"a whisper by itself": {scenario{kind: flowlang.AgentWhisper, flow: `r EndFlowExecution {}`}, "completed", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := test.play(t)
			expect(t, d, test.want, test.heard)
			if name == "queue: the caller gives up" && (d.finished.Ending != flow.EndingHungUp || d.now != time.Hour) {
				t.Errorf("ended as %s at %v", d.finished.Ending, d.now)
			}
		})
	}
}

// TestModulesNestFiveDeep checks the limit of nested modules.
func TestModulesNestFiveDeep(t *testing.T) {
	endless := build(t, flowlang.Module, `
		m MessageParticipant {"Text":"deeper"} >i
		i InvokeFlowModule {"FlowModuleId":"m"} >r !NoMatchingError=r
		r EndFlowModuleExecution {}`)
	d := scenario{
		options: flow.Options{Flows: map[string]*flow.Flow{"m": endless}},
		flow:    `i InvokeFlowModule {"FlowModuleId":"m"} >bye` + bye,
	}.play(t)
	if got := strings.Count(heard(d), "deeper"); got != 5 || d.finished.Ending != flow.EndingDisconnected {
		t.Errorf("%d modules deep, ended as %s", got, d.finished.Ending)
	}
}

// TestPromptsAreResumedOnlyAfterAnInterrupt checks that a queue flow whose messages fail after an interrupt ends,
// rather than going back to them without end.
func TestPromptsAreResumedOnlyAfterAnInterrupt(t *testing.T) {
	d := scenario{
		kind:   flowlang.CustomerQueue,
		hangUp: time.Minute,
		options: flow.Options{
			World: flow.World{
				AgentAfter: -1,
				Outcomes:   map[string][]flow.Outcome{"music": {{}, {Error: "NoMatchingError"}}},
			},
		},
		flow: `
			music MessageParticipantIteratively {"Messages":[{"Text":"a"},{"Text":"b"}],
				"InterruptFrequencySeconds":"3","ContinueMessagingDuringInterrupt":"True"}
				MessagesInterrupted=resume !NoMatchingError=resume
			resume EndFlowExecution {}`,
	}.play(t)
	if got := course(d); got != "3s:music→MessagesInterrupted music→NoMatchingError 1m0s:hung up" {
		t.Error(got)
	}
}

// TestMessagesContinueAfterAnInterrupt checks where iterated messages go on.
func TestMessagesContinueAfterAnInterrupt(t *testing.T) {
	for value, want := range map[string]string{"False": "a | b | a | b | a", "True": "a | b | b | c | c"} {
		d := scenario{
			kind:    flowlang.CustomerQueue,
			hangUp:  8 * time.Second,
			options: flow.Options{World: flow.World{AgentAfter: -1}},
			flow: `
				music MessageParticipantIteratively {"Messages":[{"Text":"a"},{"Text":"b"},{"Text":"c"}],
					"InterruptFrequencySeconds":"3",
					"ContinueMessagingDuringInterrupt":"` + value + `"} MessagesInterrupted=resume
			resume EndFlowExecution {}`,
		}.play(t)
		if heard(d) != want {
			t.Errorf("%s: %s", value, heard(d))
		}
	}
}

// TestLoopCounters checks what becomes of a loop's counter when its flow is entered again.
func TestLoopCounters(t *testing.T) {
	for value, want := range map[string]string{
		"kept":  "ContinueLooping DoneLooping ContinueLooping",
		"reset": "ContinueLooping ContinueLooping ContinueLooping",
	} {
		again := build(t, flowlang.ContactFlow, `
			a Loop {"LoopCount":"1"} >t ContinueLooping=t DoneLooping=t
			t TransferToFlow {"ContactFlowId":"again"} >b
			b DisconnectParticipant {}`)
		d := scenario{
			assume:  map[string]string{"loop_counter": value, "action_guard": "12"},
			options: flow.Options{Flows: map[string]*flow.Flow{"again": again}},
			flow:    `t TransferToFlow {"ContactFlowId":"again"} >bye` + bye,
		}.play(t)
		var took []string
		for _, c := range d.commands {
			if take, ok := c.command.(flow.Take); ok {
				took = append(took, take.Branch)
			}
		}
		if got := strings.Join(took[:3], " "); got != want {
			t.Errorf("%s: %s, want %s", value, got, want)
		}
	}
}

// TestAttributeLimit checks that attributes over 32 KB take the error branch and set nothing.
func TestAttributeLimit(t *testing.T) {
	long := strings.Repeat("x", 20_000)
	d := scenario{flow: `a UpdateContactAttributes {"Attributes":{"a":"` + long + `"}} >b !NoMatchingError=err
		b UpdateContactAttributes {"Attributes":{"b":"` + long + `","c":"1"}} >err !NoMatchingError=bye` + bye}.play(t)
	attributes := d.contact.Attributes()
	if d.finished.Action.Identifier != "bye" || len(attributes["a"]) != 20_000 || attributes["c"] != "" {
		t.Errorf("%s with %d attributes", course(d), len(attributes))
	}
}
