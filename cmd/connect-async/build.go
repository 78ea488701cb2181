package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/bundle"
)

// buildOptions are the flags of `build`.
type buildOptions struct {
	arch, out, source string
}

func newBuild(t *terminal) *cobra.Command {
	var o buildOptions
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Build the async function's deployment package",
		Long: `Write the async function's deployment package for AWS Lambda (runtime provided.al2023): a ZIP archive
with the executable bootstrap. A release has the packages beside this command and needs no Go. In a checkout, and with
--source, the async function is built; the same source and Go version give the same bytes.`,
		Example: "  connect-async build --arch arm64 --out async-function.zip",
		Args:    atMost(0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), t) },
	}
	cmd.Flags().StringVar(&o.arch, "arch", "arm64", "architecture: arm64 or amd64")
	cmd.Flags().StringVar(&o.out, "out", "async-function.zip", "file to write")
	cmd.Flags().StringVar(&o.source, "source", "", "build from this checkout of connect-async")
	return cmd
}

func (o buildOptions) run(ctx context.Context, t *terminal) error {
	archive, err := o.archive(ctx, t)
	if err != nil {
		return reportError(t, o.source, err)
	}
	err = writeFile(o.out, func(w io.Writer) error {
		_, err := w.Write(archive)
		return err
	})
	if err != nil {
		return reportError(t, o.out, err)
	}
	fmt.Fprintf(t.out, "%s  %.1f MB  %s, provided.al2023\n", o.out, float64(len(archive))/1e6, o.arch)
	return nil
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
