package backend

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
)

var (
	began   = time.Date(2026, 11, 22, 9, 0, 0, 250e6, time.UTC)
	pending = async.Record{
		Execution: "balance-1",
		Status:    async.StatusPending,
		Started:   began,
		Timeout:   time.Minute,
		Expires:   began.Add(time.Hour).Truncate(time.Second),
	}
	ended = async.Record{
		Execution: "balance-1",
		Status:    "FAILED",
		Error:     "E",
		Cause:     "C",
		Ended:     began.Add(5 * time.Second),
		Expires:   began.Add(2 * time.Hour).Truncate(time.Second),
	}
)

// TestResultsOnTheWire checks the requests themselves, since the state machine's definition writes the same items.
func TestResultsOnTheWire(t *testing.T) {
	s, settings := serve(t, answer{status: 200, body: `{}`})
	r := NewResults(settings, "results")
	if _, err := r.Pending(t.Context(), pending, began); err != nil {
		t.Fatal(err)
	}
	if err := r.Finish(t.Context(), ended, began); err != nil {
		t.Fatal(err)
	}
	if _, found, err := r.Get(t.Context(), "balance-1"); err != nil || found {
		t.Fatal(found, err)
	}
	doubted := async.Record{Execution: "balance-1", Asked: began.Add(time.Second), Answered: began}
	if err := r.Doubted(t.Context(), doubted); err != nil {
		t.Fatal(err)
	}
	doubted.Cancelled = began.Add(2 * time.Second)
	if err := r.Doubted(t.Context(), doubted); err != nil {
		t.Fatal(err)
	}
	newest := pending
	newest.Newest = 2
	newest.Data = "d1"
	err := errors.Join(r.Newest(t.Context(), newest, began), r.Forget(t.Context(), pending),
		r.NoteData(t.Context(), newest))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`{"TableName":"results","ConditionExpression":"attribute_not_exists(#execution) OR #expires < :now",
			"ExpressionAttributeNames":{"#execution":"execution","#expires":"expires"},
			"ExpressionAttributeValues":{":now":{"N":"1795338000"}},
			"Item":{"execution":{"S":"balance-1"},"status":{"S":"PENDING"},
				"started":{"S":"2026-11-22T09:00:00.250Z"},"timeout_seconds":{"N":"60"},
				"expires":{"N":"1795341600"}},
			"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}`,
		`{"TableName":"results","Key":{"execution":{"S":"balance-1"}},
			"UpdateExpression":"SET #status = :status, #ended = :ended, #expires = :expires, #error = :error, ` +
			`#cause = :cause REMOVE #output",
			"ConditionExpression":"attribute_not_exists(#status) OR #status = :pending OR #expires < :now ` +
			`OR #ended < :ended",
			"ExpressionAttributeNames":{"#status":"status","#output":"output","#error":"error","#cause":"cause",
				"#ended":"ended","#expires":"expires"},
			"ExpressionAttributeValues":{":status":{"S":"FAILED"},":error":{"S":"E"},
				":cause":{"S":"C"},":ended":{"S":"2026-11-22T09:00:05.250Z"},":expires":{"N":"1795345200"},
				":pending":{"S":"PENDING"},":now":{"N":"1795338000"}}}`,
		`{"TableName":"results","Key":{"execution":{"S":"balance-1"}},"ConsistentRead":true}`,
		`{"TableName":"results","Key":{"execution":{"S":"balance-1"}},
			"UpdateExpression":"SET #asked = :asked, #answered = :answered",
			"ConditionExpression":"#status = :pending",
			"ExpressionAttributeNames":{"#status":"status","#asked":"asked","#answered":"answered"},
			"ExpressionAttributeValues":{":asked":{"S":"2026-11-22T09:00:01.250Z"},
				":answered":{"S":"2026-11-22T09:00:00.250Z"},":pending":{"S":"PENDING"}}}`,
		`{"TableName":"results","Key":{"execution":{"S":"balance-1"}},
			"UpdateExpression":"SET #asked = :asked, #answered = :answered, #cancelled = :cancelled",
			"ConditionExpression":"#status = :pending",
			"ExpressionAttributeNames":{"#status":"status","#asked":"asked","#answered":"answered",
				"#cancelled":"cancelled"},
			"ExpressionAttributeValues":{":asked":{"S":"2026-11-22T09:00:01.250Z"},
				":answered":{"S":"2026-11-22T09:00:00.250Z"},":pending":{"S":"PENDING"},
				":cancelled":{"S":"2026-11-22T09:00:02.250Z"}}}`,
		`{"TableName":"results","Key":{"execution":{"S":"balance-1"}},
			"UpdateExpression":"SET #newest = :newest, #expires = :expires",
			"ConditionExpression":"attribute_not_exists(#newest) OR #newest < :newest OR #expires < :now",
			"ExpressionAttributeNames":{"#newest":"newest","#expires":"expires"},
			"ExpressionAttributeValues":{":newest":{"N":"2"},":expires":{"N":"1795341600"},
				":now":{"N":"1795338000"}}}`,
		`{"TableName":"results","Key":{"execution":{"S":"balance-1"}},
			"UpdateExpression":"SET #expires = :expires",
			"ConditionExpression":"#status = :pending AND #started = :started",
			"ExpressionAttributeNames":{"#status":"status","#started":"started","#expires":"expires"},
			"ExpressionAttributeValues":{":expires":{"N":"1795341600"},":pending":{"S":"PENDING"},
				":started":{"S":"2026-11-22T09:00:00.250Z"}}}`,
		`{"TableName":"results","Key":{"execution":{"S":"balance-1"}},
			"UpdateExpression":"SET #data = :data","ConditionExpression":"attribute_exists(#execution)",
			"ExpressionAttributeNames":{"#execution":"execution","#data":"data"},
			"ExpressionAttributeValues":{":data":{"S":"d1"}}}`,
	} {
		var wanted map[string]any
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Fatal(err)
		}
		got, _ := json.Marshal(s.sent()[i].body)
		if w, _ := json.Marshal(wanted); string(got) != string(w) {
			t.Errorf("request %d is\n%s\nwant\n%s", i, got, w)
		}
	}
}

func TestGetRecord(t *testing.T) {
	_, settings := serve(t,
		answer{
			200,
			`{"Item":{"execution":{"S":"balance-1"},"status":{"S":"SUCCEEDED"},
				"started":{"S":"2026-11-22T09:00:00.250Z"},"timeout_seconds":{"N":"60"},
				"expires":{"N":"1795341600"},"output":{"S":"{}"},"ended":{"S":"2026-11-22T09:00:05.25Z"},
				"data":{"S":"d1"},"newest":{"N":"3"}}}`,
		},
		answer{
			200,
			`{"Item":{"execution":{"S":"balance-1"},"status":{"N":"7"},"started":{"S":"yesterday"},
				"timeout_seconds":{"S":"x"},"expires":{"N":"-"}}}`,
		},
	)
	r := NewResults(settings, "results")
	want := async.Record{
		Execution: "balance-1",
		Status:    "SUCCEEDED",
		Output:    "{}",
		Started:   began,
		Timeout:   time.Minute,
		Ended:     ended.Ended,
		Expires:   time.Unix(1795341600, 0).UTC(),
		Data:      "d1",
		Newest:    3,
	}
	if got, found, err := r.Get(t.Context(), "balance-1"); err != nil || !found || got != want {
		t.Errorf("%v %v %+v", err, found, got)
	}
	want = async.Record{Execution: "balance-1"}
	if got, found, err := r.Get(t.Context(), "balance-1"); err != nil || !found || got != want {
		t.Errorf("an item that someone else wrote: %v %v %+v", err, found, got)
	}
}

func TestConditionThatFailsIsNoError(t *testing.T) {
	_, settings := serve(t, answer{
		400,
		`{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
			"message":"The conditional request failed","Item":{"status":{"S":"FAILED"},"newest":{"N":"2"}}}`,
	})
	r := NewResults(settings, "results")
	err := errors.Join(r.Finish(t.Context(), ended, began), r.Newest(t.Context(), pending, began),
		r.Forget(t.Context(), pending), r.NoteData(t.Context(), pending))
	if err != nil {
		t.Error(err)
	}
	want := async.Record{Execution: "balance-1", Status: "FAILED", Newest: 2}
	if old, err := r.Pending(t.Context(), pending, began); err != nil || old != want {
		t.Errorf("the record that was there is %+v, %v, want %+v", old, err, want)
	}
}

func TestTableFaults(t *testing.T) {
	for _, code := range []string{
		"ProvisionedThroughputExceededException", "ResourceNotFoundException", "AccessDeniedException",
	} {
		_, settings := serve(t, answer{
			400,
			`{"__type":"com.amazonaws.dynamodb.v20120810#` + code + `","message":"said so"}`,
		})
		r := NewResults(settings, "results")
		_, _, err := r.Get(t.Context(), "balance-1")
		_, refused := r.Pending(t.Context(), pending, began)
		for _, err := range []error{err, refused, r.Finish(t.Context(), ended, began),
			r.Newest(t.Context(), pending, began), r.Forget(t.Context(), pending), r.NoteData(t.Context(), pending)} {
			var e *async.ServiceError
			if !errors.As(err, &e) || e.Code != code {
				t.Errorf("%s: %v", code, err)
			}
		}
	}
}

// TestSameEndIsCompleted checks the second request, for a record that has an end already: it only adds.
func TestSameEndIsCompleted(t *testing.T) {
	refused := answer{
		400,
		`{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}`,
	}
	s, settings := serve(t, refused)
	if err := NewResults(settings, "results").Finish(t.Context(), ended, began); err != nil {
		t.Fatal(err)
	}
	const want = `{"ConditionExpression":"#status = :status AND #ended = :ended",` +
		`"ExpressionAttributeNames":{"#cause":"cause","#ended":"ended","#error":"error","#status":"status"},` +
		`"ExpressionAttributeValues":{":cause":{"S":"C"},":ended":{"S":"2026-11-22T09:00:05.250Z"},` +
		`":error":{"S":"E"},":status":{"S":"FAILED"}},"Key":{"execution":{"S":"balance-1"}},"TableName":"results",` +
		`"UpdateExpression":"SET #error = if_not_exists(#error, :error), #cause = if_not_exists(#cause, :cause)"}`
	if got, _ := json.Marshal(s.sent()[1].body); string(got) != want {
		t.Errorf("the request is\n%s\nwant\n%s", got, want)
	}
}

// TestContractItem checks the attributes that docs/contract.md describes, since others write the same items.
func TestContractItem(t *testing.T) {
	contract, err := os.ReadFile("../../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(contract), "\n## The results table\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, name := range []string{
		async.ItemExecution, async.ItemStatus, async.ItemStarted, async.ItemTimeout, async.ItemExpires,
		async.ItemOutput, async.ItemError, async.ItemCause, async.ItemEnded, async.ItemAsked, async.ItemAnswered,
		async.ItemCancelled, async.ItemData, async.ItemNewest, async.ItemOutcome, async.ItemDecided,
		async.ItemStep, async.ItemSteps, async.ItemStepName, async.ItemStepSeconds, async.ItemStepBegan, async.ItemSaid,
		async.ItemSaidLeft,
	} {
		if !strings.Contains(section, "`"+name+"`") {
			t.Errorf("docs/contract.md does not describe the attribute %s", name)
		}
	}
	if rows := strings.Count(section, "\n| `"); rows != 15 {
		t.Errorf("docs/contract.md describes %d rows of attributes, want 15", rows)
	}
}
