package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// showPage serves the page of a call, on which the rest can be chosen.
func (o callOptions) showPage(cmd *cobra.Command, t *terminal) error {
	var others []string
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains([]string{"page", "scenario", "region", "prices"}, f.Name) {
			others = append(others, "--"+f.Name)
		}
	})
	if len(others) > 0 {
		return usage("--page goes with --scenario, --region and --prices only; leave out %s.",
			strings.Join(others, ", "))
	}
	return pageOptions{dir: o.dir, scenario: o.scenario, prices: o.prices}.run(cmd.Context(), t)
}
