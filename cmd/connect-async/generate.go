package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/source"
)

// generateOptions are the flags of `generate`.
type generateOptions struct {
	dir          string
	check, force bool
}

func newGenerate(t *terminal) *cobra.Command {
	var o generateOptions
	cmd := &cobra.Command{
		Use:   "generate [DIR]",
		Short: "Write the flows again from what the project file says",
		Long: `Write each flow that has a section generate in ` + project.FileName + ` again: what it says,
asks and passes. DIR is a folder with a project file, by default the current one, or a project file of another name.

A flow that was edited by hand since it was written is kept, and nothing is written, unless --force is given. To go
on by hand, remove its section generate.

With --check nothing is written: the exit code is 1 when a flow differs from what would be written.`,
		Example: "  connect-async generate\n  connect-async generate bank --check",
		Args:    atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			o.dir = folderOf(args)
			return o.run(t)
		},
	}
	cmd.Flags().BoolVar(&o.check, "check", false, "write nothing; exit with 1 when a flow would change")
	cmd.Flags().BoolVar(&o.force, "force", false, "replace flows that were edited by hand, too")
	return cmd
}

// generated is a flow as it would be written, and how the file is now.
type generated struct {
	file    string
	at      source.Pos // of its section in the project file
	content []byte
	state   string
	exactly bool // the file has these bytes already
}

// The states of a flow's file.
const (
	isNew     = "new"
	unchanged = "unchanged"
	outdated  = "outdated" // as it was written, and the project file says something else now
	edited    = "edited"   // by hand since it was written
)

func (o generateOptions) run(t *terminal) error {
	p, found := project.ReadToGenerate(o.dir)
	if err := report(t.err, found); err != nil {
		return err
	}
	flows, found := generatedFlows(p)
	if err := report(t.err, found); err != nil {
		return err
	}
	if len(flows) == 0 {
		return usage("no flow of %s has a section generate.\nAdd one, such as generate: {style: poll}.", p.File)
	}
	if o.check {
		return checkGenerated(t, flows)
	}
	return o.write(t, p, flows)
}

// generatedFlows writes the flows of a project that are generated, in memory.
func generatedFlows(p *project.Project) ([]generated, source.Findings) {
	var flows []generated
	var found source.Findings
	wrote, unread := manifest.Read(filepath.Dir(p.File))
	for _, f := range p.Flows {
		if f.Generate == nil {
			continue
		}
		found = append(found, scaffold.NotReturned(p, f)...)
		g := generated{file: f.File, at: f.Generate.At}
		var err error
		if g.content, err = scaffold.Flow(p, f); err == nil {
			err = unread
		}
		if err == nil {
			g.state, g.exactly, err = stateOf(g, wrote, nameIn(filepath.Dir(p.File), f.File))
		}
		if err != nil {
			found = append(found, source.AsFinding(f.File, err))
		}
		flows = append(flows, g)
	}
	return flows, found
}

// codeStale is the code of the finding that a flow is not what the project file says.
const codeStale = "generate-stale"

// staleFlows warns of flows that are not what the project file says now. What is wrong with a section is reported where
// the flow is written.
func staleFlows(p *project.Project) (found source.Findings) {
	flows, _ := generatedFlows(p)
	for _, g := range flows {
		if g.state == "" || g.state == unchanged {
			continue
		}
		found = append(found, source.Finding{Code: codeStale, Severity: source.Warning, File: p.File, Pos: g.at,
			Message: filepath.ToSlash(g.file) + " is not what this section says",
			Remedy:  "Run `connect-async generate`, or remove the section to go on by hand."})
	}
	return found
}

// warnStale warns of the flows of the projects that scenarios belong to, of each once.
func warnStale(t *terminal, scenarios []string) {
	seen := map[string]bool{"": true}
	for _, file := range scenarios {
		of := project.Nearest(filepath.Dir(file))
		if seen[of] {
			continue
		}
		seen[of] = true
		if p, _ := project.Read(of); p != nil { // else each of its scenarios says why
			_ = report(t.err, staleFlows(p))
		}
	}
}

// stateOf compares a flow with its file, and with what was written into it under its name in the manifest.
func stateOf(g generated, wrote manifest.Manifest, name string) (state string, exactly bool, err error) {
	text, err := os.ReadFile(g.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return isNew, false, nil
	case err != nil:
		return "", false, source.Unreadable(g.file, err)
	case sameJSON(text, g.content):
		return unchanged, bytes.Equal(text, g.content), nil
	case wrote.Wrote(name, text):
		return outdated, false, nil
	}
	return edited, false, nil
}

// sameJSON reports whether two documents hold the same values, however they are indented and ordered.
func sameJSON(a, b []byte) bool {
	var left, right any
	return json.Unmarshal(a, &left) == nil && json.Unmarshal(b, &right) == nil && reflect.DeepEqual(left, right)
}

// checkGenerated says which flows are not what would be written.
func checkGenerated(t *terminal, flows []generated) error {
	code := exitGood
	for _, g := range flows {
		name := filepath.ToSlash(g.file)
		switch g.state {
		case isNew:
			fmt.Fprintf(t.out, "%s has not been written yet. Run `connect-async generate`.\n", name)
		case outdated:
			fmt.Fprintf(t.out, "%s is not what the project file says now. Run `connect-async generate`.\n", name)
		case edited:
			fmt.Fprintf(t.out,
				"%s was edited by hand. Change the project file instead, or remove its section generate.\n", name)
		}
		if g.state != unchanged {
			code = exitFailed
		}
	}
	if code == exitGood {
		return nil
	}
	return failure{code: code}
}

// write writes the flows that would change, or none when one of them was edited by hand.
func (o generateOptions) write(t *terminal, p *project.Project, flows []generated) error {
	for _, g := range flows {
		if g.state == edited && !o.force {
			return failure{code: exitUsage, text: "Nothing written: " + filepath.ToSlash(g.file) +
				" was edited by hand since it was generated, or " + manifest.FileName + " is missing.\n" +
				"Put the change into the project file, remove the flow's section generate, or pass --force to lose " +
				"the edits."}
		}
	}
	w := manifest.Writer{Dir: filepath.Dir(p.File), By: "generate", Replace: manifest.Unedited, Disk: t.disk}
	if o.force {
		w.Replace = manifest.Anything
	}
	var files []manifest.File
	for _, g := range flows {
		if g.state != unchanged || g.exactly {
			files = append(files, manifest.File{Name: nameIn(w.Dir, g.file), Content: g.content})
		}
	}
	if _, err := w.Write(files); err != nil {
		return reportError(t, p.File, err)
	}
	for _, g := range flows {
		done := unchanged
		if g.state != unchanged {
			done = "written"
		}
		fmt.Fprintf(t.out, "  %-9s %s\n", done, filepath.ToSlash(g.file))
	}
	return nil
}
