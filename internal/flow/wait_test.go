package flow_test

import (
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// doorbell starts a function asynchronously and talks while it waits.
const doorbell = `
	start InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"60",
		"InvocationType":"ASYNCHRONOUS","ResponseValidation":{"ResponseType":"JSON"}}
		>wait !NoMatchingError=err
	wait Wait {"TimeLimitSeconds":"30","ContinueExecution":"TRUE","MinimumWaitTimeSeconds":"1",
		"InterruptibleEvents":{"LambdaReturned":
		{"AsyncLambdaCompletionEvent":{"Identifier":"$.LambdaInvocation.InvocationId"}}}}
		>err Continue=loop LambdaReturned=load WaitCompleted=late !NoMatchingError=err
	loop Loop {"LoopCount":"100"} >late ContinueLooping=clip DoneLooping=late
	clip MessageParticipant {"Text":"one moment"} >loop !NoMatchingError=loop
	load LoadLambdaFunctionResult {"LambdaInvocationId":"$.LambdaInvocation.InvocationId"}
		>say !NoMatchingError=failed !InProgress=err
	say MessageParticipant {"Text":"result: $.External.answer$.LambdaInvocation.ResultData.answer"}
		>bye !NoMatchingError=failed
	failed DisconnectParticipant {}
	late DisconnectParticipant {}
	bye DisconnectParticipant {}
	err DisconnectParticipant {}
`

func TestWait(t *testing.T) {
	answer := func(takes time.Duration) []reply { return []reply{{takes: takes, payload: `{"answer":"42"}`}} }
	tests := map[string]struct {
		scenario
		want  string
		heard string
	}{
		"the event cuts the clip": {
			scenario{flow: doorbell, replies: answer(4 * time.Second)},
			"start→NextAction 1s:wait→Continue loop→ContinueLooping 3s:clip→NextAction loop→ContinueLooping " +
				"4s:wait→LambdaReturned load→NextAction 6s:say→NextAction disconnected",
			"one moment | one moment | result: 4242",
		},
		"the clip finishes first": {
			scenario{
				flow:    doorbell,
				replies: answer(4 * time.Second),
				assume:  map[string]string{"continue_prompt": "finish"},
			},
			"start→NextAction 1s:wait→Continue loop→ContinueLooping 3s:clip→NextAction loop→ContinueLooping " +
				"5s:wait→LambdaReturned load→NextAction 7s:say→NextAction disconnected",
			"one moment | one moment | result: 4242",
		},
		"a function that returns within the minimum wait": {
			scenario{flow: doorbell, replies: answer(500 * time.Millisecond)},
			"start→NextAction 500ms:wait→LambdaReturned load→NextAction 2.5s:say→NextAction disconnected",
			"result: 4242",
		},
		"no event before the minimum wait": {
			scenario{
				flow:    doorbell,
				replies: answer(500 * time.Millisecond),
				assume:  map[string]string{"minimum_wait": "event_after"},
			},
			"start→NextAction wait→Continue loop→ContinueLooping 1s:wait→LambdaReturned load→NextAction " +
				"3s:say→NextAction disconnected",
			"one moment | result: 4242",
		},
		"a minimum wait without effect": {
			scenario{
				flow:    doorbell,
				replies: answer(500 * time.Millisecond),
				assume:  map[string]string{"minimum_wait": "no_effect"},
			},
			"start→NextAction wait→Continue loop→ContinueLooping 500ms:wait→LambdaReturned load→NextAction " +
				"2.5s:say→NextAction disconnected",
			"one moment | result: 4242",
		},
		"a function that returned before the Wait": {
			scenario{
				flow:    doorbell,
				replies: answer(0),
				options: flow.Options{World: world("wait", flow.Outcome{Takes: time.Second})},
			},
			"start→NextAction 1s:wait→LambdaReturned load→NextAction 3s:say→NextAction disconnected",
			"result: 4242",
		},
		"the time limit": {
			scenario{
				flow:    doorbell,
				replies: answer(50 * time.Second),
				assume:  map[string]string{"continue_end": "ignored"},
			},
			"",
			"",
		},
		"a failed function": {
			scenario{flow: doorbell, replies: []reply{{takes: 1500 * time.Millisecond, error: "ValueError"}}},
			"start→NextAction 1s:wait→Continue loop→ContinueLooping 1.5s:wait→LambdaReturned " +
				"load→NoMatchingError disconnected",
			"one moment",
		},
		"only the second place is written": {
			scenario{flow: doorbell, replies: answer(0), assume: map[string]string{"load_writes": "result_data"}},
			"",
			"result: 42",
		},
		"nested waits are an error": {
			scenario{flow: `
				w Wait {"TimeLimitSeconds":"9","ContinueExecution":"True","MinimumWaitTimeSeconds":"1"}
					>bye Continue=in WaitCompleted=bye !NoMatchingError=bye
				in Wait {"TimeLimitSeconds":"3","ContinueExecution":"True","MinimumWaitTimeSeconds":"1"}
					>bye Continue=bye WaitCompleted=bye !NoMatchingError=hi
				hi MessageParticipant {"Text":"hello"} >hi2
				hi2 MessageParticipant {"Text":"again"}
				bye DisconnectParticipant {}`},
			"1s:w→Continue in→NoMatchingError 3s:hi→NextAction 5s:hi2→NextAction 9s:w→WaitCompleted disconnected",
			"hello | again",
		},
		"a disconnect in the Continue branch ends the call": {
			scenario{flow: `
				w Wait {"TimeLimitSeconds":"9","ContinueExecution":"True","MinimumWaitTimeSeconds":"1"}
					>bye Continue=bye WaitCompleted=bye !NoMatchingError=bye
				bye DisconnectParticipant {}`},
			"1s:w→Continue disconnected",
			"",
		},
		"a plain wait on voice is an error": {
			scenario{flow: `
				w Wait {"TimeLimitSeconds":"9"} >bye WaitCompleted=bye !NoMatchingError=bye
				bye DisconnectParticipant {}`},
			"w→NoMatchingError disconnected",
			"",
		},
		"a plain wait in chat": {
			scenario{
				options: flow.Options{Channel: flow.Chat},
				flow: `
					w Wait {"TimeLimitSeconds":5} >bye WaitCompleted=bye !NoMatchingError=bye
					bye DisconnectParticipant {}`,
			},
			"5s:w→WaitCompleted disconnected",
			"",
		},
		"the customer returns": {
			scenario{
				options: flow.Options{
					Channel: flow.Chat,
					World:   world("w", flow.Outcome{Result: flowlang.CustomerReturned, Takes: 2 * time.Second}),
				},
				flow: `
					w Wait {"TimeLimitSeconds":"900","Events":["CustomerReturned"]}
						>bye CustomerReturned=bye WaitCompleted=bye !NoMatchingError=bye
					bye DisconnectParticipant {}`,
			},
			"2s:w→CustomerReturned disconnected",
			"",
		},
		"a wait on voice outside of inbound flows": {
			scenario{kind: flowlang.CustomerQueue, flow: doorbell, replies: answer(4 * time.Second)},
			"start→NextAction wait→NoMatchingError disconnected",
			"",
		},
		"an id that is not known": {
			scenario{flow: `
				l LoadLambdaFunctionResult {"LambdaInvocationId":"$.LambdaInvocation.InvocationId"}
					>bye !NoMatchingError=bye !InProgress=bye
				bye DisconnectParticipant {}`},
			"l→NoMatchingError disconnected",
			"",
		},
		"loading too early": {
			scenario{
				replies: answer(time.Minute),
				flow: `
					start InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"60",
						"InvocationType":"ASYNCHRONOUS"}
						>l
					l LoadLambdaFunctionResult {"LambdaInvocationId":"$.LambdaInvocation.InvocationId"}
						>bye !NoMatchingError=bye !InProgress=bye
					bye DisconnectParticipant {}`,
			},
			"start→NextAction l→InProgress disconnected",
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

// TestWaitEndsAtItsLimit checks what happens when nothing comes: the limit, whatever the Continue branch does.
func TestWaitEndsAtItsLimit(t *testing.T) {
	for name, test := range map[string]struct {
		assume map[string]string
		reply  reply
	}{
		"a slow function":            {nil, reply{takes: 50 * time.Second, payload: `{}`}},
		"a function without a reply": {nil, reply{never: true}},
		"a failure in silence": {
			map[string]string{"failed_async": "silent"},
			reply{takes: 5 * time.Second, error: "ValueError"},
		},
	} {
		d := scenario{flow: doorbell, assume: test.assume, replies: []reply{test.reply}}.play(t)
		if d.now != 30*time.Second || d.finished.Action.Identifier != "late" {
			t.Errorf("%s: ended at %v in %s", name, d.now, d.finished.Action.Identifier)
		}
	}
}

// TestContinueBranchEnds checks what a terminal action in a Continue branch does.
func TestContinueBranchEnds(t *testing.T) {
	const text = `
		w Wait {"TimeLimitSeconds":"9","ContinueExecution":"True","MinimumWaitTimeSeconds":"1"}
			>end Continue=hi WaitCompleted=end !NoMatchingError=end
		hi MessageParticipant {"Text":"hello"} >bye
		bye DisconnectParticipant {}
		end DisconnectParticipant {}`
	for value, want := range map[string]string{
		"literal":  "1s:w→Continue 3s:hi→NextAction disconnected",
		"ignored":  "1s:w→Continue 3s:hi→NextAction 9s:w→WaitCompleted disconnected",
		"repeated": "1s:w→Continue 3s:hi→NextAction 5s:hi→NextAction 7s:hi→NextAction 9s:w→WaitCompleted disconnected",
	} {
		d := scenario{flow: text, assume: map[string]string{"continue_end": value}}.play(t)
		if got := course(d); got != want && value != "repeated" {
			t.Errorf("%s: took %s, want %s", value, got, want)
		}
		if value == "repeated" && (d.now != 9*time.Second || heard(d) != "hello | hello | hello | hello") {
			t.Errorf("repeated: %s at %v: %s", heard(d), d.now, course(d))
		}
		if rested := d.contact.Rested(); len(rested) != 2 || rested[0] != "continue_end" ||
			rested[1] != "minimum_wait" {
			t.Errorf("%s: rested on %v", value, rested)
		}
	}
}

// TestParallelFunctions checks that each Wait waits for its own invocation.
func TestParallelFunctions(t *testing.T) {
	d := scenario{
		replies: []reply{
			{takes: 5 * time.Second, payload: `{"n":"slow"}`},
			{takes: time.Second, payload: `{"n":"fast"}`},
		},
		flow: `
			a InvokeLambdaFunction {"LambdaFunctionARN":"a","InvocationTimeLimitSeconds":"60",
				"InvocationType":"ASYNCHRONOUS"}
				>keep
			keep UpdateFlowAttributes {"FlowAttributes":{"first":{"Value":"$.LambdaInvocation.InvocationId"}}} >b
			b InvokeLambdaFunction {"LambdaFunctionARN":"b","InvocationTimeLimitSeconds":"60",
				"InvocationType":"ASYNCHRONOUS"}
				>w
			w Wait {"TimeLimitSeconds":"30",
				"InterruptibleEvents":{"Done":{"AsyncLambdaCompletionEvent":{"Identifier":"$.FlowAttributes.first"}}}}
				>bye Done=l WaitCompleted=bye
			l LoadLambdaFunctionResult {"LambdaInvocationId":"$.FlowAttributes.first"} >say
			say MessageParticipant {"Text":"$.External.n"} >l2
			l2 LoadLambdaFunctionResult {"LambdaInvocationId":"$.LambdaInvocation.InvocationId"} >say2
			say2 MessageParticipant {"Text":"$.External.n"} >bye
			bye DisconnectParticipant {}`,
	}.play(t)
	if heard(d) != "slow | fast" || d.now != 9*time.Second {
		t.Errorf("heard %s until %v: %s", heard(d), d.now, course(d))
	}
}
