package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Codes of the findings of Write.
const (
	CodeNotReplaced = "not-replaced" // files that must not be replaced are in the way
	CodeUnwritable  = "unwritable"   // a file or folder cannot be written
)

// File is a file to write.
type File struct {
	Name       string // with slashes, relative to the folder; one that stays the user's may lie elsewhere
	Content    []byte
	Executable bool
	Append     bool // the lines of Content that the file lacks are appended to it; it stays the user's
	Theirs     bool // Content is the user's file with a change: it is never in the way, and stays the user's
}

// Replace says which files a Writer may replace. Each allows what the one before it does.
type Replace int

// What may be replaced. A file that has the right content already is never in the way.
const (
	Interrupted Replace = iota // what a run that was killed left
	Unedited                   // files that this program wrote and nobody edited since
	Edited                     // files that this program wrote
	Anything
)

// Writer writes the files of a verb into a folder.
type Writer struct {
	Dir     string
	By      string // the verb, such as "export terraform"
	Replace Replace
	Remove  bool   // remove files that the verb wrote earlier and that are no longer part of it
	Anyway  string // a sentence on how to replace what a greater Replace allows, for remedies
	Disk    Disk
}

// State is what Write does with a file.
type State string

// The states of a file.
const (
	New      State = "new"
	Kept     State = "kept"     // it has the right content already
	Extended State = "extended" // by lines that it lacks
	Changed  State = "changed"  // the user's file
	Replaced State = "replaced"
	InTheWay State = "exists" // one that must not be replaced
)

// Preview is what Write would do.
type Preview struct {
	States    []State // of the files, in their order
	Conflicts []Conflict
}

// Conflict is a file that is in the way.
type Conflict struct {
	Name string // as in File
	Ours bool   // this program wrote it, whatever became of it since
}

// change is what is done with one file.
type change struct {
	name    string
	path    string // of the file itself, behind a link
	content []byte
	mode    fs.FileMode
	remove  bool
	isGone  bool // of one to remove: only the folders that are empty without it are left
}

// plan is what a run does.
type plan struct {
	Preview
	manifest Manifest
	changes  []change
	entries  map[string]entry // those of the manifest afterwards
}

// staging is the folder in which everything is written first, beside the file where that lies elsewhere: it is renamed
// then, which no disk does to another one.
const staging = ".connect-async-new"

// Preview says what Write would do: nothing at all when files are in the way.
func (w Writer) Preview(files []File) (Preview, error) {
	p, err := w.plan(files)
	return p.Preview, err
}

// Write writes the files, or nothing when files that must not be replaced are in the way. It returns the names of files
// that were removed. The error is a source.Finding.
func (w Writer) Write(files []File) (removed []string, err error) {
	p, err := w.plan(files)
	if err != nil {
		return nil, err
	}
	if len(p.Conflicts) > 0 {
		return nil, w.refusal(p.Conflicts)
	}
	if err := w.perform(p); err != nil {
		return nil, Unwritable(w.Dir, err)
	}
	for _, c := range p.changes {
		if c.remove && !c.isGone {
			removed = append(removed, c.name)
		}
	}
	return removed, nil
}

// plan compares the files with what is there.
func (w Writer) plan(files []File) (plan, error) {
	if info, err := os.Stat(w.Dir); err == nil && !info.IsDir() {
		return plan{}, Unwritable(w.Dir, errors.New("it is not a folder"))
	}
	m, err := Read(w.Dir)
	p := plan{manifest: m, entries: maps.Clone(m.Files)}
	if err != nil {
		return p, err
	}
	part := map[string]bool{}
	for _, f := range files {
		part[f.Name] = true
		if err := p.add(w, f); err != nil {
			return p, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Files)) {
		if m.Files[name].By == w.By && !part[name] && w.Remove && filepath.IsLocal(filepath.FromSlash(name)) {
			if err := p.leave(w, name); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}

// add plans to write a file.
func (p *plan) add(w Writer, f File) error {
	c := change{name: f.Name, content: f.Content, mode: 0o644}
	if f.Executable {
		c.mode = 0o755
	}
	there, err := c.read(w.Dir)
	switch {
	case errors.Is(err, errNoFile):
		p.Conflicts = append(p.Conflicts, Conflict{Name: f.Name})
		p.States = append(p.States, InTheWay)
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return Unwritable(c.path, err)
	}
	isNew := err != nil
	if f.Append {
		c.content = withLines(there, f.Content)
	}
	isKept := !isNew && bytes.Equal(there, c.content)
	state := stateOf(f, isNew, isKept)
	if !f.Append && !f.Theirs {
		if state == Replaced && !p.mayReplace(w, f.Name, there) {
			state = InTheWay
		}
		p.entries[f.Name] = entry{By: w.By, SHA256: []string{hash(c.content)}}
	}
	p.States = append(p.States, state)
	if !isKept {
		p.changes = append(p.changes, c)
	}
	return nil
}

// stateOf is the state of a file if nothing is in the way.
func stateOf(f File, isNew, isKept bool) State {
	switch {
	case isNew:
		return New
	case isKept:
		return Kept
	case f.Append:
		return Extended
	case f.Theirs:
		return Changed
	}
	return Replaced
}

// errNoFile is the error of a folder, or something else, that has a file's name.
var errNoFile = errors.New("it is not a file")

// read reads the file as it is, finds out where it really is, and keeps its permissions.
func (c *change) read(dir string) ([]byte, error) {
	if c.path = filepath.FromSlash(c.name); !filepath.IsAbs(c.path) {
		c.path = filepath.Join(dir, c.path)
	}
	if real, err := filepath.EvalSymlinks(c.path); err == nil {
		c.path = real
	}
	info, err := os.Stat(c.path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	c.mode = info.Mode().Perm()
	return os.ReadFile(c.path)
}

// mayReplace notes a conflict unless a file with this content may be replaced.
func (p *plan) mayReplace(w Writer, name string, there []byte) bool {
	_, isOurs := p.manifest.Files[name]
	needs := Anything
	switch {
	case isOurs && p.manifest.Left(w.By, name, there):
		needs = Interrupted
	case isOurs && p.manifest.Wrote(name, there):
		needs = Unedited
	case isOurs:
		needs = Edited
	}
	if w.Replace < needs {
		p.Conflicts = append(p.Conflicts, Conflict{Name: name, Ours: isOurs})
		return false
	}
	return true
}

// leave plans to remove a file that is no longer part of what the verb writes.
func (p *plan) leave(w Writer, name string) error {
	c := change{name: name, remove: true}
	there, err := c.read(w.Dir)
	delete(p.entries, name)
	switch c.isGone = errors.Is(err, fs.ErrNotExist); {
	case c.isGone:
	case err != nil:
		return Unwritable(c.path, err)
	default:
		p.mayReplace(w, name, there)
	}
	c.path = filepath.Join(w.Dir, filepath.FromSlash(name)) // the link, where it is one
	p.changes = append(p.changes, c)
	return nil
}

// withLines appends the lines that a text lacks.
func withLines(text, lines []byte) []byte {
	has := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	out := slices.Clone(text)
	for line := range strings.Lines(string(lines)) {
		if slices.Contains(has, strings.TrimSuffix(line, "\n")) {
			continue
		}
		if len(out) > 0 && out[len(out)-1] != '\n' {
			out = append(out, '\n')
		}
		out = append(out, line...)
	}
	return out
}

// refusal says what is in the way.
func (w Writer) refusal(conflicts []Conflict) source.Finding {
	var ours, others []string
	for _, c := range conflicts {
		name := path.Join(filepath.ToSlash(w.Dir), c.Name)
		if c.Ours {
			ours = append(ours, name)
		} else {
			others = append(others, name)
		}
	}
	f := source.Finding{Code: CodeNotReplaced, Severity: source.Error, File: w.Dir,
		Remedy: strings.TrimSpace("Choose another folder. " + w.Anyway)}
	switch {
	case len(others) > 0:
		f.Message = "nothing written: connect-async did not write " + strings.Join(others, ", ")
		f.Remedy = "Choose another folder, or move what is in the way."
	case w.Replace == Interrupted:
		f.Message = "nothing written: already there: " + strings.Join(ours, ", ")
	default:
		f.Message = "nothing written: edited since connect-async wrote it: " + strings.Join(ours, ", ")
	}
	return f
}

// perform changes the disk. At each moment every file is as it was or as it is to be, and the manifest knows both.
func (w Writer) perform(p plan) error {
	after := Manifest{Files: p.entries}
	if len(p.changes) == 0 && bytes.Equal(after.text(), p.manifest.text()) {
		return w.unstage(p)
	}
	if err := errors.Join(w.unstage(p), w.Disk.mkdir(filepath.Join(w.Dir, staging))); err != nil {
		return err
	}
	for i, c := range p.changes {
		if c.remove {
			continue
		}
		staged := w.staged(c, i)
		if err := w.Disk.mkdir(filepath.Dir(staged)); err != nil {
			return err
		}
		if err := w.Disk.write(staged, c.content, c.mode); err != nil {
			return err
		}
	}
	if err := w.note(p.during(w.By)); err != nil {
		return err
	}
	for i, c := range p.changes {
		if err := w.apply(c, w.staged(c, i)); err != nil {
			return err
		}
	}
	if err := w.note(after); err != nil {
		return err
	}
	return w.unstage(p)
}

// staged is where the content of a change is written first.
func (w Writer) staged(c change, number int) string {
	dir := w.Dir
	if !w.holds(c.path) {
		dir = filepath.Dir(c.path)
	}
	return filepath.Join(dir, staging, strconv.Itoa(number))
}

// holds reports whether a file lies in the folder, which may be a link itself.
func (w Writer) holds(path string) bool {
	real, _ := filepath.EvalSymlinks(w.Dir)
	for _, dir := range []string{w.Dir, real} {
		if name, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(name) {
			return true
		}
	}
	return false
}

// unstage removes what was written first, by this run or by one that was killed.
func (w Writer) unstage(p plan) error {
	err := w.Disk.removeAll(filepath.Join(w.Dir, staging))
	for i, c := range p.changes {
		err = errors.Join(err, w.Disk.removeAll(filepath.Dir(w.staged(c, i))))
	}
	return err
}

// apply puts a staged file in its place, or removes one, and the folders that are empty then.
func (w Writer) apply(c change, staged string) error {
	if !c.remove {
		return w.Disk.rename(staged, c.path)
	}
	if !c.isGone {
		if err := w.Disk.remove(c.path); err != nil {
			return err
		}
	}
	for dir := filepath.Dir(c.path); dir != filepath.Clean(w.Dir); dir = filepath.Dir(dir) {
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || len(entries) > 0 {
			break
		}
		if err := w.Disk.remove(dir); err != nil {
			return err
		}
	}
	return nil
}

// during is the manifest while a verb replaces files: it knows each content, old and new.
func (p plan) during(by string) Manifest {
	m := Manifest{Writing: by, Files: maps.Clone(p.manifest.Files)}
	for name, e := range p.entries {
		known := slices.Concat(p.manifest.Files[name].SHA256, e.SHA256)
		slices.Sort(known)
		m.Files[name] = entry{By: e.By, SHA256: slices.Compact(known)}
	}
	return m
}

// note replaces the manifest.
func (w Writer) note(m Manifest) error {
	file := filepath.Join(w.Dir, staging, FileName)
	if err := w.Disk.write(file, m.text(), 0o644); err != nil {
		return err
	}
	return w.Disk.rename(file, filepath.Join(w.Dir, FileName))
}

// Unwritable is the finding that a file or folder cannot be written, or the one of what should have been written.
func Unwritable(name string, err error) source.Finding {
	if found, ok := errors.AsType[source.Finding](err); ok {
		return found
	}
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = at.Err // the finding names the file itself
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		err = link.Err
	}
	return source.Finding{Code: CodeUnwritable, Severity: source.Error, File: name,
		Message: fmt.Sprintf("cannot be written: %v", err), Remedy: "Choose a path that can be written."}
}
