package main

import "github.com/spf13/cobra"

func newExport(t *terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write infrastructure and test cases for AWS",
		Long: `Write what a project needs in AWS as infrastructure for the tool that you use, or a scenario as a test
case of Amazon Connect. Each has its own command.`,
		Example: "  connect-async export terraform --out infrastructure\n" +
			"  connect-async export testcase scenarios/quick.yaml --out testcase.json",
		Args: onlyVerbs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newExportInfrastructure(t)...)
	cmd.AddCommand(newExportTestCase(t))
	return cmd
}
