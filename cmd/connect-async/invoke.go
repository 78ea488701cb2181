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
	dir    string
	event  string
	server string
}

func newInvoke(t *terminal) *cobra.Command {
	var o invokeOptions
	cmd := &cobra.Command{
		Use:   "invoke [NAME [DIR]]",
		Short: "Run one function of the project and print its result and log",
		Long: `Run one function of the project as Lambda would, as a process on this machine or where it is deployed.
Print its result to standard output, and its log and REPORT line to standard error. DIR is a folder with a
` + project.FileName + `, by default the current one. A project with one function needs no name.

The name ` + project.AsyncFunction + ` means the async function. It is the one of ` + "`connect-async serve`" + `, when
` + endpointLambda + ` or --server says where that is: then each event starts, checks or cancels, as its parameter
action says. Without a server it runs here with everything behind it: the reply to the event is printed and, when it has
started work, that of a check after the end. Ctrl-C cancels.`,
		Example: "  connect-async invoke balance examples/balance\n" +
			"  echo '{\"n\": 1}' | connect-async invoke balance --event -\n" +
			"  connect-async event | connect-async invoke async --event -",
		Args: atMost(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				o.dir = args[1]
			}
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return o.run(cmd.Context(), t, name)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.dir, "dir", ".", "folder of the project")
	_ = flags.MarkHidden("dir") // what DIR was
	flags.StringVar(&o.event, "event", "", "file with the event as JSON, - for standard input (default: {})")
	flags.StringVar(&o.server, "server", "", "address of Lambda in a server that runs, for the async function")
	return cmd
}

func (o invokeOptions) run(ctx context.Context, t *terminal, name string) error {
	p, found := project.ReadFunctions(o.dir)
	if err := report(t.err, found); err != nil {
		return err
	}
	if name == "" && len(p.Functions) == 1 {
		name = p.Functions[0].Name
	}
	event, err := readEvent(o.event, t.in)
	if err != nil {
		return reportError(t, o.event, err)
	}
	if len(p.Jobs) > 0 && (name == project.AsyncFunction || name == p.AsyncName()) {
		return o.runAsync(ctx, t, p, event)
	}
	f, ok := p.Function(name)
	if !ok {
		return unknownFunction(p, name)
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
	if sentence := opened.NotInstalled(); sentence != "" {
		fmt.Fprintln(t.err, sentence)
	}
	fmt.Fprintln(t.err, strings.TrimRight(string(result.Log), "\n"))
	fmt.Fprintf(t.data, "%s\n", result.Payload)
	if why, failed := opened.Failure(result); failed {
		brokenFunction{name: name, failure: why, times: 1}.print(t.err, t)
		if o.event == "" {
			fmt.Fprintf(t.err, "\nThe event was {}. One of Amazon Connect: connect-async event | "+
				"connect-async invoke %s --event -\n", name)
		}
		return failure{code: exitFailed}
	}
	return nil
}

// unknownFunction is the failure that a project has no such function; it names those that exist.
func unknownFunction(p *project.Project, name string) error {
	has := strings.Join(invocable(p), ", ")
	if name == "" {
		return usage("the name of the function is missing (the project has: %s).", has)
	}
	return usage("the project has no function %q (it has: %s).", name, has)
}

// invocable are the names that can be invoked: of the functions, and of the async function.
func invocable(p *project.Project) (names []string) {
	for _, f := range p.Functions {
		names = append(names, f.Name)
	}
	if len(p.Jobs) > 0 {
		names = append(names, project.AsyncFunction)
	}
	return names
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
		return source.WithoutMark(text), err
	}
	node, err := source.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return node.MarshalJSON()
}
