package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
)

// exportTestCaseOptions are the flags of `export testcase`.
type exportTestCaseOptions struct {
	scenario string
	out      string
	queue    string
}

func newExportTestCase(t *terminal) *cobra.Command {
	var o exportTestCaseOptions
	cmd := &cobra.Command{
		Use:   "testcase SCENARIO",
		Short: "Write a scenario as a test case of Amazon Connect (Testing and Simulation)",
		Long: `Write a scenario as a test case of Amazon Connect (Testing and Simulation): the texts that must be heard, in their order, what
the caller does after them, and the contact attributes at the end. The call is played on virtual time for it.

The content of the test case is printed, or written to --out. What a test case cannot express is named on standard error, with the
entry point and the initialization data that CreateTestCase needs beside the content.`,
		Example: "  connect-async export testcase examples/balance/scenarios/quick.yaml --out testcase.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.scenario = args[0]
			return o.run(cmd.Context(), t)
		},
	}
	cmd.Flags().StringVar(&o.out, "out", "", "write the content to this file")
	cmd.Flags().StringVar(&o.queue, "queue", "", "ARN of a queue that takes the place of every queue in the flow")
	return cmd
}

func (o exportTestCaseOptions) run(ctx context.Context, t *terminal) error {
	played, found := call.Open(ctx, o.scenario, false)
	if err := report(t.err, found); err != nil {
		return err
	}
	defer played.Close()
	testCase, err := played.TestCase(ctx, o.queue)
	if errors.Is(err, call.ErrNothingToObserve) {
		return failure{exitFailed, fmt.Sprintf("%s: %v.", o.scenario, err)}
	}
	if err != nil {
		return failure{exitFault, err.Error()}
	}
	if o.out == "" {
		fmt.Fprintf(t.out, "%s", testCase.Content)
	} else if err := writeFile(o.out, func(w io.Writer) error { _, err := w.Write(testCase.Content); return err }); err != nil {
		return failure{exitUsage, fmt.Sprintf("connect-async: %v\nGive --out a file that can be written.", err)}
	}
	o.explain(t, testCase)
	return nil
}

// explain says on standard error what goes beside the content, and what is not in it.
func (o exportTestCaseOptions) explain(t *terminal, testCase call.TestCase) {
	fmt.Fprintf(t.err, "Entry point (with your flow's id): %s", testCase.EntryPoint)
	fmt.Fprintf(t.err, "Initialization data: %s", testCase.Data)
	if len(testCase.Lost) > 0 {
		fmt.Fprintln(t.err, "\nA test case cannot express:")
	}
	for _, lost := range testCase.Lost {
		fmt.Fprintln(t.err, "  - "+lost)
	}
	for _, warning := range testCase.Warnings {
		fmt.Fprintln(t.err, "\n"+warning)
	}
}
