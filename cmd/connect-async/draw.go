package main

import (
	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/draw"
	"github.com/connect-async/connect-async/internal/workspace"
)

// drawOptions are the flags of `draw`.
type drawOptions struct{ out string }

func newDraw(t *terminal) *cobra.Command {
	var o drawOptions
	cmd := &cobra.Command{
		Use:   "draw FILE",
		Short: "Draw a flow as an SVG image",
		Long: `Draw the contact flow in a file as an SVG image: its blocks where the console's designer shows them, with
what they say, and a line for each branch. Where the flow has no places for its blocks, they are laid out.

diff --svg draws a flow with what changed, and test --svg with the branches that no scenario takes.`,
		Example: "  connect-async draw flow.json --out flow.svg\n  connect-async draw flow.json > flow.svg",
		Args:    exactlyOne("the file of a flow"),
		RunE:    func(_ *cobra.Command, args []string) error { return o.run(t, args[0]) },
	}
	cmd.Flags().StringVarP(&o.out, "out", "o", "", "file to write the image to; by default it is printed")
	return cmd
}

func (o drawOptions) run(t *terminal, file string) error {
	if err := keepFiles("--out", o.out, ".svg", file); err != nil {
		return err
	}
	f, err := workspace.ReadFlow(nil, file)
	if err != nil {
		return reportError(t, file, err)
	}
	image := draw.SVG(f.Flow, draw.Marks{})
	if o.out == "" {
		_, err = t.data.Write(image)
		return err
	}
	return writeImage(t, o.out, image)
}

// writeImage writes an image to a file.
func writeImage(t *terminal, file string, image []byte) error {
	err := writeContent(file, image)
	if err != nil {
		return reportError(t, file, err)
	}
	return nil
}
