package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"github.com/connect-async/connect-async/internal/instance"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// readInstance reads the published flows and modules of an instance as the files that pull would write, except that IDs
// stay.
func (o lintOptions) readInstance(ctx context.Context, t *terminal, args []string) (*lintInput, error) {
	if len(args) > 0 || o.fix || o.load {
		return nil, usage("what is published in an instance is read without files, --fix and --load.\n" +
			"Pull the flows to work on them: connect-async pull.")
	}
	c, err := o.instance.open(t)
	if err != nil {
		return nil, err
	}
	if err := c.connect(ctx, t); err != nil {
		return nil, err
	}
	flows, err := c.Find(ctx, "")
	if err != nil {
		return nil, instanceError(ctx, t, err)
	}
	flows = slices.DeleteFunc(flows, func(l instance.Listed) bool { return !l.Published })
	c.sayTime(t, len(flows))
	names := c.record.FileNames(c.ARN, flows)
	var files workspace.Files
	for i, l := range flows {
		v, err := c.Read(ctx, l)
		file := filepath.Join(c.flows, names[i])
		found, ok := errors.AsType[source.Finding](err)
		switch {
		case ok && found.File == l.Name:
			found.File = file
			files.Unread = append(files.Unread, found)
		case err != nil:
			return nil, instanceError(ctx, t, err)
		default:
			files.List = append(files.List, &workspace.File{Path: file, Text: v.Text})
		}
	}
	return newLintInput(nil, files, ""), nil
}
