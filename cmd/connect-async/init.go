package main

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/scaffold"
)

// initOptions are the flags of `init`.
type initOptions struct {
	project scaffold.Project
	force   bool
}

func newInit(t *terminal) *cobra.Command {
	var o initOptions
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Start a project: the flow, a scenario and the project file for a function",
		Long: `Start a project in DIR, by default the current folder. It writes a contact flow or module that starts the
function, talks to the caller and says the result; a scenario; and the project file. You can lint, test and call them at
once.

Without --function it asks. The function is the ARN of a Lambda function, for which a stand-in is played, or a folder
with its code. Existing files are kept unless --force is given.`,
		Example: "  connect-async init --function ./function --style poll\n" +
			"  connect-async init --function arn:aws:lambda:us-east-1:111122223333:function:slow --as module",
		Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if o.project.Dir = "."; len(args) == 1 {
				o.project.Dir = args[0]
			}
			return o.run(t)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.project.Name, "name", "", "name of the project (default: the folder's)")
	flags.StringVar(&o.project.Function, "function", "", "ARN of the function, or the folder of its code")
	flags.StringVar(&o.project.Style, "style", "poll", "how the flow waits: poll, wait, queue or chat")
	flags.StringVar(&o.project.Language, "language", "en", "language of the texts: en, de or es")
	flags.StringVar(&o.project.Prompt, "prompt", "",
		"name, id or ARN of a recording of at most 3 s, played between sentences; the style queue needs one")
	flags.StringVar(&o.project.As, "as", "flow", "what to write: flow or module")
	flags.BoolVar(&o.force, "force", false, "replace existing files")
	return cmd
}

func (o initOptions) run(t *terminal) error {
	if o.project.Function == "" {
		if err := o.ask(t); err != nil {
			return err
		}
	}
	if o.project.As != "flow" && o.project.As != "module" {
		return usage("unknown value %q for --as (supported: flow, module).", o.project.As)
	}
	files, err := o.project.Files()
	if err != nil {
		return reportError(t, o.project.Function, err)
	}
	if there := o.show(t, files); len(there) > 0 && !o.force {
		exist := " already exists"
		if len(there) > 1 {
			exist = " already exist"
		}
		return failure{code: exitUsage, text: "Nothing written: " + strings.Join(there, ", ") + exist +
			".\nChoose another folder or pass --force."}
	}
	for _, f := range files {
		if err := writeInto(o.project.Dir, f.Name, f.Content); err != nil {
			return reportError(t, o.project.Dir, err)
		}
	}
	o.next(t)
	return nil
}

// ask asks for what the flags leave open. An empty answer takes the default.
func (o *initOptions) ask(t *terminal) error {
	in := bufio.NewScanner(t.in)
	p := &o.project
	for _, question := range []struct {
		text   string
		answer *string
	}{
		{text: "Function: its ARN, or the folder of its code", answer: &p.Function},
		{text: "Name of the project", answer: &p.Name},
		{text: "Style of waiting: poll, wait, queue or chat", answer: &p.Style},
		{text: "Language of the texts: en, de or es", answer: &p.Language},
		{text: "Write a flow or a module", answer: &p.As},
		{text: "Name, id or ARN of a recording to play between sentences (the style queue needs one)",
			answer: &p.Prompt},
	} {
		fmt.Fprintf(t.err, "%s [%s]: ", question.text, cmp.Or(*question.answer, "none"))
		if !in.Scan() {
			break
		}
		*question.answer = cmp.Or(strings.TrimSpace(in.Text()), *question.answer)
	}
	fmt.Fprintln(t.err)
	if p.Function == "" {
		return usage("no function to wrap.\n" +
			"Pass --function with the ARN of a Lambda function, or the folder of its code.")
	}
	return nil
}

// show prints what will be written, and returns what is there already.
func (o initOptions) show(t *terminal, files []scaffold.File) (there []string) {
	for _, f := range files {
		name := filepath.ToSlash(filepath.Join(o.project.Dir, f.Name))
		state := "new"
		if _, err := os.Lstat(name); err == nil {
			there = append(there, name)
			state = "replaced"
		}
		fmt.Fprintf(t.out, "  %-9s %s\n", state, name)
	}
	return there
}

// next prints the commands that come next.
func (o initOptions) next(t *terminal) {
	dir := ""
	if o.project.Dir != "." {
		dir = " " + o.project.Dir
	}
	how := "with your function as a process"
	if !o.project.RunsHere() {
		how = "with a stand-in of 12 s for your function (scenario.yaml)"
	}
	fmt.Fprintf(t.out, "\nNext:\n"+
		"  connect-async call%[1]s          a call in real time, %[2]s\n"+
		"  connect-async call%[1]s --fast   the same, with time skipped\n"+
		"  connect-async test%[1]s          as a test\n"+
		"  connect-async lint%[1]s          what publishing would refuse\n", dir, how)
}
