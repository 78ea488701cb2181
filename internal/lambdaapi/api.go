package lambdaapi

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/loopback"
)

// Function is one function that the API serves.
type Function struct {
	Spec   function.Spec // what is told about it: name and ARN are required; variables are never told
	Invoke func(ctx context.Context, req function.Request) function.Result
}

// Options say where the functions seem to be, for the ARNs of functions that do not exist. Clock is required.
type Options struct {
	Clock     clock.Clock
	Region    string // default us-east-1
	AccountID string // default 000000000000
	Functions []Function
}

// API is an http.Handler. It is safe for concurrent use.
type API struct {
	options Options
	served  atomic.Pointer[served]
	handler http.Handler

	closing context.Context
	close   context.CancelFunc
	running sync.WaitGroup // asynchronous invocations
}

// served are the functions at one time.
type served struct {
	byName map[string]Function
	names  []string // in alphabetical order
}

// New returns an API of these functions. Of functions with one name the last counts.
func New(o Options) *API {
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.AccountID == "" {
		o.AccountID = "000000000000"
	}
	a := &API{options: o}
	a.Replace(o.Functions)
	a.closing, a.close = context.WithCancel(context.Background())
	a.handler = loopback.Only(a.routes())
	return a
}

// Replace serves these functions from now on, instead of those so far. What is in flight goes on.
func (a *API) Replace(functions []Function) {
	s := &served{byName: map[string]Function{}}
	for _, f := range functions {
		s.byName[f.Spec.Name] = f
	}
	s.names = slices.Sorted(maps.Keys(s.byName))
	a.served.Store(s)
}

// InvokePath is the path of Invoke for a function.
func InvokePath(function string) string { return "/2015-03-31/functions/" + function + "/invocations" }

func (a *API) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+InvokePath("{function}"), a.invoke)
	mux.HandleFunc("GET /2015-03-31/functions/{function}", a.getFunction)
	mux.HandleFunc("GET /2015-03-31/functions/{function}/configuration", a.getConfiguration)
	mux.HandleFunc("GET /2015-03-31/functions", a.listFunctions)
	mux.HandleFunc("GET /2015-03-31/functions/{$}", a.listFunctions)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, &apiError{
			status: http.StatusNotFound,
			name:   "UnknownOperationException",
			message: "this local endpoint serves Invoke, GetFunction, GetFunctionConfiguration and " +
				"ListFunctions, not " + r.Method + " " + r.URL.Path,
		})
	})
	return mux
}

// ServeHTTP implements http.Handler. What does not come from a program on this machine gets 403.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

// Close ends the asynchronous invocations that still run or wait, and waits for them.
func (a *API) Close() {
	a.close()
	a.running.Wait()
}
