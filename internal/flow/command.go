package flow

import (
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Command is something that a contact asks for or reports. Say, Ask, InvokeFunction and SetTimer open something and
// carry an ID for it, which events name; StopSaying and Cancel close it early. Events for ids that are closed are
// ignored.
type Command interface{ command() }

// Enter reports that an action begins.
type Enter struct {
	Flow   *Flow
	Action *flowlang.Action
}

// Take reports that an action is over and which branch it takes. Next is "" where the flow stops.
type Take struct {
	Flow   *Flow
	Action *flowlang.Action
	Branch string // see Branches
	Next   string
	Result string // what conditions were compared with, or the error type
	Cause  string // of an error: what went wrong, in words
}

// Say plays something to the caller: exactly one of Text, SSML, PromptID and Media is set. On voice the driver
// answers with Said when it is over; with an empty ID (other channels) nothing waits for it.
type Say struct {
	ID       string
	Action   *flowlang.Action `json:"-"`
	Text     string
	SSML     string
	PromptID string
	Media    string // URI of an audio file
	Voice    string // of Amazon Polly
	Language string
	Filled   []string `json:",omitempty"` // the values of the references in the text
}

// StopSaying cuts a Say short.
type StopSaying struct{ ID string }

// Ask says that the contact listens to the caller from now on; Input answers it.
type Ask struct {
	ID     string
	Action *flowlang.Action `json:"-"`
	Kind   AskKind
}

// AskKind says what an Ask is for.
type AskKind string

// What the caller can be asked for.
const (
	AskKey    AskKind = "key"    // one key of a menu
	AskDigits AskKind = "digits" // several keys
	AskBot    AskKind = "bot"    // words or keys for an Amazon Lex bot
	AskView   AskKind = "view"   // a choice in a view on the screen; answered with its action as text
)

// InvokeFunction invokes a Lambda function with the event that Connect sends. The driver answers with
// FunctionReturned or FunctionFailed. RequestID is the invocation's id; of an asynchronous invocation the flow can
// see it.
type InvokeFunction struct {
	ID           string
	Action       *flowlang.Action `json:"-"`
	ARN          string
	Event        json.RawMessage `json:"-"` // writing it as JSON would change its bytes
	ParametersAt int             // where in the event the parameters begin
	Limit        time.Duration   // after which the contact no longer waits
	Asynchronous bool
	RequestID    string
	Attempt      int // 1 for the first, more for Connect's retries
}

// Parameters returns the part of the event with the block's parameters, the object Details.Parameters.
func (c InvokeFunction) Parameters() json.RawMessage {
	return c.Event[c.ParametersAt : len(c.Event)-len(afterParameters)]
}

// SetTimer asks for TimerFired at a time.
type SetTimer struct {
	ID string
	At time.Time
}

// Cancel closes a timer, an Ask or a function: nothing waits for it any more. A Lambda function goes on running in AWS.
type Cancel struct{ ID string }

// Transfer reports that the contact goes somewhere else: to a queue, an agent, a third party, another flow.
type Transfer struct {
	Action *flowlang.Action // nil when an agent takes a contact whose queue flow has ended
	Kind   TransferKind
	To     string // the ARN, identifier or number that the flow names; "" when it names none
}

// TransferKind says what a contact is transferred to.
type TransferKind string

// Where a contact can go.
const (
	ToQueue      TransferKind = "queue"
	ToAgent      TransferKind = "agent"
	ToThirdParty TransferKind = "third party"
	ToFlow       TransferKind = "flow"
	ToCallback   TransferKind = "callback queue"
)

// Note reports something that the timeline should say: an outcome taken from the scenario's world, a limit that was
// hit.
type Note struct {
	Action *flowlang.Action
	Code   string
	Text   string
}

// Codes of notes.
const (
	NoteWorld = "world" // an outcome that the world decided, given or by default
	NoteLimit = "limit" // one of Connect's limits took effect
	NoteRetry = "retry" // Connect invokes a function again
	NoteStop  = "stop"  // the flow stopped, but the contact goes on
	NoteKind  = "kind"  // an action of a type that is not known
)

// Ending says how a contact ended.
type Ending string

// The endings of a contact.
const (
	EndingDisconnected Ending = "disconnected" // by the flow
	EndingHungUp       Ending = "hung up"      // by the caller
	EndingTransferred  Ending = "transferred"  // to an agent, a third party, or a flow that is not part of the call
	EndingCompleted    Ending = "completed"    // a whisper, hold or queue flow or a module ended; the contact goes on
	EndingFatal        Ending = "fatal"        // an action ended without a branch to take
	EndingGuard        Ending = "guard"        // stopped, because the flow loops without end
)

// Finish is the last command of a contact.
type Finish struct {
	Ending  Ending
	Reason  string
	Action  *flowlang.Action // where it ended, nil when the caller hung up before the first action
	Finding *source.Finding  // for EndingFatal and EndingGuard
}

func (Enter) command()          {}
func (Take) command()           {}
func (Say) command()            {}
func (StopSaying) command()     {}
func (Ask) command()            {}
func (InvokeFunction) command() {}
func (SetTimer) command()       {}
func (Cancel) command()         {}
func (Transfer) command()       {}
func (Note) command()           {}
func (Finish) command()         {}
