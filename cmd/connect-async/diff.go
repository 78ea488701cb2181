package main

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/draw"
	"github.com/connect-async/connect-async/internal/flowdiff"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// diffOptions are the flags of `diff`.
type diffOptions struct {
	git      string
	svg      string
	json     bool
	instance instanceOptions
	flow     string // of the folder, for a comparison with an instance
}

func newDiff(t *terminal) *cobra.Command {
	var o diffOptions
	cmd := &cobra.Command{
		Use:   "diff [OLD] NEW | diff --stage STAGE [DIR]",
		Short: "Say how a flow differs from an older one, by action and branch",
		Long: `Say how a contact flow differs from an older one, by action and branch, such as
"Check: NoMatchingError now leads to Sorry (before: Hang up)".

OLD and NEW are files that hold a flow, templates included. With one file, it is compared with what git has of it: in
the last commit, or in the one that --git names.

The order in which a flow is written is no difference. Actions that have another identifier are recognised by their
parameters and by what leads to them. That the designer shows blocks elsewhere is said, but does not count.

With --svg the newer flow is drawn, with what is new and what changed marked and what is gone listed.

With --stage or --instance the flows of DIR, by default the current folder, are compared with what is published in an
Amazon Connect instance: those of the project and those that were pulled, or one of them with --flow. IDs that have a
name there are compared by it. Nothing in the instance is changed; see docs/instance.md.`,
		Example: "  connect-async diff flow.json\n" +
			"  connect-async diff --git v1.2 flow.json\n" +
			"  connect-async diff exported.json flow.json --json\n" +
			"  connect-async diff flow.json --svg changes.svg\n" +
			"  connect-async diff --stage prod",
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), t, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.git, "git", lastCommit, "the commit, branch or tag that has the older flow")
	flags.StringVar(&o.svg, "svg", "", "file to write an image of the newer flow to, with what changed marked")
	flags.BoolVar(&o.json, "json", false, "print JSON: changes, renamed and moved actions")
	o.instance.addFlags(flags)
	flags.StringVar(&o.flow, "flow", "", "with --stage or --instance: name of the only flow to compare, or its file")
	return cmd
}

func (o diffOptions) run(ctx context.Context, t *terminal, args []string) error {
	if o.instance.ofInstance() {
		return o.compareWithInstance(ctx, t, args)
	}
	if o.flow != "" {
		return usage("--flow goes with --stage or --instance.\nTo compare two files, name both.")
	}
	if err := keepFiles("--svg", o.svg, ".svg", args...); err != nil {
		return err
	}
	before, after, err := o.flows(ctx, args)
	if f, ok := errors.AsType[source.Finding](err); ok {
		return reportError(t, f.File, err)
	}
	if err != nil {
		return err
	}
	d := flowdiff.Compare(before.Flow, after.Flow)
	if o.json {
		err = json.NewEncoder(t.data).Encode(d)
	} else {
		err = d.Write(t.out)
	}
	if err == nil && o.svg != "" {
		err = writeImage(t, o.svg, draw.SVG(after.Flow, draw.Changes(d)))
	}
	if err == nil && !d.Same() {
		return failure{code: exitFailed}
	}
	return err
}

// flows reads the older and the newer flow.
func (o diffOptions) flows(ctx context.Context, args []string) (before, after *workspace.Flow, err error) {
	switch {
	case len(args) == 0 || len(args) > 2:
		return nil, nil, usage("diff needs a file to compare with git, or two files: the older and the newer one.")
	case len(args) == 2 && o.git != lastCommit:
		return nil, nil, usage("--git compares one file with an older version of it: name that file only.")
	}
	if after, err = workspace.ReadFlow(nil, args[len(args)-1]); err != nil {
		return nil, nil, err
	}
	if len(args) == 1 {
		before, err = flowInGit(ctx, o.git, args[0])
	} else {
		before, err = workspace.ReadFlow(nil, args[0])
	}
	return before, after, err
}
