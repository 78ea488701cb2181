package call_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/style"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestEveryBranchOfEveryStyleIsTaken plays every style in courses that cover what it is made for, and then, for every
// action that some course comes by, with this action failing: no flow stops or loops without end, and every branch is
// taken. The flows without a recording are heavy.
func TestEveryBranchOfEveryStyleIsTaken(t *testing.T) {
	for _, o := range styles {
		if (o.Prompt == "" || o.Style == style.Wait) && !testrun.IsHeavy() {
			continue
		}
		e := &explorer{T: t, project: styled(t, o, "describe"), reaches: map[string]scenario.Scenario{},
			taken: map[call.Taken]int{}}
		for _, course := range courses(o) {
			e.play(course)
		}
		for e.failNext() {
		}
		for _, never := range call.CoverageOf([]call.Result{{Summaries: []call.Summary{{Branches: e.taken}},
			Flows: e.flows}})[0].Never {
			t.Errorf("%s %q never takes %s: %s", o.Style, o.Prompt, never.Action, never.Branch)
		}
		t.Logf("%s %q: %d plays", o.Style, o.Prompt, e.plays)
	}
}

// explorer plays the flow of a project and remembers which scenario comes by which action.
type explorer struct {
	*testing.T
	project *project.Project
	flows   map[string]*flow.Flow
	reaches map[string]scenario.Scenario
	taken   map[call.Taken]int
	plays   int
}

func (e *explorer) play(given scenario.Scenario) {
	e.Helper()
	e.plays++
	c, found := call.New(e.Context(), call.Options{Project: e.project, Scenario: given, Virtual: true})
	if c == nil {
		e.Fatal(found)
	}
	defer c.Close()
	e.flows = c.Flows()
	summaries, err := c.Play(e.Context(), 1, func(call.Event) {})
	if err != nil {
		e.Fatal(err)
	}
	s := summaries[0]
	if s.Ending == flow.EndingFatal || s.Ending == flow.EndingGuard || s.Executions > 1 {
		e.Errorf("%s: %s", s.Ending, s.Reason)
	}
	for branch, n := range s.Branches {
		e.taken[branch] += n
		if _, known := e.reaches[branch.Action]; !known {
			e.reaches[branch.Action] = given
		}
	}
}

// failNext lets one action fail for the first time, and reports whether there was one to fail.
func (e *explorer) failNext() bool {
	for file, f := range e.flows {
		for _, a := range f.Actions {
			given, reached := e.reaches[a.Identifier]
			branch := call.Taken{Flow: file, Action: a.Identifier, Branch: flowlang.NoMatchingError}
			_, tried := given.World.Outcomes[a.Identifier]
			if tried || !reached || e.taken[branch] > 0 || a.Error(flowlang.NoMatchingError) == nil {
				continue
			}
			outcomes := maps.Clone(given.World.Outcomes)
			if outcomes == nil {
				outcomes = map[string][]flow.Outcome{}
			}
			outcomes[a.Identifier] = []flow.Outcome{{Error: flowlang.NoMatchingError}, {}}
			given.World.Outcomes = outcomes
			e.reaches[a.Identifier] = given
			e.play(given)
			return true
		}
	}
	return false
}

// courses are calls that cover what a style is made for.
func courses(o style.Options) []scenario.Scenario {
	var list []scenario.Scenario
	course := func(d time.Duration, outcome scenario.Outcome, change func(*scenario.Scenario)) {
		s := stylish(o)
		s.Assumptions.ActionGuard = 100_000 // giving up in the wait style takes more than an hour
		returning(&s, d, outcome)
		change(&s)
		list = append(list, s)
	}
	faults := func(f ...local.Fault) func(*scenario.Scenario) { return func(s *scenario.Scenario) { s.Faults = f } }
	presses := func(key string) func(*scenario.Scenario) {
		return func(s *scenario.Scenario) { s.Callers[0].Does = []scenario.Step{{Heard: "press 1", Press: key}} }
	}
	good := scenario.Outcome{Returns: json.RawMessage(`{"balance":"1"}`)}
	large := scenario.Outcome{Returns: json.RawMessage(fmt.Sprintf(`{"text":%q}`, strings.Repeat("x", 33<<10)))}
	denied := local.Fault{Service: local.StepFunctions, Operation: "start", Error: "AccessDeniedException"}
	deniedOnce := denied
	deniedOnce.Calls = []int{1}
	course(330*time.Second, good, func(*scenario.Scenario) {})
	course(10*time.Second, scenario.Outcome{Error: "Boom"}, func(*scenario.Scenario) {})
	course(10*time.Second, large, func(*scenario.Scenario) {})
	course(10*time.Second, good, faults(denied))
	course(10*time.Second, good, faults(deniedOnce))
	course(time.Minute, good,
		faults(local.Fault{Service: local.StepFunctions, Operation: "describe", Error: "ThrottlingException"}))
	course(2*time.Minute, good,
		faults(local.Fault{Service: local.Lambda, From: 8 * time.Second, To: time.Minute, Error: "ServiceException"}))
	course(2*time.Minute, good,
		faults(local.Fault{Service: local.Lambda, From: 8 * time.Second, To: 9 * time.Minute, Takes: 4 * time.Second}))
	course(2*time.Minute, good,
		faults(local.Fault{Service: local.Lambda, From: 5 * time.Second, To: 8 * time.Second, Takes: 4 * time.Second}))
	course(2*time.Minute, good, presses("1"))
	course(2*time.Minute, good, func(s *scenario.Scenario) {
		presses("1")(s)
		faults(local.Fault{Service: local.StepFunctions, Operation: "stop", Error: "ThrottlingException"})(s)
	})
	course(2*time.Minute, good, presses("9"))
	course(2*time.Minute, good, func(s *scenario.Scenario) {
		s.Assumptions.FailedAsync, s.Assumptions.EarlyEvent = flow.FailedAsyncSilent, flow.EarlyEventMissed
		s.Faults = []local.Fault{{Service: local.Lambda, Calls: []int{2}, Error: "ServiceException"}}
	})
	return list
}
