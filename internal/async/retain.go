package async

import (
	"cmp"
	"time"
)

// Results are told for a while, and then no longer. The table erases them some days later and Step Functions keeps them
// in any case, so it is this function that has to stop.

// retain is how long a result is told after its execution has ended.
func (c *Config) retain() time.Duration { return cmp.Or(c.Retain, DefaultRetain) }

func (c *Config) readRetain(value string) error {
	return readSeconds(&c.Retain, value, MinRetain, MaxRetain)
}

// isForgotten reports whether the result of an execution is no longer told.
func (f *Function) isForgotten(e Execution) bool { return f.endedBefore(e, f.config.retain()) }

// finished says how an execution ended, or that it ended too long ago.
func (f *Function) finished(in *invocation, e Execution) *reply {
	if !f.isForgotten(e) {
		return in.finished(e)
	}
	r := in.reply(StatusFinished)
	r.result, r.sfnStatus, r.sfnError, r.withheld = ResultFailure, e.Status, ResultExpired, true
	r.sfnCause = "The execution ended longer ago than results are told, which is " + f.config.retain().String() + "."
	return r
}
