package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

func (a *account) states(operation string, in record) (record, error) {
	return a.call("states", "AWSStepFunctions."+operation, in)
}

func stateMachines(a *account) service {
	arn := func(r record) string { return a.arn("states", "stateMachine:"+r.text("name")) }
	s := service{identity: []string{"name"}, fixed: []string{"type"}}
	s.create = func(r record) (record, error) {
		in, err := a.machine(r)
		if err != nil {
			return nil, err
		}
		in["name"], in["type"] = r["name"], r["type"]
		_, err = a.states("CreateStateMachine", in)
		return nil, err
	}
	s.update = func(r record) error {
		in, err := a.machine(r)
		if err != nil {
			return err
		}
		in["stateMachineArn"] = arn(r)
		_, err = a.states("UpdateStateMachine", in)
		return err
	}
	s.read = func(r record) (record, error) {
		out, err := a.states("DescribeStateMachine", record{"stateMachineArn": arn(r)})
		if err != nil {
			return nil, err
		}
		return record{"arn": out["stateMachineArn"], "id": out["stateMachineArn"], "definition": out["definition"],
			"role_arn": out["roleArn"], "status": out["status"]}, nil
	}
	s.remove = func(r record) error {
		if err := a.waits(r, arn(r)); err != nil {
			return err
		}
		_, err := a.states("DeleteStateMachine", record{"stateMachineArn": arn(r)})
		return err
	}
	return s
}

// machine is the request for a state machine. Its role must be there, and with logs it must be able to have them
// delivered to a log group that is there, which Step Functions checks at once.
func (a *account) machine(r record) (record, error) {
	in := record{"definition": r["definition"], "roleArn": r["role_arn"]}
	if logging := r.block("logging_configuration"); logging != nil {
		destination := logging.text("log_destination")
		if err := a.allows(r.text("role_arn"), "logs:CreateLogDelivery"); err != nil {
			return nil, err
		}
		_, group, _ := strings.Cut(destination, ":log-group:")
		if _, err := logGroups(a).read(record{"name": strings.TrimSuffix(group, ":*")}); err != nil {
			return nil, fmt.Errorf("the log group %s: %w", group, err)
		}
		in["loggingConfiguration"] = record{"level": logging["level"],
			"includeExecutionData": logging["include_execution_data"],
			"destinations":         []any{record{"cloudWatchLogsLogGroup": record{"logGroupArn": destination}}}}
	}
	if tracing := r.block("tracing_configuration"); tracing != nil {
		in["tracingConfiguration"] = record{"enabled": tracing["enabled"]}
	}
	return in, nil
}

// defaultDeleteTime is how long the real provider waits for a state machine to be deleted unless it is told otherwise.
const defaultDeleteTime = 5 * time.Minute

// waits reports that the deletion takes longer than it may: Step Functions deletes a state machine when its last
// execution has ended, and each may run until the timeout of the definition.
func (a *account) waits(r record, arn string) error {
	out, err := a.states("ListExecutions", record{"stateMachineArn": arn, "statusFilter": "RUNNING"})
	if err != nil {
		return err
	}
	if running, _ := out["executions"].([]any); len(running) == 0 {
		return nil
	}
	limit := defaultDeleteTime
	if text := r.timeout("delete"); text != "" {
		if limit, err = time.ParseDuration(text); err != nil {
			return err
		}
	}
	var definition struct{ TimeoutSeconds float64 }
	if err := json.Unmarshal([]byte(r.text("definition")), &definition); err != nil {
		return err
	}
	longest := time.Duration(definition.TimeoutSeconds * float64(time.Second))
	if longest == 0 || longest > limit {
		return fmt.Errorf("timeout while waiting for state to become 'DELETED': executions run for up to %s, and "+
			"deleting may take %s", longest, limit)
	}
	return nil
}

// timeout is how long an operation may take, "" when nothing says so.
func (r record) timeout(operation string) string { return asRecord(r["timeouts"]).text(operation) }

func tables(a *account) service {
	call := func(operation string, in record) (record, error) {
		return a.call("dynamodb", "DynamoDB_20120810."+operation, in)
	}
	s := service{identity: []string{"name"}, fixed: []string{"hash_key", "range_key"}}
	settle := func(r record) error {
		ttl := r.block("ttl")
		if ttl == nil {
			return nil
		}
		_, err := call("UpdateTimeToLive", record{"TableName": r["name"], "TimeToLiveSpecification": record{
			"AttributeName": ttl["attribute_name"], "Enabled": ttl["enabled"]}})
		return err
	}
	protection := func(r record) bool {
		protected, _ := r["deletion_protection_enabled"].(bool)
		return protected
	}
	s.create = func(r record) (record, error) {
		in := record{"TableName": r["name"], "BillingMode": r["billing_mode"],
			"KeySchema":                 []any{record{"AttributeName": r["hash_key"], "KeyType": "HASH"}},
			"DeletionProtectionEnabled": protection(r)}
		var attributes []any
		for _, each := range r.blocks("attribute") {
			attributes = append(attributes, record{"AttributeName": each["name"], "AttributeType": each["type"]})
		}
		in["AttributeDefinitions"] = attributes
		if _, err := call("CreateTable", in); err != nil {
			return nil, err
		}
		return nil, settle(r)
	}
	s.update = func(r record) error {
		_, err := call("UpdateTable", record{"TableName": r["name"], "DeletionProtectionEnabled": protection(r)})
		return err
	}
	s.read = func(r record) (record, error) {
		out, err := call("DescribeTable", record{"TableName": r["name"]})
		if err != nil {
			return nil, err
		}
		return record{"arn": asRecord(out["Table"])["TableArn"], "id": r["name"]}, nil
	}
	s.remove = func(r record) error {
		_, err := call("DeleteTable", record{"TableName": r["name"]})
		return err
	}
	return s
}
