package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/workspace"
)

// codeMarks is the code of the finding that a file does not hold the speech marks of a text.
const codeMarks = "calibrate-marks"

func newCalibrate(t *terminal) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "calibrate FILES",
		Short: "Take the exact lengths of texts from Amazon Polly's speech marks",
		Long: `Take the exact lengths of texts from Amazon Polly's speech marks, and write them to lengths.json beside
the project file. call, test and lint use them instead of estimates.

Each file has the marks of one plain text, of the types sentence and viseme:

  aws polly synthesize-speech --voice-id Joanna --engine neural --output-format json \
    --speech-mark-types sentence viseme --text "Thanks. I am looking up your balance." thanks.marks`,
		Example: "  connect-async calibrate marks/*.marks --dir examples/balance",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return calibrate(t, dir, args) },
	}
	cmd.Flags().StringVar(&dir, "dir", ".", "folder of the project")
	return cmd
}

func calibrate(t *terminal, dir string, files []string) error {
	p, found := project.Read(dir)
	if err := report(t.err, found); err != nil {
		return err
	}
	lengths := map[string]time.Duration{}
	for _, file := range files {
		text, length, err := marks(file)
		if err != nil {
			return reportError(t, file, err)
		}
		lengths[text] = length
	}
	file, content, found := workspace.AddLengths(p, lengths)
	if err := report(t.err, found); err != nil {
		return err
	}
	err := writeFile(file, func(w io.Writer) error { _, err := w.Write(content); return err })
	if err != nil {
		return reportError(t, file, err)
	}
	for _, text := range slices.Sorted(maps.Keys(lengths)) {
		bounds := speech.DefaultRange()
		fmt.Fprintf(t.out, "%8s  %q  (estimated: %s to %s)\n", call.Spell(lengths[text]), text,
			call.ClockTime(bounds.Fast.Text(text)), call.Spell(bounds.Slow.Text(text)))
	}
	return nil
}

// marks reads the speech marks in a file.
func marks(file string) (string, time.Duration, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", 0, source.Unreadable(file, err)
	}
	defer f.Close()
	text, length, err := speech.Marks(f)
	if err != nil {
		return "", 0, source.Finding{Code: codeMarks, Severity: source.Error, File: file, Message: err.Error(),
			Remedy: "Ask Polly for the marks of the plain text, with --output-format json " +
				"--speech-mark-types sentence viseme."}
	}
	return text, length, nil
}
