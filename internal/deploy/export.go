package deploy

import (
	"bytes"
	"embed"
	"maps"
	"slices"
	"strings"
	"text/template"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/project"
)

// Tool is a tool that an export can be written for.
type Tool struct {
	Name   string // the word for it on the command line, and in the name of its README
	Serves string // whose users it is for
	Writes string // what it gets
	render func(*Stack) ([]File, error)
}

// Tools are all of them, in the order in which they are offered.
var Tools = []Tool{
	{Name: "terraform", Serves: "Terraform and OpenTofu", Writes: "a module", render: exportTerraform},
	{Name: "cloudformation", Serves: "CloudFormation and SAM", Writes: "a template", render: exportCloudFormation},
	{Name: "cdk", Serves: "the AWS CDK", Writes: "a construct and an app in TypeScript", render: exportCDK},
	{Name: "pulumi", Serves: "Pulumi", Writes: "a program in TypeScript", render: exportPulumi},
}

// File is one file of an export.
type File struct {
	Name    string // with slashes, relative to the folder of the export
	Content []byte
}

// IgnoreFile says what of an export Git leaves out: what the tool and the commands of the README make there.
const IgnoreFile = ".gitignore"

// Export renders the stack for a tool. The same stack gives the same bytes.
func Export(s *Stack, tool Tool) ([]File, error) {
	files, err := tool.render(s)
	if err != nil {
		return nil, err
	}
	explained, err := s.templates(map[string]string{"README.md": "README." + tool.Name + ".md",
		IgnoreFile: "gitignore." + tool.Name})
	if err != nil {
		return nil, err
	}
	files = append(files, explained...)
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, nil
}

//go:embed templates
var templates embed.FS

// need is a variable that the commands of a README give.
type need struct {
	Name, Description string
	Optional          bool // it may be empty
}

// templates fills files of the folder templates, which are given by name of the file that is written.
func (s *Stack) templates(named map[string]string) ([]File, error) {
	var files []File
	for name, template := range named {
		text, err := s.template(template)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: name, Content: text})
	}
	return files, nil
}

// template fills a file of the folder templates with what the stack says.
func (s *Stack) template(name string) ([]byte, error) { return s.fill(name, nil) }

// fill fills a file of the folder templates with what the stack says, and more.
func (s *Stack) fill(name string, more map[string]any) ([]byte, error) {
	var required []need
	for _, v := range s.variables() {
		if v.required || v.ofRelease() {
			required = append(required, need{Name: v.name, Description: v.description, Optional: !v.required})
		}
	}
	names := template.FuncMap{"pascal": pascal, "camel": camel}
	t, err := template.New(name).Funcs(names).ParseFS(templates, "templates/"+name, "templates/variables.md")
	if err != nil {
		return nil, err
	}
	data := map[string]any{
		"Name": s.project.Name, "Required": required, "Arch": s.settings.Architecture,
		"PackagesTexts": s.PackagesTexts(), "Stages": s.stageNames(), "Stack": s.stackName(),
		"Job": s.machines[0].cdkField(), "Metrics": jobMetrics, "MetricNamespace": async.MetricNamespace,
		"MetricDeployment": async.MetricDeployment, "MetricJob": async.MetricJob,
		"Publishes": s.publishes(), "Replicas": s.replicasWithFlows(),
	}
	maps.Copy(data, more)
	var out bytes.Buffer
	err = t.Execute(&out, data)
	return out.Bytes(), err
}

// stackName is what the commands of CloudFormation's README call the stack, within quotation marks of the shell.
// CloudFormation takes no underscores.
func (s *Stack) stackName() string {
	name := project.StackName(s.project.Name)
	stages := strings.Join(s.stageNames(), "")
	switch {
	case stages == "":
		return name
	case project.StackName(stages) != stages:
		return name + `-$(echo "$stage" | tr _ -)`
	}
	return name + "-$stage"
}

// documents are the files that resources refer to.
func documents(resources []resource) []File {
	var files []File
	for _, d := range documentsOf(resources) {
		files = append(files, File{Name: d.file, Content: []byte(d.json + "\n")})
	}
	return files
}

func documentsOf(resources []resource) []document {
	var list []document
	for _, r := range resources {
		list = append(list, r.properties.documents()...)
	}
	return list
}

func (o object) documents() []document {
	var list []document
	for _, f := range o {
		switch v := f.value.(type) {
		case document:
			list = append(list, v)
		case encoded:
			list = append(list, object(v).documents()...)
		}
	}
	return list
}

// vocabulary are the stack's resources as one of the two vocabularies has them.
func (s *Stack) vocabulary(pick func(item) resource) []resource {
	var list []resource
	for _, i := range s.items() {
		if r := pick(i); r.kind != "" { // the vocabulary has it as a part of another
			list = append(list, s.tagged(r))
		}
	}
	return list
}

// cloudControl is the type of the Terraform provider for any resource of CloudFormation.
const cloudControl = "aws_cloudcontrolapi_resource"

// terraform are the stack's resources as the Terraform provider has them. What it has no resource for, or one that
// lacks a property, it creates through Cloud Control, as CloudFormation's resource: the ID is the same.
func (s *Stack) terraform() []resource {
	list := s.vocabulary(item.terraform)
	for i, r := range list {
		if strings.HasPrefix(r.kind, "AWS::") {
			list[i].kind = cloudControl
			list[i].properties = properties("type_name", r.kind, "desired_state", encoded(r.properties))
		}
	}
	return list
}

// packageVariable says where the deployment package is. The commands of the README write it there.
func packageVariable(name string) variable {
	return variable{
		name: name, value: "async-function.zip",
		description: "Path of the async function's deployment package, from connect-async build",
	}
}
