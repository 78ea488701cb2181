package load

import (
	"time"

	"golang.org/x/time/rate"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// Quota names a quota of AWS, in results and settings.
type Quota string

// The quotas that a load can meet.
const (
	Calls        Quota = "connect_calls"       // that an instance of Amazon Connect takes at once
	Start        Quota = "start_execution"     // requests
	Describe     Quota = "describe_execution"  // requests
	Stop         Quota = "stop_execution"      // requests
	Transitions  Quota = "state_transition"    // of executions: beyond it they slow down
	Concurrency  Quota = "lambda_concurrency"  // functions of the account that run at once
	Environments Quota = "lambda_environments" // that one function gets added
	Reads        Quota = "dynamodb_reads"      // of the results table
	Writes       Quota = "dynamodb_writes"     // of the results table
)

// Quotas are all of them, in the order of a caller's way through them.
func Quotas() []Quota {
	return []Quota{Calls, Concurrency, Environments, Start, Transitions, Describe, Stop, Reads, Writes}
}

// Limits are the quotas of an account in a Region. A number of 0 is no limit.
type Limits struct {
	Calls        int
	Start        awsfacts.Rate
	Describe     awsfacts.Rate
	Stop         awsfacts.Rate
	Transitions  awsfacts.Rate
	Concurrency  int
	Environments awsfacts.Rate
	Reads        float64 // a second, at the beginning
	Writes       float64 // a second, at the beginning
}

// LimitsIn are AWS's default quotas in a Region. How many calls an instance of Amazon Connect takes is not among them:
// the default is that of an instance nobody has used yet, and no instance with many callers has kept it.
func LimitsIn(region string) Limits {
	return Limits{
		Start: awsfacts.StartExecutionRate(region), Describe: awsfacts.DescribeExecutionRate(region),
		Stop: awsfacts.StopExecutionRate(region), Transitions: awsfacts.StateTransitionRate(region),
		Concurrency: awsfacts.ConcurrentExecutions, Environments: awsfacts.EnvironmentRate(),
		Reads: awsfacts.DynamoDBReadsPerSecond, Writes: awsfacts.DynamoDBWritesPerSecond,
	}
}

// bucket is a token bucket that begins full.
type bucket struct{ tokens *rate.Limiter }

func newBucket(r awsfacts.Rate) bucket {
	if r.PerSecond == 0 {
		return bucket{tokens: rate.NewLimiter(rate.Inf, 0)}
	}
	return bucket{tokens: rate.NewLimiter(rate.Limit(r.PerSecond), max(1, r.Bucket))}
}

// take takes a token, if there is one.
func (b bucket) take(now time.Time) bool { return b.tokens.AllowN(now, 1) }

// wait takes tokens, and returns how long it takes until they are there.
func (b bucket) wait(now time.Time, n int) time.Duration {
	r := b.tokens.ReserveN(now, n)
	if !r.OK() {
		return 0 // more at once than the bucket holds: no execution does that
	}
	return r.DelayFrom(now)
}

// lambda is the concurrency of an account and the execution environments of its functions.
type lambda struct {
	limit     int // 0 for none
	adds      awsfacts.Rate
	busy      int
	functions map[string]*environments
}

// environments are those of one function. Idle ones stay.
type environments struct {
	idle  int
	added bucket
}

func newLambda(l Limits) *lambda {
	return &lambda{limit: l.Concurrency, adds: l.Environments, functions: map[string]*environments{}}
}

// begin begins an invocation, unless a quota refuses it.
func (l *lambda) begin(now time.Time, function string) (refusedBy Quota) {
	f := l.functions[function]
	if f == nil {
		f = &environments{added: newBucket(l.adds)}
		l.functions[function] = f
	}
	switch {
	case l.limit > 0 && l.busy >= l.limit:
		return Concurrency
	case f.idle > 0:
		f.idle--
	case !f.added.take(now):
		return Environments
	}
	l.busy++
	return ""
}

// end ends an invocation.
func (l *lambda) end(function string) {
	l.busy--
	l.functions[function].idle++
}

// capacity is what a DynamoDB table on demand serves: at first a given number of requests a second, and later twice the
// most that it has served in a second, once that has lasted for awsfacts.DynamoDBGrowth.
type capacity struct {
	perSecond float64 // 0 for no limit
	tokens    bucket
	second    time.Time // that is counted
	served    float64   // in that second
	peak      float64   // the most of any second since the period began
	period    time.Time
}

func newCapacity(perSecond float64, now time.Time) *capacity {
	c := &capacity{perSecond: perSecond, period: now}
	c.fill()
	return c
}

func (c *capacity) fill() {
	c.tokens = newBucket(awsfacts.Rate{Bucket: int(c.perSecond), PerSecond: c.perSecond})
}

// take takes one unit, if there is one.
func (c *capacity) take(now time.Time) bool {
	if second := now.Truncate(time.Second); !second.Equal(c.second) {
		c.peak = max(c.peak, c.served)
		c.second, c.served = second, 0
	}
	if c.perSecond > 0 && now.Sub(c.period) >= awsfacts.DynamoDBGrowth {
		if c.period = now; 2*c.peak > c.perSecond {
			c.perSecond = 2 * c.peak
			c.fill()
		}
		c.peak = 0
	}
	if !c.tokens.take(now) {
		return false
	}
	c.served++
	return true
}
