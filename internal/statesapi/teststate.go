package statesapi

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

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

// The values of inspectionLevel (API reference of TestState): INFO shows no inspectionData, DEBUG the data of each
// stage, and TRACE the request and the response of an HTTP Task, too.
const (
	levelInfo  = "INFO"
	levelDebug = "DEBUG"
	levelTrace = "TRACE"
)

var inspectionLevels = []string{levelInfo, levelDebug, levelTrace}

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
	return StateOutcome(e.StateOutcome(), r.Level), nil
}

// StateOutcome is the answer of TestState for an outcome, which is written as JSON. The inspection level, "" for the
// lowest, says what it shows of the state's data and of an HTTP Task.
func StateOutcome(o local.StateOutcome, level string) any {
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
	switch level {
	case levelDebug:
		answer.Inspection = o.Inspection
	case levelTrace:
		answer.Inspection = traced(o)
	}
	return answer
}

// traced is the data of each stage with the request and the response of an HTTP Task.
func traced(o local.StateOutcome) asl.Inspection {
	all := maps.Clone(o.Inspection)
	if r := o.HTTP.Request; r != nil {
		all["request"] = inspectedRequest{
			Protocol: r.Protocol, Method: r.Method, URL: r.URL, Headers: inspectedHeaders(r.Headers), Body: r.Body,
		}
	}
	if r := o.HTTP.Response; r != nil {
		all["response"] = inspectedResponse{
			Protocol: r.Protocol, StatusCode: strconv.Itoa(r.StatusCode), StatusMessage: r.StatusMessage,
			Headers: inspectedHeaders(r.Headers), Body: r.Body,
		}
	}
	return all
}

// inspectedRequest is an InspectionDataRequest (API reference of TestState).
type inspectedRequest struct {
	Protocol string `json:"protocol"`
	Method   string `json:"method"`
	URL      string `json:"url"`
	Headers  string `json:"headers"`
	Body     string `json:"body,omitempty"`
}

// inspectedResponse is an InspectionDataResponse (API reference of TestState).
type inspectedResponse struct {
	Protocol      string `json:"protocol"`
	StatusCode    string `json:"statusCode"`
	StatusMessage string `json:"statusMessage"`
	Headers       string `json:"headers"`
	Body          string `json:"body,omitempty"`
}

// inspectedHeaders are headers in one text (developer guide, the example of TestState with TRACE).
func inspectedHeaders(lines []string) string { return "[" + strings.Join(lines, ", ") + "]" }
