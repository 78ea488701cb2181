package workspace

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/scenario"
)

// inTurn returns the outcomes of a stand-in one after the other; the last repeats.
func inTurn(s scenario.StandIn, random *rand.Rand) func() local.Outcome {
	var mu sync.Mutex
	calls := 0
	return func() local.Outcome {
		mu.Lock()
		defer mu.Unlock()
		o := s.Outcomes[min(calls, len(s.Outcomes)-1)]
		calls++
		takes := o.Takes.Low
		if spread := o.Takes.High - o.Takes.Low; spread > 0 {
			takes += time.Duration(random.Int64N(int64(spread) + 1))
		}
		return local.Outcome{
			Takes: takes, Payload: o.Returns, Error: o.Error, Message: o.Message, Throttled: o.Throttled,
		}
	}
}
