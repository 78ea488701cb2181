package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/source"
)

// failure is an error that decides the exit code. Its text, when it has one, is printed.
type failure struct {
	code int
	text string
}

// Error implements error.
func (f failure) Error() string { return f.text }

// usage is the failure of a command that was used wrongly.
func usage(format string, args ...any) failure {
	return failure{code: exitUsage, text: "connect-async: " + fmt.Sprintf(format, args...)}
}

// run is the whole program: it reads its arguments, prints, and returns the exit code. ctx is done when the user
// interrupts.
func run(ctx context.Context, args []string, t *terminal) int {
	in := &reading{ctx: ctx, from: t.in}
	t.in = in
	defer t.keys.close() // also of a verb that is left behind
	return untilInterrupted(ctx, in, func() int { return runVerb(ctx, args, t) })
}

func runVerb(ctx context.Context, args []string, t *terminal) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintf(t.err, "connect-async: internal error: %v\n"+
				"This is our fault. Please report it with the command that you ran.\n", fault)
			code = exitFault
		}
	}()
	root := newRoot(t)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitCode(ctx, cmd, exitGood)
	}
	var failed failure
	if !errors.As(err, &failed) { // about the arguments: an unknown flag or verb
		failed = usage("%v\nSee `%s --help`.", err, cmd.CommandPath())
	}
	if failed.text != "" {
		fmt.Fprintln(t.err, strings.TrimSpace(failed.text))
	}
	return exitCode(ctx, cmd, failed.code)
}

func newRoot(t *terminal) *cobra.Command {
	root := &cobra.Command{
		Use:           "connect-async",
		Short:         "Slow Lambda functions behind Amazon Connect: hear the call, then ship it",
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       versionText(),
		Args:          onlyVerbs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentPreRunE = refuseEmpty
	root.SetOut(t.out)
	root.SetErr(t.err)
	root.AddCommand(newCall(t), newTest(t), newInvoke(t), newCalibrate(t), newBuild(t), newInit(t))
	root.AddCommand(newAdd(t), newGenerate(t))
	root.AddCommand(newVerify(t), newCost(t), newLoad(t), newLint(t), newExport(t), newServe(t), newFmt(t), newEvent(t))
	root.AddCommand(newStandIn(t), newDiff(t), newConvert(t), newDraw(t), newPage(t), newSchema(t))
	root.AddCommand(newState(t), newReplay(t))
	root.AddCommand(newPull(t), newPush(t))
	root.SetVersionTemplate("{{.Version}}")
	root.SetFlagErrorFunc(flagError)
	refuseOtherVerbs(root)
	addCompletions(root)
	addExitCodes(root)
	return root
}

// refuseEmpty refuses an argument without a character, such as "$UNSET" in a script, which would mean the current
// folder. Shells complete an argument that is still empty.
func refuseEmpty(cmd *cobra.Command, args []string) error {
	if slices.Contains(args, "") && cmd.Name() != cobra.ShellCompRequestCmd {
		return usage("an argument is empty: name a file or folder, or leave it out.")
	}
	return nil
}

// report prints findings, each with its remedy, and returns the failure that errors among them mean.
func report(w io.Writer, found source.Findings) error {
	code := exitGood
	for _, f := range found {
		fmt.Fprintln(w, f.Error())
		if f.Remedy != "" {
			fmt.Fprintln(w, "    "+f.Remedy)
		}
		if f.Severity == source.Error {
			code = exitUsage
		}
	}
	if code == exitGood {
		return nil
	}
	return failure{code: code}
}

// reportError prints an error that may be a finding, and returns the failure that it means. file is where it happened.
func reportError(t *terminal, file string, err error) error {
	f := source.AsFinding(file, err)
	failed := report(t.err, source.Findings{f})
	if f.Code == source.CodeFailed {
		return failure{code: exitFailed}
	}
	return failed
}
