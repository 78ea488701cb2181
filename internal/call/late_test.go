package call_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/call"
)

// playLate plays the example balance with a job that says what happens when its caller hangs up, on virtual time, once
// for each bound of the speech.
func playLate(t *testing.T, job, given string) call.Result {
	t.Helper()
	return playLateOf(t, "balance", "    timeout: 6m\n", job, given)
}

// playLateOf plays another example, in whose jobs the line is.
func playLateOf(t *testing.T, example, line, job, given string) call.Result {
	t.Helper()
	dir := copyOf(t, example)
	file := filepath.Join(dir, "connect-async.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(text), line, line+"    results: table\n"+job)
	late := filepath.Join(dir, "late.yaml")
	for name, content := range map[string]string{file: changed, late: given} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := call.RunScenarios(t.Context(), []string{late}, call.Options{})[0]
	if r.Summaries == nil {
		t.Fatal(r.Findings)
	}
	return r
}

// deliverTo is a job whose results are delivered to a place.
func deliverTo(arn string) string {
	return "    when_caller_leaves: deliver\n    deliver_to: '" + arn + "'\n"
}

const (
	lateFlow = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555/contact-flow/" +
		"22222222-3333-4444-5555-666666666666"
	lateQueue  = "arn:aws:sqs:us-east-1:111122223333:late"
	lateBus    = "arn:aws:events:us-east-1:111122223333:event-bus/late"
	cancelling = "    when_caller_leaves: cancel\n"
)

// TestWhatBecomesOfTheWork plays callers who hang up at each moment, with each way to go on, and with lost events.
func TestWhatBecomesOfTheWork(t *testing.T) {
	const hangsUp, works = "caller: {does: [{at: 8s, hang_up: true}]}\n",
		"functions: {balance: {takes: 70s, returns: {balance: '42.10'}}}\n"
	const lost = "faults: [{service: event_bridge, operation: disconnected, error: Lost}]\n"
	for name, test := range map[string]struct {
		job, given, expect string
		events             string // that happen after the call, with their times cut to minutes
	}{
		"a task": {deliverTo(lateFlow), hangsUp + works,
			"{outcome: delivered, task: {late_status: SUCCEEDED, late_customer: '+15550100', " +
				"late_output: '{\"balance\":\"42.10\"}'}}",
			"1m work ends as SUCCEEDED; 1m delivered as a task: balance SUCCEEDED"},
		"a message": {deliverTo(lateQueue), hangsUp + works,
			"{outcome: delivered, queue: {job: balance, output: '{\"balance\":\"42.10\"}'}}",
			"1m work ends as SUCCEEDED; 1m delivered to the queue: balance SUCCEEDED"},
		"an event": {deliverTo(lateBus), hangsUp + works, "{outcome: delivered, bus: {status: SUCCEEDED}}",
			"1m work ends as SUCCEEDED; 1m delivered to the event bus: balance SUCCEEDED"},
		"a failure": {deliverTo(lateQueue),
			hangsUp + "functions: {balance: {takes: 70s, fails: {error: Declined}}}\n",
			"{outcome: delivered, queue: {status: FAILED, error: Declined}}",
			"1m work ends as FAILED; 1m delivered to the queue: balance FAILED"},
		"the hang-up is lost": {deliverTo(lateQueue), hangsUp + works + lost, "{outcome: delivered}",
			"1m work ends as SUCCEEDED; 1m delivered to the queue: balance SUCCEEDED"},
		"every event is lost": {deliverTo(lateQueue),
			hangsUp + works + "faults: [{service: event_bridge, error: Lost}]\n", "{outcome: delivered}",
			"1m work ends as SUCCEEDED; 5m delivered to the queue: balance SUCCEEDED"},
		"events come twice": {deliverTo(lateQueue),
			hangsUp + works + "faults: [{service: event_bridge, lose_reply: true}]\n", "{outcome: delivered}",
			"1m work ends as SUCCEEDED; 1m delivered to the queue: balance SUCCEEDED"},
		"cancelled": {cancelling, hangsUp + works, "{outcome: cancelled}",
			"0m cancelled the work, since the caller has gone"},
		"the hang-up of a cancel is lost": {cancelling,
			hangsUp + "functions: {balance: {takes: 5m, returns: {}}}\n" + lost, "{outcome: cancelled}",
			"5m work ends as SUCCEEDED"},
		"told": {deliverTo(lateFlow), "functions: {balance: {takes: 12s, returns: {balance: '42.10'}}}\n",
			"{outcome: told}", ""},
		"told and not heard": {deliverTo(lateFlow), "latency: {lambda: 2s}\n" +
			"caller: {does: [{at: 5600ms, hang_up: true}]}\n" +
			"functions: {balance: {takes: 3s, returns: {balance: '42.10'}}}\n", "{outcome: told}",
			"0m told in a reply that nobody heard"},
		"finish": {"", hangsUp + works, "{outcome: none}", ""},
	} {
		r := playLate(t, test.job, test.given+"expect: {late: "+test.expect+"}\n")
		for _, f := range r.Failures {
			t.Errorf("%s: %s", name, f.Message)
		}
		var after []string
		for _, e := range r.Events {
			if verb, text := e.Words(); e.Type == call.TypeLate {
				after = append(after, fmt.Sprintf("%dm %s %s", int(e.At.Minutes()), verb, text))
			}
		}
		if got := strings.Join(after, "; "); got != test.events {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, test.events)
		}
	}
}

// TestWhoIsPutThroughHasNotLeft plays a caller who gets an agent while the work runs: nothing is delivered or cancelled
// before that contact ends, which the call does not play.
func TestWhoIsPutThroughHasNotLeft(t *testing.T) {
	for _, job := range []string{deliverTo(lateQueue), cancelling} {
		r := playLateOf(t, "queue", "    timeout: 5m\n", job,
			"functions: {delivery: {takes: 40s, returns: {day: Friday}}}\n"+
				"world: {agent_after: 30s}\nexpect: {ending: transferred, late: {outcome: none}}\n")
		for _, f := range r.Failures {
			t.Error(f.Message)
		}
		verb, text := r.Events[len(r.Events)-1].Words()
		if verb+" "+text != "open since the contact goes on" {
			t.Errorf("the call ends with %s %s", verb, text)
		}
	}
}

// TestOneOfTwoIsLate asks twice and hangs up before the second answer: the first one was told, the second is delivered.
func TestOneOfTwoIsLate(t *testing.T) {
	const given = "flows: {balance: balance.json, payments: payments.json}\n" +
		"caller: {does: [{heard: 'For your balance', press: '1'}, {heard: 'For your balance', press: '2'}, " +
		"{heard: 'last payment', hang_up: true}]}\n" +
		"functions:\n  balance: {takes: 12s, returns: {balance: '42.10'}}\n" +
		"  payments: {takes: 20s, returns: {amount: '7.50', day: Monday}}\nexpect: {late: {outcome: "
	for expect, failure := range map[string]string{
		"told}}":                              "",
		"delivered}}":                         "",
		"cancelled}}":                         "the outcome of the work is told, delivered, expected cancelled",
		"delivered, queue: {job: payments}}}": "",
		"told, queue: {job: balance}}}": `the result was delivered as a message whose job is "payments", ` +
			`expected "balance"`,
	} {
		r := playLateOf(t, "menu", "    timeout: 5m\n", deliverTo(lateQueue), given+expect+"\n")
		got := ""
		for _, f := range r.Failures {
			got += f.Message
		}
		if got != failure {
			t.Errorf("%s: %q, want %q", expect, got, failure)
		}
	}
}

// TestLateIsExpectedInVain says what became of the work instead.
func TestLateIsExpectedInVain(t *testing.T) {
	const given = "caller: {does: [{at: 8s, hang_up: true}]}\n" +
		"functions: {balance: {takes: 20s, returns: {balance: '42.10'}}}\n"
	r := playLate(t, deliverTo(lateQueue), given+"expect: {late: {outcome: told, task: {late_job: balance}, "+
		"queue: {status: FAILED, result: x}}}\n")
	var got []string
	for _, f := range r.Failures {
		got = append(got, f.Message)
	}
	want := []string{"the outcome of the work is delivered, expected told", "nothing was delivered as a task",
		"the result was delivered as a message without result; it has cause, contact_id, customer, ended, error, " +
			"execution_id, job, key, output, output_included, started, status",
		`the result was delivered as a message whose status is "SUCCEEDED", expected "FAILED"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
