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
				if protected := r.Properties["DeletionProtectionEnabled"] == true; protected != kept {
					t.Errorf("kept is %v: %v", kept, r.Properties)
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
			app := map[string]string{"describe": "Bank", "table": "Bank", "own": "Shop"}[name]
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
