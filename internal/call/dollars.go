package call

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flow"
)

// Dollars are about what a call costs beside the function itself.
type Dollars struct {
	Orchestration float64 // Step Functions and the async function
	Connect       float64 // the caller's minutes, or the messages of a chat
	Telephony     float64 // 0 where its price is not known
}

// MarshalJSON writes dollars to the hundredth of a millionth.
func (d Dollars) MarshalJSON() ([]byte, error) {
	round := func(x float64) float64 { return math.Round(x*1e8) / 1e8 }
	return json.Marshal(struct {
		Orchestration float64 `json:"orchestration_dollars"`
		Connect       float64 `json:"connect_dollars"`
		Telephony     float64 `json:"telephony_dollars"`
	}{Orchestration: round(d.Orchestration), Connect: round(d.Connect), Telephony: round(d.Telephony)})
}

// plus adds two calls up.
func (d Dollars) plus(other Dollars) Dollars {
	return Dollars{Orchestration: d.Orchestration + other.Orchestration, Connect: d.Connect + other.Connect,
		Telephony: d.Telephony + other.Telephony}
}

// dollars prices a call. Of the channels those are priced that a call can measure: voice by its length, chat by its
// messages.
func (l *line) dollars(s Summary) Dollars {
	p := l.stage.call.prices
	d := Dollars{Orchestration: p.Orchestration(s.StateTransitions, s.Invocations, s.LambdaLatency)}
	switch l.caller.Channel {
	case flow.Voice:
		d.Connect, d.Telephony = p.Voice(s.Duration), p.Telephony(s.Duration)
	case flow.Chat:
		d.Connect = float64(s.Messages) * p.ChatMessage
	}
	return d
}

// timeWords says what the caller's time costs, "" where that is not known.
func (s Summary) timeWords() string {
	switch {
	case s.Spoken && !s.telephonyKnown:
		return fmt.Sprintf("The caller's %s: about $%.4f of Amazon Connect, without telephony.",
			Spell(s.Duration), s.Dollars.Connect)
	case s.Spoken:
		return fmt.Sprintf("The caller's %s: about $%.4f of Amazon Connect, $%.4f of telephony.",
			Spell(s.Duration), s.Dollars.Connect, s.Dollars.Telephony)
	case s.Messages > 0:
		return fmt.Sprintf("%s: about $%.4f.", Count(s.Messages, "chat message"), s.Dollars.Connect)
	}
	return ""
}

// pricesOf are the prices of a call: without any in its options, those of the Region that other figures are of.
func pricesOf(o Options) awsfacts.Prices {
	if o.Prices == (awsfacts.Prices{}) {
		return awsfacts.PricesIn(awsfacts.BigRegions()[0])
	}
	return o.Prices
}
