package deploy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// row is a line of a table in the module's README, or a value in its tests.
type row struct {
	Name, Description, Type, Default string
	Required                         bool
	Value                            string
}

// naming are resources whose names begin with the deployment's.
type naming struct{ Of, Attribute, Noun string }

// described is what the module's README, example and tests say of it.
func (m *terraformModule) described() map[string]any {
	var names, keys []string
	var functions []row
	for _, job := range m.stack.machines {
		names = append(names, job.job.NameInAWS())
		keys = append(keys, quoted(job.job.NameInAWS()))
		var variables []string
		for _, name := range job.functions {
			variables = append(variables, "var."+name)
		}
		functions = append(functions, row{Name: job.job.NameInAWS(), Value: strings.Join(variables, ", ")})
	}
	var perJob []string
	for _, r := range m.everyJob() {
		perJob = append(perJob, m.writer.addresses[r.key])
	}
	return map[string]any{
		"Versions": terraformVersions, "Usage": m.usage(), "Jobs": names,
		"JobList": strings.Join(keys, ", "), "Functions": functions,
		"PerJob": perJob, "Resources": m.resourceRows(), "Inputs": inputRows(m.stack), "Outputs": outputRows(m.stack),
		"Given": m.given(), "Refused": m.refused(), "Named": m.named(), "Roles": m.roles(),
		"Functioning": m.single("aws_lambda_function"), "Alarms": m.stack.settings.Alarms,
		"CloudControl": len(m.single(cloudControl)) > 0,
	}
}

// resourceRows are the resources of the module, those with for_each once.
func (m *terraformModule) resourceRows() []row {
	count := map[string]int{}
	for _, r := range m.resources {
		count[m.writer.blockOf(r.key)]++
	}
	var list []row
	for _, r := range m.resources {
		kind, _, _ := strings.Cut(r.key, ".")
		address, what := m.writer.blockOf(r.key), cmp.Or(kinds[kind].noun, kind)
		switch {
		case m.job(r) != nil:
			what += ", one for each job"
		case count[address] > 1:
			what += fmt.Sprintf(", %d of them", count[address])
		case r.kind == cloudControl:
			what = "flow module"
		}
		if !slices.ContainsFunc(list, func(other row) bool { return other.Name == address }) {
			list = append(list, row{Name: address, Description: what})
		}
	}
	return list
}

// usage is a call of the module with what it requires.
func (m *terraformModule) usage() string {
	var b strings.Builder
	b.WriteString("module \"connect_async\" {\nsource = \"./module\"\n\n")
	for _, v := range m.stack.variables() {
		if v.required {
			fmt.Fprintf(&b, "%s = var.%s\n", v.name, v.name)
		}
	}
	b.WriteString("}\n")
	return string(format(b.String()))
}

// inputRows are the variables of the module.
func inputRows(s *Stack) []row {
	var list []row
	for _, v := range terraformOwn(s) {
		list = append(list, row{Name: v.name, Description: v.inTerraform(), Type: v.hclType(), Default: v.hclDefault(),
			Required: v.required})
	}
	return list
}

func outputRows(s *Stack) []row {
	var list []row
	for _, o := range s.outputs() {
		list = append(list, row{Name: o.name, Description: o.description})
	}
	return list
}

// single are the addresses of resources of a type that have no for_each.
func (m *terraformModule) single(kind string) []string {
	var list []string
	for _, r := range m.resources {
		if address := m.writer.addresses[r.key]; r.kind == kind && !strings.Contains(address, "[") {
			list = append(list, address)
		}
	}
	return list
}

// several are resources of a type, as an expression for a list; "" when there are none.
func (m *terraformModule) several(kind string) string {
	single := m.single(kind)
	all := "[" + strings.Join(single, ", ") + "]"
	for _, r := range m.resources {
		address, _, many := strings.Cut(m.writer.addresses[r.key], "[")
		switch {
		case r.kind != kind || !many:
		case len(single) == 0:
			return "values(" + address + ")"
		default:
			return "concat(values(" + address + "), " + all + ")"
		}
	}
	if len(single) == 0 {
		return ""
	}
	return all
}

func (m *terraformModule) roles() string { return m.several("aws_iam_role") }

// named are the kinds of resources that are all named after the deployment.
func (m *terraformModule) named() []naming {
	var list, others []naming
	for _, r := range m.resources {
		kind, _, _ := strings.Cut(r.key, ".")
		for _, attribute := range []string{"name", "function_name", "alarm_name", "dashboard_name"} {
			made := naming{Of: m.several(r.kind), Attribute: attribute, Noun: kinds[kind].noun}
			value := r.properties.get(attribute)
			switch name, computed := value.(text); {
			case value == nil:
			case !computed || !strings.Contains(name.String(), base):
				others = append(others, made)
			case !slices.Contains(list, made):
				list = append(list, made)
			}
		}
	}
	return slices.DeleteFunc(list, func(made naming) bool { return slices.Contains(others, made) })
}

// given are values for the variables that have no default.
func (m *terraformModule) given() []row {
	var list []row
	for _, v := range m.stack.variables() {
		if v.required {
			list = append(list, row{Name: v.name, Value: quoted(v.example())})
		}
	}
	return list
}

// example is a value that is accepted, of an account that AWS's documentation uses.
func (v variable) example() string {
	const id = "11111111-2222-3333-4444-555555555555"
	arn := func(service, resource string) string {
		return fmt.Sprintf("arn:aws:%s:us-east-1:111122223333:%s", service, resource)
	}
	switch {
	case v.name == instanceVariable:
		return arn("connect", "instance/"+id)
	case v.thing.Kind == flowlang.FunctionKind:
		return arn("lambda", "function:"+v.thing.Name)
	case v.thing.Kind != "":
		return id
	}
	return arn("kms", "key/"+id)
}

// refused are values that each variable with a rule refuses.
func (m *terraformModule) refused() []row {
	var list []row
	for _, v := range m.stack.variables() {
		value := `"not valid"`
		if v.number {
			value = "-7"
		}
		if !v.accepts.isNone() {
			list = append(list, row{Name: v.name, Value: value})
		}
	}
	return list
}
