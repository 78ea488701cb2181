package statesapi_test

import (
	"testing"
)

func TestVersionsAndAliases(t *testing.T) {
	const m = machineARN + "m"
	const at = `1767323045.250`
	c := newClient(t)
	c.want("CreateStateMachine",
		object{"name": "m", "definition": passes, "roleArn": role, "publish": true, "versionDescription": "the first"},
		`{"stateMachineArn":"`+m+`","creationDate":`+at+`,"stateMachineVersionArn":"`+m+`:1"}`)
	c.want("PublishStateMachineVersion", object{"stateMachineArn": m},
		`{"stateMachineVersionArn":"`+m+`:1","creationDate":`+at+`}`) // nothing has changed
	updated := c.want("UpdateStateMachine", object{"stateMachineArn": m, "definition": fails}, "")
	c.refused("AWSStepFunctions.PublishStateMachineVersion", `{"stateMachineArn":"`+m+`","revisionId":"old"}`,
		"com.amazonaws.swf.service.v2.model#ConflictException",
		"Failed to publish the State Machine version for revision old. The current State Machine revision is ")
	c.want("PublishStateMachineVersion",
		object{"stateMachineArn": m, "revisionId": updated["revisionId"], "description": "the second"},
		`{"stateMachineVersionArn":"`+m+`:2","creationDate":`+at+`}`)
	c.want("ListStateMachineVersions", object{"stateMachineArn": m},
		`{"stateMachineVersions":[{"stateMachineVersionArn":"`+m+`:2","creationDate":`+at+`},
		{"stateMachineVersionArn":"`+m+`:1","creationDate":`+at+`}]}`)
	d := c.want("DescribeStateMachine", object{"stateMachineArn": m + ":1"}, "")
	if d["definition"] != passes || d["stateMachineArn"] != m+":1" || d["description"] != "the first" {
		t.Errorf("version 1: %v", d)
	}

	one := []object{{"stateMachineVersionArn": m + ":1", "weight": 100}}
	two := []object{{"stateMachineVersionArn": m + ":2", "weight": 100}}
	c.want("CreateStateMachineAlias", object{"name": "PROD", "routingConfiguration": one},
		`{"stateMachineAliasArn":"`+m+`:PROD","creationDate":`+at+`}`)
	c.want("CreateStateMachineAlias", object{"name": "PROD", "routingConfiguration": one},
		`{"stateMachineAliasArn":"`+m+`:PROD","creationDate":`+at+`}`)
	c.want("StartExecution", object{"stateMachineArn": m + ":PROD", "name": "alias"},
		`{"executionArn":"arn:aws:states:us-east-1:000000000000:execution:m:alias","startDate":`+at+`}`)
	c.want("StartExecution", object{"stateMachineArn": m + ":2", "name": "version"}, "")
	c.want("StartExecution", object{"stateMachineArn": m, "name": "latest"}, "")
	d = c.want("DescribeExecution",
		object{"executionArn": "arn:aws:states:us-east-1:000000000000:execution:m:alias"}, "")
	if d["status"] != "SUCCEEDED" || d["stateMachineArn"] != m || d["stateMachineVersionArn"] != m+":1" ||
		d["stateMachineAliasArn"] != m+":PROD" {
		t.Errorf("through the alias: %v", d)
	}
	for arn, want := range map[string][]string{
		m:           {"latest", "version", "alias"},
		m + ":2":    {"version"},
		m + ":PROD": {"alias"},
	} {
		list := c.want("ListExecutions", object{"stateMachineArn": arn}, "")["executions"].([]any)
		for i, e := range list {
			if len(list) != len(want) || e.(object)["name"] != want[i] {
				t.Errorf("%s: %v", arn, list)
			}
		}
	}
	c.want("UpdateStateMachineAlias",
		object{"stateMachineAliasArn": m + ":PROD", "routingConfiguration": two, "description": "now"},
		`{"updateDate":`+at+`}`)
	c.want("DescribeStateMachineAlias", object{"stateMachineAliasArn": m + ":PROD"},
		`{"stateMachineAliasArn":"`+m+`:PROD","name":"PROD","description":"now",
		"creationDate":`+at+`,"updateDate":`+at+`,"routingConfiguration":[{"stateMachineVersionArn":"`+m+
			`:2","weight":100}]}`)
	c.refused("AWSStepFunctions.DeleteStateMachineVersion", `{"stateMachineVersionArn":"`+m+`:2"}`,
		"com.amazonaws.swf.service.v2.model#ConflictException",
		"Version to be deleted must not be referenced by an alias. Current list of aliases referencing this "+
			"version: [PROD]")
	c.want("DeleteStateMachineVersion", object{"stateMachineVersionArn": m + ":1"}, `{}`)
	c.want("DeleteStateMachineVersion", object{"stateMachineVersionArn": m + ":1"}, `{}`)
	c.want("ListStateMachineAliases", object{"stateMachineArn": m},
		`{"stateMachineAliases":[{"stateMachineAliasArn":"`+m+`:PROD","creationDate":`+at+`}]}`)
	c.want("DeleteStateMachineAlias", object{"stateMachineAliasArn": m + ":PROD"}, `{}`)
	c.want("DeleteStateMachineAlias", object{"stateMachineAliasArn": m + ":PROD"}, `{}`)
	c.want("ListStateMachineAliases", object{"stateMachineArn": m}, `{"stateMachineAliases":[]}`)
}

func TestAliasesRefused(t *testing.T) {
	const m = machineARN + "m"
	c := newClient(t)
	c.want("CreateStateMachine", object{"name": "m", "definition": passes, "roleArn": role, "publish": true}, "")
	c.want("UpdateStateMachine", object{"stateMachineArn": m, "definition": fails, "publish": true}, "")
	route := func(version, weight string) string {
		return `{"stateMachineVersionArn":"` + m + version + `","weight":` + weight + `}`
	}
	const validation = "com.amazon.coral.validate#ValidationException"
	for _, test := range []struct{ name, routes, kind, message string }{
		{name: "PROD", routes: ``, kind: validation, message: "1 validation error detected: "},
		{
			name:    "PROD",
			routes:  route("", "100"),
			kind:    validation,
			message: "Routing configuration must contain state machine version ARNs. Received: [" + m + "]",
		},
		{
			name:   "PROD",
			routes: route(":1", "50") + "," + route(":1", "50"),
			kind:   validation,
			message: "Routing configuration must contain distinct state machine version ARNs. Received: [" + m +
				":1, " + m + ":1]",
		},
		{
			name:    "PROD",
			routes:  route(":1", "70") + "," + route(":2", "29"),
			kind:    validation,
			message: "Sum of routing configuration weights must equal 100. Received: [70, 29]",
		},
		{name: "PROD", routes: route(":3", "100"), kind: "com.amazonaws.swf.service.v2.model#ResourceNotFound"},
		{
			name:   "123",
			routes: route(":1", "100"),
			kind:   validation,
			message: "1 validation error detected: Value '123' at 'name' failed to satisfy constraint: Member " +
				"must satisfy regular expression pattern: ",
		},
		{
			name:    "a b",
			routes:  route(":1", "100"),
			kind:    validation,
			message: "1 validation error detected: Value 'a b' at 'name' ",
		},
	} {
		c.refused("AWSStepFunctions.CreateStateMachineAlias",
			`{"name":"`+test.name+`","routingConfiguration":[`+test.routes+`]}`, test.kind, test.message)
	}
	c.refused("AWSStepFunctions.UpdateStateMachineAlias", `{"stateMachineAliasArn":"`+m+`:NONE","description":"x"}`,
		"com.amazonaws.swf.service.v2.model#ResourceNotFound",
		"Request references a resource that does not exist.")
	c.refused("AWSStepFunctions.StartExecution", `{"stateMachineArn":"`+m+`:NONE"}`,
		"com.amazonaws.swf.service.v2.model#StateMachineDoesNotExist", "State Machine Does Not Exist: '"+m+":NONE'")
	c.refused("AWSStepFunctions.UpdateStateMachine", `{"stateMachineArn":"`+m+`:2","roleArn":"`+role+`"}`,
		"com.amazonaws.swf.service.v2.model#StateMachineDoesNotExist", "State Machine Does Not Exist: '"+m+":2'")
}
