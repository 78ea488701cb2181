package main

import (
	"context"
	"fmt"
	"slices"
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
	migrate bool
	fix     bool
	dryRun  bool
	sorry   string
	load    bool

	instance instanceOptions
}

func newLint(t *terminal) *cobra.Command {
	var o lintOptions
	cmd := &cobra.Command{
		Use:   "lint [FILES or FOLDERS...]",
		Short: "Find what publishing refuses, and what leaves a caller in silence",
		Long: `Find the faults of contact flows and state machines that publishing refuses, or that leave a caller in
silence.

Flows, modules and state machines are read from JSON files, CloudFormation and Terraform; by default all of those in the
current folder. A file that holds a flow which cannot be read is named, with the reason.

Where a ` + project.FileName + ` says what belongs together, flow, state machine and functions are also checked
against each other, and the files that it lists are checked wherever they are. Of the functions the files are read: the
handler must be in them, and the runtime must fit. With --load the handlers are also imported, each in a process of its
own and for at most 10 s, as call would run them; leave it out where the code is not to be trusted, as in CI of forks.

With --fix, what has one right answer is fixed first, and each change is named with its action. Everything else in the
file stays as it is, to the byte. docs/lint.md says which findings can be fixed. What is reported then is what is left.
With --dry-run too, nothing is written.

With --instance or --stage, the published flows and modules of an Amazon Connect instance are checked instead of files,
under the names of the files that pull would write; see docs/instance.md.

Standard error also says for how long each flow waits for the async function, and how much was checked.

Warnings alone do not fail; where there is nothing to check, the exit code is 2.`,
		Example: "  connect-async lint examples/balance\n" +
			"  connect-async lint flow.json --type customerQueue --format github\n" +
			"  connect-async lint flow.json --migrate\n" +
			"  connect-async lint flow.json --fix --dry-run\n" +
			"  connect-async lint . --load\n" +
			"  connect-async lint --stage prod\n" +
			"  connect-async lint --explain lambda-chain",
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd.Context(), t, args) },
	}
	o.addFlags(cmd)
	return cmd
}

func (o *lintOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.format, "format", "text", "output format: "+strings.Join(lint.Formats, ", "))
	flags.StringVar(&o.kind, "type", "",
		"type of flows that do not declare one, such as inbound, customerQueue, CUSTOMER_HOLD")
	flags.BoolVar(&o.load, "load", false, "also import the handlers of the project's functions, which runs their code")
	flags.BoolVar(&o.migrate, "migrate", false,
		"also say what changes for flows that were written for connect-sync-to-async")
	flags.BoolVar(&o.fix, "fix", false, "fix what has one right answer, and report what is left")
	flags.BoolVar(&o.dryRun, "dry-run", false, "with --fix: say what would change, and write nothing")
	flags.StringVar(&o.sorry, "sorry", "",
		"with --fix: what callers hear before a flow ends where something failed (default: a built-in sentence)")
	o.instance.addFlags(flags)
	o.instance.dir = "."
	flags.StringVar(&o.explain, "explain", "", "print what a rule finds, why, and what to do")
}

func (o lintOptions) run(ctx context.Context, t *terminal, args []string) error {
	if o.explain != "" {
		return explainRule(t, o.explain)
	}
	kind, ok := flowlang.TypeOf(o.kind)
	if o.kind != "" && !ok {
		return usage("%q is not a flow type.\n"+
			"Use a type of CreateContactFlow, such as CONTACT_FLOW or CUSTOMER_QUEUE.", o.kind)
	}
	if !o.fix && (o.dryRun || o.sorry != "") {
		return usage("--dry-run and --sorry go with --fix.")
	}
	in, err := o.read(ctx, t, args, kind)
	if err != nil {
		return err
	}
	if o.fix {
		if in, err = o.mend(ctx, t, in); err != nil {
			return err
		}
	}
	found := in.run()
	if o.load {
		found = append(found, in.load(ctx)...)
	}
	if o.migrate {
		found = append(found, in.migrate()...)
	}
	r := lint.Report{Found: append(in.unread, found...), Checked: in.checked(), Texts: in.texts}
	out := t.out
	if o.format != "text" { // which belongs to programs
		out = t.data
	}
	if err := lint.Write(out, o.format, r); err != nil {
		return usage("%v", err)
	}
	if o.format == "text" {
		for _, sentence := range in.serves() {
			fmt.Fprintln(t.err, sentence)
		}
	}
	fmt.Fprintln(t.err, r.Checked)
	return lintVerdict(r, in.unread)
}

// read reads what is checked: files, or what is published in an instance.
func (o lintOptions) read(ctx context.Context, t *terminal, args []string, kind flowlang.Type) (*lintInput, error) {
	if o.instance.ofInstance() {
		return o.readInstance(ctx, t, args)
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	return readUntil(ctx, func() *lintInput { return readLintInput(args, kind) })
}

// readUntil returns what read returns, or a failure as soon as the user interrupts: a pipe that nobody writes to would
// be read for ever.
func readUntil[T any](ctx context.Context, read func() T) (T, error) {
	type reading struct {
		in    T
		fault any
	}
	done := make(chan reading, 1)
	go func() {
		var r reading
		defer func() { r.fault = recover(); done <- r }()
		r.in = read()
	}()
	select {
	case r := <-done:
		if r.fault != nil {
			panic(r.fault) // where run reports it
		}
		return r.in, nil
	case <-ctx.Done():
		var nothing T
		return nothing, failure{code: exitUsage, text: "connect-async: interrupted; not every file was read."}
	}
}

func explainRule(t *terminal, id string) error {
	rule := lint.Lookup(id)
	if rule == nil {
		if near := source.Nearest(id, ruleIDs()); near != "" {
			return usage("unknown rule %q; did you mean %q?", id, near)
		}
		return usage("unknown rule %q\nThere are:\n  %s", id, strings.Join(ruleIDs(), "\n  "))
	}
	_, err := fmt.Fprint(t.out, rule.Explain())
	return err
}

func ruleIDs() (ids []string) {
	for _, r := range lint.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// lintVerdict turns a report into the exit code. unread is what of it says that something could not be checked.
func lintVerdict(r lint.Report, unread []lint.Finding) error {
	isError := func(f lint.Finding) bool { return f.Severity == source.Error }
	switch {
	case slices.ContainsFunc(unread, isError), r.Checked == lint.Checked{}:
		return failure{code: exitUsage}
	case slices.ContainsFunc(r.Found, isError):
		return failure{code: exitFailed}
	}
	return nil
}
