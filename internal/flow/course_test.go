package flow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// call is a flow that invokes a function, which answers in JSON.
const call = `
	fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"8",
		"ResponseValidation":{"ResponseType":"JSON"}} >bye !NoMatchingError=err` + bye

// calledByAlias is that flow with a function that is named by an alias.
var calledByAlias = strings.Replace(call, "arn:f", "arn:aws:lambda:us-east-1:111122223333:function:f:live", 1)

// TestCourse checks the course of small flows: which branch is taken, and when.
func TestCourse(t *testing.T) {
	ok := reply{takes: 100 * time.Millisecond, payload: `{"status":"DONE","n":5,"deep":{"x":"y"},"list":["a"]}`}
	tests := map[string]struct {
		scenario
		want string
	}{
		"message waits for its end": {scenario{flow: message(`{"Text":"hello"}`)}, "2s:hi→NextAction disconnected"},
		"message in chat takes no time": {
			scenario{options: flow.Options{Channel: flow.Chat}, flow: message(`{"Text":"hello"}`)},
			"hi→NextAction disconnected",
		},
		"SSML in chat is an error": {
			scenario{options: flow.Options{Channel: flow.Chat}, flow: message(`{"SSML":"<speak>x</speak>"}`)},
			"hi→NoMatchingError disconnected",
		},
		"email takes no message": {
			scenario{options: flow.Options{Channel: flow.Email}, flow: message(`{"PromptId":"p"}`)},
			"hi→NextAction disconnected",
		},
		"an empty message is an error": {
			scenario{flow: message(`{"Text":"$.External.nothing"}`)},
			"hi→NoMatchingError disconnected",
		},
		"bad SSML is an error": {scenario{flow: message(`{"SSML":"<speak>x"}`)}, "hi→NoMatchingError disconnected"},
		"bad SSML, closed wrongly": {
			scenario{flow: message(`{"SSML":"<speak>x</p></speak>"}`)},
			"hi→NoMatchingError disconnected",
		},

		"an error without a branch goes on at NextAction": {
			scenario{flow: `hi MessageParticipant {"Text":"$.External.nothing"} >bye` + bye},
			"hi→NextAction disconnected",
		},
		"an error without a branch can stop the flow": {
			scenario{
				assume: map[string]string{"missing_error_branch": "stop"},
				flow:   `hi MessageParticipant {"Text":"$.External.nothing"} >bye` + bye,
			},
			"hi→NoMatchingError fatal",
		},
		"no NextAction is fatal": {scenario{flow: `hi MessageParticipant {"Text":"hello"}`}, "2s:hi→NextAction fatal"},
		"the caller hangs up": {
			scenario{hangUp: time.Second, flow: `hi MessageParticipant {"Text":"hello"} >bye` + bye},
			"1s:hung up",
		},
		"a loop without end is stopped": {
			scenario{
				assume: map[string]string{"action_guard": "10"},
				flow: `
					a UpdateFlowLoggingBehavior {"FlowLoggingBehavior":"Enabled"} >b
					b UpdateFlowLoggingBehavior {"FlowLoggingBehavior":"Disabled"} >a`,
			},
			"a→NextAction b→NextAction a→NextAction b→NextAction a→NextAction b→NextAction a→NextAction " +
				"b→NextAction a→NextAction b→NextAction guard",
		},
		"an alias is invoked": {
			scenario{flow: calledByAlias, replies: []reply{ok}}, "100ms:fn→NextAction disconnected",
		},
		"an alias can be refused": {
			scenario{assume: map[string]string{"alias_association": "error"}, flow: calledByAlias},
			"fn→NoMatchingError disconnected",
		},
		"an unknown action goes on": {scenario{flow: `x AgenticCX {} >bye` + bye}, "x→NextAction disconnected"},
		"an unknown action can stop": {
			scenario{
				assume: map[string]string{"unknown_action": "stop"},
				flow:   `x AgenticCX {} >bye !NoMatchingError=err` + bye,
			},
			"x→NoMatchingError disconnected",
		},
		"an unknown action with a result from the scenario": {
			scenario{
				options: flow.Options{World: world("x", flow.Outcome{Result: "Resolved"})},
				flow:    `x AgenticCX {} >err Resolved=bye` + bye,
			},
			"x→Resolved disconnected",
		},

		"a loop continues, is done, and begins again": {
			scenario{flow: `
				loop Loop {"LoopCount":"2"} >bye ContinueLooping=loop DoneLooping=again
				again Loop {"LoopCount":"0"} >bye ContinueLooping=bye DoneLooping=bye` + bye},
			"loop→ContinueLooping loop→ContinueLooping loop→DoneLooping again→DoneLooping disconnected",
		},
		"a loop's count may be a reference and a number": {
			scenario{
				options: flow.Options{Attributes: map[string]string{"n": "1"}},
				flow: `
					loop Loop {"LoopCount":"$.Attributes.n"} >bye ContinueLooping=loop DoneLooping=two
					two Loop {"LoopCount":1} >bye ContinueLooping=two DoneLooping=bye` + bye,
			},
			"loop→ContinueLooping loop→DoneLooping two→ContinueLooping two→DoneLooping disconnected",
		},
		"a loop's count that is not a number is an error": {
			scenario{
				flow: `
					loop Loop {"LoopCount":"$.Attributes.n"}
						>bye ContinueLooping=loop DoneLooping=bye !NoMatchingError=err` + bye,
			},
			"loop→NoMatchingError disconnected",
		},

		"function: success": {scenario{replies: []reply{ok}, flow: call}, "100ms:fn→NextAction disconnected"},
		"function: time limit": {
			scenario{
				replies: []reply{{never: true}},
				flow: `
					fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":3}
						>bye !NoMatchingError=err` + bye,
			},
			"3s:fn→NoMatchingError disconnected",
		},
		"function: time limit with its own branch": {
			scenario{
				replies: []reply{{never: true}},
				assume:  map[string]string{"timeout_error": "Timeout"},
				flow: `
					fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":3}
						>bye !NoMatchingError=err !Timeout=bye` + bye,
			},
			"3s:fn→Timeout disconnected",
		},
		"function: a limit over 8 s counts as 8 s": {
			scenario{
				replies: []reply{{never: true}},
				flow: `
					fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"30"}
						>bye !NoMatchingError=err` + bye,
			},
			"8s:fn→NoMatchingError disconnected",
		},
		"function: an exception is not repeated": {
			scenario{replies: []reply{{takes: time.Second, error: "ValueError"}}, flow: call},
			"1s:fn→NoMatchingError disconnected",
		},
		"function: throttling is repeated three times": {
			scenario{
				replies: []reply{{takes: time.Second, error: "TooManyRequestsException", retryable: true}},
				flow:    call,
			},
			"4s:fn→NoMatchingError disconnected",
		},
		"function: a repeat may succeed": {
			scenario{
				replies: []reply{{takes: time.Second, error: "TooManyRequestsException", retryable: true}, ok},
				flow:    call,
			},
			"1.1s:fn→NextAction disconnected",
		},
		"function: repeats end with the block's limit": {
			scenario{
				replies: []reply{{takes: 3 * time.Second, error: "ServiceException", retryable: true}},
				flow:    call,
			},
			"8s:fn→NoMatchingError disconnected",
		},
		"function: exceptions can be repeated, with a pause": {
			scenario{
				replies: []reply{{takes: time.Second, error: "ValueError"}},
				assume: map[string]string{
					"retried_failures": "all",
					"connect_retries":  "1",
					"retry_pause_ms":   "500",
				},
				flow: call,
			},
			"2.5s:fn→NoMatchingError disconnected",
		},
		"function: a reply that is not JSON": {
			scenario{replies: []reply{{payload: `{`}}, flow: call},
			"fn→NoMatchingError disconnected",
		},
		"function: a reply with text after it": {
			scenario{replies: []reply{{payload: `{} {}`}}, flow: call},
			"fn→NoMatchingError disconnected",
		},
		"function: a number is a valid JSON reply": {
			scenario{replies: []reply{{payload: `5`}}, flow: call},
			"fn→NextAction disconnected",
		},
		"function: a reply that is too large": {
			scenario{
				replies: []reply{{payload: `{"a":"long text"}`}},
				assume:  map[string]string{"response_limit_bytes": "10"},
				flow:    call,
			},
			"fn→NoMatchingError disconnected",
		},
		"function: no ARN": {
			scenario{
				flow: `
					fn InvokeLambdaFunction {"LambdaFunctionARN":"$.Attributes.arn","InvocationTimeLimitSeconds":"8"}
						>bye !NoMatchingError=err` + bye,
			},
			"fn→NoMatchingError disconnected",
		},
		"functions in a row: 20 s": {
			scenario{
				replies: []reply{{takes: 7 * time.Second, payload: `{}`}},
				flow: `
					a InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"} >b
					b InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"} >c
					c InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"}
						>d !NoMatchingError=d
					d InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"}
						>bye !NoMatchingError=err` + bye,
			},
			"7s:a→NextAction 14s:b→NextAction 20s:c→NoMatchingError d→NoMatchingError disconnected",
		},
		"functions in a row: a message starts the count again": {
			scenario{
				replies: []reply{{takes: 7 * time.Second, payload: `{}`}},
				flow: `
					a InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"} >b
					b InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"} >hi
					hi MessageParticipant {"Text":"still here"} >c
					c InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"}
						>bye !NoMatchingError=err` + bye,
			},
			"7s:a→NextAction 14s:b→NextAction 16s:hi→NextAction 23s:c→NextAction disconnected",
		},
		"functions in a row: no limit": {
			scenario{
				assume:  map[string]string{"chain_limit_seconds": "0"},
				replies: []reply{{takes: 7 * time.Second, payload: `{}`}},
				flow: `
					a InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"8"} >l
					l Loop {"LoopCount":"2"} >bye ContinueLooping=a DoneLooping=bye` + bye,
			},
			"7s:a→NextAction l→ContinueLooping 14s:a→NextAction l→ContinueLooping 21s:a→NextAction l→DoneLooping " +
				"disconnected",
		},

		"the scenario's error": {
			scenario{
				options: flow.Options{World: world(flowlang.MessageParticipant,
					flow.Outcome{Error: "NoMatchingError", Takes: 5 * time.Second})},
				flow: message(`{"Text":"hello"}`),
			},
			"5s:hi→NoMatchingError disconnected",
		},
		"hours: by default open": {
			scenario{
				options: flow.Options{Queue: "q"},
				flow:    `h CheckHoursOfOperation {} >err True=bye False=err !NoMatchingError=err` + bye,
			},
			"h→True disconnected",
		},
		"hours: as the scenario says, in turn": {
			scenario{
				options: flow.Options{World: world("h", flow.Outcome{Result: "False"}, flow.Outcome{Result: "True"})},
				flow: `
					h CheckHoursOfOperation {"HoursOfOperationId":"x"}
						>err True=bye False=h !NoMatchingError=err` + bye,
			},
			"h→False h→True disconnected",
		},
		"hours: neither hours nor queue": {
			scenario{flow: `h CheckHoursOfOperation {} >err True=bye False=err !NoMatchingError=err` + bye},
			"h→NoMatchingError disconnected",
		},
		"staffing": {
			scenario{
				options: flow.Options{
					Queue: "q",
					World: flow.World{Metrics: map[string]string{"Agents.Staffed.Count": "0"}},
				},
				flow: `
					m CheckMetricData {"MetricType":"NumberOfAgentsStaffed"}
						>err NumberGreaterThan:0=err !NoMatchingCondition=n !NoMatchingError=err
					n CheckMetricData {"MetricType":"NumberOfAgentsAvailable"}
						>err NumberGreaterThan:0=bye !NoMatchingCondition=err !NoMatchingError=err` + bye,
			},
			"m→NoMatchingCondition n→NumberGreaterThan 0 disconnected",
		},
		"an empty queue's oldest contact is 0 old": {
			scenario{
				options: flow.Options{Queue: "q"},
				flow: `
					m CheckMetricData {"MetricType":"OldestContactInQueueAgeSeconds"}
						>err 0=bye !NoMatchingCondition=err !NoMatchingError=err` + bye,
			},
			"m→0 disconnected",
		},
		"the oldest contact's age is in milliseconds": {
			scenario{
				options: flow.Options{
					Queue: "q",
					World: flow.World{Metrics: map[string]string{"Queue.OldestContactAge": "301"}},
				},
				flow: `
					m CheckMetricData {"MetricType":"OldestContactInQueueAgeSeconds"}
						>err NumberGreaterThan:300000=bye !NoMatchingCondition=err !NoMatchingError=err` + bye,
			},
			"m→NumberGreaterThan 300000 disconnected",
		},
		"percentages": {
			scenario{
				options: flow.Options{World: world("p", flow.Outcome{Result: "4"})},
				flow: `p DistributeByPercentage {}
					>err NumberLessThan:4=err NumberLessThan:10=bye !NoMatchingCondition=err` + bye,
			},
			"p→NumberLessThan 10 disconnected",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := course(test.play(t)); got != test.want {
				t.Errorf("took  %s\nwant  %s", got, test.want)
			}
		})
	}
}
