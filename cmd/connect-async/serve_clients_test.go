package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

// botoClient uses the server with nothing but the variables.
const botoClient = `import boto3, json
states, functions, tables = (boto3.client(name) for name in ("stepfunctions", "lambda", "dynamodb"))
r = functions.invoke(FunctionName="quick", Payload=b"{}")
assert json.load(r["Payload"]) == {"seen": "no execution"}, r
arn = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
name = states.start_execution(stateMachineArn=arn, input="{}")["executionArn"].split(":")[-1]
definition = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 1, "End": True}}})
r = states.create_state_machine(name="boto", type="EXPRESS", definition=definition, roleArn="arn:aws:iam::0:role/r")
r = states.start_sync_execution(stateMachineArn=r["stateMachineArn"], input="{}")
assert r["output"] == "1", r
tables.put_item(TableName="orders", Item={"id": {"S": name}})
assert tables.get_item(TableName="orders", Key={"id": {"S": name}})["Item"] == {"id": {"S": name}}
print("fine")
`

// cliClient does the same with the AWS CLI.
const cliClient = `set -e
case $(aws --version) in
aws-cli/1*) aws lambda invoke --function-name quick --payload {} out.json >/dev/null ;;
*) aws lambda invoke --function-name quick --cli-binary-format raw-in-base64-out --payload {} out.json >/dev/null ;;
esac
grep -q 'no execution' out.json
arn=$(aws stepfunctions list-state-machines --query 'stateMachines[0].stateMachineArn' --output text)
aws stepfunctions start-execution --state-machine-arn "$arn" --name by-cli --input {} >/dev/null
arn=$(aws stepfunctions create-state-machine --name cli --type EXPRESS --role-arn arn:aws:iam::0:role/r --definition \
  '{"StartAt":"P","States":{"P":{"Type":"Pass","Result":1,"End":true}}}' --query stateMachineArn --output text)
aws stepfunctions start-sync-execution --state-machine-arn "$arn" --query output --output text | grep -qx 1
aws dynamodb put-item --table-name orders --item '{"id": {"S": "a"}}'
echo fine
`

// TestServeClients has boto3 and the installed versions of the AWS CLI use a server as its output says, without any
// configuration of the user's.
func TestServeClients(t *testing.T) {
	testrun.Heavy(t)
	testrun.Need(t, "sh")
	out := startServe(t, quickProject(t), "--table", "orders=id")
	export := strings.TrimSuffix(strings.TrimPrefix(out.find(t, `with one command: (eval .*)\n`), `eval "$(`), `)"`)
	var set strings.Builder
	if code := run(t.Context(), strings.Fields(export)[1:], plainTerminal(&set, &set)); code != exitGood {
		t.Fatal(set.String())
	}
	script := filepath.Join(t.TempDir(), "client.py")
	if err := os.WriteFile(script, []byte(botoClient), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, client := range map[string]string{
		"boto3": "exec python3 " + script, "AWS CLI 1": cliClient, "AWS CLI 2": cliClient,
	} {
		t.Run(name, func(t *testing.T) {
			needClient(t, name)
			cmd := testrun.Command(t, "sh", "-c", set.String()+client)
			cmd.Dir = t.TempDir()
			cmd.Env = append(withoutAWS(os.Environ()), "AWS_CONFIG_FILE=none", "AWS_SHARED_CREDENTIALS_FILE=none")
			if answer, err := cmd.CombinedOutput(); err != nil || string(answer) != "fine\n" {
				t.Errorf("%v: %s", err, answer)
			}
		})
	}
}

// needClient skips, and says so, where a client is not installed.
func needClient(t *testing.T, name string) {
	t.Helper()
	if name == "boto3" {
		if testrun.Command(t, "python3", "-c", "import boto3").Run() != nil {
			testrun.Missing(t, "boto3 for python3")
		}
		return
	}
	version, _ := testrun.Command(t, "aws", "--version").CombinedOutput()
	major := regexp.MustCompile(`aws-cli/(\d)`).FindSubmatch(version)
	if major == nil || "AWS CLI "+string(major[1]) != name {
		t.Skipf("%s is not installed", name)
	}
}

// withoutAWS is an environment without the variables of AWS.
func withoutAWS(env []string) (kept []string) {
	for _, variable := range env {
		if !strings.HasPrefix(variable, "AWS_") {
			kept = append(kept, variable)
		}
	}
	return kept
}
