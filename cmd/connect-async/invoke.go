package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/project"
)

// invokeOptions are the flags of `invoke`.
type invokeOptions struct {
	dir   string
	event string
}

func newInvoke(t *terminal) *cobra.Command {
	var o invokeOptions
	cmd := &cobra.Command{
		Use:   "invoke NAME",
		Short: "Run one function of the project and print its result and log",
		Long: `Run one function of the project as Lambda would, as a real process or where it is deployed, and print its result to standard
output, its log and REPORT line to standard error. The exit code is 1 when the function failed.`,
		Example: "  connect-async invoke balance --dir examples/balance\n  echo '{\"n\": 1}' | connect-async invoke balance --event -",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), t, args[0]) },
	}
	cmd.Flags().StringVar(&o.dir, "dir", ".", "folder of the project")
	cmd.Flags().StringVar(&o.event, "event", "", "file with the event as JSON, - for standard input (default: {})")
	return cmd
}

func (o invokeOptions) run(ctx context.Context, t *terminal, name string) error {
	p, found := project.Read(o.dir)
	if err := report(t.err, found); err != nil {
		return err
	}
	event, err := o.readEvent(t.in)
	if err != nil {
		return failure{exitUsage, fmt.Sprintf("connect-async: %v\nGive --event a file with JSON, or - for standard input.", err)}
	}
	f, ok := p.Function(name)
	if !ok {
		return failure{exitUsage, fmt.Sprintf("connect-async: the project has no function %q.", name)}
	}
	result, err := invoke(ctx, f, event)
	if err == nil {
		err = result.Err
	}
	if err != nil {
		return reportError(t, p.File, err)
	}
	fmt.Fprintln(t.err, strings.TrimRight(printable(string(result.Log)), "\n"))
	fmt.Fprintf(t.out, "%s\n", result.Payload)
	if result.FunctionError != "" {
		return failure{code: exitFailed}
	}
	return nil
}

// invoke runs a function once.
func invoke(ctx context.Context, f project.Function, event []byte) (function.Result, error) {
	if f.Remote || f.Code == "" {
		invoker, err := connectRemote(ctx)
		if err != nil {
			return function.Result{}, err
		}
		return function.NewRemote(clock.Real{}, invoker, f.ARN).Invoke(ctx, event), nil
	}
	spec, err := f.Spec()
	if err != nil {
		return function.Result{}, err
	}
	process, err := function.New(clock.Real{}, spec)
	if err != nil {
		return function.Result{}, err
	}
	defer process.Close()
	return process.Invoke(ctx, event), nil
}

func (o invokeOptions) readEvent(in io.Reader) (event []byte, err error) {
	switch o.event {
	case "":
		return []byte("{}"), nil
	case "-":
		event, err = io.ReadAll(in)
	default:
		event, err = os.ReadFile(o.event)
	}
	if err == nil && !json.Valid(event) {
		err = errors.New("the event is not JSON")
	}
	return event, err
}
