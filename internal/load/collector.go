package load

import (
	"cmp"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// collector counts what happens in a run.
type collector struct {
	sim *simulation

	callers, refusedCalls, servedCallers, failedCallers, gaveUp int
	busyMost, connectedMost, waitingMost, waitingNow            int

	waitTimes, silences, longests, delays []time.Duration
	failures                              map[string]*Failure
	throttles                             map[Quota]*Throttle
	failing                               []int // requests, by the fault that was ordered
	moments                               []*Moment
	every                                 time.Duration
	demand                                map[Quota]map[int64]int // by second

	invocations, ends, executions, transitions, describes, tableReads, tableWrites, messages int
	ran, spoken                                                                              time.Duration
}

func newCollector(s *simulation) *collector {
	return &collector{
		sim: s, failures: map[string]*Failure{}, throttles: map[Quota]*Throttle{}, demand: map[Quota]map[int64]int{},
		failing: make([]int, len(s.settings.Faults)), every: momentLength(s.settings.Arrivals.Lasts()),
	}
}

// momentLength is how long the moments of a timeline last, so that there are about a hundred.
func momentLength(whole time.Duration) time.Duration {
	for _, length := range []time.Duration{time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second,
		time.Minute, 5 * time.Minute, quarter} {
		if whole <= 120*length {
			return length
		}
	}
	return time.Hour
}

// moment is the part of the timeline that a time belongs to.
func (c *collector) moment(at time.Time) *Moment {
	index := int(at.Sub(c.sim.began) / c.every)
	for len(c.moments) <= index {
		c.moments = append(c.moments, &Moment{
			At: c.sim.settings.Arrivals.From + time.Duration(len(c.moments))*c.every, Waiting: c.waitingNow,
			Busy: c.sim.lambda.busy,
		})
	}
	return c.moments[index]
}

func (c *collector) now() *Moment { return c.moment(c.sim.now()) }

// sinceMidnight is a time of day.
func sinceMidnight(at time.Time) time.Duration { return at.Sub(day) }

func (c *collector) arrived() {
	c.callers++
	c.now().Arrived++
}

func (c *collector) connected(calls int) { c.connectedMost = max(c.connectedMost, calls) }

func (c *collector) refusedCall() { c.refusedCalls++ }

func (c *collector) busy(n int) {
	c.busyMost = max(c.busyMost, n)
	m := c.now()
	m.Busy = max(m.Busy, n)
}

// waits counts callers who begin to wait for the result, or stop.
func (c *collector) waits(n int) {
	m := c.now()
	c.waitingNow += n
	c.waitingMost = max(c.waitingMost, c.waitingNow)
	m.Waiting = max(m.Waiting, c.waitingNow)
}

// told notes that a caller has been told the result.
func (c *collector) told(who *caller) {
	wait := who.told.Sub(who.asked)
	c.waitTimes = append(c.waitTimes, wait)
	m := c.moment(who.told)
	m.waits = append(m.waits, wait)
	if e := who.asksOnly(); e != nil && !e.ended.IsZero() {
		c.delays = append(c.delays, max(0, who.told.Sub(e.ended)))
	}
	c.stopsWaiting(who)
}

func (c *collector) stopsWaiting(who *caller) {
	if !who.asked.IsZero() && !who.counted {
		who.counted = true
		c.waits(-1)
	}
}

// left notes that a caller is not connected any more.
func (c *collector) left(who *caller) {
	c.spoken += c.sim.now().Sub(who.arrived)
	c.stopsWaiting(who)
}

func (c *collector) silent(who *caller) {
	if c.sim.setup.voice {
		c.silences = append(c.silences, who.silence)
		c.longests = append(c.longests, who.longest)
	}
}

func (c *collector) served(who *caller) {
	c.servedCallers++
	c.silent(who)
}

func (c *collector) abandoned(who *caller) {
	c.gaveUp++
	c.now().Abandoned++
	c.silent(who)
}

func (c *collector) failed(who *caller) {
	c.failedCallers++
	c.silent(who)
	at := who.failed
	if at.IsZero() {
		at = c.sim.now()
	}
	c.moment(at).Failed++
	f := c.failures[who.failure]
	if f == nil {
		f = &Failure{Reason: who.failure, First: sinceMidnight(at)}
		c.failures[who.failure] = f
	}
	f.Callers++
	f.First, f.Last = min(f.First, sinceMidnight(at)), max(f.Last, sinceMidnight(at))
	if c.sim.settings.stopAtFailure {
		c.sim.halt()
	}
}

// throttled notes that a quota refused or slowed something.
func (c *collector) throttled(q Quota) {
	at := sinceMidnight(c.sim.now())
	t := c.throttles[q]
	if t == nil {
		t = &Throttle{Quota: q, First: at}
		c.throttles[q] = t
	}
	t.Count++
	t.Last = at
	m := c.now()
	if m.Throttled == nil {
		m.Throttled = map[Quota]int{}
	}
	m.Throttled[q]++
}

// demands notes that a token bucket was asked for tokens.
func (c *collector) demands(q Quota, n int) {
	seconds := c.demand[q]
	if seconds == nil {
		seconds = map[int64]int{}
		c.demand[q] = seconds
	}
	seconds[int64(c.sim.now().Sub(c.sim.began)/time.Second)] += n
}

// summary is the result of the run.
func (c *collector) summary() *Result {
	o := c.sim.settings
	r := &Result{
		Callers: c.callers, Refused: c.refusedCalls, Served: c.servedCallers, Failed: c.failedCallers,
		Abandoned: c.gaveUp,
		Wait:      percentiles(c.waitTimes), Silence: percentiles(c.silences), LongestSilence: percentiles(c.longests),
		DetectionDelay: percentiles(c.delays),
		Peak:           Peak{Calls: c.connectedMost, Waiting: c.waitingMost, Functions: c.busyMost},
		Requests: Requests{Invocations: c.invocations, Executions: c.executions, Transitions: c.transitions,
			Describes: c.describes, TableReads: c.tableReads, TableWrites: c.tableWrites, Ends: c.ends},
		AnyCalls: c.sim.setup.voice && o.Limits.Calls == 0, From: o.Arrivals.From, Every: c.every,
	}
	for _, f := range c.failures {
		r.Failures = append(r.Failures, *f)
	}
	slices.SortFunc(r.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Reason, b.Reason))
	})
	for i, f := range o.Faults {
		r.Ordered = append(r.Ordered, Ordered{Fault: f, Requests: c.failing[i]})
	}
	for _, q := range Quotas() {
		if t := c.throttles[q]; t != nil {
			r.Throttles = append(r.Throttles, *t)
		}
	}
	for _, m := range c.moments {
		m.Wait = percentiles(m.waits)
		r.Timeline = append(r.Timeline, *m)
	}
	r.Needs = c.needs()
	r.Cost = c.cost(o.Prices)
	return r
}

// functionGB is the memory of the async function as it is deployed, in GB.
const functionGB = awsfacts.MinMemoryMB / 1024.0

// cost is what all calls cost, beside the functions themselves.
func (c *collector) cost(p awsfacts.Prices) Cost {
	ends := time.Duration(c.ends) * c.sim.latency.DynamoDB
	run := float64(c.invocations+c.ends)*p.LambdaRequest + (c.ran+ends).Seconds()*functionGB*p.LambdaGBSecond
	cost := Cost{
		Orchestration: float64(c.transitions)*p.StateTransition + run + float64(c.tableWrites)*p.DynamoDBWrite +
			float64(c.tableReads)*p.DynamoDBRead,
		Minutes: c.spoken.Minutes(),
	}
	if !c.sim.setup.voice {
		cost.Connect = float64(c.messages) * p.ChatMessage
		return cost
	}
	cost.Connect = p.Voice(c.spoken)
	cost.Telephony, cost.TelephonyKnown = p.Telephony(c.spoken), p.TelephonyKnown
	return cost
}

// needs are what of each quota would have refused nothing, as far as the run shows it.
func (c *collector) needs() map[Quota]float64 {
	l := c.sim.settings.Limits
	needs := map[Quota]float64{Calls: float64(c.connectedMost), Concurrency: float64(c.busyMost)}
	for q, bucket := range map[Quota]int{Start: l.Start.Bucket, Describe: l.Describe.Bucket, Stop: l.Stop.Bucket,
		Transitions: l.Transitions.Bucket} {
		needs[q] = refillFor(c.demand[q], bucket)
	}
	return needs
}

// refillFor is how many tokens a second a bucket needs that is never empty.
func refillFor(demand map[int64]int, bucket int) float64 {
	seconds := make([]int64, 0, len(demand))
	most := 0.0
	for second, n := range demand {
		seconds = append(seconds, second)
		most = max(most, float64(n))
	}
	slices.Sort(seconds)
	enough := func(refill float64) bool {
		left, last := float64(bucket), int64(0)
		for _, second := range seconds {
			left = min(float64(bucket), left+refill*float64(second-last)) - float64(demand[second])
			if last = second; left < 0 {
				return false
			}
		}
		return true
	}
	low, high := 0.0, most
	for high-low > 0.05 {
		if middle := (low + high) / 2; enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
