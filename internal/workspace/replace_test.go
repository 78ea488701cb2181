package workspace_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/workspace"
)

// TestReplace puts a changed project into the account of the former one while an execution runs: that one ends as it
// was started, later ones are as the project says now, and what is gone from the project is gone from the account.
func TestReplace(t *testing.T) {
	var invoked []string
	told := func(i workspace.Invocation) {
		if i.Took != time.Second {
			t.Errorf("%s took %v", i.Function, i.Took)
		}
		invoked = append(invoked, i.Function+" "+string(i.Result.Payload))
	}
	old := open(t, workspace.Options{Project: readBank(t, payment), StandIns: standIns(), Invoked: told})
	changed := strings.NewReplacer("  payment: {definition: payment.json}\n", "  paying: {steps: [pay]}\n",
		"steps: [look-up, format]", "steps: [look-up]", "  format: {arn", "  other: {arn").Replace(bank)
	p, found := project.Read(write(t, map[string]string{project.FileName: changed}))
	if p == nil {
		t.Fatal(found)
	}
	next := open(t, workspace.Options{Project: p, StandIns: standIns(), Invoked: told})
	virtual := clock.NewVirtual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	o := local.Options{Clock: virtual}
	account, found := old.Account(o, nil)
	if len(found) > 0 {
		t.Fatal(found)
	}
	run := func(machine string) *local.Execution {
		e, err := account.StartExecution(account.StateMachineARN(machine), "", json.RawMessage(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	err := virtual.Run(func() {
		before := run("bank-balance")
		if found := next.Replace(old, account, o); len(found) > 0 {
			t.Error(found)
		}
		after, paying := run("bank-balance"), run("bank-paying")
		_ = virtual.Sleep(t.Context(), time.Minute)
		for _, e := range []*local.Execution{before, after, paying} {
			if d := e.Describe(); d.Status != asl.Succeeded {
				t.Errorf("%s %s %s", d.Status, d.Error, d.Cause)
			}
		}
		if b, a := string(before.Describe().Output), string(after.Describe().Output); b != `"one"` || a != `{"n":1}` {
			t.Errorf("before: %s, after: %s", b, a)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := account.StateMachine(account.StateMachineARN("bank-payment")); err == nil {
		t.Error("the state machine of a job that is gone is still there")
	}
	slices.Sort(invoked)
	want := []string{`format "one"`, `look-up {"n":1}`, `look-up {"n":1}`, `pay "paid"`}
	if diff := cmp.Diff(want, invoked); diff != "" {
		t.Error(diff)
	}
}
