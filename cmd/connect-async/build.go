package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/bundle"
	"github.com/connect-async/connect-async/internal/project"
)

// buildOptions are the flags of `build`.
type buildOptions struct {
	arch, out, source, project string
}

func newBuild(t *terminal) *cobra.Command {
	var o buildOptions
	cmd := &cobra.Command{
		Use:   "build [DIR]",
		Short: "Build the async function's deployment package",
		Long: `Write the async function's deployment package for AWS Lambda (runtime provided.al2023): a ZIP archive
with the executable bootstrap. A release has the packages beside this command and does not need Go. In a checkout, and
with --source, the async function is built; the same source and Go version give the same bytes.

With DIR or --project the package carries the texts of that project, for those that do not fit into a function's
environment; an export says when.`,
		Example: `  connect-async build --arch arm64 --out async-function.zip
  connect-async build examples/balance --out async-function.zip`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.project = args[0]
			}
			return o.run(cmd.Context(), t)
		},
	}
	cmd.Flags().StringVar(&o.arch, "arch", "arm64", "architecture: arm64 or amd64")
	cmd.Flags().StringVar(&o.out, "out", "async-function.zip", "file to write")
	cmd.Flags().StringVar(&o.source, "source", "", "build from this checkout of connect-async")
	cmd.Flags().StringVar(&o.project, "project", "", "folder of a project whose texts the package carries")
	return cmd
}

// run finds out whether the architecture exists, the project can be read and the file be written before it builds
// anything.
func (o buildOptions) run(ctx context.Context, t *terminal) error {
	if _, err := bundle.Architecture(o.arch); err != nil {
		return reportError(t, o.out, err)
	}
	if err := keepOthers("--out", o.out, ".zip"); err != nil {
		return err
	}
	texts, err := o.texts(t)
	if err != nil {
		return err
	}
	size := 0
	err = writeFile(o.out, func(w io.Writer) error {
		archive, err := o.archive(ctx, t)
		if err == nil && texts != nil {
			archive, err = bundle.AddFile(archive, async.PackagedTexts, texts)
		}
		if err != nil {
			return err
		}
		size, err = w.Write(archive)
		return err
	})
	if err != nil {
		return reportError(t, o.out, err)
	}
	fmt.Fprintf(t.out, "%s  %.1f MB  %s, provided.al2023\n", o.out, float64(size)/1e6, o.arch)
	return nil
}

// texts are those of the project, where one is named.
func (o buildOptions) texts(t *terminal) ([]byte, error) {
	if o.project == "" {
		return nil, nil
	}
	p, found := project.Read(o.project)
	if err := report(t.err, found); err != nil {
		return nil, err
	}
	return []byte(async.MarshalTexts(p.Texts)), nil
}

// archive takes the package of the release, or builds one.
func (o buildOptions) archive(ctx context.Context, t *terminal) ([]byte, error) {
	if o.source == "" {
		if archive, err := released(o.arch); err == nil {
			return archive, nil
		}
	}
	root, err := bundle.FindSource(cmp.Or(o.source, "."))
	if err != nil {
		return nil, err
	}
	if t.live {
		fmt.Fprintln(t.err, "Building the async function …")
	}
	return bundle.Build(ctx, root, o.arch)
}

// released reads the package that a release carries beside the command.
func released(arch string) ([]byte, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if program, err = filepath.EvalSymlinks(program); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(filepath.Dir(program), bundle.ReleasedFile(arch)))
}
