package deploy_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sentences say what a resource is, in the words of each vocabulary. A path in braces is a property; "none" when it is
// absent. Two exports that give the same sentences describe the same resources.
var sentences = map[string]string{
	"AWS::Logs::LogGroup":      "log group {LogGroupName} for {RetentionInDays} days, key {KmsKeyId}",
	"aws_cloudwatch_log_group": "log group {name} for {retention_in_days} days, key {kms_key_id}",

	"AWS::DynamoDB::Table": "table {TableName} {BillingMode} by {KeySchema.AttributeName} " +
		"{AttributeDefinitions.AttributeType}, " +
		"forgets by {TimeToLiveSpecification.AttributeName} {TimeToLiveSpecification.Enabled}, key " +
		"{SSESpecification.KMSMasterKeyId}\n" +
		"table {TableName} has the index {GlobalSecondaryIndexes.IndexName} by " +
		"{GlobalSecondaryIndexes.KeySchema.AttributeName} with {GlobalSecondaryIndexes.Projection.NonKeyAttributes}",
	"aws_dynamodb_table": "table {name} {billing_mode} by {hash_key} {attribute.type}, forgets by " +
		"{ttl.attribute_name} {ttl.enabled}, key {server_side_encryption.kms_key_arn}\n" +
		"table {name} has the index {global_secondary_index.name} by {global_secondary_index.hash_key} " +
		"with {global_secondary_index.non_key_attributes}",

	"AWS::IAM::Role": "role {Path}{RoleName} trusts {AssumeRolePolicyDocument}, bounded by {PermissionsBoundary}",
	"aws_iam_role":   "role {path}{name} trusts {assume_role_policy}, bounded by {permissions_boundary}",

	"AWS::StepFunctions::StateMachine": "state machine {StateMachineName} {StateMachineType} as {RoleArn}, logs " +
		"{LoggingConfiguration.Level} " +
		"data {LoggingConfiguration.IncludeExecutionData} to " +
		"{LoggingConfiguration.Destinations.CloudWatchLogsLogGroup.LogGroupArn}, " +
		"key {EncryptionConfiguration.KmsKeyId} {EncryptionConfiguration.Type}, " +
		"traced {TracingConfiguration.Enabled}",
	"aws_sfn_state_machine": "state machine {name} {type} as {role_arn}, logs {logging_configuration.level} " +
		"data {logging_configuration.include_execution_data} to {logging_configuration.log_destination}, " +
		"key {encryption_configuration.kms_key_id} {encryption_configuration.type}, " +
		"traced {tracing_configuration.enabled}",

	"AWS::Lambda::Function": "function {FunctionName} {Runtime} {Handler} {Architectures} {MemorySize} MB {Timeout} " +
		"s as {Role}, " +
		"reserved {ReservedConcurrentExecutions}, key {KmsKeyArn}, traced {TracingConfig.Mode}, " +
		"{Environment.Variables}",
	"aws_lambda_function": "function {function_name} {runtime} {handler} {architectures} {memory_size} MB {timeout} " +
		"s as {role}, " +
		"reserved {reserved_concurrent_executions}, key {kms_key_arn}, traced {tracing_config.mode}, " +
		"{environment.variables}",

	"AWS::Lambda::Permission": "{Principal} of {SourceAccount} {SourceArn} may {Action} {FunctionName}",
	"aws_lambda_permission":   "{principal} of {source_account} {source_arn} may {action} {function_name}{qualifier}",

	"AWS::Lambda::Version": "versions of {FunctionName} are published",
	"AWS::Lambda::Alias": "alias {Name} of {FunctionName}: {Description}, {FunctionVersion}, and for " +
		"{RoutingConfig.AdditionalVersionWeights}",
	"aws_lambda_alias": "alias {name} of {function_name}: {description}, {function_version}, and for " +
		"{routing_config.additional_version_weights}",

	"AWS::Connect::IntegrationAssociation":    "instance {InstanceId} has {IntegrationArn}",
	"aws_connect_lambda_function_association": "instance {instance_id} has {function_arn}",

	"AWS::Connect::ContactFlow":       "flow {Name} {Type} in {InstanceArn}",
	"aws_connect_contact_flow":        "flow {name} {type} in {instance_id}",
	"AWS::Connect::ContactFlowModule": "module {Name} in {InstanceArn}, settings {Settings}",
	"aws_connect_contact_flow_module": "module {name} in {instance_id}, settings {}",

	"AWS::CloudWatch::Alarm": "alarm {AlarmName}: {Statistic} {ExtendedStatistic} {Namespace} {MetricName} of " +
		"{Dimensions} {ComparisonOperator} {Threshold} in {DatapointsToAlarm} of {EvaluationPeriods} x {Period} s, " +
		"{TreatMissingData}, tells {AlarmActions} and {OKActions}",
	"aws_cloudwatch_metric_alarm": "alarm {alarm_name}: {statistic} {extended_statistic} {namespace} {metric_name} " +
		"of {dimensions} {comparison_operator} {threshold} in {datapoints_to_alarm} of {evaluation_periods} " +
		"x {period} s, {treat_missing_data}, tells {alarm_actions} and {ok_actions}",

	"AWS::CloudWatch::Dashboard": "dashboard {DashboardName}",
	"aws_cloudwatch_dashboard":   "dashboard {dashboard_name}",

	"AWS::SQS::Queue": "queue {QueueName} for {MessageRetentionPeriod} s, key {KmsMasterKeyId}, of SQS " +
		"{SqsManagedSseEnabled}\n" +
		"queue {QueueName} shows after {DelaySeconds} s, hides for {VisibilityTimeout} s, then {RedrivePolicy}",
	"aws_sqs_queue": "queue {name} for {message_retention_seconds} s, key {kms_master_key_id}, of SQS " +
		"{sqs_managed_sse_enabled}\n" +
		"queue {name} shows after {delay_seconds} s, hides for {visibility_timeout_seconds} s, then {redrive_policy}",
	"AWS::SQS::QueuePolicy": "a queue allows {PolicyDocument}",
	"aws_sqs_queue_policy":  "a queue allows {policy}",

	"AWS::Lambda::EventInvokeConfig": "{FunctionName} is invoked {MaximumRetryAttempts} times more within " +
		"{MaximumEventAgeInSeconds} s, then {DestinationConfig.OnFailure.Destination}",
	"aws_lambda_function_event_invoke_config": "{function_name} is invoked {maximum_retry_attempts} times more " +
		"within {maximum_event_age_in_seconds} s, then {destination_config.on_failure.destination}",

	"AWS::Lambda::EventSourceMapping": "{FunctionName} gets {BatchSize} of {EventSourceArn}, at most " +
		"{ScalingConfig.MaximumConcurrency} times at once",
	"aws_lambda_event_source_mapping": "{function_name} gets {batch_size} of {event_source_arn}, at most " +
		"{scaling_config.maximum_concurrency} times at once",

	"AWS::Events::Rule": "rule {Name} matches {EventPattern} {ScheduleExpression}\n" +
		"rule {Name} tells {Targets.Arn} in {Targets.RetryPolicy.MaximumRetryAttempts} tries within " +
		"{Targets.RetryPolicy.MaximumEventAgeInSeconds} s, else {Targets.DeadLetterConfig.Arn}",
	"aws_cloudwatch_event_rule": "rule {name} matches {event_pattern} {schedule_expression}",
	"aws_cloudwatch_event_target": "rule {rule} tells {arn} in {retry_policy.maximum_retry_attempts} tries within " +
		"{retry_policy.maximum_event_age_in_seconds} s, else {dead_letter_config.arn}",

	"AWS::Logs::QueryDefinition":      "query {Name} of {LogGroupNames}",
	"aws_cloudwatch_query_definition": "query {name} of {log_group_names}",
}

// documentProperties hold JSON documents; policyProperties hold policies.
var (
	documentProperties = map[string]string{
		"AWS::StepFunctions::StateMachine": "DefinitionString", "aws_sfn_state_machine": "definition",
		"AWS::Connect::ContactFlow": "Content", "aws_connect_contact_flow": "content",
		"AWS::Connect::ContactFlowModule": "Content", "aws_connect_contact_flow_module": "content",
		"AWS::CloudWatch::Dashboard": "DashboardBody", "aws_cloudwatch_dashboard": "dashboard_body",
		"AWS::Logs::QueryDefinition": "QueryString", "aws_cloudwatch_query_definition": "query_string",
	}
	policyProperties = map[string][2]string{"AWS::IAM::RolePolicy": {"RoleName", "PolicyDocument"},
		"aws_iam_role_policy": {"role", "policy"}}
)

// readResource is a resource that was read back from an export, its references resolved.
type readResource struct {
	kind       string
	properties map[string]any
}

// facts are the sentences of an export and the documents in it, by what they belong to.
type facts struct {
	sentences []string
	documents map[string]any
}

func factsOf(t *testing.T, resources []readResource) facts {
	t.Helper()
	f := facts{documents: map[string]any{}}
	for _, r := range resources {
		if p, ok := policyProperties[r.kind]; ok {
			f.sentences = append(f.sentences, policyFacts(t, r.text(p[0]), parsed(r.value(p[1])))...)
			continue
		}
		sentence, ok := sentences[r.kind]
		if !ok {
			t.Fatalf("the export has a resource of type %s, which nobody asked for", r.kind)
		}
		said := inBraces.ReplaceAllStringFunc(sentence,
			func(path string) string { return r.text(path[1 : len(path)-1]) })
		f.sentences = append(f.sentences, strings.Split(said, "\n")...)
		if r.value("publish") == true {
			f.sentences = append(f.sentences, "versions of "+r.text("function_name")+" are published")
		}
		if property, ok := documentProperties[r.kind]; ok {
			f.documents[firstWords(said)] = parsed(r.value(property))
		}
	}
	slices.Sort(f.sentences)
	return f
}

var inBraces = regexp.MustCompile(`\{[A-Za-z_.]+\}`)

// policyFacts are a policy's pairs of action and resource, with the condition.
func policyFacts(t *testing.T, role string, policy any) []string {
	t.Helper()
	var out []string
	for _, s := range policy.(map[string]any)["Statement"].([]any) {
		statement := s.(map[string]any)
		if statement["Effect"] != "Allow" || statement["Sid"] == "" {
			t.Errorf("%s: a statement that is not Allow, or without Sid: %v", role, statement)
		}
		for _, action := range statement["Action"].([]any) {
			for _, resource := range statement["Resource"].([]any) {
				said := fmt.Sprintf("%s may %s on %s", role, action, resource)
				if condition, ok := statement["Condition"]; ok {
					text, _ := json.Marshal(condition)
					said += " if " + string(text)
				}
				out = append(out, said)
			}
		}
	}
	return out
}

// value follows a path; a list of one element is that element.
func (r readResource) value(path string) any {
	var at any = r.properties
	for _, key := range strings.Split(path, ".") {
		at = member(at, key)
	}
	return at
}

// member is a member of an object, or of each object of a list of several.
func member(at any, key string) any {
	if items, ok := at.([]any); ok && len(items) == 1 {
		at = items[0]
	} else if ok {
		each := []any{}
		for _, item := range items {
			each = append(each, member(item, key))
		}
		return each
	}
	object, ok := at.(map[string]any)
	if !ok {
		return nil
	}
	if v, ok := object[key]; ok {
		return v
	}
	return object[camelCase(key)]
}

// camelCase is how Pulumi writes an attribute of the Terraform provider, where it does not rename it.
func camelCase(key string) string {
	parts := strings.Split(key, "_")
	for i, p := range parts[1:] {
		parts[i+1] = strings.ToUpper(p[:1]) + p[1:]
	}
	return strings.Join(parts, "")
}

func (r readResource) text(path string) string {
	v := r.value(path)
	list, _ := v.([]any)
	switch {
	case path == "Dimensions" && list != nil:
		v = dimensions(list)
	case path == "RoutingConfig.AdditionalVersionWeights" && list != nil:
		v = weights(list)
	case path == "FunctionName" && r.kind == "AWS::Lambda::Permission": // an alias is named by its ARN
		full := fmt.Sprint(v)
		v = strings.TrimPrefix(full, lambdaARN)
	case path == "qualifier" && v == nil:
		return ""
	case path == "qualifier":
		v = fmt.Sprint(":", v)
	}
	switch v := parsed(v).(type) {
	case nil:
		return "none"
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	default:
		text, _ := json.Marshal(v)
		return string(text)
	}
}

// weights makes CloudFormation's list of versions and weights an object.
func weights(list []any) map[string]any {
	out := map[string]any{}
	for _, w := range list {
		weight := w.(map[string]any)
		out[fmt.Sprint(weight["FunctionVersion"])] = number(weight["FunctionWeight"])
	}
	return out
}

// dimensions makes CloudFormation's list of names and values an object.
func dimensions(list []any) map[string]any {
	out := map[string]any{}
	for _, d := range list {
		out[fmt.Sprint(d.(map[string]any)["Name"])] = d.(map[string]any)["Value"]
	}
	return out
}

// parsed is a text that holds a JSON object, as an object; anything else stays what it is.
func parsed(v any) any {
	text, ok := v.(string)
	if !ok || !strings.HasPrefix(strings.TrimSpace(text), "{") {
		return v
	}
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil {
		return v
	}
	return object
}

// firstWords are kind and name, without what differs between vocabularies.
func firstWords(sentence string) string {
	words := strings.Fields(sentence)
	if words[0] == "query" {
		return sentence
	}
	return strings.Join(words[:min(3, len(words))], " ")
}
