package main

import (
	"fmt"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
)

// printAssumptions lists what Amazon leaves open about Connect, what is assumed, and how a scenario changes it.
func printAssumptions(t *terminal) error {
	fmt.Fprintln(t.out, "What nobody has confirmed about Amazon Connect, and what is assumed here.\n"+
		"A scenario changes one under `assumptions:`, as NAME: VALUE.")
	for _, a := range flow.AssumptionTable() {
		fmt.Fprintf(t.out, "\n%s: %s\n", t.strong.Render(a.Name), a.Default())
		if len(a.Values) > 0 {
			fmt.Fprintf(t.out, "    values   %s\n", strings.Join(a.Values, ", "))
		} else {
			fmt.Fprintf(t.out, "    values   %d to %d\n", a.Low, a.High)
		}
		fmt.Fprintf(t.out, "    meaning  %s\n    known    %s\n", a.Meaning, a.Known)
	}
	return nil
}
