package statesapi_test

import (
	"encoding/json"
	"testing"

	"github.com/connect-async/connect-async/internal/function"
)

func TestRedrive(t *testing.T) {
	const arn = "arn:aws:states:us-east-1:000000000000:execution:m:"
	c := serve(t).client(t)
	fails := true
	c.account.AddFunction("f", answering(func([]byte) function.Result {
		if fails {
			fails = false
			return function.Result{FunctionError: "Unhandled", ErrorType: "E", Payload: []byte(`{}`)}
		}
		return function.Result{Payload: []byte(`{"good":true}`)}
	}))
	c.create("m", `{"StartAt":"A","States":{"A":{"Type":"Task",
		"Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true}}}`, "STANDARD")
	settled := func(name string, status string) map[string]any {
		t.Helper()
		e, err := c.account.Execution(arn + name)
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		e.WhenEnded(func() { close(ended) })
		<-ended
		described := c.want("DescribeExecution", object{"executionArn": arn + name}, "")
		if described["status"] != status {
			t.Errorf("%v", described)
		}
		return described
	}
	c.want("StartExecution", object{"stateMachineArn": machineARN + "m", "name": "e", "input": "{}"}, "")
	if d := settled("e", "FAILED"); d["redriveStatus"] != "REDRIVABLE" || d["redriveDate"] != nil {
		t.Errorf("%v", d)
	}
	redriven := c.want("RedriveExecution", object{"executionArn": arn + "e", "clientToken": "t"}, "")
	d := settled("e", "SUCCEEDED")
	c.want("RedriveExecution", object{"executionArn": arn + "e", "clientToken": "t"}, "") // the same redrive
	if d["redriveCount"] != json.Number("1") || d["redriveDate"] != redriven["redriveDate"] ||
		d["redriveStatus"] != "NOT_REDRIVABLE" ||
		d["redriveStatusReason"] != "Execution is SUCCEEDED and cannot be redriven" {
		t.Errorf("%v", d)
	}
	c.want("StartExecution", object{"stateMachineArn": machineARN + "m", "name": "other", "input": "{}"}, "")
	settled("other", "SUCCEEDED")
	for filter, name := range map[string]string{"REDRIVEN": "e", "NOT_REDRIVEN": "other"} {
		list := c.want("ListExecutions", object{"stateMachineArn": machineARN + "m", "redriveFilter": filter}, "")
		found := list["executions"].([]any)
		if len(found) != 1 || found[0].(map[string]any)["name"] != name {
			t.Errorf("%s: %v", filter, list)
		}
	}
	const target, types = "AWSStepFunctions.RedriveExecution", "com.amazonaws.swf.service.v2.model#"
	c.refused(target, `{"executionArn":"`+arn+`e"}`, types+"ExecutionNotRedrivable",
		"Execution is SUCCEEDED and cannot be redriven")
	c.refused(target, `{"executionArn":"`+arn+`none"}`, types+"ExecutionDoesNotExist", "")
	c.refused(target, `{"executionArn":"`+arn+`e","clientToken":"a b"}`,
		"com.amazon.coral.validate#ValidationException", "1 validation error detected: Value 'a b' at 'clientToken'")
}
