package flow

import (
	"strings"
	"time"
)

// Channel is the medium of a contact.
type Channel string

// The channels of Amazon Connect.
const (
	Voice Channel = "VOICE"
	Chat  Channel = "CHAT"
	Task  Channel = "TASK"
	Email Channel = "EMAIL"
)

// Options describe a contact. The zero value of every field has a sensible default.
type Options struct {
	ContactID        string // default: made from Seed
	InitialContactID string // default: ContactID
	InstanceARN      string
	Channel          Channel // default: Voice
	InitiationMethod string  // default: INBOUND on voice, API elsewhere
	CustomerNumber   string
	SystemNumber     string
	LanguageCode     string            // default: en-US
	Queue            string            // ARN of the queue set before the flow, if any
	Attributes       map[string]string // contact attributes at the beginning
	References       map[string]string // other references at the beginning, such as $.External.status
	Assumptions      *Assumptions      `json:"-"` // default: DefaultAssumptions()
	Log              bool              // give Log commands
	Logging          bool              // flow logs are on before the flow switches them on
	Seed             uint64            // of everything random
	World            World
	Flows            map[string]*Flow  `json:"-"` // other flows and modules, by id, ARN or name
	Guide            Guide             `json:"-"` // of a call that is over; nil for one that is still to happen
	Hooks            map[string]string // event hooks before the flow sets any: flow ids
	From             []Place           `json:"-"` // where the contact is when it connects; none: at the beginning
}

// Place is where a contact is that is not at the beginning of a flow: in the last of several places, at whose action it
// goes on. Each one before is the action that has invoked the next one's module, or a Wait in whose Continue branch it
// is.
type Place struct {
	Flow   string // its key in Options.Flows, "" for the first
	Action string
	Prompt string        // messages that were interrupted and that the flow comes back to when it ends, "" for none
	Ends   time.Duration // of a Wait: when it is over
}

// World says how things turn out that neither the flow nor the caller decides.
type World struct {
	// Outcomes by action identifier or, for actions that have none, by action type. They are used in turn; the last
	// repeats.
	Outcomes map[string][]Outcome
	// Metrics are the values under $.Metrics, such as "Queue.Size"; those left out have defaults (see metrics.go).
	Metrics map[string]string
	// Intents maps what a caller says or types to the name of a Lex intent.
	Intents map[string]string
	// HoldFor is how long a contact is on hold, in a hold flow. Default: one minute. A flow that may be one, and does
	// not say its type, is taken as one when this is given.
	HoldFor time.Duration
	// AgentAfter is how long a contact waits in a queue until an agent takes it. Default: one minute; negative: for
	// ever.
	AgentAfter time.Duration
}

// Outcome is how one action turns out.
type Outcome struct {
	Result string            // what its conditions are compared with: True, an intent, a view's action …
	Error  string            // instead of a result: the error type, such as NoMatchingError or QueueAtCapacity
	Data   map[string]string // what it fills, by reference, such as $.Lex.Slots.size or $.Customer.FirstName
	Takes  time.Duration     // how long the action takes
}

func (o Options) withDefaults() Options {
	random := o.Seed
	if o.ContactID == "" {
		o.ContactID = uuid(&random)
	}
	if o.InitialContactID == "" {
		o.InitialContactID = o.ContactID
	}
	if o.Channel == "" {
		o.Channel = Voice
	}
	if o.InitiationMethod == "" {
		o.InitiationMethod = "API"
		if o.Channel == Voice {
			o.InitiationMethod = "INBOUND"
		}
	}
	if o.InstanceARN == "" {
		o.InstanceARN = "arn:aws:connect:us-east-1:111122223333:instance/00000000-0000-4000-8000-000000000001"
	}
	if o.LanguageCode == "" {
		o.LanguageCode = "en-US"
	}
	if o.World.AgentAfter == 0 {
		o.World.AgentAfter = time.Minute
	}
	return o
}

// region is the region in the instance's ARN.
func (o Options) region() string {
	rest := o.InstanceARN
	for range 3 {
		_, rest, _ = strings.Cut(rest, ":")
	}
	region, _, _ := strings.Cut(rest, ":")
	return region
}
