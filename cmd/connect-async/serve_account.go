package main

import (
	"context"
	"maps"
	"slices"

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
	url       string         // of Step Functions
	virtual   *clock.Virtual // nil on real time
	account   *local.Account
	functions []lambdaapi.Function
	tables    []string
	workspace *workspace.Workspace // nil without a project
}

// endpointSFN is the variable in which the SDKs look for the address of Step Functions.
const endpointSFN = "AWS_ENDPOINT_URL_SFN"

// newLocalServer makes the account. With errors among the findings it cannot be served, only closed.
func newLocalServer(
	ctx context.Context, o serveOptions, p *project.Project, url string, log *executionLog,
) (*localServer, source.Findings) {
	now := clock.Real{}.Now()
	s := &localServer{url: url}
	options := local.Options{
		Clock:      clock.Real{},
		Seed:       uint64(now.UnixNano()), // names must differ from one run to the next
		HoldTokens: true,
		Observe:    log.observe,
	}
	if o.clock == "virtual" {
		s.virtual = clock.NewVirtual(now)
		options.Clock = s.virtual
	}
	found := s.open(ctx, options, p)
	for _, name := range slices.Sorted(maps.Keys(o.tables)) {
		s.account.AddTable(name, o.tables[name])
		s.tables = append(s.tables, name)
	}
	return s, found
}

// open makes the account, with the project in it.
func (s *localServer) open(ctx context.Context, options local.Options, p *project.Project) source.Findings {
	if p == nil {
		s.account = local.New(options)
		return nil
	}
	given, found := projectScenario(p)
	var more source.Findings
	s.workspace, more = workspace.Open(ctx, workspace.Options{
		Project:  p,
		Names:    given.Names,
		StandIns: given.Functions,
		Scenario: p.Scenario,
		Env:      []string{endpointSFN + "=" + s.url}, // task tokens are worth nothing elsewhere
		Remote:   connectRemote,
	})
	found = append(found, more...)
	s.account, more = s.workspace.Account(options, nil)
	found = append(found, tolerated(more)...)
	for _, f := range p.Functions {
		if f, missing := s.workspace.Missing(f.Name); missing {
			found = append(found, tolerated(source.Findings{f})...)
		}
	}
	s.functions = s.workspace.Served(s.account, options.Clock)
	if s.workspace.Table != "" {
		s.tables = append(s.tables, s.workspace.Table)
	}
	if found.HasErrors() {
		return found
	}
	return append(found, s.workspace.Prepare(ctx)...)
}

// projectScenario reads the scenario that the project names, if any.
func projectScenario(p *project.Project) (scenario.Scenario, source.Findings) {
	if p.Scenario == "" {
		return scenario.Default(), nil
	}
	return scenario.Read(p.Scenario)
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
	if s.workspace != nil {
		_ = s.workspace.Close() // nothing can be done about it when the program ends
	}
}
