package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// cdkTemplates are the templates of files that say nothing of the resources.
var cdkTemplates = map[string]string{
	"package.json": "package.cdk.json", "tsconfig.json": "tsconfig.json", "cdk.json": "cdk.json",
}

// exportCDK writes a construct of the CDK's first level, whose resources are exactly those of the model, and an app
// with it.
func exportCDK(s *Stack) ([]File, error) {
	resources := s.vocabulary(item.cloudFormation)
	files := []File{
		{Name: "lib/connect-async.ts", Content: []byte(cdkConstruct(s, resources))},
		{Name: "bin/app.ts", Content: []byte(cdkApp(s))},
	}
	return s.program(files, cdkTemplates, resources)
}

// cdkModules are the modules of aws-cdk-lib by the service in a resource's type.
var cdkModules = map[string]string{
	"Logs": "logs", "DynamoDB": "dynamodb", "IAM": "iam", "StepFunctions": "stepfunctions", "Lambda": "lambda",
	"Connect": "connect", "CloudWatch": "cloudwatch", "Events": "events", "SQS": "sqs",
}

func cdkConstruct(s *Stack, resources []resource) string {
	var b strings.Builder
	b.WriteString(`import * as fs from "fs";
import * as path from "path";
import * as cdk from "aws-cdk-lib";
import * as assets from "aws-cdk-lib/aws-s3-assets";
`)
	for _, service := range slices.Sorted(maps.Keys(cdkModules)) {
		if usesService(resources, service) {
			fmt.Fprintf(&b, "import * as %s from \"aws-cdk-lib/aws-%s\";\n", cdkModules[service], cdkModules[service])
		}
	}
	b.WriteString("import { Construct } from \"constructs\";\n\n/** What differs between environments. */\n")
	fmt.Fprintf(&b, "export interface ConnectAsyncProps {\n%s}\n",
		tsVariables(append([]variable{programPackage}, s.variables()...), ""))
	b.WriteString(cdkRead)
	b.WriteString("\n/** Everything that the project needs in AWS. */\nexport class ConnectAsync extends Construct {\n")
	for _, o := range s.outputs() {
		fmt.Fprintf(&b, "  /** %s. */\n  readonly %s: string;\n", o.description, camel(o.name))
	}
	b.WriteString("\n  constructor(scope: Construct, id: string, props: ConnectAsyncProps) {\n    super(scope, id);\n")
	b.WriteString(tsDefaults(append([]variable{programPackage}, s.variables()...), "props", "    "))
	b.WriteString(tsChecks(s.variables(), "    "))
	b.WriteString("    const code = new assets.Asset(this, \"Package\", { path: existing(this, packageFile) });\n")
	w := cdkWriter()
	for _, r := range resources {
		b.WriteString("\n" + cdkResource(w, r))
	}
	b.WriteString("\n")
	for _, o := range s.outputs() {
		fmt.Fprintf(&b, "    this.%s = %s;\n", camel(o.name), w.text(o.value))
	}
	b.WriteString("  }\n}\n")
	return b.String()
}

func usesService(resources []resource, service string) bool {
	for _, r := range resources {
		if strings.HasPrefix(r.kind, "AWS::"+service+"::") {
			return true
		}
	}
	return false
}

func cdkResource(w *typeScript, r resource) string {
	var b strings.Builder
	parts := strings.Split(r.kind, "::")
	name := cdkName(r.key)
	fmt.Fprintf(&b, "    %snew %s.Cfn%s(this, %q, %s);\n", declaration(r.key), cdkModules[parts[1]], parts[2],
		logicalID(r.key), w.object(r.properties, "    ", w.property))
	for _, key := range r.after {
		fmt.Fprintf(&b, "    %s.addResourceDependency(%s);\n", name, cdkName(key))
	}
	if r.retained {
		fmt.Fprintf(&b, "    %s.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN);\n", name)
	}
	return b.String()
}

// declaration begins the statement that makes a resource; nothing refers to alarms and dashboards.
func declaration(key string) string {
	if kind, _, _ := strings.Cut(key, "."); kind == "alarm" || kind == "dashboard" {
		return ""
	}
	return "const " + cdkName(key) + " = "
}

func cdkName(key string) string { return camel(logicalID(key)) }

func cdkWriter() *typeScript {
	return &typeScript{
		reference: cdkReference,
		encode:    func(text string) string { return text },
		code:      "{ s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey }",
	}
}

var cdkPlaces = map[string]string{
	"region": "cdk.Aws.REGION", "account": "cdk.Aws.ACCOUNT_ID", "partition": "cdk.Aws.PARTITION",
	"instance_account": `cdk.Fn.select(4, cdk.Fn.split(":", instanceArn))`,
}

func cdkReference(name string) string {
	if place, ok := cdkPlaces[name]; ok {
		return place
	}
	kind, rest, _ := strings.Cut(name, ".")
	switch kind {
	case "var":
		return camel(rest)
	case "arn_name":
		return fmt.Sprintf(`cdk.Fn.select(%d, cdk.Fn.split(":", %s))`, arnNamePart, camel(rest))
	}
	id, attribute, _ := strings.Cut(rest, ".")
	if attribute == "arn" && hasARN(kind) {
		return cdkName(kind+"."+id) + ".attrArn"
	}
	return cdkName(kind+"."+id) + ".ref"
}

const cdkRead = `
/** The package, or something else where there is none: destroying needs none, and anything else is refused. */
function existing(scope: Construct, packageFile: string): string {
  if (fs.existsSync(packageFile)) {
    return packageFile;
  }
  const message = ` + "`${packageFile} does not exist. Run connect-async build, as the README says.`" + `;
  cdk.Annotations.of(scope).addError(message);
  return __filename;
}

/** Refuses a value that AWS would refuse later. What is known only at the deployment is not judged. */
function check(name: string, value: string | number, accepted: boolean, remedy: string): void {
  if (!accepted && !cdk.Token.isUnresolved(value)) {
    throw new Error(` + "`The value of ${name} is not valid: ${value}. ${remedy}`" + `);
  }
}

/** Reads a file of this folder and replaces references with values. */
function read(file: string, values: Record<string, string>): string {
  const text = fs.readFileSync(path.join(__dirname, "..", file), "utf8").trim();
  return Object.entries(values).reduce((read, [reference, value]) => read.split(reference).join(value), text);
}
`

// tsDefaults makes a constant of each variable.
func tsDefaults(variables []variable, from, indent string) string {
	var b strings.Builder
	for _, v := range variables {
		value := from + "." + camel(v.name)
		if !v.required {
			value += " ?? " + v.literal()
		}
		fmt.Fprintf(&b, "%sconst %s = %s;\n", indent, camel(v.name), value)
	}
	return b.String()
}

// cdkApp is an app with one stack, whose values come from the context (cdk.json, or -c on the command line) or from the
// file of a stage.
func cdkApp(s *Stack) string {
	var b strings.Builder
	b.WriteString(cdkContext)
	fmt.Fprintf(&b, `
const stack = new cdk.Stack(app, text("stack") ?? String(stage.name ?? %s).replace(/_/g, "-"), {
  env: stage.account === undefined ? undefined : { account: String(stage.account), region: String(stage.region) },
});
`, tsString(pascal(s.project.Name)))
	b.WriteString("const created = new ConnectAsync(stack, \"ConnectAsync\", {\n")
	for _, v := range append([]variable{programPackage}, s.variables()...) {
		get := "text"
		switch {
		case v.required:
			get = "given"
		case v.number:
			get = "number"
		}
		fmt.Fprintf(&b, "  %s: %s(%q),\n", camel(v.name), get, camel(v.name))
	}
	b.WriteString("});\n")
	for _, o := range s.outputs() {
		fmt.Fprintf(&b, "new cdk.CfnOutput(stack, %q, { value: created.%s, description: %s });\n", pascal(o.name),
			camel(o.name), tsString(o.description))
	}
	return b.String()
}

const cdkContext = `import * as fs from "fs";
import * as path from "path";
import * as cdk from "aws-cdk-lib";
import { ConnectAsync } from "../lib/connect-async";

const app = new cdk.App();

/** What the file of a stage says; -c stage=NAME names it. */
const stage = readStage(app.node.tryGetContext("stage"));

function readStage(name: string | undefined): Record<string, string | number | undefined> {
  if (name === undefined) {
    return {};
  }
  return JSON.parse(fs.readFileSync(path.join(__dirname, "..", "stages", ` + "`${name}.json`" + `), "utf8"));
}

/** A value of the context, or else of the stage. */
function value(name: string): string | number | undefined {
  return app.node.tryGetContext(name) ?? stage[name];
}

/** A value that must be given with -c NAME=VALUE, in cdk.json or by the stage. */
function given(name: string): string {
  const found = value(name);
  if (found === undefined) {
    throw new Error(` + "`Give the value of ${name}: cdk deploy -c ${name}=VALUE`" + `);
  }
  return String(found);
}

/** A text that may be left out. */
function text(name: string): string | undefined {
  const found = value(name);
  return found === undefined ? undefined : String(found);
}

/** A number that may be left out. */
function number(name: string): number | undefined {
  const found = value(name);
  return found === undefined ? undefined : Number(found);
}
`
