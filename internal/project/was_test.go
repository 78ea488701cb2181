package project_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// TestRenamedJobs reads the name that a job had, by which AWS knows it, and refuses one that cannot have been its own.
func TestRenamedJobs(t *testing.T) {
	const functions = "\nfunctions: {f: {arn: x}}\n"
	p, found := project.Read(write(t, "name: bank\njobs: {account: {was: balance, steps: [f]}}"+functions))
	if len(found) > 0 {
		t.Fatal(found)
	}
	if j := p.Jobs[0]; j.Name != "account" || j.NameInAWS() != "balance" ||
		p.StateMachineName(j) != "bank-balance" {
		t.Errorf("%+v is %s in AWS", j, p.StateMachineName(j))
	}
	for _, jobs := range []string{
		"{a: {was: a, steps: [f]}}",
		"{a: {was: b, steps: [f]}, b: {steps: [f]}}",
		"{a: {was: not valid, steps: [f]}}",
	} {
		_, found := project.Read(write(t, "name: bank\njobs: "+jobs+functions))
		if len(found) != 1 || found[0].Code != source.CodeBadValue || found[0].Pos.Line != 2 || found[0].Remedy == "" {
			t.Errorf("%s: %v", jobs, found)
		}
	}
	_, found = project.Read(write(t, "name: bank\njobs: {a: {was: c, steps: [f]}, b: {was: c, steps: [f]}}"+functions))
	if len(found) != 2 {
		t.Errorf("two jobs were one: %v", found)
	}
}
