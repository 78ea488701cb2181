package workspace

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/jsonata"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/value"
)

// tasks are the stand-ins of tasks for an account.
func (w *Workspace) tasks(o local.Options) map[string]local.TaskStandIn {
	standIns := map[string]local.TaskStandIn{}
	for i, pattern := range slices.Sorted(maps.Keys(w.options.Tasks)) {
		random := rand.New(rand.NewPCG(o.Seed, uint64(i)))
		standIns[pattern] = taskInTurn(w.options.Tasks[pattern], random)
	}
	return standIns
}

// turns are the outcomes of a task's stand-in that have the same condition.
type turns struct {
	when     *jsonata.Expression // nil: for every request
	outcomes []scenario.TaskOutcome
	calls    int
}

// taskInTurn returns the outcomes of a task's stand-in: of the first condition that a request fits, and after them
// those without one; one after the other, the last repeats.
func taskInTurn(outcomes []scenario.TaskOutcome, random *rand.Rand) local.TaskStandIn {
	var mu sync.Mutex
	list := byCondition(outcomes)
	return func(request json.RawMessage) (o local.TaskOutcome, ok bool) {
		input, err := value.Decode(request)
		if err != nil {
			return o, false
		}
		i := slices.IndexFunc(list, func(t *turns) bool { return t.fits(input) })
		if i < 0 {
			return o, false
		}
		mu.Lock()
		defer mu.Unlock()
		t := list[i]
		next := t.outcomes[min(t.calls, len(t.outcomes)-1)]
		t.calls++
		return local.TaskOutcome{
			Takes: taking(next.Takes, random), Submits: next.Submits, Waits: next.Waits, Result: next.Returns,
			Error: next.Error, Cause: next.Cause,
		}, true
	}
}

// byCondition groups outcomes by their condition, in the order of the conditions.
func byCondition(outcomes []scenario.TaskOutcome) []*turns {
	var list []*turns
	always := &turns{}
	known := map[string]*turns{"": always}
	for _, o := range outcomes {
		t := known[o.When]
		if t == nil {
			t = &turns{}
			t.when, _ = jsonata.Parse(o.When, jsonata.StepFunctions) // scenario.Read has checked it
			known[o.When], list = t, append(list, t)
		}
		t.outcomes = append(t.outcomes, o)
	}
	if len(always.outcomes) > 0 {
		list = append(list, always)
	}
	return list
}

// fits reports whether the condition holds for a request. One that cannot be evaluated does not.
func (t *turns) fits(request any) bool {
	if t.when == nil {
		return true
	}
	result, err := t.when.Evaluate(&jsonata.Environment{Input: request, HasInput: true})
	return err == nil && result.Value == true
}

// taking is how long something takes this time.
func taking(t scenario.Takes, random *rand.Rand) time.Duration {
	if spread := t.High - t.Low; spread > 0 {
		return t.Low + time.Duration(random.Int64N(int64(spread)+1))
	}
	return t.Low
}

// inTurn returns the outcomes of a stand-in one after the other; the last repeats.
func inTurn(s scenario.StandIn, random *rand.Rand) func() local.Outcome {
	var mu sync.Mutex
	calls := 0
	return func() local.Outcome {
		mu.Lock()
		defer mu.Unlock()
		o := s.Outcomes[min(calls, len(s.Outcomes)-1)]
		calls++
		return local.Outcome{
			Takes: taking(o.Takes, random), Payload: o.Returns, Error: o.Error, Message: o.Message,
			Throttled: o.Throttled,
		}
	}
}
