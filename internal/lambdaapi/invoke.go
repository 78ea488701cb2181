package lambdaapi

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/function"
)

// tailSize is how much of the log a caller gets: "the last 4 KB of the execution log", API reference of Invoke.
const tailSize = awsfacts.LogTailBytes

// invocationTypes are the types of Invoke, with the size of the payload that each allows.
var invocationTypes = map[string]struct {
	limit   int
	perform func(a *API, w http.ResponseWriter, r *http.Request, f found, req function.Request)
}{
	"":                {limit: function.MaxPayload, perform: (*API).answer},
	"RequestResponse": {limit: function.MaxPayload, perform: (*API).answer},
	"Event":           {limit: function.MaxAsyncPayload, perform: (*API).accept},
	"DryRun":          {limit: function.MaxPayload, perform: (*API).check},
}

// invoke answers Invoke.
func (a *API) invoke(w http.ResponseWriter, r *http.Request) {
	name := r.Header.Get("X-Amz-Invocation-Type")
	kind, ok := invocationTypes[name]
	if !ok {
		fail(w, invalid("1 validation error detected: Value '"+name+"' at 'invocationType' failed to satisfy "+
			"constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]"))
		return
	}
	f, refused := a.find(r)
	if refused != nil {
		fail(w, refused)
		return
	}
	req, refused := readRequest(r, f, kind.limit)
	if refused != nil {
		fail(w, refused)
		return
	}
	kind.perform(a, w, r, f, req)
}

// readRequest reads payload and headers. No payload means {}, as recorded from Step Functions.
func readRequest(r *http.Request, f found, limit int) (function.Request, *apiError) {
	payload, err := io.ReadAll(io.LimitReader(r.Body, int64(limit)+1))
	if err != nil {
		return function.Request{}, invalid("the request body broke off")
	}
	if len(payload) > limit {
		return function.Request{}, tooLarge(limit)
	}
	if len(payload) == 0 {
		payload = []byte("{}")
	}
	var value any
	if err := json.Unmarshal(payload, &value); err != nil {
		return function.Request{}, badRequest("InvalidRequestContentException",
			"Could not parse request body into json: "+err.Error())
	}
	clientContext, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Amz-Client-Context"))
	if err != nil {
		return function.Request{}, badRequest("InvalidRequestContentException",
			"Client context must be a valid Base64-encoded JSON object.")
	}
	return function.Request{
		Payload:       payload,
		InvokedARN:    f.arn(),
		ClientContext: string(clientContext),
		TraceID:       r.Header.Get("X-Amzn-Trace-Id"),
	}, nil
}

// answer invokes the function and waits for it. A function that fails is HTTP 200, as in Lambda.
func (a *API) answer(w http.ResponseWriter, r *http.Request, f found, req function.Request) {
	result := f.Invoke(r.Context(), req)
	h := w.Header()
	if result.RequestID != "" {
		h.Set("X-Amzn-RequestId", result.RequestID)
	}
	if errors.Is(result.Err, function.ErrNotFound) {
		fail(w, a.notFound(f.Spec.Name, f.qualifier))
		return
	}
	if result.Err != nil {
		fail(w, refusal(result.Err))
		return
	}
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(result.Payload)))
	h.Set("X-Amz-Executed-Version", cmp.Or(result.Version, f.version()))
	if result.FunctionError != "" {
		h.Set("X-Amz-Function-Error", result.FunctionError)
	}
	if r.Header.Get("X-Amz-Log-Type") == "Tail" {
		tail := result.Log[max(0, len(result.Log)-tailSize):]
		h.Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(tail))
	}
	_, _ = w.Write(result.Payload) // a caller that is gone needs no answer
}

// check answers a dry run: the function exists, and the request is well formed.
func (a *API) check(w http.ResponseWriter, _ *http.Request, _ found, _ function.Request) {
	w.WriteHeader(http.StatusNoContent)
}

func (f found) version() string { return cmp.Or(f.Spec.Version, "$LATEST") }
