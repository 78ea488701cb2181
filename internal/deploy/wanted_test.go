package deploy_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/deploy"
)

// defaults are the values of the export's variables that these tests leave as they are.
var defaults = map[string]string{"alarm_topic_arn": "", "permissions_boundary_arn": "", "log_retention_days": "30",
	"memory_mb": "128", "reserved_concurrency": "-1", "ends_reserved_concurrency": "-1", "expected_callers": "10"}

// TestWantedIsWhatIsExported compares what is wanted, with every variable known, with the template that CloudFormation
// is given, as CloudFormation resolves it.
func TestWantedIsWhatIsExported(t *testing.T) {
	for name, stack := range stacks(t) {
		variables := maps.Clone(defaults)
		maps.Copy(variables, stack.AtName("", "").Values)
		maps.Copy(variables, environments[name])
		maps.Copy(variables, map[string]map[string]string{"describe": {"role_path": "/", "role_prefix": ""},
			"alias": {"role_path": "/", "role_prefix": ""},
			"table": {"role_path": "/voice/", "role_prefix": "team-"},
			"late": {"role_path": "/", "role_prefix": "", "balance_deliver_to_arn": lateFlowARN,
				"pay_out_deliver_to_arn": lateQueueARN, "report_deliver_to_arn": lateBusARN,
				"balance_progress_role_name": "slow-role"}}[name])
		place := deploy.Site{Account: "111122223333", Region: "us-east-1", Values: variables}
		exported := map[string]bool{}
		for _, r := range readCloudFormationExport(t, stack, environments[name]) {
			delete(r.properties, "Code")
			delete(r.properties, "Tags")
			if description, _ := r.properties["Description"].(string); strings.HasPrefix(description, "Release ") {
				delete(r.properties, "Description") // which only CloudFormation and the CDK have
			}
			if r.kind == "AWS::Lambda::Version" { // which every deployment makes
				continue
			}
			exported[sorted(t, r.kind, texts(r.properties))] = true
		}
		values := stack.Values(place)
		for _, w := range stack.Wanted(place) {
			wanted := sorted(t, w.Type, texts(plainly(w.Properties)))
			if !exported[wanted] {
				t.Errorf("%s: wanted, but not exported: %s", name, wanted)
			}
			delete(exported, wanted)
			for _, property := range w.Properties {
				d, ok := property.(deploy.Document)
				if diff := cmp.Diff(texts(plainly(d.JSON)), texts(filledFlows(d.Fill(values)))); ok && diff != "" {
					t.Errorf("%s: the text of the document differs:\n%s", w.Name, diff)
				}
			}
		}
		for resource := range exported {
			t.Errorf("%s: exported, but not wanted: %s", name, resource)
		}
	}
}

// filledFlows fills the ARNs of flows into a document.
func filledFlows(text string) string {
	for _, id := range []string{"wait", "flow"} {
		text = strings.ReplaceAll(text, "${flow."+id+".arn}", unknownTo("flow."+id))
	}
	return text
}

// sorted is a resource as one text.
func sorted(t *testing.T, kind string, properties any) string {
	t.Helper()
	text, err := json.Marshal(properties)
	if err != nil {
		t.Fatal(err)
	}
	return kind + " " + string(text)
}

// plainly is what is wanted in the types of JSON, with what CloudFormation answers in these tests for what only it
// knows.
func plainly(v any) any {
	switch v := v.(type) {
	case deploy.Pattern:
		var b strings.Builder
		for _, p := range v {
			b.WriteString(p.Literal + unknownTo(p.Variable))
		}
		return b.String()
	case deploy.Document:
		return plainly(v.JSON)
	case deploy.Whole:
		return plainly(map[string]any(v))
	}
	return each(v, plainly)
}

// unknownTo is what CloudFormation answers in these tests for a reference.
func unknownTo(reference string) string {
	kind, rest, _ := strings.Cut(reference, ".")
	name, _, _ := strings.Cut(rest, ".")
	switch kind {
	case deploy.NewestVersion:
		return newestVersion
	case "queue":
		return "url of bank-ends-" + name
	case "flow":
		return "arn of the flow bank-" + name
	}
	return reference
}

// texts is a value of a template with its numbers and documents as texts.
func texts(v any) any {
	if text, ok := v.(string); ok {
		var document map[string]any
		if json.Unmarshal([]byte(text), &document) == nil {
			return texts(document)
		}
	}
	return each(v, texts)
}

// each applies a function to the parts of a value; what has none becomes text.
func each(v any, f func(any) any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, member := range v {
			out[key] = f(member)
		}
		return out
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, f(item))
		}
		return out
	}
	return fmt.Sprint(v)
}
