package call_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/style"
	"github.com/connect-async/connect-async/internal/testrun"
)

// The orders in which a deployment goes while callers wait, from a time on. The first is what the exports do: the
// permission of Connect, the function, the state machine, which can be asked until its executions have ended. In the
// second the function goes last, and what it needs before it.
var destructions = map[string]func(at time.Duration) []local.Fault{
	"as the exports do": func(at time.Duration) []local.Fault {
		return []local.Fault{
			{Service: local.Lambda, From: at, To: at + 2*time.Second, Error: "AccessDeniedException"},
			{Service: local.Lambda, From: at + 2*time.Second, Error: "ResourceNotFoundException"},
			{Service: local.StepFunctions, Operation: "start", From: at + 4*time.Second, Error: "StateMachineDeleting"},
		}
	},
	"the function last": func(at time.Duration) []local.Fault {
		return []local.Fault{
			{Service: local.DynamoDB, From: at, Error: "ResourceNotFoundException"},
			{Service: local.StepFunctions, From: at, To: at + 5*time.Second, Error: "AccessDeniedException"},
			{Service: local.StepFunctions, Operation: "describe", From: at + 5*time.Second,
				Error: "ExecutionDoesNotExist"},
			{Service: local.StepFunctions, From: at + 5*time.Second, Error: "StateMachineDoesNotExist"},
			{Service: local.Lambda, From: at + 10*time.Second, Error: "ResourceNotFoundException"},
		}
	},
}

// toldWithin is how long after the first thing has gone a caller may wait for the flow's error branch. A flow believes
// the second failure in a row: the poll style checks after each text, a chat every 5 s, a queue every 25 s, and in the
// wait style a check that has begun goes on for up to 50 s. Until then the caller hears what callers hear who wait.
var toldWithin = map[style.Style]time.Duration{style.Poll: 6 * time.Second, style.Chat: 12 * time.Second,
	style.Queue: 52 * time.Second, style.Wait: 60 * time.Second}

// TestDestroyWhileCallersWait deletes what a flow calls, before, while and after it starts the work: every caller is
// told that it cannot be done, soon, and hears no dead air that a threshold names.
func TestDestroyWhileCallersWait(t *testing.T) {
	moments := []time.Duration{0, 2500 * ms, 9 * time.Second, 26 * time.Second}
	if !testrun.IsHeavy() {
		moments = moments[2:3]
	}
	worst := map[style.Style]time.Duration{}
	for i, o := range styles {
		p := styled(t, o, []string{"table", "describe"}[i%2])
		for order, faults := range destructions {
			for _, at := range moments {
				given := stylish(o)
				takes(2 * time.Minute)(&given)
				given.World.AgentAfter = 90 * time.Second
				given.Callers = append(given.Callers, given.Callers[0])
				given.Callers[1].Arrives = 7 * time.Second
				given.Faults = faults(at)
				summaries, events := playAll(t, call.Options{Project: p, Scenario: given, Virtual: true})
				for caller, s := range summaries {
					told, ok := toldOfFailure(events, caller, given.Callers[caller], at)
					worst[o.Style] = max(worst[o.Style], told)
					if !ok || told > toldWithin[o.Style] {
						t.Errorf("%s, %s from %v: the caller %d is told after %v (%v)", o.Style, order, at, caller,
							told, ok)
					}
					if borne := given.Borne(); s.LongestGap > borne.Note {
						t.Errorf("%s, %s from %v: the caller %d hears %v of silence at %v", o.Style, order, at, caller,
							s.LongestGap, s.LongestGapAt)
					}
				}
			}
		}
	}
	t.Logf("told after at most: %v", worst)
}

// toldOfFailure is how long after the beginning of a destruction, or of the call, a caller is told that the work
// failed.
func toldOfFailure(events []call.Event, caller int, who scenario.Caller, at time.Duration) (time.Duration, bool) {
	for _, e := range events {
		if e.Type == call.TypeSays && e.Caller == caller && strings.HasPrefix(e.Text, "I am sorry, ") {
			return e.At - max(at, who.Arrives), true
		}
	}
	return 0, false
}

// TestWhatConnectTriesAgain: it invokes a function again after a fault of Lambda's and after throttling, but neither
// one that has gone nor one that it may not invoke.
func TestWhatConnectTriesAgain(t *testing.T) {
	p := styled(t, style.Options{Style: style.Poll, Prompt: music}, "describe")
	const starts = 2 // the flow itself tries once more
	for code, each := range map[string]int{"ServiceException": 4, "TooManyRequestsException": 4,
		"ResourceNotFoundException": 1, "AccessDeniedException": 1} {
		given := scenario.Default()
		takes(time.Minute)(&given)
		given.Faults = []local.Fault{{Service: local.Lambda, Error: code}}
		s := playOnce(t, call.Options{Project: p, Scenario: given, Virtual: true})
		if s.Invocations != starts*each {
			t.Errorf("%s: %d invocations, want %d each time", code, s.Invocations, each)
		}
	}
}
