package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// This file has substitutes for the tools that docs/deploying.md uses. Each looks at its arguments and at the files
// that it is given as the tool itself would, and fails where the tool would. What was deployed it notes in a folder.
// Steps of a tool are joined by cmp.Or: all are done, and the first error counts.

const (
	deployTool    = "deploy-tool"    // the program that replaces all of the tools
	deployAccount = "DEPLOY_ACCOUNT" // the variable that names the folder
)

// builtPackage is the deployment package, where an export expects it.
const builtPackage = "async-function.zip"

// deployTools are the substitutes, by the tool's name.
var deployTools = map[string]func(arguments []string) error{
	"terraform": terraformTool, "aws": awsTool, "npm": npmTool, "npx": npxTool, "pulumi": pulumiTool,
}

func runDeployTool() {
	if err := deployTools[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", strings.Join(os.Args[1:], " "), err)
		os.Exit(1)
	}
}

// checkDeployed checks what a tool did: deployed the stack, removed it.
func checkDeployed(t *testing.T, account, tool, want string) {
	t.Helper()
	if got := string(readBytes(t, filepath.Join(account, "log"))); got != want {
		t.Errorf("%s: %q, want %q", tool, got, want)
	}
}

// deployed notes that something was deployed or removed. The second is refused before the first.
func deployed(what string) error {
	file := filepath.Join(os.Getenv(deployAccount), "log")
	before, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if what == "removed" && string(before) != "deployed\n" {
		return errors.New("nothing is deployed")
	}
	return os.WriteFile(file, append(before, what+"\n"...), 0o600)
}

// terraformTool wants to be in a folder with a root module, and each variable of it.
func terraformTool(arguments []string) error {
	verb, flags := arguments[0], flagsOf(arguments[1:])
	switch verb {
	case "init":
		return cmp.Or(exists("main.tf", "module/main.tf"), os.Mkdir(".terraform", 0o700))
	case "workspace":
		if arguments[1] != "select" || len(flags["-or-create"]) != 1 {
			return errors.New("no workspace is made and selected")
		}
		return exists(".terraform")
	case "plan":
		return cmp.Or(exists(".terraform", builtPackage), terraformVariables(flags), write(flags["-out"][0]))
	case "apply":
		return cmp.Or(exists(arguments[1]), write("terraform.tfstate"), deployed("deployed"))
	case "output":
		return exists("terraform.tfstate")
	case "destroy":
		return cmp.Or(exists("terraform.tfstate"), terraformVariables(flags), deployed("removed"))
	}
	return errors.New("unknown verb")
}

var terraformVariable = regexp.MustCompile(`(?ms)^variable "(\w+)" \{\n(.*?)^\}$`)

func terraformVariables(flags map[string][]string) error {
	text, err := os.ReadFile("variables.tf")
	if err != nil {
		return err
	}
	declared := map[string]bool{}
	for _, m := range terraformVariable.FindAllStringSubmatch(string(text), -1) {
		declared[m[1]] = !strings.Contains(m[2], "default")
	}
	given, err := valuesOfStage(flags["-var-file"])
	if err != nil {
		return err
	}
	maps.Copy(given, assignments(flags["-var"]))
	return complete(declared, given)
}

var valueOfStage = regexp.MustCompile(`(?m)^(\w+) += +"?(.*?)"?$`)

// valuesOfStage reads the file of a stage, which may be none: variables of Terraform, parameters of CloudFormation, or
// a JSON object.
func valuesOfStage(files []string) (map[string]string, error) {
	values := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var parameters []struct{ ParameterKey, ParameterValue string }
		var object map[string]any
		switch {
		case json.Unmarshal(text, &parameters) == nil:
			for _, p := range parameters {
				values[p.ParameterKey] = p.ParameterValue
			}
		case json.Unmarshal(text, &object) == nil:
			for name, value := range object {
				values[name] = fmt.Sprint(value)
			}
		}
		for _, m := range valueOfStage.FindAllStringSubmatch(string(text), -1) {
			values[m[1]] = m[2]
		}
	}
	return values, nil
}

// withoutPlace are the values of a stage without those that say where it is.
func withoutPlace(values map[string]string) map[string]string {
	delete(values, "account")
	delete(values, "region")
	return values
}

// awsTool uploads a package, and creates and deletes a stack of a template.
func awsTool(arguments []string) error {
	flags := flagsOf(arguments[2:])
	uploaded := filepath.Join(os.Getenv(deployAccount), "uploaded")
	switch strings.Join(arguments[:2], " ") {
	case "s3 cp":
		return cmp.Or(exists(arguments[2]), os.WriteFile(uploaded, []byte(arguments[3]), 0o600))
	case "cloudformation deploy":
		given := assignments(flags["--parameter-overrides"])
		if file, ok := strings.CutPrefix(flags["--parameter-overrides"][0], "file://"); ok {
			var err error
			if given, err = valuesOfStage([]string{file}); err != nil {
				return err
			}
		}
		if at, err := os.ReadFile(uploaded); string(at) != "s3://"+given["CodeBucket"]+"/"+given["CodeKey"] {
			return fmt.Errorf("the package was uploaded to %s (%v)", at, err)
		}
		if !slices.Contains(flags["--capabilities"], "CAPABILITY_NAMED_IAM") {
			return errors.New("roles have names")
		}
		return cmp.Or(templateParameters(flags["--template-file"][0], given), deployed("deployed"))
	case "cloudformation describe-stacks", "cloudformation delete-stack", "cloudformation wait":
		if flags["--stack-name"][0] != "bank" {
			return errors.New("there is no such stack")
		}
		if arguments[1] == "wait" { // for the end of what delete-stack began
			return deployed("removed")
		}
		return nil
	}
	return errors.New("unknown verb")
}

func templateParameters(file string, given map[string]string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var template struct {
		Parameters map[string]map[string]any `yaml:"Parameters"`
	}
	if err := yaml.Unmarshal(text, &template); err != nil {
		return err
	}
	declared := map[string]bool{}
	for name, p := range template.Parameters {
		_, hasDefault := p["Default"]
		declared[name] = !hasDefault
	}
	return complete(declared, given)
}

// npmTool installs.
func npmTool(arguments []string) error {
	if arguments[0] != "install" {
		return errors.New("unknown verb")
	}
	return cmp.Or(exists("package.json"), os.Mkdir("node_modules", 0o700))
}

var cdkGiven = regexp.MustCompile(`  \w+: (given|text|number)\("(\w+)"\)`)

// npxTool is the CDK, which compiles the app and runs it.
func npxTool(arguments []string) error {
	text, err := os.ReadFile("bin/app.ts")
	if err := cmp.Or(err, exists("node_modules", "tsconfig.json"), compiles()); err != nil {
		return err
	}
	declared := map[string]bool{}
	for _, m := range cdkGiven.FindAllStringSubmatch(string(text), -1) {
		declared[m[2]] = m[1] == "given"
	}
	given := assignments(flagsOf(arguments[2:])["-c"])
	if stage := given["stage"]; stage != "" {
		if given, err = valuesOfStage([]string{"stages/" + stage + ".json"}); err != nil {
			return err
		}
		given = withoutPlace(given)
	}
	if err := complete(declared, given); err != nil {
		return err
	}
	switch strings.Join(arguments[:2], " ") {
	case "cdk deploy":
		return cmp.Or(exists(cmp.Or(given["packageFile"], builtPackage)), deployed("deployed"))
	case "cdk destroy":
		return deployed("removed")
	}
	return errors.New("unknown verb")
}

// compiles checks that the CDK compiles the app before it runs it.
func compiles() error {
	var file struct{ Scripts map[string]string }
	var app struct{ App string }
	for name, to := range map[string]any{"package.json": &file, "cdk.json": &app} {
		text, err := os.ReadFile(name)
		if err := cmp.Or(err, json.Unmarshal(text, to)); err != nil {
			return err
		}
	}
	script, run, _ := strings.Cut(strings.TrimPrefix(app.App, "npm run --silent "), " && ")
	if file.Scripts[script] != "tsc" || run != "node bin/app.js" {
		return fmt.Errorf("the app is %s", app.App)
	}
	return nil
}

var pulumiGiven = regexp.MustCompile(`: (given|text|number)\("(\w+)"\)`)

// pulumiTool keeps the configuration of one stack.
func pulumiTool(arguments []string) error {
	stack := "Pulumi.production.yaml"
	if selected, _ := filepath.Glob("Pulumi.?*.yaml"); len(selected) == 1 {
		stack = selected[0]
	}
	before, err := os.ReadFile(stack)
	switch verb := strings.Join(arguments[:min(2, len(arguments))], " "); {
	case exists("Pulumi.yaml") != nil:
		return errors.New("this folder has no project")
	case verb == "stack init", verb == "stack select" && arguments[2] == "--create":
		return write("Pulumi." + arguments[len(arguments)-1] + ".yaml")
	case arguments[0] == "login":
		return nil
	case err != nil:
		return err
	case verb == "config set":
		return os.WriteFile(stack, append(before, arguments[2]+"="+arguments[3]+"\n"...), 0o600)
	case verb == "stack rm":
		return os.Remove("Pulumi." + arguments[2] + ".yaml")
	}
	program, err := os.ReadFile("index.ts")
	if err := cmp.Or(err, exists("node_modules")); err != nil {
		return err
	}
	declared := map[string]bool{"aws:region": true}
	for _, m := range pulumiGiven.FindAllStringSubmatch(string(program), -1) {
		declared[m[2]] = m[1] == "given"
	}
	var stages []string
	name := strings.TrimSuffix(strings.TrimPrefix(stack, "Pulumi."), ".yaml")
	if exists("stages/"+name+".json") == nil {
		stages = []string{"stages/" + name + ".json"}
	}
	given, err := valuesOfStage(stages)
	if err != nil {
		return err
	}
	given = withoutPlace(given)
	maps.Copy(given, assignments(strings.Split(strings.TrimSpace(string(before)), "\n")))
	if err := complete(declared, given); err != nil {
		return err
	}
	switch arguments[0] {
	case "up":
		return cmp.Or(exists(cmp.Or(given["packageFile"], builtPackage)), deployed("deployed"))
	case "destroy":
		return deployed("removed")
	}
	return errors.New("unknown verb")
}

// flagsOf are the values of each flag, which go up to the next flag.
func flagsOf(arguments []string) map[string][]string {
	flags, name := map[string][]string{}, ""
	for _, a := range arguments {
		if strings.HasPrefix(a, "-") {
			name = a
		} else {
			flags[name] = append(flags[name], a)
		}
	}
	return flags
}

// assignments are the values by name of NAME=VALUE.
func assignments(list []string) map[string]string {
	values := map[string]string{}
	for _, each := range list {
		name, value, _ := strings.Cut(each, "=")
		values[name] = value
	}
	return values
}

// complete checks that each value that is required is given, and that each that is given is declared.
func complete(declared map[string]bool, given map[string]string) error {
	if len(declared) == 0 {
		return errors.New("no variable is declared")
	}
	for name, required := range declared {
		if required && given[name] == "" {
			return fmt.Errorf("%s is missing", name)
		}
	}
	for name := range given {
		if _, ok := declared[name]; !ok {
			return fmt.Errorf("there is no variable %s", name)
		}
	}
	return nil
}

func exists(files ...string) error {
	for _, file := range files {
		if _, err := os.Stat(file); err != nil {
			return err
		}
	}
	return nil
}

func write(file string) error { return os.WriteFile(file, nil, 0o600) }
