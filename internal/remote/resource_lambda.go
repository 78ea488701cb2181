package remote

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"
)

func readFunction(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["FunctionName"]
	resource := c.functionARN(name)
	out, err := c.lambda.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &name})
	if err != nil {
		return nil, asked("lambda:GetFunctionConfiguration", resource, err)
	}
	p := properties{"FunctionName": name, "Timeout": int(aws.ToInt32(out.Timeout)), "Runtime": string(out.Runtime)}
	p.text("Description", aws.ToString(out.Description))
	p.text("Handler", aws.ToString(out.Handler))
	p.text("Role", aws.ToString(out.Role))
	p.text("KmsKeyArn", aws.ToString(out.KMSKeyArn))
	p.text("State", string(out.State))
	p.text("CodeSha256", aws.ToString(out.CodeSha256))
	if out.MemorySize != nil {
		p["MemorySize"] = int(*out.MemorySize)
	}
	architectures := []any{}
	for _, a := range out.Architectures {
		architectures = append(architectures, string(a))
	}
	p["Architectures"] = architectures
	if out.TracingConfig != nil {
		p["TracingConfig"] = map[string]any{"Mode": string(out.TracingConfig.Mode)}
	}
	variables := map[string]any{}
	if e := out.Environment; e != nil && e.Error != nil { // it is encrypted with a key of the user's own
		refused := &smithy.GenericAPIError{Code: aws.ToString(e.Error.ErrorCode),
			Message: aws.ToString(e.Error.Message)}
		return nil, asked("kms:Decrypt", aws.ToString(out.KMSKeyArn), refused)
	}
	if out.Environment != nil {
		for name, value := range out.Environment.Variables {
			variables[name] = value
		}
	}
	p["Environment"] = map[string]any{"Variables": variables}
	concurrency, err := c.lambda.GetFunctionConcurrency(ctx, &lambda.GetFunctionConcurrencyInput{FunctionName: &name})
	if err != nil {
		return nil, asked("lambda:GetFunctionConcurrency", resource, err)
	}
	if reserved := concurrency.ReservedConcurrentExecutions; reserved != nil {
		p["ReservedConcurrentExecutions"] = int(*reserved)
	}
	return p, nil
}

func readAlias(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	function, name := named["FunctionName"], named["Name"]
	out, err := c.lambda.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: &function, Name: &name})
	if err != nil {
		return nil, asked("lambda:GetAlias", c.functionARN(function), err)
	}
	p := properties{"FunctionName": function, "Name": aws.ToString(out.Name),
		"FunctionVersion": aws.ToString(out.FunctionVersion)}
	p.text("Description", aws.ToString(out.Description))
	if out.RoutingConfig != nil && len(out.RoutingConfig.AdditionalVersionWeights) > 0 {
		weights := []any{}
		for version, weight := range out.RoutingConfig.AdditionalVersionWeights { // Lambda takes one
			weights = append(weights, map[string]any{"FunctionVersion": version, "FunctionWeight": weight})
		}
		p["RoutingConfig"] = map[string]any{"AdditionalVersionWeights": weights}
	}
	return p, nil
}

func readInvokeConfig(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["FunctionName"]
	out, err := c.lambda.GetFunctionEventInvokeConfig(ctx,
		&lambda.GetFunctionEventInvokeConfigInput{FunctionName: &name})
	if err != nil {
		return nil, asked("lambda:GetFunctionEventInvokeConfig", c.functionARN(name), err)
	}
	p := properties{"FunctionName": name, "Qualifier": "$LATEST"} // it was asked for
	if out.MaximumRetryAttempts != nil {
		p["MaximumRetryAttempts"] = int(*out.MaximumRetryAttempts)
	}
	if out.MaximumEventAgeInSeconds != nil {
		p["MaximumEventAgeInSeconds"] = int(*out.MaximumEventAgeInSeconds)
	}
	if d := out.DestinationConfig; d != nil && d.OnFailure != nil {
		p["DestinationConfig"] = map[string]any{
			"OnFailure": map[string]any{"Destination": aws.ToString(d.OnFailure.Destination)}}
	}
	return p, nil
}

// readMapping reads what a function takes its events from: the source that is named.
func readMapping(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name, from := named["FunctionName"], named["EventSourceArn"]
	out, err := c.lambda.ListEventSourceMappings(ctx,
		&lambda.ListEventSourceMappingsInput{FunctionName: &name, EventSourceArn: &from})
	if err == nil && len(out.EventSourceMappings) == 0 {
		err = notFound(from)
	}
	if err != nil {
		return nil, asked("lambda:ListEventSourceMappings", "*", err)
	}
	m := out.EventSourceMappings[0]
	p := properties{"FunctionName": name, "EventSourceArn": aws.ToString(m.EventSourceArn),
		"BatchSize": int(aws.ToInt32(m.BatchSize))}
	p.text("State", aws.ToString(m.State))
	if m.ScalingConfig != nil {
		p["ScalingConfig"] = map[string]any{"MaximumConcurrency": int(aws.ToInt32(m.ScalingConfig.MaximumConcurrency))}
	}
	return p, nil
}

// readPermission reads the statement that lets the service invoke the function: the one for the source that is named,
// else any.
func readPermission(ctx context.Context, c *Cloud, named map[string]string) (map[string]any, error) {
	name := named["FunctionName"]
	resource := c.functionARN(name)
	out, err := c.lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &name})
	if err != nil {
		return nil, asked("lambda:GetPolicy", resource, err)
	}
	var policy struct{ Statement []statement }
	if err := json.Unmarshal([]byte(aws.ToString(out.Policy)), &policy); err != nil {
		return nil, asked("lambda:GetPolicy", resource, err)
	}
	var found map[string]any
	for _, s := range policy.Statement {
		if !s.allows(named["Principal"], named["Action"]) {
			continue
		}
		p := properties{"FunctionName": name, "Principal": named["Principal"], "Action": named["Action"]}
		p.condition("SourceArn", s.condition("AWS:SourceArn"), named["SourceArn"])
		p.condition("SourceAccount", s.condition("AWS:SourceAccount"), named["SourceAccount"])
		if found == nil || p["SourceArn"] == named["SourceArn"] {
			found = p
		}
	}
	if found == nil {
		return nil, asked("lambda:GetPolicy", resource, notFound("a statement for "+named["Principal"]))
	}
	return found, nil
}

// condition adds what a statement's condition asks for: of several values the one that is wanted.
func (p properties) condition(property string, values []string, wanted string) {
	for _, value := range values {
		if p[property] != wanted {
			p.text(property, value)
		}
	}
}

// statement is a statement of the policy of a function. Where it may have a text or a list, both are read.
type statement struct {
	Effect            string
	Principal, Action any
	Condition         map[string]map[string]any
}

func (s statement) allows(service, action string) bool {
	principal, _ := s.Principal.(map[string]any)
	return s.Effect == "Allow" && has(principal["Service"], service) && has(s.Action, action)
}

// condition returns the values of a key of the statement's condition. Keys have no fixed case.
func (s statement) condition(key string) (values []string) {
	for _, operator := range s.Condition {
		for name, value := range operator {
			if strings.EqualFold(name, key) {
				values = append(values, texts(value)...)
			}
		}
	}
	return values
}

// texts are the texts of a value of a policy, a text or a list of texts.
func texts(value any) (list []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, item := range value {
			list = append(list, texts(item)...)
		}
	}
	return list
}

func has(value any, want string) bool {
	for _, text := range texts(value) {
		if text == want {
			return true
		}
	}
	return false
}
