package local

import (
	"errors"
	"fmt"
	"slices"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/messaging"
)

// maxMessages is how many bytes of messages an account keeps; the oldest are forgotten first.
const maxMessages = 64 << 20

// outbox holds what state machines have sent, until somebody takes it. The account's lock guards it.
type outbox struct {
	list []messaging.Message // in the order of their numbers
	size int                 // of all of them, as JSON
	most int                 // the size above which the oldest are forgotten
	last uint64              // number of the newest one ever sent
}

// Messages returns what state machines have sent to SQS, SNS and EventBridge and nobody has taken yet, the oldest
// first. which chooses among them.
func (a *Account) Messages(which func(messaging.Message) bool) []messaging.Message {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(a.messages.list), func(m messaging.Message) bool { return !which(m) })
}

// TakeMessages is Messages, and forgets those that it returns.
func (a *Account) TakeMessages(which func(messaging.Message) bool) []messaging.Message {
	a.mu.Lock()
	defer a.mu.Unlock()
	var taken []messaging.Message
	a.messages.list = slices.DeleteFunc(a.messages.list, func(m messaging.Message) bool {
		if !which(m) {
			return false
		}
		taken = append(taken, m)
		a.forgotMessage(m)
		return true
	})
	return taken
}

// forgotMessage is called when a message is no longer among the others. The account is locked.
func (a *Account) forgotMessage(m messaging.Message) {
	a.messages.size -= len(written(m))
	a.save(Change{Space: spaceMessages, Key: messageKey(m)})
}

func messageKey(m messaging.Message) string { return fmt.Sprintf("%016x", m.Number) }

// send performs a task that sends messages.
func (e *Execution) send(c asl.InvokeTask) function.Result {
	a := e.account
	sent, err := messaging.Send(c.Service, c.Action, c.Input.JSON(), messaging.Sender{
		Region:       a.options.Region,
		Account:      a.options.AccountID,
		StateMachine: e.target.runs.ARN,
		Execution:    e.ARN,
		State:        c.State,
		At:           a.now(),
		NewID:        a.NewID,
		Next:         a.nextMessage,
	})
	for _, m := range sent.Messages {
		a.keepMessage(m)
		a.options.Sent(m)
	}
	if failed, ok := errors.AsType[*messaging.Failure](err); ok {
		return function.Result{FunctionError: "Unhandled", ErrorType: failed.Name, Payload: []byte(failed.Cause)}
	}
	if refused, ok := errors.AsType[*messaging.Error](err); ok {
		return function.Result{Err: &Error{Code: refused.Code, Message: refused.Message}}
	}
	return function.Result{Payload: sent.Response, Err: err}
}

// nextMessage is the number of the next message. It grows with the time, so that it does beyond the end of the process,
// too.
func (a *Account) nextMessage() uint64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.messages.last = max(a.messages.last+1, uint64(a.now().UnixMicro()))
	return a.messages.last
}

// keepMessage adds a message, and forgets the oldest ones when they are too many.
func (a *Account) keepMessage(m messaging.Message) {
	text := written(m)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.save(Change{Space: spaceMessages, Key: messageKey(m), Value: text})
	a.messages.add(m, len(text))
	for a.messages.size > a.messages.most {
		oldest := a.messages.list[0]
		a.messages.list = a.messages.list[1:]
		a.forgotMessage(oldest)
	}
}

func (o *outbox) add(m messaging.Message, size int) {
	at := len(o.list)
	for at > 0 && o.list[at-1].Number > m.Number { // another one was faster
		at--
	}
	o.list, o.size, o.last = slices.Insert(o.list, at, m), o.size+size, max(o.last, m.Number)
}

// messages restores what was sent.
func (r *restorer) messages() error {
	return each(r.journal, spaceMessages, func(_ string, m messaging.Message) error {
		r.account.messages.add(m, len(written(m)))
		return nil
	})
}
