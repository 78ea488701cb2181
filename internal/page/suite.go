package page

import (
	"net/http"

	"github.com/connect-async/connect-async/internal/call"
)

// suiteView is what became of all scenarios.
type suiteView struct {
	Heading string       `json:"heading"`
	Results []resultView `json:"results"`
}

type resultView struct {
	File     string   `json:"file"`
	Title    string   `json:"title"`
	Passed   bool     `json:"passed"`
	Problems []string `json:"problems"`
	Length   string   `json:"length"`
	Silence  string   `json:"silence"` // the longest
	Noticed  string   `json:"noticed"`
	Words    float64  `json:"words"` // a minute that are spoken in the play that is told of; 0: none was played
}

// suite plays all scenarios of the project on virtual time.
func (s *Server) suite(r *http.Request) (any, error) {
	results := call.RunScenarios(r.Context(), s.scenarios(), s.options.Call)
	v := suiteView{Heading: call.TotalsOf(results).Heading(), Results: []resultView{}}
	for _, one := range results {
		e := Entry{File: s.relative(one.File), Title: one.Title, Passed: one.Passed(), Summary: one.Summaries}.view()
		problems := append(texts(one.Findings), one.Problems()...)
		v.Results = append(v.Results, resultView{
			File: e.File, Title: e.Title, Passed: e.Passed, Problems: problems, Length: e.Length,
			Silence: e.LongestSilence, Noticed: e.Notice, Words: one.Words,
		})
	}
	return v, nil
}
