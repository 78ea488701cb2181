package deploy_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// replicated is the larger project with a stage whose instance has a replica.
func replicated(t *testing.T) *deploy.Stack {
	t.Helper()
	const replica = "    replica: {region: us-west-2, variables: {role_prefix: west-, memory_mb: 256}}\n"
	return describe(t, tableProject+strings.Replace(stagesOfTable, "    name: bank\n", "    name: bank\n"+replica, 1),
		func(d *project.Deploy) { d.Encryption = true })
}

// TestFlowsOfReplicasNameTheirRegion: Connect copies flows into the replica word for word, where an ARN of the other
// Region could not be invoked. Every export writes the reference that Connect resolves when the flow is run; without a
// replica the ARN is that of the function.
func TestFlowsOfReplicasNameTheirRegion(t *testing.T) {
	const anywhere = `"arn:aws:lambda:$.AwsRegion:111122223333:function:bank-async"`
	const here = `"arn:aws:lambda:us-east-1:111122223333:function:bank-async"`
	for want, stack := range map[string]*deploy.Stack{anywhere: replicated(t), here: staged(t)} {
		for _, tool := range deploy.Tools {
			if (tool.Name == "cdk" || tool.Name == "pulumi") && !testrun.IsHeavy() {
				continue
			}
			flows := 0
			for _, r := range readers[tool.Name](t, stack, environments["table"]) {
				if r.kind != "aws_connect_contact_flow" && r.kind != "AWS::Connect::ContactFlow" {
					continue
				}
				flows++
				if content := r.text(documentProperties[r.kind]); !strings.Contains(content, want) {
					t.Errorf("%s: %s is not in\n%s", tool.Name, want, content)
				}
			}
			if flows != 2 {
				t.Errorf("%s: %d flows", tool.Name, flows)
			}
		}
	}
}

// TestReplicasHaveFilesOfStages: the other Region is deployed from a file of its own, with what differs there.
func TestReplicasHaveFilesOfStages(t *testing.T) {
	stack := replicated(t)
	for name, given := range map[string]map[string]string{
		"terraform": tfvarsOf(t, stack, "test-us-west-2"), "cloudformation": parametersOf(t, stack, "test-us-west-2"),
	} {
		value := func(variable string) string {
			if name == "cloudformation" {
				return given[parameterName(variable)]
			}
			return given[variable]
		}
		for variable, want := range map[string]string{"region": "us-west-2", "account": "111122223333", "name": "bank",
			"instance_arn": strings.Replace(instanceARN, "us-east-1", "us-west-2", 1), "role_prefix": "west-",
			"memory_mb": "256", "pay_function_arn": strings.Replace(payARN, "us-east-1", "us-west-2", 1)} {
			if got := value(variable); got != want {
				t.Errorf("%s: %s is %q, want %q", name, variable, got, want)
			}
		}
	}
	if found := stack.CheckStages(); len(found) > 0 && found.HasErrors() {
		t.Error(found)
	}
	dir := exportFolder(t, stack, "pulumi")
	text := string(readFile(t, dir+"/stages/test-us-west-2.json"))
	if !strings.Contains(text, `"region": "us-west-2"`) {
		t.Error(text)
	}
}

// TestFindingsOfReplicas: what is wrong with the values of a replica is reported at their place, and nothing twice.
func TestFindingsOfReplicas(t *testing.T) {
	stack := describe(t, tableProject+"stages:\n  a:\n    instance: "+instanceARN+
		"\n    replica: {region: us-west-2, variables: {memory_mb: 1, role_prefix: west-}}\n", nil)
	lacks, wrong := 0, 0
	for _, f := range stack.CheckStages() {
		switch {
		case f.Code == deploy.CodeStageLacks:
			lacks++
		case strings.Contains(f.Message, "a-us-west-2 cannot have \"1\""):
			wrong++
		default:
			t.Error(f)
		}
	}
	if lacks != 2 || wrong != 1 {
		t.Errorf("%d things are missing and %d are wrong", lacks, wrong)
	}
}

// TestStagesShareNoRoles: the Regions of an account have one list of roles.
func TestStagesShareNoRoles(t *testing.T) {
	const replica = "  a: {instance: " + instanceARN + ", replica: {region: us-west-2, variables: {@}}}\n"
	const there = "  b: {account: '111122223333', region: us-west-2, name: bank-a, variables: {@}}\n"
	const here = "  a: {instance: " + instanceARN + "}\n"
	const prefix = "role_prefix: west-"
	const role = "arn:aws:iam::111122223333:role/r"
	given := func(s *project.Deploy) { s.RoleARN, s.StateMachineRoleARN = role, role }
	for _, test := range []struct {
		stages string
		change func(*project.Deploy)
		want   int
	}{
		{replica, nil, 1}, {strings.Replace(replica, "@", prefix, 1), nil, 0}, {replica, given, 0},
		{here + there, nil, 1}, {here + strings.Replace(there, "@", prefix, 1), nil, 0},
	} {
		stack := describe(t, describeProject+"stages:\n"+strings.Replace(test.stages, "@", "", 1), test.change)
		got := 0
		for _, f := range stack.CheckStages() {
			if strings.Contains(f.Message, "roles of the same names") {
				got++
			}
		}
		if got != test.want {
			t.Errorf("%s: %d findings, want %d: %v", test.stages, got, test.want, stack.CheckStages())
		}
	}
}

// TestReplicasHaveVersionsOfTheirOwn: a stage that keeps a version says which one the other Region keeps.
func TestReplicasHaveVersionsOfTheirOwn(t *testing.T) {
	for replica, want := range map[string]int{"": 1, ", previous_version: 3": 0, `, previous_version: ""`: 0} {
		stack := describe(t, tableProject+"stages:\n  a:\n    instance: "+instanceARN+
			"\n    variables: {previous_version: 7}"+
			"\n    replica: {region: us-west-2, variables: {role_prefix: west-"+replica+"}}\n",
			func(d *project.Deploy) { d.Releases = project.ReleasesAlias })
		got := 0
		for _, f := range stack.CheckStages() {
			if f.Severity == source.Error && strings.Contains(f.Message, "version 7") {
				got++
			}
		}
		if got != want {
			t.Errorf("%q: %d findings, want %d: %v", replica, got, want, stack.CheckStages())
		}
	}
}

// TestReadmesSayThatReplicasHaveTheFlows: whoever follows the README for the other Region would create the flows there,
// which Connect has copied.
func TestReadmesSayThatReplicasHaveTheFlows(t *testing.T) {
	const without = "`--no-flows`"
	for _, tool := range deploy.Tools {
		for want, stack := range map[bool]*deploy.Stack{true: replicated(t), false: staged(t)} {
			dir := exportFolder(t, stack, tool.Name)
			if got := strings.Contains(string(readFile(t, dir+"/README.md")), without); got != want {
				t.Errorf("%s: its README has %s: %v", tool.Name, without, got)
			}
		}
	}
}
