package async

import (
	"context"
	"slices"
	"time"
)

// How long such work usually takes.
//
// The function for ends keeps how long the executions of a job took that succeeded: in one item for the job, an
// attribute for each of as many as there are letters. A hash of the execution's name chooses the attribute, so that an
// event which comes twice writes the same, events need no order, and nothing has to be read before. Each end takes the
// place of an earlier one, whose age nobody knows: those that are left are of the last hundred or so.

const (
	recentSlots  = 26
	recentLeast  = 5           // ends that must be known before anything is said
	recentShare  = 80          // per cent of them had ended by then
	recentKept   = time.Minute // by a process, which otherwise would read them for each check
	recentPrefix = "took_"     // of the attributes, before a letter
)

// RecentKey is the key of the item with the recent ends of a job. No name of an execution has a colon.
func RecentKey(job string) string { return "recent:" + job }

// recent is what a process knows of a job's recent ends.
type recent struct {
	took []time.Duration // in order
	read time.Time
}

// setTook is the update that keeps how long an execution took.
func setTook(execution string, took time.Duration, expires time.Time) Write {
	name := recentPrefix + string('a'+rune(hash32(execution)%recentSlots))
	return Write{Update: "SET #" + name + " = :took, #expires = :expires", Values: Values{
		Numbers: map[string]int64{":took": took.Milliseconds(), ":expires": expires.Unix()},
	}}
}

// readTook is how long the executions took that an item tells of, in order.
func readTook(item Values) []time.Duration {
	var all []time.Duration
	for letter := 'a'; letter < 'a'+recentSlots; letter++ {
		if ms := item.Numbers[recentPrefix+string(letter)]; ms > 0 {
			all = append(all, time.Duration(ms)*time.Millisecond)
		}
	}
	slices.Sort(all)
	return all
}

// keepTook keeps how long an execution took that succeeded. When that fails, the next one is as good.
func (e *Ends) keepTook(ctx context.Context, in *invocation, end Execution) {
	took := end.Stopped.Sub(end.Started)
	if !in.job.Progress || e.f.items == nil || end.Status != ExecutionSucceeded || took <= 0 ||
		took > in.job.timeout()+overdueAfter {
		return
	}
	w := setTook(in.execution, took, in.began.Add(e.f.config.retain()))
	until := e.f.until(ctx, in.began.Add(EndsTimeout))
	_ = e.f.attempt(ctx, in, until, lookLimit, func(ctx context.Context) error {
		_, err := e.f.items.Change(ctx, RecentKey(in.job.Name), w)
		return err
	})
}

// usuallyLeft is how long it takes until such work has ended as a rule: four of five recent executions had. It is 0
// where too few are known, and where this one takes longer.
func (f *Function) usuallyLeft(ctx context.Context, in *invocation) time.Duration {
	now := f.clock.Now()
	if f.items == nil || in.record.Started.IsZero() {
		return 0
	}
	took := f.recentOf(ctx, in, now)
	if len(took) < recentLeast {
		return 0
	}
	usual := took[(len(took)*recentShare+99)/100-1]
	return max(usual-now.Sub(in.record.Started), 0)
}

// recentOf is how long the recent executions of a job took, as this process read it a short time ago.
func (f *Function) recentOf(ctx context.Context, in *invocation, now time.Time) []time.Duration {
	f.mu.Lock()
	known := f.recent[in.job.Name]
	f.mu.Unlock()
	if !known.read.IsZero() && now.Sub(known.read) < recentKept {
		return known.took
	}
	var item Values
	err := f.extra(ctx, in, func(ctx context.Context) (err error) {
		item, _, err = f.items.Item(ctx, RecentKey(in.job.Name))
		return err
	})
	known = recent{read: now}
	if expires := readExpires(item); err == nil && !expires.Before(now) {
		known.took = readTook(item)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.recent[in.job.Name] = known
	return known.took
}
