package call

import (
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/statesapi"
)

// endpoints are the local APIs of Step Functions, DynamoDB and Lambda, on free ports of 127.0.0.1, for functions that
// run as processes. They live from openEndpoints to close.
type endpoints struct {
	states, lambda net.Listener
	account        atomic.Pointer[http.Handler] // over the account of the play under way
	servers        []*http.Server
	functions      *lambdaapi.API
}

func openEndpoints() (*endpoints, error) {
	states, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	lambda, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, states.Close())
	}
	return &endpoints{states: states, lambda: lambda}, nil
}

// env are the variables by which the user's functions find the local Step Functions and Lambda. Their DynamoDB tables
// are in AWS; of those that report how far they are, the client context says where the results table is.
func (e *endpoints) env() []string {
	return []string{
		"AWS_ENDPOINT_URL_SFN=" + e.url(),
		"AWS_ENDPOINT_URL_LAMBDA=http://" + e.lambda.Addr().String(),
	}
}

// asyncEnv are the variables by which the async function finds its results table, too.
func (e *endpoints) asyncEnv() []string {
	return []string{"AWS_ENDPOINT_URL_DYNAMODB=" + e.url()}
}

// url is the address of Step Functions and DynamoDB.
func (e *endpoints) url() string { return "http://" + e.states.Addr().String() }

// serve begins to answer. Before the first play there is no account, and requests for it are refused.
func (e *endpoints) serve(functions []lambdaapi.Function) {
	e.functions = lambdaapi.New(lambdaapi.Options{Clock: clock.Real{}, Functions: functions})
	account := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handler := e.account.Load(); handler != nil {
			(*handler).ServeHTTP(w, r)
			return
		}
		http.Error(w, "no call is being played", http.StatusServiceUnavailable)
	})
	for listener, handler := range map[net.Listener]http.Handler{e.states: account, e.lambda: e.functions} {
		server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
		e.servers = append(e.servers, server)
		go func() { _ = server.Serve(listener) }() // ends with close
	}
}

// use makes an account the one that requests are for.
func (e *endpoints) use(account *local.Account) {
	handler := statesapi.New(account)
	e.account.Store(&handler)
}

func (e *endpoints) close() error {
	errs := []error{e.states.Close(), e.lambda.Close()}
	for _, server := range e.servers {
		errs = append(errs, server.Close())
	}
	if e.functions != nil {
		e.functions.Close()
	}
	for i, err := range errs {
		if errors.Is(err, net.ErrClosed) { // a server closes its listener, too
			errs[i] = nil
		}
	}
	return errors.Join(errs...)
}
