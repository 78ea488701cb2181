package deploy

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// exportTerraform writes a module for Terraform (1.5 or later) and OpenTofu, and a root that uses it.
func exportTerraform(s *Stack) ([]File, error) {
	resources := s.terraform()
	w := &hclWriter{types: map[string]string{}}
	for _, r := range resources {
		w.types[r.key] = r.kind
	}
	files := []File{
		{Name: "module/versions.tf", Content: format(terraformVersions + terraformPlaces)},
		{Name: "module/variables.tf", Content: format(w.variables(s))},
		{Name: "module/main.tf", Content: w.resources(resources)},
		{Name: "module/outputs.tf", Content: w.outputs(s)},
		{Name: "main.tf", Content: terraformRoot(s)},
		{Name: "variables.tf", Content: format(terraformSite + w.variables(s))},
	}
	files = append(files, s.stageFiles(".tfvars", tfvars)...)
	for _, d := range documents(resources) {
		files = append(files, File{Name: "module/" + d.Name, Content: d.Content})
	}
	return files, nil
}

// packagePrecondition refuses to create a function of a package that is not there. At destroying nobody needs it.
const packagePrecondition = `
lifecycle {
precondition {
condition = fileexists(var.package)
error_message = "The deployment package does not exist. Run connect-async build, as the README says."
}
}
`

func format(source string) []byte { return hclwrite.Format([]byte(source)) }

const terraformVersions = `terraform {
required_version = ">= 1.5"

required_providers {
aws = {
source = "hashicorp/aws"
version = ">= 5.80"
}
}
}
`

const terraformPlaces = `
data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
`

// terraformProvider is the provider of the root module, which refuses to work in an account that was not meant.
const terraformProvider = `
provider "aws" {
region = var.region
allowed_account_ids = var.account == null ? null : [var.account]
}
`

// terraformSite are the variables that only the root module has.
const terraformSite = `variable "account" {
description = "Number of the account to deploy to, by default that of the credentials"
type = string
default = null
}

variable "region" {
description = "Region to deploy to, by default that of the AWS CLI"
type = string
default = null
}

`

var terraformPackage = packageVariable("package")

// terraformRoot is a root module that hands its variables on to the module.
func terraformRoot(s *Stack) []byte {
	var b strings.Builder
	b.WriteString(terraformVersions + terraformProvider)
	fmt.Fprintf(&b, "\nmodule %q {\nsource = \"./module\"\n\n", "connect_async")
	for _, v := range append([]variable{terraformPackage}, s.variables()...) {
		fmt.Fprintf(&b, "%s = var.%s\n", v.name, v.name)
	}
	b.WriteString("}\n\noutput \"connect_async\" {\ndescription = \"What the module created\"\n")
	b.WriteString("value = module.connect_async\n}\n")
	return format(b.String())
}

// hclWriter writes resources in HashiCorp's configuration language.
type hclWriter struct{ types map[string]string }

func (w *hclWriter) variables(s *Stack) string {
	var b strings.Builder
	for i, v := range append([]variable{terraformPackage}, s.variables()...) {
		if i > 0 {
			b.WriteString("\n")
		}
		kind, value := "string", quoted(v.value)
		if v.number {
			kind, value = "number", v.value
		}
		fmt.Fprintf(&b, "variable %q {\ndescription = %s\ntype = %s\n", v.name, quoted(v.description), kind)
		if !v.required {
			fmt.Fprintf(&b, "default = %s\n", value)
		}
		if !v.accepts.isNone() {
			fmt.Fprintf(&b, "\nvalidation {\ncondition = %s\nerror_message = %s\n}\n",
				v.accepts.condition("var."+v.name), quoted(v.message(v.name)))
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func (w *hclWriter) outputs(s *Stack) []byte {
	var b strings.Builder
	for i, o := range s.outputs() {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "output %q {\ndescription = %s\nvalue = %s\n}\n", o.name, quoted(o.description),
			w.text(o.value))
	}
	return format(b.String())
}

func (w *hclWriter) resources(resources []resource) []byte {
	var b strings.Builder
	for i, r := range resources {
		if i > 0 {
			b.WriteString("\n")
		}
		_, name, _ := strings.Cut(r.key, ".")
		fmt.Fprintf(&b, "resource %q %q {\n", r.kind, name)
		w.body(&b, r.properties)
		if r.kind == "aws_lambda_function" {
			b.WriteString(packagePrecondition)
		}
		if len(r.after) > 0 {
			var keys []string
			for _, key := range r.after {
				keys = append(keys, w.address(key))
			}
			fmt.Fprintf(&b, "\ndepends_on = [%s]\n", strings.Join(keys, ", "))
		}
		b.WriteString("}\n")
	}
	return format(b.String())
}

// body writes attributes first and blocks after them.
func (w *hclWriter) body(b *strings.Builder, o object) {
	var nested object
	for _, f := range o {
		switch v := f.value.(type) {
		case block:
			nested = nested.with(f.key, object(v))
		case blocks:
			for _, each := range v {
				nested = nested.with(f.key, each)
			}
		default:
			fmt.Fprintf(b, "%s = %s\n", f.key, w.value(v))
		}
	}
	for _, f := range nested {
		fmt.Fprintf(b, "\n%s {\n", f.key)
		w.body(b, f.value.(object))
		b.WriteString("}\n")
	}
}

func (w *hclWriter) value(v value) string {
	switch v := v.(type) {
	case plain:
		return quoted(string(v))
	case number:
		return strconv.Itoa(int(v))
	case decimal:
		return v.String()
	case truth:
		return strconv.FormatBool(bool(v))
	case text:
		return w.text(v)
	case object:
		return w.object(v)
	case verbatim:
		return w.object(object(v))
	case encoded:
		return "jsonencode(" + w.object(object(v)) + ")"
	case list:
		return w.list(v)
	case optional:
		return fmt.Sprintf("var.%s == %s ? null : %s", v.variable, v.empty(), w.value(v.value))
	case document:
		return w.document(v)
	case numeral:
		return "tostring(var." + v.variable + ")"
	case packageFile:
		return "var.package"
	case packageHash:
		return "fileexists(var.package) ? filebase64sha256(var.package) : null"
	}
	panic(unknown("the writer of HCL", v)) // blocks among them: body writes them
}

func (w *hclWriter) object(o object) string {
	var b strings.Builder
	b.WriteString("{\n")
	for _, f := range o {
		if f.comment != "" {
			b.WriteString("# " + f.comment + "\n")
		}
		key := f.key
		if !plainKey.MatchString(key) {
			key = quoted(key)
		}
		fmt.Fprintf(&b, "%s = %s\n", key, w.value(f.value))
	}
	b.WriteString("}")
	return b.String()
}

func (w *hclWriter) list(l list) string {
	if len(l) == 1 {
		if _, nested := l[0].(object); !nested {
			return "[" + w.value(l[0]) + "]"
		}
	}
	var b strings.Builder
	b.WriteString("[\n")
	for _, item := range l {
		b.WriteString(w.value(item) + ",\n")
	}
	b.WriteString("]")
	return b.String()
}

// document reads a file of the module and replaces the references in it.
func (w *hclWriter) document(d document) string {
	expression := fmt.Sprintf(`file("${path.module}/%s")`, d.file)
	for _, name := range d.references {
		expression = fmt.Sprintf("replace(%s, %s, %s)", expression, quoted("${"+name+"}"), w.reference(name))
	}
	return expression
}

// text writes a text as a template, or as an expression when it is a single reference.
func (w *hclWriter) text(t text) string {
	if name := t.only(); name != "" {
		return w.reference(name)
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, p := range t {
		if p.name != "" {
			b.WriteString("${" + w.reference(p.name) + "}")
			continue
		}
		inner := quoted(p.literal)
		b.WriteString(inner[1 : len(inner)-1])
	}
	b.WriteByte('"')
	return b.String()
}

func quoted(s string) string { return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes()) }

var terraformPlaceNames = map[string]string{
	"region":           "data.aws_region.current.id",
	"account":          "data.aws_caller_identity.current.account_id",
	"partition":        "data.aws_partition.current.partition",
	"instance_id":      `split("/", var.instance_arn)[1]`,
	"instance_account": `split(":", var.instance_arn)[4]`,
}

func (w *hclWriter) reference(name string) string {
	if place, ok := terraformPlaceNames[name]; ok {
		return place
	}
	kind, rest, _ := strings.Cut(name, ".")
	switch kind {
	case "var":
		return name
	case "arn_name":
		return fmt.Sprintf(`split(":", var.%s)[%d]`, rest, arnNamePart)
	}
	id, attribute, _ := strings.Cut(rest, ".")
	if kind == "function" && attribute == "name" {
		attribute = "function_name"
	}
	return w.address(kind+"."+id) + "." + attribute
}

// address is the name of a resource in the module.
func (w *hclWriter) address(key string) string {
	_, name, _ := strings.Cut(key, ".")
	return w.types[key] + "." + name
}
