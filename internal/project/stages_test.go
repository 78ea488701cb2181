package project_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

const (
	inTest  = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-4333-8444-555555555555"
	anID    = "33333333-2222-4333-8444-000000000001"
	bankRow = "name: bank\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: x}}\ncallers: 20\n"
)

// TestStages reads what stages say, and what follows from it.
func TestStages(t *testing.T) {
	p, found := project.Parse("connect-async.yaml", []byte(bankRow+`stages:
  test:
    instance: `+inTest+`
    functions: {f: "arn:aws:lambda:us-east-1:111122223333:function:f:live"}
    prompts: {hold-music: `+anID+`, other: `+inTest+`/prompt/x}
    bots: {main: "arn:aws:lex:us-east-1:111122223333:bot-alias/A/B"}
    variables: {memory_mb: 256}
  gov: {account: "444455556666", region: us-gov-west-1, name: voice, callers: 90}
`), form.OnDisk)
	if p == nil || len(found) > 0 {
		t.Fatal(found)
	}
	want := project.StageVariable{Name: "memory_mb", Value: "256", At: source.Pos{Line: 11, Column: 17}}
	test, err := p.Stage("test")
	if err != nil || test.Deployed != "bank-test" || test.Account != "111122223333" || test.Region != "us-east-1" ||
		test.Callers != 20 || len(test.Variables) != 1 || test.Variables[0] != want {
		t.Errorf("%+v, %v", test, err)
	}
	gov, _ := p.Stage("gov")
	for _, c := range []struct {
		stage       project.Stage
		text, value string
	}{
		{test, "${async}", "arn:aws:lambda:us-east-1:111122223333:function:bank-test-async"},
		{gov, "${async}", "arn:aws-us-gov:lambda:us-gov-west-1:444455556666:function:voice-async"},
		{test, "${function:f}", "arn:aws:lambda:us-east-1:111122223333:function:f:live"},
		{test, "${prompt:hold-music}", inTest + "/prompt/" + anID},
		{test, "${bot:main}", "arn:aws:lex:us-east-1:111122223333:bot-alias/A/B"},
		{test, "${queue:hold-music}", ""}, {gov, "${prompt:hold-music}", ""},
	} {
		placeholder, _ := flowlang.ReadPlaceholder(c.text)
		if value, ok := c.stage.Value(placeholder); value != c.value || ok != (c.value != "") {
			t.Errorf("%s in %s is %q, %v", c.text, c.stage.Name, value, ok)
		}
	}
	if gov.Callers != 90 {
		t.Errorf("%d callers", gov.Callers)
	}
	if _, err := p.Stage("prod"); err == nil || !strings.Contains(err.Error(), `unknown stage "prod"`) {
		t.Error(err)
	}
}

// TestReplica moves what a stage names into the Region of its replica.
func TestReplica(t *testing.T) {
	p, found := project.Parse("connect-async.yaml", []byte(bankRow+`stages:
  test:
    instance: `+inTest+`
    functions: {f: "arn:aws:lambda:us-east-1:111122223333:function:f:live"}
    prompts: {hold-music: `+anID+`}
    variables: {alarm_topic_arn: "arn:aws:sns:us-east-1:111122223333:t", role_prefix: east-}
    replica: {region: us-west-2, variables: {role_prefix: west-}}
  prod: {instance: `+inTest+`}
`), form.OnDisk)
	if p == nil || len(found) > 0 {
		t.Fatal(found)
	}
	test, _ := p.Stage("test")
	replica, ok := test.InReplica()
	west := strings.ReplaceAll(inTest, "us-east-1", "us-west-2")
	music, _ := replica.Value(flowlang.Placeholder{Kind: "prompt", Name: "hold-music"})
	last := replica.Variables[len(replica.Variables)-1]
	if !ok || replica.Region != "us-west-2" || replica.Instance != west || music != west+"/prompt/"+anID ||
		replica.Functions["f"] != "arn:aws:lambda:us-west-2:111122223333:function:f:live" ||
		replica.Variables[0].Value != "arn:aws:sns:us-west-2:111122223333:t" || last.Value != "west-" {
		t.Errorf("%v, %+v", ok, replica)
	}
	if prod, _ := p.Stage("prod"); test.Instance != inTest {
		t.Error("the stage has changed")
	} else if _, ok := prod.InReplica(); ok {
		t.Error("a stage without a replica has one")
	}
}

// TestStageNames finds the placeholder that an ID or ARN in a flow means.
func TestStageNames(t *testing.T) {
	p, found := project.Parse("connect-async.yaml", []byte(bankRow+"stages: {test: {instance: \""+inTest+
		"\", functions: {f: \"arn:aws:lambda:us-east-1:111122223333:function:f\"}, "+
		"prompts: {b: "+anID+", a: "+anID+"}, queues: {c: "+anID+"}}}\n"), form.OnDisk)
	if p == nil {
		t.Fatal(found)
	}
	stage, _ := p.Stage("test")
	for _, c := range []struct{ action, parameters, want string }{
		{flowlang.MessageParticipant, `"PromptId": "` + anID + `"`, "${prompt:a}"},
		{flowlang.MessageParticipant, `"PromptId": "` + inTest + "/prompt/" + anID + `"`, "${prompt:a}"},
		{flowlang.UpdateContactTargetQueue, `"QueueId": "` + anID + `"`, "${queue:c}"},
		{flowlang.UpdateContactTargetQueue, `"QueueId": "` + inTest + `/queue/x"`, ""},
		{flowlang.InvokeLambdaFunction, `"LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:f"`,
			"${function:f}"},
		{flowlang.InvokeLambdaFunction,
			`"LambdaFunctionARN": "arn:aws:lambda:us-east-1:111122223333:function:bank-test-async"`, "${async}"},
	} {
		f, err := flowlang.Parse("flow.json", []byte(`{"Version": "2019-10-30", "StartAction": "a", "Actions": [`+
			`{"Identifier": "a", "Type": "`+c.action+`", "Parameters": {`+c.parameters+`}, "Transitions": {}}]}`))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if placeholder, ok := stage.Placeholder(f.Actions[0].Identities()[0]); ok {
			got = placeholder.String()
		}
		if got != c.want {
			t.Errorf("%s is %q, want %q", c.parameters, got, c.want)
		}
	}
}

// TestFaultyStages reports what cannot be true of a stage, at its place.
func TestFaultyStages(t *testing.T) {
	long := strings.Repeat("x", 40)
	const unknown = "a: {instance: @, functions: {g: x}}"
	const aReplica = "a: {instance: @, replica: {region: us-west-2}}\n  a-us-west-2: {instance: @}"
	const west = "arn:aws:lambda:us-west-2:111122223333:function:f"
	for text, want := range map[string]string{
		"a: {}":                               "6:3 project-missing",
		"a: 1":                                "6:6 wrong-kind",
		"a: ":                                 "6:3 project-missing",
		"a b: {instance: @}":                  "6:3 bad-value 6:3 bad-value",
		"a: {account: 12, region: us-east-1}": "6:16 bad-value",
		"a: {account: \"111122223333\", region: here}":                      "6:40 bad-value",
		"a: {instance: mine, account: \"111122223333\", region: us-east-1}": "6:17 bad-value",
		"a: {instance: @, replica: {region: us-east-1}}":                    "6:112 bad-value",
		"a: {instance: @, replica: {}}":                                     "6:112 bad-value",
		"a: {instance: @, region: us-west-2}":                               "6:111 bad-value",
		"a: {account: \"111122223333\", region: cn-north-1}":                "6:3 bad-value",
		unknown:                                                      "6:115 project-unknown-name 6:118 bad-value",
		"a: {instance: @, name: 1a}":                                 "6:109 bad-value",
		"a: {instance: @, name: " + long + "}":                       "",
		long + ": {instance: @}":                                     "6:3 bad-value",
		"a: {instance: @, prompts: {a b: " + anID + "}}":             "6:113 bad-value",
		"a: {instance: @, prompts: {a: music}}":                      "6:116 bad-value",
		"a: {instance: @, prompts: {a: @x/prompt/y}}":                "6:116 bad-value",
		"a: {instance: @, promts: {}}":                               "6:103 unknown-key",
		"a: {instance: @, callers: 0}":                               "6:112 bad-value",
		"a: {instance: @, name: n}\n  b: {instance: @, name: n}":     "7:3 bad-value",
		"a_b: {instance: @}\n  a-b: {instance: @}":                   "7:3 bad-value", // one stack of CloudFormation
		"a: {instance: @, name: x_y}\n  b: {instance: @, name: x-y}": "7:3 bad-value", // one stack of the CDK
		aReplica: "7:3 bad-value",
		"a: {instance: @, functions: {f: \"" + west + "\"}}": "6:118 bad-value",
	} {
		file := bankRow + "stages:\n  " + strings.ReplaceAll(text, "@", inTest) + "\n"
		p, found := project.Parse("connect-async.yaml", []byte(file), form.OnDisk)
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
			if f.Remedy == "" {
				t.Errorf("no remedy: %v", f)
			}
		}
		if joined := strings.Join(got, " "); joined != want || (p != nil) != (want == "") {
			t.Errorf("%s: got %q, want %q: %v", text, joined, want, found)
		}
	}
}

// TestStagesWithTheSameNames reports a job of one stage and a job of another whose names are the same in AWS.
func TestStagesWithTheSameNames(t *testing.T) {
	file := "name: bank\njobs: {a: {steps: [f]}, b-a: {steps: [f]}}\nfunctions: {f: {arn: x}}\nstages:\n" +
		"  x: {instance: \"" + inTest + "\", name: n}\n  y: {instance: \"" + inTest + "\", name: n-b}\n"
	_, found := project.Parse("connect-async.yaml", []byte(file), form.OnDisk)
	if len(found) != 1 || found[0].Line != 6 || !strings.Contains(found[0].Message, "state machine n-b-a") {
		t.Error(found)
	}
}

// TestFunctionsOfStagesAlone reads functions that the project itself has neither code nor an ARN for.
func TestFunctionsOfStagesAlone(t *testing.T) {
	for stage, want := range map[string]string{
		`functions: {f: "arn:aws:lambda:eu-west-2:111122223333:function:slow"}`: "",
		`functions: {}`: "3:13 " + project.CodeMissing,
	} {
		file := "name: bank\njobs: {a: {steps: [f]}}\nfunctions: {f: {timeout: 60s}}\n" +
			"stages: {dev: {account: '111122223333', region: eu-west-2, " + stage + "}}\n"
		_, found := project.Parse("connect-async.yaml", []byte(file), form.OnDisk)
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v", stage, found)
		}
	}
}
