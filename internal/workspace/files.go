package workspace

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// Files are the files that were found below some paths, and the projects that they belong to.
type Files struct {
	List     []*File
	Projects []*project.Project
	Unread   source.Findings // files and project files that cannot be read
}

// File is a file that may hold flows, modules and state machines.
type File struct {
	Path    string
	Text    []byte
	Named   bool             // by the user or by a project: something must be in it
	Project *project.Project // that it belongs to; nil when there is none
	Below   []string         // the paths it was found below, as they were given
}

// Beside reports whether one of two files may belong to what is in the other: both are of one project. A file without a
// project may belong to every other.
func (f *File) Beside(g *File) bool { return f.Project == nil || f.Project == g.Project }

// Find reads the files that are named, and in folders, at any depth, those that may hold a flow, a module or a state
// machine, and those that a project in the folder lists. Each is there once.
func Find(paths []string) Files {
	f := &finder{seen: map[string]*File{}, projects: map[string]*project.Project{}}
	for _, path := range paths {
		f.path = path
		f.find()
	}
	return f.Files
}

// finder collects files below one path after the other.
type finder struct {
	Files
	path     string
	seen     map[string]*File            // by real path; nil for those that cannot be read
	projects map[string]*project.Project // by the absolute path of the project file
}

func (f *finder) find() {
	info, err := os.Stat(f.path)
	switch {
	case err != nil:
		f.unread(f.path, err)
		return
	case !info.IsDir():
		f.read(f.path, true)
		return
	}
	f.projectOf(f.path)
	var links []string
	err = filepath.WalkDir(f.path, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			f.unread(file, err)
		case entry.IsDir() && file != f.path && skipped(file):
			return filepath.SkipDir
		case entry.IsDir():
			f.listed(file)
		case entry.Type()&fs.ModeSymlink != 0:
			links = append(links, file)
		case searched(file):
			f.read(file, false)
		}
		return nil
	})
	if err != nil {
		f.unread(f.path, err)
	}
	for _, link := range links { // after the files, so that one of these has its own name
		if searched(link) {
			f.read(link, false)
		}
	}
}

func (f *finder) unread(file string, err error) {
	f.Unread = append(f.Unread, source.Unreadable(file, err))
}

// cdkOut is the folder that cdk synth writes. Only the templates in it are read: assets and the construct tree repeat
// what is in them, or in the sources.
const cdkOut = "cdk.out"

// skipped reports whether a folder is left out: hidden ones, packages, what cdk synth copies, and exports, whose flows
// are those of the project again.
func skipped(folder string) bool {
	name := filepath.Base(folder)
	isExport := manifest.IsExport(folder) && !exists(filepath.Join(folder, project.FileName))
	return isExport || strings.HasPrefix(name, ".") || name == "node_modules" ||
		inCDKOut(folder) && strings.HasPrefix(name, "asset.")
}

// OriginalSuffix ends the name of a file that was kept when its flow was adopted, as merge tools call theirs, too. In
// folders they are left out.
const OriginalSuffix = ".orig"

// searched reports whether a file in a folder is read. One that is too large is, when its name says that a flow may be
// in it, so that it is reported.
func searched(file string) bool {
	info, err := os.Stat(file)
	switch {
	case err != nil || !info.Mode().IsRegular():
		return false
	case strings.HasSuffix(file, OriginalSuffix), isSARIF(file), isProse(file):
		return false
	case inCDKOut(file):
		return strings.HasSuffix(file, ".template.json")
	}
	return info.Size() <= source.MaxBytes || template.Names(file)
}

// isSARIF reports whether a file has a name of a SARIF log (SARIF 2.1.0, 3.2), which quotes what was found in flows.
func isSARIF(file string) bool {
	return strings.HasSuffix(file, ".sarif") || strings.HasSuffix(file, ".sarif.json")
}

// prose are the ends of the names of files that people read. What they show of flows and state machines is often cut
// short, and nobody deploys it.
var prose = []string{".md", ".mdx", ".markdown", ".rst", ".adoc"}

func isProse(file string) bool { return slices.Contains(prose, strings.ToLower(filepath.Ext(file))) }

func inCDKOut(path string) bool {
	return slices.Contains(strings.Split(filepath.ToSlash(filepath.Dir(path)), "/"), cdkOut)
}

// listed reads the files that the project in a folder lists, which may lie elsewhere.
func (f *finder) listed(folder string) {
	if !exists(filepath.Join(folder, project.FileName)) {
		return
	}
	p := f.projectOf(folder)
	if p == nil {
		return
	}
	for _, flow := range p.Flows {
		f.read(flow.File, true).belong(p)
	}
	for _, job := range p.Jobs {
		if job.Definition != "" {
			f.read(job.Definition, true).belong(p)
		}
	}
}

// belong makes a file one of the project that lists it.
func (f *File) belong(p *project.Project) {
	if f != nil {
		f.Project = p
	}
}

// read reads one file. One that was not named counts only when it may hold something; nil is returned when it does not
// count.
func (f *finder) read(path string, named bool) *File {
	path = filepath.Clean(path)
	key := realPath(path)
	if file, seen := f.seen[key]; seen {
		file.again(f.path, named)
		return file
	}
	text, err := os.ReadFile(path)
	if err != nil {
		f.seen[key] = nil
		if named || template.Names(path) {
			f.unread(path, err)
		}
		return nil
	}
	utf16 := template.Names(path) && source.CheckUTF16(path, text) != nil // whoever reads it says so
	if !named && !utf16 && (isBinary(text) || !template.MayHold(text)) {
		return nil
	}
	file := &File{Path: path, Text: text, Named: named, Below: []string{f.path}}
	file.Project = f.projectOf(filepath.Dir(path))
	f.seen[key] = file
	f.List = append(f.List, file)
	return file
}

// realPath is the absolute path of a file behind all links or, when it cannot be told, the path itself.
func realPath(path string) string {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return path
	}
	if absolute, err := filepath.Abs(real); err == nil {
		return absolute
	}
	return real
}

// isBinary reports whether a file is something other than text.
func isBinary(text []byte) bool { return bytes.IndexByte(text[:min(len(text), 8192)], 0) >= 0 }

// again notes that a file was found once more.
func (f *File) again(below string, named bool) {
	if f == nil {
		return
	}
	f.Named = f.Named || named
	if !slices.Contains(f.Below, below) {
		f.Below = append(f.Below, below)
	}
}

// projectOf reads the project that a folder belongs to, once; nil when there is none, or when it has faults.
func (f *finder) projectOf(folder string) *project.Project {
	file := project.Nearest(folder)
	key, err := filepath.Abs(file)
	if file == "" || err != nil {
		return nil
	}
	if p, known := f.projects[key]; known {
		return p
	}
	p, found := project.Read(file)
	f.Unread = append(f.Unread, found...)
	if f.projects[key] = p; p != nil {
		f.Projects = append(f.Projects, p)
	}
	return p
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// SameFile reports whether two paths lead to the same file or folder.
func SameFile(a, b string) bool {
	one, errOne := os.Stat(a)
	other, errOther := os.Stat(b)
	return errOne == nil && errOther == nil && os.SameFile(one, other)
}
