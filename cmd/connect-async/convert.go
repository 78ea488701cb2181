package main

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flowfmt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/legacy"
	"github.com/connect-async/connect-async/internal/source"
)

func newConvert(t *terminal) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "convert FILE",
		Short: "Convert a flow from the console's export format from before 2022",
		Long: `Convert a contact flow from the console's export format from before 2022 (modules, start), which the API
refuses and the console may no longer import, to the Amazon Connect Flow language.

What cannot be converted is named with its place, and nothing is guessed: a parameter or branch is left out, and a block
becomes a message that leads where the block's error did. A thing of the instance of which the export has only the name
becomes a placeholder, such as ${queue:NAME}.

The flow goes to standard output, or with --out into a file.`,
		Example: "  connect-async convert old.json --out flow.json\n" +
			"  connect-async convert old.json | connect-async fmt -",
		RunE: func(_ *cobra.Command, args []string) error { return convert(t, args, out) },
	}
	cmd.Flags().StringVar(&out, "out", "", "write the flow into this file instead of printing it")
	return cmd
}

func convert(t *terminal, args []string, out string) error {
	if len(args) != 1 {
		return usage("convert needs one file.")
	}
	file := args[0]
	if err := keepFiles("--out", out, ".json", file); err != nil {
		return err
	}
	doc, err := readExport(file)
	if err != nil {
		return reportError(t, file, err)
	}
	converted, found := legacy.Convert(file, doc)
	if converted == nil {
		return report(t.err, found)
	}
	f, err := flowlang.Read(file, converted)
	if err != nil {
		return reportError(t, file, err)
	}
	text := flowfmt.Flow(f)
	if out == "" {
		_, err = t.out.Write(text)
	} else {
		err = writeContent(out, text)
	}
	if err != nil {
		return reportError(t, out, err)
	}
	incomplete := report(t.err, found)
	fmt.Fprintf(t.err, "Converted %s: %s.\n", filepath.ToSlash(file), call.Count(len(f.Actions), "block"))
	if incomplete != nil {
		fmt.Fprintf(t.err, "%s could not be converted.\n", call.Count(len(found), "thing"))
		return failure{code: exitFailed}
	}
	return nil
}

// readExport reads a file that the console exported, whatever its name. Those of other tools are not JSON.
func readExport(file string) (*source.Node, error) {
	text, err := readSaved(file)
	if err != nil {
		return nil, err
	}
	if start := bytes.TrimSpace(text); len(start) > 0 && start[0] != '{' {
		return nil, source.Finding{Code: legacy.CodeNotLegacy, Severity: source.Error, File: file,
			Message: "this is not a flow in the console's export format from before 2022, which is JSON",
			Remedy:  "Name the file that the console exported."}
	}
	return source.ParseJSON(file, text)
}
