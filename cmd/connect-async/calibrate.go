package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/workspace"
)

// codeMarks is the code of the finding that a file does not hold the speech marks of a text.
const codeMarks = "calibrate-marks"

// calibrateOptions are the flags of `calibrate`.
type calibrateOptions struct{ dir, voice, engine, language string }

func newCalibrate(t *terminal) *cobra.Command {
	var o calibrateOptions
	cmd := &cobra.Command{
		Use:   "calibrate [DIR] [FILES]",
		Short: "Take the exact lengths of texts from Amazon Polly's speech marks",
		Long: `Take the exact lengths of texts from Amazon Polly's speech marks, and write them to lengths.json beside
the project file. call, test and lint use them instead of estimates.

Each file has the marks of one plain text, of the types sentence and viseme:

  aws polly synthesize-speech --voice-id Joanna --engine neural --output-format json \
    --speech-mark-types sentence viseme --text "Thanks. I am looking up your balance." thanks.marks

DIR is a folder with a ` + project.FileName + `, by default the current one.

With --voice Polly is asked, with your credentials, for what the project's flows and replies say. Texts with references
are left out: what they say is known only in a call. Polly bills the characters.`,
		Example: "  connect-async calibrate examples/balance marks/*.marks\n" +
			"  connect-async calibrate --voice Joanna --engine neural",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && isFolder(args[0]) {
				o.dir, args = args[0], args[1:]
			}
			return o.run(cmd.Context(), t, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.dir, "dir", ".", "folder of the project")
	_ = flags.MarkHidden("dir") // what DIR was
	flags.StringVar(&o.voice, "voice", "", "ask Polly for the texts of the project in this voice, such as Joanna")
	flags.StringVar(&o.engine, "engine", "standard", "the engine of the voice: standard, neural or long-form")
	flags.StringVar(&o.language, "language", "en", "the language of the replies that are asked for")
	return cmd
}

func (o calibrateOptions) run(ctx context.Context, t *terminal, files []string) error {
	if (len(files) == 0) == (o.voice == "") {
		return usage("calibrate needs files of speech marks, or --voice to ask Polly for them.")
	}
	p, found := project.Read(o.dir)
	if err := report(t.err, found); err != nil {
		return err
	}
	lengths := map[string]time.Duration{}
	for _, file := range files {
		if err := marksOf(file, lengths); err != nil {
			return reportError(t, file, err)
		}
	}
	if o.voice != "" {
		if err := o.ask(ctx, t, p, lengths); err != nil {
			return err
		}
	}
	file, content, found := workspace.AddLengths(p, lengths)
	if err := report(t.err, found); err != nil {
		return err
	}
	err := writeContent(file, content)
	if err != nil {
		return reportError(t, file, err)
	}
	bounds := speech.DefaultRange()
	for _, text := range slices.Sorted(maps.Keys(lengths)) {
		fmt.Fprintf(t.out, "%8s  %q  (estimated: %s to %s)\n", call.Spell(lengths[text]), text,
			call.ClockTime(bounds.Fast.Text(text)), call.Spell(bounds.Slow.Text(text)))
	}
	return nil
}

// ask asks Polly for the lengths of a project's texts.
func (o calibrateOptions) ask(ctx context.Context, t *terminal, p *project.Project,
	lengths map[string]time.Duration) error {
	cloud, err := newCloud(ctx, "")
	if err != nil {
		return err
	}
	for _, text := range textsOf(p, o.language) {
		marks, err := cloud.SpeechMarks(ctx, o.voice, o.engine, text)
		if err != nil {
			return reportError(t, "Polly", err)
		}
		_, length, err := speech.Marks(bytes.NewReader(marks))
		if err != nil {
			return reportError(t, "Polly", badMarks("Polly", err))
		}
		lengths[text] = length
	}
	return nil
}

// textsOf are the plain texts that a project's flows say and that the replies say in a language, sorted.
func textsOf(p *project.Project, language string) []string {
	var texts []string
	add := func(text string) {
		if text = speech.Collapse(text); text != "" && len(flowlang.References(text)) == 0 {
			texts = append(texts, text)
		}
	}
	for _, f := range p.Flows {
		flow, err := workspace.ReadFlow(p, f.File)
		if err != nil {
			continue // a flow that cannot be read is for call and lint to report
		}
		for _, action := range flow.Actions {
			add(action.Param("Text").Str())
		}
	}
	said := []async.Texts{async.BuiltInTexts(language)}
	for _, job := range p.Texts {
		for _, own := range job.Languages {
			if own.Language == language {
				said = append(said, own)
			}
		}
	}
	for _, one := range said {
		for _, text := range one.All() {
			add(text)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// marksOf reads the speech marks in a file, and notes how long their text takes.
func marksOf(file string, lengths map[string]time.Duration) error {
	marks, err := readSaved(file)
	if err != nil {
		return err
	}
	text, length, err := speech.Marks(bytes.NewReader(marks))
	if err != nil {
		return badMarks(file, err)
	}
	lengths[text] = length
	return nil
}

func badMarks(from string, err error) error {
	return source.Finding{Code: codeMarks, Severity: source.Error, File: from, Message: err.Error(),
		Remedy: "Ask Polly for the marks of the plain text, with --output-format json " +
			"--speech-mark-types sentence viseme."}
}
