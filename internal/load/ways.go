package load

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/style"
)

// Way is one way to wait: a style of flow and a results mode.
type Way struct{ Style, Results string }

// Ways are all of them.
func Ways() (list []Way) {
	for _, results := range []string{project.ResultsDescribed, project.ResultsInTable, project.ResultsByEvent} {
		for _, s := range project.Styles() {
			list = append(list, Way{Style: s, Results: results})
		}
	}
	return list
}

// untilAgent is when an agent takes a caller in a queue.
const untilAgent = 10 * time.Minute

// PrepareWay puts the first job of a project together with the flow of a style in a results mode. The flow is written
// into a folder.
func PrepareWay(ctx context.Context, o SetupOptions, w Way, folder string) (*Setup, source.Findings) {
	p, job := *o.Project, o.Project.Jobs[0]
	p.Jobs = slices.Clone(p.Jobs)
	for i := range p.Jobs {
		p.Jobs[i].Results = w.Results
	}
	options := style.Options{Style: style.Style(w.Style), FunctionARN: flowlang.Async.String(), Job: job.Name,
		LongNames: p.Deploy.PrefixedNames()}
	if options.Style == style.Queue {
		options.Prompt = "music"
	}
	text, err := style.Generate(options)
	if err != nil {
		return nil, source.Findings{source.AsFinding(p.File, err)}
	}
	file := filepath.Join(folder, w.Style+".json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, source.Findings{source.AsFinding(file, err)}
	}
	p.Flows = []project.Flow{{File: file}}
	given := o.Scenario
	given.Flow, given.Flows, given.World = "", nil, flow.World{AgentAfter: untilAgent}
	given.Callers = []scenario.Caller{{Number: given.Callers[0].Number, Channel: flow.Voice}}
	if options.Style == style.Chat {
		given.Callers[0].Channel = flow.Chat
	}
	o.Project, o.Scenario = &p, given
	return Prepare(ctx, o)
}
