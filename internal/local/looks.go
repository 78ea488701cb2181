package local

import (
	"context"
	"encoding/json"
	"time"

	"github.com/connect-async/connect-async/internal/async"
)

// Contacts are those of a call, for jobs that mind when their caller hangs up.
type Contacts interface {
	// Left is when the last of the contacts that began under an id was disconnected, zero while one is connected.
	Left(contact string) time.Time
	// Delivered is told of a result that goes to a place of the customer's.
	Delivered(to string, d async.Delivery)
}

// Effects are SQS, EventBridge and Amazon Connect as the function for ends sees them.
type Effects struct {
	Account  *Account
	Contacts Contacts
}

var _ async.Effects = Effects{}

// travel takes as long as a request.
func (e Effects) travel(ctx context.Context) error {
	return e.Account.options.Clock.Sleep(ctx, e.Account.options.ServedAfter)
}

// Left implements async.Effects.
func (e Effects) Left(ctx context.Context, contact string) (time.Time, error) {
	if err := e.travel(ctx); err != nil {
		return time.Time{}, err
	}
	return e.Contacts.Left(contact), nil
}

// Deliver implements async.Effects.
func (e Effects) Deliver(ctx context.Context, to string, d async.Delivery) error {
	err := e.travel(ctx)
	if err == nil {
		e.Contacts.Delivered(to, d)
	}
	return err
}

// Look implements async.Effects.
func (e Effects) Look(ctx context.Context, message string) error {
	err := e.travel(ctx)
	if err == nil {
		e.Account.sendLook(look{body: message, tries: async.MessageTries}, async.LookAfter)
	}
	return err
}

// looks is the queue of contacts to look at.
type looks struct {
	busy    int // invocations
	waiting []look
}

// look is a message of the queue.
type look struct {
	body  string
	tries int // that are left
}

// Disconnected sends the event of a contact that has ended, as a rule of EventBridge does, into the queue of contacts
// to look at.
func (a *Account) Disconnected(contact string) {
	fault := a.fault(EventBridge, "disconnected")
	if fault.Error != "" {
		return // lost
	}
	body := written(map[string]any{"source": async.ContactSource, "detail-type": async.ContactType,
		"detail": map[string]any{"eventType": async.Disconnected, "contactId": contact, "initialContactId": contact}})
	times := 1
	if fault.LoseReply {
		times = 2
	}
	for i := range times {
		after := a.eventDelay(contact, uint64(i)) + fault.Takes + async.LookAfter
		a.sendLook(look{body: string(body), tries: async.MessageTries}, after)
	}
}

// Outcome is what became of an execution by its record, as far as somebody has decided it, "" as long as nobody has.
func (a *Account) Outcome(table, execution string) string {
	response, err := a.TableRequest("GetItem", written(object{"TableName": table, "Key": key(execution),
		"ConsistentRead": true}))
	var got struct{ Item item }
	if err != nil || json.Unmarshal(response, &got) != nil {
		return ""
	}
	return async.ReadItem(execution, got.Item.values()).Outcome
}

// Sweep sends the event of the schedule that has all contacts looked at whose work is old.
func (a *Account) Sweep() {
	body := written(map[string]any{"source": async.ScheduleSource, "detail-type": "Scheduled Event",
		"time": a.options.Clock.Now().UTC().Format(time.RFC3339)})
	a.sendLook(look{body: string(body), tries: async.MessageTries}, async.LookAfter)
}

// sendLook has a message shown after a while.
func (a *Account) sendLook(l look, after time.Duration) {
	a.options.Clock.AfterFunc(after, func() {
		a.mu.Lock()
		a.looks.waiting = append(a.looks.waiting, l)
		a.mu.Unlock()
		a.showLooks()
	})
}

// showLooks invokes the function for ends with the messages that are shown, as often at the same time as it may be.
func (a *Account) showLooks() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.looks.busy < async.LooksAtOnce && len(a.looks.waiting) > 0 {
		next := a.looks.waiting[0]
		a.looks.waiting = a.looks.waiting[1:]
		a.looks.busy++
		a.options.Clock.Go(func() { a.look(next) })
	}
}

// look has a message handled. It is shown again where that fails.
func (a *Account) look(l look) {
	got := a.now()
	event, err := json.Marshal(map[string]any{
		"Records": []any{map[string]any{"eventSource": async.QueueSource, "body": l.body}}})
	if err != nil {
		panic(err) // texts
	}
	r := a.Invoke(context.Background(), a.tellsEnds(), event)
	a.mu.Lock()
	a.looks.busy--
	a.mu.Unlock()
	if failed := r.Err != nil || r.FunctionError != ""; failed && l.tries > 1 {
		l.tries--
		a.sendLook(l, got.Add(async.MessageHidden).Sub(a.now()))
	}
	a.showLooks()
}
