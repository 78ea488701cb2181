package async

import (
	"context"
	"slices"
	"strings"
	"time"
)

// What the function itself reports.
//
// A step of an execution has an item of its own for that. The function learns its key from the state machine, and
// writes one attribute, which is all that its role may write: no function can touch a record. The key begins with the
// step, which has the function's name, so that a role can be kept to the reports of its own function, and nothing is
// told of a step that is over. Only the function for ends lets the item expire, when the execution has ended; where its
// event is lost, an item of a hundred bytes stays.

// ReportKey is the key of the item that the function of a step reports into. No name of a function or of an execution
// has a colon.
func ReportKey(step, execution string) string { return "progress:" + step + ":" + execution }

// reportOf is what the function of the step that runs reports, "" for nothing.
func (f *Function) reportOf(ctx context.Context, in *invocation) string {
	step := in.progress.step.Name
	if f.items == nil || !slices.Contains(in.job.Reports, step) {
		return ""
	}
	var item Values
	err := f.extra(ctx, in, func(ctx context.Context) (err error) {
		item, _, err = f.items.Item(ctx, ReportKey(step, in.execution))
		return err
	})
	if err != nil {
		return ""
	}
	return strings.TrimSpace(item.Texts[ItemReport])
}

// reportHash is what a record keeps of a report that was said.
func reportHash(text string) int { return int(hash32(text)) }

// setSaidReport is the update that notes that a reply says what the function of the step that runs reports.
func (r Record) setSaidReport(text string) Write {
	return Write{Update: "SET #said_report = :said_report", Condition: reportIsUnsaid, Values: Values{
		Numbers: map[string]int64{":said_report": int64(reportHash(text)), ":step": int64(r.Step.Number)},
		Texts:   map[string]string{":pending": StatusPending},
	}}
}

// expireReports lets the reports of an execution expire that has ended, also those that are still to come: a function
// goes on when its execution was stopped.
func (e *Ends) expireReports(ctx context.Context, in *invocation) {
	if e.f.items == nil {
		return
	}
	until := e.f.until(ctx, in.began.Add(EndsTimeout))
	w := setExpires(in.began.Add(e.f.config.retain()))
	for _, step := range in.job.Reports {
		_ = e.f.attempt(ctx, in, until, lookLimit, func(ctx context.Context) error {
			_, err := e.f.items.Change(ctx, ReportKey(step, in.execution), w)
			return err
		})
	}
}

// setExpires is the update that lets an item expire, and adds one that is not there.
func setExpires(at time.Time) Write {
	return Write{Update: "SET #expires = :expires", Values: Values{Numbers: map[string]int64{":expires": at.Unix()}}}
}
