package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// initOptions are the flags of `init`.
type initOptions struct {
	project    scaffold.Project
	parameters []string // NAME=VALUE
	texts      []string // KIND=TEXT
	force      bool
	flow       string // of the user, with a block that is adopted
	action     string // the block
	flowType   string // of a flow that does not say it
	dryRun     bool   // show what would change in the flow, and write nothing
	probes     bool   // write the probe flows instead of a project
}

func newInit(t *terminal) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Start a project: the flow, a scenario and the project file for a function",
		Long: `Start a project in DIR, by default the current folder. It writes a contact flow or module that starts the
function, talks to the caller and says the result; a scenario; and the project file. You can lint, test and call them at
once. What the flow says and passes is in the project file: change it there and run ` + "`connect-async generate`" + `.

Without --function it asks. The function is the ARN of a Lambda function, or its code: a folder, a file or a ZIP archive
such as the Lambda console's, which is unpacked. Handler, runtime, parameters and the keys of the result are found out
from the code where they are not given; nothing is run. When one of the files is there already, nothing is written;
--force replaces those that an earlier init wrote, and loses edits. Lines that a .gitignore lacks are appended to it.

With --flow it takes a flow that you have, and puts the wait where the Lambda block is that --action names. Every other
block stays as it is, and the original is kept beside the flow.

With --probe it writes no project, but small flows to import and call once: their logs settle what AWS does not document
about Amazon Connect. The replay verb reads them.`,
		Example: "  connect-async init --function ./function\n" +
			"  connect-async init --function src/app.py --handler app.main " +
			"--say 'Your balance is $.External.balance.'\n" +
			"  connect-async init --function arn:aws:lambda:us-east-1:111122223333:function:slow --as module\n" +
			"  connect-async init --flow ivr.json --action \"Check order\"\n" +
			"  connect-async init probes --probe",
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.project.Dir = folderOf(args)
			if o.probes {
				if useless := uselessWithProbe(cmd); useless != "" {
					return usage("--%s has no effect on the probes.", useless)
				}
				return o.probe(t)
			}
			if useless := uselessWithFlow(cmd); o.flow != "" && useless != "" {
				return usage("--%s has no effect on a flow that you have: change the flow.", useless)
			}
			return o.run(cmd.Context(), t)
		},
	}
	o.addFlags(cmd)
	return cmd
}

func (o *initOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&o.project.Name, "name", "", "name of the project (default: the folder's)")
	addFunctionFlags(cmd, &o.project.Wrapped)
	addSaysFlags(cmd, &o.project.Says, &o.parameters, &o.texts)
	flags.StringVar(&o.project.Event, "event", "",
		"file with an example event of the function: parameters and attributes are taken from it")
	flags.StringVar(&o.project.As, "as", scaffold.AsFlow, "what to write: flow or module")
	flags.StringVar(&o.flow, "flow", "", "a flow that you have, or a template or CLI answer that holds it")
	flags.StringVar(&o.action, "action", "", "the Lambda block of --flow: its identifier or its name in the console")
	flags.StringVar(&o.flowType, "type", "", "type of --flow, if the flow does not say it, such as inbound or module")
	flags.BoolVar(&o.dryRun, "dry-run", false, "with --flow: show what would change, and write nothing")
	flags.BoolVar(&o.probes, "probe", false, "write flows that find out what AWS does not document")
	flags.BoolVar(&o.force, "force", false,
		"replace files that an earlier init wrote; edits and jobs added since are lost")
}

// addFunctionFlags adds the flags that say which function is wrapped.
func addFunctionFlags(cmd *cobra.Command, w *scaffold.Wrapped) {
	flags := cmd.Flags()
	flags.StringVar(&w.Function, "function", "", "ARN of the function, or the folder, file or ZIP archive of its code")
	flags.StringVar(&w.Handler, "handler", "",
		"handler of the code, such as src/app.main (default: taken from the code)")
	flags.StringVar(&w.Runtime, "runtime", "", "runtime of the code, such as python3.13 (default: taken from the code)")
	flags.StringVar(&w.EnvFile, "env-file", "",
		"file with the function's variables (default: .env in or beside the code's folder, or in DIR, if there is one)")
	flags.BoolVar(&w.Remote, "remote", false, "call invokes the function in AWS; needs its ARN")
}

// addSaysFlags adds the flags that say what a flow says and passes.
func addSaysFlags(cmd *cobra.Command, s *scaffold.Says, parameters, texts *[]string) {
	flags := cmd.Flags()
	flags.StringVar(&s.Style, "style", string(style.Poll), "how the flow waits: poll, wait, queue or chat")
	flags.StringVar(&s.Language, "language", "",
		"language of the texts and the contact, such as en, en-GB, de or es (default: texts in en)")
	flags.StringVar(&s.Voice, "voice", "", "voice of the texts, such as Amy (default: the contact's)")
	flags.StringVar(&s.Say, "say", "",
		"what the caller hears with the result, such as 'Your balance is $.External.balance.'")
	flags.StringArrayVar(parameters, "parameter", nil,
		"what the function gets, such as 'order=$.Attributes.order'; may be repeated; none for nothing")
	flags.StringArrayVar(texts, "text", nil,
		"what the caller hears otherwise, such as 'first=One moment.'; may be repeated (first, waiting, failed, …)")
	flags.StringVar(&s.Prompt, "prompt", "",
		"name, id or ARN of a recording of at most 3 s, played between sentences; the style queue needs one")
	flags.StringVar(&s.Then, "then", "", "after the result: hang_up, queue=NAME or flow=NAME (or the ID or ARN)")
	flags.StringVar(&s.OnFailure, "on-failure", "", "after a failure, in the same way (default: as after the result)")
	flags.StringVar(&s.OnGivingUp, "on-giving-up", "", "after giving up, in the same way (default: as after a failure)")
}

func (o initOptions) run(ctx context.Context, t *terminal) error {
	if err := checkSays(&o.project, o.parameters, o.texts); err != nil {
		return err
	}
	if o.flow != "" {
		return o.adopt(ctx, t)
	}
	if o.action != "" || o.flowType != "" || o.dryRun {
		return usage("--action, --type and --dry-run are about a flow that you have.\nPass --flow FILE, too.")
	}
	if o.project.Function == "" {
		if err := o.ask(ctx, t); err != nil {
			return err
		}
	}
	files, err := o.project.Files()
	if err != nil {
		return reportError(t, o.project.Function, err)
	}
	if ctx.Err() != nil {
		return interrupted
	}
	if err := o.writeAll(t, "init", manifestFiles(files, false)); err != nil {
		return err
	}
	o.next(t)
	return report(t.err, o.project.NotInCode())
}

// uselessWithFlow is a flag that was given and says what the flow of --flow says itself, "" when there is none.
func uselessWithFlow(cmd *cobra.Command) string {
	for _, name := range []string{"style", "say", "voice", "parameter", "text", "then", "on-failure", "on-giving-up",
		"event"} {
		if cmd.Flags().Changed(name) {
			return name
		}
	}
	return ""
}

// alreadyExist is the verb for files that are in the way.
func alreadyExist(files []string) string {
	if len(files) > 1 {
		return " already exist"
	}
	return " already exists"
}

// manifestFiles are files of a project as they are written; those of the user's are changed.
func manifestFiles(files []scaffold.File, areTheirs bool) []manifest.File {
	var list []manifest.File
	for _, f := range files {
		list = append(list, manifest.File{Name: f.Name, Content: f.Content, Executable: f.Executable,
			Append: f.Name == ".gitignore", Theirs: areTheirs})
	}
	return list
}

// writeAll shows what a verb does with files, and does it unless one is in the way.
func (o initOptions) writeAll(t *terminal, by string, files []manifest.File) error {
	w := manifest.Writer{Dir: o.project.Dir, By: by, Replace: manifest.Interrupted, Disk: t.disk}
	if o.force {
		w.Replace = manifest.Edited
	}
	preview, err := w.Preview(files)
	if err != nil {
		return reportError(t, o.project.Dir, err)
	}
	showStates(t, o.project.Dir, files, preview.States)
	switch {
	case len(preview.Conflicts) > 0:
		return o.inTheWay(preview.Conflicts)
	case o.dryRun:
		return nil
	}
	if _, err := w.Write(files); err != nil {
		return reportError(t, o.project.Dir, err)
	}
	return nil
}

// inTheWay says which files are there already. What init did not write it never replaces.
func (o initOptions) inTheWay(conflicts []manifest.Conflict) error {
	var names []string
	remedy := "Choose another folder, or pass --force: edits and jobs added since are lost."
	for _, c := range conflicts {
		names = append(names, pathOf(o.project.Dir, c.Name))
		if !c.Ours {
			remedy = "Choose another folder, or move what init did not write: not even --force replaces that."
		}
	}
	return failure{code: exitUsage,
		text: "Nothing written: " + strings.Join(names, ", ") + alreadyExist(names) + ".\n" + remedy}
}

// showStates prints what is done with each of the files.
func showStates(t *terminal, dir string, files []manifest.File, states []manifest.State) {
	for i, f := range files {
		fmt.Fprintf(t.out, "  %-9s %s\n", states[i], pathOf(dir, f.Name))
	}
}

// nameIn is the name of a file in a folder as its manifest has it, or the path where it has none.
func nameIn(dir, file string) string {
	name, err := filepath.Rel(filepath.Clean(dir), file)
	if err != nil {
		name = file
	}
	return filepath.ToSlash(name)
}

// pathOf is the path of a file of a folder as it is printed.
func pathOf(dir, name string) string {
	if name = filepath.FromSlash(name); !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	return filepath.ToSlash(name)
}

// next prints the commands that come next.
func (o initOptions) next(t *terminal) {
	dir := ""
	if o.project.Dir != "." {
		dir = " " + source.Argument(o.project.Dir)
	}
	how := "with your function as a process"
	switch {
	case o.project.Remote:
		how = "with your function in AWS"
	case !o.project.RunsHere():
		how = "with a stand-in of 12 s for your function (scenario.yaml)"
	}
	fmt.Fprintf(t.out, "\nNext:\n"+
		"  connect-async call%[1]s          a call in real time, %[2]s\n"+
		"  connect-async call%[1]s --fast   the same, with time skipped\n"+
		"  connect-async test%[1]s          as a test\n"+
		"  connect-async lint%[1]s          what publishing would refuse\n", dir, how)
	if o.flow == "" { // else the flow is the user's
		fmt.Fprintf(t.out, "  connect-async generate%s      the flow again, after a change of %s\n", dir,
			project.FileName)
	}
}
