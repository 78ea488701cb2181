package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/connect-async/connect-async/internal/testrun"
)

const integrations = "../../integrations/"

// action is integrations/github/action.yml as far as GitHub needs it.
type action struct {
	Name, Description string
	Inputs            map[string]struct{ Description, Default string }
	Outputs           map[string]struct{ Description, Value string }
	Runs              struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	Name, If, Shell, Run string
	Env                  map[string]string
}

// readYAML reads a file of which every key must be known.
func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.UnmarshalWithOptions(readBytes(t, file), into, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
}

// runner is what GitHub's runner does with the action, as far as the action relies on it.
type runner struct {
	action
	inputs    map[string]string
	workspace string
	path      string
	failed    bool
	output    string // of all steps
}

var inputExpression = regexp.MustCompile(`\$\{\{ inputs\.(\w+) \}\}`)

func newRunner(t *testing.T, workspace, path string, inputs map[string]string) *runner {
	t.Helper()
	r := &runner{inputs: map[string]string{}, workspace: workspace, path: path}
	readYAML(t, integrations+"github/action.yml", &r.action)
	for name, input := range r.Inputs {
		r.inputs[name] = input.Default
	}
	for name, value := range inputs {
		if _, ok := r.inputs[name]; !ok {
			t.Fatalf("the action has no input %s", name)
		}
		r.inputs[name] = value
	}
	return r
}

// conditions are the conditions of steps, as GitHub evaluates them.
var conditions = map[string]func(r *runner) bool{
	"":                             func(r *runner) bool { return !r.failed },
	"${{ inputs.lint == 'true' }}": func(r *runner) bool { return !r.failed && r.inputs["lint"] == "true" },
	"${{ !cancelled() && inputs.test == 'true' }}": func(r *runner) bool { return r.inputs["test"] == "true" },
}

// run runs the steps, each in a shell.
func (r *runner) run(t *testing.T) {
	t.Helper()
	temp := t.TempDir()
	for _, step := range r.Runs.Steps {
		condition, known := conditions[step.If]
		if !known || step.Shell != "bash" {
			t.Fatalf("this test does not know the condition %q or the shell %q", step.If, step.Shell)
		}
		if !condition(r) {
			continue
		}
		added := filepath.Join(temp, "path")
		cmd := testrun.Command(t,
			"bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run)
		cmd.Dir = r.workspace
		cmd.Env = append(os.Environ(), "PATH="+r.path, "GITHUB_PATH="+added, "RUNNER_TEMP="+temp,
			"GITHUB_ACTION_PATH="+absolute(t, integrations+"github"))
		for name, value := range step.Env {
			value = inputExpression.ReplaceAllStringFunc(value, func(m string) string {
				return r.inputs[inputExpression.FindStringSubmatch(m)[1]]
			})
			if strings.Contains(value, "${{") {
				t.Fatalf("%s: this test cannot evaluate %s", step.Name, value)
			}
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		out, err := cmd.CombinedOutput()
		r.output += string(out)
		r.failed = r.failed || err != nil
		if lines, err := os.ReadFile(added); err == nil {
			r.path = strings.TrimSpace(string(lines)) + string(os.PathListSeparator) + r.path
			_ = os.Remove(added)
		}
	}
}

func absolute(t *testing.T, file string) string {
	t.Helper()
	absolute, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	return absolute
}

// pathWithCommand is the PATH with connect-async, which is this test program.
func pathWithCommand(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("for systems with a POSIX shell")
	}
	bin := scripts(t, map[string]string{"connect-async": "#!/bin/sh\nexec connect-async-process \"$@\"\n"})
	return bin + string(os.PathListSeparator) + os.Getenv("PATH")
}

// teamProject is a repository with a project, which is good, or has a fault that lint finds and a test that fails.
func teamProject(t *testing.T, good bool) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../examples/chain")); err != nil {
		t.Fatal(err)
	}
	if !good {
		replaceIn(t, filepath.Join(dir, "flow.json"), `"StartAction": "`, `"StartAction": "no `)
	}
	return dir
}

// TestGitHubAction runs the steps of the action with a project that is good and one that is not: lint writes SARIF and
// annotations, and the scenarios are played even when it failed.
func TestGitHubAction(t *testing.T) {
	testrun.Need(t, "bash")
	path := pathWithCommand(t)
	for _, good := range []bool{true, false} {
		r := newRunner(t, teamProject(t, good), path, nil)
		r.run(t)
		if r.failed == good {
			t.Errorf("good %v: the action failed: %v\n%s", good, r.failed, r.output)
		}
		if !good && !regexp.MustCompile(`(?m)^::error file=flow.json,line=\d+,`).MatchString(r.output) {
			t.Errorf("no annotation in:\n%s", r.output)
		}
		var log struct {
			Runs []struct{ Results []struct{ Level string } }
		}
		if err := json.Unmarshal(readBytes(t, filepath.Join(r.workspace, r.inputs["sarif"])), &log); err != nil {
			t.Fatal(err)
		}
		isError := func(result struct{ Level string }) bool { return result.Level == "error" }
		if slices.ContainsFunc(log.Runs[0].Results, isError) == good {
			t.Errorf("good %v: %+v", good, log)
		}
		checkJUnit(t, filepath.Join(r.workspace, r.inputs["junit"]), good)
	}
}

func checkJUnit(t *testing.T, file string, good bool) {
	t.Helper()
	var suite junitSuite
	if err := xml.Unmarshal(readBytes(t, file), &suite); err != nil || suite.Tests == 0 ||
		(suite.Failures == 0) != good {
		t.Errorf("good %v: %+v (%v)", good, suite, err)
	}
}

// TestGitHubActionIsDescribed checks that inputs and outputs are described and used, and that no step takes an input
// into its script, where it would be run.
func TestGitHubActionIsDescribed(t *testing.T) {
	r := newRunner(t, "", "", nil)
	text := string(readBytes(t, integrations+"github/action.yml"))
	if r.Name == "" || r.Description == "" || r.Runs.Using != "composite" {
		t.Errorf("%+v", r.action)
	}
	for name, input := range r.Inputs {
		if input.Description == "" || !strings.Contains(text, "inputs."+name) {
			t.Errorf("the input %s is not described or not used", name)
		}
	}
	for name, output := range r.Outputs {
		if m := inputExpression.FindStringSubmatch(output.Value); output.Description == "" || m == nil || m[1] != name {
			t.Errorf("the output %s: %+v", name, output)
		}
	}
	for _, step := range r.Runs.Steps {
		if step.Name == "" || strings.Contains(step.Run, "${{") {
			t.Errorf("%+v", step)
		}
	}
}

// useActionWith runs the action with the archive of a release, with its checksum and with a wrong one.
func useActionWith(t *testing.T, dist string) {
	testrun.Need(t, "bash")
	path := pathWithoutGo(t, "bash", "mkdir", "basename", "sha256sum", "tar", "gzip")
	sum, _, _ := strings.Cut(string(readBytes(t, filepath.Join(dist, "SHA256SUMS"))), " ")
	for checksum, good := range map[string]bool{sum: true, strings.Repeat("0", 64): false} {
		r := newRunner(t, teamProject(t, true), path, map[string]string{
			"archive": filepath.Join(dist, releaseName+".tar.gz"), "sha256": checksum})
		r.run(t)
		if r.failed == good {
			t.Errorf("%s: failed %v\n%s", checksum, r.failed, r.output)
		}
	}
}

// TestGitHubActionBuilds runs the action without a release: it builds the command from its own source.
func TestGitHubActionBuilds(t *testing.T) {
	testrun.Heavy(t)
	testrun.Need(t, "bash")
	r := newRunner(t, teamProject(t, true), os.Getenv("PATH"), map[string]string{"test": "false"})
	if _, err := exec.LookPath("connect-async"); err == nil {
		t.Skip("connect-async is on the PATH")
	}
	r.run(t)
	if r.failed || !strings.Contains(r.output, "Checked 1 flow") {
		t.Error(r.output)
	}
}

// gitLabJob is a job of integrations/gitlab.yml.
type gitLabJob struct {
	Stage, Image, Extends string
	Script                []string
	Artifacts             struct {
		When    string
		Reports map[string]string
	}
}

// TestGitLabTemplate runs the scripts of the jobs as GitLab does, each in a shell, and reads the reports that they
// declare.
func TestGitLabTemplate(t *testing.T) {
	testrun.Need(t, "sh")
	path := pathWithCommand(t)
	var template struct {
		Variables map[string]string
		Base      gitLabJob `yaml:".connect-async"`
		Lint      gitLabJob `yaml:"connect-async-lint"`
		Test      gitLabJob `yaml:"connect-async-test"`
	}
	readYAML(t, integrations+"gitlab.yml", &template)
	if template.Base.Image != "$CONNECT_ASYNC_IMAGE" || template.Lint.Extends != ".connect-async" ||
		template.Test.Extends != ".connect-async" {
		t.Fatalf("%+v", template)
	}
	for _, good := range []bool{true, false} {
		repository := teamProject(t, good)
		for _, job := range []gitLabJob{template.Lint, template.Test} {
			cmd := testrun.Command(t, "sh", "-ec", strings.Join(job.Script, "\n"))
			cmd.Dir = repository
			cmd.Env = append(os.Environ(), "PATH="+path)
			for name, value := range template.Variables {
				cmd.Env = append(cmd.Env, name+"="+value)
			}
			if out, err := cmd.CombinedOutput(); (err == nil) != good {
				t.Errorf("good %v: %v\n%s", good, err, out)
			}
			if job.Artifacts.When != "always" || len(job.Artifacts.Reports) != 1 {
				t.Errorf("%+v", job.Artifacts)
			}
		}
		var quality []struct{ Severity string }
		report := readBytes(t, filepath.Join(repository, template.Lint.Artifacts.Reports["codequality"]))
		if err := json.Unmarshal(report, &quality); err != nil {
			t.Fatal(err)
		}
		major := func(f struct{ Severity string }) bool { return f.Severity == "major" }
		if slices.ContainsFunc(quality, major) == good {
			t.Errorf("good %v: %s", good, report)
		}
		checkJUnit(t, filepath.Join(repository, template.Test.Artifacts.Reports["junit"]), good)
	}
}

// hook is one of .pre-commit-hooks.yaml.
type hook struct {
	ID, Name, Description, Entry, Language, Files string
	Args                                          []string
	PassFilenames                                 bool `yaml:"pass_filenames"`
}

// TestPreCommitHooks runs each hook in a good project, which it accepts and leaves as it is, and in one with a fault
// that it is for.
func TestPreCommitHooks(t *testing.T) {
	var hooks []hook
	readYAML(t, "../../.pre-commit-hooks.yaml", &hooks)
	faults := map[string]struct{ file, from, to string }{
		"connect-async-lint":     {"flow.json", `"StartAction": "`, `"StartAction": "no `},
		"connect-async-test":     {"scenario.yaml", "\nfunctions:", "\nexpect: {heard: [never]}\nfunctions:"},
		"connect-async-fmt":      {"flow.json", "{\n", "{\n\n"},
		"connect-async-generate": {"connect-async.yaml", "say: ", "say: And now this. "},
	}
	for _, h := range hooks {
		t.Run(h.ID, func(t *testing.T) {
			fault, known := faults[h.ID]
			if !known || h.Name == "" || h.Description == "" || h.Language != "golang" || h.PassFilenames ||
				!regexp.MustCompile(h.Files).MatchString("voice/flow.json") {
				t.Fatalf("%+v", h)
			}
			dir := teamProject(t, true)
			if changes, accepted := h.run(t, dir); changes || !accepted {
				t.Errorf("a good project: changes %v, accepted %v", changes, accepted)
			}
			replaceIn(t, filepath.Join(dir, fault.file), fault.from, fault.to)
			if changes, accepted := h.run(t, dir); !changes && accepted {
				t.Error("the fault is not found")
			}
		})
	}
	if len(hooks) != len(faults) {
		t.Errorf("%d hooks, %d faults", len(hooks), len(faults))
	}
}

// run runs a hook in a folder. A hook that changes files has not accepted them.
func (h hook) run(t *testing.T, dir string) (changes, accepted bool) {
	t.Helper()
	t.Chdir(dir)
	program, arguments, _ := strings.Cut(h.Entry, " ")
	if program != "connect-async" {
		t.Fatalf("the hook runs %s", program)
	}
	before, _ := os.ReadFile("flow.json")
	var out bytes.Buffer
	code := run(t.Context(), append(strings.Fields(arguments), h.Args...), plainTerminal(&out, &out))
	after, _ := os.ReadFile("flow.json")
	return !bytes.Equal(before, after), code == exitGood
}

// TestCIPage checks docs/ci.md: its commands run, and its examples use inputs, variables and hooks that exist.
func TestCIPage(t *testing.T) {
	var hooks []hook
	readYAML(t, "../../.pre-commit-hooks.yaml", &hooks)
	template := string(readBytes(t, integrations+"gitlab.yml"))
	inputs := newRunner(t, "", "", nil).Inputs
	blocks := fencedBlocks(readBytes(t, "../../docs/ci.md"))
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "voice"), os.DirFS("../../examples/chain")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	used := 0
	for _, block := range blocks {
		if block.name == "container" {
			continue // it needs Docker
		}
		if block.language == "sh" {
			for line := range strings.Lines(block.text) {
				command, _, _ := strings.Cut(line, " > ")
				runDocumented(t, command)
				used++
			}
			continue
		}
		var example struct {
			Jobs map[string]struct {
				Steps []struct{ With map[string]string }
			}
			Variables map[string]string
			Repos     []struct{ Hooks []struct{ ID string } }
		}
		if err := yaml.Unmarshal([]byte(block.text), &example); err != nil {
			t.Fatalf("%v\n%s", err, block.text)
		}
		for _, job := range example.Jobs {
			for name := range job.Steps[1].With {
				if _, ok := inputs[name]; !ok {
					t.Errorf("the action has no input %s", name)
				}
				used++
			}
		}
		for name := range example.Variables {
			if !strings.Contains(template, name) {
				t.Errorf("the template does not use %s", name)
			}
			used++
		}
		for _, repo := range example.Repos {
			for _, h := range repo.Hooks {
				if !slices.ContainsFunc(hooks, func(known hook) bool { return known.ID == h.ID }) {
					t.Errorf("there is no hook %s", h.ID)
				}
				used++
			}
		}
	}
	if used != 11 {
		t.Errorf("the page shows %d inputs, variables, hooks and commands; this test expects 11", used)
	}
}
