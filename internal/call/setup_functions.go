package call

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// openEndpoints opens the local APIs where functions can run that might use them. Without them no function can be put together.
func (s *setup) openEndpoints() bool {
	if s.call.virtual {
		return true
	}
	endpoints, err := openEndpoints()
	if err != nil {
		s.add(source.Finding{Code: CodeEndpoints, File: "127.0.0.1", Message: "no port can be opened: " + err.Error(), Remedy: "Allow this program to listen on 127.0.0.1."})
		return false
	}
	s.call.endpoints = endpoints
	return true
}

// addFunctions adds every function that the project or the scenario names.
func (s *setup) addFunctions(ctx context.Context) {
	var known []string
	if p := s.options.Project; p != nil {
		for _, f := range p.Functions {
			known = append(known, f.Name)
			s.addFunction(ctx, f)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.call.scenario.Functions)) {
		if !slices.Contains(known, name) {
			s.addStandIn(project.Function{Name: name, Timeout: awsfacts.FunctionTimeout})
		}
	}
}

// addFunction adds a function of the project: the process or the deployed function where it can be had, else its stand-in.
func (s *setup) addFunction(ctx context.Context, f project.Function) {
	switch {
	case s.call.virtual, s.call.scenario.Functions[f.Name].Always, f.Code == "" && !f.Remote:
		s.addStandIn(f)
	case f.Remote:
		s.addRemote(ctx, f)
	default:
		s.addProcess(f)
	}
}

func (s *setup) addProcess(f project.Function) {
	spec, err := f.Spec()
	if err != nil {
		s.addErr(f.EnvFile, err)
		return
	}
	spec.Env = append(s.call.endpoints.env(), spec.Env...) // what the user sets comes later and wins
	process, err := function.New(clock.Real{}, spec)
	if err != nil {
		s.addErr(s.options.Project.File, err)
		return
	}
	how := fmt.Sprintf("%s (%s)", filepath.Base(f.Code), process.Spec().Runtime)
	s.call.functions = append(s.call.functions, callee{name: f.Name, how: how, real: process, process: process})
}

func (s *setup) addRemote(ctx context.Context, f project.Function) {
	invoker, err := s.options.Remote(ctx)
	if err != nil {
		s.addErr(s.options.Project.File, err)
		return
	}
	deployed := function.NewRemote(clock.Real{}, invoker, f.ARN)
	s.call.functions = append(s.call.functions, callee{name: f.Name, how: "in AWS", real: deployed})
}

func (s *setup) addStandIn(f project.Function) {
	standIn, ok := s.call.scenario.Functions[f.Name]
	if !ok { // a finding only when something calls it
		standIn = scenario.StandIn{Outcomes: []scenario.Outcome{{}}}
		s.missing[f.Name] = source.Finding{Code: CodeNoStandIn, File: s.scenarioFile(), Message: fmt.Sprintf("nothing stands in for the function %s", f.Name),
			Remedy: fmt.Sprintf("Add to the scenario: functions: {%s: {takes: 12s, returns: {…}}}.", f.Name)}
	}
	s.call.functions = append(s.call.functions, callee{name: f.Name, standIn: standIn, timeout: f.Timeout})
}

// addAsyncProcess runs the async function as a process, when that is asked for: the program that is deployed, built for this
// machine.
func (s *setup) addAsyncProcess() {
	dir := s.options.AsyncFunction
	switch {
	case dir == "":
		return
	case s.call.virtual:
		s.add(source.Finding{Code: CodeEndpoints, File: dir, Message: "the async function can run as a process in real time only",
			Remedy: "Leave out --fast, or --async-function."})
		return
	}
	process, err := function.New(clock.Real{}, function.Spec{
		Name: s.call.asyncName, Code: dir, Runtime: "go", Timeout: async.FunctionTimeout, Env: s.asyncEnv()})
	if err != nil {
		s.addErr(dir, err)
		return
	}
	s.call.functions = append(s.call.functions, callee{name: s.call.asyncName, how: filepath.Base(dir) + " (go)", real: process, process: process})
	s.call.asyncProcess = true
}

// asyncEnv is the configuration of the async function, as in docs/contract.md.
func (s *setup) asyncEnv() []string {
	env := append(s.call.endpoints.env(), "AWS_ENDPOINT_URL_DYNAMODB=http://"+s.call.endpoints.states.Addr().String(),
		async.EnvResultsTable+"="+s.call.table, async.EnvExpectedCallers+"="+strconv.Itoa(len(s.call.scenario.Callers)))
	jobs := map[string]any{}
	for _, m := range s.call.machines {
		arn := s.account.StateMachineARN(m.name)
		if m.job == "" {
			return append(env, async.EnvStateMachineARN+"="+arn)
		}
		jobs[m.job] = map[string]any{async.MachineARN: arn, async.MachineTimeout: int(m.timeout / time.Second)}
	}
	text, err := json.Marshal(jobs)
	if err != nil {
		panic(err) // texts and numbers
	}
	return append(env, async.EnvStateMachines+"="+string(text))
}

// prepare builds the real functions, so that the call does not begin with a compiler at work.
func (s *setup) prepare(ctx context.Context) {
	s.serve()
	for _, f := range s.call.functions {
		if f.process == nil {
			continue
		}
		if err := f.process.Prepare(ctx); err != nil {
			s.addErr(f.process.Spec().Code, err)
		}
	}
}

// serve opens the local Lambda to the functions.
func (s *setup) serve() {
	if s.call.endpoints == nil {
		return
	}
	var served []lambdaapi.Function
	for _, f := range s.call.functions {
		if f.process != nil {
			served = append(served, lambdaapi.Function{Spec: f.process.Spec(), Invoke: f.process.Do})
		}
	}
	s.call.endpoints.serve(served)
}
