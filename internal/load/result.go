package load

import (
	"slices"
	"time"
)

// Result is what a run came to. Times of day are since midnight.
type Result struct {
	Callers   int
	Refused   int // whose call the instance did not take
	Served    int // who were told the result
	Failed    int // who heard a failure
	Abandoned int // who hung up before

	Wait           Percentiles // from the first call of the async function until the result was told
	Silence        Percentiles // in a whole call
	LongestSilence Percentiles // of a call
	DetectionDelay Percentiles // from the end of the work until the result was told

	Failures  []Failure  // by the time of the first
	Throttles []Throttle // in the order of Quotas
	Ordered   []Ordered  // the faults of the settings
	Peak      Peak
	AnyCalls  bool // nobody said how many calls the instance takes
	Requests  Requests
	Cost      Cost
	Needs     map[Quota]float64 // what would have been enough; see Requests

	From     time.Duration // when the first callers may arrive
	Every    time.Duration // length of the moments
	Timeline []Moment
}

// Failure is a reason for which callers heard a failure.
type Failure struct {
	Reason      string
	Callers     int
	First, Last time.Duration
}

// Ordered is a fault of the settings, and how many requests failed by it.
type Ordered struct {
	Fault    Fault
	Requests int
}

// Throttle is how often a quota refused or slowed something.
type Throttle struct {
	Quota       Quota
	Count       int
	First, Last time.Duration
}

// Peak are the most at any time.
type Peak struct {
	Calls     int // connected
	Waiting   int // for a result
	Functions int // that ran, of all kinds
}

// Requests are how many there were.
type Requests struct {
	Invocations int // of the async function
	Executions  int
	Transitions int
	Describes   int // throttled ones included
	TableReads  int
	TableWrites int
	Ends        int // invocations of the function for ends
}

// Cost is what the run costs in dollars, beside the functions themselves.
type Cost struct {
	Orchestration  float64 // Step Functions, the async function, the results table
	Connect        float64 // callers' minutes, or the messages of chats
	Telephony      float64
	TelephonyKnown bool
	Minutes        float64 // of callers
}

// Moment is a part of the timeline.
type Moment struct {
	At        time.Duration
	Arrived   int
	Waiting   int // the most
	Busy      int // functions that ran, the most
	Failed    int
	Abandoned int
	Throttled map[Quota]int
	Wait      Percentiles // of those who were told

	waits []time.Duration
}

// Percentiles are some of many times.
type Percentiles struct {
	Count                    int
	Mean, P50, P90, P99, Max time.Duration
}

// percentiles sorts the times. A percentile is the least time that the share of times does not exceed.
func percentiles(times []time.Duration) Percentiles {
	if len(times) == 0 {
		return Percentiles{}
	}
	slices.Sort(times)
	at := func(share float64) time.Duration {
		return times[min(int(share*float64(len(times))), len(times)-1)]
	}
	var all time.Duration
	for _, t := range times {
		all += t
	}
	return Percentiles{Count: len(times), Mean: all / time.Duration(len(times)), P50: at(0.5), P90: at(0.9),
		P99: at(0.99), Max: times[len(times)-1]}
}
