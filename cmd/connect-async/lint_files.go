package main

import (
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/instance"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
	"github.com/connect-async/connect-async/internal/workspace"
)

// lintInput is everything that is checked against the rules.
type lintInput struct {
	kind      flowlang.Type // of flows that do not say it, "" when it was not given
	paths     []string      // as they were given
	files     workspace.Files
	documents []lintDocument
	projects  map[*project.Project]*lintProject
	texts     map[string][]byte // of the files that findings are about
	unread    []lint.Finding    // why files were not checked
}

// lintDocument is a file in which something was found.
type lintDocument struct {
	*lint.Document
	*workspace.File
}

// lintProject is what belongs to a project besides flows and state machines.
type lintProject struct {
	settings   lint.Settings
	recordings map[string]time.Duration
	lengths    map[string]time.Duration
	attributes []string // that the contact comes with, as the scenario says
	standIns   []string // names of states and patterns
}

// readLintInput reads what the paths name.
func readLintInput(paths []string, kind flowlang.Type) *lintInput {
	return newLintInput(paths, workspace.Find(paths), kind)
}

// newLintInput reads files that were found below some paths.
func newLintInput(paths []string, files workspace.Files, kind flowlang.Type) *lintInput {
	in := &lintInput{kind: kind, paths: paths, files: files, projects: map[*project.Project]*lintProject{},
		texts: map[string][]byte{}}
	in.leaveOut(nil, files.Unread...)
	for _, p := range files.Projects {
		in.addProject(p)
	}
	for _, file := range files.List {
		in.addFile(file)
	}
	in.join()
	in.reportNothing(paths)
	return in
}

// leaveOut keeps why something in a file was not checked, as findings like the others. p is the project of the file,
// nil when it has none.
func (in *lintInput) leaveOut(p *project.Project, why ...source.Finding) {
	var settings lint.Settings
	if read := in.projects[p]; read != nil {
		settings = read.settings
	}
	for _, f := range lint.Unread(why, settings) {
		if !slices.Contains(in.unread, f) { // a project file may be read as a template, too
			in.unread = append(in.unread, f)
		}
	}
}

// addFile reads what is in a file. In one that was not named there may be nothing.
func (in *lintInput) addFile(file *workspace.File) {
	doc, err := lint.Read(file.Path, file.Text)
	if err == nil {
		in.texts[file.Path] = file.Text
		in.documents = append(in.documents, lintDocument{Document: doc, File: file})
		return
	}
	if f := source.AsFinding(file.Path, err); file.Named || f.Code != template.CodeNone {
		in.texts[file.Path] = file.Text
		in.leaveOut(file.Project, f)
	}
}

// join gives each flow what other files say of it, and keeps what is unread then.
func (in *lintInput) join() {
	docs := make([]*lint.Document, len(in.documents))
	for i, d := range in.documents {
		docs[i] = d.Document
	}
	lint.Join(docs, in.deployedBy()...)
	for _, d := range in.documents {
		in.leaveOut(d.Project, d.Unread...)
	}
}

// deployedBy returns the resources that deploy the files which were named, in files beside them that were not.
func (in *lintInput) deployedBy() []template.Elsewhere {
	var named []string
	for _, d := range in.documents {
		if d.Named {
			named = append(named, d.Path)
		}
	}
	return slices.DeleteFunc(workspace.DeployedBy(named...), func(e template.Elsewhere) bool {
		return in.texts[filepath.Clean(e.File)] != nil
	})
}

// addProject reads what the project names besides flows: how long its recordings take, and what the contact of its
// scenario comes with. What is wrong with them is for other verbs to say.
func (in *lintInput) addProject(p *project.Project) {
	settings, found := lint.ReadSettings(p.File, p.Lint)
	in.leaveOut(nil, found...)
	read := &lintProject{settings: settings}
	read.recordings, _ = workspace.Recordings(p)
	read.lengths, _ = workspace.Lengths(p)
	if p.Scenario != "" {
		given, _ := scenario.Read(p.Scenario)
		for _, caller := range given.Callers {
			read.attributes = append(read.attributes, slices.Sorted(maps.Keys(caller.Attributes))...)
		}
		read.standIns = slices.Sorted(maps.Keys(given.Tasks))
	}
	in.projects[p] = read
	in.leaveOut(p, staleFlows(p)...)
}

// reportNothing reports the paths below which nothing was checked and nothing else says why.
func (in *lintInput) reportNothing(paths []string) {
	for _, path := range paths {
		holds := func(d lintDocument) bool { return slices.Contains(d.Below, path) }
		explains := func(f lint.Finding) bool { return isBelow(f.File, path) }
		if slices.ContainsFunc(in.documents, holds) || slices.ContainsFunc(in.unread, explains) {
			continue
		}
		in.leaveOut(nil, source.Finding{Code: lint.CodeNothing, Severity: source.Error, File: path,
			Message: "there is no contact flow, flow module or state machine in this folder",
			Remedy:  "Name the folder that holds them, or the files themselves."})
	}
}

// isBelow reports whether a file is a path itself, or in a folder at any depth.
func isBelow(file, path string) bool {
	rest, err := filepath.Rel(path, file)
	return err == nil && filepath.IsLocal(rest)
}

// run checks every set-up against the rules: the functions of each project, each flow with what belongs to it, and each
// state machine.
func (in *lintInput) run() []lint.Finding {
	found := in.lintCode()
	for _, d := range in.documents {
		var ofFlows []lint.Finding // each once, since several resources may deploy one document
		for _, f := range d.Flows {
			for _, finding := range lint.Run(in.setup(d, f)) {
				if !slices.Contains(ofFlows, finding) {
					ofFlows = append(ofFlows, finding)
				}
			}
		}
		found = append(found, ofFlows...)
		for _, m := range d.Machines {
			s := in.surroundings(d)
			s.Machine = m
			found = append(found, lint.Run(s)...)
		}
	}
	return found
}

// migrate says what changes for the flows that were written for the original system.
func (in *lintInput) migrate() []lint.Finding {
	var found []lint.Finding
	for _, d := range in.documents {
		for _, f := range d.Flows {
			found = append(found, lint.Migrate(f)...)
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

// surroundings is the project of a document and what belongs to it.
func (in *lintInput) surroundings(d lintDocument) lint.Setup {
	if d.Project == nil {
		return lint.Setup{Lost: project.Nearest(filepath.Dir(d.Path)) != ""}
	}
	p := in.projects[d.Project]
	return lint.Setup{Project: d.Project, Settings: p.settings, StandIns: p.standIns}
}

// setup puts together what belongs to a flow. A state machine belongs to it when there is only one that could.
func (in *lintInput) setup(d lintDocument, f *lint.Flow) lint.Setup {
	s := in.surroundings(d)
	if p := in.projects[d.Project]; p != nil {
		s.Recordings, s.Lengths, s.Attributes = p.recordings, p.lengths, p.attributes
	}
	s.Flow, s.Managed, s.Pulled = f, workspace.Managed(d.Project, f.File), instance.IsPulled(f.File)
	if t, ok := workspace.FlowType(d.Project, f.Flow, in.kind); ok {
		s.Flow = f.WithType(t)
	}
	var machines []*lint.Machine
	for _, other := range in.documents {
		if d.Beside(other.File) {
			machines = append(machines, other.Machines...)
		}
	}
	if len(machines) == 1 {
		s.Machine = machines[0]
	}
	return s
}

// checked says what was checked.
func (in *lintInput) checked() lint.Checked {
	var c lint.Checked
	for _, d := range in.documents {
		c.Machines += len(d.Machines)
		for _, f := range d.Flows {
			if in.setup(d, f).Flow.Type == flowlang.Module {
				c.Modules++
			} else {
				c.Flows++
			}
		}
	}
	return c
}
