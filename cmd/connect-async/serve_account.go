package main

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// localServer is what `serve` serves: a local account, with a project in it when there is one.
type localServer struct {
	options   serveOptions
	url       string // of Step Functions
	log       *serveLog
	virtual   *clock.Virtual // nil on real time
	account   *local.Account
	data      *serveData // nil when nothing is kept
	dynamodb  *dynamoDB  // nil for the account's own tables
	broken    chan error // why nothing can be kept any more
	lambda    *lambdaapi.API
	functions []lambdaapi.Function
	tables    []string

	project   *project.Project // nil without one, as is the next
	workspace *workspace.Workspace
	retired   []*workspace.Workspace // replaced by the one above
	retiring  sync.WaitGroup
}

// newLocalServer makes the account. With errors among the findings it cannot be served, only closed.
func newLocalServer(
	ctx context.Context, o serveOptions, p *project.Project, data *serveData, tables *dynamoDB, url string,
	log *serveLog,
) (*localServer, source.Findings) {
	s := &localServer{options: o, data: data, dynamodb: tables, broken: make(chan error, 1), url: url, log: log}
	switch now := (clock.Real{}).Now(); o.clock {
	case clockVirtual:
		s.virtual = clock.NewVirtual(now)
	case clockManual:
		s.virtual = clock.NewStepped(now)
	}
	found := s.open(ctx, p)
	if found.HasErrors() {
		return s, found
	}
	for _, name := range slices.Sorted(maps.Keys(o.tables)) {
		s.account.AddTable(name, o.tables[name])
		s.tables = append(s.tables, name)
	}
	return s, found
}

// accountOptions are those of the account, and of each workspace that is put into it.
func (s *localServer) accountOptions() local.Options {
	options := local.Options{
		Clock:      s.clock(),
		Seed:       uint64(clock.Real{}.Now().UnixNano()), // names must differ from one run to the next
		HoldTokens: s.options.clock != clockManual,        // whoever moves the clock knows of them
		Observe:    s.log.execution,
		Sent:       s.log.sent,
		Lacking:    s.log.lacking,
	}
	if s.dynamodb != nil {
		options.Tables = s.dynamodb
	}
	return options
}

// clock is that of the account.
func (s *localServer) clock() clock.Clock {
	if s.virtual != nil {
		return s.virtual
	}
	return clock.Real{}
}

// open makes the account, with what was kept and the project in it.
func (s *localServer) open(ctx context.Context, p *project.Project) (found source.Findings) {
	options := s.accountOptions()
	s.account = workspace.NewAccount(options, false)
	var next *workspace.Workspace
	if p != nil {
		if next, found = s.openWorkspace(ctx, options, p); found.HasErrors() {
			s.workspace = next
			return found
		}
	}
	if s.data != nil {
		found = append(found, s.data.keep(s.account, s.broken)...)
	}
	if p == nil || found.HasErrors() {
		return found
	}
	for _, f := range tolerated(next.PutInto(s.account, options, nil)) {
		if !slices.Contains(found, f) { // most of it openWorkspace has found
			found = append(found, f)
		}
	}
	s.use(next, p)
	if s.dynamodb != nil {
		found = append(found, s.dynamodb.createResults(ctx, next.Table)...)
	}
	return found
}

// openWorkspace makes a workspace that is ready to be used in an account. With errors among the findings it must only
// be closed.
func (s *localServer) openWorkspace(
	ctx context.Context, options local.Options, p *project.Project,
) (*workspace.Workspace, source.Findings) {
	o, found := workspaceOptions(p)
	o.Env = []string{endpointSFN + "=" + s.url} // task tokens are worth nothing elsewhere
	o.TableEndpoint = s.url
	o.Invoked = s.log.invocation
	w, more := workspace.Open(ctx, o)
	found = append(found, more...)
	_, more = w.Account(options, nil)
	found = append(found, tolerated(more)...)
	for _, f := range p.Functions {
		if f, missing := w.Missing(f.Name); missing {
			found = append(found, tolerated(source.Findings{f})...)
		}
	}
	if found.HasErrors() {
		return w, found
	}
	return w, append(found, w.Prepare(ctx)...)
}

// use serves the functions of a workspace that is in the account.
func (s *localServer) use(w *workspace.Workspace, p *project.Project) {
	s.project, s.workspace = p, w
	s.functions = w.Served(s.account, s.clock())
	if s.dynamodb == nil && w.Table != "" && !slices.Contains(s.tables, w.Table) {
		s.tables = append(s.tables, w.Table)
	}
}

// projectScenario reads the scenario that the project names, if any.
func projectScenario(p *project.Project) (scenario.Scenario, source.Findings) {
	return givenScenario("", p)
}

// givenScenario reads a scenario file, or without one the scenario that the project names. There need be neither, nor a
// project.
func givenScenario(file string, p *project.Project) (scenario.Scenario, source.Findings) {
	if file == "" && p != nil {
		file = p.Scenario
	}
	if file == "" {
		return scenario.Default(), nil
	}
	return scenario.Read(file)
}

// workspaceOptions are those of a workspace with the project and the stand-ins of its scenario.
func workspaceOptions(p *project.Project) (workspace.Options, source.Findings) {
	given, found := projectScenario(p)
	return workspace.Options{
		Project:  p,
		Names:    given.Names,
		StandIns: given.Functions,
		Tasks:    given.Tasks,
		Scenario: p.Scenario,
		Remote:   connectRemote,
	}, found
}

// tolerated makes warnings of functions that are not there: whoever invokes one is told so, and the others can be used.
func tolerated(found source.Findings) source.Findings {
	for i, f := range found {
		if f.Code == workspace.CodeNoStandIn || f.Code == local.CodeUnknownFunction {
			found[i].Severity = source.Warning
		}
	}
	return found
}

// close ends the processes of the functions.
func (s *localServer) close() {
	for _, w := range append(s.retired, s.workspace) {
		if w != nil {
			_ = w.Close() // nothing can be done about it when the program ends
		}
	}
	s.retiring.Wait()
}
