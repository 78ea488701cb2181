package local

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
)

// openToken is a task that waits for its token to come back.
type openToken struct {
	execution *Execution
	id        asl.ID
	release   func() // lets the clock jump
}

// openToken notes the token of a task, which is empty when it waits for none, and returns it.
func (e *Execution) openToken(token string, id asl.ID) string {
	a := e.account
	if token == "" {
		return ""
	}
	release := func() {}
	if a.options.HoldTokens {
		release = a.options.Clock.Hold()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tokens[token] = openToken{execution: e, id: id, release: release}
	return token
}

// closeToken forgets a token.
func (a *Account) closeToken(token string) {
	a.mu.Lock()
	open, ok := a.tokens[token]
	delete(a.tokens, token)
	a.mu.Unlock()
	if ok {
		open.release()
	}
}

// SendTaskSuccess ends the task that waits for a token, with a result in JSON.
func (a *Account) SendTaskSuccess(token string, output json.RawMessage) error {
	if !json.Valid(output) {
		return &Error{Code: "InvalidOutput", Message: "Invalid Task Output: 'the output is not valid JSON'"}
	}
	if len(output) > asl.MaxDataBytes {
		return errValidation("Value at 'output' failed to satisfy constraint: Member must have length less than "+
			"or equal to %d", asl.MaxDataBytes)
	}
	return a.sendTask(token, true, func(id asl.ID, at time.Time) asl.Event {
		return asl.TaskSucceeded{At: at, ID: id, Output: output}
	})
}

// SendTaskFailure fails the task that waits for a token.
func (a *Account) SendTaskFailure(token, errorName, cause string) error {
	return a.sendTask(token, true, func(id asl.ID, at time.Time) asl.Event {
		return asl.TaskFailed{At: at, ID: id, Error: errorName, Cause: cause}
	})
}

// SendTaskHeartbeat says that the work on the task of a token goes on.
func (a *Account) SendTaskHeartbeat(token string) error {
	return a.sendTask(token, false, func(id asl.ID, at time.Time) asl.Event {
		return asl.TaskHeartbeat{At: at, ID: id}
	})
}

// sendTask hands an event to the task that waits for a token; a token that ends its task can be sent once.
func (a *Account) sendTask(token string, ends bool, event func(asl.ID, time.Time) asl.Event) error {
	a.mu.Lock()
	open, ok := a.tokens[token]
	if ok && ends {
		delete(a.tokens, token)
	}
	a.mu.Unlock()
	if !ok {
		return errToken(token)
	}
	closes := asl.ID(0)
	if ends {
		closes = open.id
		defer open.release()
	}
	open.execution.advance(closes, func(at time.Time) asl.Event { return event(open.id, at) })
	return nil
}

// errToken is the refusal of a token that is not open: it was once, or never was one.
func errToken(token string) error {
	if _, err := base64.StdEncoding.DecodeString(token); err != nil || len(token) < 64 {
		return &Error{Code: "InvalidToken", Message: "Invalid Token: 'Invalid token'"}
	}
	return &Error{Code: "TaskTimedOut", Message: "Task Timed Out: 'Provided task does not exist anymore'"}
}
