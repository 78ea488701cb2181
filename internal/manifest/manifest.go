package manifest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// FileName is the name of the manifest in the folder that the files were written into.
const FileName = ".connect-async-manifest.json"

// CodeManifest is the code of the finding that a manifest cannot be read.
const CodeManifest = "bad-manifest"

// Manifest says which files of a folder this program wrote.
type Manifest struct {
	// Writing is the verb that replaces files, while it does: a run that was killed left some as they were and others
	// as they are to be. Both have their hash then.
	Writing string           `json:"writing,omitempty"`
	Files   map[string]entry `json:"files"` // by name, with slashes, relative to the folder
}

// entry is a file that was written.
type entry struct {
	By     string   `json:"by"`     // the verb
	SHA256 []string `json:"sha256"` // of its content; of two contents while it is being replaced
}

// Read reads the manifest of a folder. One that does not exist is empty. The error is a source.Finding.
func Read(dir string) (Manifest, error) {
	m := Manifest{Files: map[string]entry{}}
	file := filepath.Join(dir, FileName)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, source.Unreadable(file, err)
	}
	var read Manifest
	if err := json.Unmarshal(text, &read); err != nil || read.Files == nil {
		return m, source.Finding{Code: CodeManifest, Severity: source.Error, File: file,
			Message: "the list of files that connect-async wrote cannot be read",
			Remedy:  "Restore it, or remove it together with the files that connect-async wrote into this folder."}
	}
	return read, nil
}

// IsExport reports whether an export was written into a folder.
func IsExport(dir string) bool {
	m, err := Read(dir)
	if err != nil {
		return false
	}
	for _, e := range m.Files {
		if strings.HasPrefix(e.By, ExportVerb) {
			return true
		}
	}
	return false
}

// ExportVerb begins the verbs that export infrastructure, with which IsExport knows an export.
const ExportVerb = "export "

// Wrote reports whether a file has the content that this program wrote under its name.
func (m Manifest) Wrote(name string, content []byte) bool {
	return slices.Contains(m.Files[name].SHA256, hash(content))
}

// Left reports whether a run of a verb that was killed may have left a file with this content.
func (m Manifest) Left(by, name string, content []byte) bool {
	return m.Writing == by && m.Wrote(name, content)
}

// hash is the hash of a content, whatever its line endings: Git may change them.
func hash(content []byte) string {
	sum := sha256.Sum256(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")))
	return hex.EncodeToString(sum[:])
}

// text is the manifest as its file has it. Keys are sorted, so that the same files give the same bytes.
func (m Manifest) text() []byte {
	text, _ := json.MarshalIndent(m, "", "  ") // texts and lists always marshal
	return append(text, '\n')
}
