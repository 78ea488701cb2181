package deploy_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// terraformResource is a resource block, evaluated.
type terraformResource struct {
	kind, name string
	key        string // of an instance of for_each, "" for a resource that there is one of
	values     map[string]cty.Value
	blocks     map[string][]map[string]cty.Value
}

// address is what Terraform calls the resource within its module.
func (r terraformResource) address() string {
	if r.key == "" {
		return r.kind + "." + r.name
	}
	return fmt.Sprintf("%s.%s[%q]", r.kind, r.name, r.key)
}

// terraformFile parses a file.
func terraformFile(t *testing.T, name string) *hclsyntax.Body {
	t.Helper()
	content := string(readFile(t, name))
	if known, ok := terraformFiles.Load(content); ok {
		return known.(*hclsyntax.Body)
	}
	file, problems := hclparse.NewParser().ParseHCL([]byte(content), name)
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	body := file.Body.(*hclsyntax.Body)
	terraformFiles.Store(content, body)
	return body
}

// terraformFiles are bodies by their texts: the same modules are read many times, and nothing changes them.
var terraformFiles sync.Map

// site is where an export is deployed in these tests.
type site struct{ partition, region string }

var (
	commercial = site{partition: "aws", region: "us-east-1"}
	govCloud   = site{partition: "aws-us-gov", region: "us-gov-west-1"}
	china      = site{partition: "aws-cn", region: "cn-north-1"}
)

// arn is an ARN of the account of these tests.
func (s site) arn(service, resource string) string {
	region := s.region
	if service == "iam" {
		region = ""
	}
	return "arn:" + s.partition + ":" + service + ":" + region + ":111122223333:" + resource
}

// readTerraform parses a module and evaluates its resources with the values given, those with for_each once for each
// key. What a resource or a local value refers to is evaluated before it.
func readTerraform(t *testing.T, module string, given map[string]string, at site) []terraformResource {
	t.Helper()
	_, list := evaluateTerraform(t, module, given, at)
	return list
}

// evaluateTerraform is readTerraform, with everything that the module names.
func evaluateTerraform(t *testing.T, module string, given map[string]string,
	at site) (*terraformEvaluator, []terraformResource) {
	t.Helper()
	body := func(name string) *hclsyntax.Body { return terraformFile(t, filepath.Join(module, name)) }
	e := &terraformEvaluator{t: t, context: terraformContext(module, at)}
	e.variables(body("variables.tf"), given)
	var waiting []*hclsyntax.Block
	locals := hclsyntax.Attributes{}
	for _, b := range body("main.tf").Blocks {
		switch b.Type {
		case "resource":
			waiting = append(waiting, b)
		case "locals":
			maps.Copy(locals, b.Body.Attributes)
		}
	}
	var list []terraformResource
	for len(waiting)+len(locals) > 0 {
		left := len(waiting) + len(locals)
		for name, a := range locals {
			if e.knows(a.Expr) {
				e.set("local", name, e.evaluate(a.Expr))
				delete(locals, name)
			}
		}
		waiting = slices.DeleteFunc(waiting, func(b *hclsyntax.Block) bool {
			if !e.knowsBody(b.Body) {
				return false
			}
			list = append(list, e.resource(b, at)...)
			return true
		})
		if len(waiting)+len(locals) == left {
			t.Fatalf("%s and %d local values refer to what is not there", waiting[0].Labels, len(locals))
		}
	}
	for _, b := range body("outputs.tf").Blocks {
		e.attributes(b.Body)
	}
	return e, list
}

// set gives a value to a name within a name of the context.
func (e *terraformEvaluator) set(root, name string, value cty.Value) {
	of := map[string]cty.Value{}
	if known, ok := e.context.Variables[root]; ok {
		of = known.AsValueMap()
	}
	of[name] = value
	e.context.Variables[root] = cty.ObjectVal(of)
}

// knows reports whether everything that an expression refers to has a value.
func (e *terraformEvaluator) knows(expression hclsyntax.Expression) bool {
	for _, reference := range expression.Variables() {
		if reference.RootName() == "each" {
			continue
		}
		root, ok := e.context.Variables[reference.RootName()]
		if !ok {
			return false
		}
		name, isName := reference[1].(hcl.TraverseAttr)
		if isName && !root.Type().HasAttribute(name.Name) {
			return false
		}
	}
	return true
}

func (e *terraformEvaluator) knowsBody(body *hclsyntax.Body) bool {
	for _, a := range body.Attributes {
		if a.Name != "depends_on" && !e.knows(a.Expr) {
			return false
		}
	}
	return !slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool { return !e.knowsBody(b.Body) })
}

// resource evaluates a resource, once or for each key.
func (e *terraformEvaluator) resource(b *hclsyntax.Block, at site) []terraformResource {
	e.t.Helper()
	each := b.Body.Attributes["for_each"]
	if each == nil {
		r := e.instance(b)
		e.set(r.kind, r.name, cty.ObjectVal(r.exported(at)))
		return []terraformResource{r}
	}
	var list []terraformResource
	instances := map[string]cty.Value{}
	outer := e.context
	for key, value := range e.evaluate(each.Expr).AsValueMap() {
		e.context = outer.NewChild()
		e.context.Variables = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{
			"key": cty.StringVal(key), "value": value})}
		r := e.instance(b)
		delete(r.values, "for_each")
		r.key = key
		instances[key] = cty.ObjectVal(r.exported(at))
		list = append(list, r)
	}
	e.context = outer
	e.set(b.Labels[0], b.Labels[1], cty.ObjectVal(instances))
	return list
}

func (e *terraformEvaluator) instance(b *hclsyntax.Block) terraformResource {
	e.t.Helper()
	r := terraformResource{kind: b.Labels[0], name: b.Labels[1], values: e.attributes(b.Body),
		blocks: map[string][]map[string]cty.Value{}}
	for _, nested := range b.Body.Blocks {
		switch nested.Type {
		case "lifecycle": // which is not the provider's
		case "dynamic":
			for range e.evaluate(nested.Body.Attributes["for_each"].Expr).LengthInt() {
				r.blocks[nested.Labels[0]] = append(r.blocks[nested.Labels[0]], e.block(nested.Body.Blocks[0].Body))
			}
		default:
			r.blocks[nested.Type] = append(r.blocks[nested.Type], e.block(nested.Body))
		}
	}
	return r
}

// exported are the attributes by which other resources refer to this one, as AWS makes them.
func (r terraformResource) exported(at site) map[string]cty.Value {
	out := maps.Clone(r.values)
	out["arn"] = cty.StringVal("arn of " + r.kind + "." + r.name)
	name := text(r.values["name"])
	switch r.kind {
	case cloudControl:
		out["id"] = cty.StringVal("arn of " + r.kind + "." + r.name)
	case "aws_iam_role":
		out["arn"] = cty.StringVal(at.arn("iam", "role"+text(r.values["path"])+name))
	case "aws_lambda_function":
		out["arn"] = cty.StringVal(at.arn("lambda", "function:"+text(r.values["function_name"])))
		out["version"] = cty.StringVal(newestVersion)
	case "aws_lambda_alias":
		out["arn"] = cty.StringVal(at.arn("lambda", "function:"+text(r.values["function_name"])+":"+name))
	case "aws_sqs_queue":
		out["arn"] = cty.StringVal(at.arn("sqs", name))
		out["url"] = cty.StringVal("url of " + name)
	case "aws_cloudwatch_event_rule":
		out["arn"] = cty.StringVal(at.arn("events", "rule/"+name))
	case "aws_sfn_state_machine":
		out["arn"] = cty.StringVal(at.arn("states", "stateMachine:"+name))
	case "aws_dynamodb_table":
		out["arn"] = cty.StringVal(at.arn("dynamodb", "table/"+name))
	case "aws_cloudwatch_log_group":
		out["arn"] = cty.StringVal(at.arn("logs", "log-group:"+name))
	}
	return out
}

func text(v cty.Value) string {
	if v == cty.NilVal || v.IsNull() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// startsWith and contains compare two texts.
var (
	startsWith = comparing(strings.HasPrefix)
	contains   = comparing(strings.Contains)
)

func comparing(compare func(text, with string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "with", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(compare(args[0].AsString(), args[1].AsString())), nil
		}})
}

var allTrue = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return cty.BoolVal(!slices.ContainsFunc(args[0].AsValueSlice(), cty.Value.False)), nil
	}})

// templateFile reads a file as a template. Like Terraform it refuses one that names something else than it is given.
var templateFile = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "path", Type: cty.String}, {Name: "values", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.String),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		content, err := os.ReadFile(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		template, problems := parseTemplate(string(content), args[0].AsString())
		if problems.HasErrors() {
			return cty.NilVal, problems
		}
		value, problems := template.Value(&hcl.EvalContext{Variables: args[1].AsValueMap()})
		if problems.HasErrors() {
			return cty.NilVal, problems
		}
		return value, nil
	}})

// parseTemplate parses a template that is used in a file. Each text is parsed once: nothing changes what is parsed.
func parseTemplate(text, file string) (hclsyntax.Expression, hcl.Diagnostics) {
	if known, ok := terraformTemplates.Load(text); ok {
		return known.(hclsyntax.Expression), nil
	}
	template, problems := hclsyntax.ParseTemplate([]byte(text), file, hcl.InitialPos)
	if !problems.HasErrors() {
		terraformTemplates.Store(text, template)
	}
	return template, problems
}

var terraformTemplates sync.Map

type terraformEvaluator struct {
	t       *testing.T
	context *hcl.EvalContext
}

func terraformContext(module string, at site) *hcl.EvalContext {
	read := function.New(&function.Spec{Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			content, err := os.ReadFile(args[0].AsString())
			return cty.StringVal(string(content)), err
		}})
	hash := function.New(&function.Spec{Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.StringVal("hash of " + args[0].AsString()), nil
		}})
	exists := function.New(&function.Spec{Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type: function.StaticReturnType(cty.Bool),
		Impl: func([]cty.Value, cty.Type) (cty.Value, error) { return cty.True, nil }})
	one := func(key, name, value string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{name: cty.ObjectVal(map[string]cty.Value{key: cty.StringVal(value)})})
	}
	return &hcl.EvalContext{
		Functions: map[string]function.Function{"jsonencode": stdlib.JSONEncodeFunc, "split": stdlib.SplitFunc,
			"replace": stdlib.ReplaceFunc, "can": tryfunc.CanFunc, "regex": stdlib.RegexFunc,
			"contains": stdlib.ContainsFunc, "floor": stdlib.FloorFunc,
			"tonumber": stdlib.MakeToFunc(cty.Number),
			"tostring": stdlib.MakeToFunc(cty.String), "file": read, "filebase64sha256": hash,
			"fileexists": exists, "templatefile": templateFile, "merge": stdlib.MergeFunc, "chomp": stdlib.ChompFunc,
			"length": stdlib.LengthFunc, "startswith": startsWith, "strcontains": contains,
			"concat": stdlib.ConcatFunc, "values": stdlib.ValuesFunc, "keys": stdlib.KeysFunc, "alltrue": allTrue,
			"toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType))},
		Variables: map[string]cty.Value{
			"path": cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal(module)}),
			"data": cty.ObjectVal(map[string]cty.Value{
				"aws_region":          one("id", "current", at.region),
				"aws_partition":       one("partition", "current", at.partition),
				"aws_caller_identity": one("account_id", "current", "111122223333"),
			}),
		},
	}
}

// variables takes the given values and the defaults; a variable without either is a fault.
func (e *terraformEvaluator) variables(body *hclsyntax.Body, given map[string]string) {
	values := map[string]cty.Value{}
	for _, b := range body.Blocks {
		if v, ok := given[b.Labels[0]]; ok {
			values[b.Labels[0]] = cty.StringVal(v)
			if hcl.ExprAsKeyword(b.Body.Attributes["type"].Expr) == "number" {
				values[b.Labels[0]] = cty.MustParseNumberVal(v)
			}
			continue
		}
		fallback, ok := b.Body.Attributes["default"]
		if !ok {
			e.t.Fatalf("the variable %s must be given", b.Labels[0])
		}
		values[b.Labels[0]] = e.evaluate(fallback.Expr)
	}
	e.context.Variables["var"] = cty.ObjectVal(values)
}

func (e *terraformEvaluator) attributes(body *hclsyntax.Body) map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, a := range body.Attributes {
		if name != "depends_on" {
			out[name] = e.evaluate(a.Expr)
		}
	}
	return out
}

// block has the attributes of a block, and the blocks in it as lists.
func (e *terraformEvaluator) block(body *hclsyntax.Body) map[string]cty.Value {
	out := e.attributes(body)
	for _, nested := range body.Blocks {
		out[nested.Type] = cty.TupleVal([]cty.Value{cty.ObjectVal(e.block(nested.Body))})
	}
	return out
}

func (e *terraformEvaluator) evaluate(expression hclsyntax.Expression) cty.Value {
	e.t.Helper()
	v, problems := expression.Value(e.context)
	if problems.HasErrors() {
		e.t.Fatal(problems)
	}
	return v
}
