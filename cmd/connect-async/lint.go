package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// lintOptions are the flags of `lint`.
type lintOptions struct {
	format  string
	kind    string
	explain string
}

func newLint(t *terminal) *cobra.Command {
	var o lintOptions
	cmd := &cobra.Command{
		Use:   "lint [FILES or FOLDERS...]",
		Short: "Find what publishing refuses, and what leaves a caller in silence",
		Long: `Find the faults of contact flows and state machines that publishing refuses, or that leave a caller in silence.

Flows, modules and state machines are read from JSON files, CloudFormation and Terraform; by default all of the current folder. A
file that holds a flow which cannot be read is named, with the reason. Where a ` + project.FileName + ` says what belongs together, flow, state machine and functions are
also held against each other.

Of flows that wait for the async function it also says, on standard error, how long a function they serve.

The exit code is 1 when there are errors, 0 with warnings alone, 2 when a file cannot be read or parsed.`,
		Example: "  connect-async lint examples/balance\n  connect-async lint flow.json --type customerQueue --format github\n  connect-async lint --explain lambda-chain",
		RunE:    func(_ *cobra.Command, args []string) error { return o.run(t, args) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.format, "format", "text", "how findings are written: "+strings.Join(lint.Formats, ", "))
	flags.StringVar(&o.kind, "type", "", "type of the flows that do not say it, such as inbound, customerQueue, CUSTOMER_HOLD")
	flags.StringVar(&o.explain, "explain", "", "print what a rule finds, why, and what to do")
	return cmd
}

func (o lintOptions) run(t *terminal, args []string) error {
	if o.explain != "" {
		return explainRule(t, o.explain)
	}
	kind, ok := flowlang.TypeOf(o.kind)
	if o.kind != "" && !ok {
		return failure{exitUsage, fmt.Sprintf("There is no flow type %q. Types are those of CreateContactFlow, such as CONTACT_FLOW or CUSTOMER_QUEUE.", o.kind)}
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	in := &lintInput{kind: kind, texts: map[string][]byte{}, projects: map[string]*lintProject{}, seen: map[string]bool{}}
	for _, arg := range args {
		in.add(arg)
	}
	in.join()
	found := in.run()
	if err := lint.Write(t.out, o.format, append(in.unread, found...), in.texts); err != nil {
		return failure{exitUsage, err.Error()}
	}
	if o.format == "text" {
		for _, sentence := range in.serves() {
			fmt.Fprintln(t.err, sentence)
		}
	}
	return in.verdict(found)
}

func explainRule(t *terminal, id string) error {
	rule := lint.Lookup(id)
	if rule == nil {
		return failure{exitUsage, fmt.Sprintf("There is no rule %q. All rules stand in docs/lint.md.", id)}
	}
	_, err := fmt.Fprint(t.out, rule.Explain())
	return err
}

// verdict turns what was found into the exit code.
func (in *lintInput) verdict(found []lint.Finding) error {
	checked := false
	for _, d := range in.documents {
		checked = checked || len(d.Flows)+len(d.Machines) > 0
	}
	for _, f := range in.unread {
		if f.Severity == source.Error || !checked {
			return failure{code: exitUsage}
		}
	}
	for _, f := range found {
		if f.Severity == source.Error {
			return failure{code: exitFailed}
		}
	}
	return nil
}

// unreadable keeps why a file could not be read, as a finding like the others.
func (in *lintInput) unreadable(file string, err error) {
	var f source.Finding
	if !errors.As(err, &f) {
		f = source.Finding{Code: source.CodeUnreadable, Severity: source.Error, File: file, Message: err.Error()}
	}
	in.unread = append(in.unread, lint.Finding{Finding: f, Rule: f.Code})
}
