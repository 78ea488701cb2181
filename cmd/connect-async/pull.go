package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/instance"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/source"
)

// pullOptions are the flags of `pull`.
type pullOptions struct {
	instanceOptions
	flow  string
	force bool
}

func newPull(t *terminal) *cobra.Command {
	var o pullOptions
	cmd := &cobra.Command{
		Use:   "pull [DIR]",
		Short: "Write the flows of an Amazon Connect instance into files",
		Long: `Write the published flows and modules of an Amazon Connect instance into the folder ` + flowsFolder +
			` of DIR, by default the
current folder: formatted, with their names and types in Metadata, and the settings of each module in a file of its own,
such as ` + flowsFolder + `/billing` + instance.SettingsSuffix + `.

IDs and ARNs of the instance become placeholders, such as ${queue:billing}, by the names that the stage in the project
file gives them, or else by their own names in the instance. So the same file fits the instances of all stages. Those
that have no name stay, and are listed.

Nothing in the instance is changed. A request is made every second at most, since the account's are shared, and how
long it takes is said before. A file that was edited since it was pulled or pushed is not replaced, unless --force is
given. Flows that the project exports as managed are left out. The file ` + instance.RecordFile + ` in the
folder remembers what was published, for push: keep it with the flows.`,
		Example: "  connect-async pull --instance " + exampleInstance + "\n" +
			"  connect-async pull --stage prod --flow Billing",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			return o.run(cmd.Context(), t)
		},
	}
	flags := cmd.Flags()
	o.addFlags(flags)
	flags.StringVar(&o.flow, "flow", "", "name of the only flow or module to read")
	flags.BoolVar(&o.force, "force", false, "replace files that were edited since; the edits are lost")
	return cmd
}

func (o pullOptions) run(ctx context.Context, t *terminal) error {
	c, err := o.open(t)
	if err != nil {
		return err
	}
	if err := c.connect(ctx, t); err != nil {
		return err
	}
	flows, err := c.Find(ctx, o.flow)
	if err != nil {
		return instanceError(ctx, t, err)
	}
	if flows, err = o.choose(ctx, t, c, flows); err != nil {
		return err
	}
	c.sayTime(t, len(flows))
	files, unread, err := o.read(ctx, t, c, flows)
	if err != nil {
		return instanceError(ctx, t, err)
	}
	w := manifest.Writer{Dir: c.flows, By: "pull", Replace: manifest.Unedited, Disk: t.disk,
		Anyway: "Pass --force to lose the edits."}
	if o.force {
		w.Replace = manifest.Edited
	}
	preview, err := w.Preview(files)
	if err == nil {
		showStates(t, c.flows, files, preview.States)
		_, err = w.Write(files)
	}
	if err != nil {
		return reportError(t, c.flows, err)
	}
	if unread > 0 {
		return failure{code: exitFailed}
	}
	return nil
}

// choose leaves out the flows that the project exports, and refuses a name that no flow has.
func (o pullOptions) choose(ctx context.Context, t *terminal, c *connected,
	flows []instance.Listed) ([]instance.Listed, error) {
	var left []string
	flows = slices.DeleteFunc(flows, func(l instance.Listed) bool {
		for file, name := range c.managed {
			if name == l.Name {
				left = append(left, fmt.Sprintf("%s is exported from %s, and left out.\n", l.Name,
					filepath.ToSlash(file)))
				return true
			}
		}
		return false
	})
	fmt.Fprint(t.err, strings.Join(left, ""))
	if len(flows) > 0 || len(left) > 0 || o.flow == "" {
		return flows, nil
	}
	all, err := c.Find(ctx, "")
	if err != nil {
		return nil, instanceError(ctx, t, err)
	}
	var names []string
	for _, l := range all {
		names = append(names, l.Name)
	}
	if near := source.Nearest(o.flow, names); near != "" {
		return nil, usage("the instance has no flow or module called %q; did you mean %q?", o.flow, near)
	}
	return nil, usage("the instance has no flow or module called %q.\nIts names are in the console, under Flows.",
		o.flow)
}

// read reads flows and modules, and returns their files with the record after them. What cannot be read is reported and
// left out.
func (o pullOptions) read(ctx context.Context, t *terminal, c *connected,
	flows []instance.Listed) (files []manifest.File, unread int, err error) {
	names := c.record.FileNames(c.ARN, flows)
	for i, l := range flows {
		v, err := c.Read(ctx, l)
		if err == nil {
			v, err = c.WithNames(ctx, v)
		}
		if found, ok := errors.AsType[source.Finding](err); ok && found.File == l.Name {
			_ = report(t.err, source.Findings{found})
			unread++
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		files = append(files, manifest.File{Name: names[i], Content: v.Text})
		if v.Settings != nil {
			files = append(files, manifest.File{Name: instance.SettingsFile(names[i]), Content: v.Settings})
		}
		c.record.Set(c.ARN, names[i], instance.Entry{Name: l.Name, Type: l.Type, ID: l.ID, Published: v.Hash})
		o.sayUnnamed(t, c, names[i], v.Unnamed)
	}
	return append(files, c.record.File()), unread, nil
}

// sayUnnamed lists what stays in a file although only this instance has it.
func (o pullOptions) sayUnnamed(t *terminal, c *connected, file string, unnamed []string) {
	if len(unnamed) == 0 {
		return
	}
	fmt.Fprintf(t.err, "%s: %s of this instance only, without a name:\n", pathOf(c.flows, file),
		call.Count(len(unnamed), "ID"))
	for _, id := range unnamed {
		fmt.Fprintln(t.err, "    "+id)
	}
}
