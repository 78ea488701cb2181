package machine

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// state is what Steps reads of a state.
type state struct {
	Type, Next, Default string
	Choices             []struct{ Next string }
}

// stepTypes are the types of states that are steps of the work. The others take no time, or do nothing in theirs.
var stepTypes = []string{"Task", "Map", "Parallel"}

// Steps are the steps of a state machine of the user's own: the names of the states at its top that do something, each
// after all that may come before it. What only a failure leads to is not among them. vary says that a Choice may
// leave some out. It fails where a step may come again, since nobody could say then how far the work is.
func Steps(text []byte) (steps []string, vary bool, err error) {
	var d struct {
		StartAt string
		States  map[string]state
	}
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, false, err
	}
	const open, done = 1, 2
	seen := map[string]int{}
	var visit func(name string) error
	visit = func(name string) error {
		s, ok := d.States[name]
		switch {
		case !ok || seen[name] == done:
			return nil
		case seen[name] == open:
			return fmt.Errorf("the state %q may come again after itself, so that no step says how far the work is",
				name)
		}
		seen[name] = open
		vary = vary || s.Type == "Choice"
		for _, next := range slices.Backward(s.following()) {
			if err := visit(next); err != nil {
				return err
			}
		}
		if seen[name] = done; slices.Contains(stepTypes, s.Type) {
			steps = append(steps, name)
		}
		return nil
	}
	if err := visit(d.StartAt); err != nil {
		return nil, false, err
	}
	if len(steps) == 0 {
		return nil, false, errors.New("no state of the definition is a step: a Task, Map or Parallel state")
	}
	slices.Reverse(steps)
	return steps, vary, nil
}

// HistorySteps are the steps that the history of an execution can tell, of a job whose state machine does not write
// them: those of a chain, or of a definition of the user's own, as Steps says them.
func HistorySteps(chain []string, definition []byte) (steps []string, vary bool, err error) {
	if len(chain) > 0 {
		return chain, false, nil
	}
	return Steps(definition)
}

// following are the names of the states that may come next, unless the state fails.
func (s state) following() []string {
	var names []string
	for _, choice := range s.Choices {
		names = append(names, choice.Next)
	}
	return append(names, s.Default, s.Next)
}
