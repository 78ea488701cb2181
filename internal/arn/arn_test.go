package arn

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]ARN{
		"arn:aws:lambda:eu-west-2:111122223333:function:f:live": {
			Partition: "aws", Service: "lambda", Region: "eu-west-2", Account: "111122223333",
			Resource: "function:f:live",
		},
		"arn:aws:states:::lambda:invoke": {Partition: "aws", Service: "states", Resource: "lambda:invoke"},
		"arn:aws:s3:::bucket/a:b":        {Partition: "aws", Service: "s3", Resource: "bucket/a:b"},
		"arn:::::":                       {},
	} {
		got, ok := Parse(text)
		if !ok || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, ok, want)
		}
		if got.String() != text {
			t.Errorf("%s: put together it is %s", text, got)
		}
	}
	for _, text := range []string{
		"", "arn", "arn:aws:lambda:eu-west-2:111122223333", "urn:aws:s3:::b", " arn:aws:s3:::b",
	} {
		if got, ok := Parse(text); ok {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func TestParts(t *testing.T) {
	a, _ := Parse("arn:aws:states:eu-west-2:111122223333:execution:Machine:name")
	if want := []string{"execution", "Machine", "name"}; !slices.Equal(a.Path(), want) {
		t.Errorf("the path is %q; want %q", a.Path(), want)
	}
	for text, want := range map[string]string{
		"arn:aws:sns:eu-west-2:1:t": "eu-west-2", "arn:aws:s3:::b": "", "x:y:z:w": "",
	} {
		if got := Region(text); got != want {
			t.Errorf("%s: the Region is %q; want %q", text, got, want)
		}
	}
}

func TestPartition(t *testing.T) {
	for region, want := range map[string]string{
		"us-east-1": "aws", "us-gov-west-1": "aws-us-gov", "cn-north-1": "aws-cn", "": "aws",
	} {
		if got := Partition(region); got != want {
			t.Errorf("%s is in %s, not %s", region, got, want)
		}
	}
}

func TestInstance(t *testing.T) {
	for text, want := range map[string]string{
		"arn:aws:connect:eu-west-2:1:instance/i/queue/q": "i", "arn:aws:connect:eu-west-2:1:instance/i": "i",
		"arn:aws:connect:eu-west-2:1:instance/": "", "arn:aws:connect:eu-west-2:aws:view/form:1": "",
		"arn:aws:ec2:eu-west-2:1:instance/i": "",
	} {
		if a, _ := Parse(text); a.Instance() != want {
			t.Errorf("%s: the instance is %q; want %q", text, a.Instance(), want)
		}
	}
}

func TestIsAccount(t *testing.T) {
	for part, want := range map[string]bool{"111122223333": true, "": false, "aws": false, "11112222333": false,
		"1111222233334": false, "11112222333x": false} {
		if IsAccount(part) != want {
			t.Errorf("%q: %v", part, !want)
		}
	}
}

func TestFunctionName(t *testing.T) {
	for text, want := range map[string]string{
		"arn:aws:lambda:eu-west-2:111122223333:function:f":                "f",
		"arn:aws-us-gov:lambda:eu-west-2:111122223333:function:f:$LATEST": "f",
		"arn:aws:lambda:eu-west-2:111122223333:function:":                 "",
		"arn:aws:lambda:eu-west-2:111122223333:function":                  "",
		"arn:aws:lambda:eu-west-2:111122223333:layer:f:1":                 "",
		"arn:aws:states:eu-west-2:111122223333:function:f":                "",
		"f": "",
	} {
		if got, ok := FunctionName(text); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v; want %q", text, got, ok, want)
		}
	}
}

func TestCutPattern(t *testing.T) {
	for text, want := range map[string][2]string{
		"arn:aws:states:::ecs:runTask.sync":                {"arn:aws:states:::ecs:runTask", PatternSync},
		"states:startExecution.sync:2":                     {"states:startExecution", PatternSync2},
		"sqs:sendMessage.waitForTaskToken":                 {"sqs:sendMessage", PatternToken},
		"sqs:sendMessage":                                  {"sqs:sendMessage", ""},
		"arn:aws:lambda:eu-west-2:111122223333:function:f": {"arn:aws:lambda:eu-west-2:111122223333:function:f", ""},
		"": {"", ""},
	} {
		if plain, pattern := CutPattern(text); plain != want[0] || pattern != want[1] {
			t.Errorf("%s: %q, %q; want %q", text, plain, pattern, want)
		}
	}
}

func TestQualifier(t *testing.T) {
	const function = "arn:aws:lambda:eu-west-2:111122223333:function:f"
	for text, want := range map[string]string{
		function: "", function + ":live": "live", function + ":7": "7", function + ":$LATEST": "$LATEST", "f:live": "",
		"arn:aws:states:eu-west-2:111122223333:stateMachine:f:live": "", "": "",
	} {
		if got := Qualifier(text); got != want {
			t.Errorf("%s has the qualifier %q, not %q", text, got, want)
		}
	}
}
