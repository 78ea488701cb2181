package workspace

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// LengthsFile is the file beside a project file that has the exact lengths of texts, in seconds, as the project's voice
// speaks them. `calibrate` writes it.
const LengthsFile = "lengths.json"

// CodeLengths is the code of the finding that the file of lengths cannot be understood.
const CodeLengths = "call-lengths"

// Lengths are the exact lengths of a project's texts, none where it has no such file.
func Lengths(p *project.Project) (map[string]time.Duration, source.Findings) {
	file := lengthsFile(p)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	seconds := map[string]float64{}
	if err == nil {
		if text, err = source.Unmarked(file, text); err != nil {
			return nil, source.Findings{source.AsFinding(file, err)}
		}
		err = json.Unmarshal(text, &seconds)
	}
	lengths := map[string]time.Duration{}
	for text, length := range seconds {
		if length < 0 || length > time.Hour.Seconds() {
			err = errors.New("a length is not between 0 and an hour")
		}
		lengths[speech.Collapse(text)] = time.Duration(length * float64(time.Second)).Round(time.Millisecond)
	}
	if err != nil {
		return nil, source.Findings{{Code: CodeLengths, Severity: source.Error, File: file,
			Message: "the exact lengths of texts cannot be read: " + err.Error(),
			Remedy:  "Write an object such as {\"Thanks.\": 0.8}, or have connect-async calibrate write the file."}}
	}
	return lengths, nil
}

func lengthsFile(p *project.Project) string { return filepath.Join(filepath.Dir(p.File), LengthsFile) }

// AddLengths is the name and the new content of the file of lengths, with further ones.
func AddLengths(p *project.Project, further map[string]time.Duration) (string, []byte, source.Findings) {
	lengths, found := Lengths(p)
	if found.HasErrors() {
		return "", nil, found
	}
	seconds := map[string]float64{}
	for _, some := range []map[string]time.Duration{lengths, further} {
		for text, length := range maps.All(some) {
			seconds[text] = length.Seconds()
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(seconds) // a map of finite numbers
	return lengthsFile(p), b.Bytes(), nil
}
