package local

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/async"
)

// Service is a service of AWS in which a Fault can lie.
type Service string

// The services that can be at fault.
const (
	StepFunctions Service = "step_functions" // requests of the async function
	DynamoDB      Service = "dynamodb"       // requests of the async function to its results table
	Lambda        Service = "lambda"         // invocations of the async function
	EventBridge   Service = "event_bridge"   // events of ends and contacts: Error loses one, LoseReply sends it twice
)

// Served are the operations of a service.
type Served struct {
	Service    Service
	Operations []string
}

// Operations are those in which a Fault can lie, by service.
var Operations = []Served{
	{Service: StepFunctions, Operations: []string{"start", "describe", "stop", "history"}},
	{Service: DynamoDB, Operations: []string{"pending", "get", "finish", "doubted", "newest", "forget", "notedata",
		"decide", "contact", "close", "waiting", "item", "change"}},
	{Service: Lambda, Operations: []string{"invoke"}},
	{Service: EventBridge, Operations: []string{"deliver", "disconnected"}},
}

// Fault is something that goes wrong in a service, for some of its requests.
type Fault struct {
	Service   Service
	Operation string        // one of its Operations, "" for all
	From, To  time.Duration // after the account began; To 0 means without end
	Calls     []int         // numbers of the requests to the operation that are hit, from 1; nil for all
	Rate      float64       // probability, 0 means always
	Takes     time.Duration // by how much longer the request takes
	Error     string        // the service's error code; "" when the request succeeds
	LoseReply bool          // the request succeeds, but its reply does not arrive
	Stale     time.Duration // DescribeExecution, which is eventually consistent, tells what was true so long ago
}

// fault returns what goes wrong with the next request, the zero Fault when nothing does.
func (a *Account) fault(service Service, operation string) Fault {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := string(service) + " " + operation
	a.requests[key]++
	at := a.options.Clock.Now().Sub(a.began)
	for _, f := range a.options.Faults {
		if f.Service == service && (f.Operation == "" || f.Operation == operation) && at >= f.From &&
			(f.To == 0 || at < f.To) &&
			(len(f.Calls) == 0 || slices.Contains(f.Calls, a.requests[key])) &&
			(f.Rate == 0 || a.random.Float64() < f.Rate) {
			return f
		}
	}
	return Fault{}
}

// request makes a request of the async function to a service, with the faults that hit it. serve is called
// at most once.
func (a *Account) request(ctx context.Context, service Service, operation string, serve func(f Fault) error) error {
	f := a.fault(service, operation)
	travels := a.options.ServedAfter
	if service == DynamoDB {
		travels = a.options.TableAfter
	}
	if err := a.options.Clock.Sleep(ctx, travels+f.Takes); err != nil {
		return err
	}
	if f.Error != "" {
		return &async.ServiceError{Code: f.Error, Message: "a fault of the scenario", Status: statusOf(f.Error)}
	}
	err := serve(f)
	if err == nil {
		err = a.Committed()
	}
	if f.LoseReply {
		return &async.ServiceError{}
	}
	return err
}

// statusOf is the HTTP status that comes with an error code: AWS JSON 1.0 answers 400 for the client's faults and for
// throttling.
func statusOf(code string) int {
	if strings.HasPrefix(code, "Internal") || strings.HasPrefix(code, "Service") {
		return 500
	}
	return 400
}
