package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/instance"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// pushOptions are the flags of `push`.
type pushOptions struct {
	instanceOptions
	flow                       string
	save, yes, force, rollback bool
}

func newPush(t *terminal) *cobra.Command {
	var o pushOptions
	cmd := &cobra.Command{
		Use:   "push [DIR]",
		Short: "Publish one flow in an Amazon Connect instance",
		Long: `Publish one flow or module of DIR, by default the current folder, in an Amazon Connect instance, or only
save it there. Placeholders such as ${queue:billing} become the ARNs that the stage in the project file names, or those
of the things that have these names in the instance. A flow that the instance does not have is created.

How the flow differs from what is published is shown, by action, and a question asked; --yes answers it. What is
replaced is first written to a file below ` + flowsFolder + `, and --rollback publishes that again.

Nothing is pushed when what is published is not what was pulled or pushed last (--force pushes nevertheless), when the
project exports the flow as managed, or when lint has errors.`,
		Example: "  connect-async push --stage dev --flow Billing\n" +
			"  connect-async push --stage prod --flow Billing --yes\n" +
			"  connect-async push --stage prod --flow Billing --rollback",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			return o.run(cmd.Context(), t)
		},
	}
	flags := cmd.Flags()
	o.addFlags(flags)
	flags.StringVar(&o.flow, "flow", "", "name of the flow or module, or its file")
	flags.BoolVar(&o.save, "save", false, "only save the flow; what is published stays")
	flags.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	flags.BoolVar(&o.force, "force", false,
		"push although what is published is not what was pulled; it is kept in a file")
	flags.BoolVar(&o.rollback, "rollback", false, "publish what the latest push replaced")
	return cmd
}

// pushing is a push under way.
type pushing struct {
	pushOptions
	*connected
	*terminal
	name string          // of the flow's file in the record
	here []manifest.File // the flow and its settings as they are in the folder of the flows
}

func (o pushOptions) run(ctx context.Context, t *terminal) error {
	switch {
	case o.flow == "":
		return usage("name the flow to push with --flow NAME.")
	case o.rollback && o.save:
		return usage("--rollback publishes what was published before: leave out --save.")
	}
	c, err := o.open(t)
	if err != nil {
		return err
	}
	local, err := c.localFlow(t, o.flow)
	if err != nil {
		return err
	}
	p := &pushing{pushOptions: o, connected: c, terminal: t, name: nameIn(c.flows, local.File)}
	if !o.rollback {
		p.here = p.filesOf(p.name)
		if err := p.check(local); err != nil {
			return err
		}
	}
	if err := p.push(ctx, local); err != nil {
		return instanceError(ctx, t, err)
	}
	return nil
}

// check refuses flows that are exported, and those in which lint finds errors.
func (p *pushing) check(local instance.Local) error {
	if workspace.Managed(p.project, local.File) {
		return usage("%s is managed: export ships it, and the next deployment would replace what is pushed.\n"+
			"Deploy it, or remove managed: true in %s.", filepath.ToSlash(local.File), p.project.File)
	}
	in := readLintInput([]string{local.File}, local.Type)
	var errors source.Findings
	for _, f := range append(in.unread, in.run()...) {
		if f.Severity == source.Error {
			errors = append(errors, f.Finding)
		}
	}
	if len(errors) == 0 {
		return nil
	}
	_ = report(p.err, errors)
	fmt.Fprintln(p.err, "Nothing pushed: lint has errors.")
	return failure{code: exitFailed}
}

// push compares, asks, keeps what is replaced, and pushes.
func (p *pushing) push(ctx context.Context, local instance.Local) error {
	if err := p.connect(ctx, p.terminal); err != nil {
		return err
	}
	c, err := p.Compare(ctx, local)
	if err != nil {
		return err
	}
	next, from, err := p.next(ctx, &c)
	if err != nil {
		return err
	}
	if !c.IsNew && c.Same() {
		fmt.Fprintf(p.out, "Nothing to push: %s is the same in %s.\n", local.Name, p.connected.name())
		return p.remember(c.Version.Document)
	}
	if changed := c.Changed(p.record.Of(p.ARN, p.name).Published); changed != nil && !p.force {
		_ = report(p.err, source.Findings{*changed})
		return failure{code: exitFailed, text: "Nothing pushed."}
	}
	p.show(c, next, from)
	kept, err := p.replaced(ctx, c)
	if err != nil {
		return err
	}
	if err := p.confirm(ctx, local); err != nil {
		return err
	}
	if err := p.write(kept); err != nil {
		return err
	}
	return p.send(ctx, c, next, kept)
}

// next is what is pushed: the local flow or, for a rollback, what was kept, with the file that has it. The comparison
// is with that then.
func (p *pushing) next(ctx context.Context, c *instance.Comparison) (d instance.Document, from string, err error) {
	if p.rollback && c.IsNew {
		return d, "", usage("%s has no flow called %q, so that there is nothing to restore.", p.connected.name(),
			c.Local.Name)
	}
	if p.rollback {
		if d, from, err = instance.HistoryOf(p.flows, p.Instance, p.name).Last(c.Version.Hash); err == nil {
			err = c.With(d)
		}
		return d, from, err
	}
	d, missing, err := p.Prepare(ctx, *c)
	if err == nil && len(missing) > 0 {
		err = report(p.err, missing)
	}
	return d, "", err
}

// show shows what a push would change.
func (p *pushing) show(c instance.Comparison, next instance.Document, from string) {
	in := p.connected.name()
	switch {
	case c.IsNew:
		fmt.Fprintf(p.out, "%s is new in %s: %s.\n", next.Name, in, call.Count(len(c.Local.Actions), "block"))
		return
	case from != "":
		fmt.Fprintf(p.out, "%s in %s, from %s:\n", next.Name, in, pathOf(p.flows, from))
	default:
		fmt.Fprintf(p.out, "%s in %s:\n", next.Name, in)
	}
	_ = c.Write(p.out) // to a terminal
}

// replaced are the files in which what a push replaces is kept, what was published first.
func (p *pushing) replaced(ctx context.Context, c instance.Comparison) ([]manifest.File, error) {
	if c.IsNew {
		return nil, nil
	}
	history := instance.HistoryOf(p.flows, p.Instance, p.name)
	var files []manifest.File
	keep := func(d instance.Document, isDraft bool) error {
		file, isNew, err := history.Keep(d, isDraft)
		if err == nil && isNew {
			files = append(files, file)
		}
		return err
	}
	if !p.save && c.Listed.Published {
		if err := keep(c.Version.Document, false); err != nil {
			return nil, err
		}
	}
	draft, ok, err := p.Draft(ctx, c)
	if err != nil || !ok {
		return files, err
	}
	fmt.Fprintf(p.out, "What was saved of it and never published is replaced, too, and kept.\n")
	return files, keep(draft, true)
}

// confirm asks whether to push.
func (p *pushing) confirm(ctx context.Context, local instance.Local) error {
	if p.yes {
		return nil
	}
	question := "Publish " + local.Name + " in " + p.connected.name() + "?"
	if p.save {
		question = "Save " + local.Name + " in " + p.connected.name() + "?"
	}
	isYes := false
	err := newInterview(ctx, p.terminal).ask(question, "no", func(answer string) error {
		isYes = strings.HasPrefix(strings.ToLower(answer), "y")
		return nil
	})
	if err == nil && !isYes {
		err = failure{code: exitFailed, text: "\nNothing pushed. Answer yes, or pass --yes."}
	}
	return err
}

// write writes files into the folder of the flows.
func (p *pushing) write(files []manifest.File) error {
	w := manifest.Writer{Dir: p.flows, By: "push", Replace: manifest.Unedited, Disk: p.disk}
	_, err := w.Write(files)
	return err
}

// send pushes, and remembers what is published then.
func (p *pushing) send(ctx context.Context, c instance.Comparison, next instance.Document,
	kept []manifest.File) error {
	now, refused, err := p.Push(ctx, c.Local, next, p.save)
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		_ = report(p.err, refused)
		return failure{code: exitFailed, text: "Nothing pushed."}
	}
	done := "Published"
	if p.save {
		done = "Saved"
	}
	fmt.Fprintf(p.out, "%s %s in %s.\n", done, next.Name, p.connected.name())
	for _, file := range kept {
		fmt.Fprintf(p.out, "What it replaced is in %s.\n", pathOf(p.flows, file.Name))
	}
	if p.save {
		return nil
	}
	now.Settings = cmp.Or(now.Settings, c.Version.Document.Settings)
	return p.remember(now)
}

// filesOf are the files of a flow and of its settings in the folder of the flows, none of a flow that is elsewhere.
func (p *pushing) filesOf(name string) []manifest.File {
	var files []manifest.File
	for _, name := range []string{name, instance.SettingsFile(name)} {
		if !filepath.IsLocal(name) {
			continue
		}
		if text, err := os.ReadFile(filepath.Join(p.flows, filepath.FromSlash(name))); err == nil {
			files = append(files, manifest.File{Name: name, Content: text})
		}
	}
	return files
}

// remember notes what is published now. The files that were pushed are as good as pulled then: the next pull may
// replace them, unless they were edited meanwhile.
func (p *pushing) remember(d instance.Document) error {
	hash, err := instance.HashOf(d)
	if err != nil {
		return err
	}
	p.record.Set(p.ARN, p.name, instance.Entry{Name: d.Name, Type: d.Type, ID: d.ID, Published: hash})
	files := []manifest.File{p.record.File()}
	now := p.filesOf(p.name)
	if slices.EqualFunc(p.here, now, func(a, b manifest.File) bool {
		return a.Name == b.Name && bytes.Equal(a.Content, b.Content)
	}) {
		files = append(now, files...)
	}
	return p.write(files)
}
