package deploy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/deploy"
)

// TestTypesOfTheTypeScript has the compiler check the TypeScript of two projects against the real aws-cdk-lib and
// @pulumi/aws.
func TestTypesOfTheTypeScript(t *testing.T) {
	for _, tool := range []string{"cdk", "pulumi", "cdk alias", "pulumi alias"} {
		t.Run(tool, func(t *testing.T) {
			t.Parallel()
			tool, name, found := strings.Cut(tool, " ")
			if !found {
				name = "table"
			}
			dir := t.TempDir()
			export(t, stacks(t)[name], tool, dir)
			checkTypes(t, dir)
		})
	}
}

// checkTypes has the compiler check the TypeScript in a folder.
func checkTypes(t *testing.T, dir string) {
	t.Helper()
	once(t, "check types", dir, "", func() []byte {
		compiler := linkModules(t, dir)
		return node(t, dir, nil, filepath.Join(compiler, "bin", "tsc"), "-p", ".")
	})
}

// readCDKExport compiles the app, synthesises it with the real aws-cdk-lib and reads the template.
func readCDKExport(t *testing.T, stack *deploy.Stack, given map[string]string) []readResource {
	t.Helper()
	return readCDKWith(t, stack, givenAs("packageFile", given), "Bank")
}

// readCDKWith is readCDKExport with a context, in which the stack has a name.
func readCDKWith(t *testing.T, stack *deploy.Stack, context, name string) []readResource {
	t.Helper()
	return readCDKAt(t, stack, context, name, commercial)
}

// readCDKAt is readCDKWith for a deployment somewhere else.
func readCDKAt(t *testing.T, stack *deploy.Stack, context, name string, at site) []readResource {
	t.Helper()
	return readTemplate(t, withoutBootstrap(t, synthesised(t, stack, context, name)), nil, at)
}

// synthesised is the template that the app makes with the real aws-cdk-lib.
func synthesised(t *testing.T, stack *deploy.Stack, context, name string) []byte {
	t.Helper()
	dir := t.TempDir()
	export(t, stack, "cdk", dir)
	write(t, dir, "async-function.zip", []byte("a package"))
	return once(t, "synthesise", dir, context, func() []byte {
		compileCDK(t, dir)
		node(t, dir, []string{"CDK_CONTEXT_JSON=" + context, "CDK_OUTDIR=out"}, "bin/app.js")
		return readFile(t, filepath.Join(dir, "out", name+".template.json"))
	})
}

// compileCDK compiles the construct and the app of an export.
func compileCDK(t *testing.T, dir string) {
	t.Helper()
	var files []string
	for _, pattern := range []string{"lib/*.ts", "bin/*.ts"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, found...)
	}
	compile(t, dir, files...)
}

// givenAs are the values of an environment as JSON, with the package under a name.
func givenAs(packageName string, given map[string]string) string {
	values := map[string]string{packageName: "async-function.zip"}
	for name, v := range given {
		values[camelCase(name)] = v
	}
	text, _ := json.Marshal(values)
	return string(text)
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// withoutBootstrap drops the rule with which every CDK app checks that the account is bootstrapped, and its parameter.
func withoutBootstrap(t *testing.T, text []byte) []byte {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc["Parameters"].(map[string]any), "BootstrapVersion")
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// readPulumiExport compiles the program, runs it with the real SDK under mocks and reads what it registered.
func readPulumiExport(t *testing.T, stack *deploy.Stack, given map[string]string) []readResource {
	t.Helper()
	return readPulumiAt(t, stack, given, commercial)
}

func readPulumiAt(t *testing.T, stack *deploy.Stack, given map[string]string, at site) []readResource {
	t.Helper()
	return readPulumiWith(t, stack, givenAs("packageFile", given), at)
}

// readPulumiWith is readPulumiAt with a configuration.
func readPulumiWith(t *testing.T, stack *deploy.Stack, config string, at site) []readResource {
	t.Helper()
	var list []readResource
	for _, r := range registered(t, stack, config, at) {
		if !r.Custom {
			continue // a component
		}
		kind, ok := pulumiTypes[r.Type]
		if !ok {
			t.Fatalf("the program registers a %s, which nobody asked for", r.Type)
		}
		for from, to := range kind.renamed {
			r.Inputs[to] = r.Inputs[from]
		}
		list = append(list, readResource{kind: kind.terraform, properties: r.Inputs}.created())
	}
	return list
}

// registeredResource is a resource that a program registered with Pulumi.
type registeredResource struct {
	Type, Name string
	Parent     string   // its URN
	Before     []string // types and names that it had before, as URNs end
	Custom     bool     // else it is a component
	Inputs     map[string]any
}

// registered runs the program of an export with a configuration.
func registered(t *testing.T, stack *deploy.Stack, config string, at site) []registeredResource {
	t.Helper()
	dir := t.TempDir()
	export(t, stack, "pulumi", dir)
	return runPulumi(t, dir, config, at)
}

// runPulumi compiles and runs the program in a folder.
func runPulumi(t *testing.T, dir, config string, at site) []registeredResource {
	t.Helper()
	runner, err := filepath.Abs("testdata/node/run-pulumi.js")
	if err != nil {
		t.Fatal(err)
	}
	out := once(t, "register", dir, fmt.Sprint(config, at), func() []byte {
		compile(t, dir, "index.ts", "connect-async.ts")
		node(t, dir, nil, runner, filepath.Join(dir, "index.js"), config, at.partition, at.region, "registered.json")
		return readFile(t, filepath.Join(dir, "registered.json"))
	})
	var list []registeredResource
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return list
}

// pulumiTypes are the types of @pulumi/aws, those of the Terraform provider that they stand for, and the names that
// differ.
var pulumiTypes = map[string]struct {
	terraform string
	renamed   map[string]string
}{
	"aws:cloudwatch/logGroup:LogGroup": {"aws_cloudwatch_log_group", nil},
	"aws:dynamodb/table:Table": {"aws_dynamodb_table",
		map[string]string{"attributes": "attribute", "globalSecondaryIndexes": "global_secondary_index"}},
	"aws:iam/role:Role":                 {"aws_iam_role", nil},
	"aws:iam/rolePolicy:RolePolicy":     {"aws_iam_role_policy", nil},
	"aws:sfn/stateMachine:StateMachine": {"aws_sfn_state_machine", nil},
	"aws:lambda/function:Function": {"aws_lambda_function",
		map[string]string{"name": "function_name"}},
	"aws:lambda/alias:Alias": {"aws_lambda_alias", nil},
	"aws:lambda/permission:Permission": {"aws_lambda_permission",
		map[string]string{"function": "function_name"}},
	"aws:connect/lambdaFunctionAssociation:LambdaFunctionAssociation": {"aws_connect_lambda_function_association", nil},
	"aws:connect/contactFlow:ContactFlow":                             {"aws_connect_contact_flow", nil},
	"aws:connect/contactFlowModule:ContactFlowModule":                 {"aws_connect_contact_flow_module", nil},
	"aws:cloudcontrol/resource:Resource":                              {cloudControl, nil},
	"aws:cloudwatch/metricAlarm:MetricAlarm": {"aws_cloudwatch_metric_alarm",
		map[string]string{"name": "alarm_name"}},
	"aws:cloudwatch/dashboard:Dashboard":                             {"aws_cloudwatch_dashboard", nil},
	"aws:cloudwatch/eventRule:EventRule":                             {"aws_cloudwatch_event_rule", nil},
	"aws:cloudwatch/eventTarget:EventTarget":                         {"aws_cloudwatch_event_target", nil},
	"aws:sqs/queue:Queue":                                            {"aws_sqs_queue", nil},
	"aws:sqs/queuePolicy:QueuePolicy":                                {"aws_sqs_queue_policy", nil},
	"aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {"aws_lambda_function_event_invoke_config", nil},
	"aws:lambda/eventSourceMapping:EventSourceMapping":               {"aws_lambda_event_source_mapping", nil},

	"aws:cloudwatch/queryDefinition:QueryDefinition": {"aws_cloudwatch_query_definition", nil},
}

// TestCloudFormationIsOfTheSchema checks that the template and the app have the same properties, to the last key. The
// app's are those of the published schemas: aws-cdk-lib's first level is made from them, and the compiler refuses any
// other (TestTypesOfTheTypeScript).
func TestCloudFormationIsOfTheSchema(t *testing.T) {
	stack := stacks(t)["table"]
	template := propertiesByKind(readCloudFormationExport(t, stack, environments["table"]))
	app := propertiesByKind(readCDKExport(t, stack, environments["table"]))
	if diff := cmp.Diff(app, template); diff != "" {
		t.Errorf("the app (-) differs from the template (+):\n%s", diff)
	}
}

// propertiesByKind are all properties as sorted JSON texts, but for where the package lies.
func propertiesByKind(resources []readResource) map[string][]string {
	out := map[string][]string{}
	for _, r := range resources {
		delete(r.properties, "Code")
		text, _ := json.Marshal(asTexts(r.properties))
		out[r.kind] = append(out[r.kind], string(text))
		slices.Sort(out[r.kind])
	}
	return out
}

// asTexts writes numbers as texts, which CloudFormation takes for them, and documents without their layout.
func asTexts(v any) any {
	switch v := parsed(v).(type) {
	case map[string]any:
		out := map[string]any{}
		for key, item := range v {
			out[key] = asTexts(item)
		}
		return out
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, asTexts(item))
		}
		return out
	case nil:
		return nil
	default:
		return fmt.Sprint(v)
	}
}
