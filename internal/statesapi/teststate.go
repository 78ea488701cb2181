package statesapi

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/local"
)

// testStateRequest is what TestState is asked.
type testStateRequest struct {
	Definition string          `json:"definition"`
	StateName  string          `json:"stateName"`
	RoleARN    string          `json:"roleArn"`
	Input      string          `json:"input"`
	Level      string          `json:"inspectionLevel"`
	Reveal     bool            `json:"revealSecrets"`
	Variables  string          `json:"variables"`
	Context    string          `json:"context"`
	Mock       *mock           `json:"mock"`
	Config     stateTestConfig `json:"stateConfiguration"`
}

// mock is what the state comes to.
type mock struct {
	Result *string `json:"result"`
	Error  *struct {
		Error string `json:"error"`
		Cause string `json:"cause"`
	} `json:"errorOutput"`
	Validation string `json:"fieldValidationMode"`
}

type stateTestConfig struct {
	RetryCount       *int   `json:"retrierRetryCount"`
	CausedBy         string `json:"errorCausedByState"`
	FailedIterations *int   `json:"mapIterationFailureCount"`
	ItemReaderData   string `json:"mapItemReaderData"`
}

// inspectionLevels are the values of inspectionLevel; the first shows no inspectionData.
var inspectionLevels = []string{"INFO", "DEBUG", "TRACE"}

// check refuses what breaks the model of the service.
func (r testStateRequest) check() error {
	mode := ""
	if r.Mock != nil {
		mode = r.Mock.Validation
	}
	return cmp.Or(required("definition", r.Definition), oneOf("inspectionLevel", r.Level, inspectionLevels),
		oneOf("mock.fieldValidationMode", mode, local.ValidationModes),
		notNegative("stateConfiguration.retrierRetryCount", r.Config.RetryCount),
		notNegative("stateConfiguration.mapIterationFailureCount", r.Config.FailedIterations))
}

// test is the request as the account takes it.
func (r testStateRequest) test() local.StateTest {
	test := local.StateTest{
		Definition: r.Definition, State: r.StateName, RoleARN: r.RoleARN, Input: json.RawMessage(r.Input),
		Variables: json.RawMessage(r.Variables), Context: json.RawMessage(r.Context), RevealSecrets: r.Reveal,
		RetryCount: r.Config.RetryCount, CausedBy: r.Config.CausedBy, FailedIterations: r.Config.FailedIterations,
		ItemReaderData: r.Config.ItemReaderData,
	}
	if r.Mock != nil {
		test.Mock = &local.StateMock{Result: r.Mock.Result, Validation: r.Mock.Validation}
		if e := r.Mock.Error; e != nil {
			test.Mock.Error = &local.MockError{Error: e.Error, Cause: e.Cause}
		}
	}
	return test
}

func (a *api) testState(ctx context.Context, r testStateRequest) (any, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	e, err := a.account.TestState(r.test())
	if err != nil {
		return nil, err
	}
	if err := a.await(ctx, e.WhenEnded); err != nil {
		e.Stop("", "") // nobody waits for it
		return nil, err
	}
	return StateOutcome(e.StateOutcome(), r.Level != "" && r.Level != inspectionLevels[0]), nil
}

// StateOutcome is the answer of TestState for an outcome, which is written as JSON. inspect includes the data of each
// stage.
func StateOutcome(o asl.StateOutcome, inspect bool) any {
	answer := struct {
		Output     *string        `json:"output,omitempty"`
		Error      string         `json:"error,omitempty"`
		Cause      string         `json:"cause,omitempty"`
		Inspection asl.Inspection `json:"inspectionData,omitempty"`
		Next       string         `json:"nextState,omitempty"`
		Status     asl.TestStatus `json:"status"`
	}{Error: o.Error, Cause: o.Cause, Next: o.Next, Status: o.Status}
	if o.Output != nil {
		output := string(o.Output)
		answer.Output = &output
	}
	if inspect {
		answer.Inspection = o.Inspection
	}
	return answer
}
