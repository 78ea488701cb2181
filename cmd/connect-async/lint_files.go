package main

import (
	"bufio"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/template"
)

// lintInput is everything that is held against the rules.
type lintInput struct {
	kind      flowlang.Type // of flows that do not say it, "" when it was not given
	texts     map[string][]byte
	documents []lintDocument
	projects  map[string]*lintProject // by folder
	seen      map[string]bool         // files that were read
	unread    []lint.Finding
}

type lintDocument struct {
	*lint.Document
	project *lintProject // nil when there is none
}

// lintProject is a project file with the settings in it.
type lintProject struct {
	*project.Project
	settings   lint.Settings
	machines   []*lint.Machine
	recordings map[string]time.Duration
	attributes []string // that the contact comes with, as the scenario says
}

// add reads a file, or everything in a folder that can hold a flow.
func (in *lintInput) add(path string) {
	info, err := os.Stat(path)
	if err != nil {
		_, err = source.ReadFile(path) // words it
		in.unreadable(path, err)
		return
	}
	if !info.IsDir() {
		in.file(path, true)
		return
	}
	in.projectOf(path)
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != path && skippedFolder(entry.Name()):
			return filepath.SkipDir
		case entry.Type().IsRegular() && template.Searched(file):
			in.file(file, false)
		}
		return nil
	})
	if err != nil {
		in.unreadable(path, err)
	}
}

func skippedFolder(name string) bool {
	return strings.HasPrefix(name, ".") || name == "node_modules" || name == "cdk.out"
}

// file reads one file. In one that was not named, only what looks like a flow or a state machine must be readable.
func (in *lintInput) file(path string, named bool) {
	path = filepath.Clean(path)
	if in.seen[path] {
		return
	}
	in.seen[path] = true
	text, err := os.ReadFile(path)
	if err != nil {
		_, err = source.ReadFile(path)
		in.unreadable(path, err)
		return
	}
	if !named && !template.MayHold(text) {
		return
	}
	doc, err := lint.Read(path, text)
	if err != nil {
		var f source.Finding
		if named || !errors.As(err, &f) || f.Code != lint.CodeNothing {
			in.texts[path] = text
			in.unreadable(path, err)
		}
		return
	}
	in.texts[path] = text
	in.documents = append(in.documents, lintDocument{doc, in.projectOf(filepath.Dir(path))})
}

// projectOf finds the project that a folder belongs to: its own, or that of the nearest folder above, up to a repository's root.
func (in *lintInput) projectOf(dir string) *lintProject {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	if p, known := in.projects[dir]; known {
		return p
	}
	in.projects[dir] = nil
	if _, err := os.Stat(filepath.Join(dir, project.FileName)); err == nil {
		in.projects[dir] = in.readProject(dir)
	} else if _, err := os.Stat(filepath.Join(dir, ".git")); err != nil && filepath.Dir(dir) != dir {
		in.projects[dir] = in.projectOf(filepath.Dir(dir))
	}
	return in.projects[dir]
}

func (in *lintInput) readProject(dir string) *lintProject {
	dir = relative(dir)
	p, found := project.Read(dir)
	var settings lint.Settings
	if p != nil {
		var more source.Findings
		settings, more = lint.ReadSettings(p.File, p.Lint)
		found = append(found, more...)
	}
	for _, f := range found {
		in.unreadable(f.File, f)
	}
	if p == nil {
		return nil
	}
	read := &lintProject{Project: p, settings: settings, recordings: map[string]time.Duration{}}
	in.readSurroundings(read)
	return read
}

// readSurroundings reads what the project names beside flows: how long its recordings take, and what the contact of its scenario
// comes with. What is wrong with them is for other verbs to say.
func (in *lintInput) readSurroundings(p *lintProject) {
	for name, file := range p.Prompts {
		f, err := os.Open(file)
		if err != nil {
			continue
		}
		if length, err := speech.WAV(bufio.NewReader(f)); err == nil {
			p.recordings[name] = length
		}
		f.Close()
	}
	if p.Scenario != "" {
		given, _ := scenario.Read(p.Scenario)
		for _, caller := range given.Callers {
			p.attributes = append(p.attributes, slices.Sorted(maps.Keys(caller.Attributes))...)
		}
	}
}

// relative returns a path as it is seen from the current folder, when it lies below.
func relative(path string) string {
	if here, err := os.Getwd(); err == nil {
		if short, err := filepath.Rel(here, path); err == nil && !strings.HasPrefix(short, "..") {
			return short
		}
	}
	return path
}

// join gives each flow what other files say of it, and keeps what is unread then.
func (in *lintInput) join() {
	docs := make([]*lint.Document, len(in.documents))
	for i, d := range in.documents {
		docs[i] = d.Document
	}
	lint.Join(docs)
	for _, d := range docs {
		for _, f := range d.Unread {
			in.unreadable(d.File, f)
		}
	}
}

// run holds every set-up against the rules: each flow with what belongs to it, and each state machine.
func (in *lintInput) run() []lint.Finding {
	for _, d := range in.documents {
		if d.project != nil {
			d.project.machines = append(d.project.machines, d.Machines...)
		}
	}
	var found []lint.Finding
	for _, d := range in.documents {
		for _, f := range d.Flows {
			found = append(found, lint.Run(in.setup(d, f))...)
		}
		for _, m := range d.Machines {
			s := lint.Setup{Machine: m}
			if d.project != nil {
				s.Project, s.Settings = d.project.Project, d.project.settings
			}
			found = append(found, lint.Run(s)...)
		}
	}
	return found
}

// serves says of each flow with the asynchronous protocol how long a function may take.
func (in *lintInput) serves() []string {
	var sentences []string
	for _, d := range in.documents {
		for _, f := range d.Flows {
			if sentence := lint.Serves(in.setup(d, f)); sentence != "" {
				sentences = append(sentences, sentence)
			}
		}
	}
	return sentences
}

// setup puts together what belongs to a flow. A state machine belongs to it when there is only one that could.
func (in *lintInput) setup(d lintDocument, f *lint.Flow) lint.Setup {
	s := lint.Setup{Flow: f}
	machines := in.allMachines()
	if d.project != nil {
		s.Project, s.Settings = d.project.Project, d.project.settings
		s.Recordings, s.Attributes = d.project.recordings, d.project.attributes
		machines = d.project.machines
		for _, listed := range d.project.Flows {
			t, ok := flowlang.TypeOf(listed.Type)
			if ok && sameFile(listed.File, d.File) {
				s.Flow = f.WithType(t)
			}
		}
	}
	if in.kind != "" && !s.Flow.TypeGiven {
		s.Flow = s.Flow.WithType(in.kind)
	}
	if len(machines) == 1 {
		s.Machine = machines[0]
	}
	return s
}

func (in *lintInput) allMachines() []*lint.Machine {
	var all []*lint.Machine
	for _, d := range in.documents {
		all = append(all, d.Machines...)
	}
	return all
}

func sameFile(a, b string) bool {
	a, errA := filepath.Abs(a)
	b, errB := filepath.Abs(b)
	return errA == nil && errB == nil && a == b
}
