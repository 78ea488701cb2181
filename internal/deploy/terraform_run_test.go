package deploy_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/testrun"
)

// terraform runs Terraform with the provider of testdata/provider, against an account of the emulator.
type terraform struct {
	dir     string   // of the root module
	env     []string // says where the provider, the account and what the provider keeps are
	kept    string   // the file of what the provider keeps
	account moto
}

// terraformProvider builds the provider for everything that exports use, and writes a mirror of it, in which Terraform
// finds it without a network. It returns the file of Terraform's settings and the file of the schema.
func terraformProvider(t *testing.T, stacks ...*deploy.Stack) (settings, schema string) {
	t.Helper()
	types := map[string][]string{}
	for _, stack := range stacks {
		for _, used := range usedTypes(t, stack) {
			types[used.what] = append(types[used.what], used.kind)
		}
	}
	dir := t.TempDir()
	text, version := awsSchema(t, types["resource"], types["data"])
	write(t, dir, "schema.json", text)
	mirror := filepath.Join(dir, "mirror")
	program := filepath.Join(mirror, "registry.terraform.io", "hashicorp", "aws", version,
		runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-aws_v"+version)
	build := testrun.Command(t, "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("testdata", "provider")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the provider of the tests cannot be built: %v\n%s", err, out)
	}
	write(t, dir, "settings.tfrc", fmt.Appendf(nil,
		"provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror))
	return filepath.Join(dir, "settings.tfrc"), filepath.Join(dir, "schema.json")
}

// usedType is a type of the provider that an export uses: a resource or data.
type usedType struct{ what, kind string }

var blockOfAType = regexp.MustCompile(`(?m)^(resource|data) "(aws_\w+)" `)

// usedTypes are the types that the Terraform export of a stack uses, each once.
func usedTypes(t *testing.T, stack *deploy.Stack) []usedType {
	t.Helper()
	files, err := deploy.Export(stack, toolNamed(t, "terraform"))
	if err != nil {
		t.Fatal(err)
	}
	var list []usedType
	for _, f := range files {
		for _, m := range blockOfAType.FindAllStringSubmatch(string(f.Content), -1) {
			used := usedType{what: m[1], kind: m[2]}
			if path.Ext(f.Name) == ".tf" && !slices.Contains(list, used) {
				list = append(list, used)
			}
		}
	}
	return list
}

// terraformFor exports a stack for Terraform, with a deployment package.
func terraformFor(t *testing.T, stack *deploy.Stack, settings, schema string, account moto) *terraform {
	t.Helper()
	dir := t.TempDir()
	export(t, stack, "terraform", dir)
	write(t, dir, "async-function.zip", smallPackage(t))
	kept := filepath.Join(t.TempDir(), "kept.json")
	return &terraform{dir: dir, kept: kept, account: account, env: append(os.Environ(), "TF_CLI_CONFIG_FILE="+settings,
		"CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "PROVIDER_SCHEMA="+schema, "PROVIDER_STORE="+kept,
		"AWS_ENDPOINT_URL="+string(account), "AWS_REGION=us-east-1")}
}

// smallPackage is a deployment package, of which only Lambda reads what is in it.
func smallPackage(t *testing.T) []byte {
	t.Helper()
	return packageOf(t, "#!/bin/sh\n")
}

// packageOf is a deployment package of a program.
func packageOf(t *testing.T, program string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	f, err := w.Create("bootstrap")
	if err == nil {
		_, err = f.Write([]byte(program))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// run runs a command and returns what it prints and its exit code.
func (tf *terraform) run(t *testing.T, arguments ...string) (string, int) {
	t.Helper()
	cmd := testrun.Command(t, "terraform", append(arguments, "-no-color")...)
	cmd.Dir, cmd.Env = tf.dir, tf.env
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// must runs a command that has to succeed.
func (tf *terraform) must(t *testing.T, arguments ...string) string {
	t.Helper()
	out, code := tf.run(t, arguments...)
	if code != 0 {
		t.Fatalf("terraform %s: %d\n%s", strings.Join(arguments, " "), code, out)
	}
	return out
}

// journal are the changes that the provider has made: what was done, the kind and the name.
func (tf *terraform) journal(t *testing.T) []string {
	t.Helper()
	var kept struct{ Journal []string }
	if err := json.Unmarshal(readFile(t, tf.kept), &kept); err != nil {
		t.Fatal(err)
	}
	return kept.Journal
}

// needTerraform skips a number of checks, and says how many, where Terraform is not installed. It is not on every
// machine, and no registry of packages has it.
func needTerraform(t *testing.T, checks int) {
	t.Helper()
	testrun.Heavy(t)
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skipf("terraform is not installed: %d CHECKS WERE SKIPPED", checks)
	}
}

// requiredValues are values for the variables of an export that have no default, or one of some place, in JSON.
func requiredValues(t *testing.T, stack *deploy.Stack) []byte {
	t.Helper()
	values := map[string]string{}
	for name, value := range declaredVariables(t, stack) {
		switch {
		case name == "instance_arn":
			values[name] = instanceARN
		case strings.HasPrefix(value, "arn:"):
			values[name] = value
		case value != "":
		case name == "kms_key_arn":
			values[name] = keyARN
		case strings.HasSuffix(name, "_function_arn"):
			values[name] = lambdaARN + strings.TrimSuffix(name, "_function_arn")
		case strings.HasSuffix(name, "_prompt_arn"):
			values[name] = musicARN
		case strings.HasSuffix(name, "_queue_arn"):
			values[name] = strings.Replace(musicARN, "/prompt/", "/queue/", 1)
		}
	}
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
