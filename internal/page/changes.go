package page

import (
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
)

// change is something that whoever looks at a call can change in it.
type change struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Timed bool   `json:"timed"` // it takes a number of seconds
	make  func(time.Duration) scenario.Change
}

// changesOf are those that matter to a call.
func changesOf(played *call.Call) []change {
	var list []change
	for _, name := range played.FunctionNames() {
		list = append(list, functionChanges(name)...)
	}
	fault := func(name, label string, faults ...local.Fault) {
		list = append(list, change{Name: name, Label: label, make: func(time.Duration) scenario.Change {
			return scenario.Change{Faults: append([]local.Fault{}, faults...)}
		}})
	}
	fault("lambda-down", "Lambda does not answer",
		local.Fault{Service: local.Lambda, Takes: unanswered})
	fault("lambda-throttled", "Lambda is throttled",
		local.Fault{Service: local.Lambda, Error: "TooManyRequestsException"})
	fault("states-throttled", "Step Functions is throttled",
		local.Fault{Service: local.StepFunctions, Error: "ThrottlingException"})
	fault("aws-well", "AWS works again")
	if checksHours(played) {
		for _, open := range []struct{ name, label, result string }{
			{"hours-closed", "the hours of operation: closed", "False"},
			{"hours-open", "the hours of operation: open", "True"},
		} {
			list = append(list, change{Name: open.name, Label: open.label, make: func(time.Duration) scenario.Change {
				return scenario.Change{World: flow.World{Outcomes: map[string][]flow.Outcome{
					flowlang.CheckHoursOfOperation: {{Result: open.result}}}}}
			}})
		}
	}
	return list
}

// unanswered is how much longer a Lambda takes that does not answer: longer than Connect waits.
const unanswered = time.Minute

// longestTakes is the most that a function can be made to take, as the page's field for it says.
const longestTakes = time.Hour

// functionChanges are those of one function.
func functionChanges(name string) []change {
	alter := func(key, label string, timed bool, of func(time.Duration) local.Alteration) change {
		return change{Name: key + " " + name, Label: name + " " + label, Timed: timed,
			make: func(d time.Duration) scenario.Change {
				return scenario.Change{Functions: map[string]local.Alteration{name: of(d)}}
			}}
	}
	return []change{
		alter("takes", "takes …", true, func(d time.Duration) local.Alteration {
			return local.Alteration{Takes: &d}
		}),
		alter("fails", "fails", false, func(time.Duration) local.Alteration {
			return local.Alteration{Error: "Error", Message: "changed on the page"}
		}),
		alter("throttled", "is throttled", false, func(time.Duration) local.Alteration {
			return local.Alteration{Throttled: true}
		}),
		alter("usual", "does as usual again", false, func(time.Duration) local.Alteration {
			return local.Alteration{}
		}),
	}
}

// checksHours reports whether a flow of the call asks for hours of operation, and the scenario gives no outcome of
// one such action by its name.
func checksHours(played *call.Call) bool {
	for _, f := range played.Flows() {
		for _, a := range f.Actions {
			if a.Type == flowlang.CheckHoursOfOperation {
				return true
			}
		}
	}
	return false
}
