package cost

import (
	"math"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/style"
)

// What a job with progress costs, by the requests that package async, the state machine and the functions make.
const (
	stepWrites    = 2 // the state machine's, and that of the sentence
	toldRemaining = 4 // sentences about how long the work takes yet, of a wait of a minute or two
	keptEnd       = 1 // how long the execution took
	reportTexts   = 3 // that a function reports, an assumption: each a write of its own and one of the sentence
	reportWrites  = 2*reportTexts + 1
)

// Told is what the jobs of a project tell about progress: of each part the most that one of them does.
type Told struct {
	Steps   int    // that a state machine writes
	Reports int    // of steps whose functions report
	Left    bool   // how long the work takes yet, where there is a results table
	History string // a job whose history tells the steps, "" for none
}

// add adds a job.
func (t *Told) add(p *project.Project, j project.Job) {
	if !j.Progress {
		return
	}
	t.Left = p.ResultsTable() != ""
	t.Reports = max(t.Reports, len(p.ReportingSteps(j)))
	if p.WritesEnd(j) {
		t.Steps = max(t.Steps, len(j.Steps))
	} else {
		t.History = j.Name
	}
}

// Progress is what a month costs on top where a job has progress. Steps that histories tell cost nothing. Each check of
// a step whose function reports reads the report: all steps count, as if all checks were of such steps.
func Progress(l Load, t Told, p awsfacts.Prices) float64 {
	writes := t.Steps*stepWrites + t.Reports*reportWrites
	if t.Left {
		writes += toldRemaining + keptEnd
	}
	reads := 0.0
	if t.Reports > 0 {
		reads = math.Ceil(l.Seconds / style.PollSeconds)
	}
	return l.Requests * (float64(t.Steps)*p.StateTransition + float64(writes)*p.DynamoDBWrite + reads*p.DynamoDBRead)
}

// HistoryCallers is how many callers may wait at once before some replies do not say the step that a history tells:
// GetExecutionHistory is asked at half of its rate.
func HistoryCallers(l Load) int {
	rate := l.rate("GetExecutionHistory", awsfacts.GetExecutionHistoryRate(l.Region))
	return int(rate / 2 * async.HistoryEvery.Seconds())
}
