package asl

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/value"
)

// Machine is a parsed state machine. It is immutable.
type Machine struct {
	scopes         []*scope // the first is the machine itself, then those of Parallel and Map states as they are met
	timeoutSeconds int64    // 0: none
	comment        string
}

// scope is a set of states with its own start: the machine itself, a branch of a Parallel state or the processor of a
// Map state.
type scope struct {
	startAt string
	states  map[string]state
	names   []string // in the order of the definition
	// inMapRun says that the scope belongs to the executions of a Distributed Map.
	inMapRun bool
}

// Task is a Task state or a Distributed Map of a machine, for checks before it runs.
type Task struct {
	State    string // name of the state
	Resource string // as written; "" for a Distributed Map
	// Service and Action are what the resource stands for: "lambda" and "invoke" for both ways to call a function,
	// "dynamodb" and "getItem", "states" and "startExecution", "aws-sdk:s3" and "listBuckets", "activity" and the
	// activity's name, MapRunService and MapRunAction.
	Service, Action string
	// FunctionName is the name or ARN of the Lambda function, when the definition says it without a path.
	FunctionName string
	// Endpoint is the URL that http:invoke calls, when the definition says it without a path.
	Endpoint string
	Pos      source.Pos
}

// String is the state and what it calls.
func (t Task) String() string {
	return fmt.Sprintf("%q (%s)", t.State, cmp.Or(t.Resource, "a Distributed Map"))
}

// Tasks returns every Task state and every Distributed Map, those in Parallel and inline Map states too, in the order
// of the definition. What is inside a Distributed Map belongs to its run.
func (m *Machine) Tasks() []Task {
	var tasks []Task
	for _, scope := range m.scopes {
		for _, name := range scope.names {
			switch s := scope.states[name].(type) {
			case *taskState:
				if !scope.inMapRun {
					tasks = append(tasks, s.describe())
				}
			case *mapState:
				if s.distributed != nil && !scope.inMapRun {
					tasks = append(tasks, Task{State: s.name, Service: MapRunService, Action: MapRunAction, Pos: s.pos})
				}
			}
		}
	}
	slices.SortStableFunc(tasks, func(a, b Task) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return tasks
}

// Comment returns the definition's comment.
func (m *Machine) Comment() string { return m.comment }

// Kind is the kind of a state machine: STANDARD or EXPRESS.
type Kind string

// The kinds of state machines.
const (
	Standard Kind = "STANDARD"
	Express  Kind = "EXPRESS"
)

// Options are what an execution is created with.
type Options struct {
	ExecutionARN     string `json:"executionArn"`
	Name             string `json:"name"`
	RoleARN          string `json:"roleArn"`
	StateMachineARN  string `json:"stateMachineArn"`
	StateMachineName string `json:"stateMachineName"`
	// Kind is STANDARD when it is empty. An EXPRESS execution has no limit of history events, but ends after 5
	// minutes.
	Kind Kind `json:"kind,omitempty"`
	// Seed decides every random number and id of the execution.
	Seed uint64 `json:"seed"`
}

// expressTimeout is the longest that an EXPRESS execution may take (AWS developer guide, service quotas).
const expressTimeout = 5 * 60

// NewExecution makes an execution that has not started: its first event must be Started. The input must be JSON of at
// most MaxDataBytes; empty input is {}.
func (m *Machine) NewExecution(o Options, input json.RawMessage) (*Execution, error) {
	if len(input) == 0 {
		input = json.RawMessage("{}")
	}
	if len(input) > MaxDataBytes {
		return nil, fmt.Errorf("the input has %d bytes; at most %d are allowed", len(input), MaxDataBytes)
	}
	decoded, err := value.Decode(input)
	if err != nil {
		return nil, errors.New("the input is not valid JSON: " + err.Error())
	}
	return &Execution{machine: m, r: record{
		Options: o, Input: data{value: decoded}, InputText: string(input), Status: Created,
		Frames: map[int]*frame{}, Open: map[ID]*opened{},
	}}, nil
}

// Restore makes an execution from what Execution.MarshalJSON wrote. It must belong to this machine.
func (m *Machine) Restore(saved []byte) (*Execution, error) {
	e := &Execution{machine: m, r: record{Frames: map[int]*frame{}, Open: map[ID]*opened{}}}
	if err := json.Unmarshal(saved, &e.r); err != nil {
		return nil, fmt.Errorf("the saved execution is not valid: %w", err)
	}
	if !e.consistent() {
		return nil, errors.New("the saved execution does not belong to this state machine")
	}
	return e, nil
}

// consistent reports whether every frame is in a state of the machine and every open ID belongs to a frame.
func (e *Execution) consistent() bool {
	for id, f := range e.r.Frames {
		if f == nil || f.ID != id || !e.machine.has(f.Scope, f.State) {
			return false
		}
		if parent := e.r.Frames[f.Parent]; f.Parent != 0 && (parent == nil || parent.Group == nil) {
			return false
		}
		if f.Group != nil && slices.ContainsFunc(f.Group.Running, func(id int) bool { return e.r.Frames[id] == nil }) {
			return false
		}
	}
	for _, o := range e.r.Open {
		if o == nil || o.Kind != openExecutionTimeout && e.r.Frames[o.Frame] == nil {
			return false
		}
	}
	return true
}

func (m *Machine) has(scope int, state string) bool {
	return scope >= 0 && scope < len(m.scopes) && m.scopes[scope].states[state] != nil
}

// timeout returns how long an execution may take, 0 when there is no limit.
func (m *Machine) timeout(kind Kind) time.Duration {
	seconds := m.timeoutSeconds
	if kind == Express && (seconds == 0 || seconds > expressTimeout) {
		seconds = expressTimeout
	}
	return time.Duration(seconds) * time.Second
}
