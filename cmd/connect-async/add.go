package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/source"
)

func newAdd(t *terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "add",
		Short:   "Add a job to a project",
		Long:    "Add something to a project that exists. Each has its own command.",
		Example: "  connect-async add job payments --function ./payments",
		Args:    onlyVerbs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAddJob(t))
	return cmd
}

// addJobOptions are the flags of `add job`.
type addJobOptions struct {
	dir        string
	job        scaffold.AddedJob
	parameters []string // NAME=VALUE
	texts      []string // KIND=TEXT
}

func newAddJob(t *terminal) *cobra.Command {
	var o addJobOptions
	cmd := &cobra.Command{
		Use:   "job NAME [DIR]",
		Short: "Add a job: another function that is wrapped, with a flow or module of its own",
		Long: `Add a job to the project in DIR, by default the current folder: another function that the same async
function starts. It writes a flow that runs the job, NAME.json, and a scenario, or with --as module a module for the
flows that you have; and adds the job, its function and its flow to ` + project.FileName + `, whose other lines stay
as they are. Scenarios get a stand-in for the function.

The function is given as for init, or by the name of a function of the project.`,
		Example: "  connect-async add job payments --function ./payments\n" +
			"  connect-async add job payments --function ./payments --as module " +
			"--say 'Your last payment was $.External.amount.'",
		Args: oneAndDIR("the name of the job"),
		RunE: func(_ *cobra.Command, args []string) error {
			o.job.Job, o.dir = args[0], folderOf(args[1:])
			return o.run(t)
		},
	}
	addFunctionFlags(cmd, &o.job.Wrapped)
	addSaysFlags(cmd, &o.job.Says, &o.parameters, &o.texts)
	cmd.Flags().StringVar(&o.job.Event, "event", "",
		"file with an example event of the function: parameters and attributes are taken from it")
	cmd.Flags().StringVar(&o.job.As, "as", scaffold.AsFlow, "what to write: flow or module")
	return cmd
}

func (o addJobOptions) run(t *terminal) error {
	if err := checkSays(&o.job.Project, o.parameters, o.texts); err != nil {
		return err
	}
	if !project.ValidName(o.job.Job) {
		return usage("%q is not a valid job name. %s", o.job.Job, project.NameForm)
	}
	if o.job.Function == "" {
		return usage("no function to wrap.\n" +
			"Pass --function with the ARN of a Lambda function, its code, or the name of a function of the project.")
	}
	p, found := project.Read(o.dir)
	if err := report(t.err, found); err != nil {
		return err
	}
	o.job.Dir = filepath.Dir(p.File)
	added, err := o.job.Files(p)
	if err != nil {
		return reportError(t, p.File, err)
	}
	return o.write(t, added)
}

// addedFiles are the new files and then the others. The project file is the last, so that a job which is in it is there
// as a whole.
func addedFiles(added scaffold.Added) []manifest.File {
	slices.Reverse(added.Changed)
	return slices.Concat(manifestFiles(added.New, false), manifestFiles(added.Changed, true))
}

// write writes the files, or nothing when one of the new files exists.
func (o addJobOptions) write(t *terminal, added scaffold.Added) error {
	w := manifest.Writer{Dir: o.job.Dir, By: "add", Replace: manifest.Interrupted, Disk: t.disk}
	files := addedFiles(added)
	preview, err := w.Preview(files)
	if err == nil && len(preview.Conflicts) > 0 {
		return failure{code: exitUsage, text: "Nothing written: " + pathOf(o.job.Dir, preview.Conflicts[0].Name) +
			" already exists.\nChoose another name for the job, or move the file."}
	}
	if err == nil {
		_, err = w.Write(files)
	}
	if err != nil {
		return reportError(t, o.job.Dir, err)
	}
	showStates(t, o.job.Dir, files, preview.States)
	o.next(t)
	return report(t.err, o.job.NotInCode())
}

// next prints how to go on.
func (o addJobOptions) next(t *terminal) {
	if o.job.As == scaffold.AsModule {
		fmt.Fprintf(t.out, "\nInvoke the module in a flow: FlowModuleId ${module:%[1]s}, and in scenarios "+
			"flows: {%[1]s: %[1]s.json}.\n", o.job.Job)
		return
	}
	dir := ""
	if o.job.Dir != "." {
		dir = " " + source.Argument(o.job.Dir)
	}
	scenario := source.Argument(pathOf(o.job.Dir, "scenarios/"+o.job.Job+".yaml"))
	fmt.Fprintf(t.out, "\nNext:\n  connect-async call%s --scenario %s\n", dir, scenario)
}
