// Runs a Pulumi program under mocks and writes down the resources that it registers.
// Arguments: the program, its configuration as JSON, and the file to write.
const fs = require("fs");
const path = require("path");
const [program, config, out] = process.argv.slice(2);
const pulumi = require(require.resolve("@pulumi/pulumi", { paths: [path.dirname(program)] }));

const answers = {
  "aws:index/getRegion:getRegion": { id: "us-east-1", region: "us-east-1" },
  "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "111122223333" },
  "aws:index/getPartition:getPartition": { partition: "aws" },
};
const arns = {
  "aws:iam/role:Role": (r) => `arn:aws:iam::111122223333:role${r.path}${r.name}`,
  "aws:lambda/function:Function": (r) => `arn:aws:lambda:us-east-1:111122223333:function:${r.name}`,
  "aws:sqs/queue:Queue": (r) => `arn:aws:sqs:us-east-1:111122223333:${r.name}`,
  "aws:cloudwatch/eventRule:EventRule": (r) => `arn:aws:events:us-east-1:111122223333:rule/${r.name}`,
  "aws:sfn/stateMachine:StateMachine": (r) => `arn:aws:states:us-east-1:111122223333:stateMachine:${r.name}`,
};
const resources = [];
const settings = {};
for (const [key, value] of Object.entries(JSON.parse(config))) {
  settings["bank:" + key] = value;
}
pulumi.runtime.setAllConfig(settings);
pulumi.runtime.setMocks(
  {
    newResource(args) {
      resources.push({ type: args.type, name: args.name, inputs: args.inputs });
      const arn = arns[args.type] ? arns[args.type](args.inputs) : "arn:" + args.name;
      return { id: args.name, state: { ...args.inputs, arn, url: "url of " + args.inputs.name } };
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
