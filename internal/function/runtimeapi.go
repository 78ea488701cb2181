package function

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// runtimeAPI is the Lambda Runtime API (version 2018-06-01, "Using the Lambda runtime API" in the developer guide) of
// one environment: the side that hands out events and takes answers. It holds the one invocation that the environment
// works on.
type runtimeAPI struct {
	events chan *invocation // an event for the process; nobody sends unless it is ready
	ready  chan struct{}    // holds one when the process has asked for an event
	failed chan struct{}    // closed when the process has reported that it cannot start
	closed chan struct{}    // closed when the environment ends

	mu      sync.Mutex
	state   state
	current *invocation
	answer  *answer
}

// state is what the process is doing, as far as its calls tell.
type state int

const (
	starting state = iota // it has not asked for an event yet
	waiting               // it has asked for one
	working               // it has one
	answered              // it has answered, and has not asked for the next
	broken                // it has reported that it cannot start
)

// invocation is an event on its way to the process.
type invocation struct {
	Request
	deadline time.Time
}

// answer is what the process made of an event.
type answer struct {
	payload []byte
	failed  bool
	errType string
}

func newRuntimeAPI() *runtimeAPI {
	return &runtimeAPI{
		events: make(chan *invocation),
		ready:  make(chan struct{}, 1),
		failed: make(chan struct{}),
		closed: make(chan struct{}),
	}
}

// handler routes the four calls of the Runtime API.
func (a *runtimeAPI) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", a.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", a.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", a.failure)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", a.initError)
	return mux
}

// next waits for an event and hands it out.
func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	if !a.becomeWaiting() {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "State transition is not allowed")
		return
	}
	select {
	case inv := <-a.events:
		writeEvent(w, inv)
	case <-a.closed:
		refuse(w, http.StatusInternalServerError, "ShuttingDown", "the environment ends")
	case <-r.Context().Done():
	}
}

func (a *runtimeAPI) becomeWaiting() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state != starting && a.state != answered {
		return false
	}
	a.state = waiting
	a.ready <- struct{}{} // there is room: the one before was taken before an event was sent
	return true
}

func writeEvent(w http.ResponseWriter, inv *invocation) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(inv.Payload)))
	h.Set("Lambda-Runtime-Aws-Request-Id", inv.RequestID)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", inv.InvokedARN)
	setIfAny(h, "Lambda-Runtime-Trace-Id", inv.TraceID)
	setIfAny(h, "Lambda-Runtime-Client-Context", inv.ClientContext)
	_, _ = w.Write(inv.Payload) // a process that is gone is noticed by its exit
}

func setIfAny(h http.Header, key, value string) {
	if value != "" {
		h.Set(key, value)
	}
}

// send hands an event to the process, which must have asked for one. It reports false when the environment ended first.
func (a *runtimeAPI) send(inv *invocation, exited <-chan struct{}) bool {
	a.mu.Lock()
	a.state, a.current, a.answer = working, inv, nil
	a.mu.Unlock()
	select {
	case a.events <- inv:
		return true
	case <-exited:
		return false
	}
}

// response takes the result of an invocation. aws-lambda-go reports an error in the middle of a body as HTTP trailers.
func (a *runtimeAPI) response(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err == nil {
		if errorBody := r.Trailer.Get("Lambda-Runtime-Function-Error-Body"); errorBody != "" {
			if document, err := base64.StdEncoding.DecodeString(errorBody); err == nil {
				a.take(w, r, errorAnswer(document))
				return
			}
		}
		a.take(w, r, &answer{payload: body})
		return
	}
	a.takeBroken(w, r, err)
}

// failure takes the error document of an invocation.
func (a *runtimeAPI) failure(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err != nil {
		a.takeBroken(w, r, err)
		return
	}
	a.take(w, r, errorAnswer(body))
}

// takeBroken answers for a body that is too large; a body that broke off is left to the exit of the process.
func (a *runtimeAPI) takeBroken(w http.ResponseWriter, r *http.Request, err error) {
	if !errors.Is(err, errTooLarge) {
		refuse(w, http.StatusBadRequest, "InvalidRequest", err.Error())
		return
	}
	if a.accept(w, r, errorAnswer(responseTooLarge())) {
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "Exceeded maximum allowed payload size")
	}
}

func (a *runtimeAPI) take(w http.ResponseWriter, r *http.Request, ans *answer) {
	if a.accept(w, r, ans) {
		writeStatus(w, http.StatusAccepted, `{"status":"OK"}`)
	}
}

// accept stores the answer to the current invocation. It refuses what is not its answer, and then reports false.
func (a *runtimeAPI) accept(w http.ResponseWriter, r *http.Request, ans *answer) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state != working {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "State transition is not allowed")
		return false
	}
	if r.PathValue("id") != a.current.RequestID {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
		return false
	}
	a.state, a.answer = answered, ans
	return true
}

// initError takes the report of a process that cannot start.
func (a *runtimeAPI) initError(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequest", err.Error())
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state != starting {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "State transition is not allowed")
		return
	}
	a.state, a.answer = broken, errorAnswer(body)
	close(a.failed)
	writeStatus(w, http.StatusAccepted, `{"status":"OK"}`)
}

// taken is the answer of the current invocation, or of the init phase; nil while there is none.
func (a *runtimeAPI) taken() *answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.answer
}

var errTooLarge = errors.New("the body is larger than a response may be")

// readBody reads a body up to Lambda's limit, and a larger one to its end.
func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	if err != nil {
		return nil, err
	}
	if len(body) <= maxResponse {
		return body, nil
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	return nil, errTooLarge
}

func refuse(w http.ResponseWriter, status int, errorType, message string) {
	writeStatus(w, status, `{"errorMessage":`+strconv.Quote(message)+`,"errorType":`+strconv.Quote(errorType)+`}`)
}

func writeStatus(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
