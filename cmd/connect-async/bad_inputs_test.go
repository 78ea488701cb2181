package main

import (
	"bytes"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// badInput is something wrong that a user may hand in. Each is answered with an exit code, a place and a remedy, and
// nothing is written.
type badInput struct {
	name   string
	args   []string
	files  map[string]string // beside those of soundFiles, or instead of them; "" leaves one out
	code   int
	says   string // a regular expression that a line of the output matches: the place, what is wrong
	remedy string // one that another part of the output matches
}

// badInputs is the list. A part of the program that can be handed something wrong has its lines here.
var badInputs = []badInput{
	{
		name: "a flow without the function that it calls", args: []string{"call", "--fast"},
		files:  map[string]string{"flow.json": soundFlow("arn:aws:lambda:us-east-1:111122223333:function:other")},
		code:   exitUsage,
		says:   `^flow.json:3:\d+: error: no function is known for arn:.*:other \[call-unknown-function\]$`,
		remedy: `names: {ARN: NAME}`,
	},
	{
		name: "a scenario with an unknown key", args: []string{"test"},
		files: map[string]string{"scenario.yaml": "expekt: {}\n"},
		code:  exitUsage, says: `^scenario.yaml:1:1: error: unknown key "expekt" \[unknown-key\]$`,
		remedy: `Did you mean "expect"`,
	},
	{
		name: "a function without a stand-in", args: []string{"call", "--fast"},
		files: map[string]string{"scenario.yaml": "name: x\n"},
		code:  exitUsage, says: `scenario.yaml: error: the function work is not run here`,
		remedy: `functions: {work: {takes`,
	},
	{
		name: "thresholds of silence that fall", args: []string{"test"},
		files: map[string]string{"scenario.yaml": "silence: {failure: 10s}\n"},
		code:  exitUsage, says: `^scenario.yaml:1:10: error: the thresholds of silence fall from 10s to 8s`,
		remedy: `Write note, failure and critical so that`,
	},
	{
		name: "a price that is not a number", args: []string{"call", "--fast", "--prices", "prices.yaml"},
		files: map[string]string{"prices.yaml": "voice_minute: dear\n"},
		code:  exitUsage, says: `^prices.yaml:1:15: error: voice_minute: "dear" is not a price`,
		remedy: `Write dollars, such as`,
	},
	{
		name: "prices that are not there", args: []string{"test", "--prices", "prices.yaml"},
		code: exitUsage, says: `^prices.yaml: error: the file cannot be read`, remedy: `Check the path`,
	},
	{
		name: "a log format", args: []string{"call", "--fast", "--log", "xml"},
		code: exitUsage, says: `unknown log format "xml"`, remedy: `supported: cloudwatch`,
	},
	{
		name: "an output format", args: []string{"lint", "--format", "xml"},
		code: exitUsage, says: `xml`, remedy: `text`,
	},
	{
		name: "an event that is not JSON", args: []string{"invoke", "work", "--event", "event.json"},
		files: map[string]string{"event.json": "{\n"},
		code:  exitUsage, says: `^event.json:2:1: error: .* \[syntax\]$`, remedy: ``,
	},
	{
		name: "a handler's file that does not exist", args: []string{"lint"},
		files: map[string]string{"code/app.py": "", "code/other.py": "def main(event, context):\n    pass\n"},
		code:  exitFailed, remedy: `The folder has other\.main\.`,
		says: `^connect-async.yaml:4:62: error: the function work: the handler app.handler needs the file app.py`,
	},
	{
		name: "a handler that its file does not define", args: []string{"lint"},
		files: map[string]string{"code/app.py": "def main(event, context):\n    pass\n"},
		code:  exitFailed, says: `error: the function work: app.py defines no handler \[function-handler\]$`,
		remedy: `The folder has app\.main\.`,
	},
	{
		name: "a handler in another language", args: []string{"lint"},
		files: map[string]string{"code/app.py": "", "code/app.mjs": "export const handler = () => 1\n"},
		code:  exitFailed, says: `app.mjs is written for Node \[function-runtime\]$`, remedy: `Set runtime: nodejs22.x`,
	},
	{
		name: "a runtime that does not exist", args: []string{"lint"},
		files: map[string]string{"connect-async.yaml": strings.Replace(soundProject, "python3.13", "pyhton3.13", 1)},
		code:  exitFailed, says: `^connect-async.yaml:4:\d+: error: .*"pyhton3.13" is not a runtime of Lambda`,
		remedy: `Write a runtime such as python3.13`,
	},
	{
		name: "code that does not exist", args: []string{"lint"},
		files: map[string]string{"connect-async.yaml": strings.Replace(soundProject, "code: code", "code: cdoe", 1)},
		code:  exitUsage, says: `^connect-async.yaml:4:26: error: code: "cdoe" does not exist`,
		remedy: `Check the path; it is relative to this file`,
	},
	{
		name: "a handler without a function", args: []string{"lint"},
		files: map[string]string{"connect-async.yaml": strings.Replace(soundProject, "app.handler", "app", 1)},
		code:  exitFailed, says: `^connect-async.yaml:4:62: error: .*"app" is not a handler`,
		remedy: `Write FILE.FUNCTION, .* The folder has app.handler.`,
	},
	{
		name: "a file of variables with a wrong line", args: []string{"lint", "--load"},
		files: map[string]string{
			"connect-async.yaml": strings.Replace(soundProject, "handler:", "env_file: .env, handler:", 1),
			".env":               "A=1\nBACKEND_URL\n",
		},
		code: exitFailed, says: `\.env:2:1: error: this line is not KEY=VALUE`, remedy: `Write KEY=VALUE\.`,
	},
	{
		name: "a status that no execution has", args: []string{"call", "--fast"},
		files: map[string]string{"scenario.yaml": "expect: {function: BROKEN}\n"},
		code:  exitUsage, says: `^scenario.yaml:1:20: error: .*BROKEN`, remedy: `SUCCEEDED`,
	},
	{
		name: "a call that is not as expected", args: []string{"call", "--fast"},
		files: map[string]string{"scenario.yaml": soundScenario + "expect: {heard: [Goodbye]}\n"},
		code:  exitFailed, says: `^  FAIL  "Goodbye" was not heard; heard instead: `, remedy: `"Sorry\."`,
	},
	{
		name: "a scenario that is not as expected", args: []string{"test"},
		files: map[string]string{"scenario.yaml": soundScenario + "expect: {function: SUCCEEDED}\n"},
		code:  exitFailed, says: `^FAIL  scenario.yaml`, remedy: `the function's end is "", expected "SUCCEEDED"`,
	},
	{
		name: "a tag of AWS's own", args: []string{"export", "terraform"},
		files: map[string]string{"connect-async.yaml": "name: bank\njobs: {work: {steps: [work]}}\n" +
			"functions: {work: {code: code, runtime: python3.13}}\ndeploy: {tags: {\"aws:x\": y}}\n"},
		code: exitUsage, says: `^connect-async.yaml:4:17: error: the tag "aws:x" begins with aws:`,
		remedy: `another key`,
	},
	{
		name: "a role's name that is too long", args: []string{"export", "cdk"},
		files: map[string]string{"connect-async.yaml": "name: bank\njobs: {work: {steps: [work]}}\n" +
			"functions: {work: {code: code, runtime: python3.13}}\n" +
			"deploy: {role_prefix: a-prefix-of-roles-that-takes-most-of-the-room-for-names-}\n"},
		code: exitUsage, says: `^connect-async.yaml:2:8: error: the role a-prefix-.* AWS allows 64`,
		remedy: `role_prefix`,
	},
	{
		name: "an export over files of others", args: []string{"export", "terraform", "--out", "taken", "--force"},
		files: map[string]string{"taken/main.tf": "# mine\n"},
		code:  exitUsage, says: `^taken: error: nothing written: connect-async did not write taken/main.tf`,
		remedy: `move what is in the way`,
	},
	{
		name: "a manifest that is not one", args: []string{"export", "terraform", "--out", "taken"},
		files: map[string]string{"taken/.connect-async-manifest.json": "[]\n"},
		code:  exitUsage, says: `^taken/.connect-async-manifest.json: error: .* \[bad-manifest\]$`,
		remedy: `Restore it`,
	},
	{
		name: "an instance that is not one", args: []string{"pull", "--instance", "my-instance"},
		code: exitUsage, says: `"my-instance" is not the ARN of a Connect instance`, remedy: `arn:aws:connect:REGION`,
	},
	{
		name: "no instance", args: []string{"push", "--flow", "Billing"},
		code: exitUsage, says: `^connect-async: name the instance with --instance ARN`, remedy: `--stage NAME`,
	},
	{
		name: "a push of no flow", args: []string{"push", "--stage", "prod"},
		code: exitUsage, says: `^connect-async: name the flow to push`, remedy: `--flow NAME`,
	},
	{
		name: "a stage that does not exist", args: []string{"diff", "--stage", "prod"},
		code: exitUsage, says: `^connect-async.yaml: error: unknown stage "prod"`,
		remedy: `stages: {prod: {instance: ARN}}`,
	},
	{
		name: "a stage without an instance", args: []string{"lint", "--stage", "dev"},
		files: map[string]string{"connect-async.yaml": soundProject +
			"stages: {dev: {account: \"888866667777\", region: eu-west-2}}\n"},
		code: exitUsage, says: `^connect-async.yaml:\d+:\d+: error: the stage dev has no instance`,
		remedy: `Add instance: ARN to the stage`,
	},
	{
		name: "a record of instances that is not one", args: []string{"pull", "--instance", exampleInstance},
		files: map[string]string{"flows/.connect-async-instances.json": "[]\n"},
		code:  exitUsage, says: `^flows/.connect-async-instances.json: error: .* \[instance-record\]$`,
		remedy: `remove it and pull the flows again`,
	},
	{
		name: "files of a comparison with an instance", args: []string{"diff", "--stage", "dev", "a.json", "b.json"},
		code: exitUsage, says: `a comparison with an instance takes one folder at most`,
		remedy: `neither --git nor --svg`,
	},
	{
		name: "a flow of two files", args: []string{"diff", "--flow", "Billing", "flow.json", "flow.json"},
		code: exitUsage, says: `--flow goes with --stage or --instance`, remedy: `name both`,
	},
	{
		name: "a rollback that only saves",
		args: []string{"push", "--stage", "dev", "--flow", "Billing", "--rollback", "--save"},
		code: exitUsage, says: `--rollback publishes what was published before`, remedy: `leave out --save`,
	},
	{
		name: "a folder without scenarios", args: []string{"test", "empty"},
		files: map[string]string{"empty/notes.txt": "x"},
		code:  exitUsage, says: `no scenario in empty`, remedy: `whose name begins with "scenario"`,
	},
	{
		name: "a block that does not exist", args: []string{"init", "new", "--flow", "flow.json", "--action", "wait"},
		code: exitUsage, says: `^flow.json: error: no action is called "wait" \[adopt-unknown-action\]$`,
		remedy: `--action with one of "go" \(work, line 2\)`,
	},
	{
		name: "a block without a function", args: []string{"init", "new", "--flow", "flow.json", "--action", "good"},
		code: exitUsage, says: `^flow.json:5:\d+: error: "good" .* invokes no function \[adopt-not-a-function\]$`,
		remedy: `--action with one of "go"`,
	},
	{
		name: "a flow that cannot wait",
		args: []string{"init", "new", "--flow", "flow.json", "--type", "customer_queue"},
		code: exitUsage, says: `^flow.json: error: .* an agent may come at any time \[style-refused\]$`,
		remedy: `Adopt a block of the flow before the queue`,
	},
	{
		name: "a flow type that does not exist", args: []string{"init", "new", "--flow", "flow.json", "--type", "fast"},
		code: exitUsage, says: `unknown flow type "fast" for --type`, remedy: `such as inbound`,
	},
	{
		name: "a flow whose function is known in the call only", args: []string{"init", "new", "--flow", "flow.json"},
		files: map[string]string{"flow.json": soundFlow("$.Attributes.function")},
		code:  exitUsage, says: `does not say which function "go" invokes: "\$.Attributes.function"`,
		remedy: `Pass --function with the ARN`,
	},
	{
		name: "a flow that calls the async function", args: []string{"init", "new", "--flow", "flow.json"},
		files: map[string]string{"flow.json": strings.Replace(soundFlow("${async}"), `"InvocationTime`,
			`"LambdaInvocationAttributes": {"sfn_action": "run"}, "InvocationTime`, 1)},
		code: exitUsage, says: `^flow.json:3:\d+: error: the parameter sfn_action of "go" is one of the async function`,
		remedy: `there is nothing to adopt`,
	},
	{
		name: "a text for a flow that has its own", args: []string{"init", "new", "--flow", "flow.json", "--say", "Hi"},
		code: exitUsage, says: `^connect-async: --say has no effect on a flow that you have`, remedy: `change the flow`,
	},
	{
		name: "a flow that is not JSON", args: []string{"init", "new", "--flow", "flow.json"},
		files: map[string]string{"flow.json": `{"Version": }`},
		code:  exitUsage, says: `^flow.json:1:13: error: .* \[syntax\]$`, remedy: `Fix the JSON here`,
	},
	{
		name: "an action of a flow that is not named", args: []string{"init", "new", "--action", "go"},
		code: exitUsage, says: `--action, --type and --dry-run are about a flow`, remedy: `Pass --flow FILE`,
	},
	{
		name: "what a flow says refers to nothing", args: []string{"generate"},
		files: generates("say: $.Externl.day"),
		code:  exitUsage, says: `^connect-async.yaml:3:\d+: error: unknown reference \$.Externl.day`,
		remedy: `Did you mean \$.External.day`,
	},
	{
		name: "SSML that is not closed", args: []string{"lint"},
		files: generates("say: '<speak>x'"),
		code:  exitUsage, says: `^connect-async.yaml:3:\d+: error: invalid SSML`,
		remedy: `Close every tag`,
	},
	{
		name: "tags without SSML", args: []string{"generate"},
		files: generates("say: 'a </b>'"),
		code:  exitUsage, says: `the text has tags`,
		remedy: `Put SSML into <speak>`,
	},
	{
		name: "a reference that names no key", args: []string{"generate"},
		files: generates("say: It is $.External"),
		code:  exitUsage, says: `\$.External has no value itself`,
		remedy: `Name a key of it`,
	},
	{
		name: "a style that there is not", args: []string{"generate"},
		files: generates("style: fast"),
		code:  exitUsage, says: `^connect-async.yaml:3:\d+: error: unknown style "fast"`,
		remedy: `Choose one of poll, wait, queue, chat`,
	},
	{
		name: "a style that does not fit the type", args: []string{"generate"},
		files: generates("style: queue"),
		code:  exitUsage, says: `the style queue does not work in a flow of type CONTACT_FLOW`,
		remedy: `choose the style poll`,
	},
	{
		name: "an unknown job of a flow", args: []string{"generate"},
		files: generates("job: walk"),
		code:  exitUsage, says: `unknown job "walk"`,
		remedy: `The jobs are work`,
	},
	{
		name: "a parameter that is taken", args: []string{"generate"},
		files: generates("parameters: {again: x}"),
		code:  exitUsage, says: `"again" is a parameter of the async function`,
		remedy: `Choose another name`,
	},
	{
		name: "a parameter before there is a result", args: []string{"call", "--fast"},
		files: generates("parameters: {a: $.External.a}"),
		code:  exitUsage, says: `\$.External.a has no value before`,
		remedy: `Pass an attribute of the contact`,
	},
	{
		name: "a language that is none", args: []string{"generate"},
		files: generates("language: x"),
		code:  exitUsage, says: `"x" is not a language`,
		remedy: `Write a tag such as en`,
	},
	{
		name: "a language without texts", args: []string{"generate"},
		files: generates("language: fr"),
		code:  exitUsage, says: `unknown language "fr": done is missing`,
		remedy: `or give all texts`,
	},
	{
		name: "a voice without a name", args: []string{"generate"},
		files: generates("voice: {engine: Neural}"),
		code:  exitUsage, says: `the voice has no name`,
		remedy: `Add name: VOICE`,
	},
	{
		name: "two places to continue", args: []string{"generate"},
		files: generates("then: {queue: a, flow: b}"),
		code:  exitUsage, says: `then needs either a queue or a flow`,
		remedy: `Write hang_up`,
	},
	{
		name: "a module that speaks", args: []string{"generate"},
		files: map[string]string{"connect-async.yaml": strings.Replace(generates("say: x")["connect-async.yaml"],
			"inbound", "module", 1)},
		code: exitUsage, says: `say does not fit this flow`,
		remedy: `Remove say`,
	},
	{
		name: "a flow that was not generated", args: []string{"call", "--fast"},
		files: generates("say: x"),
		code:  exitUsage, says: `error: file: "new.json" has not been generated yet`,
		remedy: `connect-async generate`,
	},
	{
		name: "a project that generates nothing", args: []string{"generate"},
		code: exitUsage, says: `no flow of connect-async.yaml has a section generate`,
		remedy: `Add one`,
	},
	{
		name: "a job that is there already", args: []string{"add", "job", "work", "--function", "code"},
		code: exitUsage, says: `the project has a job "work" already`,
		remedy: `Choose another name`,
	},
	{
		name: "jobs in one line", args: []string{"add", "job", "more", "--function", "code"},
		code: exitUsage, says: `^connect-async.yaml:2:1: error: jobs is written in one line`,
		remedy: `on a line of its own`,
	},
	{
		name: "a job whose function is nowhere", args: []string{"add", "job", "more", "--function", "nowhere"},
		code: exitUsage, says: `neither a folder or file nor an ARN`,
		remedy: `Give --function`,
	},
	{
		name: "a new project with an unknown handler",
		args: []string{"init", "new", "--function", "code", "--handler", "app.main"},
		code: exitUsage, says: `app.py has no function main; it has: handler`,
		remedy: `--handler`,
	},
	{
		name: "a ZIP archive that is none", args: []string{"init", "new", "--function", "code.zip"},
		files: map[string]string{"code.zip": "not one"},
		code:  exitUsage, says: `this is not a ZIP archive`,
		remedy: `unpack it`,
	},
	{
		name: "an event of something else",
		args: []string{"init", "new", "--function", "code", "--event", "scenario.yaml"},
		code: exitUsage, says: `^scenario.yaml:1:1: error: this is not an event of Amazon Connect`,
		remedy: `Write {"Details"`,
	},
	{
		name: "a text of an unknown kind", args: []string{"init", "new", "--function", "code", "--text", "hello=x"},
		code: exitUsage, says: `--text: "hello=x" is not KIND=TEXT`,
		remedy: `kinds: first, waiting`,
	},
}

// generates is the project file of soundFiles with a flow that is written from a section.
func generates(section string) map[string]string {
	const line = "flows: [{file: flow.json}"
	text := soundFiles()["connect-async.yaml"]
	return map[string]string{"connect-async.yaml": strings.Replace(text, line,
		line+", {file: new.json, type: inbound, generate: {"+section+"}}", 1)}
}

// soundProject is the project file of soundFiles.
const soundProject = "name: bank\njobs: {work: {steps: [work]}}\nflows: [{file: flow.json}]\n" +
	"functions: {work: {code: code, runtime: python3.13, handler: app.handler}}\nscenario: scenario.yaml\n"

// soundScenario is the scenario of soundFiles.
const soundScenario = "functions: {work: {takes: 1s}}\n" +
	"names: {\"arn:aws:lambda:us-east-1:111122223333:function:work\": work}\n"

// soundFiles are a project that is well.
func soundFiles() map[string]string {
	return map[string]string{
		"connect-async.yaml": soundProject,
		"code/app.py":        "def handler(event, context):\n    return {}\n",
		"flow.json":          soundFlow("arn:aws:lambda:us-east-1:111122223333:function:work"),
		"scenario.yaml":      soundScenario,
	}
}

// soundFlow calls one function.
func soundFlow(function string) string {
	return `{"Version": "2019-10-30", "StartAction": "go", "Actions": [
		{"Identifier": "go", "Type": "InvokeLambdaFunction",
		 "Parameters": {"LambdaFunctionARN": "` + function + `", "InvocationTimeLimitSeconds": "3"},
		 "Transitions": {"NextAction": "good", "Errors": [{"NextAction": "bad", "ErrorType": "NoMatchingError"}]}},
		{"Identifier": "good", "Type": "MessageParticipant", "Parameters": {"Text": "It is $.External.balance."},
		 "Transitions": {"NextAction": "bye", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
		{"Identifier": "bad", "Type": "MessageParticipant", "Parameters": {"Text": "Sorry."},
		 "Transitions": {"NextAction": "bye", "Errors": [{"NextAction": "bye", "ErrorType": "NoMatchingError"}]}},
		{"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`
}

// writeFiles writes files into a folder, with the folders that they lie in.
func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// contents are the files below a folder, with their text.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		found[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestBadInputs hands in each of a hundred bad inputs. Every verb has some.
func TestBadInputs(t *testing.T) {
	all, verbs := slices.Concat(badInputs, badArguments), map[string]bool{}
	for _, bad := range all {
		verbs[bad.args[0]] = true
	}
	for _, cmd := range newRoot(plainTerminal(io.Discard, io.Discard)).Commands() {
		if !verbs[cmd.Name()] && !cmd.Hidden && cmd.Name() != "help" {
			t.Errorf("no bad input for %s", cmd.Name())
		}
	}
	if len(all) < 100 {
		t.Errorf("%d bad inputs", len(all))
	}
	for _, bad := range all {
		t.Run(bad.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			files := soundFiles()
			maps.Copy(files, bad.files)
			maps.DeleteFunc(files, func(_, text string) bool { return text == "" })
			writeFiles(t, ".", files)
			before := contents(t, ".")
			var out bytes.Buffer
			code := run(t.Context(), bad.args, plainTerminal(&out, &out))
			if code != bad.code {
				t.Errorf("exit code %d, expected %d", code, bad.code)
			}
			for _, want := range []string{bad.says, bad.remedy} {
				if !regexp.MustCompile("(?m)" + want).MatchString(out.String()) {
					t.Errorf("it does not say %q", want)
				}
			}
			if diff := cmp.Diff(before, contents(t, ".")); diff != "" {
				t.Errorf("it writes:\n%s", diff)
			}
			if t.Failed() {
				t.Log(out.String())
			}
		})
	}
}
