package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
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
		Long: `Run one function of the project as Lambda would, as a process on this machine or where it is deployed.
Print its result to standard output, and its log and REPORT line to standard error.

The exit code is 1 when the function failed.`,
		Example: "  connect-async invoke balance --dir examples/balance\n" +
			"  echo '{\"n\": 1}' | connect-async invoke balance --event -",
		Args: exactlyOne("the name of the function"),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), t, args[0]) },
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
	event, err := readEvent(o.event, t.in)
	if err != nil {
		return reportError(t, o.event, err)
	}
	f, ok := p.Function(name)
	if !ok {
		return usage("the project has no function %q.", name)
	}
	opened, err := workspace.Run(ctx, f, workspace.Options{Remote: connectRemote})
	if err != nil {
		return reportError(t, p.File, err)
	}
	defer opened.Close()
	result := opened.Invoke(ctx, event)
	if result.Err != nil {
		return reportError(t, p.File, result.Err)
	}
	fmt.Fprintln(t.err, strings.TrimRight(string(result.Log), "\n"))
	fmt.Fprintf(t.data, "%s\n", result.Payload)
	if why, failed := opened.Failure(result); failed {
		brokenFunction{name: name, failure: why, times: 1}.print(t.err, t)
		return failure{code: exitFailed}
	}
	return nil
}

// readEvent reads an event: a JSON file, or standard input for "-". Without a file it is an empty object.
func readEvent(file string, in io.Reader) ([]byte, error) {
	switch file {
	case "":
		return []byte("{}"), nil
	case "-":
		const name = "standard input"
		text, err := io.ReadAll(in)
		if err != nil {
			return nil, source.Unreadable(name, err)
		}
		_, err = source.ParseJSON(name, text)
		return text, err
	}
	node, err := source.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return node.MarshalJSON()
}
