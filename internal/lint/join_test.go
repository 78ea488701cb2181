package lint_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/template"
)

// TestJoin: what a resource says of the document in another file counts there, and the document is then not unread.
func TestJoin(t *testing.T) {
	text, _ := unmark("", dangling)
	resources := read(t, "infra/main.tf", `
resource "aws_connect_contact_flow" "a" {
  type    = "CUSTOMER_QUEUE"
  content = templatefile("${path.module}/../flows/a.tftpl", {})
}
resource "aws_connect_contact_flow_module" "c" {
  filename = "${path.module}/../flows/c.json"
}
resource "aws_connect_contact_flow" "b" {
  content = file("b.json")
}
`)
	stack := read(t, "infra/t.yaml", `
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties: {Type: EXPRESS, DefinitionUri: ../m.asl.json}
`)
	flow := read(t, "flows/a.tftpl", text)
	module := read(t, "flows/c.json", text)
	machine := read(t, "m.asl.json", `{"StartAt": "A", "TimeoutSeconds": 9, "States": {"A": {"Type": "Succeed"}}}`)
	lint.Join([]*lint.Document{resources, stack, flow, module, machine})

	if f := flow.Flows[0]; f.Type != flowlang.CustomerQueue || !f.TypeGiven || f.Name != "a" {
		t.Errorf("the flow is %q of type %s", f.Name, f.Type)
	}
	if f := module.Flows[0]; f.Type != flowlang.Module || f.Name != "c" {
		t.Errorf("the module is %q of type %s", f.Name, f.Type)
	}
	if u := resources.Unread; len(u) != 1 || u[0].Code != template.CodeOtherFile || u[0].Line != 10 {
		t.Errorf("unread are %v, want the one in line 10", u)
	}
	if len(stack.Unread) != 0 {
		t.Errorf("unread are %v", stack.Unread)
	}
	found := lint.Run(lint.Setup{Machine: machine.Machines[0]})
	if len(found) != 1 || found[0].Rule != "express" || found[0].File != "infra/t.yaml" || found[0].Line != 5 {
		t.Errorf("found %v", found)
	}
}

// TestReadLegacyAndUnread: a document that is refused does not hide one that cannot be read.
func TestReadLegacyAndUnread(t *testing.T) {
	const properties = ":\n    Type: AWS::Connect::ContactFlow\n    Properties:\n      Content: "
	doc := read(t, "t.yaml", "Resources:\n"+
		"  A"+properties+"'{\"modules\": [], \"start\": 1}'\n"+
		"  B"+properties+"!Ref Flow\n")
	if len(doc.Unread) != 2 || doc.Unread[0].Code != template.CodeUnread || doc.Unread[1].Code != lint.CodeLegacy {
		t.Errorf("unread are %v", doc.Unread)
	}
}

// TestReadSomeOfSeveral: a document that is refused does not hide the others in its file.
func TestReadSomeOfSeveral(t *testing.T) {
	text, _ := unmark("", dangling)
	const properties = ":\n    Type: AWS::Connect::ContactFlow\n    Properties:\n      Content: "
	doc := read(t, "t.yaml", "Resources:\n"+
		"  A"+properties+"'{\"modules\": [], \"start\": 1}'\n"+
		"  B"+properties+"'"+text+"'\n")
	if len(doc.Flows) != 1 || len(doc.Unread) != 1 || doc.Unread[0].Code != lint.CodeLegacy || doc.Unread[0].Line != 5 {
		t.Errorf("%d flows, unread are %v", len(doc.Flows), doc.Unread)
	}
}

// TestJoinSeveral: each resource that reads a file deploys a flow of its own.
func TestJoinSeveral(t *testing.T) {
	text, _ := unmark("", dangling)
	resources := read(t, "main.tf", `
resource "aws_connect_contact_flow" "a" {
  type     = "CUSTOMER_QUEUE"
  filename = "flow.json"
}
resource "aws_connect_contact_flow" "b" {
  type     = "CUSTOMER_HOLD"
  filename = "${path.module}/flow.json"
}
`)
	flow := read(t, "flow.json", text)
	lint.Join([]*lint.Document{resources, flow})
	if len(flow.Flows) != 2 || flow.Flows[0].Type != flowlang.CustomerQueue ||
		flow.Flows[1].Type != flowlang.CustomerHold || flow.Flows[1].Name != "b" {
		t.Errorf("%d flows, the first is of type %s", len(flow.Flows), flow.Flows[0].Type)
	}
	if len(resources.Unread) != 0 {
		t.Errorf("unread are %v", resources.Unread)
	}
}
