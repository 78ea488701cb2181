package deploy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// suffixes end the logical ids of CloudFormation, by kind.
var suffixes = map[string]string{
	"role":        "Role",
	"policy":      "Policy",
	"log":         "LogGroup",
	"machine":     "StateMachine",
	"table":       "Table",
	"function":    "Function",
	"permission":  "Permission",
	"association": "Association",
	"flow":        "Flow",
	"alarm":       "Alarm",
	"dashboard":   "Dashboard",
	"query":       "Query",
	"queue":       "Queue",
	"queuepolicy": "QueuePolicy",
	"invoke":      "EventInvokeConfig",
	"mapping":     "EventSourceMapping",
	"rule":        "Rule",
	"target":      "Target",
	"version":     "Version",
	"alias":       "Alias",
}

// logicalID is the name of a resource in a template: role.async is AsyncRole.
func logicalID(key string) string {
	kind, name, _ := strings.Cut(key, ".")
	return pascal(name) + suffixes[kind]
}

// exportCloudFormation writes a template for CloudFormation and SAM.
func exportCloudFormation(s *Stack) ([]File, error) {
	w := &templateWriter{comments: yaml.CommentMap{}, optional: map[string]bool{}}
	resources := w.resources(s.vocabulary(item.cloudFormation))
	doc := yaml.MapSlice{
		{Key: "AWSTemplateFormatVersion", Value: "2010-09-09"},
		{Key: "Description", Value: "Slow Lambda functions behind Amazon Connect: " + s.project.Name},
		{Key: "Parameters", Value: templateParameters(s)},
		{Key: "Rules", Value: templateRules(s)},
		{Key: "Conditions", Value: w.conditions(s)},
		{Key: "Resources", Value: resources},
		{Key: "Outputs", Value: w.outputs(s)},
	}
	text, err := yaml.MarshalWithOptions(doc, yaml.IndentSequence(true), yaml.UseLiteralStyleIfMultiline(true),
		yaml.WithComment(w.comments))
	if err != nil {
		return nil, err
	}
	return append(s.stageFiles(".parameters.json", parameterFile), File{Name: "template.yaml", Content: text}), nil
}

// packageParameters say where the deployment package is in S3.
var packageParameters = []variable{
	{name: "code_bucket", description: "S3 bucket that holds the deployment package of the async function",
		required: true, accepts: bucketRule},
	{name: "code_key", description: "Key of the deployment package in that bucket", required: true,
		accepts: objectRule},
}

// placeParameters say where a stage is, so that its values are not deployed to another place.
var placeParameters = []variable{
	{name: "account", accepts: accountRule.orEmpty(),
		description: "Account to deploy to, and no other; empty for that of the credentials"},
	{name: "region", accepts: regionRule.orEmpty(),
		description: "Region to deploy to, and no other; empty for that of the command"},
}

// templateRules refuse, before anything is created, another place than placeParameters say, and a parameter that means
// nothing without another one.
func templateRules(s *Stack) yaml.MapSlice {
	var out yaml.MapSlice
	for _, v := range placeParameters {
		is := one("Fn::Equals", []any{one("Ref", pascal(v.name)), one("Ref", pseudoParameters[v.name])})
		out = append(out, yaml.MapItem{Key: "Deploy" + pascal(v.name), Value: whereGiven(v, is,
			fmt.Sprintf("The parameter %s names another %s than this one.", pascal(v.name), v.name))})
	}
	for _, v := range s.variables() {
		if v.needs != "" {
			out = append(out, yaml.MapItem{Key: pascal(v.name) + "Needs" + pascal(v.needs),
				Value: whereGiven(v, isGiven(v.needs), needsRemedy(pascal(v.name), pascal(v.needs)))})
		}
	}
	return out
}

// whereGiven is a rule for where a parameter is given.
func whereGiven(v variable, assert yaml.MapSlice, description string) yaml.MapSlice {
	assertion := yaml.MapSlice{{Key: "Assert", Value: assert}, {Key: "AssertDescription", Value: description}}
	return yaml.MapSlice{{Key: "RuleCondition", Value: isGiven(v.name)}, {Key: "Assertions", Value: []any{assertion}}}
}

func isGiven(variable string) yaml.MapSlice {
	return one("Fn::Not", []any{one("Fn::Equals", []any{one("Ref", pascal(variable)), ""})})
}

func templateParameters(s *Stack) yaml.MapSlice {
	var out yaml.MapSlice
	for _, v := range slices.Concat(packageParameters, placeParameters, s.variables()) {
		p := yaml.MapSlice{{Key: "Type", Value: "String"}, {Key: "Description", Value: v.description}}
		if v.number {
			n, _ := strconv.Atoi(v.value)
			p[0].Value = "Number"
			p = append(p, yaml.MapItem{Key: "Default", Value: n})
		} else if !v.required {
			p = append(p, yaml.MapItem{Key: "Default", Value: v.value})
		}
		p = append(p, parameterConstraint(v)...)
		out = append(out, yaml.MapItem{Key: pascal(v.name), Value: p})
	}
	return out
}

// parameterConstraint is what a parameter's value must be.
func parameterConstraint(v variable) yaml.MapSlice {
	c := v.accepts
	var out yaml.MapSlice
	add := func(key string, value any) { out = append(out, yaml.MapItem{Key: key, Value: value}) }
	switch {
	case c.isNone():
		return nil
	case c.pattern != "":
		add("AllowedPattern", c.pattern)
	case len(c.allowed) > 0:
		add("AllowedValues", c.allowed)
	default:
		add("MinValue", c.low)
		if c.high > 0 {
			add("MaxValue", c.high)
		}
	}
	add("ConstraintDescription", v.message(pascal(v.name)))
	return out
}

// conditions say which variables are set, for the properties that are left out when they are not.
func (w *templateWriter) conditions(s *Stack) yaml.MapSlice {
	var out yaml.MapSlice
	for _, v := range s.variables() {
		if w.optional[v.name] {
			equals := []any{one("Ref", pascal(v.name)), v.empty()}
			out = append(out, yaml.MapItem{Key: "Has" + pascal(v.name),
				Value: one("Fn::Not", []any{one("Fn::Equals", equals)})})
		}
	}
	return out
}

func one(key string, value any) yaml.MapSlice { return yaml.MapSlice{{Key: key, Value: value}} }

// templateWriter writes values as templates have them, and collects comments by path and the variables without which
// something is left out.
type templateWriter struct {
	comments yaml.CommentMap
	optional map[string]bool
}

func (w *templateWriter) resources(resources []resource) yaml.MapSlice {
	var out yaml.MapSlice
	for _, r := range resources {
		id := logicalID(r.key)
		body := one("Type", r.kind)
		body = append(body, removalPolicies(r)...)
		if len(r.after) > 0 {
			var ids []any
			for _, key := range r.after {
				ids = append(ids, logicalID(key))
			}
			body = append(body, yaml.MapItem{Key: "DependsOn", Value: ids})
		}
		body = append(body, yaml.MapItem{Key: "Properties",
			Value: w.object(r.properties, "$.Resources."+id+".Properties")})
		out = append(out, yaml.MapItem{Key: id, Value: body})
	}
	return out
}

// holdData are the kinds of resources that hold data: a template says what becomes of them when they are removed or
// replaced.
var holdData = []string{"AWS::Logs::LogGroup", "AWS::DynamoDB::Table", "AWS::SQS::Queue"}

func removalPolicies(r resource) yaml.MapSlice {
	if !slices.Contains(holdData, r.kind) && !r.retained {
		return nil
	}
	policy := "Delete"
	if r.retained {
		policy = "Retain"
	}
	return yaml.MapSlice{{Key: "DeletionPolicy", Value: policy}, {Key: "UpdateReplacePolicy", Value: policy}}
}

func (w *templateWriter) outputs(s *Stack) yaml.MapSlice {
	var out yaml.MapSlice
	for _, o := range s.outputs() {
		out = append(out, yaml.MapItem{Key: pascal(o.name), Value: yaml.MapSlice{
			{Key: "Description", Value: o.description}, {Key: "Value", Value: templateText(o.value)}}})
	}
	return out
}

func (w *templateWriter) object(o object, path string) yaml.MapSlice {
	out := yaml.MapSlice{}
	for _, f := range o {
		at := path + "." + f.key
		if f.comment != "" {
			w.comments[at] = []*yaml.Comment{yaml.HeadComment(" " + f.comment)}
		}
		out = append(out, yaml.MapItem{Key: f.key, Value: w.value(f.value, at)})
	}
	return out
}

func (w *templateWriter) value(v value, path string) any {
	switch v := v.(type) {
	case plain:
		return string(v)
	case number:
		return int(v)
	case decimal:
		if whole := int(v); decimal(whole) == v {
			return whole
		}
		return float64(v)
	case truth:
		return bool(v)
	case text:
		return templateText(v)
	case object:
		return w.object(v, path)
	case verbatim:
		return w.object(object(v), path)
	case encoded:
		return w.object(object(v), path)
	case list:
		items := []any{}
		for i, item := range v {
			items = append(items, w.value(item, fmt.Sprintf("%s[%d]", path, i)))
		}
		return items
	case optional:
		w.optional[v.variable] = true
		var otherwise any = one("Ref", "AWS::NoValue")
		if v.otherwise != nil {
			otherwise = w.value(v.otherwise, path)
		}
		return one("Fn::If", []any{"Has" + pascal(v.variable), w.value(v.value, path), otherwise})
	case fraction:
		return one("Ref", pascal(v.variable))
	case numeral:
		return one("Ref", pascal(v.variable))
	case document:
		return templateText(v.parts())
	case packageFile:
		return yaml.MapSlice{{Key: "S3Bucket", Value: one("Ref", "CodeBucket")},
			{Key: "S3Key", Value: one("Ref", "CodeKey")}}
	}
	panic(unknown("the writer of templates", v))
}

// templateText writes a text with the intrinsic functions of templates.
func templateText(t text) any {
	if name := t.only(); name != "" {
		return templateReference(name)
	}
	var b strings.Builder
	references := false
	var computed yaml.MapSlice // what a substitution has no name for
	for _, p := range t {
		if p.name == "" {
			b.WriteString(p.literal)
			continue
		}
		references = true
		name := substitution(p.name)
		if variable, ok := strings.CutPrefix(p.name, "arn_name."); ok {
			name = pascal(variable) + "Name"
			computed = append(computed, yaml.MapItem{Key: name, Value: templateReference(p.name)})
		}
		b.WriteString("\x00" + name + "}")
	}
	if !references {
		return b.String()
	}
	text := strings.ReplaceAll(strings.ReplaceAll(b.String(), "${", "${!"), "\x00", "${")
	if len(computed) > 0 {
		return one("Fn::Sub", []any{text, computed})
	}
	return one("Fn::Sub", text)
}

var pseudoParameters = map[string]string{
	"region": "AWS::Region", "account": "AWS::AccountId", "partition": "AWS::Partition",
	"package_key": "CodeKey", NewestVersion: "AsyncVersion.Version",
}

// templateReference is a reference by itself.
func templateReference(name string) any {
	if name == "instance_account" {
		return one("Fn::Select", []any{4, one("Fn::Split", []any{":", one("Ref", "InstanceArn")})})
	}
	if variable, ok := strings.CutPrefix(name, "arn_name."); ok {
		split := one("Fn::Split", []any{":", one("Ref", pascal(variable))})
		return one("Fn::Select", []any{arnNamePart, split})
	}
	id, attribute, found := strings.Cut(substitution(name), ".")
	if found {
		return one("Fn::GetAtt", []any{id, attribute})
	}
	return one("Ref", id)
}

// hasARN reports whether a kind of resource has its ARN as an attribute, since Ref is something else.
func hasARN(kind string) bool {
	return slices.Contains([]string{"role", "function", "queue", "rule"}, kind)
}

// substitution is a reference as Fn::Sub has it.
func substitution(name string) string {
	if pseudo, ok := pseudoParameters[name]; ok {
		return pseudo
	}
	kind, rest, _ := strings.Cut(name, ".")
	if kind == "var" {
		return pascal(rest)
	}
	id, attribute, _ := strings.Cut(rest, ".")
	if attribute == "arn" && hasARN(kind) {
		return logicalID(kind+"."+id) + ".Arn"
	}
	// Ref of a role and a table is the name, of a state machine and a flow the ARN, of a queue the URL.
	return logicalID(kind + "." + id)
}
