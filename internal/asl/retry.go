package asl

import (
	"math"
	"time"

	"github.com/connect-async/connect-async/internal/jsonpath"
)

// errorHandling holds the retriers and catchers of a Task, Parallel or Map state.
type errorHandling struct {
	retriers []retrier
	catchers []catcher
}

// retrier is one element of Retry.
type retrier struct {
	errors          []string
	intervalSeconds float64
	maxAttempts     int
	backoffRate     float64
	maxDelaySeconds float64 // 0: no cap
	fullJitter      bool
}

// catcher is one element of Catch.
type catcher struct {
	errors     []string
	next       string
	resultPath pathField
	assign     *jsonpath.Template
	query      *queryFlow // instead of the two above in a state with JSONata
}

// Defaults of a retrier (AWS developer guide, handling errors).
const (
	defaultIntervalSeconds = 1
	defaultMaxAttempts     = 3
	defaultBackoffRate     = 2.0
)

// shortestRetry is the delay of a retrier whose IntervalSeconds are 0, so that time passes between two attempts.
const shortestRetry = time.Millisecond

// delay returns how long to wait before attempt number attempt, counted from 0. random is in [0, 1) and used for
// jitter.
func (r retrier) delay(attempt int, random func() float64) time.Duration {
	seconds := r.intervalSeconds * math.Pow(r.backoffRate, float64(attempt))
	if r.maxDelaySeconds > 0 {
		seconds = min(seconds, r.maxDelaySeconds)
	}
	seconds = min(seconds, maxSeconds)
	if r.fullJitter {
		seconds *= random()
	}
	return max(time.Duration(seconds*float64(time.Second)), shortestRetry)
}

// fail handles an error of the frame's state: by a retrier, by a catcher, or by ending the frame. Each retrier counts
// its own attempts.
func (t *turn) fail(f *frame, fail failure) {
	handling := t.stateOf(f).handling()
	t.closeAll(f)
	if handling == nil {
		t.collapse(f, fail)
		return
	}
	if f.Group != nil {
		t.stopGroup(f, f.Previous)
	}
	if t.scheduleRetry(f, handling.retriers, fail) {
		return
	}
	if fail.InChild || fail.Evaluation && t.stateOf(f).base().kind == "Map" {
		t.follow(f, t.stateOf(f).base().kind+"StateFailed", nil)
	}
	for i, c := range handling.catchers {
		if fail.matches(c.errors) {
			t.testCaught(i, fail)
			t.catch(f, c, fail)
			return
		}
	}
	t.collapse(f, fail)
}

func (t *turn) scheduleRetry(f *frame, retriers []retrier, fail failure) bool {
	for i, r := range retriers {
		if !fail.matches(r.errors) {
			continue
		}
		if f.Retries == nil {
			f.Retries = make([]int, len(retriers))
		}
		if t.test != nil {
			f.Retries[i] = t.test.RetryCount
		}
		if f.Retries[i] >= r.maxAttempts {
			return false
		}
		delay := r.delay(f.Retries[i], t.fraction)
		if t.test != nil {
			t.testRetriable(f, i, delay, fail)
			return true
		}
		t.dropGroup(f)
		f.Timer = t.setTimer(openRetry, f, t.at.Add(delay))
		f.Retries[i]++
		return true
	}
	return false
}

// retry runs the frame's state again.
func (t *turn) retry(f *frame) {
	f.Timer = 0
	f.RetryCount++
	t.r.Transitions++
	t.run(f)
}

// catch leaves the state for a catcher's target. OutputPath does not apply (recorded).
func (t *turn) catch(f *frame, c catcher, fail failure) {
	t.dropGroup(f)
	output, assigned, broken := t.caught(f, c, fail.output())
	if broken != nil {
		t.collapse(f, *broken)
		return
	}
	t.leave(f, c.next, output, assigned)
}

// caught evaluates a catcher's fields.
func (t *turn) caught(f *frame, c catcher, errorOutput any) (output any, assigned map[string]variable, fail *failure) {
	if c.query != nil {
		q := t.query(f)
		q.errorOutput = &data{value: errorOutput}
		return q.outcome(c.query, errorOutput)
	}
	if output, fail = t.combine(f, c.resultPath, errorOutput); fail != nil {
		return nil, nil, fail
	}
	assigned, fail = t.assignments(f, c.assign, errorOutput)
	return output, assigned, fail
}
