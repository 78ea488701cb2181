import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as stepfunctions from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";

/** A metric that the async function writes for a job of a deployment. */
export function jobMetric(
  scope: Construct, deployment: string, job: string, metricName: string, options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  const metric = new cloudwatch.Metric({
    namespace: "{{.MetricNamespace}}",
    metricName,
    dimensionsMap: { {{.MetricDeployment}}: deployment, {{.MetricJob}}: job },
    ...options,
  });
  return metric.attachTo(scope);
}

/** A job: its state machine, with the role and the log of that, and its alarms. */
export abstract class Job extends Construct {
  /** The state machine, for grants and for the metrics of Step Functions. No grant changes the state machine's role. */
  abstract readonly stateMachine: stepfunctions.IStateMachine;

  constructor(scope: Construct, id: string, private readonly deployment: string, private readonly job: string) {
    super(scope, id);
  }

  /** A metric that the async function writes for this job. */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return jobMetric(this, this.deployment, this.job, metricName, options);
  }
{{range .Metrics}}
  /** {{.Meaning}}. Default statistic: {{.Statistic}}. */
  metric{{.Name}}(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric("{{.Name}}", { statistic: "{{.Statistic}}", ...options });
  }
{{end}}}
