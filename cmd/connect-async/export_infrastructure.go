package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
)

// infrastructureOptions are the flags of `export TOOL`.
type infrastructureOptions struct {
	dir, out string
}

// newExportInfrastructure makes the subcommands of `export` that write infrastructure, one a tool.
func newExportInfrastructure(t *terminal) []*cobra.Command {
	var list []*cobra.Command
	for _, tool := range deploy.Tools {
		var o infrastructureOptions
		what := tool.Writes + " for " + tool.Serves
		cmd := &cobra.Command{
			Use:   tool.Name + " [DIR]",
			Short: "Write what the project needs in AWS as " + what,
			Long: `Write what the project needs in AWS as ` + what + `: the state machines, the async function, roles
with the least that they need, logs, the connection to Amazon Connect, managed flows, alarms and a dashboard.

DIR is a folder with a ` + project.FileName + `, by default the current one; its section deploy says what
is created. The README in the output has the commands. The same project gives the same bytes.`,
			Example: "  connect-async export " + tool.Name + " --out infrastructure",
			Args:    atMost(1),
			RunE: func(_ *cobra.Command, args []string) error {
				if o.dir = "."; len(args) == 1 {
					o.dir = args[0]
				}
				return o.run(t, tool)
			},
		}
		cmd.Flags().StringVar(&o.out, "out", tool.Name, "folder to write; files in it are replaced, others stay")
		list = append(list, cmd)
	}
	return list
}

func (o infrastructureOptions) run(t *terminal, tool deploy.Tool) error {
	stack, err := readStack(t, o.dir)
	if err != nil {
		return err
	}
	files, err := deploy.Export(stack, tool)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := writeInto(o.out, f.Name, f.Content); err != nil {
			return reportError(t, o.out, err)
		}
		fmt.Fprintln(t.out, filepath.ToSlash(filepath.Join(o.out, f.Name)))
	}
	fmt.Fprintf(t.out, "\nThe commands are in %s.\n", filepath.ToSlash(filepath.Join(o.out, "README.md")))
	return nil
}

// readStack reads the project file of a folder and works out what it needs in AWS.
func readStack(t *terminal, dir string) (*deploy.Stack, error) {
	p, found := project.Read(dir)
	if p != nil {
		found = append(found, staleFlows(p)...)
	}
	if err := report(t.err, found); err != nil {
		return nil, err
	}
	settings, found := deploy.ReadSettings(p.File, p.Deploy)
	if err := report(t.err, found); err != nil {
		return nil, err
	}
	stack, found := deploy.Describe(p, settings, lint.Publishing)
	if err := report(t.err, found); err != nil {
		return nil, err
	}
	return stack, nil
}

// writeInto writes a file, named with slashes, below a folder.
func writeInto(dir, name string, content []byte) error {
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return unwritable(filepath.Dir(file), err)
	}
	return writeFile(file, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
