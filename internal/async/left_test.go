package async

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// settler is the function for ends with a queue that only collects, and effects that only count.
type settler struct {
	*departure
	looks     []string
	delivered []time.Time
	jobs      []string // whose results were delivered
	ids       []string // what Waiting returns, where it is set
	refusal   error    // of deliveries
}

func newSettler(t *testing.T, leave string) *settler {
	w := newWorld()
	d := &departure{flow: newFlow(t, w, manyCallers)}
	d.f.config.Jobs[0].Leave = leave
	s := &settler{departure: d}
	d.ends = NewEnds(d.f.config, w, w, w.clock, WithLogger(d.f.logger)).MindLeavers(s, s)
	return s
}

func (s *settler) Deliver(_ context.Context, _ string, d Delivery) error {
	if s.refusal != nil {
		return s.refusal
	}
	s.delivered, s.jobs = append(s.delivered, s.world.clock.Now()), append(s.jobs, d.Job)
	return nil
}

func (s *settler) Look(_ context.Context, message string) error {
	s.looks = append(s.looks, message)
	return nil
}

func (s *settler) Waiting(ctx context.Context, before, now time.Time) ([]string, error) {
	if s.ids != nil {
		return s.ids, nil
	}
	return s.departure.Waiting(ctx, before, now)
}

// message is an event of the queue.
func (s *settler) message(body string) error { return s.handle([]byte(body)) }

// TestMessagesThatAreNone are refused, so that the queue puts them aside, or ignored.
func TestMessagesThatAreNone(t *testing.T) {
	s := newSettler(t, LeaveDeliver)
	play(t, s.world, func() {
		for _, body := range []string{``, `{`, `[]`, `{}`, `{"source":"aws.connect"}`,
			`{"source":"aws.ec2","detail":{}}`} {
			if err := s.message(body); err == nil {
				t.Errorf("%q: no error", body)
			}
		}
		for _, body := range []string{`{"source":"aws.connect","detail":{"eventType":"QUEUED","contactId":"c"}}`,
			`{"source":"aws.connect","detail":{"eventType":"DISCONNECTED","contactId":"c"}}`, `{"look":"c"}`} {
			if err := s.message(body); err != nil {
				t.Errorf("%q: %v", body, err)
			}
		}
	})
}

// TestSweepsTakeTurns has far more contacts wait than one sweep can look at: each is looked at in some sweep.
func TestSweepsTakeTurns(t *testing.T) {
	s := newSettler(t, LeaveDeliver)
	for i := range 3 * maxSweep {
		s.ids = append(s.ids, fmt.Sprintf("contact-%d", i))
	}
	play(t, s.world, func() {
		for range 3 {
			before := len(s.looks)
			if err := s.message(scheduled(s.world.clock.Now())); err != nil {
				t.Fatal(err)
			}
			if looked := len(s.looks) - before; looked > maxSweep*6/5 {
				t.Errorf("%d in one sweep", looked)
			}
			s.world.sleep(SweepEvery)
		}
	})
	slices.Sort(s.looks)
	if got := slices.Compact(s.looks); len(got) != len(s.ids) {
		t.Errorf("%d of %d were looked at", len(got), len(s.ids))
	}
}

// TestSweepsThatComeEarlyAndLate has sweeps begin a little before or after the time of their event, which decides whose
// turn it is: as the clock says it, two out of three of these would have the same turn.
func TestSweepsThatComeEarlyAndLate(t *testing.T) {
	s := newSettler(t, LeaveDeliver)
	for i := range 2 * maxSweep {
		s.ids = append(s.ids, fmt.Sprintf("contact-%d", i))
	}
	play(t, s.world, func() {
		for i := range 3 {
			due := epoch.Add(time.Duration(i+1) * SweepEvery)
			s.world.sleep(due.Add(time.Duration(i%2)*time.Second - time.Second/2).Sub(s.world.clock.Now()))
			if err := s.message(scheduled(due)); err != nil {
				t.Fatal(err)
			}
		}
	})
	slices.Sort(s.looks)
	if got := slices.Compact(s.looks); len(got) != len(s.ids) {
		t.Errorf("%d of %d were looked at", len(got), len(s.ids))
	}
}

// TestEffectsArePaced delivers the results of one contact's many executions, of which Amazon Connect takes two tasks a
// second.
func TestEffectsArePaced(t *testing.T) {
	const executions = 6
	s := newSettler(t, LeaveDeliver)
	play(t, s.world, func() {
		for i := range executions {
			s.call(parametersOf{"request": fmt.Sprint(i)})
		}
		s.world.sleep(time.Minute)
		s.left = s.world.clock.Now().Add(-LookAfter)
		if err := s.message(LookMessage(contactID)); err != nil {
			t.Fatal(err)
		}
	})
	if len(s.delivered) != executions || len(s.world.contacts) != 0 {
		t.Fatalf("delivered %d; left are %v", len(s.delivered), s.world.contacts)
	}
	for i := 1; i < executions; i++ {
		if pause := s.delivered[i].Sub(s.delivered[i-1]); pause < LooksAtOnce*time.Second {
			t.Errorf("a pause of %v", pause)
		}
	}
}

// TestWhatCannotBeDelivered is tried again by the queue after an event, and only by the next sweep after a sweep,
// unless the failure passes by itself.
func TestWhatCannotBeDelivered(t *testing.T) {
	denied, throttled := &ServiceError{Code: "AccessDeniedException", Status: 403}, errThrottled
	for _, test := range []struct {
		message string
		refusal error
		fails   bool
	}{
		{LookMessage(contactID), denied, true}, {LookMessage(contactID), throttled, true},
		{sweepMessage(contactID), denied, false}, {sweepMessage(contactID), throttled, true},
	} {
		s, message := newSettler(t, LeaveDeliver), test.message
		s.refusal = test.refusal
		play(t, s.world, func() {
			s.call(parametersOf{})
			s.world.sleep(time.Minute)
			s.left = s.world.clock.Now().Add(-LookAfter)
			if err := s.message(message); (err != nil) != test.fails {
				t.Errorf("%s: %v", message, err)
			}
			if err := s.message(message); !errors.Is(err, errClaimed) {
				t.Errorf("%s, a moment later: %v", message, err)
			}
			s.world.sleep(2 * claimLife)
			s.refusal = nil
			if err := s.message(message); err != nil {
				t.Errorf("%s, with the cause mended: %v", message, err)
			}
		})
		if len(s.delivered) != 1 || len(s.world.contacts) > 0 {
			t.Errorf("%s: %d deliveries, %v", message, len(s.delivered), s.world.contacts)
		}
	}
}

// TestTheListOutlivesEveryJob starts work that takes days, and then some with a short timeout: the contact's item lists
// the first one until that has ended, and for as long as its result stays. That of the second one is no longer told by
// then, nor delivered.
func TestTheListOutlivesEveryJob(t *testing.T) {
	s := newSettler(t, LeaveDeliver)
	const days, arn = 72 * time.Hour, machineARN + "Long"
	s.f.config.Jobs[0].Timeout = time.Minute
	long := Job{Name: "long", StateMachineARN: arn, Timeout: days, Leave: LeaveDeliver}
	s.f.config.Jobs = append(s.f.config.Jobs, long)
	s.ends = NewEnds(s.f.config, s.world, s.world, s.world.clock).MindLeavers(s, s)
	s.world.takes = days - time.Minute
	play(t, s.world, func() {
		s.call(parametersOf{"job": "long"})
		s.world.takes = time.Second
		s.call(parametersOf{})
		s.left = s.world.clock.Now().Add(time.Minute)
		s.world.sleep(days)
		if err := s.message(LookMessage(contactID)); err != nil {
			t.Error(err)
		}
	})
	if !slices.Equal(s.jobs, []string{"long"}) || len(s.world.contacts) > 0 {
		t.Errorf("delivered %q; left are %v", s.jobs, s.world.contacts)
	}
}

// TestAStartThatWasNotConfirmed may have started the execution all the same, though its record counts for nothing.
func TestAStartThatWasNotConfirmed(t *testing.T) {
	s := newSettler(t, LeaveDeliver)
	s.world.loseFirstStart(errThrottled)
	play(t, s.world, func() {
		expect(t, s.call(parametersOf{}), "sfn_result=FAILURE")
		s.world.sleep(time.Minute)
		s.left = s.world.clock.Now().Add(-LookAfter)
		if err := s.message(LookMessage(contactID)); err != nil {
			t.Error(err)
		}
	})
	if len(s.delivered) != 1 || len(s.world.contacts) > 0 {
		t.Errorf("%d deliveries; left are %v", len(s.delivered), s.world.contacts)
	}
}

// TestClaims looks at an execution that somebody else has claimed, or decided about, a moment ago.
func TestClaims(t *testing.T) {
	for name, test := range map[string]struct {
		outcome string
		age     time.Duration
		fails   bool
		effects int
		stays   bool
	}{
		"claimed just now":     {outcome: outcomeDelivering, fails: true, stays: true},
		"claimed by the dead":  {outcome: outcomeDelivering, age: 2 * claimLife, effects: 1},
		"told":                 {outcome: OutcomeTold},
		"delivered":            {outcome: OutcomeDelivered},
		"nothing was decided":  {effects: 1},
		"claimed at that time": {outcome: "race", fails: true, stays: true},
		"told at that time":    {outcome: "tell"},
	} {
		s := newSettler(t, LeaveDeliver)
		play(t, s.world, func() {
			s.call(parametersOf{})
			s.world.sleep(time.Minute)
			s.left = s.world.clock.Now().Add(-LookAfter)
			decide := func(outcome string) {
				r := s.record()
				r.Outcome, r.Decided = outcome, s.world.clock.Now().Add(-test.age)
				s.world.table[r.Execution] = r
			}
			race := map[string]string{"race": outcomeDelivering, "tell": OutcomeTold}[test.outcome]
			if race == "" {
				decide(test.outcome)
			}
			s.world.before = func(_ context.Context, op string) error {
				if op == "Left" && race != "" {
					decide(race)
				}
				return nil
			}
			err := s.message(LookMessage(contactID))
			stays := len(s.world.contacts) > 0
			if (err != nil) != test.fails || len(s.delivered) != test.effects || stays != test.stays {
				t.Errorf("%s: %v, %d effects, %v", name, err, len(s.delivered), s.world.contacts)
			}
		})
	}
}

// TestWhoIsThereIsLeftAlone also waits while a transfer may be under way.
func TestWhoIsThereIsLeftAlone(t *testing.T) {
	for _, left := range []time.Duration{0, transferTakes - time.Second, transferTakes + time.Second} {
		s := newSettler(t, LeaveDeliver)
		play(t, s.world, func() {
			s.call(parametersOf{})
			s.world.sleep(time.Minute)
			if left > 0 {
				s.left = s.world.clock.Now().Add(-left)
			}
			if err := s.message(LookMessage(contactID)); err != nil {
				t.Fatal(err)
			}
		})
		if gone := left > transferTakes; (len(s.delivered) == 1) != gone || (len(s.world.contacts) == 0) != gone {
			t.Errorf("%v after hanging up: %d deliveries", left, len(s.delivered))
		}
	}
}

// TestWhatIsCancelledByTheCaller is not delivered, unless it was done before.
func TestWhatIsCancelledByTheCaller(t *testing.T) {
	for _, tooLate := range []bool{false, true} {
		s := newSettler(t, LeaveDeliver)
		play(t, s.world, func() {
			id := s.call(parametersOf{})["execution_id"]
			if tooLate {
				s.world.sleep(13 * time.Second)
				s.f.config.Jobs[0].Leave = "" // the reply, with its result, does not arrive
			}
			s.call(parametersOf{"execution_id": id, "action": "cancel"})
			s.f.config.Jobs[0].Leave = LeaveDeliver
			s.world.sleep(time.Minute)
			s.left = epoch
			if err := s.message(LookMessage(contactID)); err != nil {
				t.Fatal(err)
			}
		})
		if len(s.delivered) == 1 != tooLate || len(s.world.contacts) > 0 {
			t.Errorf("too late: %v; %d deliveries, outcome %s", tooLate, len(s.delivered), s.outcome())
		}
	}
}

// TestJobsThatDoNotMind cost nothing: no contact is listed, nothing is decided.
func TestJobsThatDoNotMind(t *testing.T) {
	for _, leave := range []string{"", LeaveFinish} {
		s := newSettler(t, leave)
		play(t, s.world, func() {
			id := s.call(parametersOf{})["execution_id"]
			s.world.sleep(time.Minute)
			expect(t, s.call(parametersOf{"execution_id": id}), "status=FINISHED")
		})
		if s.world.calls["Decide"] != 0 || len(s.world.contacts) != 0 {
			t.Errorf("%d decisions, %v", s.world.calls["Decide"], s.world.contacts)
		}
	}
}

// TestToldOnce writes that a result was told once, however often it is.
func TestToldOnce(t *testing.T) {
	s := newSettler(t, LeaveDeliver)
	play(t, s.world, func() {
		id := s.call(parametersOf{})["execution_id"]
		s.world.sleep(time.Minute)
		for range 3 {
			expect(t, s.call(parametersOf{"execution_id": id}), "status=FINISHED balance=42.10")
		}
	})
	if s.world.calls["Decide"] != 1 || s.outcome() != OutcomeTold {
		t.Errorf("%d decisions, %s", s.world.calls["Decide"], s.outcome())
	}
}

// TestTellingDoesNotWait tells a result although the table does not answer, within the time of a check.
func TestTellingDoesNotWait(t *testing.T) {
	s := newSettler(t, LeaveDeliver)
	play(t, s.world, func() {
		id := s.call(parametersOf{})["execution_id"]
		s.world.sleep(time.Minute)
		s.world.before = func(ctx context.Context, op string) error {
			if op == "Decide" {
				return s.world.clock.Sleep(ctx, time.Hour)
			}
			return nil
		}
		began := s.world.clock.Now()
		expect(t, s.call(parametersOf{"execution_id": id}), "status=FINISHED balance=42.10")
		if took := s.world.clock.Now().Sub(began); took > time.Second {
			t.Errorf("the check took %v", took)
		}
	})
}

// TestDelivery looks at what a delivery says.
func TestDelivery(t *testing.T) {
	in := &invocation{executionID: "arn:x", job: Job{Name: "balance"}, seen: Execution{Status: "SUCCEEDED",
		Output: `{"balance":"42.10"}`, Started: epoch, Stopped: epoch.Add(time.Second),
		Input: `{"Details":{"ContactData":{"CustomerEndpoint":{"Address":"+15550100","Type":"TELEPHONE_NUMBER"}}}}`}}
	d := newDelivery(in, contactID)
	var said map[string]any
	if err := json.Unmarshal([]byte(d.Message()), &said); err != nil {
		t.Fatal(err)
	}
	if said["customer"] != "+15550100" || said["contact_id"] != contactID || said["output_included"] != true ||
		said["output"].(map[string]any)["balance"] != "42.10" || said["ended"] != "2026-11-22T09:00:01.000Z" {
		t.Errorf("the message is %s", d.Message())
	}
	task := d.Task()
	if !strings.Contains(task.Description, "42.10") || task.Attributes["late_output"] != in.seen.Output {
		t.Errorf("the task is %+v", task)
	}
	d.Customer = ""
	for caller, d := range map[string]Delivery{"+15550100 ": newDelivery(in, contactID), "": d} {
		if said := d.Task().Description; !strings.HasPrefix(said, "The caller "+caller+"hung up before") {
			t.Errorf("the task says %q", said)
		}
	}
	in.seen.Output = `"` + strings.Repeat("<", MaxDelivered-2) + `"`
	if d := newDelivery(in, contactID); !d.Included || len(d.Message()) > 256<<10 {
		t.Errorf("a result of %d bytes makes a message of %d", len(in.seen.Output), len(d.Message()))
	}
	in.seen.Output = `"` + strings.Repeat("ä", MaxDelivered) + `"`
	if d := newDelivery(in, contactID); d.Included || d.Output != nil || d.Key != newDelivery(in, "").Key {
		t.Errorf("the large delivery has %d bytes", len(d.Output))
	}
	in.seen.Output = "\"\ufffe\uffff\""
	text := newDelivery(in, contactID).Message()
	if err := json.Unmarshal([]byte(text), &said); err != nil || strings.ContainsAny(text, "\ufffe\uffff\n") ||
		said["output"] != "\ufffe\uffff" {
		t.Errorf("the message is %q (%v)", text, err)
	}
	in.seen = Execution{Status: "FAILED", Error: "Declined", Cause: "no funds"}
	if task := newDelivery(in, contactID).Task(); !strings.Contains(task.Description, "Declined") ||
		task.Attributes["late_output"] != None {
		t.Errorf("the task is %+v", task)
	}
}

// TestLeavingIsConfigured reads when_caller_leaves and what it needs.
func TestLeavingIsConfigured(t *testing.T) {
	const queue, bus = "arn:aws:sqs:eu-west-2:111122223333:q", "arn:aws:events:eu-west-2:111122223333:event-bus/b"
	deliver := func(to string) string { return `,"when_caller_leaves":"deliver","deliver_to":"` + to + `"` }
	machine := func(more string) string { return `{"balance":{"arn":"` + machineARN + `"` + more + `}}` }
	const instance = "arn:aws:connect:eu-west-2:111122223333:instance/22222222-0000-4000-8000-000000000001"
	for _, test := range []struct{ more, serves, table, wrong string }{
		{`,"when_caller_leaves":"finish"`, "callers", "", ""},
		{`,"when_caller_leaves":"cancel"`, "callers", "results", ""},
		{`,"when_caller_leaves":"cancel"`, "callers", "", "RESULTS_TABLE"},
		{`,"when_caller_leaves":"stay"`, "callers", "results", `"stay" is not one of finish, cancel, deliver`},
		{`,"when_caller_leaves":"cancel"`, "ends", "results", ""},
		{`,"when_caller_leaves":"deliver"`, "callers", "results", ""},
		{`,"when_caller_leaves":"deliver"`, "ends", "results", "deliver_to"},
		{deliver(instance + "/contact-flow/f"), "ends", "results", ""},
		{deliver(instance), "ends", "results", "deliver_to"},
		{deliver(queue), "ends", "results", ""},
		{deliver(bus), "ends", "results", ""},
		{deliver(queue + ".fifo"), "ends", "results", ""},
		{deliver("arn:aws:sqs:eu-west-2:1:q"), "ends", "results", "deliver_to"},
		{deliver(queue + " "), "ends", "results", "deliver_to"},
		{deliver("arn:aws:sqs::111122223333:q"), "ends", "results", "deliver_to"},
		{deliver(instance + "/contact-flow/"), "ends", "results", "deliver_to"},
		{deliver(bus[:len(bus)-1]), "ends", "results", "deliver_to"},
	} {
		env := map[string]string{"STATE_MACHINES": machine(test.more), "SERVES": test.serves,
			"RESULTS_TABLE": test.table, "INSTANCE_ARN": instance, "LOOKS_QUEUE_URL": "https://sqs/q"}
		getenv := func(name string) string { return env[name] }
		_, errs := ConfigFromEnv(getenv)
		if said := fmt.Sprint(errs); (len(errs) > 0) != (test.wrong != "") || !strings.Contains(said, test.wrong) {
			t.Errorf("%+v: %v", test, errs)
		}
		delete(env, "INSTANCE_ARN")
		if _, errs := ConfigFromEnv(getenv); test.serves == "ends" && len(errs) == 0 {
			t.Errorf("%+v needs no instance", test)
		}
	}
}
