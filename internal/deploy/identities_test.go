package deploy_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// An instance that is not one of AWS's examples, and what the names of variables are appended to for their values: a
// function, because its ARN is taken apart.
const (
	realInstance = "arn:aws:connect:eu-west-2:888866667777:instance/12345678-2222-4333-8444-555555555555"
	realARN      = "arn:aws:lambda:eu-west-2:888866667777:function:"
)

// identityFlow names things of an instance in every way in which a flow can, and not by placeholders.
const identityFlow = `{"Version": "2019-10-30", "StartAction": "queue", "Metadata": {"ActionMetadata": {
 "queue": {"parameters": {"QueueId": {"displayName": "First line (UK)"}}},
 "hook": {"contactFlow": {"id": "REAL/contact-flow/22345678-0000-4000-8000-000000000002", "text": "Wait here"}}}},
"Actions": [
{"Identifier": "queue", "Type": "UpdateContactTargetQueue",
 "Parameters": {"QueueId": "REAL/queue/22345678-0000-4000-8000-000000000001"}, NEXT"hook"}},
{"Identifier": "hook", "Type": "UpdateContactEventHooks",
 "Parameters": {"EventHooks": {"CustomerQueue": "REAL/contact-flow/22345678-0000-4000-8000-000000000002"}},
 NEXT"hours"}},
{"Identifier": "hours", "Type": "CheckHoursOfOperation",
 "Parameters": {"HoursOfOperationId": "22345678-0000-4000-8000-000000000003"},
 "Transitions": {"NextAction": "bot", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "end"}], "Conditions": [
  {"NextAction": "bot", "Condition": {"Operator": "Equals", "Operands": ["True"]}},
  {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["False"]}}]}},
{"Identifier": "bot", "Type": "ConnectParticipantWithLexBot", "Parameters": {"Text": "Hello.",
 "LexV2Bot": {"AliasArn": "arn:aws:lex:eu-west-2:888866667777:bot-alias/BOT/ALIAS"}}, NEXT"fast"}},
{"Identifier": "fast", "Type": "InvokeLambdaFunction", "Parameters": {"InvocationTimeLimitSeconds": "3",
 "LambdaFunctionARN": "arn:aws:lambda:eu-west-2:888866667777:function:fast-one:live"}, NEXT"prompt"}},
{"Identifier": "prompt", "Type": "MessageParticipant", "Parameters": {
 "PromptId": "arn:aws:connect:us-east-1:111122223333:instance/i/prompt/p"}, NEXT"end"}},
{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`

func identities() string {
	text := strings.ReplaceAll(identityFlow, "REAL", realInstance)
	return strings.ReplaceAll(text, `NEXT`, `"Transitions": {"Errors": [{"ErrorType": "NoMatchingError", `+
		`"NextAction": "end"}], "NextAction": `)
}

var defaultOf = regexp.MustCompile(`(?m)^  default +=\s(.*)$`)

var declared = regexp.MustCompile(`(?ms)^variable "(\w+)" \{\n(.*?)^\}$`)

// declaredVariables are the variables of a Terraform export with their defaults, "" for those without one.
func declaredVariables(t *testing.T, stack *deploy.Stack) map[string]string {
	t.Helper()
	dir := exportFolder(t, stack, "terraform")
	defaults := map[string]string{}
	for _, m := range declared.FindAllStringSubmatch(string(readFile(t, dir+"/variables.tf")), -1) {
		defaults[m[1]] = ""
		if value := defaultOf.FindStringSubmatch(m[2]); value != nil && value[1] != "null" {
			defaults[m[1]] = strings.Trim(value[1], "\"")
		}
	}
	return defaults
}

// TestIDsOfAnInstanceAreVariables: what a flow names by IDs and ARNs is a variable that is called after the thing. Its
// default is what the flow has, unless that comes from the documentation.
func TestIDsOfAnInstanceAreVariables(t *testing.T) {
	stack, found := inFolder(t, "name: shop\njobs: {a: {steps: [f]}}\n"+
		"functions: {f: {arn: \"arn:aws:lambda:eu-west-2:888866667777:function:f\"}}\n"+
		"flows: [{file: one.json, managed: true}]\n"+
		"stages: {prod: {instance: \""+realInstance+"\", bots: {main: "+
		"\"arn:aws:lex:eu-west-2:888866667777:bot-alias/BOT/ALIAS\"}}}\n",
		map[string]string{"one.json": identities()})
	if stack == nil {
		t.Fatal(found)
	}
	want := map[string]string{
		"first_line_uk_queue_arn":    realInstance + "/queue/22345678-0000-4000-8000-000000000001",
		"wait_here_flow_arn":         realInstance + "/contact-flow/22345678-0000-4000-8000-000000000002",
		"id_22345678_hours_arn":      "22345678-0000-4000-8000-000000000003",
		"main_bot_arn":               "arn:aws:lex:eu-west-2:888866667777:bot-alias/BOT/ALIAS",
		"fast_one_live_function_arn": "arn:aws:lambda:eu-west-2:888866667777:function:fast-one:live",
		"p_prompt_arn":               "",
	}
	got := declaredVariables(t, stack)
	for name, value := range want {
		if is, ok := got[name]; !ok || is != value {
			t.Errorf("%s is %q, want %q; there are %v", name, is, value, got)
		}
	}
	given := map[string]string{"instance_arn": instanceARN}
	for name := range want {
		given[name] = realARN + name
	}
	for name, content := range exportedFlows(t, stack, given) {
		for variable := range want {
			if !strings.Contains(content, `"`+realARN+variable+`"`) {
				t.Errorf("%s: %s is not filled in:\n%s", name, variable, content)
			}
		}
	}
}

// exportedFlows are the contents of flows and modules that an export creates with Terraform, by name.
func exportedFlows(t *testing.T, stack *deploy.Stack, given map[string]string) map[string]string {
	t.Helper()
	flows := map[string]string{}
	for _, r := range readTerraformExport(t, stack, given) {
		switch r.kind {
		case "aws_connect_contact_flow", "aws_connect_contact_flow_module":
			flows[r.text("name")], _ = r.properties["content"].(string)
		case "AWS::Connect::ContactFlowModule":
			flows[r.text("Name")], _ = r.properties["Content"].(string)
		}
	}
	if len(flows) == 0 {
		t.Error("there is no flow")
	}
	return flows
}

// TestTwoThingsOfOneNameAreRefused: two queues with the same title would be one variable.
func TestTwoThingsOfOneNameAreRefused(t *testing.T) {
	one := flowWith(realInstance+"/queue/22345678-0000-4000-8000-000000000001", "${prompt:music}")
	two := flowWith(realInstance+"/queue/22345678-9999-4000-8000-000000000001", "${prompt:music}")
	stack, found := inFolder(t, placeholderProject, map[string]string{"g": "", "one.json": one, "two.json": two})
	if stack != nil || len(found) != 1 || found[0].Code != deploy.CodeNameClash {
		t.Fatalf("%v", found)
	}
	if want := "${queue:id-22345678-2}"; !strings.Contains(found[0].Remedy, want) {
		t.Errorf("the remedy is %q, without %s", found[0].Remedy, want)
	}
}

// TestTestAliasesOfBots: the alias for tests has one ID in every bot, so the bot is part of the name.
func TestTestAliasesOfBots(t *testing.T) {
	alias := func(bot string) string {
		return strings.Replace(identities(), "bot-alias/BOT/ALIAS", "bot-alias/"+bot+"/TSTALIASID", 1)
	}
	stack, found := inFolder(t, placeholderProject, map[string]string{"g": "", "one.json": alias("FIRST"),
		"two.json": alias("SECOND")})
	if stack == nil {
		t.Fatal(found)
	}
	got := declaredVariables(t, stack)
	for _, name := range []string{"first_tstaliasid_bot_arn", "second_tstaliasid_bot_arn"} {
		if _, ok := got[name]; !ok {
			t.Errorf("there is no %s: %v", name, got)
		}
	}
}

// TestExamplesCanBePublished exports every example, fills in what its README asks for, and reads the flows as the
// service would: nothing is left of an example ARN or a placeholder, and publishing refuses none.
func TestExamplesCanBePublished(t *testing.T) {
	for name, example := range examples(t) {
		p, stack := example.project, example.stack
		given := map[string]string{}
		for variable, value := range declaredVariables(t, stack) {
			if value != "" {
				given[variable] = value
			}
			if strings.HasSuffix(variable, "_arn") {
				given[variable] = realARN + variable
			}
		}
		given["instance_arn"] = realInstance
		managed := 0
		for _, f := range p.Flows {
			if f.Managed {
				managed++
			}
		}
		flows := exportedFlows(t, stack, given)
		if len(flows) != managed || managed != len(p.Flows) {
			t.Errorf("%s: %d flows, %d of them are managed, and %d exported", name, len(p.Flows), managed, len(flows))
		}
		for flow, content := range flows {
			checkPublishable(t, name+": "+flow, content)
		}
	}
}

// checkPublishable reports what the service would refuse in the content of a flow, or could not find.
func checkPublishable(t *testing.T, name, content string) {
	t.Helper()
	f, err := flowlang.Parse(name, []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range f.Actions {
		for _, id := range a.Identities() {
			// What the export itself creates is in the account of these tests.
			made := strings.Contains(id.Node.Text, ":111122223333:") || strings.HasPrefix(id.Node.Text, "arn of aws_")
			if !made && !flowlang.RealID(id.Node.Text) || strings.Contains(id.Node.Text, "${") {
				t.Errorf("%s: %s is %s", name, id.Name, id.Node.Text)
			}
		}
	}
	for _, found := range f.Check() {
		if found.Severity == source.Error {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// TestRecordedFlowsKeepTheirMeaning exports real flows with every variable at its default: the content is the flow's.
func TestRecordedFlowsKeepTheirMeaning(t *testing.T) {
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		stack, found := inFolder(t, "name: shop\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: \"arn:aws:lambda:"+
			"eu-west-2:888866667777:function:f\"}}\nflows: [{file: one.json, managed: true}]\n",
			map[string]string{"one.json": string(text)})
		if stack == nil {
			t.Logf("%s is not exported: %v", filepath.Base(file), found)
			continue
		}
		given := map[string]string{"instance_arn": instanceARN}
		asked := declaredVariables(t, stack)
		delete(asked, "instance_arn")
		maps.DeleteFunc(asked, func(name, value string) bool { return value != "" || !strings.HasSuffix(name, "_arn") })
		for name := range asked {
			given[name] = realARN + name
		}
		for _, content := range exportedFlows(t, stack, given) {
			checkIDsAreKept(t, file, string(text), content)
		}
	}
}

// checkIDsAreKept compares the IDs and ARNs of a flow with those of its export, in which what cannot be right was asked
// for.
func checkIDsAreKept(t *testing.T, file, before, after string) {
	t.Helper()
	was, is := idsOf(t, file, before), idsOf(t, file, after)
	if len(was) != len(is) {
		t.Fatalf("%s: %d IDs became %d", file, len(was), len(is))
	}
	for i := range was {
		asked := !flowlang.RealID(was[i]) && strings.HasPrefix(is[i], realARN)
		if was[i] != is[i] && !asked && !flowlang.FilledIn(was[i]) {
			t.Errorf("%s: %s became %s", file, was[i], is[i])
		}
	}
}

func idsOf(t *testing.T, file, text string) []string {
	t.Helper()
	f, err := flowlang.Parse(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, a := range f.Actions {
		for _, id := range a.Identities() {
			list = append(list, id.Node.Text)
		}
	}
	return list
}
