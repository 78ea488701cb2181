package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/standin"
)

// standInOptions are the flags of `standin`.
type standInOptions struct {
	from string
	all  bool
}

func newStandIn(t *terminal) *cobra.Command {
	var o standInOptions
	cmd := &cobra.Command{
		Use:   "standin --from HISTORY",
		Short: "Write stand-ins for tasks from the history of an execution in AWS",
		Long: `Write stand-ins for the tasks of a state machine from the history of an execution, so that a task comes
to what it came to in AWS, after as long. HISTORY is a file with the answer of GetExecutionHistory, as
aws stepfunctions get-execution-history prints it, or - for standard input.

The result is the section tasks of a scenario, by the name of the state; a state that ran several times has its outcomes
in turn. Tasks that are performed on this machine anyway (Lambda functions, nested executions, operations of Step
Functions, DynamoDB, messages) are left out, unless --all is given. A history holds what the tasks returned,
personal data included.`,
		Example: "  connect-async standin --from history.json >> scenario.yaml\n" +
			"  connect-async standin --from history.json --all",
		Args: atMost(0),
		RunE: func(*cobra.Command, []string) error { return o.run(t) },
	}
	cmd.Flags().StringVar(&o.from, "from", "", "file with the history as JSON, - for standard input")
	cmd.Flags().BoolVar(&o.all, "all", false, "also tasks that are performed on this machine")
	return cmd
}

func (o standInOptions) run(t *terminal) error {
	if o.from == "" {
		return usage("standin needs a history.\nName one with --from FILE: the answer of GetExecutionHistory.")
	}
	text, err := o.read(t)
	if err != nil {
		return reportError(t, o.from, source.Unreadable(o.from, err))
	}
	recorded, err := standin.History(text)
	if err != nil {
		return reportError(t, o.from, source.Finding{
			Code: codeHistory, Severity: source.Error, File: o.from, Message: "this is not a history: " + err.Error(),
			Remedy: "Use the answer of `aws stepfunctions get-execution-history` as JSON.",
		})
	}
	s := scenario.Default()
	s.Tasks = map[string][]scenario.TaskOutcome{}
	lost := 0
	for _, r := range recorded {
		if r.State == "" || r.Served && !o.all {
			continue
		}
		if r.Lost {
			lost++
		}
		s.Tasks[r.State] = append(s.Tasks[r.State], outcomeOf(r))
	}
	if len(s.Tasks) == 0 {
		return failure{code: exitFailed, text: "The history has no task that needs a stand-in; --all takes every task."}
	}
	if _, err := t.out.Write(scenario.Write("scenario.yaml", s)); err != nil {
		return reportError(t, o.from, err)
	}
	if lost > 0 {
		fmt.Fprintf(t.err, "The history does not hold what %s returned: it is {} here.\n", call.Count(lost, "task"))
	}
	return nil
}

// codeHistory is the code of the finding for a file that is not a history.
const codeHistory = "history"

func (o standInOptions) read(t *terminal) ([]byte, error) {
	if o.from == "-" {
		return io.ReadAll(io.LimitReader(t.in, maxHistory))
	}
	info, err := os.Stat(o.from)
	if err == nil && info.Size() > maxHistory {
		err = fmt.Errorf("the file has more than %d MB", maxHistory>>20)
	}
	if err != nil {
		return nil, err
	}
	return readSaved(o.from)
}

// maxHistory is how large a history may be; one of 25,000 events is smaller, unless its data are large.
const maxHistory = 256 << 20

// outcomeOf is what a task came to, as a stand-in gives it.
func outcomeOf(r standin.Recorded) scenario.TaskOutcome {
	o := scenario.TaskOutcome{
		Takes:   scenario.Takes{Low: r.Takes, High: r.Takes},
		Returns: r.Returns, Submits: r.Submits, Error: r.Error, Cause: r.Cause,
	}
	if o.Returns == nil {
		o.Returns = []byte("{}")
	}
	return o
}
