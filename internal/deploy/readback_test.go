package deploy_test

import (
	"encoding/json"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

const (
	instanceARN = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"
	musicARN    = instanceARN + "/prompt/99999999-2222-3333-4444-555555555555"
	keyARN      = "arn:aws:kms:us-east-1:111122223333:key/k"
	topicARN    = "arn:aws:sns:us-east-1:111122223333:alarms"
	boundaryARN = "arn:aws:iam::111122223333:policy/boundary"
	lambdaARN   = "arn:aws:lambda:us-east-1:111122223333:function:"
	payARN      = lambdaARN + "pay"
	// newestVersion is the version that every deployment of these tests publishes.
	newestVersion = "8"

	lateFlowARN  = instanceARN + "/contact-flow/88888888-2222-3333-4444-555555555555"
	lateQueueARN = "arn:aws:sqs:us-east-1:111122223333:late"
	lateBusARN   = "arn:aws:events:us-east-1:111122223333:event-bus/late"
)

// environments are what is given at the deployment of each project of these tests.
var environments = map[string]map[string]string{
	"describe": {"instance_arn": instanceARN, "hold_music_prompt_arn": musicARN},
	"table": {"instance_arn": instanceARN, "hold_music_prompt_arn": musicARN, "pay_function_arn": payARN,
		"kms_key_arn": keyARN, "alarm_topic_arn": topicARN,
		"permissions_boundary_arn": boundaryARN, "reserved_concurrency": "50",
		"ends_reserved_concurrency": "20"},
	"alias": {"instance_arn": instanceARN, "hold_music_prompt_arn": musicARN, "previous_version": "7",
		"new_version_weight": "0.1"},
	"late": {"instance_arn": instanceARN},
}

func stacks(t *testing.T) map[string]*deploy.Stack {
	t.Helper()
	return stacksOf(func(text string, change func(*project.Deploy)) *deploy.Stack { return describe(t, text, change) })
}

func stacksOf(describe func(text string, change func(*project.Deploy)) *deploy.Stack) map[string]*deploy.Stack {
	return map[string]*deploy.Stack{
		"describe": describe(describeProject, nil),
		"table": describe(tableProject, func(s *project.Deploy) {
			s.Encryption, s.RolePath, s.RolePrefix, s.Input = true, "/voice/", "team-", "minimal"
			s.ExecutionName, s.FIPS, s.Tracing = "uuid", true, true
			s.Tags = oddTags
		}),
		"alias": describe(describeProject, func(s *project.Deploy) { s.Releases = project.ReleasesAlias }),
		"late":  describe(lateProject, nil),
	}
}

// readers read the export of each tool back.
var readers = map[string]func(t *testing.T, stack *deploy.Stack, given map[string]string) []readResource{
	"terraform":      readTerraformExport,
	"cloudformation": readCloudFormationExport,
	"cdk":            readCDKExport,
	"pulumi":         readPulumiExport,
}

// TestExportsAreWhatIsRequired reads every export back and compares it with the lists in testdata/required, and the
// documents in it against each other.
func TestExportsAreWhatIsRequired(t *testing.T) {
	for name, stack := range stacks(t) {
		documents := readTerraformFacts(t, stack, name).documents
		for _, tool := range deploy.Tools {
			t.Run(name+"/"+tool.Name, func(t *testing.T) {
				t.Parallel()
				read := readers[tool.Name]
				if read == nil {
					t.Fatal("nothing reads its export back")
				}
				got := factsOf(t, read(t, stack, environments[name]))
				if diff := cmp.Diff(required(t, name), instanceIDs(got.sentences)); diff != "" {
					t.Errorf("required (-), exported (+):\n%s", diff)
				}
				if diff := cmp.Diff(documents, got.documents); diff != "" {
					t.Errorf("the documents differ from Terraform's:\n%s", diff)
				}
			})
		}
	}
}

// required reads what a project needs in AWS, written by hand: every resource with what matters of it, and every action
// that a role may perform on every resource.
func required(t *testing.T, name string) []string {
	t.Helper()
	list := strings.Split(strings.TrimSpace(string(readFile(t, "testdata/required/"+name+".txt"))), "\n")
	slices.Sort(list)
	return list
}

func readTerraformFacts(t *testing.T, stack *deploy.Stack, name string) facts {
	t.Helper()
	return factsOf(t, readTerraformExport(t, stack, environments[name]))
}

// instanceIDs writes the instance by its id alone where it is by itself, as the Terraform provider does.
func instanceIDs(sentences []string) []string {
	id := instanceARN[strings.LastIndex(instanceARN, "/")+1:]
	for i, s := range sentences {
		s = strings.Replace(s, "instance "+instanceARN, "instance "+id, 1)
		sentences[i] = strings.Replace(s, " in "+instanceARN, " in "+id, 1)
	}
	slices.Sort(sentences)
	return sentences
}

func readTerraformExport(t *testing.T, stack *deploy.Stack, given map[string]string) []readResource {
	return readTerraformAt(t, stack, given, commercial)
}

func readTerraformAt(t *testing.T, stack *deploy.Stack, given map[string]string, at site) []readResource {
	dir := exportFolder(t, stack, "terraform")
	all := map[string]string{"package": "async-function.zip"}
	for k, v := range given {
		all[k] = v
	}
	var list []readResource
	for _, r := range readTerraform(t, dir+"/module", all, at) {
		out := readResource{kind: r.kind, properties: map[string]any{}}
		for key, v := range r.values {
			text, err := ctyjson.Marshal(v, v.Type())
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if err := json.Unmarshal(text, &value); err != nil {
				t.Fatal(err)
			}
			out.properties[key] = value
		}
		for key, blocks := range r.blocks {
			var items []any
			for _, b := range blocks {
				item := map[string]any{}
				for k, v := range b {
					text, _ := ctyjson.Marshal(v, v.Type())
					var value any
					_ = json.Unmarshal(text, &value)
					item[k] = value
				}
				items = append(items, item)
			}
			out.properties[key] = items
		}
		list = append(list, out.created())
	}
	return list
}

// cloudControl creates a resource of CloudFormation.
const cloudControl = "aws_cloudcontrolapi_resource"

// created is what a resource of Cloud Control creates, and any other resource as it is.
func (r readResource) created() readResource {
	if r.kind != cloudControl {
		return r
	}
	state, _ := parsed(r.value("desired_state")).(map[string]any)
	return readResource{kind: r.text("type_name"), properties: state}
}

// TestTerraformRootPassesEverything checks that the root gives the module each of its variables.
func TestTerraformRootPassesEverything(t *testing.T) {
	for name, stack := range stacks(t) {
		dir := exportFolder(t, stack, "terraform")
		variables := terraformFile(t, dir+"/module/variables.tf").Blocks
		for _, b := range terraformFile(t, dir+"/main.tf").Blocks {
			if b.Type == "module" && len(b.Body.Attributes) != len(variables)+1 { // and source
				t.Errorf("%s: the root passes %d of %d variables", name, len(b.Body.Attributes)-1, len(variables))
			}
		}
	}
}

// TestTerraformIsFormatted asks Terraform itself, where it is installed.
func TestTerraformIsFormatted(t *testing.T) {
	program, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not installed")
	}
	for name, stack := range stacks(t) {
		dir := exportFolder(t, stack, "terraform")
		if out, err := testrun.Command(t, program, "fmt", "-check", "-diff", "-recursive",
			dir).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// TestExportsTwiceAreTheSame checks that the same project gives the same bytes.
func TestExportsTwiceAreTheSame(t *testing.T) {
	first, second := stacks(t), stacksOf(func(text string, change func(*project.Deploy)) *deploy.Stack {
		again, _ := tryDescribe(t, text, change)
		return again
	})
	for name := range first {
		for _, tool := range deploy.Tools {
			a, errA := deploy.Export(first[name], tool)
			b, errB := deploy.Export(second[name], tool)
			if errA != nil || errB != nil || !reflect.DeepEqual(a, b) {
				t.Errorf("%s, %s: two exports differ (%v, %v)", name, tool.Name, errA, errB)
			}
		}
	}
}

// TestToolsAreDocumented checks that docs/deploying.md shows each tool, and the README of the project names it.
func TestToolsAreDocumented(t *testing.T) {
	readme, guide := string(readFile(t, "../../README.md")), string(readFile(t, "../../docs/deploying.md"))
	for _, tool := range deploy.Tools {
		if !strings.Contains(guide, "connect-async export "+tool.Name+"\n") ||
			!strings.Contains(guide, "```sh "+tool.Name+"\n") {
			t.Errorf("docs/deploying.md does not show the export and the commands of %s", tool.Name)
		}
		for _, name := range strings.Split(strings.TrimPrefix(tool.Serves, "the AWS "), " and ") {
			if !strings.Contains(readme, name) || !strings.Contains(guide, name) {
				t.Errorf("README.md or docs/deploying.md does not name %s", name)
			}
		}
	}
}
