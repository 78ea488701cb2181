import * as cdk from "aws-cdk-lib";
import { Construct } from "constructs";

/** Findings of cdk-nag, and why they do not apply. */
interface Acknowledged {
  readonly rules: string[];
  readonly reason: string;
}

/** What is acknowledged, by the type of the resource. */
const acknowledged: Record<string, Acknowledged[]> = {
  "AWS::StepFunctions::StateMachine": [
    {
      rules: ["AwsSolutions-SF1"],
      reason: "Step Functions keeps the history of each execution for 90 days. The log has errors only, and no data of callers.",
    },
    {
      rules: ["AwsSolutions-SF2", "Serverless-StepFunctionStateMachineXray"],
      reason: "X-Ray is an option of the project file, deploy: {tracing: true}, since traces are billed.",
    },
  ],
  "AWS::Lambda::Function": [
    {
      rules: ["Serverless-LambdaTracing"],
      reason: "X-Ray is an option of the project file, deploy: {tracing: true}, since traces are billed.",
    },
    {
      rules: ["Serverless-LambdaDLQ", "HIPAA.Security-LambdaDLQ", "NIST.800.53.R5-LambdaDLQ"],
      reason:
        "Connect invokes the async function synchronously, for which Lambda uses no queue. Events that the function for ends " +
        "fails on go to the queue that is its destination on failure.",
    },
    {
      rules: [
        "HIPAA.Security-LambdaInsideVPC", "NIST.800.53.R4-LambdaInsideVPC", "NIST.800.53.R5-LambdaInsideVPC",
        "PCI.DSS.321-LambdaInsideVPC",
      ],
      reason: "It calls Step Functions and DynamoDB with its role, over TLS, and nothing that is in a VPC.",
    },
    {
      rules: ["HIPAA.Security-LambdaConcurrency", "NIST.800.53.R5-LambdaConcurrency"],
      reason:
        "A limit refuses callers when it is too low. It is given with reservedConcurrency and endsReservedConcurrency.",
    },
  ],
  "AWS::DynamoDB::Table": [
    {
      rules: [
        "AwsSolutions-DDB3", "HIPAA.Security-DynamoDBPITREnabled", "NIST.800.53.R4-DynamoDBPITREnabled",
        "NIST.800.53.R5-DynamoDBPITREnabled", "HIPAA.Security-DynamoDBInBackupPlan",
        "NIST.800.53.R4-DynamoDBInBackupPlan", "NIST.800.53.R5-DynamoDBInBackupPlan",
      ],
      reason:
        "An item is of use while a caller waits, and expires after it. Results are in the history of Step Functions, too, and a " +
        "backup would keep data of callers for longer than the table.",
    },
  ],
  "AWS::SQS::Queue": [
    {
      rules: ["AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"],
      reason: "It is a queue for what could not be delivered itself. An alarm tells when something is in it.",
    },
    {
      rules: ["AwsSolutions-SQS4"],
      reason: "Only EventBridge and Lambda send to it, over TLS. Nobody else is let in by a policy of ours.",
    },
  ],
  "AWS::Logs::LogGroup": [
    {
      rules: [
        "HIPAA.Security-CloudWatchLogGroupEncrypted", "NIST.800.53.R4-CloudWatchLogGroupEncrypted",
        "NIST.800.53.R5-CloudWatchLogGroupEncrypted", "PCI.DSS.321-CloudWatchLogGroupEncrypted",
      ],
      reason:
        "CloudWatch Logs encrypts with its own key, and no data of callers is logged. A key of your own is an option of the " +
        "project file, deploy: {encryption: true}.",
    },
  ],
  "AWS::CloudWatch::Alarm": [
    {
      rules: [
        "HIPAA.Security-CloudWatchAlarmAction", "NIST.800.53.R4-CloudWatchAlarmAction",
        "NIST.800.53.R5-CloudWatchAlarmAction",
      ],
      reason: "The topic that alarms are sent to is given with alarmTopic.",
    },
  ],
};

/** Acknowledges what cdk-nag finds in a construct and does not apply, so that only other findings are reported. */
export function acknowledge(construct: Construct): void {
  for (const child of construct.node.findAll()) {
    if (cdk.CfnResource.isCfnResource(child)) {
      for (const { rules, reason } of acknowledged[child.cfnResourceType] ?? []) {
        cdk.Validations.of(child).acknowledge(...rules.map((id) => ({ id, reason })));
      }
    }
  }
}
