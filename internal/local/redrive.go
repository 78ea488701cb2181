package local

import (
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/awsfacts"
)

// Redrives are how often an execution was redriven.
type Redrives struct {
	Count  int            `json:"count"`
	Last   time.Time      `json:"last"`
	Tokens []redriveToken `json:"tokens,omitempty"`
}

// redriveToken is a client token with which an execution was redriven.
type redriveToken struct {
	Token string    `json:"token"`
	At    time.Time `json:"at"`
}

// tokensKept is how many client tokens are known (API reference of RedriveExecution).
const tokensKept = 10

// at returns when the execution was redriven with a token.
func (r *Redrives) at(token string, now time.Time) (time.Time, bool) {
	if r == nil || token == "" {
		return time.Time{}, false
	}
	for _, t := range r.Tokens {
		if t.Token == token && now.Sub(t.At) < awsfacts.RedriveTokenKept {
			return t.At, true
		}
	}
	return time.Time{}, false
}

// next is what they are after another redrive.
func (r *Redrives) next(token string, now time.Time) *Redrives {
	next := &Redrives{Count: 1, Last: now}
	if r != nil {
		next.Count, next.Tokens = r.Count+1, slices.Clone(r.Tokens)
	}
	if token != "" {
		next.Tokens = append(next.Tokens, redriveToken{Token: token, At: now})
		next.Tokens = next.Tokens[max(0, len(next.Tokens)-tokensKept):]
	}
	return next
}

// Redrive lets an execution go on that failed, timed out or was stopped, and returns when it did. The same token once
// more changes nothing.
func (e *Execution) Redrive(token string) (time.Time, error) {
	now := e.account.now()
	e.mu.Lock()
	if at, known := e.redrives.at(token, now); known {
		e.mu.Unlock()
		return at, nil
	}
	if reason := e.notRedrivable(now); reason != "" {
		e.mu.Unlock()
		return time.Time{}, &Error{Code: "ExecutionNotRedrivable", Message: reason}
	}
	e.redrives = e.redrives.next(token, now)
	e.ended.Store(nil)
	e.end, e.saved = asl.Finish{Status: asl.Running}, false
	e.account.mu.Lock()
	e.target.machine.running++
	e.account.mu.Unlock()
	e.mu.Unlock()
	e.observe()
	e.advance(0, func(time.Time) asl.Event { return asl.Redriven{At: now} })
	return now, nil
}

// notRedrivable is why the execution cannot be redriven, "" when it can (texts of the API reference of
// DescribeExecution). The execution is locked.
func (e *Execution) notRedrivable(now time.Time) string {
	ended := e.ended.Load()
	switch {
	case ended == nil || e.end.Status == asl.Succeeded:
		return "Execution is " + string(e.end.Status) + " and cannot be redriven"
	case e.account.deleting(e.target.machine):
		return "State machine is in DELETING status"
	case now.Sub(e.started) > awsfacts.ExecutionTimeout:
		return "Execution has exceeded the max execution time"
	case now.Sub(*ended) > awsfacts.RedrivePeriod:
		return "Execution redrivable period exceeded"
	case e.state == nil: // ended before redrives were served
		return "Execution was started before the launch of RedriveExecution"
	case !e.state.Redrivable():
		return "Execution history event limit exceeded"
	}
	return ""
}

// deleting reports whether a state machine is being deleted, or has been.
func (a *Account) deleting(m *stateMachine) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return m.Status != "ACTIVE" || a.machines[m.ARN] != m
}
