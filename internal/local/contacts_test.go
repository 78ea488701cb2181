package local_test

import (
	"slices"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

// TestContactsInTheTable checks that the requests of async.Contacts do what they are for, in tables that follow
// DynamoDB's rules.
func TestContactsInTheTable(t *testing.T) {
	c := clock.NewVirtual(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))
	a := local.New(local.Options{Clock: c, Seed: 1})
	a.AddResultsTable("results")
	err := c.Run(func() {
		const contact, first, second = "4a573372-1f28-4e26-b97b-000000000001", "arn:first", "arn:second"
		r := local.Results{Account: a, Table: "results"}
		start := func(name, arn string) async.Record {
			old, err := r.Pending(bg, async.Record{Execution: name, Status: async.StatusPending, Started: c.Now(),
				Timeout: time.Minute, Expires: c.Now().Add(time.Hour), Contact: contact, ExecutionID: arn,
				ListExpires: c.Now().Add(time.Hour)}, c.Now())
			if err != nil {
				t.Fatal(err)
			}
			return old
		}
		if old := start("first", first); old.Execution != "" {
			t.Errorf("a new record is %+v", old)
		}
		if old := start("first", "arn:other"); old.Execution != "first" || old.Status != async.StatusPending {
			t.Errorf("the record that was there is %+v", old)
		}
		once, found, err := r.Contact(bg, contact)
		if err != nil || !found || !slices.Equal(once.Executions, []string{first}) || once.ID != contact {
			t.Errorf("the contact is %+v, %v", once, err)
		}
		start("second", second)
		if err := r.Close(bg, once); err != nil {
			t.Error(err)
		}
		both, found, _ := r.Contact(bg, contact)
		if !found || len(both.Executions) != 2 {
			t.Errorf("closed with a further execution: %+v", both)
		}
		waiting := func(before time.Duration) (ids []string) {
			ids, err := r.Waiting(bg, c.Now().Add(before), c.Now())
			if err != nil {
				t.Error(err)
			}
			return ids
		}
		if early, late := waiting(-time.Minute), waiting(time.Minute); len(early) != 0 ||
			!slices.Equal(late, []string{contact}) {
			t.Errorf("waiting: %q, %q", early, late)
		}
		if err := r.Close(bg, both); err != nil {
			t.Error(err)
		}
		if _, found, err := r.Contact(bg, contact); err != nil || found {
			t.Error("the contact is still there", err)
		}
		decisions(t, r, c.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
}

// decisions makes decisions about the record "first", one after the other.
func decisions(t *testing.T, r local.Results, now time.Time) {
	for i, d := range []struct {
		async.Decision
		made bool
	}{
		{Decision: async.Decision{Execution: "nobody", Outcome: "told", At: now}},
		{Decision: async.Decision{Execution: "first", Outcome: "claim", At: now, Replaces: "claim", Before: now},
			made: true},
		{Decision: async.Decision{Execution: "first", Outcome: "told", At: now}},
		{Decision: async.Decision{Execution: "first", Outcome: "claim", At: now, Replaces: "claim", Before: now}},
		{Decision: async.Decision{Execution: "first", Outcome: "done", At: now, Replaces: "claim",
			Before: now.Add(time.Second)}, made: true},
	} {
		made, err := r.Decide(bg, d.Decision)
		if err != nil || made != d.made {
			t.Errorf("decision %d: made %v, %v", i, made, err)
		}
	}
	if last, _, _ := r.Get(bg, "first"); last.Outcome != "done" || !last.Decided.Equal(now) {
		t.Errorf("the record is %+v", last)
	}
}
