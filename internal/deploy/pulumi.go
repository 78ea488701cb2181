package deploy

import (
	"fmt"
	"strings"
)

// pulumiTemplates are the templates of files that say nothing of the resources.
var pulumiTemplates = map[string]string{
	"package.json": "package.pulumi.json", "tsconfig.json": "tsconfig.json", "Pulumi.yaml": "Pulumi.yaml",
}

// exportPulumi writes a program whose values come from the stack's configuration.
func exportPulumi(s *Stack) ([]File, error) {
	resources := s.terraform()
	files := []File{{Name: "index.ts", Content: []byte(pulumiProgram(s, resources))}}
	return s.program(files, pulumiTemplates, resources)
}

// pulumiClasses are the classes of @pulumi/aws by the type of the Terraform provider.
var pulumiClasses = map[string]string{
	"aws_cloudwatch_log_group":                "cloudwatch.LogGroup",
	"aws_dynamodb_table":                      "dynamodb.Table",
	"aws_iam_role":                            "iam.Role",
	"aws_iam_role_policy":                     "iam.RolePolicy",
	"aws_sfn_state_machine":                   "sfn.StateMachine",
	"aws_lambda_function":                     "lambda.Function",
	"aws_lambda_permission":                   "lambda.Permission",
	"aws_connect_lambda_function_association": "connect.LambdaFunctionAssociation",
	"aws_connect_contact_flow":                "connect.ContactFlow",
	"aws_connect_contact_flow_module":         "connect.ContactFlowModule",
	"aws_cloudcontrolapi_resource":            "cloudcontrol.Resource",
	"aws_cloudwatch_metric_alarm":             "cloudwatch.MetricAlarm",
	"aws_cloudwatch_dashboard":                "cloudwatch.Dashboard",
	"aws_cloudwatch_query_definition":         "cloudwatch.QueryDefinition",
	"aws_cloudwatch_event_rule":               "cloudwatch.EventRule",
	"aws_cloudwatch_event_target":             "cloudwatch.EventTarget",
	"aws_lambda_function_event_invoke_config": "lambda.FunctionEventInvokeConfig",
	"aws_sqs_queue":                           "sqs.Queue",
	"aws_sqs_queue_policy":                    "sqs.QueuePolicy",
}

// pulumiNames are the properties that Pulumi calls otherwise, by type; "" for what it does itself.
var pulumiNames = map[string]map[string]string{
	"aws_lambda_function": {"function_name": "name", "filename": "code", "source_code_hash": "",
		"memory_size": "memorySize"},
	"aws_lambda_permission":       {"function_name": "function"},
	"aws_sfn_state_machine":       {"timeouts": ""},
	"aws_dynamodb_table":          {"attribute": "attributes"},
	"aws_cloudwatch_metric_alarm": {"alarm_name": "name"},
}

func pulumiProgram(s *Stack, resources []resource) string {
	var b strings.Builder
	b.WriteString(`import * as fs from "fs";
import * as path from "path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

`)
	b.WriteString(pulumiConfiguration)
	for _, v := range append([]variable{programPackage}, s.variables()...) {
		b.WriteString(pulumiConfig(v))
	}
	b.WriteString("\n" + tsChecks(s.variables(), ""))
	b.WriteString(`
const region = aws.getRegionOutput().id.apply((is) => meant("Region", is, stage.region));
const account = aws.getCallerIdentityOutput().accountId.apply((is) => meant("account", is, stage.account));
const partition = aws.getPartitionOutput().partition;
`)
	b.WriteString(pulumiRead)
	w := pulumiWriter()
	for _, r := range resources {
		b.WriteString("\n" + pulumiResource(w, r))
	}
	b.WriteString("\n")
	for _, o := range s.outputs() {
		fmt.Fprintf(&b, "/** %s. */\nexport const %s = %s;\n", o.description, camel(o.name), w.text(o.value))
	}
	return b.String()
}

func pulumiConfig(v variable) string {
	name := camel(v.name)
	value := fmt.Sprintf("text(%q) ?? %s", name, tsString(v.value))
	switch {
	case v.required:
		value = fmt.Sprintf("given(%q)", name)
	case v.number:
		value = fmt.Sprintf("number(%q) ?? %s", name, v.value)
	}
	return fmt.Sprintf("/** %s. */\nconst %s = %s;\n", v.description, name, value)
}

// pulumiConfiguration reads the configuration, and the file of a stage that is called as the stack of Pulumi: Pulumi
// writes into its own files, so that no export can replace them.
const pulumiConfiguration = `
const config = new pulumi.Config();

/** What the file of a stage with the name of this stack says. */
const stage: Record<string, string | number | undefined> = readStage(path.join(__dirname, "stages", ` +
	"`${pulumi.getStack()}.json`" + `));

function readStage(file: string): Record<string, string | number | undefined> {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
}

/** A text of the configuration, or else of the stage. */
function text(name: string): string | undefined {
  const found = config.get(name) ?? stage[name];
  return found === undefined ? undefined : String(found);
}

/** A number that may be left out. */
function number(name: string): number | undefined {
  const found = text(name);
  return found === undefined ? undefined : Number(found);
}

/** A text that must be given. */
function given(name: string): string {
  return text(name) ?? config.require(name);
}

/** Refuses to deploy a stage to another place. */
function meant(what: string, is: string, stages: string | number | undefined): string {
  if (stages !== undefined && stages !== is) {
    throw new Error(` + "`The stage ${pulumi.getStack()} is for the ${what} ${stages}, and this is ${is}.`" + `);
  }
  return is;
}

`

const pulumiRead = `
/** Refuses a value that AWS would refuse later. */
function check(name: string, value: string | number, accepted: boolean, remedy: string): void {
  if (!accepted) {
    throw new Error(` + "`The value of ${name} is not valid: ${value}. ${remedy}`" + `);
  }
}

/** Reads a file of this folder and replaces references with values. */
function read(file: string, values: Record<string, pulumi.Input<string>>): pulumi.Output<string> {
  const text = fs.readFileSync(path.join(__dirname, file), "utf8").trim();
  return pulumi.output(values).apply((known) =>
    Object.entries(known).reduce((read, [reference, value]) => read.split(reference).join(value), text),
  );
}
`

func pulumiResource(w *typeScript, r resource) string {
	w.rename = pulumiNames[r.kind]
	var list []string
	if len(r.after) > 0 {
		var names []string
		for _, key := range r.after {
			names = append(names, cdkName(key))
		}
		list = append(list, "dependsOn: ["+strings.Join(names, ", ")+"]")
	}
	for _, f := range r.properties {
		if f.key == "timeouts" {
			list = append(list, "customTimeouts: "+strings.Join(strings.Fields(w.value(f.value, "")), " "))
		}
	}
	options := ""
	if len(list) > 0 {
		options = ", { " + strings.Join(list, ", ") + " }"
	}
	return fmt.Sprintf("%snew aws.%s(%q, %s%s);\n", declaration(r.key), pulumiClasses[r.kind], cdkName(r.key),
		w.object(r.properties, "", w.property), options)
}

func pulumiWriter() *typeScript {
	return &typeScript{
		reference: pulumiReference,
		template:  "pulumi.interpolate",
		encode:    func(text string) string { return "pulumi.jsonStringify(" + text + ")" },
		code:      "new pulumi.asset.FileArchive(packageFile)",
	}
}

var pulumiPlaces = map[string]string{
	"region": "region", "account": "account", "partition": "partition",
	"instance_id": `instanceArn.split("/")[1]`, "instance_account": `instanceArn.split(":")[4]`,
}

func pulumiReference(name string) string {
	if place, ok := pulumiPlaces[name]; ok {
		return place
	}
	kind, rest, _ := strings.Cut(name, ".")
	switch kind {
	case "var":
		return camel(rest)
	case "function_name":
		return fmt.Sprintf(`%s.split(":")[%d]`, camel(rest), functionNamePart)
	}
	id, attribute, _ := strings.Cut(rest, ".")
	return cdkName(kind+"."+id) + "." + attribute
}
