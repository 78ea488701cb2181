package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/reference"
)

func newSchema(t *terminal) *cobra.Command {
	var names []string
	for _, k := range reference.Kinds {
		names = append(names, k.Name)
	}
	return &cobra.Command{
		Use:   "schema " + strings.Join(names, "|"),
		Short: "Print the JSON schema of a project file or of a scenario, for editors",
		Long: `Print the JSON schema of ` + project.FileName + ` or of a scenario, with which editors check and
complete the file.

init writes both schemas into the project's folder, and names them in the first line of the files, where the YAML
language server finds them. For a project without them, and after an update of connect-async, write them as below.
docs/project-reference.md and docs/scenario-reference.md say the same for readers.`,
		Example: "  connect-async schema project > " + project.SchemaFile + "\n" +
			"  connect-async schema scenario > " + project.ScenarioSchemaFile,
		Args:      cobra.ArbitraryArgs,
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 1 {
				if k, ok := reference.Lookup(args[0]); ok {
					_, err := t.out.Write(k.Schema())
					return err
				}
			}
			return usage("schema needs the kind of file: %s.", strings.Join(names, " or "))
		},
	}
}
