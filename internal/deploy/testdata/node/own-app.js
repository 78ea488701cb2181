// Makes an app around the stack of an export's README, with constructs for what the export needs, synthesises it and
// writes down what every pack of cdk-nag finds in our construct.
// Arguments: the folder of the compiled export, properties as JSON, those that are constructs as JSON, and the file to
// write.
const path = require("path");
const fs = require("fs");
const [folder, plain, constructs, out] = process.argv.slice(2);
const from = require("module").createRequire(path.join(path.resolve(folder), "app.js"));
const cdk = from("aws-cdk-lib");
const { Code, Function, Runtime } = from("aws-cdk-lib/aws-lambda");
const { AccountPrincipal, ManagedPolicy, Role } = from("aws-cdk-lib/aws-iam");
const { Key } = from("aws-cdk-lib/aws-kms");
const { Topic } = from("aws-cdk-lib/aws-sns");
const nag = from("cdk-nag");
const { CallsStack } = from("./lib/own");

const app = new cdk.App({ outdir: path.join(folder, "out") });
const platform = new cdk.Stack(app, "Platform");
const make = {
  function: (id) =>
    new Function(platform, id, { runtime: Runtime.PYTHON_3_13, handler: "index.handler", code: Code.fromInline("pass") }),
  key: (id) => new Key(platform, id),
  topic: (id) => new Topic(platform, id),
  policy: (id) => ManagedPolicy.fromManagedPolicyArn(platform, id, "arn:aws:iam::111122223333:policy/boundary"),
};
const props = JSON.parse(plain);
for (const [name, kind] of Object.entries(JSON.parse(constructs))) {
  props[name] = make[kind](name);
}
const people = new cdk.Stack(app, "People");
const operators = new Role(people, "Operators", { assumedBy: new AccountPrincipal("111122223333") });
const ours = new CallsStack(app, "Calls", props, operators).node.findChild("ConnectAsync");

const findings = { reported: [], all: [], acknowledged: [] };
const each = (report) =>
  report.violations.flatMap((v) => v.violatingResources.map((r) => `${v.ruleName} ${r.constructPath}`));
for (const name of Object.keys(nag).filter((name) => name.endsWith("Checks"))) {
  const pack = new nag[name](app);
  findings.reported.push(...each(pack.validateScope(ours)));
  pack.isAcknowledged = () => false;
  findings.all.push(...each(pack.validateScope(ours)));
}
for (const child of ours.node.findAll()) {
  for (const entry of child.node.metadata) {
    if (entry.type === cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY) {
      findings.acknowledged.push(...Object.keys(entry.data).map((id) => `${id.replace(/^annotation::/i, "")} ${child.node.path}`));
    }
  }
}
app.synth();
const template = (name) => JSON.parse(fs.readFileSync(path.join(folder, "out", `${name}.template.json`), "utf8"));
fs.writeFileSync(out, JSON.stringify({ ...findings, calls: template("Calls"), people: template("People"), platform: template("Platform") }));
