package function_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// recording is an execution that AWS ran, as far as it calls functions.
type recording struct {
	ID        string                              `json:"id"`
	Functions map[string]struct{ Handler string } `json:"functions"`
	Events    []recordedEvent                     `json:"events"`
}

type recordedEvent struct {
	ID        any `json:"id"` // a number, or a list where the order is not stable
	Previous  any `json:"previousEventId"`
	Type      string
	Scheduled *struct {
		Input any `json:"input"`
	} `json:"lambdaFunctionScheduledEventDetails"`
	Succeeded     *struct{ Output any } `json:"lambdaFunctionSucceededEventDetails"`
	Failed        *recordedFailure      `json:"lambdaFunctionFailedEventDetails"`
	TaskScheduled *struct {
		Parameters   map[string]any
		ResourceType string
	} `json:"taskScheduledEventDetails"`
	TaskSucceeded *struct {
		Output                 any
		Resource, ResourceType string
	} `json:"taskSucceededEventDetails"`
	TaskFailed *recordedFailure `json:"taskFailedEventDetails"`
}

type recordedFailure struct {
	Cause any
	Error string
}

// recordings reads the recorded executions that call functions.
func recordings(t *testing.T) []recording {
	t.Helper()
	var all []recording
	for _, file := range testrun.RecordedFiles(t, "RECORDED_EXECUTIONS", "executions-*.jsonl") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(bytes.NewReader(text))
		lines.Buffer(nil, len(text)+1)
		for lines.Scan() {
			var r recording
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if len(r.Functions) > 0 {
				all = append(all, r)
			}
		}
	}
	if len(all) == 0 {
		t.Fatal("no recorded execution calls a function")
	}
	return all
}

// TestRecordedHandlers runs the functions of the recorded executions as real Python and compares what they answer
// with what AWS recorded: the error document word for word, except for ids and the folder, and the value with its
// length in bytes.
func TestRecordedHandlers(t *testing.T) {
	all := recordings(t)
	testrun.Need(t, "python3")
	handlers := map[string]*function.Function{}
	for _, r := range all {
		for _, f := range r.Functions {
			if handlers[f.Handler] == nil {
				handlers[f.Handler] = open(t, function.Spec{
					Code:    filepath.Join("testdata", "recorded", f.Handler),
					Runtime: "python3.12",
					Handler: "handler.handler",
					Timeout: ample,
				})
			}
		}
	}
	values, failures := 0, 0
	for _, r := range all {
		t.Run(r.ID, func(t *testing.T) {
			for _, event := range r.Events {
				if want, length, ok := event.value(); ok {
					values++
					expectRecorded(t, r, event, handlers, func(got function.Result) string {
						return diffValue(got, want, length)
					})
				}
				if want, ok := event.document(); ok {
					failures++
					expectRecorded(t, r, event, handlers, func(got function.Result) string {
						return diffDocument(got, want)
					})
				}
			}
		})
	}
	t.Logf("compared %d values and %d error documents of %d recorded executions", values, failures, len(all))
	if values == 0 || failures == 0 {
		t.Error("nothing was compared")
	}
}

// value is what a function returned, with the length of its JSON text where that was recorded.
func (e recordedEvent) value() (value any, length string, ok bool) {
	switch {
	case e.Succeeded != nil:
		return e.Succeeded.Output, "", true
	case e.TaskSucceeded != nil && e.TaskSucceeded.ResourceType == "lambda" && e.TaskSucceeded.Resource == "invoke":
		output, _ := e.TaskSucceeded.Output.(map[string]any)
		payload, ok := output["Payload"]
		metadata, _ := output["SdkHttpMetadata"].(map[string]any)
		headers, _ := metadata["HttpHeaders"].(map[string]any)
		length, _ := headers["Content-Length"].(string)
		return payload, length, ok
	}
	return nil, "", false
}

// document is the error document of a function.
func (e recordedEvent) document() (map[string]any, bool) {
	failed := e.Failed
	if failed == nil {
		failed = e.TaskFailed
	}
	if failed == nil {
		return nil, false
	}
	document, ok := failed.Cause.(map[string]any)
	return document, ok && document["errorType"] != nil
}

// expectRecorded runs the function that an event is about. Its name was not recorded: where an execution has several
// functions, one of them must answer like that.
func expectRecorded(t *testing.T, r recording, event recordedEvent, handlers map[string]*function.Function,
	diff func(function.Result) string) {
	t.Helper()
	var diffs []string
	for _, f := range r.Functions {
		if f.Handler == "wait_60_seconds" {
			continue
		}
		for _, input := range r.inputs(event) {
			d := diff(handlers[f.Handler].Invoke(testrun.Deadline(t), input))
			if d == "" {
				return
			}
			diffs = append(diffs, d)
		}
	}
	t.Errorf("event %v: %s", event.ID, strings.Join(diffs, "\n"))
}

// inputs are what the function of an event was called with: the input of the scheduling that the event goes back to,
// or, where the order is not stable, that of any.
func (r recording) inputs(event recordedEvent) [][]byte {
	byID := map[any]recordedEvent{}
	var all [][]byte
	for _, e := range r.Events {
		if _, stable := e.ID.(float64); stable {
			byID[e.ID] = e
		}
		if input, ok := e.input(); ok {
			all = append(all, input)
		}
	}
	if _, stable := event.ID.(float64); !stable {
		return all
	}
	for e, ok := event, true; ok; e, ok = byID[e.Previous] {
		if input, ok := e.input(); ok {
			return [][]byte{input}
		}
	}
	return all
}

// input is what a scheduled function was called with. The parameter Payload of lambda:invoke is sent as it is when it
// is a string, and as {} when it is null; both can be read from the recorded results.
func (e recordedEvent) input() ([]byte, bool) {
	var input any
	switch {
	case e.Scheduled != nil:
		input = e.Scheduled.Input
	case e.TaskScheduled != nil && e.TaskScheduled.ResourceType == "lambda":
		input = e.TaskScheduled.Parameters["Payload"]
		if text, ok := input.(string); ok && json.Valid([]byte(text)) {
			return []byte(text), true
		}
		if input == nil {
			return []byte("{}"), true
		}
	default:
		return nil, false
	}
	payload, err := json.Marshal(input)
	return payload, err == nil
}

func diffValue(got function.Result, want any, length string) string {
	if got.Err != nil || got.FunctionError != "" {
		return string(got.Payload)
	}
	if length != "" && length != strconv.Itoa(len(got.Payload)) {
		return "length " + strconv.Itoa(len(got.Payload)) + ", recorded " + length
	}
	var value any
	if err := json.Unmarshal(got.Payload, &value); err != nil {
		return err.Error()
	}
	return cmp.Diff(want, value)
}

var codeFolder = regexp.MustCompile(`File \\"[^"]*/testdata/recorded/\w+/`)

func diffDocument(got function.Result, want map[string]any) string {
	text := codeFolder.ReplaceAll(got.Payload, []byte(`File \"/var/task/`))
	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		return err.Error() + string(got.Payload)
	}
	if id, _ := want["requestId"].(string); strings.HasPrefix(id, "<uuid:") && document["requestId"] == got.RequestID {
		document["requestId"] = id
	}
	if got.FunctionError != "Unhandled" || got.ErrorType != want["errorType"] {
		return "function error " + got.FunctionError + ", type " + got.ErrorType
	}
	return cmp.Diff(want, document)
}
