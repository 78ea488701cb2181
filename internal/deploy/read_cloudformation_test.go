package deploy_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/connect-async/connect-async/internal/deploy"
)

func readCloudFormationExport(t *testing.T, stack *deploy.Stack, given map[string]string) []readResource {
	return readCloudFormationAt(t, stack, given, commercial)
}

func readCloudFormationAt(t *testing.T, stack *deploy.Stack, given map[string]string, at site) []readResource {
	text, values := templateOf(t, stack, given)
	return readTemplate(t, text, values, at)
}

// templateOf is the template of an export as JSON, with the values of its parameters.
func templateOf(t *testing.T, stack *deploy.Stack, given map[string]string) ([]byte, map[string]any) {
	t.Helper()
	values := map[string]any{"CodeBucket": "bucket", "CodeKey": "key"}
	for name, v := range given {
		values[parameterName(name)] = v
	}
	return templateText(t, stack), values
}

// templateText is the template of an export as JSON. Each is converted once.
func templateText(t *testing.T, stack *deploy.Stack) []byte {
	t.Helper()
	if known, ok := templates.Load(stack); ok {
		return known.([]byte)
	}
	text, err := yaml.YAMLToJSON(readFile(t, filepath.Join(exportFolder(t, stack, "cloudformation"), "template.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	templates.Store(stack, text)
	return text
}

var templates sync.Map

func parameterName(variable string) string {
	name := camelCase(variable)
	return strings.ToUpper(name[:1]) + name[1:]
}

// template resolves a CloudFormation template with given parameters.
type template struct {
	site
	t          *testing.T
	parameters map[string]any
	rules      map[string]templateRule
	outputs    map[string]struct{ Value any }
	conditions map[string]any
	resources  map[string]map[string]any
}

// templateRule is what CloudFormation checks of the parameters together.
type templateRule struct {
	RuleCondition any
	Assertions    []struct {
		Assert            any
		AssertDescription string
	}
}

// openTemplate gives the parameters of a template their values.
func openTemplate(t *testing.T, text []byte, given map[string]any, at site) *template {
	t.Helper()
	var doc struct {
		Parameters map[string]struct{ Default any }
		Rules      map[string]templateRule
		Conditions map[string]any
		Resources  map[string]map[string]any
		Outputs    map[string]struct{ Value any }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	pseudo := map[string]any{"AWS::Region": at.region, "AWS::AccountId": "111122223333",
		"AWS::Partition": at.partition, "AWS::NoValue": nil, "AWS::URLSuffix": "amazonaws.com"}
	tpl := &template{site: at, t: t, parameters: pseudo, rules: doc.Rules, conditions: doc.Conditions,
		resources: doc.Resources, outputs: doc.Outputs}
	for name, p := range doc.Parameters {
		value := p.Default
		if v, ok := given[name]; ok {
			value = v
		} else if p.Default == nil {
			t.Fatalf("the parameter %s must be given", name)
		}
		tpl.parameters[name] = fmt.Sprint(value) // a number is text where text is wanted
	}
	return tpl
}

// refusals are what CloudFormation says of the parameters before it creates anything.
func (t *template) refusals() []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(t.rules)) {
		for _, a := range t.rules[name].Assertions {
			if t.resolve(t.rules[name].RuleCondition) == true && t.resolve(a.Assert) != true {
				list = append(list, a.AssertDescription)
			}
		}
	}
	return list
}

func readTemplate(t *testing.T, text []byte, given map[string]any, at site) []readResource {
	t.Helper()
	tpl := openTemplate(t, text, given, at)
	var list []readResource
	for _, id := range slices.Sorted(maps.Keys(tpl.resources)) {
		r := tpl.resources[id]
		after, _ := r["DependsOn"].([]any)
		for _, other := range after {
			if tpl.resources[other.(string)] == nil {
				t.Errorf("%s depends on %v, which is not there", id, other)
			}
		}
		if kind := r["Type"].(string); kind != "AWS::CDK::Metadata" {
			list = append(list, readResource{kind: kind, properties: tpl.resolve(r["Properties"]).(map[string]any)})
		}
	}
	for _, o := range tpl.outputs {
		tpl.resolve(o.Value)
	}
	return list
}

// resolve replaces the intrinsic functions of a value. Properties that are AWS::NoValue are left out.
func (t *template) resolve(v any) any {
	switch v := v.(type) {
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, t.resolve(item))
		}
		return out
	case map[string]any:
		for name, argument := range v {
			if f, ok := intrinsics[name]; ok && len(v) == 1 {
				return f(t, argument)
			}
		}
		out := map[string]any{}
		for key, item := range v {
			if resolved := t.resolve(item); resolved != nil {
				out[key] = resolved
			}
		}
		return out
	}
	return v
}

var intrinsics map[string]func(*template, any) any

func init() {
	intrinsics = map[string]func(*template, any) any{
		"Ref":        func(t *template, v any) any { return t.reference(v.(string), "") },
		"Fn::GetAtt": func(t *template, v any) any { return t.reference(v.([]any)[0].(string), v.([]any)[1].(string)) },
		"Fn::Sub": func(t *template, v any) any {
			if list, ok := v.([]any); ok {
				return t.substitute(list[0].(string), list[1].(map[string]any))
			}
			return t.substitute(v.(string), nil)
		},
		"Fn::If": func(t *template, v any) any {
			branches := v.([]any)
			if t.resolve(t.conditions[branches[0].(string)]) == true {
				return t.resolve(branches[1])
			}
			return t.resolve(branches[2])
		},
		"Fn::Not": func(t *template, v any) any { return t.resolve(v.([]any)[0]) != true },
		"Fn::Equals": func(t *template, v any) any {
			return fmt.Sprint(t.resolve(v.([]any)[0])) == fmt.Sprint(t.resolve(v.([]any)[1]))
		},
		"Fn::Select": func(t *template,
			v any) any {
			return t.resolve(v.([]any)[1]).([]string)[int(number(v.([]any)[0]))]
		},
		"Fn::Split": func(t *template, v any) any {
			return strings.Split(t.resolve(v.([]any)[1]).(string), v.([]any)[0].(string))
		},
		"Fn::Join": func(t *template, v any) any {
			var parts []string
			for _, item := range t.resolve(v.([]any)[1]).([]any) {
				parts = append(parts, fmt.Sprint(item))
			}
			return strings.Join(parts, v.([]any)[0].(string))
		},
	}
}

func number(v any) float64 {
	if text, ok := v.(string); ok {
		var n float64
		_, _ = fmt.Sscan(text, &n)
		return n
	}
	return v.(float64)
}

var substitutions = regexp.MustCompile(`\$\{!?[^}]+\}`)

func (t *template) substitute(text string, computed map[string]any) string {
	return substitutions.ReplaceAllStringFunc(text, func(s string) string {
		if name, escaped := strings.CutPrefix(s, "${!"); escaped {
			return "${" + name
		}
		if value, ok := computed[s[2:len(s)-1]]; ok {
			return fmt.Sprint(t.resolve(value))
		}
		id, attribute, _ := strings.Cut(s[2:len(s)-1], ".")
		return fmt.Sprint(t.reference(id, attribute))
	})
}

// reference is what AWS answers for Ref and GetAtt of the types in our templates.
func (t *template) reference(id, attribute string) any {
	if v, ok := t.parameters[id]; ok {
		return v
	}
	r, ok := t.resources[id]
	if !ok {
		t.t.Fatalf("the template refers to %s, which is not there", id)
	}
	p := func(name string) string { return fmt.Sprint(t.resolve(r["Properties"].(map[string]any)[name])) }
	switch r["Type"].(string) + "." + attribute {
	case "AWS::IAM::Role.":
		return p("RoleName")
	case "AWS::IAM::Role.Arn":
		return t.arn("iam", "role"+p("Path")+p("RoleName"))
	case "AWS::SQS::Queue.":
		return "url of " + p("QueueName")
	case "AWS::SQS::Queue.Arn":
		return t.arn("sqs", p("QueueName"))
	case "AWS::Events::Rule.Arn":
		return t.arn("events", "rule/"+p("Name"))
	case "AWS::Lambda::Function.":
		return p("FunctionName")
	case "AWS::Lambda::Function.Arn":
		return t.arn("lambda", "function:"+p("FunctionName"))
	case "AWS::Lambda::Version.Version":
		return newestVersion
	case "AWS::Lambda::Alias.":
		return t.arn("lambda", "function:"+p("FunctionName")+":"+p("Name"))
	case "AWS::StepFunctions::StateMachine.":
		return t.arn("states", "stateMachine:"+p("StateMachineName"))
	case "AWS::DynamoDB::Table.":
		return p("TableName")
	case "AWS::Connect::ContactFlow.", "AWS::Connect::ContactFlowModule.":
		return "arn of the flow " + p("Name")
	}
	t.t.Fatalf("the template refers to %s.%s, which the type %s does not have", id, attribute, r["Type"])
	return nil
}
