// Runs a Pulumi program under mocks and writes down the resources that it registers, with the URNs of their parents and
// the URNs that they had before.
// Arguments: the program, its configuration as JSON, the partition and the Region that it is run in, and the file to write.
const fs = require("fs");
const path = require("path");
const [program, config, partition, region, out] = process.argv.slice(2);
const paths = [path.dirname(program)];
const pulumi = require(require.resolve("@pulumi/pulumi", { paths }));
const { MockMonitor } = require(require.resolve("@pulumi/pulumi/runtime/mocks", { paths }));

const account = "111122223333";
const answers = {
  "aws:index/getRegion:getRegion": { id: region, region },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: account },
  "aws:index/getPartition:getPartition": { partition },
};
const arn = (service, rest) => `arn:${partition}:${service}:${service === "iam" ? "" : region}:${account}:${rest}`;
const arns = {
  "aws:iam/role:Role": (r) => arn("iam", `role${r.path}${r.name}`),
  "aws:lambda/function:Function": (r) => arn("lambda", `function:${r.name}`),
  "aws:lambda/alias:Alias": (r) => arn("lambda", `function:${r.functionName}:${r.name}`),
  "aws:sqs/queue:Queue": (r) => arn("sqs", r.name),
  "aws:cloudwatch/eventRule:EventRule": (r) => arn("events", `rule/${r.name}`),
  "aws:sfn/stateMachine:StateMachine": (r) => arn("states", `stateMachine:${r.name}`),
};
const resources = [];
const register = MockMonitor.prototype.registerResource;
MockMonitor.prototype.registerResource = function (request, callback) {
  const before = request.getAliasesList().map((alias) => {
    const spec = alias.getSpec();
    const parent = spec.getNoparent() ? "" : spec.getParenturn().split("::")[2] + "$";
    return parent + (spec.getType() || request.getType()) + "::" + (spec.getName() || request.getName());
  });
  resources.push({ type: request.getType(), name: request.getName(), parent: request.getParent(), before });
  return register.call(this, request, callback);
};
const settings = {};
for (const [key, value] of Object.entries(JSON.parse(config))) {
  settings["bank:" + key] = value;
}
pulumi.runtime.setAllConfig(settings);
pulumi.runtime.setMocks(
  {
    newResource(args) {
      const registered = resources.find((r) => r.type === args.type && r.name === args.name);
      Object.assign(registered, { custom: args.custom, inputs: args.inputs });
      const made = arns[args.type] ? arns[args.type](args.inputs) : "arn:" + args.name;
      return { id: args.name, state: { ...args.inputs, arn: made, version: "8", url: "url of " + args.inputs.name } };
    },
    call(args) {
      return answers[args.token];
    },
  },
  "bank",
  "test",
  false,
);
require(program);
process.on("beforeExit", () => {
  fs.writeFileSync(out, JSON.stringify(resources));
  process.exit(0);
});
