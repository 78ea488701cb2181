package cost

import (
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/project"
)

// Set is what of the load and of the ways to wait a project sets.
type Set struct {
	Callers int
	Job     string   // the one that may take longest
	Seconds float64  // that it may take
	Chain   int      // the most functions of a job, one after the other
	Results []string // modes, each once
	Styles  []string // of the flows that are generated, each once; none when there are no such flows
	Leaving bool     // a job minds when its caller hangs up
	Told    Told     // by the jobs with progress
}

// SetBy reads a project.
func SetBy(p *project.Project) Set {
	s := Set{Callers: p.Callers}
	for _, j := range p.Jobs {
		if longest := atMost(p, j).Seconds(); longest > s.Seconds {
			s.Job, s.Seconds = j.Name, longest
		}
		s.Chain = max(s.Chain, len(j.Steps))
		s.Results = append(s.Results, j.Results)
		s.Leaving = s.Leaving || j.MindsLeavers()
		s.Told.add(p, j)
	}
	for _, f := range p.Flows {
		if f.Generate != nil {
			s.Styles = append(s.Styles, f.Generate.Style)
		}
	}
	slices.Sort(s.Results)
	slices.Sort(s.Styles)
	s.Results, s.Styles = slices.Compact(s.Results), slices.Compact(s.Styles)
	return s
}

// atMost is how long a job may take: as long as its functions, and no longer than its own timeout.
func atMost(p *project.Project, j project.Job) time.Duration {
	if j.Definition != "" {
		return j.Timeout
	}
	var steps time.Duration
	for _, name := range j.Steps {
		f, _ := p.Function(name) // project.Read has checked the name
		steps += f.Timeout
	}
	return min(steps, j.Timeout)
}

// Uses reports whether a way to wait is one of the project's, as far as it says.
func (s Set) Uses(w Way) bool {
	return slices.Contains(s.Results, w.Results) && (len(s.Styles) == 0 || slices.Contains(s.Styles, w.Style))
}
