package function

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// maxResponse is the largest response: the 6 MB of the quota and 100 bytes. Source: the message of
// Function.ResponseSizeTooLarge in public logs, which names 6291556 bytes.
const maxResponse = MaxPayload + 100

// document is an error document as Lambda writes it when no runtime could.
func document(errorType, message string) []byte {
	b, err := json.Marshal(struct {
		ErrorType    string `json:"errorType"`
		ErrorMessage string `json:"errorMessage"`
	}{ErrorType: errorType, ErrorMessage: message})
	if err != nil {
		panic(err) // two strings
	}
	return b
}

// errorAnswer wraps an error document that a runtime wrote.
func errorAnswer(payload []byte) *answer {
	var d struct {
		ErrorType any `json:"errorType"`
	}
	_ = json.Unmarshal(payload, &d) // any bytes are accepted; only the type's name is lost
	name, _ := d.ErrorType.(string)
	return &answer{payload: payload, failed: true, errType: name}
}

// The documents of the sandbox, with the wording of public logs.

func timedOut(requestID string, limit time.Duration) []byte {
	return document("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: %s", requestID, timedOutText(limit)))
}

func timedOutText(limit time.Duration) string {
	return fmt.Sprintf("Task timed out after %.2f seconds", limit.Seconds())
}

func exited(requestID string, state *os.ProcessState) []byte {
	return document("Runtime.ExitError", fmt.Sprintf("RequestId: %s Error: %s", requestID, exitText(state)))
}

func exitText(state *os.ProcessState) string {
	if state == nil || state.Success() {
		return "Runtime exited without providing a reason"
	}
	return "Runtime exited with error: " + state.String()
}

func responseTooLarge() []byte {
	return document("Function.ResponseSizeTooLarge",
		fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse))
}
