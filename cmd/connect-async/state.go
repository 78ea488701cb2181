package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
	"github.com/connect-async/connect-async/internal/workspace"
)

// stateOptions are the flags of `state`.
type stateOptions struct {
	input, variables, context string
	mock, error, cause        string
	retries, failed           int
	causedBy, items           string
	check                     string
	level, format             string
}

func newState(t *terminal) *cobra.Command {
	var o stateOptions
	cmd := &cobra.Command{
		Use:   "state FILE STATE",
		Short: "Test one state of a state machine, as TestState of Step Functions does",
		Long: `Run one state of a state machine by itself, and show what its data look like at each stage: what it
gets, what it sends, what it makes of the result, and where it goes next. FILE holds the state machine, alone or within
a CloudFormation, SAM, Terraform or CDK file; STATE may be in a Parallel or Map state. Waits pass at once;
one of more than 5 minutes is a States.Timeout, as it is for TestState.

A Task calls what it would call in serve: functions of the project that FILE belongs to, or their stand-ins, or servers
on this machine. --mock gives the result instead and --error an error, without calling anything; --retries says how
often a retrier has tried already. Map and Parallel states, activities, .sync and .waitForTaskToken need one of the two.

JSON is written into the command, or read from a file: '{"account": "12345"}' or @input.json.`,
		Example: "  connect-async state payment.asl.json Charge --input @order.json --mock '{\"StatusCode\": 200}'\n" +
			"  connect-async state payment.asl.json Charge --error Lambda.TooManyRequestsException --retries 2\n" +
			"  connect-async state template.yaml \"Look up\" --format json",
		Args: fileAndState,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, t, args[0], args[1]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.input, "input", "{}", "input of the state, as `JSON` or @FILE")
	flags.StringVar(&o.mock, "mock", "", "result of the state, as `JSON` or @FILE, instead of calling anything")
	flags.StringVar(&o.error, "error", "", "`name` of an error that the state fails with, instead of calling anything")
	flags.StringVar(&o.cause, "cause", "", "`text` that comes with --error")
	flags.IntVar(&o.retries, "retries", 0, "how often the retrier that takes --error has tried already")
	flags.StringVar(&o.causedBy, "caused-by", "", "`state` in the Parallel or Map state that --error comes from")
	flags.IntVar(&o.failed, "failed-iterations", 0, "how many iterations of a Map state have failed")
	flags.StringVar(&o.items, "items", "", "what the ItemReader of a Map state has read, as `text` or @FILE")
	flags.StringVar(&o.variables, "variables", "", "variables of the state machine, as `JSON` or @FILE")
	flags.StringVar(&o.context, "context", "", "context object, as `JSON` or @FILE; needs --mock or --error")
	flags.StringVar(&o.check, "check", "strict",
		"how --mock is checked: strict; present: fields may be missing; or none")
	flags.StringVar(&o.level, "level", "debug",
		"info: what the state comes to; debug: each stage of its data, too; trace: the request and response of an "+
			"HTTP Task, too")
	flags.StringVar(&o.format, "format", formatText, "text, or json: the answer of TestState")
	return cmd
}

// formatText is the format for people.
const formatText = "text"

func fileAndState(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return fmt.Errorf("the file of a state machine is missing")
	case len(args) == 1:
		return fmt.Errorf("the name of a state is missing")
	case len(args) > 2:
		return fmt.Errorf("unexpected argument %q", args[2])
	}
	return nil
}

func (o stateOptions) run(cmd *cobra.Command, t *terminal, file, name string) error {
	if err := o.checkFlags(cmd); err != nil {
		return err
	}
	node, err := template.ReadStateMachine(file)
	if err != nil {
		return reportError(t, file, err)
	}
	machine, found := asl.Parse(file, node)
	if machine == nil {
		return report(t.err, found)
	}
	state, ok := machine.State(name)
	if !ok {
		return usage("%s has no state %q (it has: %s).", file, name, strings.Join(machine.States(), ", "))
	}
	test := &stateTest{
		stateOptions: o, cmd: cmd, t: t, file: file, node: node, machine: machine, state: state,
		clock: clock.NewVirtual(clock.Real{}.Now()),
	}
	if o.mocked(cmd) {
		if err := takesMock(state); err != nil {
			return err
		}
		return test.run(workspace.NewAccount(local.Options{Clock: test.clock}, true))
	}
	if err := needsMock(state); err != nil {
		return err
	}
	return test.runInProject()
}

// stateTest is the test of one state.
type stateTest struct {
	stateOptions
	cmd     *cobra.Command
	t       *terminal
	file    string
	node    *source.Node // the state machine
	machine *asl.Machine
	state   asl.StateInfo
	clock   *clock.Virtual // of the account
}

// mocked reports whether what the state comes to is given.
func (o stateOptions) mocked(cmd *cobra.Command) bool {
	return cmd.Flags().Changed("mock") || cmd.Flags().Changed("error")
}

// checkFlags checks flags that take one of a few values, and those that depend on each other.
func (o stateOptions) checkFlags(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	needed := func(flag, other string) error {
		return usage("--%s says more about --%s.\nAdd --%s, or leave --%s out.", flag, other, other, flag)
	}
	switch {
	case !slices.Contains(stateLevels, o.level):
		return usage("unknown level %q (supported: %s).", o.level, strings.Join(stateLevels, ", "))
	case !slices.Contains(stateFormats, o.format):
		return usage("unknown format %q (supported: %s).", o.format, strings.Join(stateFormats, ", "))
	case !slices.Contains(local.ValidationModes, strings.ToUpper(o.check)):
		return usage("unknown check %q (supported: strict, present, none).", o.check)
	case given("mock") && given("error"):
		return usage("--mock and --error are two outcomes of one state.\nUse one of them.")
	case given("error") && o.error == "":
		return usage("--error is empty.\nName the error, such as Lambda.TooManyRequestsException.")
	case o.retries < 0 || o.failed < 0:
		return usage("--retries and --failed-iterations are counts.\nWrite 0 or more.")
	case given("context") && !o.mocked(cmd):
		return usage("--context needs --mock or --error.\nAdd one of them, or leave --context out.")
	}
	for _, flag := range []string{"cause", "retries", "caused-by"} {
		if given(flag) && !given("error") {
			return needed(flag, "error")
		}
	}
	if given("check") && !given("mock") {
		return needed("check", "mock")
	}
	return nil
}

var (
	stateLevels  = []string{levelInfo, "debug", levelTrace}
	stateFormats = []string{formatText, "json"}
)

// The lowest and the highest level.
const (
	levelInfo  = "info"
	levelTrace = "trace"
)

// takesMock refuses an outcome that is given for a state that makes its own.
func takesMock(s asl.StateInfo) error {
	switch s.Type {
	case "Task", "Map", "Parallel":
		return nil
	}
	return usage("the state %q is a %s state, which calls nothing.\nLeave out --mock and --error.", s.Name, s.Type)
}

// needsMock refuses a state that does not run by itself.
func needsMock(s asl.StateInfo) error {
	why := ""
	switch {
	case s.Type == "Map" || s.Type == "Parallel":
		why = fmt.Sprintf("the state %q is a %s state, whose inner states do not run here", s.Name, s.Type)
	case s.Task.Service == asl.ActivityService:
		why = fmt.Sprintf("the state %q is a task of an activity, for which no worker asks here", s.Name)
	case s.Pattern != "":
		why = fmt.Sprintf("the state %q waits for somebody else to end it (.%s)", s.Name, s.Pattern)
	default:
		return nil
	}
	return usage("%s.\nGive its result with --mock JSON, or an error with --error NAME.", why)
}

// runInProject runs the test in the account of the project, if there is one.
func (s *stateTest) runInProject() error {
	options := local.Options{Clock: s.clock}
	if s.state.Type != "Task" {
		return s.run(workspace.NewAccount(options, true))
	}
	account := workspace.NewAccount(options, false)
	if file := project.Nearest(filepath.Dir(s.file)); file != "" {
		p, found := project.ReadFunctions(file)
		if err := report(s.t.err, found); err != nil {
			return err
		}
		w, opened, found := openForState(s.cmd.Context(), options, p)
		defer w.Close()
		if err := report(s.t.err, found); err != nil {
			return err
		}
		account = opened
	}
	for _, f := range account.CheckTasks(s.file, s.machine) {
		if f.Pos == s.state.Task.Pos {
			return usage("%s.\nGive its result with --mock JSON, or an error with --error NAME.", f.Message)
		}
	}
	return s.run(account)
}

// openForState makes the account of a project, with its functions ready to be called.
func openForState(ctx context.Context, options local.Options,
	p *project.Project) (*workspace.Workspace, *local.Account, source.Findings) {
	o, found := workspaceOptions(p)
	w, more := workspace.Open(ctx, o)
	found = append(found, more...)
	account, _ := w.Account(options, nil)
	if !found.HasErrors() {
		found = append(found, w.Prepare(ctx)...)
	}
	return w, account, found
}

// run runs the test in an account and prints what came of it.
func (s *stateTest) run(account *local.Account) error {
	definition, err := s.node.MarshalJSON()
	if err != nil {
		return reportError(s.t, s.file, err)
	}
	request, err := s.request(s.cmd, string(definition), s.state)
	if err != nil {
		return err
	}
	outcome, err := s.outcome(account, request)
	if err != nil {
		return err
	}
	if err := s.print(s.t, s.state, request, outcome); err != nil {
		return reportError(s.t, s.file, err)
	}
	if outcome.Status == asl.TestFailed {
		return failure{code: exitFailed}
	}
	return nil
}

// outcome runs the test to its end.
func (s *stateTest) outcome(account *local.Account, r local.StateTest) (outcome local.StateOutcome, err error) {
	var refused error
	err = s.clock.Run(func() {
		var e *local.Execution
		if e, refused = account.TestState(r); refused != nil {
			return
		}
		if refused = account.Wait(s.cmd.Context(), e.WhenEnded); refused == nil {
			outcome = e.StateOutcome()
		}
	})
	switch e, isError := refused.(*local.Error); {
	case isError && e.Code == "InvalidExecutionInput":
		return outcome, usage("--input is refused: %s", e.Message)
	case isError && r.Mock != nil && r.Mock.Result != nil:
		return outcome, usage("--mock is refused: %s\nCorrect the result, or leave its fields unchecked with "+
			"--check none.", e.Message)
	case isError:
		return outcome, usage("the test is refused: %s", e.Message)
	case refused != nil:
		return outcome, errInterrupted
	}
	return outcome, err
}

// request is what TestState is asked.
func (o stateOptions) request(cmd *cobra.Command, definition string, state asl.StateInfo) (local.StateTest, error) {
	r := local.StateTest{
		Definition: definition, State: state.Name, RoleARN: workspace.Role, CausedBy: o.causedBy,
	}
	for _, given := range []struct {
		flag, text string
		into       *json.RawMessage
	}{{"input", o.input, &r.Input}, {"variables", o.variables, &r.Variables}, {"context", o.context, &r.Context}} {
		if !cmd.Flags().Changed(given.flag) {
			continue
		}
		text, err := jsonOf(given.flag, given.text)
		if err != nil {
			return r, err
		}
		*given.into = text
	}
	if cmd.Flags().Changed("retries") {
		r.RetryCount = &o.retries
	}
	if cmd.Flags().Changed("failed-iterations") {
		r.FailedIterations = &o.failed
	}
	var err error
	if r.ItemReaderData, err = textOf("items", o.items); err != nil {
		return r, err
	}
	switch {
	case o.error != "":
		r.Mock = &local.StateMock{Error: &local.MockError{Error: o.error, Cause: o.cause}}
	case o.mocked(cmd):
		text, err := jsonOf("mock", o.mock)
		if err != nil {
			return r, err
		}
		result := string(text)
		r.Mock = &local.StateMock{Result: &result, Validation: strings.ToUpper(o.check)}
	}
	return r, nil
}

// jsonOf is JSON that a flag has as text or in a file.
func jsonOf(flag, given string) (json.RawMessage, error) {
	text, err := textOf(flag, given)
	if err != nil {
		return nil, err
	}
	if _, err := source.ParseJSON("--"+flag, []byte(text)); err != nil {
		return nil, usage("--%s is not JSON: %s.\nWrite JSON such as '{\"account\": \"12345\"}', or @FILE for a file "+
			"with JSON.", flag, source.AsFinding(flag, err).Message)
	}
	return json.RawMessage(text), nil
}

// textOf is what a flag has as text or, with @ before its name, in a file.
func textOf(flag, given string) (string, error) {
	file, isFile := strings.CutPrefix(given, "@")
	if !isFile {
		return given, nil
	}
	text, err := readSaved(file)
	if err != nil {
		return "", usage("--%s: %s: %s.", flag, file, source.AsFinding(file, err).Message)
	}
	return string(text), nil
}
