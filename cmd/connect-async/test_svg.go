package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/draw"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/manifest"
)

// drawCoverage writes an image of each flow that the scenarios play, with the branches marked that none of them takes.
func drawCoverage(folder string, results []call.Result) error {
	flows := map[string]*flow.Flow{}
	for _, r := range results {
		for file, f := range r.Flows {
			flows[file] = f
		}
	}
	for _, c := range call.CoverageOf(results) {
		image := filepath.Join(folder, imageName(c.File))
		if err := os.MkdirAll(filepath.Dir(image), 0o755); err != nil {
			return manifest.Unwritable(image, err)
		}
		err := writeFile(image, func(w io.Writer) error {
			_, err := w.Write(draw.SVG(flows[c.File].Flow, neverTaken(c)))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// neverTaken marks the branches of a flow that were not taken.
func neverTaken(c call.Coverage) draw.Marks {
	marks := draw.Marks{Branches: map[draw.Branch]draw.Mark{}}
	for _, b := range c.Never {
		marks.Branches[draw.Branch{Action: b.Action, Name: b.Branch}] = draw.Never
	}
	return marks
}

// imageName is the path of the image of a flow in the folder for images: that of the flow, from the current folder or,
// outside of it, from the root.
func imageName(file string) string {
	if !filepath.IsLocal(file) {
		if absolute, err := filepath.Abs(file); err == nil {
			file = absolute[len(filepath.VolumeName(absolute)):]
		}
	}
	return strings.TrimLeft(file, `/\`) + ".svg"
}
