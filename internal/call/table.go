package call

import (
	"context"
	"sync"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/local"
)

// table is the results table of a play. It answers at once; DynamoDB takes single-digit milliseconds.
type table struct {
	mu      sync.Mutex
	records map[string]async.Record // by the execution's name
}

func newTable() *table { return &table{records: map[string]async.Record{}} }

// observing returns observe, preceded by writing the records of executions that have ended.
func (t *table) observing(observe func(*local.Execution)) func(*local.Execution) {
	return func(e *local.Execution) {
		t.ended(e.Describe())
		if observe != nil {
			observe(e)
		}
	}
}

// Pending implements async.Results.
func (t *table) Pending(_ context.Context, r async.Record) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.records[r.Execution]; !ok {
		t.records[r.Execution] = r
	}
	return nil
}

// Get implements async.Results.
func (t *table) Get(_ context.Context, execution string) (r async.Record, found bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, found = t.records[execution]
	return r, found, nil
}

// Finish implements async.Results.
func (t *table) Finish(_ context.Context, r async.Record) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if old, ok := t.records[r.Execution]; !ok || old.Status == async.StatusPending {
		t.records[r.Execution] = r
	}
	return nil
}

// ended writes the record of an execution that ended by itself, as the last step of its state machine does. One that timed out
// as a whole or was stopped cannot.
func (t *table) ended(d local.Description) {
	if d.Status != asl.Succeeded && d.Status != asl.Failed {
		return
	}
	_ = t.Finish(context.Background(), async.Record{Execution: d.Name, Status: string(d.Status), Output: string(d.Output),
		Error: d.Error, Cause: d.Cause, Started: d.Started, Ended: d.Stopped})
}
