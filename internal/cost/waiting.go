package cost

import (
	"math"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// Waiting is what callers' time costs beside the orchestration.
type Waiting struct {
	Call            float64 // dollars that Connect takes for the wait of one call
	CallTelephony   float64 // 0 where its price is not known
	Orchestration   float64 // of the same call, to five decimals as it is printed
	Times           float64 // how many times the orchestration Connect takes; 0 where that costs nothing
	Second          float64 // dollars a month for each second by which a result is noticed later
	SecondTelephony float64 // the same for telephony
}

// WaitingFor works out what the voice calls of a load cost while they wait, beside a way to wait.
func WaitingFor(l Load, p awsfacts.Prices, w Way) Waiting {
	waiting := Waiting{
		Call: p.Voice(l.wait()), CallTelephony: p.Telephony(l.wait()),
		Orchestration: math.Round(w.Dollars/l.Requests*1e5) / 1e5,
		Second:        l.Requests * p.Voice(time.Second), SecondTelephony: l.Requests * p.Telephony(time.Second),
	}
	if waiting.Orchestration > 0 {
		waiting.Times = waiting.Call / waiting.Orchestration
	}
	return waiting
}
