package deploy

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
)

// Wanted is a resource as it should be in AWS, with the properties that CloudFormation has for its type. A value is a
// string, an int, a float64, a bool, a map[string]any, a []any, or one of Pattern, Whole and Document. Properties whose
// value nobody knows beforehand, such as those of a variable that is not set, are left out. Tags are apart: others may
// have more of them.
type Wanted struct {
	Key        string            // kind and name in the model, such as function.async
	Type       string            // such as AWS::Lambda::Function
	Noun, Name string            // what people call it: "function", "bank-async"
	Named      map[string]string // what finds it: its texts, and as Arn its ARN where that follows from its name
	Properties map[string]any
	Tags       map[string]string // that it must have, nil for none
}

// Kind is the kind of the resource in the model, such as function.
func (w Wanted) Kind() string { return strings.SplitN(w.Key, ".", 2)[0] }

// NameProperty is the property that names the resource.
func (w Wanted) NameProperty() string { return kinds[w.Kind()].name }

// Part is a part of a Pattern: literal text, or a variable.
type Part struct{ Literal, Variable string }

// Pattern is a text with variables, such as var.memory_mb, whose values are those that are found.
type Pattern []Part

// Whole is an object that has no other members than these.
type Whole map[string]any

// Document is a JSON document that has no other members than its own, and whose lists are in this order.
type Document struct {
	JSON   any // as the values of Wanted
	source document
}

// Fill returns the document with the values of its variables. Those that are not known stay.
func (d Document) Fill(values map[string]string) string { return d.source.resolve(values) }

// kinds say what a kind of resource is called, which property names it, and what its ARN is made of.
var kinds = map[string]struct{ noun, name, service, resource string }{
	"alias":       {noun: "alias", name: "Name", service: "lambda", resource: "function:"},
	"alarm":       {noun: "alarm", name: "AlarmName", service: "cloudwatch", resource: "alarm:"},
	"association": {noun: "association", name: "IntegrationArn"},
	"dashboard":   {noun: "dashboard", name: "DashboardName"},
	"flow":        {noun: "flow", name: "Name"},
	"function":    {noun: "function", name: "FunctionName", service: "lambda", resource: "function:"},
	"invoke":      {noun: "failure destination", name: "FunctionName"},
	"log":         {noun: "log group", name: "LogGroupName", service: "logs", resource: "log-group:"},
	"mapping":     {noun: "event source", name: "FunctionName"},
	"machine":     {noun: "state machine", name: "StateMachineName", service: "states", resource: "stateMachine:"},
	"permission":  {noun: "permission", name: "FunctionName"},
	"policy":      {noun: "policy", name: "RoleName"},
	"query":       {noun: "saved query", name: "Name"},
	"queue":       {noun: "queue", name: "QueueName", service: "sqs"},
	"queuepolicy": {noun: "queue policy", name: "QueueName"},
	"role":        {noun: "role", name: "RoleName", service: "iam"},
	"rule":        {noun: "rule", name: "Name", service: "events", resource: "rule/"},
	"table":       {noun: "table", name: "TableName", service: "dynamodb", resource: "table/"},
}

// Nouns are what the kinds of resources are called, by kind.
func Nouns() map[string]string {
	nouns := map[string]string{}
	for kind, k := range kinds {
		nouns[kind] = k.noun
	}
	return nouns
}

// Wanted returns the resources of the stack as they should be somewhere, each after what it needs.
func (s *Stack) Wanted(at Site) []Wanted {
	resources := s.vocabulary(item.cloudFormation)
	values := s.Values(at)
	var list []Wanted
	for _, r := range resources {
		if r.kind != versionKind { // each deployment makes another one
			list = append(list, wanted(r, values))
		}
	}
	return list
}

// Values are the values of what the stack's texts name, as far as they are known: variables, places, and the names and
// ARNs of resources.
func (s *Stack) Values(at Site) map[string]string {
	instance, _ := arn.Parse(at.Values[instanceVariable])
	values := map[string]string{"region": at.Region, "account": at.Account, "partition": arn.Partition(at.Region),
		"instance_id": instance.Instance(), "instance_account": instance.Account}
	maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
	values["var."+nameVariable] = s.project.Name
	for name, value := range at.Values {
		values["var."+name] = value
		if a, ok := arn.Parse(value); ok && len(a.Path()) > 1 {
			values["arn_name."+name] = a.Path()[1]
		}
	}
	for _, r := range s.vocabulary(item.cloudFormation) {
		addIdentity(values, r)
	}
	return values
}

// addIdentity adds the name and the ARN of a resource, as far as they follow from what is known.
func addIdentity(values map[string]string, r resource) {
	kind, _, _ := strings.Cut(r.key, ".")
	k := kinds[kind]
	name, known := wantedValue(r.properties.get(k.name), values).(string)
	if kind == "alias" {
		name, known = qualified(r, values)
	}
	if !known || k.service == "" {
		return
	}
	values[r.key+".name"] = name
	full := arn.ARN{Partition: values["partition"], Service: k.service, Region: values["region"],
		Account: values["account"], Resource: k.resource + name}
	if kind == "role" {
		path, known := wantedValue(r.properties.get("Path"), values).(string)
		if !known {
			return
		}
		full.Region, full.Resource = "", "role"+path+name
	}
	values[r.key+".arn"] = full.String()
}

// qualified is the name of an alias with that of its function.
func qualified(r resource, values map[string]string) (name string, known bool) {
	function, known := wantedValue(r.properties.get("FunctionName"), values).(string)
	alias, _ := wantedValue(r.properties.get("Name"), values).(string)
	return function + ":" + alias, known
}

// wanted is a resource with what is known filled in.
func wanted(r resource, values map[string]string) Wanted {
	kind, name, _ := strings.Cut(r.key, ".")
	w := Wanted{Key: r.key, Type: r.kind, Noun: kinds[kind].noun, Named: map[string]string{},
		Properties: wantedObject(r.properties, values)}
	delete(w.Properties, "Tags")
	if description, _ := w.Properties["Description"].(Pattern); description != nil {
		delete(w.Properties, "Description") // of a release: each tool has its own
	}
	w.Tags = tagsOf(r.properties)
	for property, value := range w.Properties {
		if text, ok := value.(string); ok {
			w.Named[property] = text
		}
	}
	if kind == "queuepolicy" {
		w.Named["QueueName"] = values["queue."+name+".name"]
	}
	w.Name = w.Named[kinds[kind].name]
	if kind == "alias" {
		w.Name, _ = qualified(r, values)
	}
	if full := values[r.key+".arn"]; full != "" {
		w.Named["Arn"] = full
	}
	return w
}

func wantedObject(o object, values map[string]string) map[string]any {
	out := map[string]any{}
	for _, f := range o {
		if value := wantedValue(f.value, values); value != nil {
			out[f.key] = value
		}
	}
	return out
}

// wantedValue is a value of the model with what is known filled in, nil when nothing is wanted.
func wantedValue(v value, values map[string]string) any {
	switch v := v.(type) {
	case plain:
		return string(v)
	case number:
		return int(v)
	case decimal:
		return float64(v)
	case truth:
		return bool(v)
	case text:
		return wantedText(v, values)
	case numeral:
		return wantedText(text{{name: "var." + v.variable}}, values)
	case fraction:
		return wantedText(text{{name: "var." + v.variable}}, values)
	case object:
		return wantedObject(v, values)
	case verbatim:
		return Whole(wantedObject(object(v), values))
	case encoded:
		return Whole(wantedObject(object(v), values))
	case document:
		return wantedDocument(v, values)
	case optional:
		given, known := values["var."+v.variable]
		if !known || given == "" || v.number && given == unset {
			return wantedValue(v.otherwise, values)
		}
		return wantedValue(v.value, values)
	case list:
		items := []any{}
		for _, item := range v {
			if wanted := wantedValue(item, values); wanted != nil {
				items = append(items, wanted)
			}
		}
		return items
	case nil, packageFile:
		return nil
	}
	panic(unknown("what is wanted", v))
}

// wantedText is a string when all of the text is known, else a Pattern.
func wantedText(t text, values map[string]string) any {
	var pattern Pattern
	literal := ""
	for _, p := range t {
		value, known := p.literal, p.name == ""
		if !known {
			value, known = values[p.name]
		}
		if known {
			literal += value
			continue
		}
		if literal != "" {
			pattern = append(pattern, Part{Literal: literal})
			literal = ""
		}
		pattern = append(pattern, Part{Variable: p.name})
	}
	if pattern == nil {
		return literal
	}
	if literal != "" {
		pattern = append(pattern, Part{Literal: literal})
	}
	return pattern
}

func wantedDocument(d document, values map[string]string) any {
	var decoded any
	if err := json.Unmarshal([]byte(d.json), &decoded); err != nil {
		panic(err) // it was written as JSON when the stack was made
	}
	return Document{JSON: d.wantedIn(decoded, values), source: d}
}

// wantedIn fills what is known into the texts of a decoded document. Other text that looks like a reference is the
// user's own.
func (d document) wantedIn(decoded any, values map[string]string) any {
	switch decoded := decoded.(type) {
	case string:
		return wantedText(document{json: decoded, references: d.references}.parts(), values)
	case map[string]any:
		for key, member := range decoded {
			decoded[key] = d.wantedIn(member, values)
		}
	case []any:
		for i, item := range decoded {
			decoded[i] = d.wantedIn(item, values)
		}
	}
	return decoded
}
