package machine

import (
	"os"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// OfProject returns the state machine of a project's job, and the name of its file for findings: the user's own
// definition as it is, or one that is written now. functionARN gives the ARN of a function of the project. Errors are
// source.Findings.
func OfProject(p *project.Project, j project.Job, functionARN func(name string) string) (string, []byte, error) {
	if j.Definition != "" {
		text, err := os.ReadFile(j.Definition)
		if err != nil {
			err = source.Finding{Code: source.CodeUnreadable, Severity: source.Error, File: j.Definition,
				Message: "the file cannot be read", Remedy: "Check the path."}
		}
		return j.Definition, text, err
	}
	job := Job{Name: j.Name, Timeout: j.Timeout, ResultsTable: p.ResultsTable()}
	for _, name := range j.Steps {
		f, _ := p.Function(name) // project.Read has checked the name
		job.Steps = append(job.Steps, Step{
			Name: name, FunctionARN: functionARN(name), Timeout: f.Timeout, Repeatable: f.Repeatable,
		})
	}
	text, err := Definition(job)
	return "the state machine of " + j.Name, text, err
}
