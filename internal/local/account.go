package local

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/dynamodb"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/messaging"
)

// Options say what an account is like. Clock is required.
type Options struct {
	Clock       clock.Clock
	Region      string                  // default us-east-1
	AccountID   string                  // default 000000000000
	Seed        uint64                  // of names and of jitter
	ServedAfter time.Duration           // how long a request of the async function travels to Step Functions
	TableAfter  time.Duration           // the same to DynamoDB
	EventDelay  time.Duration           // how long the event of an end travels, a median; awsfacts.EventDelay
	Observe     func(*Execution)        // called when an execution starts and when it ends; must not wait
	Sent        func(messaging.Message) // called when something was sent; must not wait
	Faults      []Fault                 // what goes wrong; the first that fits a request counts
	// Progress is called when an execution has gone on, before its end is observed; it must not wait.
	Progress func(*Execution)
	// Tables answers all requests to DynamoDB; nil for the account's own tables.
	Tables TaskService
	// Lacking is told which tasks of a state machine that is created or changed nothing performs; nil for nobody.
	Lacking func(StateMachine, []asl.Task)
	// Contacts are those of a call; nil where there are none.
	Contacts Contacts
	// HoldTokens keeps a virtual clock from jumping while a task token is open: whoever answers it lives in real time.
	HoldTokens bool
}

// Account holds functions, state machines and tables, and runs executions.
type Account struct {
	options Options
	tables  *dynamodb.Tables

	began time.Time
	// mu guards the maps and what the state machines in them hold. An execution may lock it while it is locked
	// itself, never the other way round.
	mu           sync.Mutex
	requests     map[string]int // by service and operation
	random       *rand.Rand
	functions    map[string]Function // by name, each as it was added last
	published    map[string]*publishedFunction
	standIns     map[string]Function      // by service and action
	states       TaskService              // of Step Functions, nil when nobody serves them
	http         Function                 // makes the requests of HTTP Tasks, nil when nobody does
	taskStandIns map[string]TaskStandIn   // by pattern
	taskPatterns []string                 // their keys, sorted; not written to
	machines     map[string]*stateMachine // by ARN
	executions   map[string]*Execution    // Standard ones, by ARN
	activities   map[string]*activity     // by ARN
	tokens       map[string]openToken     // of the tasks that wait for them
	altered      map[string]*alterations  // of functions, by name
	endsTo       string                   // the function that the ends of executions are sent to, "" for none
	looks        looks                    // at contacts; see looks.go
	started      uint64                   // executions ever started
	messages     outbox                   // what was sent
	resting      []*Execution             // restored and running, until Resume
	unsent       []*Execution             // restored, with an end that is still to be sent, until Resume

	writer *writer // to the journal, nil without one
}

// Function is a Lambda function. *function.Function and StandIn are functions.
type Function interface {
	// Invoke runs the function with a payload and waits for its answer.
	Invoke(ctx context.Context, payload []byte) function.Result
}

// New returns an empty account.
func New(o Options) *Account {
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.AccountID == "" {
		o.AccountID = "000000000000"
	}
	if o.EventDelay == 0 {
		o.EventDelay = awsfacts.EventDelay
	}
	if o.Observe == nil {
		o.Observe = func(*Execution) {}
	}
	if o.Sent == nil {
		o.Sent = func(messaging.Message) {}
	}
	if o.Progress == nil {
		o.Progress = func(*Execution) {}
	}
	a := &Account{
		options:    o,
		began:      o.Clock.Now(),
		requests:   map[string]int{},
		random:     rand.New(rand.NewPCG(o.Seed, 0)),
		functions:  map[string]Function{},
		published:  map[string]*publishedFunction{},
		altered:    map[string]*alterations{},
		standIns:   map[string]Function{},
		machines:   map[string]*stateMachine{},
		executions: map[string]*Execution{},
		activities: map[string]*activity{},
		tokens:     map[string]openToken{},
		messages:   outbox{most: maxMessages},
	}
	a.tables = dynamodb.New(dynamodb.Options{Region: o.Region, AccountID: o.AccountID, Now: a.now, NewID: a.NewID})
	return a
}

// FunctionARN is the ARN that a function of this account has.
func (a *Account) FunctionARN(name string) string {
	return fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", a.options.Region, a.options.AccountID, name)
}

// StateMachineARN is the ARN that a state machine of this account has.
func (a *Account) StateMachineARN(name string) string {
	return fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s", a.options.Region, a.options.AccountID, name)
}

// ActivityARN is the ARN that an activity of this account has.
func (a *Account) ActivityARN(name string) string {
	return fmt.Sprintf("arn:aws:states:%s:%s:activity:%s", a.options.Region, a.options.AccountID, name)
}

// Region is the Region that the account is in.
func (a *Account) Region() string { return a.options.Region }

// now is the time on the account's clock.
func (a *Account) now() time.Time { return a.options.Clock.Now() }

// Running is how many executions have not ended.
func (a *Account) Running() (n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range a.machines {
		n += m.running
	}
	return n
}

// AddStandIn adds a stand-in for an integration that the account does not have, such as "sqs" and "sendMessage"
// for arn:aws:states:::sqs:sendMessage. It is invoked with the request of the task, and its answer is the service's
// response.
func (a *Account) AddStandIn(service, action string, f Function) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.standIns[service+":"+action] = f
}

// TaskService answers the operations of a service for tasks that call them: the request and the response have names
// as tasks write them. Errors are *Error.
type TaskService interface {
	Do(ctx context.Context, operation string, request json.RawMessage) (json.RawMessage, error)
}

// ServeStates lets tasks of aws-sdk:sfn call the operations of Step Functions.
func (a *Account) ServeStates(s TaskService) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.states = s
}

// ServeHTTP lets HTTP Tasks call servers on this machine. f gets the parameters of a task, and its answer is the
// result.
func (a *Account) ServeHTTP(f Function) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.http = f
}

// AddFunction adds a function under a name.
func (a *Account) AddFunction(name string, f Function) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.functions[name] = f
}

// RemoveFunction removes a function. Its invocations in flight go on.
func (a *Account) RemoveFunction(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.functions, name)
	delete(a.published, name)
}

// FunctionName returns the name of the function that a text means: an ARN, a part of one or a plain name, each with or
// without version or alias (API reference of Invoke). The ARN's account and region do not matter: on this machine
// there is one function of a name. ok is false when there is none.
func (a *Account) FunctionName(text string) (name string, ok bool) {
	name, _ = functionIn(text)
	a.mu.Lock()
	defer a.mu.Unlock()
	_, ok = a.functions[name]
	return name, ok
}

// NewID returns a random id in the form of a UUID, from the account's seed.
func (a *Account) NewID() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.newID()
}

// newID is NewID with the account locked.
func (a *Account) newID() string {
	high, low := a.random.Uint64(), a.random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		high>>32, high>>16&0xffff, high&0xfff, low>>48&0x3fff|0x8000, low&0xffffffffffff)
}
