package page

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/draw"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/workspace"
)

// projectView is what the page shows of a project.
type projectView struct {
	Name      string         `json:"name"`
	Scenarios []scenarioView `json:"scenarios"`
	Scenario  string         `json:"scenario"` // the one to begin with
	Findings  []findingView  `json:"findings"` // of lint
	Problems  []string       `json:"problems"` // why there is nothing to play
	Version   string         `json:"version"`
}

type scenarioView struct {
	File string `json:"file"` // relative to the project's folder, "" for none
	Name string `json:"name"`
}

// findingView is something wrong with an action.
type findingView struct {
	File     string `json:"file"`
	Action   string `json:"action"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Remedy   string `json:"remedy"`
	Rule     string `json:"rule"`
}

// project tells what there is to play, and what is wrong with it. With a version that is still true it says no more.
func (s *Server) project(r *http.Request) (any, error) {
	v := projectView{Version: s.options.Version()}
	if known := r.URL.Query().Get("version"); known != "" && known == v.Version {
		return v, nil
	}
	p, found := project.Read(s.options.Project)
	if p == nil {
		v.Problems = texts(found)
		return v, nil
	}
	v.Name = p.Name
	for _, file := range s.scenarios() {
		given, _ := scenario.Read(file)
		name := cmp.Or(given.Name, s.relative(file))
		v.Scenarios = append(v.Scenarios, scenarioView{File: s.relative(file), Name: name})
	}
	switch {
	case len(v.Scenarios) == 0:
		v.Scenarios = append(v.Scenarios, scenarioView{Name: "None: the project has no scenario"})
	case s.options.Scenario+p.Scenario != "":
		v.Scenario = s.relative(cmp.Or(s.options.Scenario, p.Scenario))
	default:
		v.Scenario = v.Scenarios[0].File
	}
	for _, f := range s.options.Lint() {
		v.Findings = append(v.Findings, findingView{
			File: s.relative(f.File), Action: f.Subject, Severity: string(f.Severity), Message: f.Message,
			Remedy: f.Remedy, Rule: f.Code,
		})
	}
	return v, nil
}

// scenarios are the project's scenario files.
func (s *Server) scenarios() []string {
	list, _ := call.FindScenarios([]string{s.folder()}) // a folder that cannot be read has none
	return list
}

// folder is the project's.
func (s *Server) folder() string { return filepath.Dir(project.File(s.options.Project)) }

// relative is a file as the page names it.
func (s *Server) relative(file string) string {
	folder, err := filepath.Abs(s.folder())
	if err != nil {
		return filepath.ToSlash(file)
	}
	if absolute, err := filepath.Abs(file); err == nil {
		if relative, err := filepath.Rel(folder, absolute); err == nil {
			file = relative
		}
	}
	return filepath.ToSlash(file)
}

// texts are findings as the page shows them. A remedy that several have in common follows the last of them.
func texts(found source.Findings) (list []string) {
	for i, f := range found {
		text := f.Error()
		if !slices.ContainsFunc(found[i+1:], func(o source.Finding) bool { return o.Remedy == f.Remedy }) {
			text += "\n" + f.Remedy
		}
		list = append(list, strings.TrimSpace(text))
	}
	return list
}

// chosen is what to play.
type chosen struct {
	Scenario string  `json:"scenario"` // as the page names its file, "" for none
	Real     bool    `json:"real"`
	Attend   bool    `json:"attend"` // whoever looks at the page is the caller
	Speed    float64 `json:"speed"`  // of virtual time; 0: at once
	Words    float64 `json:"words"`  // a minute; 0: as the scenario says
}

// open puts a call together. The findings say why there is none.
func (s *Server) open(ctx context.Context, c chosen) (*call.Call, *scenario.Scenario, source.Findings) {
	p, found := project.Read(s.options.Project)
	if p == nil {
		return nil, nil, found
	}
	given := scenario.Default()
	if c.Scenario != "" {
		files := s.scenarios()
		i := slices.IndexFunc(files, func(file string) bool { return s.relative(file) == c.Scenario })
		if i < 0 {
			return nil, nil, source.Findings{{Code: source.CodeNoFile, Severity: source.Error, File: c.Scenario,
				Message: "the project has no such scenario"}}
		}
		if given, found = scenario.Read(files[i]); found.HasErrors() {
			return nil, nil, found
		}
	}
	for _, rate := range given.Speech.Bounds() {
		if rate.WordsPerMinute == c.Words {
			given.Speech = speech.Always(rate)
		}
	}
	o := s.options.Call
	o.Project, o.Scenario, o.Virtual, o.Steps = p, given, !c.Real, true
	opened, found := call.New(ctx, o)
	return opened, &given, found
}

// flowsView is what the page draws of a call.
type flowsView struct {
	Title    string     `json:"title"`
	Flows    []flowView `json:"flows"`   // the first is where calls begin
	Changes  []change   `json:"changes"` // that can be made
	Callers  int        `json:"callers"`
	Problems []string   `json:"problems"`
}

type flowView struct {
	File  string     `json:"file"`
	Kind  string     `json:"kind"`
	Scene draw.Scene `json:"scene"`
}

// flows are those that the call of a scenario may play.
func (s *Server) flows(r *http.Request) (any, error) {
	played, given, found := s.open(r.Context(), chosen{Scenario: r.URL.Query().Get("scenario")})
	v := flowsView{Problems: texts(found)}
	if played == nil {
		v.Flows = s.projectFlows()
		return v, nil
	}
	defer played.Close()
	v.Title = played.Title
	flows := played.Flows()
	first := played.First()
	v.Flows = append(v.Flows, s.flow(first.File, first.Flow))
	delete(flows, first.File)
	for _, file := range slices.Sorted(maps.Keys(flows)) {
		v.Flows = append(v.Flows, s.flow(file, flows[file].Flow))
	}
	v.Changes, v.Callers = changesOf(played), len(given.Callers)
	return v, nil
}

// projectFlows are the flows of the project that can be read. They are shown where no call can be put together.
func (s *Server) projectFlows() (list []flowView) {
	p, _ := project.Read(s.options.Project)
	if p == nil {
		return nil
	}
	for _, f := range p.Flows {
		if read, err := workspace.ReadFlow(p, f.File); err == nil {
			list = append(list, s.flow(f.File, read.Flow))
		}
	}
	return list
}

func (s *Server) flow(file string, f *flowlang.Flow) flowView {
	scene := draw.NewScene(f, draw.Marks{})
	if f.Name == "" {
		scene.Name = filepath.Base(file)
	}
	return flowView{File: s.relative(file), Kind: string(f.Type), Scene: scene}
}

// prompt is the recording of a prompt, if the project has it.
func (s *Server) prompt(w http.ResponseWriter, r *http.Request) {
	wave := s.recording(r.URL.Query().Get("name"))
	if wave == nil {
		http.Error(w, "there is no recording", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	_, _ = w.Write(wave)
}

// recording is a file of the project, by the name that events have for it; nil when there is none.
func (s *Server) recording(name string) []byte {
	p, _ := project.Read(s.options.Project)
	if p == nil {
		return nil
	}
	for id, file := range p.Prompts {
		if player.RecordingName(id) != name {
			continue
		}
		if wave, err := os.ReadFile(file); err == nil {
			return wave
		}
	}
	return nil
}
