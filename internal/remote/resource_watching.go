package remote

import (
	"context"
)

// What CloudWatch and EventBridge say. Shapes: the SDK's service models (CloudWatch 2010-08-01, AWS JSON 1.0;
// CloudWatch Logs 2014-03-28 and EventBridge 2015-10-07, AWS JSON 1.1).

func readLogGroup(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["LogGroupName"]
	resource := c.arn("logs", "log-group:"+name+":*")
	var out struct {
		LogGroups []struct {
			LogGroupName    string
			RetentionInDays int
			KmsKeyID        string
		}
	}
	err := c.logs.call(ctx, "Logs_20140328.DescribeLogGroups", map[string]any{"logGroupNamePrefix": name}, &out)
	if err != nil {
		return nil, asked("logs:DescribeLogGroups", resource, err)
	}
	for _, g := range out.LogGroups {
		if g.LogGroupName != name {
			continue
		}
		p := properties{"LogGroupName": name}
		p.text("KmsKeyId", g.KmsKeyID)
		if g.RetentionInDays > 0 {
			p["RetentionInDays"] = g.RetentionInDays
		}
		return p, nil
	}
	return nil, asked("logs:DescribeLogGroups", resource, notFound(name))
}

func readQuery(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["Name"]
	var out struct {
		QueryDefinitions []struct {
			Name, QueryString string
			LogGroupNames     []any
		}
	}
	err := c.logs.call(ctx, "Logs_20140328.DescribeQueryDefinitions", map[string]any{"queryDefinitionNamePrefix": name},
		&out)
	if err != nil {
		return nil, asked("logs:DescribeQueryDefinitions", "*", err)
	}
	for _, q := range out.QueryDefinitions {
		if q.Name == name {
			return properties{"Name": name, "QueryString": q.QueryString, "LogGroupNames": q.LogGroupNames}, nil
		}
	}
	return nil, asked("logs:DescribeQueryDefinitions", "*", notFound(name))
}

func readAlarm(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["AlarmName"]
	resource := c.arn("cloudwatch", "alarm:"+name)
	var out struct{ MetricAlarms []map[string]any }
	err := c.monitoring.call(ctx, "GraniteServiceVersion20100801.DescribeAlarms",
		map[string]any{"AlarmNames": []string{name}}, &out)
	if err == nil && len(out.MetricAlarms) == 0 {
		err = notFound(name)
	}
	if err != nil {
		return nil, asked("cloudwatch:DescribeAlarms", resource, err)
	}
	return out.MetricAlarms[0], nil // the API has CloudFormation's words
}

func readDashboard(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["DashboardName"]
	var out struct{ DashboardBody string }
	err := c.monitoring.call(ctx, "GraniteServiceVersion20100801.GetDashboard", map[string]any{"DashboardName": name},
		&out)
	if err != nil {
		return nil, asked("cloudwatch:GetDashboard", c.arn("cloudwatch", "dashboard/"+name), err)
	}
	return properties{"DashboardName": name, "DashboardBody": out.DashboardBody}, nil
}

func readRule(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["Name"]
	resource := c.arn("events", "rule/"+name)
	var out struct{ State, EventPattern, ScheduleExpression, Description string }
	err := c.events.call(ctx, "AWSEvents.DescribeRule", map[string]any{"Name": name}, &out)
	if err != nil {
		return nil, asked("events:DescribeRule", resource, err)
	}
	var listed struct{ Targets []any }
	err = c.events.call(ctx, "AWSEvents.ListTargetsByRule", map[string]any{"Rule": name}, &listed)
	if err != nil {
		return nil, asked("events:ListTargetsByRule", resource, err)
	}
	p := properties{"Name": name, "Targets": listed.Targets}
	p.text("EventPattern", out.EventPattern)
	p.text("ScheduleExpression", out.ScheduleExpression)
	p.text("Description", out.Description)
	p.text("State", out.State)
	return p, nil
}

// readQueue reads a queue and its policy.
func readQueue(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["QueueName"]
	resource := c.arn("sqs", name)
	var found struct{ QueueURL string }
	err := c.sqs.call(ctx, "AmazonSQS.GetQueueUrl", map[string]any{"QueueName": name}, &found)
	if err != nil {
		return nil, asked("sqs:GetQueueUrl", resource, err)
	}
	var out struct{ Attributes map[string]string }
	err = c.sqs.call(ctx, "AmazonSQS.GetQueueAttributes",
		map[string]any{"QueueUrl": found.QueueURL, "AttributeNames": []string{"All"}}, &out)
	if err != nil {
		return nil, asked("sqs:GetQueueAttributes", resource, err)
	}
	p := properties{"QueueName": name, "Queues": []any{found.QueueURL}}
	for attribute, value := range out.Attributes {
		p.text(attribute, value) // most have CloudFormation's words
	}
	p.text("PolicyDocument", out.Attributes["Policy"])
	return p, nil
}
