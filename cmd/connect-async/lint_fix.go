package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// mend fixes what was read, and says what changed. It returns what was read as it is afterwards.
func (o lintOptions) mend(ctx context.Context, t *terminal, in *lintInput) (*lintInput, error) {
	out := t.out
	if o.format != "text" { // which belongs to programs
		out = t.err
	}
	if i := slices.IndexFunc(in.unread, isProjectFault); i >= 0 {
		fmt.Fprintf(t.err, "Nothing fixed: %s has errors, so that it is not known what it accepts.\n",
			filepath.ToSlash(in.unread[i].File))
		return in, nil
	}
	findings, files := 0, 0
	for _, d := range in.documents {
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		fixed, err := in.fix(d, o.sorry)
		switch {
		case errors.Is(err, lint.ErrNotAlone):
			fmt.Fprintf(t.err, "%s: not fixed: %v. Save the flow as a file, and name that file in the template.\n",
				filepath.ToSlash(d.Path), err)
			continue
		case err != nil:
			return nil, err
		case bytes.Equal(fixed.Text, d.Text):
			continue
		case !o.dryRun:
			if err := replaceFile(d.Path, fixed.Text); err != nil {
				return nil, err
			}
		}
		for _, change := range fixed.Changes {
			fmt.Fprintf(out, "%s: %s\n", filepath.ToSlash(d.Path), change)
		}
		d.Text = fixed.Text
		findings, files = findings+fixed.Findings, files+1
	}
	fmt.Fprintln(t.err, o.summary(findings, files))
	return newLintInput(in.paths, in.files, in.kind), nil
}

// isProjectFault reports whether a finding is an error in a project file.
func isProjectFault(f lint.Finding) bool {
	return f.Severity == source.Error && filepath.Base(f.File) == project.FileName
}

func (o lintOptions) summary(findings, files int) string {
	what := call.Count(findings, "finding") + " in " + call.Count(files, "file")
	switch {
	case findings == 0:
		return "Nothing to fix."
	case o.dryRun:
		return "Would fix " + what + ". Nothing written."
	}
	return "Fixed " + what + "."
}

// fix fixes the flow of a file. A file without anything that can be fixed need not be one that can be changed.
func (in *lintInput) fix(d lintDocument, sorry string) (lint.Fixed, error) {
	var setups []lint.Setup
	var found []lint.Finding
	for _, f := range d.Flows {
		s := in.setup(d, f)
		setups = append(setups, s)
		found = append(found, lint.Run(s)...)
	}
	if lint.CanFix(found) == 0 {
		return lint.Fixed{Text: d.Text}, nil
	}
	return lint.Fix(d.Path, d.Text, setups, sorry)
}

// replaceFile replaces the text of a file. What is read from a pipe cannot be replaced.
func replaceFile(path string, text []byte) error {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return manifest.Unwritable(path, errors.Join(err, errors.New("it is not a regular file")))
	}
	return writeContent(path, text)
}
