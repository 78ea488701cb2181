package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// infrastructureOptions are the flags of `export TOOL`.
type infrastructureOptions struct {
	dir, out string
	force    bool
	noLint   bool
	noFlows  bool
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
is created. Nothing is exported when lint finds errors in what would be. The README in the output has the commands.
The same project gives the same bytes.

Files of an earlier export are replaced, or removed when they are no longer part of it, unless they were edited since:
then nothing is written. Files that no export wrote are never touched. The list is in ` + manifest.FileName + `,
which belongs to the export.`,
			Example: "  connect-async export " + tool.Name + " --out infrastructure",
			Args:    atMost(1),
			RunE: func(_ *cobra.Command, args []string) error {
				o.dir = folderOf(args)
				return o.run(t, tool)
			},
		}
		cmd.Flags().StringVar(&o.out, "out", tool.Name, "folder to write")
		cmd.Flags().BoolVar(&o.force, "force", false, "replace files that were edited since they were exported, too")
		cmd.Flags().BoolVar(&o.noFlows, "no-flows", false, "leave the flows out, for an instance that has them already")
		cmd.Flags().BoolVar(&o.noLint, "no-lint", false, "export what lint finds errors in, too")
		list = append(list, cmd)
	}
	return list
}

func (o infrastructureOptions) run(t *terminal, tool deploy.Tool) error {
	stack, err := readStackWith(t, o.dir, func(p *project.Project) {
		if o.noFlows {
			p.Flows = nil
		}
	})
	if err != nil {
		return err
	}
	if !o.noLint {
		if err := lintShipped(t, o.dir, o.noFlows); err != nil {
			return err
		}
	}
	if err := report(t.err, stack.CheckStages()); err != nil {
		return err
	}
	files, err := deploy.Export(stack, tool)
	if err != nil {
		return err
	}
	w := manifest.Writer{Dir: o.out, By: manifest.ExportVerb + tool.Name, Replace: manifest.Unedited, Remove: true,
		Anyway: "With --force the edits are lost.", Disk: t.disk}
	if o.force {
		w.Replace = manifest.Edited
	}
	var list []manifest.File
	for _, f := range files {
		list = append(list, manifest.File{Name: f.Name, Content: f.Content, Append: f.Name == deploy.IgnoreFile})
	}
	removed, err := w.Write(list)
	if err != nil {
		return reportError(t, o.out, err)
	}
	for _, f := range files {
		fmt.Fprintln(t.out, filepath.ToSlash(filepath.Join(o.out, f.Name)))
	}
	for _, name := range removed {
		fmt.Fprintf(t.out, "%s is removed: it is no longer part of the export.\n",
			filepath.ToSlash(filepath.Join(o.out, name)))
	}
	fmt.Fprintf(t.out, "\nThe commands are in %s.\n", filepath.ToSlash(filepath.Join(o.out, "README.md")))
	return nil
}

// lintShipped reports the errors that lint finds in what an export of a project ships: its managed flows, unless they
// are left out, and the state machines of its jobs.
func lintShipped(t *terminal, dir string, noFlows bool) error {
	p, _ := project.Read(dir)
	files := workspace.Files{Projects: []*project.Project{p}}
	add := func(file string) {
		if text, err := os.ReadFile(file); err != nil {
			files.Unread = append(files.Unread, source.Unreadable(file, err))
		} else {
			files.List = append(files.List, &workspace.File{Path: file, Text: text, Named: true, Project: p})
		}
	}
	for _, f := range p.Flows {
		if f.Managed && !noFlows {
			add(f.File)
		}
	}
	for _, j := range p.Jobs {
		if j.Definition != "" {
			add(j.Definition)
		}
	}
	in := newLintInput(nil, files, "")
	var found source.Findings
	for _, f := range in.run() {
		if f.Severity == source.Error {
			found = append(found, f.Finding)
		}
	}
	if err := report(t.err, found); err != nil {
		return failure{code: exitFailed, text: "Nothing exported. With --no-lint it is exported all the same."}
	}
	return nil
}

// readStack reads the project file of a folder and works out what it needs in AWS.
func readStack(t *terminal, dir string) (*deploy.Stack, error) {
	return readStackWith(t, dir, func(*project.Project) {})
}

// readStackWith is readStack with a change of the project.
func readStackWith(t *terminal, dir string, change func(*project.Project)) (*deploy.Stack, error) {
	p, found := project.Read(dir)
	if p != nil {
		found = append(found, staleFlows(p)...)
	}
	if err := report(t.err, found); err != nil {
		return nil, err
	}
	change(p)
	stack, found := deploy.Describe(p, lint.Publishing)
	if err := report(t.err, found); err != nil {
		return nil, err
	}
	return stack, nil
}
