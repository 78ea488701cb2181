package page

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/scenario"
)

// savedIn is the folder of the project that gets new scenarios.
const savedIn = "scenarios"

// mostSaved is a number of scenarios beyond which somebody has forgotten to tidy up.
const mostSaved = 1000

// savedView is a scenario that was saved, and whether it passes as a test.
type savedView struct {
	File     string   `json:"file"`
	Passed   bool     `json:"passed"`
	Problems []string `json:"problems"`
}

// save writes what was done in a call as a scenario: a new file in the project's folder, whose name is made here.
func (s *Server) save(r *http.Request) (any, error) {
	one, err := s.calls.find(r)
	if err != nil {
		return nil, err
	}
	recording, err := one.live.Recording()
	if errors.Is(err, call.ErrGoesOn) {
		return nil, refused("the call goes on: hang up, or wait until it ends, and save it then")
	}
	if err != nil {
		return nil, err
	}
	name, err := s.write(recording)
	if err != nil {
		return nil, refused("the scenario cannot be saved: " + err.Error())
	}
	result := call.RunScenarios(r.Context(), []string{filepath.Join(s.folder(), name)}, s.options.Call)[0]
	problems := append(texts(result.Findings), result.Problems()...)
	return savedView{File: filepath.ToSlash(name), Passed: result.Passed(), Problems: problems}, nil
}

// write writes a scenario to a new file, and returns its name. Nothing outside of the project's folder is written, not
// even through a link.
func (s *Server) write(recording scenario.Scenario) (name string, err error) {
	root, err := os.OpenRoot(s.folder())
	if err != nil {
		return "", err
	}
	defer root.Close()
	if err := root.Mkdir(savedIn, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	for n := 1; n <= mostSaved; n++ {
		name = filepath.Join(savedIn, fmt.Sprintf("played-%d.yaml", n))
		file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		recording.Name = fmt.Sprintf("Played on the page (%d)", n)
		_, err = file.Write(scenario.Write(filepath.Join(s.folder(), name), recording))
		return name, errors.Join(err, file.Close())
	}
	return "", fmt.Errorf("there are %d of them in %s already", mostSaved, savedIn)
}
