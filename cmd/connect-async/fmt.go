package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/flowfmt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
	"github.com/connect-async/connect-async/internal/workspace"
)

// codeTemplate is the code of the finding that a file holds more than a flow.
const codeTemplate = "fmt-template"

// standardInput is the argument that means it.
const standardInput = "-"

// fmtOptions are the flags of `fmt`.
type fmtOptions struct{ write, check bool }

func newFmt(t *terminal) *cobra.Command {
	var o fmtOptions
	cmd := &cobra.Command{
		Use:   "fmt FILES or FOLDERS...",
		Short: "Write contact flows in one canonical form, so that reviews are easy to read",
		Long: `Write contact flows in one canonical form, so that a review shows what changed and nothing else: actions
in the order in which a contact gets to them, one order of keys, errors sorted, a line for each parameter and branch.
What a flow does stays the same, and so does everything that Amazon Connect keeps.

The result goes to standard output, or with --write into the files. In folders all JSON files that hold just a flow are
formatted; flows within templates are not. "-" reads a flow from standard input.`,
		Example: "  connect-async fmt flow.json\n" +
			"  connect-async fmt --write flows\n" +
			"  connect-async fmt --check .",
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), t, args) },
	}
	flags := cmd.Flags()
	flags.BoolVarP(&o.write, "write", "w", false, "write the result into the files instead of printing it")
	flags.BoolVar(&o.check, "check", false, "print the names of files that are not formatted; exit code 1 if any")
	return cmd
}

func (o fmtOptions) run(ctx context.Context, t *terminal, args []string) error {
	switch {
	case len(args) == 0:
		return usage("fmt needs a file or folder, or - for standard input.")
	case o.write && o.check:
		return usage("use --write or --check, not both.")
	case o.write && slices.Contains(args, standardInput):
		return usage("--write needs a file: standard input cannot be written to.")
	}
	files, err := readUntil(ctx, func() workspace.Files { return findToFormat(t, args) })
	if err != nil {
		return err
	}
	failed := report(t.err, files.Unread)
	unformatted := false
	for _, file := range files.List {
		changed, err := o.format(t, file)
		if err != nil {
			failed = errors.Join(failed, reportError(t, file.Path, err))
		}
		unformatted = unformatted || changed
	}
	if failed == nil && o.check && unformatted {
		return failure{code: exitFailed}
	}
	return failed
}

// findToFormat reads the files that are named, those in folders, and standard input.
func findToFormat(t *terminal, args []string) workspace.Files {
	isInput := func(arg string) bool { return arg == standardInput }
	files := workspace.Find(slices.DeleteFunc(slices.Clone(args), isInput))
	if slices.ContainsFunc(args, isInput) {
		text, err := io.ReadAll(t.in)
		if err != nil {
			files.Unread = append(files.Unread, source.Unreadable(standardInput, err))
			return files
		}
		input := &workspace.File{Path: standardInput, Text: text, Below: []string{standardInput}}
		files.List = append(files.List, input)
	}
	return files
}

// format formats one file, and reports whether that changed it.
func (o fmtOptions) format(t *terminal, file *workspace.File) (changed bool, err error) {
	text, err := flowfmt.Format(file.Path, file.Text)
	if err != nil {
		return false, whyNotFormatted(file, err)
	}
	changed = !bytes.Equal(text, file.Text)
	switch {
	case o.check && changed:
		fmt.Fprintln(t.out, filepath.ToSlash(file.Path))
	case o.write && changed:
		return changed, writeContent(file.Path, text)
	case !o.check && !o.write:
		_, err = t.data.Write(text)
	}
	return changed, err
}

// whyNotFormatted says why a file cannot be formatted; nil when it was found in a folder and is not a flow by itself.
func whyNotFormatted(file *workspace.File, err error) error {
	f, _ := errors.AsType[source.Finding](err)
	isElse := f.Code == flowlang.CodeNotAFlow || f.Code == flowlang.CodeLegacy ||
		f.Code == source.CodeSyntax && filepath.Ext(file.Path) != ".json"
	if !isElse {
		return err
	}
	if !slices.ContainsFunc(file.Below, func(path string) bool { return filepath.Clean(path) == file.Path }) {
		return nil
	}
	doc, _ := template.Read(file.Path, file.Text)
	i := slices.IndexFunc(doc.Found, func(f template.Found) bool { return f.Kind != template.StateMachine })
	switch {
	case i < 0 && f.Code == source.CodeSyntax: // which need not be JSON at all
		_, err := doc.Flow()
		return err
	case i < 0 || f.Code == flowlang.CodeLegacy:
		return err
	}
	return source.Finding{Code: codeTemplate, Severity: source.Error, File: file.Path, Pos: doc.Found[i].Pos(),
		Message: "this " + string(doc.Found[i].Kind) + " is within something else, which is not formatted",
		Remedy:  "Keep it in a JSON file of its own and refer to that from here."}
}
