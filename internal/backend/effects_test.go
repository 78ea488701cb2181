package backend

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
)

const (
	instanceARN = "arn:aws:connect:eu-west-2:111122223333:instance/22222222-0000-4000-8000-000000000001"
	flowARN     = instanceARN + "/contact-flow/33333333-0000-4000-8000-000000000001"
	contactID   = "4a573372-1f28-4e26-b97b-000000000001"
)

func effects(t *testing.T, answers ...answer) (*service, *Effects) {
	t.Helper()
	s, settings := serve(t, answers...)
	return s, NewEffects(settings, instanceARN, "https://sqs.eu-west-2.amazonaws.com/111122223333/bank-ends-looks")
}

// TestLeft asks about contacts that were transferred, that created a task, and that nobody knows.
func TestLeft(t *testing.T) {
	at := func(seconds int64) time.Time { return time.Unix(seconds, 0) }
	const gone = `{"ContactId":"` + contactID + `","InitialContactId":"` + contactID +
		`","DisconnectTimestamp":1700000000.5}`
	other := func(more string) string {
		return `{"ContactId":"b","InitialContactId":"` + contactID + `"` + more + `}`
	}
	list := func(contacts ...string) answer {
		return answer{200, `{"ContactSummaryList":[` + strings.Join(contacts, ",") + `]}`}
	}
	for name, test := range map[string]struct {
		answers []answer
		want    time.Time
	}{
		"hung up":     {[]answer{list(gone)}, time.Unix(1700000000, 5e8)},
		"transferred": {[]answer{list(gone, other(""))}, time.Time{}},
		"left after":  {[]answer{list(other(`,"DisconnectTimestamp":1700000060`), gone)}, at(1700000060)},
		"a task":      {[]answer{list(gone, `{"ContactId":"t","InitialContactId":"t"}`)}, time.Unix(1700000000, 5e8)},
		"unknown": {[]answer{fault(404, "ResourceNotFoundException"), fault(404, "ResourceNotFoundException")},
			at(0)},
		"listed without itself": {[]answer{list(other(`,"DisconnectTimestamp":1700000060`)),
			{200, `{"Contact":{"Id":"` + contactID + `"}}`}}, time.Time{}},
		"not listed": {[]answer{list(), {200, `{"Contact":{"DisconnectTimestamp":1700000000}}`}}, at(1700000000)},
		"forgotten":  {[]answer{list(), fault(404, "ResourceNotFoundException")}, at(0)},
		"two pages": {[]answer{{200, `{"ContactSummaryList":[` + gone + `],"NextToken":"n&1"}`}, list(other(""))},
			time.Time{}},
	} {
		s, e := effects(t, test.answers...)
		since, err := e.Left(t.Context(), contactID)
		if err != nil || !since.Equal(test.want) {
			t.Errorf("%s: %v, %v; want %v", name, since, err, test.want)
		}
		first := s.sent()[0]
		want := "GET /contact/associated/22222222-0000-4000-8000-000000000001?contactId=" + contactID +
			"&maxResults=100"
		if first.line != want || !first.signed {
			t.Errorf("%s: the request is %+v", name, first)
		}
		then := "GET /contacts/22222222-0000-4000-8000-000000000001/" + contactID
		if name == "two pages" {
			then = want + "&nextToken=n%261"
		}
		if sent := s.sent(); len(sent) != len(test.answers) || len(sent) > 1 && sent[1].line != then {
			t.Errorf("%s: the requests are %+v", name, sent)
		}
	}
}

// TestDeliver checks the requests of each kind of place.
func TestDeliver(t *testing.T) {
	d := async.Delivery{Key: "k1", Job: "balance", Status: "SUCCEEDED", ContactID: contactID,
		Output: json.RawMessage(`{"balance":"42.10"}`)}
	for _, test := range []struct{ to, line, operation, body string }{
		{flowARN, "PUT /contact/task", "", `{"InstanceId":"22222222-0000-4000-8000-000000000001",
			"ContactFlowId":"33333333-0000-4000-8000-000000000001","ClientToken":"k1"}`},
		{"arn:aws:sqs:eu-west-2:111122223333:late", "POST /", "SendMessage", `{"QueueUrl":"HOST/111122223333/late"}`},
		{"arn:aws:sqs:eu-west-2:111122223333:late.fifo", "POST /", "SendMessage",
			`{"QueueUrl":"HOST/111122223333/late.fifo","MessageGroupId":"k1","MessageDeduplicationId":"k1"}`},
		{"arn:aws:events:eu-west-2:111122223333:event-bus/late", "POST /", "PutEvents", `{}`},
	} {
		s, e := effects(t, answer{200, `{"FailedEntryCount":0}`})
		if err := e.Deliver(t.Context(), test.to, d); err != nil {
			t.Fatal(err)
		}
		r := s.sent()[0]
		if r.line != test.line || r.operation != test.operation || !r.signed {
			t.Errorf("%s: the request is %+v", test.to, r)
		}
		var want map[string]any
		_ = json.Unmarshal([]byte(strings.ReplaceAll(test.body, "HOST", e.settings.host("sqs", "eu-west-2"))), &want)
		for name, value := range want {
			if r.body[name] != value {
				t.Errorf("%s: %s is %v, want %v", test.to, name, r.body[name], value)
			}
		}
		if text, _ := json.Marshal(r.body); !strings.Contains(string(text), "42.10") {
			t.Errorf("%s: the result is not in %s", test.to, text)
		}
	}
}

// TestEffectsThatAreRefused checks that async learns the service's code, whichever way it is told.
func TestEffectsThatAreRefused(t *testing.T) {
	queue, bus := "arn:aws:sqs:eu-west-2:111122223333:late", "arn:aws:events:eu-west-2:111122223333:event-bus/late"
	for name, test := range map[string]struct {
		to     string
		answer answer
		code   string
	}{
		"a queue": {queue, answer{400, `{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}`}, "QueueDoesNotExist"},
		"an event": {bus, answer{200, `{"FailedEntryCount":1,"Entries":[{"ErrorCode":"AccessDenied"}]}`},
			"AccessDenied"},
		"a proxy":      {flowARN, answer{503, `<html>`}, "HTTP503"},
		"no answer":    {flowARN, answer{0, ``}, ""},
		"not readable": {bus, answer{200, `{`}, ""},
	} {
		_, e := effects(t, test.answer)
		err := e.Deliver(t.Context(), test.to, async.Delivery{})
		refused, ok := errors.AsType[*async.ServiceError](err)
		if !ok || refused.Code != test.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLook puts a contact into the function's own queue.
func TestLook(t *testing.T) {
	s, e := effects(t, answer{200, `{}`})
	if err := e.Look(t.Context(), async.LookMessage(contactID)); err != nil {
		t.Fatal(err)
	}
	r := s.sent()[0]
	if r.operation != "SendMessage" || r.body["QueueUrl"] != e.queueURL ||
		r.body["MessageBody"] != async.LookMessage(contactID) {
		t.Errorf("the request is %+v", r)
	}
}

// TestHosts checks where services are asked.
func TestHosts(t *testing.T) {
	for region, want := range map[string]string{"eu-west-2": "https://sqs.eu-west-2.amazonaws.com",
		"cn-north-1": "https://sqs.cn-north-1.amazonaws.com.cn"} {
		if got := (Settings{}).host("sqs", region); got != want {
			t.Errorf("%s: %s", region, got)
		}
	}
	s, _ := SettingsFromEnv(environment(map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}))
	if got := s.host("connect", "us-east-1"); got != "https://connect-fips.us-east-1.amazonaws.com" {
		t.Error(got)
	}
}

// TestContactsOnTheWire checks the requests about contacts, and what their answers mean.
func TestContactsOnTheWire(t *testing.T) {
	item := `{"execution":{"S":"balance-1"},"status":{"S":"PENDING"}}`
	s, settings := serve(t,
		answer{400, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","CancellationReasons":[
			{"Code":"ConditionalCheckFailed","Item":` + item + `},{"Code":"None"}]}`},
		answer{400, `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","CancellationReasons":[
			{"Code":"None"},{"Code":"TransactionConflict"}]}`},
		answer{200, `{"Item":{"executions":{"SS":["arn:first"]},"expires":{"N":"1795338000"}}}`},
		answer{200, `{"Items":[{"contact":{"S":"one"}}],"LastEvaluatedKey":{"execution":{"S":"contact:one"}}}`},
		answer{200, `{"Items":[{"contact":{"S":"two"}}]}`},
		answer{400, `{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}`},
	)
	r := NewResults(settings, "results")
	listed := pending
	listed.Contact, listed.ExecutionID = contactID, executionARN
	if old, err := r.Pending(t.Context(), listed, began); err != nil || old.Status != "PENDING" {
		t.Errorf("the record that was there is %+v, %v", old, err)
	}
	_, err := r.Pending(t.Context(), listed, began)
	if refused, ok := errors.AsType[*async.ServiceError](err); !ok || refused.Code != "TransactionConflict" {
		t.Errorf("the conflict is %v", err)
	}
	c, found, err := r.Contact(t.Context(), contactID)
	if err != nil || !found || !slices.Equal(c.Executions, []string{"arn:first"}) || c.Expires.Unix() != 1795338000 {
		t.Errorf("the contact is %+v, %v", c, err)
	}
	if ids, err := r.Waiting(t.Context(), began, began); err != nil || !slices.Equal(ids, []string{"one", "two"}) {
		t.Errorf("waiting are %q, %v", ids, err)
	}
	if err := r.Close(t.Context(), c); err != nil {
		t.Error(err)
	}
	var operations []string
	for _, q := range s.sent() {
		operations = append(operations, q.operation)
	}
	const want = "TransactWriteItems TransactWriteItems GetItem Scan Scan DeleteItem"
	if got := strings.Join(operations, " "); got != want {
		t.Error(got)
	}
	text, _ := json.Marshal(s.sent()[0].body)
	for _, part := range []string{`"Key":{"execution":{"S":"contact:` + contactID + `"}}`,
		`":executions":{"SS":["` + executionARN + `"]}`, `"ReturnValuesOnConditionCheckFailure":"ALL_OLD"`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("%s is not in %s", part, text)
		}
	}
}
