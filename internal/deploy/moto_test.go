package deploy_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/backend"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/testrun"
)

// testAccount is the account that the emulator is for: that of the ARNs in these tests.
const testAccount = "111122223333"

// startMoto starts moto_server, an independent emulator of AWS's APIs, and returns its URL.
func startMoto(t *testing.T) string {
	t.Helper()
	testrun.Heavy(t)
	program, err := exec.LookPath("moto_server")
	if err != nil {
		testrun.Missing(t, "moto_server (pip install 'moto[server]')")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	l.Close()
	cmd := testrun.Command(t, program, "-H", "127.0.0.1", "-p", port)
	cmd.Env = append(os.Environ(), "MOTO_ACCOUNT_ID="+testAccount)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for ctx := testrun.Deadline(t); ; {
		if connection, err := net.Dial("tcp", address); err == nil {
			connection.Close()
			return "http://" + address
		}
		if (clock.Real{}).Sleep(ctx, 100*time.Millisecond) != nil {
			t.Fatal("moto_server does not answer")
		}
	}
}

// moto is the URL of the emulator, which believes whoever asks.
type moto string

// send sends a request and returns the answer. The emulator knows a service by the scope of the signature.
func (m moto) send(t *testing.T, service, method, path, kind, target, body string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, string(m)+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=key/20261122/us-east-1/"+service+"/aws4_request, "+
		"SignedHeaders=host, Signature=0")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s%s: %s %v\n%s\n%s", service, path, target, answer.Status, err, text, body)
	}
	return string(text)
}

// call sends a request of the JSON protocol.
func (m moto) call(t *testing.T, service, target, body string) string {
	t.Helper()
	return m.send(t, service, http.MethodPost, "/", "application/x-amz-json-1.0", target, body)
}

// query sends a request of the query protocol.
func (m moto) query(t *testing.T, service, form string) string {
	t.Helper()
	return m.send(t, service, http.MethodPost, "/", "application/x-www-form-urlencoded", "", form)
}

// lists are what is in the account, by kind, as the services list it.
func (m moto) lists(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"functions":      m.send(t, "lambda", http.MethodGet, "/2015-03-31/functions/", "application/json", "", ""),
		"state machines": m.call(t, "states", "AWSStepFunctions.ListStateMachines", "{}"),
		"tables":         m.call(t, "dynamodb", "DynamoDB_20120810.ListTables", "{}"),
		"queues":         m.call(t, "sqs", "AmazonSQS.ListQueues", "{}"),
		"rules":          m.call(t, "events", "AWSEvents.ListRules", "{}"),
		"log groups":     m.call(t, "logs", "Logs_20140328.DescribeLogGroups", "{}"),
		"roles":          m.query(t, "iam", "Action=ListRoles&Version=2010-05-08"),
		"alarms":         m.query(t, "monitoring", "Action=DescribeAlarms&Version=2010-08-01"),
		"dashboards":     m.query(t, "monitoring", "Action=ListDashboards&Version=2010-08-01"),
	}
}

// askTable sends a request to DynamoDB as a service integration does.
func askTable(t *testing.T, url, operation string, request []byte) {
	t.Helper()
	moto(url).call(t, "dynamodb", "DynamoDB_20120810."+operation, string(request))
}

// running is Step Functions for which every execution runs for ever, so that an end can only come from the table.
type running struct{ started string }

func (r *running) Start(_ context.Context, in async.StartInput) (string, error) {
	r.started = in.Name
	return strings.Replace(in.StateMachineARN, ":stateMachine:", ":execution:", 1) + ":" + in.Name, nil
}

func (r *running) Describe(context.Context, string) (async.Execution, error) {
	return async.Execution{Status: "RUNNING"}, nil
}

func (r *running) Stop(context.Context, string, string, string) error { return nil }

// TestExportedMachinesServeTheAsyncFunction runs the exported state machines of one and three steps in our engine,
// their writes going to an independent DynamoDB, out of which the async function, configured as exported, answers the
// flow.
func TestExportedMachinesServeTheAsyncFunction(t *testing.T) {
	url := startMoto(t)
	resources := readTerraformExport(t, stacks(t)["table"], environments["table"])
	env := map[string]string{"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "key",
		"AWS_SECRET_ACCESS_KEY": "secret"}
	machines := map[string]*asl.Machine{}
	for _, r := range resources {
		switch r.kind {
		case "aws_lambda_function":
			for name, value := range r.value("environment.variables").(map[string]any) {
				env[name] = value.(string)
			}
		case "aws_sfn_state_machine":
			machines[strings.TrimPrefix(r.text("name"), "bank-")] = parseMachine(t, r)
		}
	}
	askTable(t, url, "CreateTable", []byte(`{"TableName":"`+env["RESULTS_TABLE"]+`","BillingMode":"PAY_PER_REQUEST",
		"AttributeDefinitions":[{"AttributeName":"execution","AttributeType":"S"}],
		"KeySchema":[{"AttributeName":"execution","KeyType":"HASH"}]}`))
	delete(env, "AWS_USE_FIPS_ENDPOINT") // the independent DynamoDB has none
	getenv := func(name string) string { return env[name] }
	config, problems := async.ConfigFromEnv(getenv)
	settings, more := backend.SettingsFromEnv(getenv)
	if len(problems)+len(more) > 0 || len(machines) != 2 {
		t.Fatal(problems, more, machines)
	}
	executions := &running{}
	function := async.New(config, executions, backend.NewResults(settings, config.ResultsTable), clock.Real{})
	for job, machine := range machines {
		for request, want := range map[string]string{"works": "SUCCESS SUCCEEDED none",
			"fails": "FAILURE FAILED Broken"} {
			reply := ask(t, function, map[string]string{"job": job, "request": request})
			drive(t, machine, executions.started, func(task asl.InvokeTask) {
				if task.Service == "dynamodb" {
					askTable(t, url, "UpdateItem", task.Input.JSON())
				}
			}, request == "fails")
			reply = ask(t, function, map[string]string{"job": job, "execution_id": reply["execution_id"]})
			if got := strings.Join([]string{reply["sfn_result"], reply["sfn_status"], reply["sfn_error"]},
				" "); got != want {
				t.Errorf("%s, %s: %s, want %s", job, request, got, want)
			}
		}
	}
}

// ask invokes the async function as a flow does.
func ask(t *testing.T, function *async.Function, parameters map[string]string) map[string]string {
	t.Helper()
	event, err := json.Marshal(map[string]any{"Details": map[string]any{
		"ContactData": map[string]string{"ContactId": "c"}, "Parameters": parameters,
	}})
	if err != nil {
		t.Fatal(err)
	}
	out, err := function.Handle(t.Context(), "request", event)
	if err != nil {
		t.Fatal(err)
	}
	var reply map[string]string
	if err := json.Unmarshal(out, &reply); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return reply
}
