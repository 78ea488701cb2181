package local_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

const role = "arn:aws:iam::000000000000:role/test"

// waits is a state machine that waits 60 seconds and passes its input on.
const waits = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}`

// create makes a state machine and returns its ARN.
func create(t *testing.T, a *local.Account, name string, kind asl.Kind, definition string) string {
	t.Helper()
	m, err := a.Create(local.StateMachine{Name: name, Kind: kind, Definition: definition, RoleARN: role})
	if err != nil {
		t.Fatal(err)
	}
	return m.ARN
}

// code is the code of a refusal, "" when there was none.
func code(err error) string {
	if refused, ok := errors.AsType[*local.Error](err); ok {
		return refused.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// onVirtualTime runs f as a task on the clock of a new account.
func onVirtualTime(t *testing.T, o local.Options, f func(a *local.Account, v *clock.Virtual)) {
	t.Helper()
	v := clock.NewVirtual(start)
	o.Clock = v
	a := local.New(o)
	if err := v.Run(func() { f(a, v) }); err != nil {
		t.Error(err)
	}
}

func sleep(v *clock.Virtual, d time.Duration) { _ = v.Sleep(bg, d) }

func TestStartIsIdempotentByName(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, waits)
		begin := func(input string) (string, string) {
			e, err := a.StartExecution(arn, "one", json.RawMessage(input))
			if err != nil {
				return "", code(err)
			}
			return e.ARN, ""
		}
		first, _ := begin(`{"a":1}`)
		for _, test := range []struct {
			name, input string
			after       time.Duration
			want        string
		}{
			{name: "same input, running", input: `{"a":1}`, after: time.Second},
			{name: "other input, running", input: `{"a":2}`, after: 0, want: "ExecutionAlreadyExists"},
			{name: "same input in other words, running", input: `{"a": 1}`, after: 0, want: "ExecutionAlreadyExists"},
			{name: "same input, ended", input: `{"a":1}`, after: 60 * time.Second, want: "ExecutionAlreadyExists"},
			{
				name:  "same input, ended long ago",
				input: `{"a":1}`,
				after: 90*24*time.Hour - time.Minute,
				want:  "ExecutionAlreadyExists",
			},
		} {
			sleep(v, test.after)
			if got, refused := begin(test.input); refused != test.want || refused == "" && got != first {
				t.Errorf("%s: got %q, %q", test.name, got, refused)
			}
		}
		if want := "arn:aws:states:us-east-1:000000000000:execution:m:one"; first != want {
			t.Errorf("got %s, want %s", first, want)
		}
		sleep(v, time.Hour)
		if _, err := a.Execution(first); code(err) != "ExecutionDoesNotExist" {
			t.Errorf("90 days later: %v", err)
		}
		if _, refused := begin(`{"a":1}`); refused != "" {
			t.Errorf("90 days later: %s", refused)
		}
	})
}

func TestStartWithoutNameAndInput(t *testing.T) {
	onVirtualTime(t, local.Options{Seed: 5}, func(a *local.Account, _ *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, waits)
		one, err := a.StartExecution(arn, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		two, _ := a.StartExecution(arn, "", nil)
		if one == two || len(one.Name) != 36 || string(one.Describe().Input) != "{}" {
			t.Errorf("got %+v and %+v", one.Describe(), two.Describe())
		}
		list, err := a.Executions(arn)
		if err != nil || len(list) != 2 || list[0] != two || list[1] != one {
			t.Errorf("listed %v, %v", list, err)
		}
	})
}

func TestExpressNamesAreFree(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Express, waits)
		one, err := a.StartExecution(arn, "one", nil)
		two, err2 := a.StartExecution(arn, "one", nil)
		if err != nil || err2 != nil || one.ARN == two.ARN ||
			!strings.HasPrefix(one.ARN, "arn:aws:states:us-east-1:000000000000:express:m:one:") {
			t.Fatalf("%v %v %v %v", one, err, two, err2)
		}
		if _, err := a.Execution(one.ARN); code(err) != "InvalidArn" ||
			!strings.Contains(err.Error(), "Resource type not valid in this context: express") {
			t.Error(err)
		}
		if _, err := a.Executions(arn); code(err) != "StateMachineTypeNotSupported" {
			t.Error(err)
		}
		sleep(v, 61*time.Second)
		if d := one.Describe(); d.Status != asl.Succeeded {
			t.Errorf("%+v", d)
		}
	})
}

func TestStartRefusals(t *testing.T) {
	a := local.New(local.Options{Clock: clock.NewVirtual(start)})
	arn := create(t, a, "m", asl.Standard, waits)
	for _, test := range []struct{ arn, name, input, want string }{
		{arn: "nonsense", input: "{}", want: "InvalidArn: Invalid Arn: 'Invalid ARN prefix: nonsense'"},
		{
			arn:   "arn:aws:states:us-east-1:000000000000:execution:m:x",
			input: "{}",
			want:  "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'",
		},
		{arn: "arn:aws:s3:::bucket", input: "{}", want: "InvalidArn: "},
		{arn: arn + "x", input: "{}", want: "StateMachineDoesNotExist: State Machine Does Not Exist: '" + arn + "x'"},
		{arn: arn, name: "a b", input: "{}", want: "InvalidName: Invalid Name: 'a b'"},
		{arn: arn, name: "a/b", input: "{}", want: "InvalidName: "},
		{arn: arn, name: "a\x7f", input: "{}", want: "InvalidName: "},
		{arn: arn, name: "a\u3000b", input: "{}", want: "InvalidName: "},
		{arn: arn, name: strings.Repeat("n", 81), input: "{}", want: "InvalidName: "},
		{
			arn:   arn,
			input: "not json",
			want: "InvalidExecutionInput: Invalid State Machine Execution Input: 'Unrecognized token 'not': was " +
				"expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
		},
		{
			arn:   arn,
			input: "{'a': 1}",
			want: "InvalidExecutionInput: Invalid State Machine Execution Input: 'Unexpected character (''' " +
				"(code 39)): was expecting double-quote to start field name'",
		},
		{arn: arn, input: `{"a":`, want: "InvalidExecutionInput: "},
		{arn: arn, input: `"` + strings.Repeat("x", 256<<10) + `"`, want: "ValidationException: "},
	} {
		_, err := a.StartExecution(test.arn, test.name, json.RawMessage(test.input))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%.30s %.30s %.30s:\ngot  %v\nwant %s", test.arn, test.name, test.input, err, test.want)
		}
	}
	for _, name := range []string{strings.Repeat("n", 80), "a-b_c.d()+=@!'", "größe"} {
		if _, err := a.StartExecution(arn, name, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStopEndsAnExecutionOnce(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		e, err := a.StartExecution(create(t, a, "m", asl.Standard, waits), "one", nil)
		if err != nil {
			t.Fatal(err)
		}
		sleep(v, time.Second)
		e.Stop("Mine", "because")
		e.Stop("Again", "no")
		d := e.Describe()
		if d.Status != asl.Aborted || d.Error != "Mine" || d.Cause != "because" ||
			!d.Stopped.Equal(start.Add(time.Second)) {
			t.Errorf("%+v", d)
		}
		sleep(v, 2*time.Minute)
		if n := len(e.History()); n != 3 {
			t.Errorf("%d events", n)
		}
	})
}
