package remote

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go"
)

// reader reads a resource of one type as it is deployed. named are properties that find it.
type reader func(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error)

// readers are those of the types that an export has.
var readers = map[string]reader{
	"AWS::CloudWatch::Alarm":               readAlarm,
	"AWS::CloudWatch::Dashboard":           readDashboard,
	"AWS::Connect::ContactFlow":            readFlow,
	"AWS::Connect::ContactFlowModule":      readModule,
	"AWS::Connect::IntegrationAssociation": readAssociation,
	"AWS::DynamoDB::Table":                 readTable,
	"AWS::Events::Rule":                    readRule,
	"AWS::IAM::Role":                       readRole,
	"AWS::IAM::RolePolicy":                 readRolePolicy,
	"AWS::Lambda::Alias":                   readAlias,
	"AWS::Lambda::EventInvokeConfig":       readInvokeConfig,
	"AWS::Lambda::EventSourceMapping":      readMapping,
	"AWS::Lambda::Function":                readFunction,
	"AWS::Lambda::Permission":              readPermission,
	"AWS::Logs::LogGroup":                  readLogGroup,
	"AWS::Logs::QueryDefinition":           readQuery,
	"AWS::SQS::Queue":                      readQueue,
	"AWS::SQS::QueuePolicy":                readQueue,
	"AWS::StepFunctions::StateMachine":     readStateMachine,
}

// Resource returns a resource of a type of CloudFormation as it is deployed, with the properties that CloudFormation
// has for the type, as far as an export sets them, and with what else the service tells about its state. named are
// properties that say which one it is, and Arn. One that is not there is an error with the code
// ResourceNotFoundException or the service's own.
func (c *Cloud) Resource(ctx context.Context, kind string, named map[string]string) (map[string]any, error) {
	read, ok := readers[kind]
	if !ok {
		return nil, fmt.Errorf("resources of the type %s cannot be read", kind)
	}
	return read(ctx, c, named)
}

// properties are properties of a resource. What is empty is as if it were not there.
type properties map[string]any

func (p properties) text(key, value string) {
	if value != "" {
		p[key] = value
	}
}

// notFound is the error for something that a list does not have.
func notFound(what string) error {
	return &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: what + " does not exist"}
}

func readStateMachine(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["Arn"]
	out, err := c.states.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: &name})
	if err != nil {
		return nil, asked("states:DescribeStateMachine", name, err)
	}
	p := properties{"StateMachineType": string(out.Type), "State": string(out.Status),
		"RoleArn": aws.ToString(out.RoleArn), "DefinitionString": aws.ToString(out.Definition)}
	p.text("StateMachineName", aws.ToString(out.Name))
	if l := out.LoggingConfiguration; l != nil {
		destinations := []any{}
		for _, d := range l.Destinations {
			if d.CloudWatchLogsLogGroup != nil {
				group := map[string]any{"LogGroupArn": aws.ToString(d.CloudWatchLogsLogGroup.LogGroupArn)}
				destinations = append(destinations, map[string]any{"CloudWatchLogsLogGroup": group})
			}
		}
		p["LoggingConfiguration"] = map[string]any{"Level": string(l.Level),
			"IncludeExecutionData": l.IncludeExecutionData, "Destinations": destinations}
	}
	if out.TracingConfiguration != nil {
		p["TracingConfiguration"] = map[string]any{"Enabled": out.TracingConfiguration.Enabled}
	}
	if e := out.EncryptionConfiguration; e != nil {
		p["EncryptionConfiguration"] = map[string]any{"Type": string(e.Type), "KmsKeyId": aws.ToString(e.KmsKeyId),
			"KmsDataKeyReusePeriodSeconds": int(aws.ToInt32(e.KmsDataKeyReusePeriodSeconds))}
	}
	return p, nil
}

func readTable(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["TableName"]
	resource := c.arn("dynamodb", "table/"+name)
	out, err := c.dynamodb.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		return nil, asked("dynamodb:DescribeTable", resource, err)
	}
	ttl, err := c.dynamodb.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		return nil, asked("dynamodb:DescribeTimeToLive", resource, err)
	}
	p := properties{"TableName": name, "TimeToLiveSpecification": timeToLive(ttl.TimeToLiveDescription)}
	if out.Table != nil {
		addTable(p, out.Table)
	}
	return p, nil
}

func addTable(p properties, t *types.TableDescription) {
	attributes, keys := []any{}, []any{}
	for _, a := range t.AttributeDefinitions {
		attributes = append(attributes, map[string]any{"AttributeName": aws.ToString(a.AttributeName),
			"AttributeType": string(a.AttributeType)})
	}
	for _, k := range t.KeySchema {
		keys = append(keys, map[string]any{"AttributeName": aws.ToString(k.AttributeName),
			"KeyType": string(k.KeyType)})
	}
	p["AttributeDefinitions"], p["KeySchema"] = attributes, keys
	if len(t.GlobalSecondaryIndexes) > 0 {
		p["GlobalSecondaryIndexes"] = indexes(t.GlobalSecondaryIndexes)
	}
	p.text("State", string(t.TableStatus))
	p["DeletionProtectionEnabled"] = aws.ToBool(t.DeletionProtectionEnabled)
	if t.BillingModeSummary != nil {
		p["BillingMode"] = string(t.BillingModeSummary.BillingMode)
	}
	if s := t.SSEDescription; s != nil {
		p["SSESpecification"] = map[string]any{"SSEEnabled": s.Status == types.SSEStatusEnabled,
			"SSEType": string(s.SSEType), "KMSMasterKeyId": aws.ToString(s.KMSMasterKeyArn)}
	}
}

// indexes are the secondary indexes of a table.
func indexes(list []types.GlobalSecondaryIndexDescription) []any {
	out := []any{}
	for _, x := range list {
		keys := []any{}
		for _, k := range x.KeySchema {
			keys = append(keys, map[string]any{"AttributeName": aws.ToString(k.AttributeName),
				"KeyType": string(k.KeyType)})
		}
		index := map[string]any{"IndexName": aws.ToString(x.IndexName), "KeySchema": keys}
		if x.Projection != nil {
			attributes := []any{}
			for _, name := range x.Projection.NonKeyAttributes {
				attributes = append(attributes, name)
			}
			index["Projection"] = map[string]any{"ProjectionType": string(x.Projection.ProjectionType),
				"NonKeyAttributes": attributes}
		}
		out = append(out, index)
	}
	return out
}

func timeToLive(d *types.TimeToLiveDescription) map[string]any {
	if d == nil {
		return nil
	}
	on := d.TimeToLiveStatus == types.TimeToLiveStatusEnabled || d.TimeToLiveStatus == types.TimeToLiveStatusEnabling
	return map[string]any{"AttributeName": aws.ToString(d.AttributeName), "Enabled": on}
}
