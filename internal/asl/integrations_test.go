package asl

import (
	"strings"
	"testing"
)

// taskOf is a machine with one task of an integration.
func taskOf(integration string) string {
	return machineOf(`"A":{"Type":"Task","Resource":"arn:aws:states:::` + integration + `","Parameters":{` +
		`"FunctionName":"f","StateMachineArn":"a","TableName":"t","Key":{},"Item":{}},"End":true}`)
}

// TestIntegrations checks that every optimized integration is accepted with the patterns that it has, by STANDARD
// machines only, and refused with every other pattern.
func TestIntegrations(t *testing.T) {
	for service, apis := range optimized {
		for api, patterns := range apis {
			name := service + ":" + api
			if got := Validate([]byte(taskOf(name)), Express); len(got) != 0 {
				t.Errorf("%s in an EXPRESS machine: %v", name, got)
			}
			for _, pattern := range []string{"", patternSync, patternSync2, patternToken} {
				resource, has := strings.TrimSuffix(name+"."+pattern, "."), pattern == ""
				for _, p := range patterns {
					has = has || p == pattern
				}
				checkResource(t, resource, has, pattern)
			}
		}
	}
}

// checkResource checks a resource that is an integration, or is none.
func checkResource(t *testing.T, resource string, valid bool, pattern string) {
	t.Helper()
	for _, kind := range []Kind{Standard, Express} {
		want := ""
		switch {
		case !valid:
			want = "The resource provided arn:aws:states:::" + resource + " is not recognized. The value is not a " +
				"valid resource ARN, or the resource is not available in this region."
		case kind == Express && pattern != "":
			want = "Express state machine does not support '." + pattern + "' service integration "
		}
		got := Validate([]byte(taskOf(resource)), kind)
		if want == "" && len(got) == 0 {
			continue
		}
		if len(got) != 1 || got[0].Message != want || got[0].Location != "/States/A/Resource" || got[0].Remedy == "" {
			t.Errorf("%s in a machine of type %s: got %v, want %q", resource, kind, got, want)
		}
	}
}

func TestOtherIntegrations(t *testing.T) {
	for _, c := range []struct {
		resource string
		valid    bool
		pattern  string
	}{
		{"aws-sdk:s3:listObjectsV2", true, ""},
		{"aws-sdk:bedrockruntime:converse.waitForTaskToken", true, patternToken},
		{"aws-sdk:sfn:startExecution", true, ""},
		{"aws-sdk:s3:getObject.sync", false, patternSync},
		{"aws-sdk:s3:GetObject", false, ""},
		{"aws-sdk:getObject", false, ""},
		{"dynamodb:query", false, ""},
		{"s3:getObject", false, ""},
		{"lambda:invokeAsync", false, ""},
		{"stateMachine:other", false, ""},
	} {
		checkResource(t, c.resource, c.valid, c.pattern)
	}
	region := strings.Replace(taskOf("aws-sdk:s3:getObject"), "states:::", "states:us-east-1:111122223333:", 1)
	if got := Validate([]byte(region), Standard); len(got) != 0 {
		t.Errorf("with Region and account: %v", got)
	}
	activity := machineOf(`"A":{"Type":"Task","Resource":"arn:aws:states:us-east-1:111122223333:activity:a",` +
		`"End":true}`)
	if got := Validate([]byte(activity), Standard); len(got) != 0 {
		t.Errorf("an activity: %v", got)
	}
	got := Validate([]byte(activity), Express)
	if len(got) != 1 || got[0].Message != "Express state machine does not support Activity ARN" {
		t.Errorf("an activity in an EXPRESS machine: %v", got)
	}
}

// TestAdvice checks the warnings, with which a machine can be created.
func TestAdvice(t *testing.T) {
	for name, c := range map[string]struct{ state, want string }{
		"path":     {`"Parameters":{"a":[{"v":"$.x"}]}`, "NO_DOLLAR /States/A/Parameters/a[0]/v"},
		"function": {`"Parameters":{"v":"States.UUID()"}`, "NO_DOLLAR /States/A/Parameters/v"},
		"context":  {`"Parameters":{"v":"$$.Execution.Id"}`, "NO_DOLLAR /States/A/Parameters/v"},
		"price":    {`"Parameters":{"v":"$5"}`, ""},
		"key":      {`"Result":{"a":[{"v.$":"$.x"}]}`, "PASS_RESULT_IS_STATIC /States/A/Result"},
		"text":     {`"Result":"$.x"`, "PASS_RESULT_IS_STATIC /States/A/Result"},
	} {
		m, _ := parseText(t, machineOf(`"A":{"Type":"Pass",`+c.state+`,"End":true}`))
		if m == nil {
			t.Errorf("%s: the machine cannot be created", name)
		}
		got := ""
		for _, d := range Validate([]byte(machineOf(`"A":{"Type":"Pass",`+c.state+`,"End":true}`)), Standard) {
			got += d.Code + " " + d.Location
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	fail := Validate([]byte(machineOf(`"A":{"Type":"Fail","Cause":"$.cause"}`)), Standard)
	if len(fail) != 1 || fail[0].Code != codeNoPath || fail[0].Location != "/States/A/Cause" {
		t.Errorf("got %v", fail)
	}
}

// TestDistributedMap plays a map run to its two ends.
func TestDistributedMap(t *testing.T) {
	states := `"A":{"Type":"Map","ItemsPath":"$.l","Label":"mine","ResultPath":"$.r","Catch":[{"ErrorEquals":["E"],` +
		`"Next":"C"}],"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},` +
		`"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"End":true},"C":{"Type":"Pass","End":true}`
	for _, c := range []struct {
		fails string
		want  string
	}{
		{"", `SUCCEEDED {"l":[1,2],"r":[3]}`},
		{"E", `SUCCEEDED {"Error":"E","Cause":"c"}`},
		{"F", `FAILED F: c`},
	} {
		d := start(t, machineOf(states), `{"l":[1,2]}`)
		d.run(day)
		id := d.execution.r.Frames[1].Task.ID
		if open := d.execution.Outstanding(); len(open) != 1 || open[0].Command.(InvokeTask).State != "A" {
			t.Fatalf("the execution waits for %+v", open)
		}
		if arn := d.history[3].Details.MapRunARN; !strings.Contains(arn, ":mapRun:machine/mine:") {
			t.Errorf("the map run is %s", arn)
		}
		if c.fails == "" {
			d.tell(TaskSucceeded{At: epoch, ID: id, Output: []byte(`[3]`)})
		} else {
			d.tell(TaskFailed{At: epoch, ID: id, Error: c.fails, Cause: "c"})
		}
		if d.ending() != c.want {
			t.Errorf("got %s, want %s", d.ending(), c.want)
		}
	}
	d := start(t, machineOf(states), `{"l":[1,2]}`)
	d.run(day)
	d.tell(Stopped{At: epoch})
	if last := d.history[len(d.history)-1]; d.ending() != "ABORTED : " || last.PreviousEventID != 0 {
		t.Errorf("%s, after event %d", d.ending(), last.PreviousEventID)
	}
}
