package main

import (
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/testrun"
)

// ciJob is a job of GitHub Actions or of GitLab CI, as far as docs/deploying-ci.md has them.
type ciJob struct {
	Permissions map[string]string
	Env         map[string]string
	Steps       []ciStep

	Variables map[string]string
	IDTokens  map[string]struct{ Aud string } `yaml:"id_tokens"`
	Script    []string
}

type ciStep struct {
	Uses, Run string
	With      map[string]string
	Env       map[string]string
}

const deployingCI = "../../docs/deploying-ci.md"

// ciJobs are the examples of the page by the names of their blocks: a whole workflow or pipeline, or the last steps of
// one.
func ciJobs(t *testing.T) map[string]ciJob {
	t.Helper()
	jobs := map[string]ciJob{}
	for _, block := range fencedBlocks(readBytes(t, deployingCI), "yaml") {
		var job ciJob
		var workflow struct{ Jobs map[string]ciJob }
		var pipeline map[string]ciJob
		var err error
		switch {
		case strings.HasPrefix(block.text, "- "):
			err = yaml.Unmarshal([]byte(block.text), &job.Steps)
		case strings.HasPrefix(block.name, "github"):
			err = yaml.Unmarshal([]byte(block.text), &workflow)
			job = workflow.Jobs["prod"]
		default:
			err = yaml.Unmarshal([]byte(block.text), &pipeline)
			job = pipeline["deploy-prod"]
		}
		if err != nil {
			t.Fatalf("%s: %v", block.name, err)
		}
		jobs[block.name] = job
	}
	return jobs
}

// commands are what a job runs, each step from the folder of the repository.
func (j ciJob) commands() string {
	script := strings.Join(j.Script, "\n") + "\n"
	for _, step := range j.Steps {
		if step.Run == "" {
			continue
		}
		script += "(\n"
		for name, value := range step.Env {
			script += "export " + name + "='" + value + "'\n"
		}
		script += step.Run + "\n)\n"
	}
	return script
}

// TestCIDeploysWithoutKeys: the examples parse, take their credentials by a token, and may do nothing else. There is
// one for each tool.
func TestCIDeploysWithoutKeys(t *testing.T) {
	page := string(readBytes(t, deployingCI))
	if key := regexp.MustCompile(`AKIA|(?i)aws.?(secret.?)?access.?key|secrets\.`).FindString(page); key != "" {
		t.Errorf("a key: %s", key)
	}
	jobs := ciJobs(t)
	for _, tool := range deploy.Tools {
		if commands := jobs["github-"+tool.Name].commands(); !strings.Contains(commands, "export "+tool.Name+"\n") {
			t.Errorf("no job for %s: %s", tool.Name, commands)
		}
	}
	github, gitlab := jobs["github-terraform"], jobs["gitlab-terraform"]
	if len(github.Permissions) != 2 || github.Permissions["id-token"] != "write" ||
		github.Permissions["contents"] != "read" {
		t.Errorf("the job may %v", github.Permissions)
	}
	i := slices.IndexFunc(github.Steps, func(s ciStep) bool { return s.With["role-to-assume"] != "" })
	if i < 0 || github.Steps[i].With["aws-region"] != github.Env["AWS_REGION"] {
		t.Errorf("no role is taken: %+v", github.Steps)
	}
	if gitlab.IDTokens["AWS_TOKEN"].Aud != "https://gitlab.com" || gitlab.Variables["AWS_ROLE_ARN"] == "" {
		t.Errorf("no role is taken: %+v", gitlab)
	}
	const action = "./.github/connect-async"
	inputs := newRunner(t, "", "", nil).Inputs
	for _, step := range github.Steps {
		for name := range step.With {
			if _, ok := inputs[name]; step.Uses == action && !ok {
				t.Errorf("the action has no input %s", name)
			}
		}
	}
}

// TestCIDeploys runs what the jobs run, in a project with a stage: the commands and flags exist, and the tools find
// what they are given. Quick tests do it with one tool.
func TestCIDeploys(t *testing.T) {
	testrun.Need(t, "sh")
	if runtime.GOOS == "windows" {
		t.Skip("for systems with a POSIX shell")
	}
	for name, job := range ciJobs(t) {
		if name != "github-cloudformation" && !testrun.IsHeavy() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, home := t.TempDir(), t.TempDir()
			connectAsync := quickPackage + strings.ReplaceAll(noAWS, "%[1]s", "connect-async-process")
			environment := append(deploymentEnvironment(t, connectAsync, os.Getenv("PATH"), home), "stage=prod",
				"AWS_REGION=us-east-1", "AWS_TOKEN=token", "AWS_WEB_IDENTITY_TOKEN_FILE="+home+"/token")
			runDeployment(t, ciProject+job.commands(), dir, environment)
			checkDeployed(t, home, name, "deployed\n")
		})
	}
}

// ciProject makes the project that the page is about.
const ciProject = `connect-async init --name bank --function arn:aws:lambda:us-east-1:111122223333:function:slow
cat >> connect-async.yaml <<'END'
stages:
  prod:
    name: bank
    instance: arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555
END
`
