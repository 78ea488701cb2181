package project

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
)

// progressTexts describe the texts of a job with progress in one language.
func progressTexts() []form.Property {
	object := func(key, keys, meaning, otherwise string) form.Property {
		return form.Property{Key: key, Schema: &form.Schema{Types: []string{"object"}, Values: form.Text().Schema(""),
			Key: keys, Description: meaning, Otherwise: otherwise}}
	}
	return []form.Property{
		object(async.TextSteps, "STEP", "with progress: the step of this name has begun", "nothing is said of steps"),
		object(async.TextRemaining, "SECONDS", "with progress: such work usually takes so many seconds more at most",
			"built in"),
	}
}

// textsByKey reads an object of texts.
func textsByKey(in *source.Reader, key string) map[string]string {
	members := in.Members(key)
	if len(members) == 0 {
		return nil
	}
	texts, of := map[string]string{}, in.Object(key)
	for _, m := range members {
		texts[m.Key] = of.String(m.Key, "")
	}
	return texts
}

// NoSteps is why progress does not work for a job whose definition has no steps that can be told.
func NoSteps(j Job, why error) error {
	return fmt.Errorf("progress: true does not work for the job %s: %w", j.Name, why)
}

// NoStepsRemedy says what to do about a definition that progress does not work for.
const NoStepsRemedy = "Leave progress out, or give the definition Task, Map or Parallel states at its top that " +
	"follow each other without a loop: put what is repeated into a state machine of its own, or into a Map state."

// checkProgress reports texts of steps that are never said.
func checkProgress(in *source.Reader, j jobEntry) {
	written := in.Node("jobs").Get(j.Name).Get("texts")
	for _, texts := range j.texts {
		steps := written.Get(texts.Language).Get(async.TextSteps)
		for _, name := range slices.Sorted(maps.Keys(texts.Steps)) {
			switch at := steps.Get(name).Pos; {
			case !j.Progress:
				in.Report(source.CodeBadValue, at, "texts of steps have no effect without progress: true",
					"Add progress: true to the job, or leave the texts out.")
			case j.Definition == "" && !slices.Contains(j.Steps, name):
				in.Report(CodeUnknown, at, fmt.Sprintf("%q is not a step of the job %s", name, j.Name),
					"Use the name of a step: "+strings.Join(j.Steps, ", ")+".")
			}
		}
	}
}

// Reports reports whether a function that is a step of a job reports how far it is.
func (p *Project) Reports(j Job, step string) bool {
	f, _ := p.Function(step)
	return j.Progress && p.WritesEnd(j) && f.ProgressRole != ""
}

// IsReporting reports whether a function reports how far it is to some job.
func (p *Project) IsReporting(function string) bool {
	return slices.ContainsFunc(p.Jobs, func(j Job) bool {
		return slices.Contains(j.Steps, function) && p.Reports(j, function)
	})
}

// ReportingSteps are the steps of a job whose functions report how far they are.
func (p *Project) ReportingSteps(j Job) []string {
	var names []string
	for _, step := range j.Steps {
		if p.Reports(j, step) {
			names = append(names, step)
		}
	}
	return names
}

// checkReports reports functions that nobody asks how far they are.
func checkReports(in *source.Reader, p *Project) {
	for _, m := range in.Node("functions").Entries() {
		f, _ := p.Function(m.Key)
		if f.ProgressRole != "" && !p.IsReporting(f.Name) && len(p.Jobs) > 0 {
			in.Report(source.CodeBadValue, m.Value.Get("progress_role").Place(), "progress_role has no effect: the "+
				"function is not a step of a job with progress: true and a results table",
				"Add progress: true and results: table to its job, or leave progress_role out.")
		}
	}
}
