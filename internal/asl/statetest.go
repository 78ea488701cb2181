package asl

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/value"
)

// StateTest is what one state of a machine is tested with, as TestState of the service takes it.
type StateTest struct {
	State     string          // "" for the only state of a machine that ParseState made
	Variables json.RawMessage // values by name, an object; may be empty
	Context   json.RawMessage // the context object, instead of one made up here; may be empty
	Mock      *Mock           // nil: what the state calls is called
	// RetryCount is how many attempts the retrier has made that is meant by the error.
	RetryCount int
	// FailedIterations is how many iterations of a Map state have failed.
	FailedIterations int
	// ItemReaderData is what the ItemReader of a Map state has read.
	ItemReaderData string
}

// Mock is what a state comes to without calling anything: a result, or an error.
type Mock struct {
	Result json.RawMessage // the whole result, before ResultSelector; nil for an error
	Error  string
	Cause  string
}

// TestStatus is what a state that was tested came to.
type TestStatus string

// The statuses of a test (API reference of TestState).
const (
	TestSucceeded TestStatus = "SUCCEEDED"
	TestFailed    TestStatus = "FAILED"
	TestRetriable TestStatus = "RETRIABLE"
	TestCaught    TestStatus = "CAUGHT_ERROR"
)

// StateOutcome is what came of a test.
type StateOutcome struct {
	Status     TestStatus
	Output     json.RawMessage // of the state, or of the catcher; nil when the state failed
	Error      string
	Cause      string
	Next       string // "" when the state ends its sequence or failed
	Inspection Inspection
}

// Inspection is what the data looked like at each stage of the state, under the names that TestState's inspectionData
// has. Data are Text, counts are numbers.
type Inspection map[string]any

// The stages of a state's data.
const (
	stageInput        = "input"
	stageInputPath    = "afterInputPath"
	stageParameters   = "afterParameters"
	stageArguments    = "afterArguments"
	stageItemsPath    = "afterItemsPath"
	stageItemsPointer = "afterItemsPointer"
	stageItemSelector = "afterItemSelector"
	stageItemBatcher  = "afterItemBatcher"
	stageConcurrency  = "maxConcurrency"
	stageCount        = "toleratedFailureCount"
	stagePercentage   = "toleratedFailurePercentage"
	stageResult       = "result"
	stageSelector     = "afterResultSelector"
	stageResultPath   = "afterResultPath"
	stageVariables    = "variables"
	stageErrorDetails = "errorDetails"
)

// testTimeout is the longest that a test may take (API reference of TestState).
const testTimeout = 5 * time.Minute

// stateTest is a test that is going on.
type stateTest struct {
	StateTest
	frame   *frame // that is in the state
	context any    // decoded, nil when none was given
	reader  *itemsRead
	outcome StateOutcome
}

// ParseState makes a machine of the definition of a single state, whose Next may name any state. It is called
// testedState, as the service calls it. The machine is nil when there are errors.
func ParseState(definition []byte, kind Kind) (*Machine, []Diagnostic) {
	node, found := readDefinition(definition)
	if node == nil {
		return nil, found
	}
	text := func(s string) *source.Node { return &source.Node{Kind: source.String, Text: s} }
	object := func(members ...source.Member) *source.Node {
		return &source.Node{Kind: source.Object, Members: members}
	}
	doc := object(source.Member{Key: "StartAt", Value: text(testedState)},
		source.Member{Key: "States", Value: object(source.Member{Key: testedState, Value: node})})
	p := newParser(definitionName, kind)
	p.single = true
	p.parse(doc)
	return p.sound(), p.found
}

// testedState is the name of a state that is tested by its definition alone (recorded in places of findings).
const testedState = "StateName"

// find returns the scope and the state of a name, at any depth; "" is the only state of a machine of ParseState.
func (m *Machine) find(name string) (scope int, s state, ok bool) {
	if name == "" {
		name = testedState
	}
	for i := range m.scopes {
		if s, ok := m.scopes[i].states[name]; ok {
			return i, s, true
		}
	}
	return 0, nil, false
}

// StateInfo is what is known of a state before it runs.
type StateInfo struct {
	Name        string
	Type        string // Pass, Task, …
	Task        Task   // of a Task state
	Direct      bool   // of a Task: its resource is the ARN of a function or of an activity
	Pattern     string // of a Task's integration: sync, waitForTaskToken, …; "" for request-response
	Distributed bool   // of a Map state: its iterations are executions
	Writes      bool   // of a Map state: a ResultWriter takes the results
	Inner       []string
}

// State returns a state by its name, at any depth; "" is the only state of a machine of ParseState. ok is false when
// there is none.
func (m *Machine) State(name string) (info StateInfo, ok bool) {
	_, s, ok := m.find(name)
	if !ok {
		return info, false
	}
	info = StateInfo{Name: s.base().name, Type: s.base().kind, Inner: m.statesWithin(scopesOf(s)...)}
	switch s := s.(type) {
	case *taskState:
		info.Task, info.Pattern, info.Direct = s.describe(), s.resource.pattern, s.resource.direct
	case *mapState:
		info.Distributed = s.distributed != nil
		info.Writes = info.Distributed && s.distributed.writer
	}
	return info, true
}

// scopesOf are the scopes inside a state.
func scopesOf(s state) []int {
	switch s := s.(type) {
	case *mapState:
		return []int{s.processor}
	case *parallelState:
		return s.branches
	}
	return nil
}

// statesWithin are the names of the states of scopes and of those inside them.
func (m *Machine) statesWithin(scopes ...int) (names []string) {
	for _, scope := range scopes {
		names = append(names, m.scopes[scope].names...)
		for _, name := range m.scopes[scope].names {
			names = append(names, m.statesWithin(scopesOf(m.scopes[scope].states[name])...)...)
		}
	}
	return names
}

// NewStateTest makes an execution of one state: it ends when the state does, and StateOutcome then says how. It is not
// meant to be saved.
func (m *Machine) NewStateTest(o Options, test StateTest, input json.RawMessage) (*Execution, error) {
	scope, s, ok := m.find(test.State)
	if !ok {
		return nil, fmt.Errorf("the state machine has no state %q", test.State)
	}
	e, err := m.NewExecution(o, input)
	if err != nil {
		return nil, err
	}
	running := &stateTest{StateTest: test, outcome: StateOutcome{Inspection: Inspection{}}}
	context, err := decodeObject("context", test.Context)
	if err != nil {
		return nil, err
	}
	if context != nil {
		running.context = context
	}
	variables, err := decodeObject("variables", test.Variables)
	if err != nil {
		return nil, err
	}
	if of, ok := s.(*mapState); ok && test.ItemReaderData != "" {
		if running.reader, err = of.distributed.read(test.ItemReaderData); err != nil {
			return nil, err
		}
	}
	f := &frame{Scope: scope, State: s.base().name, Input: e.r.Input, Variables: map[string]variable{}}
	if variables != nil {
		for name, v := range variables.All() {
			f.Variables[name] = newVariable(v)
		}
	}
	running.frame = f
	e.test = running
	return e, nil
}

// decodeObject reads JSON that must be an object; nil for none.
func decodeObject(name string, text json.RawMessage) (*value.Object, error) {
	if len(text) == 0 {
		return nil, nil
	}
	v, err := value.Decode(text)
	if err != nil {
		return nil, fmt.Errorf("the %s: %w", name, err)
	}
	object, ok := v.(*value.Object)
	if !ok {
		return nil, errors.New("the " + name + " must be a JSON object")
	}
	return object, nil
}

// StateOutcome returns what came of a test that has ended.
func (e *Execution) StateOutcome() StateOutcome {
	if e.test == nil {
		return StateOutcome{}
	}
	return e.test.outcome
}

// inspect keeps what the data of the state that is tested look like at a stage.
func (t *turn) inspect(stage string, v any) {
	if t.test != nil {
		t.test.outcome.Inspection[stage] = Text{value: v}
	}
}

// mockedEnd is the event that ends a task of a state that is tested with a mock, nil without one.
func (t *turn) mockedEnd(id ID) Event {
	switch {
	case t.test == nil || t.test.Mock == nil:
		return nil
	case t.test.Mock.Result == nil:
		return TaskFailed{At: t.at, ID: id, Error: t.test.Mock.Error, Cause: t.test.Mock.Cause}
	}
	return TaskSucceeded{At: t.at, ID: id, Output: t.test.Mock.Result, Whole: true}
}

// concludeMocked ends a Parallel or Map state that is tested by its mock.
func (t *turn) concludeMocked(f *frame, d *dataFlow, next string) *failure {
	mock := t.test.Mock
	if mock.Result == nil {
		return &failure{Error: mock.Error, Cause: mock.Cause, InChild: true}
	}
	return t.conclude(f, d, next, decodeResult(mock.Result))
}

// testLeft ends the test of a state that was left for the next one.
func (t *turn) testLeft(f *frame, next string, output any) {
	t.test.outcome.Next, t.test.outcome.Output = next, encode(output)
	if t.test.outcome.Status == "" {
		t.test.outcome.Status = TestSucceeded
	}
	t.succeed(f.Previous, output)
}

// testRetriable ends the test of a state that would be tried again by a retrier.
func (t *turn) testRetriable(f *frame, index int, delay time.Duration, fail failure) {
	t.test.failed(TestRetriable, fail, value.M("retryIndex", number(int64(index))),
		value.M("retryBackoffIntervalSeconds", number(int64(delay/time.Second))))
	t.end(Failed, f.Previous, fail)
}

// testCaught notes which catcher took the error of a state that is tested.
func (t *turn) testCaught(index int, fail failure) {
	if t.test != nil {
		t.test.failed(TestCaught, fail, value.M("catchIndex", number(int64(index))))
	}
}

func (test *stateTest) failed(status TestStatus, fail failure, details ...value.Member) {
	test.outcome.Status, test.outcome.Error, test.outcome.Cause = status, fail.Error, fail.Cause
	test.outcome.Inspection[stageErrorDetails] = encode(value.NewObject(details...))
}

// ended completes the outcome when the execution of the test ends.
func (test *stateTest) ended(e *Execution, status Status, fail failure) {
	if test.outcome.Status == "" || test.outcome.Status == TestCaught && status != Succeeded {
		test.outcome.Status, test.outcome.Error, test.outcome.Cause = TestFailed, fail.Error, fail.Cause
		delete(test.outcome.Inspection, stageErrorDetails)
	}
	test.outcome.Inspection[stageInput] = Text{value: e.r.Input.value, given: e.r.InputText}
	var variables []value.Member
	for _, name := range slices.Sorted(maps.Keys(test.frame.Variables)) {
		variables = append(variables, value.M(name, test.frame.Variables[name].value))
	}
	if len(variables) > 0 {
		test.outcome.Inspection[stageVariables] = Text{value: value.NewObject(variables...)}
	}
}

// test prepares the iterations of a Map state that is tested, and ends it by its mock.
func (s *mapState) test(t *turn, f *frame, input any) *failure {
	concurrency, fail := s.concurrency.evaluate(t, f, input)
	if fail != nil {
		return fail
	}
	t.test.outcome.Inspection[stageConcurrency] = concurrency
	items, fail := s.testedItems(t, f, input)
	if fail != nil {
		return fail
	}
	allowed, fail := s.inspectTolerance(t, f, input, len(items))
	if fail != nil {
		return fail
	}
	if fail := s.inspectIterations(t, f, input, items); fail != nil {
		return fail
	}
	if t.test.FailedIterations > allowed {
		return &failure{Error: errThreshold, Cause: thresholdExceeded, InChild: true}
	}
	return t.concludeMocked(f, &s.dataFlow, s.next)
}

// testedItems are the items of a Map state that is tested: those of the data that its ItemReader has read, or those
// of its input.
func (s *mapState) testedItems(t *turn, f *frame, input any) ([]any, *failure) {
	if s.distributed == nil || !s.distributed.reader {
		items, fail := s.items(t, f, input)
		if fail == nil && s.query == nil {
			t.inspect(stageItemsPath, items)
		}
		return items, fail
	}
	if t.test.reader == nil {
		return nil, nil
	}
	if t.test.reader.pointed {
		t.inspect(stageItemsPointer, t.test.reader.items)
	}
	return t.test.reader.items, nil
}

// inspectTolerance keeps how many iterations may fail, and returns that.
func (s *mapState) inspectTolerance(t *turn, f *frame, input any, length int) (int, *failure) {
	allowed, fail := s.tolerance.evaluate(t, f, input, length)
	if fail != nil || allowed == nil {
		return 0, fail
	}
	if s.tolerance.count != nil {
		count, fail := s.tolerance.count.evaluate(t, f, input)
		if fail != nil {
			return 0, fail
		}
		t.test.outcome.Inspection[stageCount] = count
	}
	if s.tolerance.percentage != nil {
		percent, fail := s.tolerance.percentOf(t, f, input)
		if fail != nil {
			return 0, fail
		}
		t.test.outcome.Inspection[stagePercentage] = percent
	}
	return *allowed, nil
}

// inspectIterations keeps what each iteration would get.
func (s *mapState) inspectIterations(t *turn, f *frame, input any, items []any) *failure {
	selected := make([]any, len(items))
	for i, item := range items {
		var fail *failure
		if selected[i], fail = s.selectItem(t, f, input, i, item); fail != nil {
			return fail
		}
	}
	t.inspect(stageItemSelector, selected)
	if s.batcher == nil {
		return nil
	}
	batches, fail := s.batcher.batches(t, f, input, selected)
	if fail == nil {
		t.inspect(stageItemBatcher, batches)
	}
	return fail
}

// States returns the names of all states, those in Parallel and Map states too.
func (m *Machine) States() []string { return m.statesWithin(0) }
