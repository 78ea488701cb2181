package call

import (
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/scenario"
)

// Record is what is known of a call that is over, such as its flow log. A call that is played with one follows it: the
// record replies for the functions, and says what the caller answered. It is for one play, which asks it about one
// thing at a time.
type Record interface {
	flow.Guide
	// Replies is what a function that is invoked at a time replied, and how long after that, Connect's own time
	// included. It reports false for a function of which no reply is known.
	Replies(c flow.InvokeFunction, at time.Time) (reply player.Reply, after time.Duration, ok bool)
	// Answers are what the caller did when the flow began to listen at a time. The times of the steps count from there.
	Answers(a flow.Ask, at time.Time) []scenario.Step
}

// RecordedOptions say how a call that is over is played again.
type RecordedOptions struct {
	Record   Record
	Scenario scenario.Scenario // the caller, how long texts take, and what is assumed; the record knows the rest
	Logging  bool              // flow logs were on when the call came to the flow
	Hooks    map[string]string // event hooks that nothing in the flows sets, such as those that every queue has
	From     []flow.Place      // where the record begins; none: with the flow
}

// Recorded is the call as a record has it, with the flow log. It has one caller.
func (c *Call) Recorded(o RecordedOptions) *Call {
	again := *c
	again.record, again.logging, again.scenario, again.from = o.Record, o.Logging, o.Scenario, o.From
	again.hooks = o.Hooks
	again.lengths, again.flowLog, again.virtual = o.Scenario.Lengths, true, true
	return &again
}

// Recordings are how long the recordings of the project are.
func (c *Call) Recordings() map[string]time.Duration { return c.recordings }

// answerAsRecorded lets the caller do what a record says they did.
func (l *line) answerAsRecorded(a flow.Ask) {
	if l.stage.call.record == nil {
		return
	}
	for _, step := range l.stage.call.record.Answers(a, l.stage.clock.Now()) {
		l.due++
		l.stage.clock.AfterFunc(step.At, func() {
			l.player.Do(func() {
				l.due--
				l.do(step)
			})
		})
	}
}

// replyAsRecorded is the reply that a record has. A function of which none is known runs on until the call is over.
func (l *line) replyAsRecorded(c flow.InvokeFunction) player.Reply {
	reply, after, ok := l.stage.call.record.Replies(c, l.stage.clock.Now())
	if !ok {
		_ = l.stage.clock.Sleep(l.stage.functions, forEver)
		return player.Reply{}
	}
	_ = l.stage.clock.Sleep(l.stage.functions, after-l.connectTime(c)) // which the contact adds
	return reply
}

// forEver is longer than any call.
const forEver = 366 * 24 * time.Hour
