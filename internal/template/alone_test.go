package template_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/template"
)

// TestFlowAlone: a flow that has a file to itself is found, and where each part of it is in the file.
func TestFlowAlone(t *testing.T) {
	const flow = `{"Version": "2019-10-30", "StartAction": "é", "Actions": [{"Identifier": "é"}]}`
	escaped := strings.NewReplacer(`"`, `\"`, `é`, `\u00e9`).Replace(flow)
	for name, file := range map[string]string{
		"flow":          flow,
		"after a mark":  "\ufeff " + flow + "\r\n",
		"answer":        `{"ContactFlow": {"Name": "é", "Content": "` + escaped + `"}}`,
		"module":        "\ufeff{\n \"ContactFlowModule\": {\"Content\": \"" + escaped + "\"}}",
		"string":        `"` + escaped + `"` + "\n",
		"another slash": `"` + strings.Replace(escaped, "Version", `\u0056ersion`, 1) + `"`,
	} {
		own, ok := template.FlowAlone("flow.json", []byte(file))
		if !ok || strings.TrimSpace(string(own.JSON)) != flow {
			t.Errorf("%s: %q, %v", name, own.JSON, ok)
			continue
		}
		from, to := strings.Index(string(own.JSON), `, "Actions`), len(own.JSON)-len(`}`)
		if name == "after a mark" {
			to = strings.LastIndex(string(own.JSON), "}")
		}
		got := file[own.At(from):own.At(to)]
		want := strings.TrimSuffix(flow[strings.Index(flow, `, "Actions`):], "}")
		if own.IsQuoted {
			want = strings.NewReplacer(`"`, `\"`, `é`, `\u00e9`).Replace(want)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestFlowNotAlone: what else a file may hold has no text of its own.
func TestFlowNotAlone(t *testing.T) {
	const flow = `{\"Version\": \"2019-10-30\", \"StartAction\": \"a\", \"Actions\": []}`
	for _, file := range []string{``, `{`, `[]`, `{}`, `"a"`, `"{"`, `{"StartAt": "a", "States": {}}`,
		`{"Resources": {"F": {"Type": "AWS::Connect::ContactFlow", "Properties": {"Content": "` + flow + `"}}}}`,
		`{"ContactFlow": {"Content": {"Fn::Sub": "` + flow + `"}}}`,
		`{"Version": "2019-10-30", "StartAction": "a", "Actions": ${jsonencode(x)}}`,
		`{"ContactFlow": {"Content": "` + strings.Replace(flow, "[]", "${actions}", 1) + `"}}`,
		"Version: 2019-10-30\nStartAction: a\nActions: []\n",
	} {
		if own, ok := template.FlowAlone("flow.json", []byte(file)); ok {
			t.Errorf("%s: %s", file, own.JSON)
		}
	}
}
