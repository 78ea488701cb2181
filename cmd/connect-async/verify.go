package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/remote"
	"github.com/connect-async/connect-async/internal/verify"
)

// verifyOptions are the flags of `verify`.
type verifyOptions struct {
	dir, event string
	json       bool
	verify     verify.Options
}

func newVerify(t *terminal) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "Check that the deployed set-up works",
		Long: `Check that the deployed set-up works, by asking AWS: functions, state machines, roles, results table, the
connection to Amazon Connect, published flows, and quotas against the number of callers. Nothing is changed or started,
unless --run is given: then each job is run once through the async function. Functions that are not declared repeatable
need --event, the event of a harmless run.

It uses the credentials and the Region of the AWS CLI; set AWS_ENDPOINT_URL to ask elsewhere.

DIR is a folder with a ` + project.FileName + `, by default the current one.`,
		Example: "  connect-async verify --instance " + exampleInstance + "\n" +
			"  connect-async verify --run --event harmless.json --json",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.dir = "."; len(args) == 1 {
				o.dir = args[0]
			}
			return o.run(cmd.Context(), t)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.verify.Name, "name", "", "name of the deployment, when it is not the project's")
	flags.StringVar(&o.verify.InstanceARN, "instance", "", "ARN of the Amazon Connect instance")
	flags.IntVar(&o.verify.Callers, "callers", 0, "how many callers may wait at once, by default the project's callers")
	flags.BoolVar(&o.verify.Run, "run", false, "start an execution of each job")
	flags.StringVar(&o.event, "event", "", "file with the Connect event that a run sends")
	flags.BoolVar(&o.json, "json", false, "print the checks as JSON")
	return cmd
}

// exampleInstance is an instance's ARN as the console shows it.
const exampleInstance = "arn:aws:connect:us-east-1:111122223333:instance/11111111-2222-3333-4444-555555555555"

func (o verifyOptions) run(ctx context.Context, t *terminal) error {
	if instance := o.verify.InstanceARN; instance != "" && !project.IsInstanceARN(instance) {
		return usage("%q is not the ARN of a Connect instance.\n%s", instance, project.InstanceRemedy)
	}
	stack, err := readStack(t, o.dir)
	if err != nil {
		return err
	}
	if o.event != "" {
		if o.verify.Event, err = readEvent(o.event, t.in); err != nil {
			return reportError(t, o.event, err)
		}
	}
	asked, err := newCloud(ctx)
	if err != nil {
		return err
	}
	checks := verify.Run(ctx, stack, cloud{Cloud: asked}, clock.Real{}, o.verify)
	if ctx.Err() != nil {
		return errInterrupted // the checks say nothing
	}
	if o.json {
		enc := json.NewEncoder(t.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(checks); err != nil {
			return err
		}
	} else {
		printChecks(t, checks)
	}
	for _, c := range checks {
		if c.State == verify.Fail {
			return failure{code: exitFailed}
		}
	}
	return nil
}

// cloud gives what the SDK's client says to verify, which knows no SDK.
type cloud struct{ *remote.Cloud }

// Function implements verify.Cloud.
func (c cloud) Function(ctx context.Context, name string) (verify.Function, error) {
	f, err := c.Cloud.Function(ctx, name)
	return verify.Function(f), err
}

// Rule implements verify.Cloud.
func (c cloud) Rule(ctx context.Context, name string) (verify.Rule, error) {
	r, err := c.Cloud.Rule(ctx, name)
	return verify.Rule(r), err
}

// StateMachine implements verify.Cloud.
func (c cloud) StateMachine(ctx context.Context, arn string) (verify.StateMachine, error) {
	m, err := c.Cloud.StateMachine(ctx, arn)
	return verify.StateMachine(m), err
}

// printChecks prints the checks as a tree, and a remedy under each that is wrong.
func printChecks(t *terminal, checks []verify.Check) {
	count := map[verify.State]int{}
	group := ""
	for _, c := range checks {
		if c.Group != group {
			group = c.Group
			fmt.Fprintf(t.out, "%s\n", t.strong.Render(group))
		}
		count[c.State]++
		state := fmt.Sprintf("%-4s", c.State)
		switch c.State {
		case verify.Fail:
			state = t.alarm.Render(state)
		case verify.Skip:
			state = t.faint.Render(state)
		}
		fmt.Fprintf(t.out, "  %s  %-17s  %s\n", state, c.Title, c.Detail)
		if c.Remedy != "" {
			fmt.Fprintf(t.out, "        %s\n", c.Remedy)
		}
	}
	fmt.Fprintf(t.out, "\n%d OK, %d failed, %d skipped\n", count[verify.OK], count[verify.Fail], count[verify.Skip])
}
