package local

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
)

// Activity is an activity of the account.
type Activity struct {
	ARN     string
	Name    string
	Tags    []Tag
	Created time.Time
}

// activity is an activity with the tasks that no worker has yet, and the workers that have none. The account's lock
// guards it.
type activity struct {
	Activity
	tasks   []queuedTask // the oldest first
	workers []*ActivityPoll
}

// queuedTask is a task of an activity.
type queuedTask struct {
	execution *Execution
	command   asl.InvokeTask
	asked     time.Time
}

// CreateActivity makes an activity. The same name once more returns the one that is there; tags do not count.
func (a *Account) CreateActivity(name string, tags []Tag) (Activity, error) {
	if !validName(name) {
		return Activity{}, errName(name)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	arn := a.ActivityARN(name)
	found := a.activities[arn]
	if found == nil {
		found = &activity{Activity: Activity{ARN: arn, Name: name, Tags: tags, Created: a.now()}}
		a.activities[arn] = found
		a.activityChanged(found)
	}
	return found.Activity, nil
}

// activityChanged saves an activity. The account is locked.
func (a *Account) activityChanged(changed *activity) {
	a.save(Change{Space: spaceActivities, Key: changed.ARN, Value: written(changed.Activity)})
}

// Activity returns an activity by ARN.
func (a *Account) Activity(arn string) (Activity, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	found, err := a.activity(arn)
	if err != nil {
		return Activity{}, err
	}
	return found.Activity, nil
}

// activity returns an activity by ARN. The account is locked.
func (a *Account) activity(arn string) (*activity, error) {
	if err := checkARN(arn, "activity"); err != nil {
		return nil, err
	}
	if found := a.activities[arn]; found != nil {
		return found, nil
	}
	return nil, errActivityMissing(arn)
}

// Activities returns all activities in the order of their names.
func (a *Account) Activities() []Activity {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []Activity
	for _, found := range a.activities {
		list = append(list, found.Activity)
	}
	slices.SortFunc(list, func(a, b Activity) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// DeleteActivity deletes an activity. One that does not exist is not an error. Its tasks that no worker has wait until
// their time is over.
func (a *Account) DeleteActivity(arn string) error {
	if err := checkARN(arn, "activity"); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.activities[arn] != nil {
		delete(a.activities, arn)
		a.save(Change{Space: spaceActivities, Key: arn})
	}
	return nil
}

// queue lets a task wait for a worker.
func (e *Execution) queue(c asl.InvokeTask, asked time.Time) {
	a := e.account
	e.mu.Lock()
	o, open := e.open[c.ID]
	if open {
		o.token = e.openToken(c.Token, c.ID)
	}
	e.mu.Unlock()
	if !open {
		return
	}
	a.mu.Lock()
	to := a.activities[c.Resource]
	if to != nil {
		to.add(queuedTask{execution: e, command: c, asked: asked})
	}
	a.mu.Unlock()
	if to == nil {
		e.advance(c.ID, func(at time.Time) asl.Event { return nothingBehind(c, at) })
		return
	}
	a.handOut(to)
}

// add puts a task behind those that were asked for earlier.
func (v *activity) add(task queuedTask) {
	at := len(v.tasks)
	for at > 0 && v.tasks[at-1].asked.After(task.asked) {
		at--
	}
	v.tasks = slices.Insert(v.tasks, at, task)
}

// handOut gives tasks to workers while there are both.
func (a *Account) handOut(from *activity) {
	for {
		a.mu.Lock()
		from.tasks = slices.DeleteFunc(from.tasks, func(task queuedTask) bool {
			_, open := a.tokens[task.command.Token]
			return !open // its time is over, or its execution ended
		})
		if len(from.tasks) == 0 || len(from.workers) == 0 {
			a.mu.Unlock()
			return
		}
		task, worker := from.tasks[0], from.workers[0]
		from.tasks, from.workers = from.tasks[1:], from.workers[1:]
		a.mu.Unlock()
		task.execution.advance(0, func(at time.Time) asl.Event {
			return asl.TaskStarted{At: at, ID: task.command.ID, Worker: worker.name}
		})
		worker.end(&task.command)
	}
}

// pollTime is how long a worker waits for a task (API reference of GetActivityTask).
const pollTime = time.Minute

// ActivityPoll is a worker that waits for a task of an activity.
type ActivityPoll struct {
	account *Account
	of      *activity
	name    string
	timer   clock.Timer

	mu       sync.Mutex
	task     *asl.InvokeTask // nil when there is none
	done     bool
	whenDone []func()
}

// PollActivity lets a worker wait for the next task of an activity, at most a minute.
func (a *Account) PollActivity(arn, worker string) (*ActivityPoll, error) {
	a.mu.Lock()
	of, err := a.activity(arn)
	if err != nil {
		a.mu.Unlock()
		return nil, err
	}
	p := &ActivityPoll{account: a, of: of, name: worker}
	of.workers = append(of.workers, p)
	p.timer = a.options.Clock.AfterFunc(pollTime, p.Cancel)
	a.mu.Unlock()
	a.handOut(of)
	return p, nil
}

// Cancel ends the waiting without a task, unless the worker has one by now.
func (p *ActivityPoll) Cancel() {
	p.account.mu.Lock()
	at := slices.Index(p.of.workers, p)
	if at >= 0 {
		p.of.workers = slices.Delete(p.of.workers, at, at+1)
	}
	p.account.mu.Unlock()
	if at >= 0 {
		p.end(nil)
	}
}

// end ends the waiting.
func (p *ActivityPoll) end(task *asl.InvokeTask) {
	p.timer.Stop()
	p.mu.Lock()
	p.task, p.done = task, true
	whenDone := p.whenDone
	p.mu.Unlock()
	for _, f := range whenDone {
		f()
	}
}

// WhenDone calls f when the waiting has ended, at once when it has already. f must not wait.
func (p *ActivityPoll) WhenDone(f func()) {
	p.mu.Lock()
	done := p.done
	if !done {
		p.whenDone = append(p.whenDone, f)
	}
	p.mu.Unlock()
	if done {
		f()
	}
}

// Task is the task that the worker got: its token and its input. The token is "" when there was none in time.
func (p *ActivityPoll) Task() (token string, input json.RawMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.task == nil {
		return "", nil
	}
	return p.task.Token, p.task.Input.JSON()
}
