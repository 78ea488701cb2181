import * as fs from "fs";
import * as path from "path";
import * as cdk from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";

/** The package, or something else where there is none: destroying needs none, and anything else is refused. */
export function existing(scope: Construct, packageFile: string): string {
  if (fs.existsSync(packageFile)) {
    return packageFile;
  }
  const message = `${packageFile} does not exist. Run connect-async build, as the README says.`;
  cdk.Annotations.of(scope).addError(message);
  return __filename;
}

/** The ARN of something that is given as a construct or by its ARN. */
export function arnOf<T extends object>(given: T | string, arn: (given: T) => string): string {
  return typeof given === "string" ? given : arn(given);
}

/** Refuses a value that AWS would refuse later. What is known only at the deployment is not judged. */
export function check(name: string, value: string | number, accepted: boolean, remedy: string): void {
  if (!accepted && !cdk.Token.isUnresolved(value)) {
    throw new Error(`The value of ${name} is not valid: ${value}. ${remedy}`);
  }
}

/** Reads a file of this folder and replaces references with values. */
export function read(file: string, values: Record<string, string>): string {
  const text = fs.readFileSync(path.join(__dirname, "..", file), "utf8").trim();
  return Object.entries(values).reduce((read, [reference, value]) => read.split(reference).join(value), text);
}

/**
 * Gives the resources of a construct the logical IDs that they would have directly in its scope, with a prefix.
 * Exports before there were constructs for jobs had them there, and CloudFormation replaces what gets another ID.
 */
export function keepLogicalIds(construct: Construct, prefix: string): void {
  const scope = construct.node.scope as Construct;
  for (const child of construct.node.children) {
    if (cdk.CfnResource.isCfnResource(child)) {
      const there = new cdk.CfnCondition(scope, prefix + child.node.id);
      child.overrideLogicalId(cdk.Stack.of(scope).getLogicalId(there));
      scope.node.tryRemoveChild(there.node.id);
    }
  }
}

/** Lets the services that use a key for a deployment use it. The policy of a key that another app has stays as it is. */
export function letServicesUse(key: kms.IKey, scope: Construct, deployment: string, hasTable: boolean): void {
  const { partition, region, account, urlSuffix } = cdk.Stack.of(scope);
  const allow = (service: string, actions: string[], conditions?: Record<string, unknown>) => {
    const principals = [new iam.ServicePrincipal(service)];
    key.addToResourcePolicy(new iam.PolicyStatement({ principals, actions, resources: ["*"], conditions }), true);
  };
  const groups = ["/aws/lambda/", "/aws/vendedlogs/states/"].map(
    (prefix) => `arn:${partition}:logs:${region}:${account}:log-group:${prefix}${deployment}-*`,
  );
  const logs = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"];
  allow(`logs.${region}.${urlSuffix}`, logs, { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groups } });
  allow("delivery.logs.amazonaws.com", ["kms:Decrypt*"]);
  if (hasTable) {
    allow("events.amazonaws.com", ["kms:Decrypt", "kms:GenerateDataKey"]);
  }
}
