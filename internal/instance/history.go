package instance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings about what is kept.
const (
	CodeNothingKept = "instance-nothing-kept" // nothing was kept of a flow
	CodeKept        = "instance-kept"         // a file with what was kept cannot be read
)

// History is what pushes have replaced of one flow in one instance, in files below the folder of the flows: each is an
// answer as the AWS CLI gives it, which other verbs read, too.
type History struct {
	dir  string // of the flows
	name string // of the history's own folder in it, with slashes
}

// historyFolder holds what was replaced. It is hidden, so that it is not taken for flows of the project.
const historyFolder = ".connect-async-replaced"

// draftSuffix ends the name of the file of what was saved and never published.
const draftSuffix = ".saved.json"

// HistoryOf is the history of a flow's file in an instance.
func HistoryOf(dir string, in *Instance, file string) History {
	return History{dir: dir, name: path.Join(historyFolder, in.ID(), strings.TrimSuffix(file, ".json"))}
}

// answer is a flow or module as the AWS CLI describes it.
type answer struct {
	ContactFlow       *described `json:",omitempty"`
	ContactFlowModule *described `json:",omitempty"`
}

type described struct {
	ID       string `json:"Id"`
	Name     string
	Type     string `json:",omitempty"`
	Settings string `json:",omitempty"`
	Content  string
}

func answerOf(d Document) answer {
	out := &described{ID: d.ID, Name: d.Name, Type: d.Type, Settings: d.Settings, Content: d.Content}
	if d.Type != string(flowlang.Module) {
		return answer{ContactFlow: out}
	}
	out.Type = ""
	return answer{ContactFlowModule: out}
}

func (a answer) document() Document {
	d := a.ContactFlow
	if d == nil {
		d = a.ContactFlowModule
		d.Type = string(flowlang.Module)
	}
	return Document{ID: d.ID, Name: d.Name, Type: d.Type, Content: d.Content, Settings: d.Settings}
}

// Keep returns the file to write before a document is replaced. ok is false when it was kept last already. isDraft says
// that it was saved and not published.
func (h History) Keep(d Document, isDraft bool) (file manifest.File, ok bool, err error) {
	names, err := h.names()
	if err != nil {
		return manifest.File{}, false, err
	}
	suffix := ".json"
	if isDraft {
		suffix = draftSuffix
	}
	number := 1
	for _, name := range names {
		if isDraft == strings.HasSuffix(name, draftSuffix) {
			last, err := h.read(name)
			if err != nil {
				return manifest.File{}, false, err
			}
			ok = last == d
		}
		if _, err := fmt.Sscanf(name, "%d.", &number); err == nil {
			number++
		}
	}
	text, err := json.MarshalIndent(answerOf(d), "", "  ")
	name := path.Join(h.name, fmt.Sprintf("%04d%s", number, suffix))
	return manifest.File{Name: name, Content: append(text, '\n'), Theirs: true}, !ok, err
}

// Last returns what was published last and is not what is published now, by its hash, and the file that it was kept in.
// The error is a source.Finding.
func (h History) Last(published string) (d Document, file string, err error) {
	names, err := h.names()
	if err != nil {
		return Document{}, "", err
	}
	for _, name := range slices.Backward(names) {
		if strings.HasSuffix(name, draftSuffix) {
			continue
		}
		d, err := h.read(name)
		if err != nil {
			return Document{}, "", err
		}
		if hash, err := HashOf(d); err != nil || hash != published {
			return d, path.Join(h.name, name), err
		}
	}
	return Document{}, "", source.Finding{Code: CodeNothingKept, Severity: source.Error, File: h.folder(),
		Message: "nothing was kept of this flow that differs from what is published",
		Remedy:  "Only what a push from this folder replaced can be restored."}
}

func (h History) folder() string { return filepath.Join(h.dir, filepath.FromSlash(h.name)) }

// names are the files of the history, the oldest first.
func (h History) names() ([]string, error) {
	entries, err := os.ReadDir(h.folder())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, source.Unreadable(h.folder(), err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".json") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func (h History) read(name string) (Document, error) {
	file := filepath.Join(h.folder(), name)
	text, err := os.ReadFile(file)
	if err != nil {
		return Document{}, source.Unreadable(file, err)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil || a == (answer{}) {
		return Document{}, source.Finding{Code: CodeKept, Severity: source.Error, File: file,
			Message: "what was kept here cannot be read", Remedy: "Restore the file, or remove it to use an older one."}
	}
	return a.document(), nil
}
