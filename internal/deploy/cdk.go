package deploy

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
)

// cdkTemplates are the templates of files that say nothing of the resources.
var cdkTemplates = map[string]string{
	"package.json": "package.cdk.json", "tsconfig.json": "tsconfig.json", "cdk.json": "cdk.json",
	"lib/acknowledge.ts": "acknowledge.cdk.ts", "lib/job.ts": "job.cdk.ts", "lib/support.ts": "support.cdk.ts",
}

// exportCDK writes a construct, and an app with it. What it makes is of the CDK's first level, and exactly what the
// model has; what it offers to the rest of an app is of the second.
func exportCDK(s *Stack) ([]File, error) {
	resources := s.vocabulary(item.cloudFormation)
	files := []File{
		{Name: "lib/connect-async.ts", Content: []byte(cdkLibrary(s, resources))},
		{Name: "bin/app.ts", Content: []byte(cdkApp(s))},
	}
	return s.program(files, cdkTemplates, resources)
}

// cdkModules are the modules of aws-cdk-lib, by the service in a resource's type where there is one.
var cdkModules = map[string]string{
	"Logs": "logs", "DynamoDB": "dynamodb", "IAM": "iam", "StepFunctions": "stepfunctions", "Lambda": "lambda",
	"Connect": "connect", "CloudWatch": "cloudwatch", "Events": "events", "SQS": "sqs", "KMS": "kms", "SNS": "sns",
}

// cdkClass is where a class or an interface of a module is named.
var cdkClass = regexp.MustCompile(`\b(\w+)\.[A-Z]`)

// cdkLibrary is the construct with those of the jobs.
func cdkLibrary(s *Stack, resources []resource) string {
	var jobs strings.Builder
	construct := cdkConstruct(s, resources, func(j *cdkJob) { jobs.WriteString(j.class(s)) })
	body := cdkProps(s) + jobs.String() + construct
	var b strings.Builder
	b.WriteString(`import * as cdk from "aws-cdk-lib";
import * as assets from "aws-cdk-lib/aws-s3-assets";
`)
	used := map[string]bool{}
	for _, match := range cdkClass.FindAllStringSubmatch(body, -1) {
		used[match[1]] = true
	}
	for _, module := range slices.Sorted(maps.Values(cdkModules)) {
		if used[module] {
			fmt.Fprintf(&b, "import * as %s from \"aws-cdk-lib/aws-%s\";\n", module, module)
		}
	}
	b.WriteString(`import { Construct } from "constructs";
import { acknowledge } from "./acknowledge";
import { Job, jobMetric } from "./job";
import { arnOf, check, existing, keepLogicalIds, letServicesUse, read } from "./support";
`)
	return b.String() + body
}

// cdkConstruct is the construct. What belongs to a job is in a construct of the job, whose class is written where it is
// needed.
func cdkConstruct(s *Stack, resources []resource, class func(*cdkJob)) string {
	variables := append([]variable{programPackage}, s.variables()...)
	var b strings.Builder
	b.WriteString(cdkFields(s))
	b.WriteString("\n  constructor(scope: Construct, id: string, props: ConnectAsyncProps) {\n    super(scope, id);\n")
	for _, v := range variables {
		b.WriteString(cdkConstant(v))
	}
	b.WriteString(tsChecks(s.variables(), "    "))
	b.WriteString("    this.deployment = name;\n")
	if s.settings.Encryption {
		fmt.Fprintf(&b, "    if (typeof props.kmsKey !== \"string\") {\n"+
			"      letServicesUse(props.kmsKey, this, name, %v);\n    }\n", s.hasTable())
	}
	b.WriteString("    const code = new assets.Asset(this, \"Package\", { path: existing(this, packageFile) });\n")
	w := cdkWriter()
	w.reference = s.cdkOutside
	jobs := s.cdkJobs(resources)
	for _, r := range resources {
		j := jobs[r.key]
		switch {
		case j == nil:
			b.WriteString("\n" + cdkResource(w, r, logicalID(r.key)))
		case r.key == "machine."+j.machine.id: // it needs nothing that comes later, and what comes later needs it
			class(j)
			b.WriteString("\n" + j.statement(s))
		}
	}
	b.WriteString("\n")
	for _, o := range s.outputs() {
		fmt.Fprintf(&b, "    this.%s = %s;\n", camel(o.name), w.text(o.value))
	}
	b.WriteString(s.cdkHandles() + "    acknowledge(this);\n  }\n" + cdkMethods + "}\n")
	return b.String()
}

// cdkFields begins the class of the construct.
func cdkFields(s *Stack) string {
	var b strings.Builder
	b.WriteString("\n/** Everything that the project needs in AWS. */\nexport class ConnectAsync extends Construct {\n")
	b.WriteString("  /** The async function, for grants and metrics. No grant changes its role. */\n" +
		"  readonly asyncFunction: lambda.IFunction;\n")
	if s.hasTable() {
		b.WriteString("  /** The results table, for grants and metrics. */\n" +
			"  readonly resultsTable: dynamodb.ITable;\n")
	}
	for _, m := range s.machines {
		fmt.Fprintf(&b, "  /** The job %s. */\n  readonly %s: %s;\n", m.job.Name, m.cdkField(), m.cdkClass())
	}
	for _, o := range s.outputs() {
		fmt.Fprintf(&b, "  /** %s. */\n  readonly %s: string;\n", o.description, camel(o.name))
	}
	b.WriteString("  private readonly deployment: string;\n")
	return b.String()
}

// cdkHandles make what the construct offers of the second level.
func (s *Stack) cdkHandles() string {
	text := `    this.asyncFunction = lambda.Function.fromFunctionAttributes(this, "Function", {
      functionArn: this.asyncFunctionArn,
      sameEnvironment: true,
    });
`
	if !s.hasTable() {
		return text
	}
	key := ""
	if s.settings.Encryption {
		key = "      encryptionKey: typeof props.kmsKey === \"string\" ? undefined : props.kmsKey,\n"
	}
	return text + `    this.resultsTable = dynamodb.Table.fromTableAttributes(this, "Table", {
      tableArn: resultsTable.attrArn,
` + key + "    });\n"
}

const cdkMethods = `
  /** Lets somebody else than Amazon Connect invoke the async function. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return this.asyncFunction.grantInvoke(grantee);
  }

  /** Calls that were refused before their job was known, as a share of them. Jobs have metrics of their own. */
  metricFaults(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return jobMetric(this, this.deployment, "` + async.None + `", "` + async.MetricFaults + `", ` +
	`{ statistic: "Average", ...options });
  }
`

// cdkResource makes a resource, with an ID in its scope.
func cdkResource(w *typeScript, r resource, id string) string {
	var b strings.Builder
	parts := strings.Split(r.kind, "::")
	name := cdkName(r.key)
	fmt.Fprintf(&b, "    %snew %s.Cfn%s(this, %q, %s);\n", declaration(r.key), cdkModules[parts[1]], parts[2], id,
		w.object(r.properties, "    ", w.property))
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
	"package_key": "code.assetHash", NewestVersion: "asyncVersion.attrVersion",
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
		fmt.Fprintf(&b, "  %s: %s(%q),\n", v.cdkProp(), get, camel(v.name))
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
