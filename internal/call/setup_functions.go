package call

import (
	"cmp"
	"context"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// openEndpoints opens the local APIs where functions can run that might use them. Without them no function can be put
// together.
func (s *setup) openEndpoints() bool {
	if s.call.virtual {
		return true
	}
	endpoints, err := openEndpoints()
	if err != nil {
		s.add(source.Finding{Code: CodeEndpoints, File: "127.0.0.1", Message: "no port can be opened: " + err.Error(),
			Remedy: "Allow this program to listen on 127.0.0.1."})
		return false
	}
	s.call.endpoints = endpoints
	return true
}

// openWorkspace opens what accounts are made of: functions, state machines, the async function.
func (s *setup) openWorkspace(ctx context.Context) {
	scenario := s.call.scenario
	o := workspace.Options{
		Project:       s.options.Project,
		StateMachine:  cmp.Or(s.options.StateMachine, scenario.StateMachine),
		Names:         scenario.Names,
		StandIns:      scenario.Functions,
		Tasks:         scenario.Tasks,
		Scenario:      s.scenarioFile(),
		Callers:       len(scenario.Callers),
		Virtual:       s.call.virtual,
		AsyncFunction: s.options.AsyncFunction,
		Remote:        s.options.Remote,
	}
	if s.call.endpoints != nil {
		o.Env, o.AsyncEnv = s.call.endpoints.env(), s.call.endpoints.asyncEnv()
		o.TableEndpoint = s.call.endpoints.url()
	}
	opened, found := workspace.Open(ctx, o)
	s.call.workspace, s.found = opened, append(s.found, found...)
}

// prepare builds the functions that run here, so that the call does not begin with a compiler at work, and opens the
// local Lambda to them.
func (s *setup) prepare(ctx context.Context) {
	if s.call.endpoints == nil {
		return
	}
	s.call.endpoints.serve(s.call.workspace.Served(nil, clock.Real{}))
	s.found = append(s.found, s.call.workspace.Prepare(ctx)...)
}
