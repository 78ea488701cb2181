package verify_test

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/deploy"
)

// world is an account as the endpoints of these tests answer for it, in the shapes of the SDK's models. Stacks are
// deployed into it; a fault changes it, and a remedy changes it back.
type world struct {
	t           *testing.T
	account     string
	deployed    map[string]properties // by type and name, in CloudFormation's words
	wrapped     map[string]int        // timeouts by ARN
	roles       map[string]string     // of wrapped functions, by ARN
	concurrency int
	quotas      map[string]float64
	refused     map[string]string // error codes by action
	denied      map[string]bool   // by action and role, of what roles may not do
	start       map[string]any
	check       map[string]any
	foreign     map[string]any
	logged      []properties // by the async function, of calls through the alias

	mu    sync.Mutex
	calls map[string]bool  // the actions that were asked for
	sent  []map[string]any // parameters of the async function
}

type properties = map[string]any

func newWorld(t *testing.T) *world {
	return &world{t: t, account: account, deployed: map[string]properties{}, wrapped: map[string]int{},
		roles:       map[string]string{},
		concurrency: 1000, quotas: map[string]float64{}, refused: map[string]string{}, denied: map[string]bool{},
		start:   map[string]any{"status": "CREATED"},
		check:   map[string]any{"status": "FINISHED", "sfn_result": "SUCCESS"},
		foreign: map[string]any{"status": "FAILED", "sfn_error": "NotOwnExecution"}, calls: map[string]bool{}}
}

// deploy creates the resources of a stack, or only those that pick, as a tool does that is given every variable.
func (w *world) deploy(stack *deploy.Stack, place deploy.Site, pick func(deploy.Wanted) bool) {
	values := stack.Values(place)
	for _, r := range stack.Wanted(place) {
		if r.Kind() == "flow" {
			values[r.Key+".arn"] = place.Values["instance_arn"] + "/contact-flow/" + r.Name
		}
		if r.Kind() == "queue" {
			values[r.Key+".url"] = "https://sqs/111122223333/" + r.Name
		}
		if pick != nil && !pick(r) {
			continue
		}
		created := w.plain(r.Properties, values).(properties)
		tags := properties{}
		for key, value := range r.Tags {
			tags[key] = value
		}
		created["Tags"] = tags
		w.deployed[keyOf(r.Type, r.Name, r.Named["Principal"])] = created
		w.defaults(r, created, values)
	}
	for name, value := range place.Values {
		if _, ok := arn.FunctionName(value); ok && strings.HasSuffix(name, "_function_arn") {
			w.wrapped[value] = 20
		}
	}
}

// defaults adds what a service says about something new.
func (w *world) defaults(r deploy.Wanted, created properties, values map[string]string) {
	switch r.Kind() {
	case "flow":
		created["Arn"], created["Status"], created["State"] = values[r.Key+".arn"], "PUBLISHED", "ACTIVE"
	case "rule":
		created["State"] = "ENABLED"
	case "function":
		created["State"], created["CodeSha256"] = "Active", packageHash
	case "machine":
		created["State"] = "ACTIVE"
	case "queue":
		created["ApproximateNumberOfMessages"] = "0"
	}
}

func keyOf(kind, name, principal string) string {
	return strings.TrimSpace(kind + " " + name + " " + principal)
}

// plain is a value in the types of JSON.
func (w *world) plain(v any, values map[string]string) any {
	switch v := v.(type) {
	case deploy.Pattern:
		var b strings.Builder
		for _, p := range v {
			value, known := values[p.Variable]
			if !known {
				value = w.unknownTo(p.Variable)
			}
			b.WriteString(p.Literal + value)
		}
		return b.String()
	case deploy.Document:
		return v.Fill(values)
	case deploy.Whole:
		text, err := json.Marshal(w.plain(map[string]any(v), values))
		if err != nil {
			w.t.Fatal(err)
		}
		if _, policy := v["Version"]; policy || v["source"] != nil {
			return string(text)
		}
		return w.plain(map[string]any(v), values)
	case map[string]any:
		out := properties{}
		for key, member := range v {
			out[key] = w.plain(member, values)
			text, _ := out[key].(string)
			if n, err := strconv.Atoi(text); err == nil && slices.Contains(numbers, key) {
				out[key] = n
			}
		}
		return out
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, w.plain(item, values))
		}
		return out
	case int:
		return float64(v)
	}
	return v
}

// numbers are the properties that services have as numbers, also when a variable gives them.
var numbers = []string{"MemorySize", "RetentionInDays", "ReservedConcurrentExecutions"}

// unknownTo is what only AWS knows.
func (w *world) unknownTo(reference string) string {
	if reference == deploy.NewestVersion {
		return newestVersion
	}
	name, isQueue := strings.CutPrefix(reference, "queue.")
	if !isQueue && reference != "" {
		w.t.Fatalf("a deployment needs the variable %s", reference)
	}
	return strings.TrimSuffix(name, ".url")
}

// find returns a resource by its type and name.
func (w *world) find(kind, name string) properties {
	for _, principal := range []string{"", " connect.amazonaws.com", " events.amazonaws.com"} {
		if p := w.deployed[kind+" "+name+principal]; p != nil {
			return p
		}
	}
	return nil
}

// ServeHTTP implements http.Handler.
func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		w.target(out, target, body)
		return
	}
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") != "" {
		w.query(out, form)
		return
	}
	w.rest(out, r, strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/"), body)
}

// answer answers a request with a value, unless the action is refused; nil says that there is nothing.
func (w *world) answer(out http.ResponseWriter, action string, value any) {
	w.calls[action] = true
	if code := w.refused[action]; code != "" {
		fault(out, 400, code)
		return
	}
	if isNil(value) {
		fault(out, 404, "ResourceNotFoundException")
		return
	}
	text, err := json.Marshal(value)
	if err != nil {
		w.t.Error(err)
	}
	out.Header().Set("X-Amz-Crc32", fmt.Sprint(crc32.ChecksumIEEE(text))) // DynamoDB sends it, and the SDK looks at it
	_, _ = out.Write(text)
}

func isNil(value any) bool {
	p, ok := value.(properties)
	return value == nil || ok && p == nil
}

func fault(out http.ResponseWriter, status int, code string) {
	text := fmt.Sprintf(`{"__type":%q,"Message":"there is none"}`, code)
	out.Header().Set("X-Amzn-Errortype", code)
	out.Header().Set("X-Amz-Crc32", fmt.Sprint(crc32.ChecksumIEEE([]byte(text))))
	out.WriteHeader(status)
	fmt.Fprint(out, text)
}

// request has the parameters of the operations that a header names.
type request struct {
	StateMachineArn, TableName, QueueName, QueueURL, Name, Rule, DashboardName, ServiceCode string
	LogGroupNamePrefix, QueryDefinitionNamePrefix, NextToken                                string
	LogGroupName, FilterPattern                                                             string
	AlarmNames, ResourceARNList                                                             []string
}

// targets are the services of the operations that a header names.
var targets = map[string]struct {
	service string
	answer  func(w *world, operation string, in request) any
}{
	"AWSStepFunctions":              {"states", (*world).machine},
	"DynamoDB_20120810":             {"dynamodb", (*world).table},
	"AWSEvents":                     {"events", (*world).rule},
	"AmazonSQS":                     {"sqs", (*world).queue},
	"Logs_20140328":                 {"logs", (*world).logs},
	"GraniteServiceVersion20100801": {"cloudwatch", (*world).monitoring},
	"ServiceQuotasV20190624":        {"servicequotas", (*world).quotaPage},

	"ResourceGroupsTaggingAPI_20170126": {"tag", (*world).tagged},
}

func (w *world) target(out http.ResponseWriter, target string, body []byte) {
	var in request
	if err := json.Unmarshal(body, &in); err != nil {
		w.t.Error(err)
	}
	prefix, operation, _ := strings.Cut(target, ".")
	service := targets[prefix]
	w.answer(out, service.service+":"+operation, service.answer(w, operation, in))
}

func (w *world) machine(_ string, in request) any {
	p := w.find("AWS::StepFunctions::StateMachine", in.StateMachineArn[strings.LastIndex(in.StateMachineArn, ":")+1:])
	if p == nil {
		return nil
	}
	logging, _ := p["LoggingConfiguration"].(properties)
	return properties{"stateMachineArn": in.StateMachineArn, "name": p["StateMachineName"],
		"type": p["StateMachineType"], "status": p["State"], "definition": p["DefinitionString"],
		"roleArn": p["RoleArn"], "creationDate": 1.7e9,
		"loggingConfiguration": properties{"level": logging["Level"],
			"includeExecutionData": logging["IncludeExecutionData"], "destinations": lower(logging["Destinations"])},
		"tracingConfiguration":    lower(p["TracingConfiguration"]),
		"encryptionConfiguration": lower(p["EncryptionConfiguration"])}
}

// lower is a value whose keys begin with a small letter, as Step Functions has them.
func lower(v any) any {
	switch v := v.(type) {
	case properties:
		out := properties{}
		for key, member := range v {
			out[strings.ToLower(key[:1])+key[1:]] = lower(member)
		}
		return out
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, lower(item))
		}
		return out
	}
	return v
}

func (w *world) table(operation string, in request) any {
	p := w.find("AWS::DynamoDB::Table", in.TableName)
	if p == nil {
		return nil
	}
	if operation == "DescribeTimeToLive" {
		ttl, _ := p["TimeToLiveSpecification"].(properties)
		status := map[any]string{true: "ENABLED"}[ttl["Enabled"]]
		return properties{"TimeToLiveDescription": properties{"AttributeName": ttl["AttributeName"],
			"TimeToLiveStatus": status}}
	}
	out := properties{"TableName": in.TableName, "TableStatus": "ACTIVE", "KeySchema": p["KeySchema"],
		"AttributeDefinitions":   p["AttributeDefinitions"],
		"GlobalSecondaryIndexes": p["GlobalSecondaryIndexes"],
		"BillingModeSummary":     properties{"BillingMode": p["BillingMode"]}}
	if sse, ok := p["SSESpecification"].(properties); ok {
		out["SSEDescription"] = properties{"Status": "ENABLED", "SSEType": sse["SSEType"],
			"KMSMasterKeyArn": sse["KMSMasterKeyId"]}
	}
	return properties{"Table": out}
}

func (w *world) rule(operation string, in request) any {
	p := w.find("AWS::Events::Rule", in.Name+in.Rule)
	if p == nil {
		return nil
	}
	if operation == "ListTargetsByRule" {
		return properties{"Targets": p["Targets"]}
	}
	return properties{"Name": p["Name"], "State": p["State"], "EventPattern": p["EventPattern"],
		"ScheduleExpression": p["ScheduleExpression"],
		"Description":        p["Description"]}
}

func (w *world) queue(operation string, in request) any {
	name := in.QueueName
	if operation == "GetQueueAttributes" {
		name = path.Base(in.QueueURL)
	}
	p := w.find("AWS::SQS::Queue", name)
	if p == nil {
		return nil
	}
	if operation == "GetQueueUrl" {
		return properties{"QueueUrl": "https://sqs/111122223333/" + name}
	}
	attributes := map[string]string{}
	for key, value := range p {
		attributes[key] = fmt.Sprint(value)
		if policy, ok := value.(properties); ok {
			text, _ := json.Marshal(policy)
			attributes[key] = string(text)
		}
	}
	if policy := w.find("AWS::SQS::QueuePolicy", name); policy != nil {
		attributes["Policy"] = fmt.Sprint(policy["PolicyDocument"])
	}
	return properties{"Attributes": attributes}
}

// logs answers with what begins like what was asked for, and with something else that does.
func (w *world) logs(operation string, in request) any {
	if operation == "FilterLogEvents" {
		if in.LogGroupName != "/aws/lambda/bank-async" || !strings.Contains(in.FilterPattern, "$LATEST") {
			w.t.Errorf("the log of %s is asked for %s", in.LogGroupName, in.FilterPattern)
		}
		return properties{"events": w.logged}
	}
	if operation == "DescribeQueryDefinitions" {
		list := []any{properties{"name": in.QueryDefinitionNamePrefix + " too", "queryString": "x"}}
		if p := w.find("AWS::Logs::QueryDefinition", in.QueryDefinitionNamePrefix); p != nil {
			list = append(list, properties{"name": p["Name"], "queryString": p["QueryString"],
				"logGroupNames": p["LogGroupNames"]})
		}
		return properties{"queryDefinitions": list}
	}
	list := []any{properties{"logGroupName": in.LogGroupNamePrefix + "-2", "retentionInDays": 1}}
	if p := w.find("AWS::Logs::LogGroup", in.LogGroupNamePrefix); p != nil {
		list = append(list, properties{"logGroupName": p["LogGroupName"], "retentionInDays": p["RetentionInDays"],
			"kmsKeyId": p["KmsKeyId"]})
	}
	return properties{"logGroups": list}
}

func (w *world) monitoring(operation string, in request) any {
	if operation == "GetDashboard" {
		return w.find("AWS::CloudWatch::Dashboard", in.DashboardName)
	}
	list := []any{}
	if p := w.find("AWS::CloudWatch::Alarm", in.AlarmNames[0]); p != nil {
		list = append(list, p)
	}
	return properties{"MetricAlarms": list, "CompositeAlarms": []any{}}
}

// packageHash is the hash of the deployment package of these tests.
const packageHash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

// tagged answers for resources that have tags, in reverse: AWS promises no order.
func (w *world) tagged(_ string, in request) any {
	list := []any{}
	slices.Reverse(in.ResourceARNList)
	for _, full := range in.ResourceARNList {
		a, _ := arn.Parse(full)
		name := a.Resource[strings.IndexAny(a.Resource, ":/")+1:]
		kind := map[string]string{"lambda": "AWS::Lambda::Function", "states": "AWS::StepFunctions::StateMachine",
			"dynamodb": "AWS::DynamoDB::Table", "events": "AWS::Events::Rule", "sqs": "AWS::SQS::Queue",
			"logs": "AWS::Logs::LogGroup", "cloudwatch": "AWS::CloudWatch::Alarm"}[a.Service]
		tags := []any{}
		p := w.find(kind, name)
		if p == nil {
			continue
		}
		for key, value := range p["Tags"].(properties) {
			tags = append(tags, properties{"Key": key, "Value": value})
		}
		if len(tags) > 0 {
			list = append(list, properties{"ResourceARN": full, "Tags": tags})
		}
	}
	return properties{"ResourceTagMappingList": list}
}

// quotaPage answers with one quota a page; the token is the name of the next.
func (w *world) quotaPage(_ string, in request) any {
	names := slices.Sorted(maps.Keys(w.quotas))
	i := max(0, slices.Index(names, in.NextToken))
	if i >= len(names) {
		return properties{"Quotas": []any{}}
	}
	out := properties{"Quotas": []any{properties{"QuotaName": names[i], "Value": w.quotas[names[i]],
		"ServiceCode": in.ServiceCode}}}
	if i+1 < len(names) {
		out["NextToken"] = names[i+1]
	}
	return out
}

// query answers IAM and STS.
func (w *world) query(out http.ResponseWriter, form url.Values) {
	operation := form.Get("Action")
	service := map[bool]string{true: "sts", false: "iam"}[operation == "GetCallerIdentity"]
	action := service + ":" + operation
	w.calls[action] = true
	role := w.find("AWS::IAM::Role", form.Get("RoleName"))
	policy := w.find("AWS::IAM::RolePolicy", form.Get("RoleName"))
	code := w.refused[action]
	if operation == "GetRole" && role == nil || operation == "GetRolePolicy" && policy == nil {
		code = "NoSuchEntity"
	}
	if code != "" {
		out.WriteHeader(403)
		fmt.Fprintf(out, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error>`+
			`</ErrorResponse>`, code)
		return
	}
	fmt.Fprintf(out, `<%[1]sResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">`+
		`<%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>`, operation, w.queryResult(operation, form, role, policy))
}

func (w *world) queryResult(operation string, form url.Values, role, policy properties) string {
	switch operation {
	case "GetCallerIdentity":
		return "<Account>" + w.account + "</Account>"
	case "GetRole":
		boundary := ""
		if arn, ok := role["PermissionsBoundary"].(string); ok {
			boundary = "<PermissionsBoundary><PermissionsBoundaryArn>" + arn +
				"</PermissionsBoundaryArn></PermissionsBoundary>"
		}
		tags := ""
		for key, value := range role["Tags"].(properties) {
			tags += fmt.Sprintf("<member><Key>%s</Key><Value>%v</Value></member>", key, value)
		}
		return fmt.Sprintf("<Role><Path>%v</Path><AssumeRolePolicyDocument>%s</AssumeRolePolicyDocument>%s<Tags>%s"+
			"</Tags></Role>", role["Path"], url.PathEscape(fmt.Sprint(role["AssumeRolePolicyDocument"])), boundary,
			tags)
	case "GetRolePolicy":
		return "<PolicyDocument>" + url.PathEscape(fmt.Sprint(policy["PolicyDocument"])) + "</PolicyDocument>"
	}
	decision, action := "allowed", form.Get("ActionNames.member.1")
	if w.denied[action+" "+form.Get("PolicySourceArn")] {
		decision = "implicitDeny"
	}
	return "<EvaluationResults><member><EvalActionName>" + action + "</EvalActionName><EvalDecision>" + decision +
		"</EvalDecision></member></EvaluationResults>"
}

// rest answers Lambda and Connect, by the paths of the SDK's models.
func (w *world) rest(out http.ResponseWriter, r *http.Request, at []string, body []byte) {
	switch {
	case at[0] == "instance" && at[2] == "lambda-functions":
		w.associated(out, at[1], r.URL.Query().Get("nextToken"))
	case at[0] == "contact-flows-summary":
		w.answer(out, "connect:ListContactFlows",
			properties{"ContactFlowSummaryList": w.flows("AWS::Connect::ContactFlow", at[1])})
	case at[0] == "contact-flow-modules-summary":
		w.answer(out, "connect:ListContactFlowModules",
			properties{"ContactFlowModulesSummaryList": w.flows("AWS::Connect::ContactFlowModule", at[1])})
	case at[0] == "contact-flows":
		w.answer(out, "connect:DescribeContactFlow",
			properties{"ContactFlow": w.find("AWS::Connect::ContactFlow", at[2])})
	case at[0] == "contact-flow-modules":
		w.answer(out, "connect:DescribeContactFlowModule",
			properties{"ContactFlowModule": w.find("AWS::Connect::ContactFlowModule", at[2])})
	case at[0] == "2015-03-31" && at[1] == "event-source-mappings":
		list := []any{}
		if p := w.find("AWS::Lambda::EventSourceMapping", r.URL.Query().Get("FunctionName")); p != nil {
			list = append(list, p)
		}
		w.answer(out, "lambda:ListEventSourceMappings", properties{"EventSourceMappings": list})
	case at[1] == "account-settings":
		w.answer(out, "lambda:GetAccountSettings",
			properties{"AccountLimit": properties{"ConcurrentExecutions": w.concurrency}})
	case at[3] == "versions":
		w.answer(out, "lambda:ListVersionsByFunction",
			properties{"Versions": []any{properties{"Version": "$LATEST"}, properties{"Version": newestVersion}}})
	case at[3] == "aliases":
		w.answer(out, "lambda:GetAlias", w.alias(at[2], at[4]))
	case at[3] == "invocations":
		w.answer(out, "lambda:InvokeFunction", w.invoke(body))
	default:
		name, _ := url.PathUnescape(at[2])
		w.answer(out, map[string]string{"policy": "lambda:GetPolicy", "concurrency": "lambda:GetFunctionConcurrency",
			"configuration":       "lambda:GetFunctionConfiguration",
			"event-invoke-config": "lambda:GetFunctionEventInvokeConfig"}[at[3]], w.function(name, at[3]))
	}
}

// associated answers with one function a page; the token says that the second is wanted.
func (w *world) associated(out http.ResponseWriter, instance, token string) {
	if token == "" {
		w.answer(out, "connect:ListLambdaFunctions",
			properties{"LambdaFunctions": []any{lambdaARN + "other"}, "NextToken": "2"})
		return
	}
	list := []any{}
	for key, p := range w.deployed {
		if strings.HasPrefix(key, "AWS::Connect::IntegrationAssociation ") &&
			strings.HasSuffix(fmt.Sprint(p["InstanceId"]), instance) {
			list = append(list, p["IntegrationArn"])
		}
	}
	w.answer(out, "connect:ListLambdaFunctions", properties{"LambdaFunctions": list})
}

func (w *world) flows(kind, instance string) []any {
	list := []any{}
	for key, p := range w.deployed {
		if strings.HasPrefix(key, kind+" ") && strings.HasSuffix(fmt.Sprint(p["InstanceArn"]), instance) {
			list = append(list, properties{"Id": p["Name"], "Name": p["Name"], "Arn": p["Arn"]})
		}
	}
	return list
}

func (w *world) function(name, what string) any {
	if timeout, ok := w.wrapped[name]; ok {
		return properties{"FunctionArn": name, "Timeout": timeout, "Role": w.roles[name]}
	}
	function, qualified := arn.FunctionName(name)
	if !qualified {
		function = name
	}
	p := w.find("AWS::Lambda::Function", function)
	switch {
	case p == nil:
		return nil
	case what == "policy":
		return w.functionPolicy(name)
	case what == "event-invoke-config":
		return w.find("AWS::Lambda::EventInvokeConfig", name)
	case what == "concurrency":
		return properties{"ReservedConcurrentExecutions": p["ReservedConcurrentExecutions"]}
	}
	out := maps.Clone(p)
	out["FunctionArn"], out["KMSKeyArn"] = lambdaARN+name, p["KmsKeyArn"]
	return out
}

// alias is an alias as Lambda tells it, whose weights are an object.
func (w *world) alias(function, name string) any {
	p := w.find("AWS::Lambda::Alias", function+":"+name)
	if p == nil {
		return nil
	}
	weights := properties{}
	routing, _ := p["RoutingConfig"].(properties)
	list, _ := routing["AdditionalVersionWeights"].([]any)
	for _, item := range list {
		weight, err := strconv.ParseFloat(fmt.Sprint(item.(properties)["FunctionWeight"]), 64)
		if err != nil {
			w.t.Error(err)
		}
		weights[fmt.Sprint(item.(properties)["FunctionVersion"])] = weight
	}
	return properties{"Name": name, "Description": p["Description"], "FunctionVersion": p["FunctionVersion"],
		"RoutingConfig": properties{"AdditionalVersionWeights": weights}}
}

// functionPolicy is the policy that the permissions of a function make, with a list where there may be one.
func (w *world) functionPolicy(name string) any {
	statements := []any{properties{"Effect": "Allow", "Principal": "*", "Action": "lambda:*"}}
	for key, p := range w.deployed {
		if !strings.HasPrefix(key, "AWS::Lambda::Permission "+name+" ") {
			continue
		}
		condition := properties{"ArnLike": properties{"AWS:SourceArn": []any{p["SourceArn"]}}}
		if p["SourceAccount"] != nil {
			condition["StringEquals"] = properties{"aws:sourceaccount": p["SourceAccount"]}
		}
		statements = append(statements, properties{"Effect": "Allow", "Action": []any{p["Action"]},
			"Principal": properties{"Service": p["Principal"]}, "Condition": condition})
	}
	if len(statements) == 1 {
		return nil
	}
	text, err := json.Marshal(properties{"Statement": statements})
	if err != nil {
		w.t.Error(err)
	}
	return properties{"Policy": string(text)}
}

func (w *world) invoke(body []byte) any {
	var event struct {
		Details struct{ Parameters map[string]any }
	}
	_ = json.Unmarshal(body, &event)
	w.sent = append(w.sent, event.Details.Parameters)
	id, isCheck := event.Details.Parameters["sfn_execution_id"].(string)
	switch {
	case !isCheck:
		started := maps.Clone(w.start)
		started["execution_id"] = fmt.Sprintf("arn:aws:states:us-east-1:111122223333:execution:bank-%v:e",
			event.Details.Parameters["sfn_job"])
		return started
	case strings.Contains(id, "not-of-this-project"):
		return w.foreign
	}
	return w.check
}
