package deploy_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/testrun"
)

// inPartition are the values of an environment for a deployment somewhere else.
func inPartition(at site, given map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range given {
		value = strings.ReplaceAll(value, "arn:"+commercial.partition+":", "arn:"+at.partition+":")
		out[name] = strings.ReplaceAll(value, commercial.region, at.region)
	}
	return out
}

// eachText calls visit with each text in a value, also within documents.
func eachText(value any, visit func(text string)) {
	switch value := value.(type) {
	case string:
		visit(value)
	case []any:
		for _, item := range value {
			eachText(item, visit)
		}
	case map[string]any:
		for _, item := range value {
			eachText(item, visit)
		}
	}
}

// TestNothingOfAnotherPartitionRemains evaluates the exports in each partition, with a state machine of the user's own
// that uses a service integration. Every ARN is one of the partition; China has everything but Amazon Connect.
func TestNothingOfAnotherPartitionRemains(t *testing.T) {
	sites := []site{govCloud, china}
	if testrun.IsHeavy() {
		sites = append(sites, commercial)
	}
	for _, at := range sites {
		for name, given := range partitionCases(t, at) {
			given.values = inPartition(at, given.values)
			resources := append(readTerraformAt(t, given.stack, given.values, at),
				readCloudFormationAt(t, given.stack, given.values, at)...)
			if name == "table" || testrun.IsHeavy() {
				resources = append(resources, readPulumiAt(t, given.stack, given.values, at)...)
			}
			checkPartition(t, name, at, resources)
		}
	}
}

var elsewhere = regexp.MustCompile(`arn:(aws[a-z-]*):|\bamazonaws\.com\.cn\b`)

// checkPartition checks that every ARN of what is created is one of the partition.
func checkPartition(t *testing.T, name string, at site, resources []readResource) {
	t.Helper()
	arns := 0
	for _, r := range resources {
		eachText(r.properties, func(text string) {
			for _, m := range elsewhere.FindAllStringSubmatch(text, -1) {
				arns++
				if m[1] != at.partition {
					t.Errorf("%s in %s: %s has %s in\n%s", name, at.region, r.kind, m[0], text)
				}
			}
		})
		if at == china && strings.Contains(strings.ToLower(r.kind), "connect") {
			t.Errorf("%s: %s in China", name, r.kind)
		}
	}
	if arns < 10 {
		t.Errorf("%s in %s: %d ARNs", name, at.region, arns)
	}
}

type partitionCase struct {
	stack  *deploy.Stack
	values map[string]string
}

// partitionCases are the stacks of these tests, as a project file of that partition describes them.
func partitionCases(t *testing.T, at site) map[string]partitionCase {
	t.Helper()
	change := func(d *project.Deploy) { d.Connect = at != china }
	moved := func(text string) string {
		text = strings.ReplaceAll(text, "arn:aws:", "arn:"+at.partition+":")
		return strings.ReplaceAll(text, commercial.region, at.region)
	}
	all := func(d *project.Deploy) {
		d.Encryption, d.Tracing, d.FIPS = true, true, true
		change(d)
	}
	const own = `{"StartAt": "a", "States": {
"a": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "Next": "b",
 "Parameters": {"FunctionName": "arn:aws:lambda:us-east-1:888866667777:function:own", "Payload.$": "$"}},
"b": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {}, "End": true}}}`
	role := "arn:" + at.partition + ":iam::888866667777:role/r"
	text := fmt.Sprintf("name: shop\njobs: {a: {definition: own.json}}\n"+
		"deploy: {connect: %v, state_machine_role_arn: %q}\n", at != china, role)
	stack, found := inFolder(t, text, map[string]string{"own.json": moved(own)})
	if stack == nil {
		t.Fatal(found)
	}
	return map[string]partitionCase{
		"describe": {describe(t, moved(describeProject), change), environments["describe"]},
		"table":    {describe(t, moved(tableProject), all), environments["table"]},
		"own":      {stack, map[string]string{"instance_arn": instanceARN}},
	}
}

// TestIntegrationsAreOfThePartition: definitions name service integrations by the partition that they are deployed in,
// however their author wrote them.
func TestIntegrationsAreOfThePartition(t *testing.T) {
	for _, written := range []string{"aws", "aws-us-gov"} {
		own := `{"StartAt": "a", "States": {"a": {"Type": "Task", "End": true, "Resource": "arn:` + written +
			`:states:::sns:publish", "Parameters": {"Message": "arn:aws:states::: is said"}}}}`
		stack, found := inFolder(t, "name: shop\njobs: {a: {definition: own.json}}\n"+
			"deploy: {state_machine_role_arn: \"arn:aws:iam::888866667777:role/r\"}\n",
			map[string]string{"own.json": own})
		if stack == nil {
			t.Fatal(found)
		}
		for _, r := range readTerraformAt(t, stack, map[string]string{"instance_arn": instanceARN}, govCloud) {
			definition, _ := r.properties["definition"].(string)
			right := strings.Contains(definition, `"arn:aws-us-gov:states:::sns:publish"`) &&
				strings.Contains(definition, "arn:aws:states::: is said")
			if r.kind == "aws_sfn_state_machine" && !right {
				t.Errorf("written as %s:\n%s", written, definition)
			}
		}
	}
}

// TestFunctionOfTwoTasksIsReplacedOnce: a program in TypeScript may not name a key of an object twice.
func TestFunctionOfTwoTasksIsReplacedOnce(t *testing.T) {
	const task = `{"Type": "Task", "Resource": "arn:aws:lambda:eu-west-2:888866667777:function:f", `
	stack, found := inFolder(t, "name: shop\njobs: {a: {definition: own.json}}\n", map[string]string{
		"own.json": `{"StartAt": "a", "States": {"a": ` + task + `"Next": "b"}, "b": ` + task + `"End": true}}}`})
	if stack == nil {
		t.Fatal(found)
	}
	dir := t.TempDir()
	export(t, stack, "cdk", dir)
	const key = "\"${var.f_function_arn}\": "
	if n := strings.Count(string(readFile(t, dir+"/lib/connect-async.ts")), key); n != 1 {
		t.Errorf("%s is written %d times", key, n)
	}
}

// TestDeploymentsOfOneAccountShareNothing evaluates an export under two names: no name of a resource, no dimension of a
// metric and no widget is the same.
func TestDeploymentsOfOneAccountShareNothing(t *testing.T) {
	for name, stack := range stacks(t) {
		seen := map[string]bool{}
		for i, as := range []string{"voice-test", "voice-prod"} {
			given := map[string]string{"name": as}
			for key, value := range environments[name] {
				given[key] = value
			}
			for _, r := range readTerraformExport(t, stack, given) {
				for _, key := range ownNames(r) {
					if i == 0 {
						seen[key] = true
					} else if seen[key] {
						t.Errorf("%s: both have %s", name, key)
					}
				}
			}
		}
		if len(seen) < 10 {
			t.Errorf("%s: %d names", name, len(seen))
		}
	}
}

// ownNames are what a resource is called, and what it says of metrics that belong to one deployment.
func ownNames(r readResource) []string {
	var list []string
	for _, key := range []string{"name", "function_name", "alarm_name", "dashboard_name"} {
		name, ok := r.properties[key].(string)
		inAnother := r.kind == "aws_iam_role_policy" || r.kind == "aws_lambda_alias"
		if ok && !inAnother && !strings.HasPrefix(name, "arn:") {
			list = append(list, r.kind+" "+key+" "+name)
		}
	}
	dimensions, ok := r.properties["dimensions"].(map[string]any)
	if ok && r.properties["namespace"] == "connect-async" {
		list = append(list, fmt.Sprint("metric ", r.properties["metric_name"], dimensions))
	}
	if body, ok := r.properties["dashboard_body"].(string); ok {
		list = append(list, "dashboard "+body)
	}
	return list
}
