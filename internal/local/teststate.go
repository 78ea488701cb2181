package local

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/httptask"
)

// StateTest is what TestState is asked.
type StateTest struct {
	Definition string // of a state, or of a state machine when State is set
	State      string // the state of the state machine to test, at any depth; "" for a definition of a state
	RoleARN    string
	Input      json.RawMessage // nil for {}
	Variables  json.RawMessage // nil for none
	Context    json.RawMessage // nil for one that is made up
	Mock       *StateMock      // nil: what the state calls is called
	// RevealSecrets asks for what a connection adds to a request. No connection is resolved here, so that the answer is
	// the same without it.
	RevealSecrets bool

	RetryCount       *int // retrierRetryCount
	CausedBy         string
	FailedIterations *int
	ItemReaderData   string
}

// StateMock is the mock of a StateTest: a result or an error, exactly one.
type StateMock struct {
	Result     *string
	Error      *MockError
	Validation string // fieldValidationMode: STRICT, PRESENT or NONE; "" is STRICT
}

// MockError is the error that a mock ends with.
type MockError struct{ Error, Cause string }

// The values of fieldValidationMode, of which the first is the default.
const (
	validateStrict  = "STRICT"
	validatePresent = "PRESENT"
	validateNone    = "NONE"
)

// ValidationModes are the values of fieldValidationMode.
var ValidationModes = []string{validateStrict, validatePresent, validateNone}

// TestState begins the test of one state, as the operation of Step Functions does. It is an execution that counts in no
// list, and of which nothing is kept; StateOutcome says what came of it when it has ended.
func (a *Account) TestState(r StateTest) (*Execution, error) {
	e, err := a.stateTest(r)
	if err == nil {
		e.run()
	}
	return e, err
}

// StateOutcome is what came of a test of one state.
type StateOutcome struct {
	asl.StateOutcome
	HTTP httptask.Exchange // of an HTTP Task that was called; empty for a mock and a stand-in
}

// StateOutcome is what came of a test of one state that has ended.
func (e *Execution) StateOutcome() StateOutcome {
	e.mu.Lock()
	defer e.mu.Unlock()
	return StateOutcome{StateOutcome: e.state.StateOutcome(), HTTP: e.test.Exchange()}
}

// stateTest makes the execution of a test.
func (a *Account) stateTest(r StateTest) (*Execution, error) {
	machine, err := r.parse()
	if err != nil {
		return nil, err
	}
	state, ok := machine.State(r.State)
	if !ok {
		return nil, errTest("State not found in definition: '%s'", r.State)
	}
	if err := r.check(state); err != nil {
		return nil, err
	}
	test := asl.StateTest{
		State: r.State, Variables: r.Variables, Context: r.Context, ItemReaderData: r.ItemReaderData,
		Mock: r.Mock.mock(),
	}
	if r.RetryCount != nil {
		test.RetryCount = *r.RetryCount
	}
	if r.FailedIterations != nil {
		test.FailedIterations = *r.FailedIterations
	}
	if len(r.Input) > 0 {
		if err := checkInput(r.Input); err != nil {
			return nil, err
		}
	}
	return a.newStateTest(machine, test, r)
}

// newStateTest makes the execution of a test that was checked.
func (a *Account) newStateTest(machine *asl.Machine, test asl.StateTest, r StateTest) (*Execution, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	m := StateMachine{
		ARN: a.StateMachineARN(testMachine), Name: testMachine, Kind: asl.Express, RoleARN: r.RoleARN, Machine: machine,
	}
	of := &stateMachine{StateMachine: m, running: 1}
	name := a.newID()
	arn := executionARN(of, name) + ":" + a.newID()
	state, err := machine.NewStateTest(a.engineOptions(&m, arn, name), test, r.Input)
	if err != nil {
		return nil, errTest("%v", err)
	}
	return &Execution{
		ARN: arn, Name: name, account: a, target: target{machine: of, runs: &m}, started: a.now(), state: state,
		open: map[asl.ID]*opened{}, end: asl.Finish{Status: asl.Running}, test: &httptask.Trace{},
	}, nil
}

// testMachine is the name of the state machine in the context object of a test.
const testMachine = "TestState"

// parse checks the definition.
func (r StateTest) parse() (*asl.Machine, error) {
	if r.State != "" {
		m := StateMachine{Name: testMachine, Kind: asl.Standard, Definition: r.Definition}
		err := m.read()
		return m.Machine, err
	}
	machine, found := asl.ParseState([]byte(r.Definition), asl.Standard)
	return machine, invalidDefinition(found)
}

// mock is the mock as the engine takes it.
func (m *StateMock) mock() *asl.Mock {
	switch {
	case m == nil:
		return nil
	case m.Error != nil:
		return &asl.Mock{Error: m.Error.Error, Cause: m.Error.Cause}
	}
	return &asl.Mock{Result: json.RawMessage(*m.Result)}
}

// check refuses what the service refuses of a test. The kinds of refusals are recorded, and the place that the refusal
// of a definition names; the texts are not.
func (r StateTest) check(s asl.StateInfo) error {
	if r.Mock == nil {
		return r.checkUnmocked(s)
	}
	switch s.Type {
	case "Task", "Map", "Parallel":
	default:
		return errTest("State type '%s' is not supported when a mock is specified", s.Type)
	}
	if r.RevealSecrets {
		return errTest("TestState does not support RevealSecrets when a mock is specified.")
	}
	if (r.Mock.Result == nil) == (r.Mock.Error == nil) {
		return errTest("A test mock should have only one of the following fields: [result, errorOutput].")
	}
	if err := r.checkConfiguration(s); err != nil {
		return err
	}
	if r.Mock.Result == nil {
		return nil
	}
	return r.Mock.checkResult(s)
}

// checkUnmocked refuses a test without a mock of a state that needs one.
func (r StateTest) checkUnmocked(s asl.StateInfo) error {
	switch {
	case s.Type == "Map" || s.Type == "Parallel":
		return errTest("State type '%s' is not supported when a mock is not specified", s.Type)
	case s.Task.Service == asl.ActivityService:
		return errTest("Activity tasks are not supported when a mock is not specified")
	case s.Pattern != "":
		return errTest("The '.%s' service integration pattern is not supported when a mock is not specified", s.Pattern)
	case len(r.Context) > 0:
		return errTest("A context can only be specified when a mock is specified")
	case s.Type == "Task" && r.RoleARN == "":
		return errTest("RoleArn must be specified when testing a Task state")
	}
	return nil
}

// checkConfiguration refuses a stateConfiguration that does not fit the state (not recorded).
func (r StateTest) checkConfiguration(s asl.StateInfo) error {
	switch {
	case r.RetryCount != nil && r.Mock.Error == nil:
		return errTest("retrierRetryCount can only be specified when mock.errorOutput is specified")
	case r.CausedBy != "" && r.Mock.Error == nil:
		return errTest("errorCausedByState can only be specified when mock.errorOutput is specified")
	case r.CausedBy != "" && s.Type == "Task":
		return errTest("errorCausedByState can only be specified for Map and Parallel states")
	case r.CausedBy != "" && !slices.Contains(s.Inner, r.CausedBy):
		return errTest("errorCausedByState '%s' is not a state within '%s'", r.CausedBy, s.Name)
	case r.FailedIterations != nil && s.Type != "Map":
		return errTest("mapIterationFailureCount can only be specified for Map states")
	case r.ItemReaderData != "" && !s.Distributed:
		return errTest("mapItemReaderData can only be specified for Map states with an ItemReader")
	}
	return nil
}

// checkResult refuses a result that the state could not have.
func (m *StateMock) checkResult(s asl.StateInfo) error {
	var result any
	if err := json.Unmarshal([]byte(*m.Result), &result); err != nil {
		return errTest("Mocked result must be valid JSON")
	}
	_, isArray := result.([]any)
	_, isObject := result.(map[string]any)
	switch {
	case s.Type == "Map" && s.Writes && !isObject:
		return errTest("Mocked result must be a JSON object.")
	case (s.Type == "Parallel" || s.Type == "Map" && !s.Writes) && !isArray:
		return errTest("Mocked result must be an array.")
	case s.Type == "Task" && m.Validation != validateNone:
		return checkFields(s, result, m.Validation)
	}
	return nil
}

// field is a member of a service's response.
type field struct {
	name     string
	kind     string // string, number, object or any
	required bool
}

// responses are the members of the responses of integrations whose mocks are checked (API references of the services;
// required are those that a response always has). The body of other responses is not known here.
var responses = map[string][]field{
	"lambda:invoke": {
		{name: "ExecutedVersion", kind: "string"}, {name: "FunctionError", kind: "string"},
		{name: "LogResult", kind: "string"}, {name: "Payload", kind: "any"}, {name: "StatusCode", kind: "number"},
	},
	"states:startExecution": {
		{name: "ExecutionArn", kind: "string", required: true}, {name: "StartDate", kind: "any", required: true},
	},
	"dynamodb:getItem": {{name: "Item", kind: "object"}, {name: "ConsumedCapacity", kind: "object"}},
	"dynamodb:putItem": changedItem, "dynamodb:updateItem": changedItem, "dynamodb:deleteItem": changedItem,
	"sqs:sendMessage": {
		{name: "MD5OfMessageBody", kind: "string"}, {name: "MessageId", kind: "string"},
		{name: "MD5OfMessageAttributes", kind: "string"}, {name: "SequenceNumber", kind: "string"},
	},
	"sns:publish": {{name: "MessageId", kind: "string"}, {name: "SequenceNumber", kind: "string"}},
}

// changedItem is the response of what changes an item.
var changedItem = []field{
	{name: "Attributes", kind: "object"}, {name: "ConsumedCapacity", kind: "object"},
	{name: "ItemCollectionMetrics", kind: "object"},
}

// checkFields checks a mocked response against the members that it has in AWS. A .sync or .waitForTaskToken task has
// the result of its job, which may be anything; so has a function by its ARN.
func checkFields(s asl.StateInfo, result any, mode string) error {
	fields, known := responses[s.Task.Service+":"+s.Task.Action]
	if !known || s.Pattern != "" || s.Direct {
		return nil
	}
	const problem = "Mock result schema validation error: "
	object, ok := result.(map[string]any)
	if !ok {
		return errTest(problem + "the result must be a JSON object")
	}
	for _, f := range fields {
		v, present := object[f.name]
		switch {
		case !present && f.required && mode != validatePresent:
			return errTest(problem+"Required field '%s' is missing", f.name)
		case present && !f.takes(v):
			return errTest(problem+"Field '%s' must be of type %s", f.name, f.kind)
		}
	}
	return nil
}

func (f field) takes(v any) (ok bool) {
	switch f.kind {
	case "string":
		_, ok = v.(string)
	case "number":
		_, ok = v.(float64)
	case "object":
		_, ok = v.(map[string]any)
	default:
		ok = true
	}
	return ok
}

// errTest refuses a test.
func errTest(format string, args ...any) error {
	return &Error{Code: "ValidationException", Message: fmt.Sprintf(format, args...)}
}
