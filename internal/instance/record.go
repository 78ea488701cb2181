package instance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/source"
)

// RecordFile is the name of the file of a Record, in the folder of the flows.
const RecordFile = ".connect-async-instances.json"

// CodeRecord is the code of the finding that a record cannot be read.
const CodeRecord = "instance-record"

// Record is what instances had published when flows were pulled from them or pushed to them. It belongs to the flows:
// whoever has these needs it, too.
type Record struct {
	Instances map[string]map[string]Entry `json:"instances"` // by ARN, and by the name of the file
}

// Entry is one flow or module in a Record.
type Entry struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	ID        string `json:"id"`
	Published string `json:"published"` // the hash of what was published
}

// ReadRecord reads the record in a folder. One that does not exist is empty. The error is a source.Finding.
func ReadRecord(dir string) (Record, error) {
	file := filepath.Join(dir, RecordFile)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Record{Instances: map[string]map[string]Entry{}}, nil
	}
	if err != nil {
		return Record{}, source.Unreadable(file, err)
	}
	var r Record
	if err := json.Unmarshal(text, &r); err != nil || r.Instances == nil {
		return Record{}, source.Finding{Code: CodeRecord, Severity: source.Error, File: file,
			Message: "the record of what instances had published cannot be read",
			Remedy:  "Restore it, or remove it and pull the flows again."}
	}
	return r, nil
}

// IsPulled reports whether the folder of a flow's file has a record of what instances had published.
func IsPulled(file string) bool {
	_, err := os.Stat(filepath.Join(filepath.Dir(file), RecordFile))
	return err == nil
}

// Of returns what is known of a flow's file in an instance, nothing when it was neither pulled from there nor pushed.
func (r Record) Of(instanceARN, file string) Entry { return r.Instances[instanceARN][file] }

// Set notes what an instance has of a flow's file.
func (r Record) Set(instanceARN, file string, e Entry) {
	if r.Instances[instanceARN] == nil {
		r.Instances[instanceARN] = map[string]Entry{}
	}
	r.Instances[instanceARN][file] = e
}

// File is the record as a file to write, to be written after the flows: one that is older than they are makes a push
// refuse, and one that is newer would let it replace what nobody has seen.
func (r Record) File() manifest.File {
	text, _ := json.MarshalIndent(r, "", "  ") // texts always marshal
	return manifest.File{Name: RecordFile, Content: append(text, '\n'), Theirs: true}
}

// FileNames gives each flow and module a name for its file: the one that the record has for it, in this instance or
// another, else one made of its name. Names are unique also where case does not count.
func (r Record) FileNames(instanceARN string, flows []Listed) []string {
	taken := map[string]bool{}
	names := make([]string, len(flows))
	for i, l := range flows {
		if names[i] = r.knownAs(instanceARN, l); taken[names[i]] {
			names[i] = ""
		}
		taken[names[i]] = true
	}
	for _, files := range r.Instances {
		for file := range files {
			taken[file] = true
		}
	}
	for i, l := range flows {
		for n := 1; names[i] == ""; n++ {
			name := fileName(l.Name, n)
			if !taken[name] {
				names[i], taken[name] = name, true
			}
		}
	}
	return names
}

// knownAs is the name of the file that a flow has already, "" when it has none.
func (r Record) knownAs(instanceARN string, l Listed) string {
	for file, e := range r.Instances[instanceARN] {
		if e.ID == l.ID {
			return file
		}
	}
	for _, files := range r.Instances {
		for file, e := range files {
			if _, here := r.Instances[instanceARN][file]; !here && e.Name == l.Name && e.Type == l.Type {
				return file
			}
		}
	}
	return ""
}

const maxFileName = 64 // characters of a name made of a flow's

// fileName is a name for the file of a flow: letters, digits and hyphens. n tells apart those that would have the same.
func fileName(name string, n int) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	runes := []rune(strings.Join(words, "-"))
	name = strings.Trim(string(runes[:min(len(runes), maxFileName)]), "-")
	if name == "" {
		name = "flow"
	}
	if n > 1 {
		name = fmt.Sprintf("%s-%d", name, n)
	}
	return name + ".json"
}
