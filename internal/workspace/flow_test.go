package workspace_test

import (
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
	"github.com/connect-async/connect-async/internal/workspace"
)

// TestReadFlow: what the file says beside the flow counts, unless the project file says something else.
func TestReadFlow(t *testing.T) {
	const flow = `{"Version": "2019-10-30", "StartAction": "a", "Actions": []}`
	const module = `{"ContactFlowModule": {"Name": "m", "Settings": "{\"input\": {}}", "Content": {"StartAction": "a",
		"Actions": [], "Settings": {}}}}`
	dir := write(t, map[string]string{"flow.json": flow, "module.json": module,
		"answer.json": `{"ContactFlow": {"Name": "n", "Type": "CUSTOMER_HOLD", "Content": ` + flow + `}}`})
	listed := func(f project.Flow) *project.Project {
		f.File = filepath.Join(dir, f.File)
		return &project.Project{Flows: []project.Flow{f}}
	}
	for _, test := range []struct {
		file     string
		project  *project.Project
		name     string
		kind     flowlang.Type
		given    bool
		settings string
	}{
		{file: "flow.json", kind: flowlang.ContactFlow},
		{file: "flow.json", project: listed(project.Flow{File: "answer.json", Managed: true}),
			kind: flowlang.ContactFlow},
		{file: "flow.json", project: listed(project.Flow{File: "flow.json", Managed: true}),
			kind: flowlang.ContactFlow, given: true},
		{file: "answer.json", name: "n", kind: flowlang.CustomerHold, given: true},
		{file: "answer.json", project: listed(project.Flow{File: "answer.json", Type: flowlang.Campaign}), name: "n",
			kind: flowlang.Campaign, given: true},
		{file: "module.json", name: "m", kind: flowlang.Module, given: true, settings: `{"input":{}}`},
	} {
		f, err := workspace.ReadFlow(test.project, filepath.Join(dir, test.file))
		if err != nil {
			t.Fatal(err)
		}
		settings := ""
		if f.Settings != nil {
			text, _ := f.Settings.MarshalJSON()
			settings = string(text)
		}
		if f.Name != test.name || f.Type != test.kind || f.TypeGiven != test.given || settings != test.settings {
			t.Errorf("%s: %q of type %s (%v) with settings %s", test.file, f.Name, f.Type, f.TypeGiven, settings)
		}
	}
}

// TestReadFlowRefuses: whatever is wrong with a file is a finding about it.
func TestReadFlowRefuses(t *testing.T) {
	dir := write(t, map[string]string{"cut.json": `{"a":`, "two.yaml": "- {StartAction: a, Actions: []}\n" +
		"- {StartAction: a, Actions: []}\n", "old.json": `{"modules": [], "start": "1"}`})
	for file, code := range map[string]string{"gone.json": source.CodeUnreadable, "cut.json": source.CodeSyntax,
		"two.yaml": template.CodeSeveral, "old.json": flowlang.CodeLegacy} {
		_, err := workspace.ReadFlow(nil, filepath.Join(dir, file))
		if f, ok := err.(source.Finding); !ok || f.Code != code || f.File != filepath.Join(dir, file) {
			t.Errorf("%s: %v, want %s", file, err, code)
		}
	}
}

// TestJoinedType: what a template beside a file says of it counts, when all that deploy it say the same.
func TestJoinedType(t *testing.T) {
	const flow = `{"Version": "2019-10-30", "Metadata": {"type": "contactFlow"}, "StartAction": "a", "Actions": []}`
	resource := func(label, kind, file string) string {
		return "resource \"aws_connect_contact_flow\" \"" + label + "\" {\n  name = \"" + label + "\"\n" +
			"  type = \"" + kind + "\"\n  content = file(\"${path.module}/" + file + "\")\n}\n"
	}
	dir := write(t, map[string]string{
		"one.json": flow, "twice.json": flow, "differ.json": flow, "none.json": flow, "module.json": flow,
		"main.tf": resource("o", "CUSTOMER_HOLD", "one.json") + resource("a", "CAMPAIGN", "twice.json") +
			resource("b", "CAMPAIGN", "twice.json") + resource("c", "CAMPAIGN", "differ.json"),
		"more.tf": resource("d", "CUSTOMER_HOLD", "differ.json") + resource("e", "CAMPAIGN", "other/none.json") +
			"resource \"aws_connect_contact_flow_module\" \"m\" {\n  filename = \"module.json\"\n}\n",
		"broken.tf": "one.json {",
	})
	for file, want := range map[string]flowlang.Type{"one.json": flowlang.CustomerHold, "twice.json": flowlang.Campaign,
		"differ.json": flowlang.ContactFlow, "none.json": flowlang.ContactFlow, "module.json": flowlang.Module} {
		f, err := workspace.ReadFlow(nil, filepath.Join(dir, file))
		if err != nil || f.Type != want || !f.TypeGiven {
			t.Errorf("%s: %v, %v; want %s", file, f.Type, err, want)
		}
	}
	listed := &project.Project{Flows: []project.Flow{{File: filepath.Join(dir, "one.json"), Type: flowlang.AgentHold}}}
	f, err := workspace.ReadFlow(listed, filepath.Join(dir, "one.json"))
	if err != nil || f.Type != flowlang.AgentHold {
		t.Errorf("with a type in the project file: %v, %v", f.Type, err)
	}
}
