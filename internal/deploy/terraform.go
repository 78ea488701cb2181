package deploy

import (
	"fmt"
	"strings"
)

// exportTerraform writes a module for Terraform (1.5 or later) and OpenTofu, with an example and tests, and a root
// that uses it.
func exportTerraform(s *Stack) ([]File, error) {
	m := newTerraformModule(s)
	variables := format(terraformVariables(s))
	files := []File{
		{Name: "module/versions.tf", Content: format(terraformVersions)},
		{Name: "module/variables.tf", Content: variables},
		{Name: "module/main.tf", Content: format(m.main())},
		{Name: "module/moved.tf", Content: format(m.moved())},
		{Name: "module/outputs.tf", Content: format(m.outputs())},
		{Name: "main.tf", Content: format(terraformRoot(s))},
		{Name: "variables.tf", Content: append(format(terraformSite), variables...)},
	}
	files = append(files, s.stageFiles(".tfvars", tfvars)...)
	for _, d := range documentsOf(m.resources) {
		files = append(files, File{Name: "module/" + d.file, Content: []byte(d.asTemplate())})
	}
	for name, template := range terraformTemplates {
		text, err := s.fill(template, m.described())
		if err != nil {
			return nil, err
		}
		if !strings.HasSuffix(name, ".md") {
			text = format(string(text))
		}
		files = append(files, File{Name: "module/" + name, Content: text})
	}
	return files, nil
}

// terraformTemplates are the templates of files of the module that are for its readers.
var terraformTemplates = map[string]string{
	"README.md": "module.terraform.md", "examples/minimal/main.tf": "example.terraform.tf",
	"tests/module.tftest.hcl": "module.tftest.hcl",
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

// aliasPrecondition refuses a weight without a version for the other calls.
var aliasPrecondition = fmt.Sprintf(`
lifecycle {
precondition {
condition = var.%s == null || var.%s != null
error_message = "Give %[2]s too, or leave %[1]s out."
}
}
`, weightVariable, previousVariable)

const terraformVersions = `terraform {
required_version = ">= 1.5"

required_providers {
aws = {
source = "hashicorp/aws"
# The next major version may rename attributes.
version = ">= 5.80, < 7.0"
}
}
}
`

const terraformPlaces = `data "aws_caller_identity" "current" {}

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

// terraformOwn are the variables of the module and of its root: those of every tool, and where the package is.
func terraformOwn(s *Stack) []variable {
	return append([]variable{packageVariable("package")}, s.variables()...)
}

// terraformRoot is a root module that passes its variables on to the module.
func terraformRoot(s *Stack) string {
	var b strings.Builder
	b.WriteString(terraformVersions + terraformProvider)
	fmt.Fprintf(&b, "\nmodule %q {\nsource = \"./module\"\n\n", "connect_async")
	for _, v := range terraformOwn(s) {
		fmt.Fprintf(&b, "%s = var.%s\n", v.name, v.name)
	}
	b.WriteString("}\n\noutput \"connect_async\" {\ndescription = \"What the module created\"\n")
	b.WriteString("value = module.connect_async\n}\n")
	return b.String()
}

// terraformVariables declares the variables. What may be left out is null; any other value is never null.
func terraformVariables(s *Stack) string {
	var b strings.Builder
	for i, v := range terraformOwn(s) {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "variable %q {\ndescription = %s\ntype = %s\n", v.name, quoted(v.inTerraform()), v.hclType())
		if !v.required {
			fmt.Fprintf(&b, "default = %s\n", v.hclDefault())
		}
		accepts, name := v.accepts, "var."+v.name
		condition := accepts.condition(name)
		if accepts.given != nil {
			accepts = *accepts.given
			condition = fmt.Sprintf("%s == null ? true : %s", name, accepts.condition(name))
		} else {
			b.WriteString("nullable = false\n")
		}
		if !accepts.isNone() {
			fmt.Fprintf(&b, "\nvalidation {\ncondition = %s\nerror_message = %s\n}\n", condition,
				quoted(accepts.message(v.name)))
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func (v variable) hclType() string {
	if v.number {
		return "number"
	}
	return "string"
}

// hclDefault is the default in HCL.
func (v variable) hclDefault() string {
	switch {
	case v.accepts.given != nil:
		return "null"
	case v.number:
		return v.value
	}
	return quoted(v.value)
}

// inTerraform is the description. A variable that other tools leave empty, or have a number for, is null for none.
func (v variable) inTerraform() string {
	if v.accepts.given == nil {
		return v.description
	}
	return strings.TrimSuffix(strings.TrimSuffix(v.description, ", or empty"), ", -1 for none") + ", null for none"
}
