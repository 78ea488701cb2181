package deploy_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// synthesisedResource is a resource as a template has it.
type synthesisedResource struct {
	Type                                string
	DeletionPolicy, UpdateReplacePolicy string
	Properties                          map[string]any
}

// resourcesOf are the resources of a template by their logical IDs, without what the CDK adds of its own.
func resourcesOf(t *testing.T, template []byte) map[string]synthesisedResource {
	t.Helper()
	var doc struct {
		Resources map[string]synthesisedResource
	}
	if err := json.Unmarshal(template, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc.Resources, "CDKMetadata")
	return doc.Resources
}

// TestLogicalIDsStay: CloudFormation replaces a resource whose logical ID changes, and with it the results, the logs
// and the executions. testdata has the IDs that the app of the larger project has had from its first release.
func TestLogicalIDsStay(t *testing.T) {
	var got []string
	template := synthesised(t, stacks(t)["table"], givenAs("packageFile", environments["table"]), "Bank")
	for id, r := range resourcesOf(t, template) {
		got = append(got, r.Type+" "+id)
	}
	slices.Sort(got)
	want := strings.Split(strings.TrimSpace(string(readFile(t, "testdata/logical-ids.txt"))), "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("logical IDs before (-), now (+):\n%s", diff)
	}
}

// TestTheCDKKeepsWhatIsKept synthesises what the project asks to keep: log groups outlive the stack, and the table is
// protected. TestWhatIsKept looks at the program.
func TestTheCDKKeepsWhatIsKept(t *testing.T) {
	testrun.Heavy(t)
	for _, kept := range []bool{true, false} {
		stack := describe(t, tableProject, func(d *project.Deploy) { d.KeepLogs, d.ProtectTable = kept, kept })
		given := givenAs("packageFile", environments["table"])
		logs, tables := 0, 0
		for id, r := range resourcesOf(t, synthesised(t, stack, given, "Bank")) {
			switch r.Type {
			case "AWS::Logs::LogGroup":
				logs++
				if retained := r.DeletionPolicy == "Retain" && r.UpdateReplacePolicy == "Retain"; retained != kept {
					t.Errorf("kept is %v: %s has %q and %q", kept, id, r.DeletionPolicy, r.UpdateReplacePolicy)
				}
			case "AWS::DynamoDB::Table":
				tables++
				protected, left := r.Properties["DeletionProtectionEnabled"] == true, r.DeletionPolicy == "Retain"
				if protected != kept || left != kept {
					t.Errorf("kept is %v: %q, %v", kept, r.DeletionPolicy, r.Properties)
				}
			}
		}
		if logs != 4 || tables != 1 { // of two state machines and two functions
			t.Errorf("%d log groups and %d tables", logs, tables)
		}
	}
}

// TestTheCDKNamesNoPartition: what the app makes of its values names the partition that it is deployed in, and nothing
// else. TestTheCDKInOtherPartitions synthesises it.
func TestTheCDKNamesNoPartition(t *testing.T) {
	for name, given := range partitionCases(t, govCloud) {
		dir := t.TempDir()
		export(t, given.stack, "cdk", dir)
		construct := string(readFile(t, filepath.Join(dir, "lib/connect-async.ts")))
		texts := resourcesInTypeScript.FindAllString(construct, -1)
		documents, err := filepath.Glob(filepath.Join(dir, "state-machines/*.json"))
		if err != nil || len(documents) == 0 || len(texts) < 10 {
			t.Fatalf("%s: %d resources, %d documents (%v)", name, len(texts), len(documents), err)
		}
		for _, file := range documents {
			texts = append(texts, string(readFile(t, file)))
		}
		for _, text := range texts {
			if named := regexp.MustCompile(`arn:aws[a-z-]*:`).FindString(text); named != "" {
				t.Errorf("%s: %s is in\n%s", name, named, text)
			}
		}
	}
}

// resourcesInTypeScript are the statements that make resources.
var resourcesInTypeScript = regexp.MustCompile(`(?ms)^    \S[^\n]*new \w+\.Cfn\w+\(.*?^    \}\);$`)

// TestTheCDKInOtherPartitions synthesises what TestNothingOfAnotherPartitionRemains evaluates of the other tools.
func TestTheCDKInOtherPartitions(t *testing.T) {
	testrun.Heavy(t)
	for _, at := range []site{govCloud, china} {
		for name, given := range partitionCases(t, at) {
			values := inPartition(at, given.values)
			if at == china {
				delete(values, "instance_arn")
			}
			app := map[string]string{"describe": "Bank", "table": "Bank", "late": "Bank", "own": "Shop"}[name]
			resources := readCDKAt(t, given.stack, givenAs("packageFile", values), app, at)
			checkPartition(t, name, at, resources)
		}
	}
	for _, r := range readCDKAt(t, staged(t), `{"stage": "gov"}`, "bank-gov", govCloud) {
		eachText(r.properties, func(text string) {
			if strings.Contains(text, "arn:aws:") || strings.Contains(text, "us-east-1") {
				t.Errorf("the stage in GovCloud: %s has %s", r.kind, text)
			}
		})
	}
}

// TestTheCDKRefusesConnectInChina: there is no Amazon Connect in the partition aws-cn.
func TestTheCDKRefusesConnectInChina(t *testing.T) {
	testrun.Heavy(t)
	dir := t.TempDir()
	export(t, describe(t, describeProject, nil), "cdk", dir)
	compileCDK(t, dir)
	cmd := testrun.Command(t, "node", "bin/app.js")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CDK_CONTEXT_JSON="+givenAs("packageFile", inPartition(china,
		environments["describe"])), "CDK_OUTDIR=out")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "The value of instanceArn is not valid: arn:aws-cn:connect:") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestTheCDKCompilesWhatIsExportedAgain runs the command of cdk.json before and after an export of a changed project:
// what is deployed is never the construct of the export before, with the documents of this one.
func TestTheCDKCompilesWhatIsExportedAgain(t *testing.T) {
	testrun.Heavy(t)
	dir := t.TempDir()
	for i, memory := range []int{128, 512} {
		export(t, describe(t, describeProject, func(d *project.Deploy) { d.MemoryMB = memory }), "cdk", dir)
		if i == 0 {
			linkModules(t, dir)
		}
		var config struct{ App string }
		if err := json.Unmarshal(readFile(t, filepath.Join(dir, "cdk.json")), &config); err != nil {
			t.Fatal(err)
		}
		cmd := testrun.Command(t, "sh", "-c", config.App)
		cmd.Dir = dir
		context := givenAs("nothing", environments["describe"])
		cmd.Env = append(os.Environ(), "CDK_CONTEXT_JSON="+context, "CDK_OUTDIR=out")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", config.App, err, out)
		}
		for id, r := range resourcesOf(t, readFile(t, filepath.Join(dir, "out", "Bank.template.json"))) {
			if r.Type == "AWS::Lambda::Function" && r.Properties["MemorySize"] != float64(memory) {
				t.Errorf("%s has %v MB, and %d were exported", id, r.Properties["MemorySize"], memory)
			}
		}
	}
}

// TestTheConstructOffers looks at the properties, metrics and grants in the program, which
// TestTheConstructInAnAppOfItsUser uses.
func TestTheConstructOffers(t *testing.T) {
	dir := t.TempDir()
	export(t, stacks(t)["table"], "cdk", dir)
	library := string(readFile(t, filepath.Join(dir, "lib/connect-async.ts")))
	for _, want := range []string{
		"readonly instanceArn: string;", "readonly payFunction: lambda.IFunction | string;",
		"readonly balanceFunction?: lambda.IFunction | string;", "readonly kmsKey: kms.IKey | string;",
		"readonly alarmTopic?: sns.ITopic | string;", "readonly permissionsBoundary?: iam.IManagedPolicy | string;",
		"readonly balanceJob: BalanceJob;", "readonly payOutJob: PayOutJob;",
		"class BalanceJob extends Job", "class PayOutJob extends Job",
		"readonly asyncFunction: lambda.IFunction;", "readonly resultsTable: dynamodb.ITable;",
		"grantInvoke(grantee: iam.IGrantable): iam.Grant", "letServicesUse(props.kmsKey, this, name, true);",
	} {
		if !strings.Contains(library, want) {
			t.Errorf("the construct has no %s", want)
		}
	}
	job := string(readFile(t, filepath.Join(dir, "lib/job.ts")))
	for _, name := range async.Metrics {
		if !strings.Contains(job, "  metric"+name+"(options?: cloudwatch.MetricOptions): cloudwatch.Metric {\n") {
			t.Errorf("a job has no metric%s", name)
		}
	}
	acknowledged := string(readFile(t, filepath.Join(dir, "lib/acknowledge.ts")))
	rules, reasons := strings.Count(acknowledged, "rules: ["), strings.Count(acknowledged, "reason:")
	if rules < 10 || rules != reasons-1 { // the interface has no list
		t.Errorf("%d findings are acknowledged with %d reasons", rules, reasons-1)
	}
}

// ownApp is what testdata/node/own-app.js makes of an export in an app of a user's own.
type ownApp struct {
	Reported, All, Acknowledged []string // findings of cdk-nag as RULE PATH
	Calls, People, Platform     json.RawMessage
}

// inOwnApp compiles an export with the stack that its README shows, and synthesises it with constructs as properties.
func inOwnApp(t *testing.T, stack *deploy.Stack, plain map[string]any, constructs map[string]string) ownApp {
	t.Helper()
	dir := t.TempDir()
	export(t, stack, "cdk", dir)
	write(t, dir, "async-function.zip", []byte("a package"))
	_, rest, shown := strings.Cut(string(readFile(t, filepath.Join(dir, "README.md"))), "```ts\n")
	own, _, ends := strings.Cut(rest, "```\n")
	if !shown || !ends {
		t.Fatal("the README shows no app")
	}
	write(t, dir, "lib/own.ts", []byte(own))
	runner, err := filepath.Abs("testdata/node/own-app.js")
	if err != nil {
		t.Fatal(err)
	}
	plain["packageFile"] = filepath.Join(dir, "async-function.zip")
	values, _ := json.Marshal(plain)
	kinds, _ := json.Marshal(constructs)
	if constructs["kmsKey"] == "" {
		compileCDK(t, dir)
	} else { // also the types, once
		node(t, dir, nil, filepath.Join(linkModules(t, dir), "bin", "tsc"), "-p", ".")
	}
	node(t, dir, []string{"JSII_DEPRECATED=fail"}, runner, dir, string(values), string(kinds), "own.json")
	var app ownApp
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "own.json")), &app); err != nil {
		t.Fatal(err)
	}
	return app
}

// TestTheConstructInAnAppOfItsUser synthesises the app with all options and constructs for all properties, and with as
// little as possible.
func TestTheConstructInAnAppOfItsUser(t *testing.T) {
	testrun.Heavy(t)
	plain := func() map[string]any {
		return map[string]any{"instanceArn": instanceARN, "holdMusicPromptArn": musicARN}
	}
	full := inOwnApp(t, stacks(t)["table"], plain(), map[string]string{
		"balanceFunction": "function", "lookUpFunction": "function", "payFunction": "function",
		"receiptFunction": "function", "kmsKey": "key", "alarmTopic": "topic", "permissionsBoundary": "policy"})
	checkConstructs(t, full)
	checkFindings(t, full,
		inOwnApp(t, describe(t, tableProject, nil), plain(), map[string]string{"payFunction": "function"}),
		inOwnApp(t, stacks(t)["describe"], plain(), map[string]string{}),
		inOwnApp(t, stacks(t)["alias"], plain(), map[string]string{}))
}

// checkConstructs checks what the construct takes from the rest of the app, and what it offers to it.
func checkConstructs(t *testing.T, app ownApp) {
	t.Helper()
	imported := regexp.MustCompile(`"Fn::ImportValue":"Platform:ExportsOutput\w*?(balance|lookUp|pay|receipt)Function`)
	ours := resourcesOf(t, app.Calls)
	for id, r := range ours {
		text, _ := json.Marshal(r.Properties)
		functions := len(imported.FindAll(text, -1))
		switch {
		case r.Type == "AWS::IAM::Policy":
			t.Errorf("%s is a policy that the model does not have", id)
		case strings.Contains(id, "BalancePolicy") && functions != 1,
			strings.Contains(id, "PayOutPolicy") && functions != 3:
			t.Errorf("%s allows %d of the app's functions", id, functions)
		case strings.HasPrefix(id, "Failures") && !strings.Contains(string(text), `"Dimensions":[`+
			`{"Name":"deployment","Value":"bank"},{"Name":"job","Value":"balance"}]`):
			t.Errorf("the alarm %s is on %s", id, text)
		}
	}
	for id, r := range resourcesOf(t, app.Platform) {
		if text, _ := json.Marshal(r.Properties); r.Type == "AWS::KMS::Key" {
			checkKey(t, id, string(text))
		}
	}
	granted := ""
	for _, r := range resourcesOf(t, app.People) {
		if r.Type == "AWS::IAM::Policy" {
			text, _ := json.Marshal(r.Properties["PolicyDocument"])
			granted += string(text)
		}
	}
	for _, want := range []string{`"lambda:InvokeFunction"`, `"states:DescribeExecution"`,
		"ConnectAsyncAsyncFunction817D7270", "ConnectAsyncBalanceStateMachine2074D3AE"} {
		if !strings.Contains(granted, want) {
			t.Errorf("the operators may not %s:\n%s", want, granted)
		}
	}
}

// checkKey checks that a key lets in the services that docs/deploying.md names, with the actions that it names.
func checkKey(t *testing.T, id, policy string) {
	t.Helper()
	guide := string(readFile(t, "../../docs/deploying.md"))
	actions := regexp.MustCompile("[`\"]kms:[A-Z]\\w+\\*?[`\"]")
	_, rest, _ := strings.Cut(guide, "the key's policy must let three services use it")
	sentence, _, _ := strings.Cut(rest, ".\n")
	want := actions.FindAllString(strings.ReplaceAll(sentence, "`", `"`), -1)
	if len(want) != 8 {
		t.Fatalf("docs/deploying.md names %q", want)
	}
	_, services, _ := strings.Cut(policy, `"kms:*"`) // of the account, which every key has
	if diff := cmp.Diff(want, actions.FindAllString(services, -1)); diff != "" {
		t.Errorf("the guide (-), the key %s (+):\n%s\n%s", id, diff, policy)
	}
	for _, service := range []string{`"logs."`, `"delivery.logs.amazonaws.com"`, `"events.amazonaws.com"`} {
		if !strings.Contains(services, service) {
			t.Errorf("%s may not use the key %s:\n%s", service, id, policy)
		}
	}
}

// checkFindings checks that what the packs of cdk-nag find is acknowledged, and that nothing else is.
func checkFindings(t *testing.T, apps ...ownApp) {
	t.Helper()
	found, acknowledged := map[string]bool{}, map[string]bool{}
	for _, app := range apps {
		if len(app.Reported) > 0 {
			t.Errorf("cdk-nag finds\n%s", strings.Join(app.Reported, "\n"))
		}
		for _, finding := range app.All {
			found[ruleAndResource(finding)] = true
		}
		for _, finding := range app.Acknowledged {
			acknowledged[ruleAndResource(finding)] = true
		}
	}
	if len(found) < 20 {
		t.Errorf("only %d findings are acknowledged: are there packs?", len(found))
	}
	for finding := range acknowledged {
		if !found[finding] {
			t.Errorf("%s is acknowledged, and cdk-nag does not find it", finding)
		}
	}
}

// ruleAndResource is a finding of cdk-nag with the resource by its last name, by which the kinds can be told apart.
func ruleAndResource(finding string) string {
	rule, path, _ := strings.Cut(finding, " ")
	return rule + " " + path[strings.LastIndex(path, "/")+1:]
}
