package deploy

import (
	"fmt"
	"strings"
)

// pulumiTemplates are the templates of files that say nothing of the resources.
var pulumiTemplates = map[string]string{
	"package.json": "package.pulumi.json", "tsconfig.json": "tsconfig.json", "Pulumi.yaml": "Pulumi.yaml",
}

// exportPulumi writes a component, and a program with it whose values come from the stack's configuration.
func exportPulumi(s *Stack) ([]File, error) {
	resources := s.terraform()
	files := []File{
		{Name: "connect-async.ts", Content: []byte(pulumiComponent(s, resources))},
		{Name: "index.ts", Content: []byte(pulumiProgram(s))},
	}
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
	"aws_lambda_alias":                        "lambda.Alias",
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
	"aws_lambda_event_source_mapping":         "lambda.EventSourceMapping",
	"aws_sqs_queue":                           "sqs.Queue",
	"aws_sqs_queue_policy":                    "sqs.QueuePolicy",
}

// pulumiNames are the properties that Pulumi calls otherwise, by type; "" for what it does itself.
var pulumiNames = map[string]map[string]string{
	"aws_lambda_function": {"function_name": "name", "filename": "code", "source_code_hash": "",
		"memory_size": "memorySize"},
	"aws_lambda_permission": {"function_name": "function"},
	"aws_sfn_state_machine": {"timeouts": ""},
	"aws_dynamodb_table": {"attribute": "attributes",
		"global_secondary_index": "globalSecondaryIndexes"},
	"aws_cloudwatch_metric_alarm": {"alarm_name": "name"},
}

func pulumiComponent(s *Stack, resources []resource) string {
	var b strings.Builder
	b.WriteString(pulumiImports)
	b.WriteString("/** What differs between environments. */\nexport interface ConnectAsyncArgs {\n")
	b.WriteString(tsVariables([]variable{programPackage}, ""))
	b.WriteString(tsVariables(s.variables(), "pulumi.Input"))
	b.WriteString(pulumiPlaceArgs)
	b.WriteString("}\n" + pulumiFunctions)
	if s.publishes() {
		b.WriteString(pulumiNeeding)
	}
	b.WriteString(`
/** Everything that the project needs in AWS. */
export class ConnectAsync extends pulumi.ComponentResource {
`)
	for _, o := range s.outputs() {
		fmt.Fprintf(&b, "  /** %s. */\n  readonly %s: pulumi.Output<string>;\n", o.description, camel(o.name))
	}
	fmt.Fprintf(&b, pulumiConstructor, pulumiType)
	b.WriteString(tsDefaults([]variable{programPackage}, "args", "    "))
	for _, v := range s.variables() {
		b.WriteString(pulumiChecked(v))
	}
	b.WriteString(pulumiPlace)
	w := pulumiWriter()
	for _, r := range resources {
		b.WriteString("\n" + pulumiResource(w, r))
	}
	b.WriteString("\n")
	var names []string
	for _, o := range s.outputs() {
		fmt.Fprintf(&b, "    this.%s = %s;\n", camel(o.name), w.text(o.value))
		names = append(names, fmt.Sprintf("      %s: this.%s,\n", camel(o.name), camel(o.name)))
	}
	b.WriteString("    this.registerOutputs({\n" + strings.Join(names, "") + "    });\n  }\n}\n")
	return b.String()
}

// pulumiType is the type of the component, in the URNs of what is in it.
const pulumiType = "connect-async:index:ConnectAsync"

// pulumiName is the name of the component in the program, with which the names of its resources begin.
const pulumiName = "connectAsync"

const pulumiImports = `import * as fs from "fs";
import * as path from "path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

`

// pulumiPlaceArgs are the arguments with which a stage is refused in another place.
const pulumiPlaceArgs = `  /** Account to deploy to: any other is refused. Default: that of the provider. */
  readonly account?: string;
  /** Region to deploy to: any other is refused. Default: that of the provider. */
  readonly region?: string;
`

const pulumiConstructor = `
  constructor(id: string, args: ConnectAsyncArgs, opts?: pulumi.ComponentResourceOptions) {
    super(%q, id, {}, opts);
`

const pulumiPlace = `
    const inside = { parent: this };
    const region = aws.getRegionOutput({}, inside).id.apply((is) => meant("Region", is, args.region));
    const account = aws.getCallerIdentityOutput({}, inside).accountId.apply((is) => meant("account", is, args.account));
    const partition = aws.getPartitionOutput({}, inside).partition;
`

// pulumiChecked makes a constant of a variable, whose value is checked.
func pulumiChecked(v variable) string {
	name := camel(v.name)
	given := "args." + name
	if !v.required {
		given += " ?? " + v.literal()
	}
	value := fmt.Sprintf("checked(%q, %s, (is) => %s, %s)", name, given, v.accepts.test("is"),
		tsString(v.accepts.remedy))
	if v.needs != "" {
		value = fmt.Sprintf("needing(%s, %s, %s)", value, camel(v.needs), tsString(needsRemedy(name, camel(v.needs))))
	}
	return fmt.Sprintf("    const %s = %s;\n", name, value)
}

// pulumiProgram is a program with one component, whose values come from the configuration or from the file of a stage.
func pulumiProgram(s *Stack) string {
	var b strings.Builder
	b.WriteString(pulumiConfiguration)
	fmt.Fprintf(&b, pulumiBefore, pulumiType, pulumiName+"-")
	fmt.Fprintf(&b, "\nconst created = new ConnectAsync(\n  %q,\n  {\n", pulumiName)
	for _, v := range append([]variable{programPackage}, s.variables()...) {
		get := "text"
		switch {
		case v.required:
			get = "given"
		case v.number:
			get = "number"
		}
		fmt.Fprintf(&b, "    %s: %s(%q),\n", camel(v.name), get, camel(v.name))
	}
	b.WriteString("    account: stage.account,\n    region: stage.region,\n  },\n")
	b.WriteString("  { transformations: [before] },\n);\n\n")
	for _, o := range s.outputs() {
		fmt.Fprintf(&b, "/** %s. */\nexport const %s = created.%s;\n", o.description, camel(o.name), camel(o.name))
	}
	return b.String()
}

// pulumiConfiguration reads the configuration, and the file of a stage that is called as the stack of Pulumi: Pulumi
// writes into its own files, so that no export can replace them.
const pulumiConfiguration = `import * as fs from "fs";
import * as path from "path";
import * as pulumi from "@pulumi/pulumi";
import { ConnectAsync } from "./connect-async";

const config = new pulumi.Config();

/** The values of a stage. */
interface Stage {
  readonly account?: string;
  readonly region?: string;
  readonly [variable: string]: string | number | undefined;
}

/** What the file of a stage with the name of this stack says. */
const stage: Stage = readStage(path.join(__dirname, "stages", ` + "`${pulumi.getStack()}.json`" + `));

function readStage(file: string): Stage {
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
`

// pulumiBefore names the resources as earlier exports did, whose programs had no component: what was deployed with one
// of them stays as it is.
const pulumiBefore = `
/** Tells Pulumi that earlier exports, which had no component, made the same resources in the stack itself. */
function before(args: pulumi.ResourceTransformationArgs): pulumi.ResourceTransformationResult | undefined {
  if (args.type === %q) {
    return undefined;
  }
  const aliases = [{ name: args.name.replace(%q, ""), parent: pulumi.rootStackResource }];
  return { props: args.props, opts: pulumi.mergeOptions(args.opts, { aliases }) };
}
`

const pulumiFunctions = `
/** Refuses a value that AWS would refuse later: at once, or when it becomes known. */
function checked<T extends string | number>(
  name: string,
  given: pulumi.Input<T>,
  accepts: (is: T) => boolean,
  remedy: string,
): pulumi.Output<T> {
  const check = (is: T): T => {
    if (!accepts(is)) {
      throw new Error(` + "`The value of ${name} is not valid: ${is}. ${remedy}`" + `);
    }
    return is;
  };
  if (typeof given === "string" || typeof given === "number") {
    check(given);
  }
  return (pulumi.output(given) as pulumi.Output<T>).apply(check);
}

/** Refuses to deploy to another place than was meant. */
function meant(what: string, is: string, wanted: string | undefined): string {
  if (wanted !== undefined && wanted !== is) {
    throw new Error(` + "`This deployment is for the ${what} ${wanted}, and the provider's is ${is}.`" + `);
  }
  return is;
}

/** Reads a file of this folder and replaces references with values. */
function read(file: string, values: Record<string, pulumi.Input<string>>): pulumi.Output<string> {
  const text = fs.readFileSync(path.join(__dirname, file), "utf8").trim();
  return pulumi.output(values).apply((known) =>
    Object.entries(known).reduce((read, [reference, value]) => read.split(reference).join(value), text),
  );
}
`

// pulumiNeeding is only in programs with a variable that needs another.
const pulumiNeeding = `
/** Refuses a value that means nothing without another one. */
function needing(given: pulumi.Output<string>, needed: pulumi.Output<string>, remedy: string): pulumi.Output<string> {
  return pulumi.all([given, needed]).apply(([is, other]) => {
    if (is !== "" && other === "") {
      throw new Error(remedy);
    }
    return is;
  });
}
`

func pulumiResource(w *typeScript, r resource) string {
	w.rename = pulumiNames[r.kind]
	options := []string{"...inside"}
	if len(r.after) > 0 {
		var names []string
		for _, key := range r.after {
			names = append(names, cdkName(key))
		}
		options = append(options, "dependsOn: ["+strings.Join(names, ", ")+"]")
	}
	for _, f := range r.properties {
		if f.key == "timeouts" {
			options = append(options, "customTimeouts: "+strings.Join(strings.Fields(w.value(f.value, "")), " "))
		}
	}
	list := "inside"
	if len(options) > 1 {
		list = "{ " + strings.Join(options, ", ") + " }"
	}
	return fmt.Sprintf("    %snew aws.%s(`${id}-%s`, %s, %s);\n", declaration(r.key), pulumiClasses[r.kind],
		cdkName(r.key), w.object(r.properties, "    ", w.property), list)
}

func pulumiWriter() *typeScript {
	return &typeScript{
		reference: pulumiReference,
		template:  "pulumi.interpolate",
		encode:    func(text string) string { return "pulumi.jsonStringify(" + text + ")" },
		code:      "new pulumi.asset.FileArchive(packageFile)",
		outputs:   true,
	}
}

var pulumiPlaces = map[string]string{
	"region": "region", "account": "account", "partition": "partition",
	NewestVersion:      "asyncFunction.version",
	"instance_id":      `instanceArn.apply((is) => is.split("/")[1])`,
	"instance_account": `instanceArn.apply((is) => is.split(":")[4])`,
}

func pulumiReference(name string) string {
	if place, ok := pulumiPlaces[name]; ok {
		return place
	}
	kind, rest, _ := strings.Cut(name, ".")
	switch kind {
	case "var":
		return camel(rest)
	case "arn_name":
		return fmt.Sprintf(`%s.apply((is) => is.split(":")[%d])`, camel(rest), arnNamePart)
	}
	id, attribute, _ := strings.Cut(rest, ".")
	return cdkName(kind+"."+id) + "." + attribute
}
