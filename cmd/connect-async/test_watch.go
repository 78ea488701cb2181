package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
)

// runAgain runs the scenarios whenever a file changes that decides how they are played, until it is interrupted.
func (o testOptions) runAgain(ctx context.Context, t *terminal) error {
	const interval = 500 * time.Millisecond
	roots := o.watched()
	var seen map[string]stamp
	for {
		if now := o.stamps(roots); seen == nil || !maps.Equal(now, seen) {
			roots = o.watched()
			seen = o.stamps(roots)
			var failed failure
			if err := o.run(ctx, t); errors.As(err, &failed) && failed.text != "" {
				fmt.Fprintln(t.err, failed.text) // the next change may mend it
			}
			fmt.Fprintln(t.err, "Waiting for a change …")
		}
		if err := (clock.Real{}).Sleep(ctx, interval); err != nil {
			return nil
		}
	}
}

// watched are the paths that were given, for new scenarios, and what the scenarios in them are played from.
func (o testOptions) watched() []string {
	roots := slices.Clone(o.paths)
	files, _ := call.FindScenarios(o.paths) // the run reports what cannot be read
	for _, file := range files {
		roots = append(roots, call.Watched(file)...)
	}
	return roots
}

// stamp tells two states of a file apart.
type stamp struct {
	size    int64
	changed int64
}

// stamps are those of all files below the roots, by path. What the run itself writes is none of them, nor is what
// lies in hidden folders and node_modules.
func (o testOptions) stamps(roots []string) map[string]stamp {
	found := map[string]stamp{}
	done := map[string]bool{}
	for _, root := range roots {
		root, err := filepath.Abs(root)
		if err != nil || done[root] {
			continue
		}
		done[root] = true
		_ = filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
			if err != nil {
				return nil // it may come back
			}
			if entry.IsDir() {
				if file != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules") {
					return fs.SkipDir
				}
				return nil
			}
			isImage := o.svg != "" && filepath.Ext(file) == ".svg"
			if info, err := os.Stat(file); err == nil && !info.IsDir() && !isImage {
				found[file] = stamp{size: info.Size(), changed: info.ModTime().UnixNano()}
			}
			return nil
		})
	}
	for _, written := range []string{o.junit, o.log} {
		if path, err := filepath.Abs(written); err == nil && written != "" {
			delete(found, path)
		}
	}
	return found
}
