package local_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

var bg = context.Background()

const passes = `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}`

func TestCreateTwice(t *testing.T) {
	a := local.New(local.Options{Clock: clock.NewVirtual(start)})
	m := local.StateMachine{Name: "m", Definition: passes, RoleARN: role}
	first, err := a.Create(m)
	if err != nil || first.Kind != asl.Standard || first.Status != "ACTIVE" || first.RevisionID != "" {
		t.Fatal(first, err)
	}
	m.Tags = []local.Tag{{Key: "k", Value: "v"}}
	if again, err := a.Create(m); err != nil || again.ARN != first.ARN || len(again.Tags) > 0 {
		t.Error(again, err)
	}
	for _, change := range []func(*local.StateMachine){
		func(m *local.StateMachine) { m.Definition = strings.Replace(passes, ":", ": ", 1) },
		func(m *local.StateMachine) { m.Kind = asl.Express },
		func(m *local.StateMachine) { m.RoleARN += "2" },
	} {
		other := m
		change(&other)
		if _, err := a.Create(other); code(err) != "StateMachineAlreadyExists" {
			t.Errorf("%+v: %v", other, err)
		}
	}
}

func TestCreateRefusals(t *testing.T) {
	a := local.New(local.Options{Clock: clock.NewVirtual(start)})
	for _, test := range []struct {
		m    local.StateMachine
		want string
	}{
		{local.StateMachine{Name: "a b", Definition: passes, RoleARN: role}, "InvalidName: "},
		{local.StateMachine{Name: "m", Definition: passes, RoleARN: "role"}, "InvalidArn: Invalid Role Arn: 'role'"},
		{local.StateMachine{Name: "m", Definition: `{"StartAt":"P"}`, RoleARN: role},
			"InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are " +
				"required: [States] at /'"},
		{
			local.StateMachine{Name: "m", Definition: `nonsense`, RoleARN: role},
			"InvalidDefinition: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: ",
		},
		{local.StateMachine{Name: "m", Kind: asl.Express, RoleARN: role,
			Definition: `{"StartAt":"T","States":{"T":{"Type":"Task",
				"Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"f"},
				"End":true}}}`},
			"InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state " +
				"machine does not support '.waitForTaskToken' service integration  at /States/T/Resource'"},
		{local.StateMachine{Name: "m", RoleARN: role,
			Definition: `{"StartAt":"T","States":{"T":{"Type":"Task",
				"Resource":"arn:aws:states:::sqs:receiveMessage","End":true}}}`},
			"InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The resource provided " +
				"arn:aws:states:::sqs:receiveMessage is not recognized."},
		{local.StateMachine{Name: "m", RoleARN: role,
			Definition: `{"StartAt":"T","States":{"T":{"Type":"Pass","Next":"T"}}}`},
			"InvalidDefinition: Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state " +
				"at null'"},
	} {
		if _, err := a.Create(test.m); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func TestUpdateKeepsRunningExecutions(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, waits)
		e, err := a.StartExecution(arn, "one", nil)
		if err != nil {
			t.Fatal(err)
		}
		updated, err := a.Update(local.StateMachine{ARN: arn, Definition: passes})
		if err != nil || updated.RevisionID == "" || updated.RoleARN != role {
			t.Fatal(updated, err)
		}
		same, _ := a.Update(local.StateMachine{ARN: arn, Definition: passes})
		if same.RevisionID != updated.RevisionID {
			t.Error("an update that changes nothing makes a revision")
		}
		if e.StateMachine().Definition != waits {
			t.Error("the execution runs another definition than it was started with")
		}
		two, _ := a.StartExecution(arn, "two", nil)
		if two.Describe().Status != asl.Succeeded || e.Describe().Status != asl.Running {
			t.Error("the update came too early or too late")
		}
		sleep(v, time.Minute)
		if e.Describe().Status != asl.Succeeded {
			t.Error(e.Describe())
		}
		_, err = a.Update(local.StateMachine{ARN: arn + "x", RoleARN: role})
		if code(err) != "StateMachineDoesNotExist" {
			t.Error(err)
		}
	})
}

func TestDeleteWaitsForExecutions(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, waits)
		if _, err := a.StartExecution(arn, "one", nil); err != nil {
			t.Fatal(err)
		}
		if err := a.Delete(arn); err != nil {
			t.Fatal(err)
		}
		if m, err := a.StateMachine(arn); err != nil || m.Status != "DELETING" {
			t.Error(m, err)
		}
		if _, err := a.StartExecution(arn, "two", nil); code(err) != "StateMachineDeleting" {
			t.Error(err)
		}
		sleep(v, time.Minute)
		if _, err := a.StateMachine(arn); code(err) != "StateMachineDoesNotExist" {
			t.Error(err)
		}
		if err := a.Delete(arn); err != nil {
			t.Errorf("a state machine that does not exist: %v", err)
		}
	})
}
