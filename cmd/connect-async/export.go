package main

import "github.com/spf13/cobra"

func newExport(t *terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Write what AWS needs",
		Long:    "Write what AWS needs. Each kind has a command of its own.",
		Example: "  connect-async export terraform --out infrastructure\n  connect-async export testcase scenarios/quick.yaml --out testcase.json",
		Args:    onlyVerbs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newExportInfrastructure(t)...)
	cmd.AddCommand(newExportTestCase(t))
	return cmd
}
