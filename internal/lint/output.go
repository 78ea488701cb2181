package lint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Formats are the names of the forms in which findings can be written.
var Formats = []string{"text", "json", "sarif", "github", "gitlab"}

// Report is what a run of the rules came to.
type Report struct {
	Found   []Finding
	Checked Checked
	Texts   map[string][]byte // the files' contents by name, for the lines and columns that some forms show
}

// Checked is how many documents were checked against the rules.
type Checked struct {
	Flows    int `json:"flows"`
	Modules  int `json:"modules"`
	Machines int `json:"stateMachines"`
}

// String is a sentence, such as "Checked 2 flows, 1 module and 1 state machine."
func (c Checked) String() string {
	if c == (Checked{}) {
		return "Nothing was checked."
	}
	count := func(n int, thing string) string {
		if n == 1 {
			return "1 " + thing
		}
		return fmt.Sprintf("%d %ss", n, thing)
	}
	return fmt.Sprintf("Checked %s, %s and %s.",
		count(c.Flows, "flow"), count(c.Modules, "module"), count(c.Machines, "state machine"))
}

// Write writes a report in one of Formats. How many documents were checked has a place in SARIF only.
func Write(w io.Writer, format string, r Report) error {
	switch format {
	case "text":
		return writeText(w, r.Found, r.Texts)
	case "json":
		return writeJSON(w, r.Found)
	case "sarif":
		return writeSARIF(w, r)
	case "github":
		return writeGitHub(w, r.Found)
	case "gitlab":
		return writeGitLab(w, r.Found)
	}
	return fmt.Errorf("unknown format %q (supported: %s)", format, strings.Join(Formats, ", "))
}

// writeText writes each finding with the line that it is about, a caret under the place, and the remedy.
func writeText(w io.Writer, found []Finding, texts map[string][]byte) error {
	lines := linesOf(texts)
	var b bytes.Buffer
	for _, f := range found {
		fmt.Fprintln(&b, f.Error())
		if f.Line >= 1 && f.Line <= len(lines[f.File]) && len(lines[f.File][f.Line-1]) > 0 {
			writeCaret(&b, lines[f.File][f.Line-1], f.Column)
		}
		if f.Remedy != "" {
			fmt.Fprintf(&b, "    %s\n", f.Remedy)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// linesOf are the lines of files, by name.
func linesOf(texts map[string][]byte) map[string][][]byte {
	lines := map[string][][]byte{}
	for file, text := range texts {
		lines[file] = bytes.Split(text, []byte("\n"))
	}
	return lines
}

// widest is how much of a long line is shown on either side of the place.
const widest = 60

// writeCaret writes a line, or the part of it around the place, and a caret below the place.
func writeCaret(b *bytes.Buffer, line []byte, column int) {
	text := strings.ToValidUTF8(string(bytes.TrimRight(line, "\r")), "?")
	at := min(max(column-1, 0), len(text))
	text = strings.ReplaceAll(text, "\t", " ")
	before, after := []rune(strings.TrimLeft(text[:at], " ")), []rune(text[at:])
	if len(before) > widest {
		before = slices.Concat([]rune("… "), before[len(before)-widest:])
	}
	if len(after) > widest {
		after = slices.Concat(after[:widest], []rune(" …"))
	}
	fmt.Fprintf(b, "    %s%s\n    %s^\n", string(before), string(after), strings.Repeat(" ", len(before)))
}

// writeJSON writes an array with one finding per line.
func writeJSON(w io.Writer, found []Finding) error {
	var b bytes.Buffer
	b.WriteString("[")
	for i, f := range found {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		f.File = filepath.ToSlash(f.File)
		if err := enc.Encode(f); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1)
	}
	b.WriteString("\n]\n")
	_, err := w.Write(b.Bytes())
	return err
}

var gitHubLevels = map[source.Severity]string{source.Error: "error", source.Warning: "warning", source.Info: "notice"}

// writeGitHub writes workflow commands, which GitHub shows beside the lines of a change.
func writeGitHub(w io.Writer, found []Finding) error {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range found {
		text := strings.TrimSpace(f.Message + ". " + f.Remedy)
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,title=%s::%s\n", gitHubLevels[f.Severity],
			property.Replace(filepath.ToSlash(f.File)), f.Line, f.Column, property.Replace(f.Code), data.Replace(text))
		if err != nil {
			return err
		}
	}
	return nil
}
