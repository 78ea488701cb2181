package project_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/project"
)

// TestDeploy reads a section deploy.
func TestDeploy(t *testing.T) {
	long := strings.Repeat("x", 128)
	var many []string
	for i := range 51 {
		many = append(many, fmt.Sprintf("t%d: v", i))
	}
	for text, want := range map[string]string{
		"{}":                           "",
		"log_retention_days: 31":       "5:23 bad-value",
		"role_path: voice":             "5:14 bad-value",
		"role_path: /voice and video/": "5:14 bad-value",
		"role_path: /" + long + long + long + long + "/": "5:14 bad-value",
		"role_path: /voice/video/":                       "",
		"role_prefix: a b":                               "5:16 bad-value",
		"role_arn: mine":                                 "5:13 bad-value",
		"role_arn: arn:aws:iam::1:user/me":               "5:13 bad-value",
		"role_arn: arn:aws-cn:iam::1:role/a/b":           "",
		"state_machine_role_arn: mine":                   "5:27 bad-value",
		"architecture: mips":                             "5:17 bad-value",
		"memory_mb: 64":                                  "5:14 bad-value",
		"alarm: true":                                    "5:3 unknown-key",
		"tags: {team: voice}":                            "",
		"tags: {'aws:x': voice}":                         "5:10 bad-value",
		"tags: {'Aws:x': voice}":                         "5:10 bad-value",
		"tags: {x: [1]}":                                 "5:13 wrong-kind",
		"tags: {'a&b': voice}":                           "5:10 bad-value",
		"tags: {x: a;b}":                                 "5:10 bad-value",
		"tags: {'': voice}":                              "5:10 bad-value",
		"tags: {x" + long + ": voice}":                   "5:10 bad-value",
		"tags: {x: " + long + long + "y}":                "5:10 bad-value",
		"tags: {" + strings.Join(many, ", ") + "}":       "5:9 bad-value",
		"expected_callers: 40":                           "5:21 project-moved-key",
		"read_only: [old]":                               "5:15 bad-value",
		"read_only: [[], old]":                           "5:15 wrong-kind 5:19 bad-value",
	} {
		file := "name: bank\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: x}}\ndeploy:\n  " + text + "\n"
		p, found := project.Parse("connect-async.yaml", []byte(file), form.OnDisk)
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Code))
			if f.Remedy == "" {
				t.Errorf("no remedy: %v", f)
			}
		}
		isRead := want == "" || strings.HasSuffix(want, project.CodeMoved)
		if joined := strings.Join(got, " "); joined != want || (p != nil) != isRead {
			t.Errorf("%s: got %q, want %q", text, joined, want)
		}
	}
}

// TestNamesThatAWSRefuses reports names that are too long once put together, at the job, the prefix or the project.
func TestNamesThatAWSRefuses(t *testing.T) {
	forty := strings.Repeat("a", 40)
	for _, test := range []struct{ name, job, deploy, want string }{
		{"bank", "balance", "", ""},
		{forty, "balance", "", ""},
		{forty, "balance-enquiries-now", "", "2:8 the role " + forty + "-balance-enquiries-now-states would have 69"},
		{forty, "balance-enquiries-now", "state_machine_role_arn: arn:aws:iam::1:role/r", ""},
		{forty, forty, "state_machine_role_arn: arn:aws:iam::1:role/r",
			"2:8 the state machine " + forty + "-" + forty + " would have 81 characters, and AWS allows 80"},
		{forty, forty, "", "2:8 the state machine " + forty + "-" + forty + " would have 81"}, // said once
		{"bank", "a", "role_prefix: " + forty + "-" + forty, "2:8 the role " + forty + "-" + forty + "bank-a-states"},
		{"bank", "a", "role_prefix: " + forty + "-" + forty + "\n  state_machine_role_arn: arn:aws:iam::1:role/r",
			"5:16 the role " + forty + "-" + forty + "bank-async would have 91"},
		{"bank", "a", "role_prefix: " + forty + "-" + forty + "\n  state_machine_role_arn: arn:aws:iam::1:role/r\n" +
			"  role_arn: arn:aws:iam::1:role/r", ""},
		{"1bank", "a", "", `1:7 the project's name "1bank" does not begin with a letter`},
		{"_bank", "a", "", `1:7 the project's name "_bank" does not begin with a letter`},
	} {
		file := "name: " + test.name + "\njobs: {" + test.job + ": {steps: [f]}}\nfunctions: {f: {arn: x}}\n" +
			"deploy:\n  " + test.deploy + "\n"
		p, found := project.Parse("connect-async.yaml", []byte(file), form.OnDisk)
		if test.want == "" {
			if p == nil || len(found) > 0 {
				t.Errorf("%+v: %v", test, found)
			}
			continue
		}
		if len(found) == 0 {
			t.Errorf("%+v is read", test)
			continue
		}
		got := fmt.Sprintf("%d:%d %s", found[0].Line, found[0].Column, found[0].Message)
		if p != nil || !strings.HasPrefix(got, test.want) || found[0].Remedy == "" || len(found) > 2 {
			t.Errorf("%+v: %v", test, found)
		}
	}
}

// TestTagsOfFlows reads keys of tags that everything but a contact flow takes.
func TestTagsOfFlows(t *testing.T) {
	for _, c := range []struct {
		managed, key string
		refused      bool
	}{
		{"true", "cost:centre_7+a-b=c/d.e", false},
		{"true", "cost centre", true},
		{"true", "büro", true},
		{"true", "a@b", true},
		{"false", "cost centre", false},
	} {
		file := "name: bank\njobs: {a: {steps: [f]}}\nfunctions: {f: {arn: x}}\nflows: [{file: flow.json, managed: " +
			c.managed + "}]\ndeploy: {tags: {'" + c.key + "': x}}\n"
		_, found := project.Parse("connect-async.yaml", []byte(file), form.OnDisk)
		var got []string
		for _, f := range found {
			if f.Code == "bad-value" {
				got = append(got, fmt.Sprintf("%d:%d", f.Line, f.Column))
			}
		}
		if c.refused != (len(got) == 1 && got[0] == "5:17") || !c.refused && len(got) > 0 {
			t.Errorf("%s, managed: %s: %v", c.key, c.managed, found)
		}
	}
}
