package async

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"
)

// ContactSource and ContactType are those of the events of contacts, and Disconnected is the type that counts. Source:
// Amazon Connect administrator guide, "Contact events"; they come on a best effort basis, in any order.
const (
	ContactSource = "aws.connect"
	ContactType   = "Amazon Connect Contact Event"
	Disconnected  = "DISCONNECTED"
)

// ScheduleSource is the source of the events that a schedule of EventBridge sends.
const ScheduleSource = "aws.events"

// DeliverySource and DeliveryType are those of the events that carry late results to an event bus.
const (
	DeliverySource = "connect-async"
	DeliveryType   = "Late Result"
)

// QueueSource is the source of the records that Lambda makes of the messages of a queue.
const QueueSource = "aws:sqs"

// message is what the queue of contacts to look at holds: a contact event or the event of a schedule, as EventBridge
// passes them on, or what LookMessage or sweepMessage writes.
type message struct {
	Source string
	Time   time.Time // of the event
	Detail struct {
		EventType        string
		ContactID        string
		InitialContactID string
		InstanceARN      string
	}
	Look, Sweep string // the contact to look at
}

// LookMessage is the message with which the function for ends asks itself to look at a contact.
func LookMessage(contact string) string { return `{"look":` + string(quote(contact)) + `}` }

// sweepMessage is the same, from a sweep.
func sweepMessage(contact string) string { return `{"sweep":` + string(quote(contact)) + `}` }

// queued returns the message that an event from the queue brings, if it is one.
func queued(event []byte) (body string, ok bool) {
	var batch struct {
		Records []struct{ EventSource, Body string }
	}
	if json.Unmarshal(event, &batch) != nil || len(batch.Records) != 1 || batch.Records[0].EventSource != QueueSource {
		return "", false
	}
	return batch.Records[0].Body, true
}

var errNotAMessage = errors.New(
	"the message is neither a contact event of Amazon Connect nor one of the function's own")

// handleMessage does what a message of the queue asks for. The queue does not try again what a sweep asked for and what
// would fail again, since the next sweep asks for it, too: otherwise a few dozen results that cannot be delivered, such
// as those of a job whose flow was deleted, would soon leave no time for others.
func (e *Ends) handleMessage(ctx context.Context, requestID, body string) error {
	in := &invocation{requestID: requestID, began: e.f.clock.Now()}
	m, err := e.readMessage(body)
	if err == nil {
		err = e.perform(ctx, in, m)
	}
	if err != nil && e.f.logger.Enabled(ctx, slog.LevelError) {
		e.f.logger.LogAttrs(ctx, slog.LevelError, "look", slog.String(MetricDeployment, orNone(e.f.config.Deployment)),
			slog.String("request_id", requestID), slog.String("reason", err.Error()))
	}
	if _, stays := errors.AsType[permanent](err); stays && m.Sweep != "" {
		return nil
	}
	return err
}

func (e *Ends) readMessage(body string) (m message, err error) {
	if problem := e.f.config.problem(); problem != "" {
		return m, errors.New(problem)
	}
	if json.Unmarshal([]byte(body), &m) != nil || e.contacts == nil {
		return message{}, errNotAMessage
	}
	return m, nil
}

func (e *Ends) perform(ctx context.Context, in *invocation, m message) error {
	switch {
	case m.Look != "":
		return e.settle(ctx, in, m.Look)
	case m.Sweep != "":
		return e.settle(ctx, in, m.Sweep)
	case m.Source == ScheduleSource:
		return e.sweep(ctx, in, m.Time)
	case m.Source == ContactSource && m.Detail.ContactID != "":
		if m.Detail.EventType != Disconnected {
			return nil
		}
		id := m.Detail.InitialContactID
		if id == "" {
			id = m.Detail.ContactID
		}
		return e.settle(ctx, in, id)
	}
	return errNotAMessage
}

// maxSweep is how many contacts a sweep looks at: as many as can be looked at until the next one.
const maxSweep = int(SweepEvery/time.Second) * 5 / 6

// sweep has every contact looked at whose newest work is a sweep old: events get lost. Where there are too many, each
// sweep takes its share of them. Whose turn it is follows from when the sweep was due, so that none is left out where
// sweeps begin a little early or late.
func (e *Ends) sweep(ctx context.Context, in *invocation, due time.Time) error {
	until := e.f.until(ctx, in.began.Add(EndsTimeout))
	var ids []string
	err := e.do(ctx, in, "dynamodb:Scan", until, func(ctx context.Context) (err error) {
		ids, err = e.contacts.Waiting(ctx, in.began.Add(-SweepEvery), in.began)
		return err
	})
	if err != nil {
		return err
	}
	shares := uint32((len(ids) + maxSweep - 1) / maxSweep)
	turn := uint32(due.Unix() / int64(SweepEvery/time.Second))
	for _, id := range ids {
		if share(id, shares) == turn%shares {
			if err := e.sendLook(ctx, in, sweepMessage(id), until); err != nil {
				return err
			}
		}
	}
	return nil
}

// share is which share of a sweep a contact belongs to.
func share(contact string, shares uint32) uint32 {
	return hash32(contact) % shares
}

// sendLook puts a message about a contact into the queue.
func (e *Ends) sendLook(ctx context.Context, in *invocation, message string, until time.Time) error {
	return e.do(ctx, in, "sqs:SendMessage", until, func(ctx context.Context) error {
		return e.effects.Look(ctx, message)
	})
}

// lookAfterEnd has the contact of an execution looked at that has ended, if it is listed there.
func (e *Ends) lookAfterEnd(ctx context.Context, in *invocation) error {
	contact, _ := contactInName(in.execution)
	if e.contacts == nil || !in.job.minds() || !isUUID(contact) {
		return nil
	}
	return e.sendLook(ctx, in, LookMessage(contact), e.f.until(ctx, in.began.Add(EndsTimeout)))
}

// logOutcome writes the line of an execution that was settled, or could not be.
func (e *Ends) logOutcome(ctx context.Context, p *piece, contact string, err error) {
	level, outcome := slog.LevelInfo, done[p.claim]
	if err != nil {
		level, outcome = slog.LevelError, endFailed
	}
	if !e.f.logger.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String(MetricDeployment, orNone(e.f.config.Deployment)),
		slog.String("request_id", p.in.requestID),
		slog.String("contact_id", contactForLog(contact)),
		slog.String("job", orNone(p.in.job.Name)),
		slog.String("execution", p.in.nameForLog()),
		slog.String("sfn_status", statusForLog(p.seen)),
		slog.String("outcome", outcome),
		slog.Int("aws_calls", p.in.calls),
	}
	if err != nil {
		attrs = append(attrs, slog.String("reason", err.Error()))
	}
	e.f.logger.LogAttrs(ctx, level, "left", attrs...)
}
