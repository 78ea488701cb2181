package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/connect-async/connect-async/internal/source"
)

// codeUnwritable is the code of the finding that a file or folder cannot be written.
const codeUnwritable = "unwritable"

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
		return unwritable(name, err)
	}
	defer os.Remove(f.Name())
	if err := write(f); err != nil {
		f.Close()
		return unwritable(name, err)
	}
	if err := errors.Join(f.Chmod(mode), f.Close()); err != nil {
		return unwritable(name, err)
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return unwritable(name, err)
	}
	return nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// unwritable is the finding that a file or folder cannot be written, or the one of what should have been written.
func unwritable(name string, err error) source.Finding {
	if found, ok := errors.AsType[source.Finding](err); ok {
		return found
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err // the finding names the file itself
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		err = link.Err
	}
	return source.Finding{Code: codeUnwritable, Severity: source.Error, File: name,
		Message: fmt.Sprintf("cannot be written: %v", err), Remedy: "Choose a path that can be written."}
}
