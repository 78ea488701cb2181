package deploy_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/deploy"
)

// stackAnswer is what CloudFormation tells of stacks and of their resources.
type stackAnswer struct {
	Status    string                                    `xml:"DescribeStacksResult>Stacks>member>StackStatus"`
	Outputs   []struct{ OutputKey, OutputValue string } `xml:"DescribeStacksResult>Stacks>member>Outputs>member"`
	Resources []struct{ ResourceType string }           `xml:"ListStackResourcesResult>StackResourceSummaries>member"`
}

func (m moto) stacks(t *testing.T, action, stage string, more url.Values) stackAnswer {
	t.Helper()
	form := url.Values{"Action": {action}, "Version": {"2010-05-15"}, "StackName": {"bank-" + stage}}
	maps.Copy(form, more)
	var answer stackAnswer
	if err := xml.Unmarshal([]byte(m.query(t, "cloudformation", form.Encode())), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// createsStack creates or updates the stack of a stage as the README says: template and package are in a bucket, and
// the parameters are those of the stage's file.
func (m moto) createsStack(t *testing.T, stack *deploy.Stack, action, stage string) {
	t.Helper()
	dir := t.TempDir()
	export(t, stack, "cloudformation", dir)
	m.send(t, "s3", http.MethodPut, "/code", "", "", "")
	template := string(readFile(t, filepath.Join(dir, "template.yaml")))
	m.send(t, "s3", http.MethodPut, "/code/template.yaml", "", "", template)
	m.send(t, "s3", http.MethodPut, "/code/package.zip", "", "", string(smallPackage(t)))
	var parameters []struct{ ParameterKey, ParameterValue string }
	file := filepath.Join(dir, "stages", stage+".parameters.json")
	if err := json.Unmarshal(readFile(t, file), &parameters); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"TemplateURL": {"https://code.s3.amazonaws.com/template.yaml"},
		"Capabilities.member.1": {"CAPABILITY_NAMED_IAM"}}
	filled := map[string]string{"CODE_BUCKET": "code", "CODE_KEY": "package.zip"}
	for i, p := range parameters {
		if value, ok := filled[p.ParameterValue]; ok {
			p.ParameterValue = value
		}
		name := "Parameters.member." + strconv.Itoa(i+1)
		form.Set(name+".ParameterKey", p.ParameterKey)
		form.Set(name+".ParameterValue", p.ParameterValue)
	}
	m.stacks(t, action, stage, form)
}

// TestCloudFormationDeploysTwoStages creates a project that needs everything there is twice in one account, updates one
// of the stacks with another export, and deletes both.
func TestCloudFormationDeploysTwoStages(t *testing.T) {
	account := moto(startMoto(t))
	stages := []string{"dev", "prod"}
	for _, stage := range stages {
		account.createsStack(t, twoStages(t), "CreateStack", stage)
	}
	listed := account.lists(t)
	delete(listed, "alarms") // which the emulator creates through their own API only
	for what, listed := range listed {
		for _, stage := range stages {
			if !strings.Contains(listed, "bank-"+stage) {
				t.Errorf("%s: bank-%s is not among %s", what, stage, listed)
			}
		}
	}
	for _, stage := range stages {
		account.isComplete(t, twoStages(t), stage)
	}
	other := strings.Replace(tableProject, "pay-out:", "refund:", 1)
	other = strings.Replace(other, "timeout: 2m", "timeout: 3m", 1)
	account.createsStack(t, inTwoStages(t, other), "UpdateStack", "dev")
	account.isComplete(t, inTwoStages(t, other), "dev")
	account.isComplete(t, twoStages(t), "prod")
	for _, stage := range stages {
		account.stacks(t, "DeleteStack", stage, nil)
		for what, listed := range account.lists(t) {
			if strings.Contains(listed, "bank-"+stage) {
				t.Errorf("%s: deleting %s leaves %s", what, stage, listed)
			}
		}
	}
}

// isComplete checks the stack of a stage: all resources of each type that the emulator knows are there, and state
// machines and functions are what our reader of templates makes of the template.
func (m moto) isComplete(t *testing.T, stack *deploy.Stack, stage string) {
	t.Helper()
	got := m.stacks(t, "DescribeStacks", stage, nil)
	if !strings.HasSuffix(got.Status, "_COMPLETE") || len(got.Outputs) < 4 { // a function, two machines, the table
		t.Errorf("%s: %+v", stage, got)
	}
	made, wanted := map[string]int{}, map[string]int{}
	for _, r := range m.stacks(t, "ListStackResources", stage, nil).Resources {
		made[r.ResourceType]++
	}
	for _, r := range stageReaders["cloudformation"](t, stack, stage, commercial) {
		wanted[r.kind]++
		switch r.kind {
		case "AWS::StepFunctions::StateMachine":
			arn := commercial.arn("states", "stateMachine:"+r.text("StateMachineName"))
			same(t, "definition", r.text("DefinitionString"), asObject(t, m.call(t, "states",
				"AWSStepFunctions.DescribeStateMachine", `{"stateMachineArn":"`+arn+`"}`))["definition"])
		case "AWS::Lambda::Function":
			path := "/2015-03-31/functions/" + r.text("FunctionName") + "/configuration"
			text := m.send(t, "lambda", http.MethodGet, path, "application/json", "", "")
			for _, property := range []string{"Environment", "MemorySize", "Timeout", "Runtime", "Handler"} {
				same(t, property, r.properties[property], asObject(t, text)[property])
			}
		}
	}
	var unknown []string
	for kind, n := range wanted {
		if made[kind] == 0 {
			unknown = append(unknown, kind)
		} else if made[kind] != n {
			t.Errorf("%s: %d of %d %s", stage, made[kind], n, kind)
		}
	}
	slices.Sort(unknown)
	t.Logf("%s: the emulator does not create %s", stage, strings.Join(unknown, ", "))
	for _, kind := range []string{"AWS::Lambda::Function", "AWS::StepFunctions::StateMachine", "AWS::IAM::Role"} {
		if slices.Contains(unknown, kind) {
			t.Errorf("%s: there is no %s", stage, kind)
		}
	}
}

// same compares two values, or two texts, as JSON. The emulator refers to a parameter of the type Number by a number,
// CloudFormation by text.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(numbersAsText(asJSON(t, want)), numbersAsText(asJSON(t, got))); diff != "" {
		t.Errorf("%s: in the template (-), created (+):\n%s", what, diff)
	}
}

func numbersAsText(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			out[key] = numbersAsText(value)
		}
		return out
	case []any:
		out := []any{}
		for _, value := range v {
			out = append(out, numbersAsText(value))
		}
		return out
	case float64:
		return fmt.Sprint(v)
	}
	return v
}

// asJSON is a value, or what a text in JSON holds.
func asJSON(t *testing.T, v any) any {
	t.Helper()
	text, ok := v.(string)
	if !ok {
		encoded, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		text = string(encoded)
	}
	var out any
	if json.Unmarshal([]byte(text), &out) != nil {
		return text
	}
	return out
}

func asObject(t *testing.T, text string) map[string]any {
	t.Helper()
	object, ok := asJSON(t, text).(map[string]any)
	if !ok {
		t.Fatal(text)
	}
	return object
}
