package local_test

import (
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

// TestRecordsOfRounds writes what a start writes: a record, its data, the newest generation, and
// that a start failed.
func TestRecordsOfRounds(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, _ *clock.Virtual) {
		a.AddResultsTable("results")
		r := local.Results{Account: a, Table: "results"}
		want := async.Record{Execution: "one", Status: async.StatusPending, Started: start, Timeout: time.Minute,
			Expires: start.Add(time.Hour)}
		begin := func(record, found async.Record) {
			t.Helper()
			if old, err := r.Pending(bg, record, start); err != nil || old != found {
				t.Errorf("a start found %+v, %v, want %+v", old, err, found)
			}
		}
		write := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			if got := record(t, a, "one"); got != want {
				t.Errorf("the record is %+v, want %+v", got, want)
			}
		}
		noted := async.Record{Execution: "one", Data: "d1"}
		if err := r.NoteData(bg, noted); err != nil {
			t.Fatal(err)
		}
		begin(want, async.Record{})
		want.Data = noted.Data
		write(r.NoteData(bg, noted))
		begin(async.Record{Execution: "one", Status: async.StatusPending}, want)

		want.Newest, want.Expires = 3, start.Add(2*time.Hour)
		write(r.Newest(bg, want, start))
		older := want
		older.Newest, older.Expires = 2, start.Add(time.Minute)
		write(r.Newest(bg, older, start))

		other := want
		other.Started, other.Expires = start.Add(time.Second), start.Add(-time.Minute)
		write(r.Forget(bg, other))
		want.Expires = start.Add(-time.Minute)
		write(r.Forget(bg, want))
		begin(older, async.Record{})
	})
}
