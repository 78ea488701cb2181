package lambdaapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/source"
)

// apiError is a refusal: HTTP status, Lambda's name of the error, and a text.
type apiError struct {
	status  int
	name    string
	message string
}

func invalid(message string) *apiError {
	return badRequest("InvalidParameterValueException", message)
}

// badRequest is a refusal with HTTP status 400.
func badRequest(name, message string) *apiError {
	return &apiError{status: http.StatusBadRequest, name: name, message: message}
}

// tooLarge names the limit as Lambda does: 6 MB are 6291456 bytes.
func tooLarge(limit int) *apiError {
	return &apiError{status: http.StatusRequestEntityTooLarge, name: "RequestTooLargeException",
		message: "Request must be smaller than " + strconv.Itoa(limit) + " bytes for the InvokeFunction operation"}
}

// refusal is the answer to a call that no function answered. Names and statuses: API reference of Invoke. A function
// whose set-up is wrong here has a name of our own, and a status that clients do not repeat.
func refusal(err error) *apiError {
	var finding source.Finding
	switch {
	case errors.Is(err, function.ErrTooManyRequests):
		return &apiError{
			status:  http.StatusTooManyRequests,
			name:    "TooManyRequestsException",
			message: "Rate Exceeded.",
		}
	case errors.Is(err, function.ErrRequestTooLarge):
		return tooLarge(function.MaxPayload)
	case errors.As(err, &finding):
		return badRequest("LocalFunctionException", finding.Error()+"; "+finding.Remedy)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, function.ErrClosed):
		return badRequest("LocalFunctionException", "the local endpoint is closing, or the caller has gone")
	}
	return &apiError{status: http.StatusInternalServerError, name: "ServiceException", message: err.Error()}
}

// fail writes an error in the form of the protocol rest-json: name in a header, text and whose fault it is in the body.
func fail(w http.ResponseWriter, e *apiError) {
	document := map[string]string{"Type": "User", "message": e.message}
	if e.status >= http.StatusInternalServerError {
		document["Type"] = "Service"
	}
	if e.name == "TooManyRequestsException" {
		document["Reason"] = "ReservedFunctionConcurrentInvocationLimitExceeded"
	}
	w.Header().Set("X-Amzn-ErrorType", e.name)
	writeJSON(w, e.status, document)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
