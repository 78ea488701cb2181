package call

import (
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/speech"
)

// Scenario says how a call goes: who calls, what the functions do, how long things take, and what is expected of it. Start from
// DefaultScenario or ReadScenario.
type Scenario struct {
	File         string
	Name         string
	Flow         string            // file, "" to take the project's
	Flows        map[string]string // files of other flows and modules, by id, ARN or name
	StateMachine string            // file, "" to take the project's
	Virtual      bool              // on virtual time, whatever the command line says
	Seed         uint64

	Callers     []Caller           // at least one
	Functions   map[string]StandIn // by name
	Names       map[string]string  // name of a function by what stands for it in the flow or the state machine
	World       flow.World
	Latency     Latency
	Faults      []local.Fault
	Speech      speech.Rate
	AudioLength time.Duration            // of a prompt whose recording is not known
	Lengths     map[string]time.Duration // exact lengths of texts and prompts
	Assumptions flow.Assumptions
	Expect      Expectations // of every caller
}

// Caller is who calls and what they do.
type Caller struct {
	Arrives    time.Duration // after the scenario began
	Number     string
	Channel    flow.Channel
	Attributes map[string]string
	Does       []Step
}

// Step is one thing that the caller does, either at a time or after hearing something.
type Step struct {
	At     time.Duration // after the call began, when Heard is ""
	Heard  string        // a part of a text: the deed follows when it has been heard
	Press  string        // keys
	Say    string        // words, spoken or typed
	HangUp bool
}

// StandIn is what a function does without being run: the outcomes of its invocations in turn, of which the last repeats.
type StandIn struct {
	Outcomes []Outcome
	Always   bool // also where the function itself could be run
}

// Outcome is what one invocation of a stand-in comes to.
type Outcome struct {
	Takes     Takes
	Returns   json.RawMessage
	Error     string // errorType of the error document, "" when the function succeeds
	Message   string // errorMessage
	Throttled bool   // Lambda refuses the invocation
}

// Takes is how long something takes: always Low, or evenly spread between Low and High.
type Takes struct{ Low, High time.Duration }

// Latency is how long the network and AWS take. Real calls vary; these are the same for every call.
type Latency struct {
	Lambda        time.Duration // a call of the async function takes at least this long
	StepFunctions time.Duration // until Step Functions serves a request
	DynamoDB      time.Duration // until the results table serves a request
}

// Defaults of a scenario. The first two latencies are those that the original system was measured with; DynamoDB's documentation
// says single-digit milliseconds; the length of an unknown recording
// is an arbitrary clip.
const (
	defaultLambdaLatency        = 150 * time.Millisecond
	defaultStepFunctionsLatency = 100 * time.Millisecond
	defaultDynamoDBLatency      = 5 * time.Millisecond
	defaultAudioLength          = 3 * time.Second
	defaultNumber               = "+15550100"
)

// DefaultScenario is the scenario of a call for which nothing is said.
func DefaultScenario() Scenario {
	return Scenario{
		Seed:        1,
		Callers:     []Caller{defaultCaller()},
		Latency:     Latency{Lambda: defaultLambdaLatency, StepFunctions: defaultStepFunctionsLatency, DynamoDB: defaultDynamoDBLatency},
		Speech:      speech.DefaultRate(),
		AudioLength: defaultAudioLength,
		Assumptions: flow.DefaultAssumptions(),
	}
}

func defaultCaller() Caller { return Caller{Number: defaultNumber, Channel: flow.Voice} }
