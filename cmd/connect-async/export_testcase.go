package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/lint"
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
		Long: `Write a scenario as a test case of Amazon Connect (Testing and Simulation): the texts that must be heard,
in order, what the caller does after them, and the contact attributes at the end. The call is played on virtual time to
find this out.

The content of the test case is printed, or written to --out. Standard error names what a test case cannot express, and
the entry point and initialization data that CreateTestCase needs besides the content.`,
		Example: "  connect-async export testcase examples/balance/scenarios/quick.yaml --out testcase.json",
		Args:    exactlyOne("the scenario"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.scenario = args[0]
			return o.run(cmd.Context(), t)
		},
	}
	cmd.Flags().StringVar(&o.out, "out", "", "write the content to this file")
	cmd.Flags().StringVar(&o.queue, "queue", "", "ARN of a queue to use instead of every queue in the flow")
	return cmd
}

func (o exportTestCaseOptions) run(ctx context.Context, t *terminal) error {
	if err := keepOthers("--out", o.out, ".json"); err != nil {
		return err
	}
	played, found := call.Open(ctx, o.scenario, call.Options{Verdict: lint.Publishing})
	if played != nil {
		defer played.Close()
	}
	if err := report(t.err, found); err != nil {
		return err
	}
	testCase, err := played.TestCase(ctx, o.queue)
	if errors.Is(err, call.ErrNothingToObserve) {
		return failure{code: exitFailed, text: fmt.Sprintf("%s: %v.", o.scenario, err)}
	}
	if err != nil {
		return failure{code: exitFault, text: err.Error()}
	}
	if err := o.write(t, testCase.Content); err != nil {
		return reportError(t, o.out, err)
	}
	o.explain(t, testCase)
	return nil
}

// write prints the content, or writes it to the file.
func (o exportTestCaseOptions) write(t *terminal, content []byte) error {
	print := func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
	if o.out == "" {
		return print(t.out)
	}
	return writeFile(o.out, print)
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
