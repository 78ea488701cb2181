package flow_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
)

// TestEventsForClosedIDsAreIgnored sends events that nobody waits for: before, during and after what they name, and
// after the end.
func TestEventsForClosedIDsAreIgnored(t *testing.T) {
	c := flow.NewContact(build(t, flowlang.ContactFlow, `
		hi MessageParticipant {"Text":"hello"} >fn
		fn InvokeLambdaFunction {"LambdaFunctionARN":"arn:f","InvocationTimeLimitSeconds":"8"}
			>bye !NoMatchingError=bye`+bye), flow.Options{})
	nothing := func(what string, ev flow.Event) {
		t.Helper()
		if commands := c.Advance(ev); len(commands) > 0 {
			t.Errorf("%s: %v", what, commands)
		}
	}
	nothing("before the beginning", flow.Said{At: epoch, ID: "say-1"})
	commands := c.Advance(flow.Connected{At: epoch})
	say := commands[1].(flow.Say)
	nothing("connected twice", flow.Connected{At: epoch})
	nothing("another kind of event", flow.TimerFired{At: epoch, ID: say.ID})
	nothing("an unknown id", flow.Said{At: epoch, ID: "say-99"})
	nothing("keys that nobody asked for", flow.Input{At: epoch, Digits: "1"})
	commands = c.Advance(flow.Said{At: epoch, ID: say.ID})
	var call flow.InvokeFunction
	var timer flow.SetTimer
	for _, command := range commands {
		switch k := command.(type) {
		case flow.InvokeFunction:
			call = k
		case flow.SetTimer:
			timer = k
		}
	}
	nothing("said twice", flow.Said{At: epoch, ID: say.ID})
	commands = c.Advance(flow.TimerFired{At: timer.At, ID: timer.ID})
	if len(commands) == 0 || c.Ended() != flow.EndingDisconnected {
		t.Errorf("the time limit gives %v", commands)
	}
	nothing("a reply after the end", flow.FunctionReturned{At: epoch, ID: call.ID, Payload: []byte(`{}`)})
	nothing("hung up after the end", flow.HungUp{At: epoch})
}

// TestEveryIDIsClosed checks that a play closes everything that it opened.
func TestEveryIDIsClosed(t *testing.T) {
	for name, hangUp := range map[string]time.Duration{"to the end": 0, "hung up": 3500 * time.Millisecond} {
		d := scenario{
			flow:    doorbell,
			hangUp:  hangUp,
			replies: []reply{{takes: 4 * time.Second, payload: `{"answer":"42"}`}},
		}.play(t)
		open := map[string]bool{}
		for _, c := range d.commands {
			switch k := c.command.(type) {
			case flow.Say:
				open[k.ID] = true
			case flow.SetTimer:
				open[k.ID] = true
			case flow.InvokeFunction:
				open[k.ID] = true
			case flow.StopSaying:
				delete(open, k.ID)
			case flow.Cancel:
				delete(open, k.ID)
			}
		}
		for id := range open {
			for _, waiting := range d.queue {
				if waiting.id == id {
					t.Errorf("%s: %s is open after the end", name, id)
				}
			}
		}
	}
}

// TestFlowIsShared plays one flow many times at once: every play takes the same course.
func TestFlowIsShared(t *testing.T) {
	f := parse(t, pollingFlow)
	courses := make([]int, 16)
	var all sync.WaitGroup
	for i := range courses {
		all.Go(func() { courses[i] = playDirectly(flow.NewContact(f, flow.Options{}), 10) })
	}
	all.Wait()
	for _, actions := range courses {
		if actions != courses[0] {
			t.Fatalf("courses of different length: %v", courses)
		}
	}
}

// TestReferencesAtTheBeginning checks that a contact may come with values that an earlier flow left.
func TestReferencesAtTheBeginning(t *testing.T) {
	d := scenario{
		options: flow.Options{References: map[string]string{
			"$.External.a":                    "1",
			"$.FlowAttributes.b":              "2",
			"$.StoredCustomerInput":           "3",
			"$.CustomerId":                    "4",
			"$.Attributes.c":                  "5",
			"no reference":                    "6",
			"$.LambdaInvocation.ResultData.d": "7",
		}},
		flow: `
			hi MessageParticipant {"Text":"$.External.a $.LambdaInvocation.ResultData.a $.FlowAttributes.b ` +
			`$.StoredCustomerInput $.CustomerId $.Attributes.c $.External.d"} >bye` + bye,
	}.play(t)
	if heard(d) != "1 1 2 3 4 5 7" {
		t.Error(heard(d))
	}
}

// TestNotes checks that the timeline is told what the world, a limit or a repeat decided.
func TestNotes(t *testing.T) {
	d := scenario{
		options: flow.Options{
			Queue: "q",
			World: flow.World{Outcomes: map[string][]flow.Outcome{"h": {{Result: "False"}}}},
		},
		replies: []reply{{error: "TooManyRequestsException", retryable: true}, {payload: `{}`}},
		flow: `
			h CheckHoursOfOperation {} >err True=err False=g
			g CheckHoursOfOperation {} >err True=fn False=err
			fn InvokeLambdaFunction {"LambdaFunctionARN":"f","InvocationTimeLimitSeconds":"30"}
				>x !NoMatchingError=err
			x AgenticCX {} >bye` + bye,
	}.play(t)
	if got := notes(d, flow.NoteWorld); got != "as the scenario says: False | by default: True" {
		t.Error(got)
	}
	if got := notes(d, flow.NoteLimit); !strings.Contains(got, "8 s counts") {
		t.Error(got)
	}
	if got := notes(d, flow.NoteRetry); got != "TooManyRequestsException: attempt 2 of 4" {
		t.Error(got)
	}
	if got := notes(d, flow.NoteKind); !strings.Contains(got, "AgenticCX") {
		t.Error(got)
	}
}
