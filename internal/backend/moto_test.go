package backend

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/testrun"
)

// moto starts moto_server, an independent emulator of AWS's APIs, and returns settings that lead there.
func moto(t *testing.T) Settings {
	t.Helper()
	testrun.Heavy(t)
	program, err := exec.LookPath("moto_server")
	if err != nil {
		testrun.Missing(t, "moto_server (pip install 'moto[server]')")
	}
	port := freePort(t)
	command := testrun.Command(t, program, "-H", "127.0.0.1", "-p", port)
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	url := "http://127.0.0.1:" + port
	await(t, url)
	return settingsFor(t, url)
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// await waits until a server answers.
func await(t *testing.T, url string) {
	t.Helper()
	var c clock.Real
	ctx := testrun.Deadline(t)
	for {
		if response, err := http.Get(url); err == nil {
			response.Body.Close()
			return
		}
		if c.Sleep(ctx, 50*time.Millisecond) != nil {
			t.Fatal("moto_server does not answer")
		}
	}
}

// TestMoto drives the async function with the real clients: once looking at Step Functions, once into the results
// table.
func TestMoto(t *testing.T) {
	settings := moto(t)
	machine := createStateMachine(t, settings)
	createTable(t, settings)
	t.Run("executions", func(t *testing.T) { callMoto(t, settings, machine, nil) })
	t.Run("table", func(t *testing.T) { callMoto(t, settings, machine, NewResults(settings, "results")) })
	t.Run("records", func(t *testing.T) { motoRecords(t, NewResults(settings, "results")) })
	t.Run("contacts", func(t *testing.T) { motoContacts(t, NewResults(settings, "results")) })
}

func createStateMachine(t *testing.T, s Settings) string {
	t.Helper()
	out, err := NewExecutions(s).client.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name:       aws.String("Balance"),
		RoleArn:    aws.String("arn:aws:iam::123456789012:role/example"),
		Definition: aws.String(`{"StartAt":"Done","States":{"Done":{"Type":"Pass","End":true}}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.StateMachineArn
}

func createTable(t *testing.T, s Settings) {
	t.Helper()
	_, err := NewResults(s, "results").client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName:   aws.String("results"),
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("execution"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("contact"), AttributeType: types.ScalarAttributeTypeS},
		},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName:  aws.String(async.ContactsIndex),
			KeySchema:  []types.KeySchemaElement{{AttributeName: aws.String("contact"), KeyType: types.KeyTypeHash}},
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		}},
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("execution"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func callMoto(t *testing.T, settings Settings, machine string, results async.Results) {
	config, errs := async.ConfigFromEnv(func(name string) string {
		return map[string]string{"STATE_MACHINE_ARN": machine}[name]
	})
	if errs != nil {
		t.Fatal(errs)
	}
	f := async.New(config, NewExecutions(settings), results, clock.Real{})
	call := func(parameters string) map[string]any {
		t.Helper()
		event := fmt.Sprintf(`{"Details":{"ContactData":{"ContactId":%q},"Parameters":%s}}`, t.Name(), parameters)
		body, err := f.Handle(context.Background(), "1", []byte(event))
		var reply map[string]any
		if err != nil || json.Unmarshal(body, &reply) != nil {
			t.Fatalf("%v: %s", err, body)
		}
		return reply
	}
	started := call(`{"request":"1"}`)
	id, _ := started["execution_id"].(string)
	if started["status"] != "CREATED" ||
		!strings.HasPrefix(id, strings.Replace(machine, ":stateMachine:", ":execution:", 1)+":") {
		t.Fatalf("the start: %v", started)
	}
	if again := call(`{"request":"1"}`); again["execution_id"] != id {
		t.Errorf("the same start again: %v", again)
	}
	check := func(execution, parameters string) map[string]any {
		return call(`{"execution_id":"` + execution + `"` + parameters + `}`)
	}
	if checked := check(id, ``); checked["status"] != "RUNNING" || checked["sfn_status"] != "RUNNING" {
		t.Errorf("a check: %v", checked)
	}
	if cancelled := check(id, `,"action":"cancel"`); cancelled["sfn_status"] != "CANCEL_REQUESTED" {
		t.Errorf("a cancel: %v", cancelled)
	}
	if checked := check(id, ``); checked["status"] != "FINISHED" || checked["sfn_status"] != "ABORTED" {
		t.Errorf("a check after the cancel: %v", checked)
	}
	if unknown := check(id+"x", `,"count":"1"`); unknown["status"] != "RUNNING" || unknown["sfn_degraded"] != "true" {
		t.Errorf("a check of an unknown execution, early: %v", unknown)
	}
	if unknown := check(id+"x", `,"count":"6","count_max":"9"`); unknown["sfn_error"] != "ExecutionDoesNotExist" {
		t.Errorf("a check of an unknown execution, late: %v", unknown)
	}
}

// motoRecords holds what the conditions of the table's writes mean.
func motoRecords(t *testing.T, r *Results) {
	get := func() async.Record {
		t.Helper()
		record, found, err := r.Get(t.Context(), pending.Execution)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		return record
	}
	write := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	start := func(record, want async.Record, now time.Time) {
		t.Helper()
		if old, err := r.Pending(t.Context(), record, now); err != nil || old != want {
			t.Fatalf("the record that was there is %+v, %v, want %+v", old, err, want)
		}
	}
	noted := pending
	noted.Data = "d1"
	write(r.NoteData(t.Context(), noted)) // into nothing
	start(pending, async.Record{}, began)
	if got := get(); got != pending {
		t.Errorf("the record is %+v, want %+v", got, pending)
	}
	later := pending
	later.Started = later.Started.Add(time.Hour)
	start(later, pending, began)
	if got := get(); got != pending {
		t.Errorf("a second start made it %+v", got)
	}
	write(r.NoteData(t.Context(), noted))
	doubted := noted
	doubted.Asked, doubted.Answered, doubted.Cancelled = began.Add(time.Second), began, began
	write(r.Doubted(t.Context(), doubted))
	if got := get(); got != doubted {
		t.Errorf("the doubt made it %+v, want %+v", got, doubted)
	}
	write(r.Finish(t.Context(), ended, began))
	want := ended
	want.Asked, want.Answered, want.Cancelled = doubted.Asked, doubted.Answered, doubted.Cancelled
	want.Started, want.Timeout, want.Data = pending.Started, pending.Timeout, noted.Data
	if got := get(); got != want {
		t.Errorf("the end made it %+v, want %+v", got, want)
	}
	other := ended
	other.Status = "ABORTED"
	write(r.Finish(t.Context(), other, began))
	write(r.Forget(t.Context(), pending))
	start(pending, want, began)
	if got := get(); got != want {
		t.Errorf("after the end it became %+v", got)
	}
	start(later, async.Record{}, ended.Expires.Add(time.Second))
	if got := get(); got != later {
		t.Errorf("a start after it expired made it %+v, want %+v", got, later)
	}
	for _, generation := range []int{3, 2} {
		newest := later
		newest.Newest = generation
		write(r.Newest(t.Context(), newest, began))
	}
	later.Newest = 3
	if got := get(); got != later {
		t.Errorf("the newest generations made it %+v, want %+v", got, later)
	}
	forgotten := later
	forgotten.Started, forgotten.Expires = began, began
	write(r.Forget(t.Context(), forgotten))
	if got := get(); got != later {
		t.Errorf("the record of another start was forgotten: %+v", got)
	}
	later.Expires = began.Truncate(time.Second)
	write(r.Forget(t.Context(), later))
	if got := get(); got != later {
		t.Errorf("forgetting made it %+v, want %+v", got, later)
	}
}

// motoContacts lists two executions of a contact, decides about one, and closes the contact.
func motoContacts(t *testing.T, r *Results) {
	record := pending
	record.Execution, record.Contact, record.ExecutionID = "listed-1", contactID, "arn:first"
	record.ListExpires = record.Expires
	add := func(record async.Record) async.Record {
		t.Helper()
		old, err := r.Pending(t.Context(), record, began)
		if err != nil {
			t.Fatal(err)
		}
		return old
	}
	if old := add(record); old.Execution != "" {
		t.Errorf("a new record was %+v", old)
	}
	record.ExecutionID = "arn:other"
	if old := add(record); old.Execution != "listed-1" || old.Status != async.StatusPending {
		t.Errorf("the record that was there is %+v", old)
	}
	first, _, err := r.Contact(t.Context(), contactID)
	if err != nil || !slices.Equal(first.Executions, []string{"arn:first"}) {
		t.Errorf("the contact is %+v, %v", first, err)
	}
	ids, err := r.Waiting(t.Context(), began.Add(time.Hour), began)
	if err != nil || !slices.Equal(ids, []string{contactID}) {
		t.Errorf("waiting are %q, %v", ids, err)
	}
	record.Execution, record.ExecutionID = "listed-2", "arn:second"
	add(record)
	if err := r.Close(t.Context(), first); err != nil {
		t.Error(err)
	}
	both, found, _ := r.Contact(t.Context(), contactID)
	if !found || len(both.Executions) != 2 {
		t.Errorf("closed with a further execution: %+v", both)
	}
	claim := async.Decision{Execution: "listed-1", Outcome: "delivering", At: began, Replaces: "delivering",
		Before: began}
	for i, want := range []bool{true, false} {
		if made, err := r.Decide(t.Context(), claim); err != nil || made != want {
			t.Errorf("decision %d: %v, %v", i, made, err)
		}
	}
	if err := r.Close(t.Context(), both); err != nil {
		t.Error(err)
	}
	if _, found, err := r.Contact(t.Context(), contactID); err != nil || found {
		t.Error("the contact is still there", err)
	}
}
