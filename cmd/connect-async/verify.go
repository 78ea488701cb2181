package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/verify"
)

// verifyOptions are the flags of `verify`.
type verifyOptions struct {
	dir, stage, name, instance, event, format, deployed string
	json                                                bool
	verify                                              verify.Options
}

// verifyFormats are the forms in which checks can be written.
var verifyFormats = []string{"text", "json"}

func newVerify(t *terminal) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "Check that what is deployed is what the project wants, and works",
		Long: `Compare what is deployed with what the project wants there, resource by resource, and check that it
works: the settings of functions, state machines, roles, results table, logs and alarms, the connection to Amazon
Connect, the published flows, and the account's quotas against the number of callers. Nothing is changed or started,
unless --run is given: then each job is run once through the async function. Functions that are not declared repeatable
need --event, the event of a harmless run. With --package the code of the async function is compared with a package.

With --stage the stage of the project file says where the deployment is, and what differs there. A stage with a replica
is verified in both Regions. Without it, what no
flag says is taken from the deployment, such as the ARNs of functions in one that --name names.

It uses the credentials of the AWS CLI and, without a stage, its Region; set AWS_ENDPOINT_URL to ask elsewhere. Exit
code 2 also means that nothing wrong was found but not everything could be looked at, such as for lack of a permission.

DIR is a folder with a ` + project.FileName + `, by default the current one.`,
		Example: "  connect-async verify --stage prod\n" +
			"  connect-async verify --instance " + exampleInstance + "\n" +
			"  connect-async verify --run --event harmless.json --format json",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			return o.run(cmd.Context(), t)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.stage, "stage", "", "stage of the project file that is verified")
	flags.StringVar(&o.name, "name", "", "name of the deployment, when it is not the project's")
	flags.StringVar(&o.instance, "instance", "", "ARN of the Amazon Connect instance")
	flags.IntVar(&o.verify.Callers, "callers", 0, "how many callers may wait at once, by default the project's callers")
	flags.BoolVar(&o.verify.Run, "run", false, "start an execution of each job")
	flags.StringVar(&o.event, "event", "", "file with the Connect event that a run sends")
	flags.StringVar(&o.deployed, "package", "", "deployment package that the functions must have, from build")
	flags.StringVar(&o.format, "format", "text", "output format: "+strings.Join(verifyFormats, ", "))
	flags.BoolVar(&o.json, "json", false, "the same as --format json")
	return cmd
}

// exampleInstance is an instance's ARN as the console shows it.
const exampleInstance = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"

func (o verifyOptions) run(ctx context.Context, t *terminal) error {
	if err := o.check(); err != nil {
		return err
	}
	stack, err := readStack(t, o.dir)
	if err != nil {
		return err
	}
	sites, err := o.sites(stack)
	if err != nil {
		return err
	}
	if o.event != "" {
		if o.verify.Event, err = readEvent(o.event, t.in); err != nil {
			return reportError(t, o.event, err)
		}
	}
	if o.deployed != "" {
		if o.verify.Code, err = codeHash(o.deployed); err != nil {
			return reportError(t, o.deployed, err)
		}
	}
	checks := []verify.Check{}
	for _, at := range sites {
		asked, err := newCloud(ctx, at.Region)
		if err != nil {
			return err
		}
		o.verify.Site = at
		checks = append(checks, verify.Run(ctx, stack, cloud{Cloud: asked}, clock.Real{}, o.verify)...)
	}
	if ctx.Err() != nil {
		return errInterrupted // the checks say nothing
	}
	if err := o.print(t, checks); err != nil {
		return err
	}
	return exitOf(checks)
}

// codeHash is the hash of a deployment package, as Lambda tells it.
func codeHash(file string) (string, error) {
	text, err := source.ReadText(file)
	if err != nil {
		return "", err
	}
	if _, err := zip.NewReader(bytes.NewReader(text), int64(len(text))); err != nil {
		return "", source.Finding{Code: source.CodeBadValue, Severity: source.Error, File: file,
			Message: "it is not a deployment package", Remedy: "Name the file that connect-async build --out writes."}
	}
	hash := sha256.Sum256(text)
	return base64.StdEncoding.EncodeToString(hash[:]), nil
}

// check refuses flags that cannot be right.
func (o verifyOptions) check() error {
	switch {
	case o.instance != "" && !project.IsInstanceARN(o.instance):
		return notAnInstance(o.instance)
	case o.stage != "" && o.name+o.instance != "":
		return usage("--stage says what the deployment is called and which instance it is for.\n" +
			"Leave out --name and --instance, or --stage.")
	case !slices.Contains(verifyFormats, o.format):
		return usage("unknown format %q; use %s.", o.format, strings.Join(verifyFormats, " or "))
	}
	return nil
}

// sites are where the deployment is.
func (o verifyOptions) sites(stack *deploy.Stack) ([]deploy.Site, error) {
	if o.stage != "" {
		stage, err := stack.ProjectStage(o.stage)
		if err != nil {
			return nil, err
		}
		sites := []deploy.Site{stack.AtStage(stage)}
		if replica, ok := stage.InReplica(); ok {
			sites = append(sites, stack.AtStage(replica))
		}
		return sites, nil
	}
	return []deploy.Site{stack.AtName(o.name, o.instance)}, nil
}

func (o verifyOptions) print(t *terminal, checks []verify.Check) error {
	if o.json || o.format == "json" {
		enc := json.NewEncoder(t.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(checks)
	}
	printChecks(t, checks)
	return nil
}

// exitOf is the exit code for checks: what is wrong counts more than what could not be looked at.
func exitOf(checks []verify.Check) error {
	count := countChecks(checks)
	switch {
	case count[verify.Fail] > 0:
		return failure{code: exitFailed}
	case count[verify.Unknown] > 0:
		return failure{code: exitUsage}
	}
	return nil
}

func countChecks(checks []verify.Check) map[verify.State]int {
	count := map[verify.State]int{}
	for _, c := range checks {
		count[c.State]++
	}
	return count
}

// cloud gives what the SDK's client says to verify, which knows no SDK.
type cloud struct{ *remote.Cloud }

// Function implements verify.Cloud.
func (c cloud) Function(ctx context.Context, name string) (verify.Function, error) {
	f, err := c.Cloud.Function(ctx, name)
	return verify.Function(f), err
}

// printChecks prints the checks as a tree, and a remedy under each that is not right. Several of one kind that are all
// right are one line.
func printChecks(t *terminal, checks []verify.Check) {
	group := ""
	elsewhere := func(c verify.Check) bool { return c.Region != checks[0].Region }
	several := slices.ContainsFunc(checks, elsewhere) // Regions, as with a replica
	for rest := checks; len(rest) > 0; {
		c, n := rest[0], alike(rest)
		if heading := c.Region + c.Group; heading != group {
			group = heading
			shown := c.Group
			if several {
				shown = strings.TrimSpace(c.Region + " " + c.Group)
			}
			fmt.Fprintf(t.out, "%s\n", t.strong.Render(shown))
		}
		if n > 1 {
			c.Detail = fmt.Sprintf("%d as they should be", n)
		}
		printCheck(t, c)
		rest = rest[n:]
	}
	count := countChecks(checks)
	fmt.Fprintf(t.out, "\n%d OK, %d failed, %d unknown, %d skipped\n", count[verify.OK], count[verify.Fail],
		count[verify.Unknown], count[verify.Skip])
}

// alike is how many checks at the beginning are of one kind and all right, at least 1.
func alike(checks []verify.Check) int {
	n, first := 1, checks[0]
	for first.State == verify.OK && n < len(checks) && checks[n].State == verify.OK &&
		checks[n].Group == first.Group && checks[n].Title == first.Title {
		n++
	}
	return n
}

func printCheck(t *terminal, c verify.Check) {
	state := fmt.Sprintf("%-7s", c.State)
	switch c.State {
	case verify.Fail, verify.Unknown:
		state = t.alarm.Render(state)
	case verify.Skip:
		state = t.faint.Render(state)
	}
	fmt.Fprintf(t.out, "  %s  %-19s  %s\n", state, c.Title, c.Detail)
	if c.Remedy != "" {
		fmt.Fprintf(t.out, "           %s\n", c.Remedy)
	}
}
