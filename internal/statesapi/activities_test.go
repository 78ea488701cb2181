package statesapi_test

import (
	"testing"
)

func TestActivities(t *testing.T) {
	const arn = "arn:aws:states:us-east-1:000000000000:activity:"
	c := serve(t).client(t)
	for range 2 { // the same name once more is not an error
		c.want("CreateActivity", object{"name": "b", "tags": []any{object{"key": "k", "value": "v"}}},
			`{"activityArn":"`+arn+`b","creationDate":1767323045.250}`)
	}
	c.want("CreateActivity", object{"name": "a"}, "")
	c.want("DescribeActivity", object{"activityArn": arn + "a"},
		`{"activityArn":"`+arn+`a","name":"a","creationDate":1767323045.250}`)
	c.want("ListTagsForResource", object{"resourceArn": arn + "b"}, `{"tags":[{"key":"k","value":"v"}]}`)
	first := c.want("ListActivities", object{"maxResults": 1}, `{"activities":[{"activityArn":"`+arn+`a","name":"a",
		"creationDate":1767323045.250}],"nextToken":"*"}`)
	c.want("ListActivities", object{"nextToken": first["nextToken"]}, `{"activities":[{"activityArn":"`+arn+`b",
		"name":"b","creationDate":1767323045.250}]}`)
	c.create("m", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"`+arn+`b","End":true}}}`, "STANDARD")
	c.want("StartExecution", object{"stateMachineArn": machineARN + "m", "name": "e", "input": `{"n":1}`}, "")
	task := c.want("GetActivityTask", object{"activityArn": arn + "b", "workerName": "w"},
		`{"taskToken":"*","input":"{\"n\":1}"}`)
	c.want("SendTaskSuccess", object{"taskToken": task["taskToken"], "output": `"done"`}, "{}")
	execution := c.want("DescribeExecution",
		object{"executionArn": "arn:aws:states:us-east-1:000000000000:execution:m:e"}, "")
	if execution["output"] != `"done"` {
		t.Errorf("%v", execution)
	}
	c.want("GetActivityTask", object{"activityArn": arn + "b"}, `{}`)
	c.want("DeleteActivity", object{"activityArn": arn + "a"}, "{}")
	c.want("DeleteActivity", object{"activityArn": arn + "a"}, "{}")
	const target, types = "AWSStepFunctions.", "com.amazonaws.swf.service.v2.model#"
	c.refused(target+"DescribeActivity", `{"activityArn":"`+arn+`a"}`, types+"ActivityDoesNotExist",
		"Activity Does Not Exist: '"+arn+"a'")
	c.refused(target+"GetActivityTask", `{"activityArn":"`+arn+`a"}`, types+"ActivityDoesNotExist", "")
	c.refused(target+"GetActivityTask", `{"activityArn":"activity"}`, types+"InvalidArn", "")
	c.refused(target+"CreateActivity", `{"name":"a b"}`, types+"InvalidName", "")
	c.refused(target+"CreateActivity", `{}`, "com.amazon.coral.validate#ValidationException", "")
}
