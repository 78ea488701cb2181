package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// writeFile writes a file under a temporary name and renames it, so that nobody ever sees half of it. A file that is
// replaced keeps its permissions, and a link to it stays a link. What goes wrong is a source.Finding.
func writeFile(name string, write func(io.Writer) error) error {
	mode := fs.FileMode(0o644)
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".connect-async-*")
	if err != nil {
		return manifest.Unwritable(name, err)
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return manifest.Unwritable(name, err)
	}
	if err := errors.Join(f.Chmod(mode), f.Close()); err != nil {
		return manifest.Unwritable(name, err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return manifest.Unwritable(name, err)
	}
	return nil
}

// writeContent is writeFile for content that is there already.
func writeContent(name string, content []byte) error {
	return writeFile(name, func(w io.Writer) error { _, err := w.Write(content); return err })
}

// output is a file that a flag asks for, "" for none.
type output struct {
	file  string
	write func(io.Writer) error
}

// writeOutputs writes the files that are wanted, and says so.
func writeOutputs(t *terminal, list ...output) error {
	for _, out := range list {
		if out.file == "" {
			continue
		}
		if err := writeFile(out.file, out.write); err != nil {
			return reportError(t, out.file, err)
		}
		fmt.Fprintf(t.err, "Wrote %s.\n", out.file)
	}
	return nil
}

// createFile writes a file that must not be there yet.
func createFile(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(name)
	}
	return err
}

// keepFiles refuses to write what a flag asks for into a file that is read, or into one of another kind.
func keepFiles(flag, out, extension string, read ...string) error {
	if err := keepRead(flag, out, read...); err != nil {
		return err
	}
	return keepOthers(flag, out, extension)
}

// keepRead refuses to write what a flag asks for into a file that is read.
func keepRead(flag, out string, read ...string) error {
	for _, file := range read {
		if workspace.SameFile(file, out) {
			return usage("%s would replace %s, which is read; name another file.", flag, filepath.ToSlash(file))
		}
	}
	return nil
}

// keepOthers refuses to write what a flag asks for into a file of another kind, which is there by mistake: the name of
// a file that is replaced ends in one of the extensions.
func keepOthers(flag, out string, extensions ...string) error {
	info, err := os.Stat(out)
	if err != nil || !info.Mode().IsRegular() || slices.Contains(extensions, strings.ToLower(filepath.Ext(out))) {
		return nil
	}
	last := len(extensions) - 1
	endings := extensions[last]
	if last > 0 {
		endings = strings.Join(extensions[:last], ", ") + " or " + endings
	}
	return usage("%s would replace %s, whose name does not end in %s; name another file.", flag,
		filepath.ToSlash(out), endings)
}

// readSaved reads a file that somebody saved, in UTF-8 with or without a mark. The error is a source.Finding.
func readSaved(file string) ([]byte, error) {
	text, err := source.ReadText(file)
	if err != nil {
		return nil, err
	}
	return source.Unmarked(file, text)
}

// checkOutput refuses a file that cannot be written, before anything is played for it; "" says nothing.
func checkOutput(t *terminal, flag, out string, extensions ...string) error {
	if out == "" {
		return nil
	}
	if err := keepOthers(flag, out, extensions...); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Dir(out)); err != nil {
		return reportError(t, out, manifest.Unwritable(out, err))
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
