package async

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// What the function itself reports.
//
// A step of an execution has an item of its own for that. The function learns its key from the state machine, and
// writes one attribute, which is all that its role may write: no function can touch a record. The key has the number of
// the step, so that nothing is told of a step that is over. Only the function for ends lets the item expire, when the
// execution has ended; where its event is lost, an item of a hundred bytes stays.

// ReportKey is the key of the item that the function of a step reports into. No name of an execution has a colon.
func ReportKey(execution string, step int) string {
	return ReportPrefix + execution + ":" + strconv.Itoa(step)
}

// ReportPrefix is what the keys of all items begin with that functions report into.
const ReportPrefix = "progress:"

// reportOf is what the function of the step that runs reports, "" for nothing.
func (f *Function) reportOf(ctx context.Context, in *invocation) string {
	step := in.progress.step.Number
	if f.items == nil || !slices.Contains(in.job.Reports, step) {
		return ""
	}
	var item Values
	err := f.extra(ctx, in, func(ctx context.Context) (err error) {
		item, _, err = f.items.Item(ctx, ReportKey(in.execution, step))
		return err
	})
	if err != nil {
		return ""
	}
	return item.Texts[ItemReport]
}

// expireReports lets the reports of an execution expire that has ended.
func (e *Ends) expireReports(ctx context.Context, in *invocation) {
	if e.f.items == nil {
		return
	}
	until := e.f.until(ctx, in.began.Add(EndsTimeout))
	w := setExpires(in.began.Add(e.f.config.retain()))
	for _, step := range in.job.Reports {
		_ = e.f.attempt(ctx, in, until, lookLimit, func(ctx context.Context) error {
			_, err := e.f.items.Change(ctx, ReportKey(in.execution, step), w)
			return err
		})
	}
}

// setExpires is the update that lets an item expire that is there.
func setExpires(at time.Time) Write {
	return Write{Update: "SET #expires = :expires", Condition: itemExists,
		Values: Values{Numbers: map[string]int64{":expires": at.Unix()}}}
}
