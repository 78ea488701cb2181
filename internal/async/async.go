package async

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

// Function is the async function.
type Function struct {
	config     Config
	executions Executions
	results    Results   // nil without a results table
	histories  Histories // nil where no job has progress, or none needs it
	items      Items     // nil without a results table
	clock      clock.Clock
	logger     *slog.Logger
	unwritten  unwritten

	mu      sync.Mutex
	random  *rand.Rand
	express map[string]bool // ARNs of state machines that turned out to be Express
	slow    slowness        // see doubt.go
	rest    rest            // of asking for histories
	recent  map[string]recent
}

// Option changes how a Function is made.
type Option func(*Function)

// WithLogger sends one line an invocation, metrics included, to logger. Without it nothing is logged.
func WithLogger(logger *slog.Logger) Option { return func(f *Function) { f.logger = logger } }

// WithRandom sets the source of jitter. Without it jitter is the same in every process.
func WithRandom(source rand.Source) Option { return func(f *Function) { f.random = rand.New(source) } }

// WithProgress lets replies say how far the work is, for jobs with progress. histories may be nil when no job has
// Steps, items when there is no results table.
func WithProgress(histories Histories, items Items) Option {
	return func(f *Function) { f.histories, f.items = histories, items }
}

// New makes the async function. results is nil when there is no results table. A config that cannot work makes a
// Function that replies NotConfigured.
func New(config Config, executions Executions, results Results, c clock.Clock, options ...Option) *Function {
	f := &Function{
		config:     config,
		executions: executions,
		results:    results,
		clock:      c,
		logger:     slog.New(slog.DiscardHandler),
		random:     rand.New(rand.NewPCG(1, 2)),
		express:    map[string]bool{},
		recent:     map[string]recent{},
	}
	for _, option := range options {
		option(f)
	}
	return f
}

// action is what an invocation asks for.
type action string

// actions are the methods that do each of them.
var actions = map[action]func(*Function, context.Context, *invocation) *reply{
	ActionStart:  (*Function).start,
	ActionRun:    (*Function).run,
	ActionCheck:  (*Function).check,
	ActionCancel: (*Function).cancel,
}

// invocation is one event on its way to its reply.
type invocation struct {
	requestID string
	began     time.Time
	event     event

	action         action
	executionID    string
	named          bool  // the flow sent execution_id
	count          int64 // this call's number
	counted        bool  // the flow sent count
	beginsRound    bool  // it sent none, or DONE
	countMax       int64
	countComfort   int64
	countOffer     int64
	request        string
	again          string
	jobName        string
	hold           time.Duration
	timeLimit      time.Duration
	limited        bool // the flow sent time_limit
	cancelOnGiveUp bool
	selected       []string
	stringMap      bool
	prefixed       bool // the reply's own keys all begin with sfn_
	includeOutput  bool

	job          Job
	execution    string        // its name
	generation   int           // of the question; 0 when the flow named the execution
	seen         Execution     // at the last look that was answered
	record       Record        // as last read or written; without Status when there is none
	recordRead   time.Time     // when it was last read in a look, zero when the last look could not
	pending      Record        // that this invocation wrote; without Status when it wrote none
	unsure       bool          // the last look is not sure of what it says
	lookedAgain  bool          // an execution that was not there was looked for again
	foundByDoubt bool          // the record said PENDING and Step Functions an end
	found        bool          // a start found an execution of its question
	unsettled    bool          // a start was sent, and nobody knows whether the service acted on it
	calls        int           // of AWS
	operation    string        // the last one, as an IAM policy names it
	held         time.Duration // how long a check was kept open
	degraded     bool          // a passing fault stood in the way
	progress     progress      // what the reply says about it
	noted        fault         // for the log
}

// fault is something that someone has to fix.
type fault struct {
	code    string // sfn_error
	message string // what the service said about a denied access
}

// fault notes a permanent fault of the last operation, and says what to reply.
func (in *invocation) fault(err error) *refusal {
	in.noted = fault{code: code(err), message: deniedMessage(err)}
	return refuse(code(err), faultCause(in.operation, err))
}

// Handle answers one event. The reply is a JSON object; every fault that the async function knows of is a reply, too,
// so that the error is always nil today. It waits only through the clock, and not beyond the deadline of ctx. requestID
// stands for the contact when the event names none.
func (f *Function) Handle(ctx context.Context, requestID string, event []byte) ([]byte, error) {
	in := &invocation{requestID: requestID, began: f.clock.Now(), action: ActionStart, count: 1, beginsRound: true}
	r := f.answer(ctx, in, event)
	f.noteTold(ctx, in, r)
	in.endRound(r)
	f.findProgress(ctx, in, r)
	f.say(ctx, in, r)
	body := r.encode()
	f.log(ctx, in, r, body)
	return body, nil
}

func (f *Function) answer(ctx context.Context, in *invocation, text []byte) *reply {
	var misread *refusal
	in.event, misread = readEvent(text)
	bad := in.readParameters(f.config.PrefixedNames)
	if problem := f.config.problem(); problem != "" {
		return in.refused(refuse(NotConfigured, problem))
	}
	if misread != nil {
		return in.refused(misread)
	}
	if bad != nil {
		return in.refused(bad)
	}
	return actions[in.action](f, ctx, in)
}

// reply is one with the counters in place.
func (in *invocation) reply(status string) *reply {
	return &reply{
		executionID:  in.executionID,
		status:       status,
		prefixed:     in.prefixed,
		runs:         in.action == ActionRun,
		comfort:      in.countComfort > 0 && in.count%in.countComfort == 0,
		count:        strconv.FormatInt(in.count, 10),
		countMax:     in.countMax,
		countComfort: in.countComfort,
	}
}

// refused says that nothing was done, and why. A bad number is answered as the original answered it.
func (in *invocation) refused(why *refusal) *reply {
	r := in.reply(StatusFailed)
	if why.code == InvalidNumber {
		r = in.loopDone()
	}
	r.executionID = "" // one that cannot be used
	r.result = ResultFailure
	r.sfnError, r.sfnCause = why.code, why.cause
	return r
}

// loopDone ends a round of calls.
func (in *invocation) loopDone() *reply {
	r := in.reply(StatusLoopDone)
	r.result = ResultFailure
	r.comfort = false
	r.count = Done
	return r
}
