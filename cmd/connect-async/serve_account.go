package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/machine"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
)

// localServer is what `serve` serves: a local account with a project in it.
type localServer struct {
	url       string // of Step Functions
	seed      uint64
	clock     clock.Clock
	virtual   *clock.Virtual // nil on real time
	account   *local.Account
	functions []lambdaapi.Function
	standIns  map[string]scenario.StandIn // of the project's scenario
	tables    []string
	found     source.Findings
	closers   []func() error
}

// localRole is the role of the project's state machines. Nobody asks what it allows.
const localRole = "arn:aws:iam::000000000000:role/connect-async"

// endpointSFN is the variable in which the SDKs look for the address of Step Functions.
const endpointSFN = "AWS_ENDPOINT_URL_SFN"

func newLocalServer(o serveOptions, url string, log *executionLog) *localServer {
	seed := uint64(clock.Real{}.Now().UnixNano()) // names must differ from one run to the next
	s := &localServer{url: url, seed: seed, clock: clock.Real{}}
	if o.clock == "virtual" {
		s.virtual = clock.NewVirtual(clock.Real{}.Now())
		s.clock = s.virtual
	}
	s.account = local.New(local.Options{Clock: s.clock, Seed: seed, HoldTokens: true, Observe: log.observe})
	for _, name := range slices.Sorted(maps.Keys(o.tables)) {
		s.account.AddTable(name, o.tables[name])
		s.tables = append(s.tables, name)
	}
	return s
}

// close ends the processes of the functions.
func (s *localServer) close() {
	for _, c := range s.closers {
		_ = c() // nothing can be done about it when the program ends
	}
}

// add puts a project into the account, if there is one.
func (s *localServer) add(ctx context.Context, p *project.Project) source.Findings {
	if p == nil {
		return nil
	}
	s.readStandIns(p)
	for _, f := range p.Functions {
		if err := s.addFunction(ctx, p.File, f); err != nil {
			s.note(p.File, err)
		}
	}
	table := p.ResultsTable()
	if table != "" {
		s.account.AddResultsTable(table)
		s.tables = append(s.tables, table)
	}
	var jobs []async.Job
	for _, j := range p.Jobs {
		arn, err := s.addJob(p, j)
		if err != nil {
			s.note(p.File, err)
		}
		jobs = append(jobs, async.Job{Name: j.Name, StateMachineARN: arn, Timeout: j.Timeout})
	}
	if !s.found.HasErrors() {
		s.addAsync(p.AsyncName(), jobs, table)
	}
	return s.found
}

// note adds an error to the findings; it may be one itself.
func (s *localServer) note(file string, err error) {
	found, ok := errors.AsType[source.Finding](err)
	if !ok {
		found = source.Finding{Code: source.CodeUnreadable, File: file, Message: err.Error()}
	}
	if found.Severity == "" {
		found.Severity = source.Error
	}
	s.found = append(s.found, found)
}

// addFunction adds a function where it can be invoked from here: as a process, or in AWS when the project says so, else its
// stand-in.
func (s *localServer) addFunction(ctx context.Context, file string, f project.Function) error {
	spec := function.Spec{Name: f.Name, ARN: s.account.FunctionARN(f.Name), Runtime: f.Runtime, Handler: f.Handler, Timeout: f.Timeout, MemoryMB: f.MemoryMB}
	switch {
	case f.Remote:
		invoker, err := connectRemote(ctx)
		if err != nil {
			return err
		}
		s.serveFunction(spec, function.NewRemote(clock.Real{}, invoker, f.ARN))
		return nil
	case f.Code == "" && len(s.standIns[f.Name].Outcomes) > 0:
		s.addStandIn(f, s.standIns[f.Name].Outcomes)
		return nil
	case f.Code == "":
		return source.Finding{Code: local.CodeUnknownFunction, Severity: source.Warning, File: file,
			Message: fmt.Sprintf("the function %s lives in AWS only; here its invocations fail", f.Name),
			Remedy:  "Add its code, remote: true to invoke it in AWS, or a stand-in to the scenario."}
	}
	spec, err := f.Spec()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(spec.Env, func(v string) bool { return strings.HasPrefix(v, endpointSFN+"=") }) {
		spec.Env = append(spec.Env, endpointSFN+"="+s.url) // task tokens are worth nothing elsewhere
	}
	process, err := function.New(clock.Real{}, spec)
	if err != nil {
		return err
	}
	s.closers = append(s.closers, process.Close)
	s.serveFunction(process.Spec(), process)
	return process.Prepare(ctx)
}

// serveFunction adds a function that takes real time, to the account and to Lambda's API.
func (s *localServer) serveFunction(spec function.Spec, f local.Function) {
	s.account.AddFunction(spec.Name, local.Outside{Clock: s.clock, Function: f})
	s.functions = append(s.functions, lambdaapi.Function{Spec: spec, Invoke: func(ctx context.Context, r function.Request) function.Result {
		defer s.clock.Hold()()
		if process, ok := f.(*function.Function); ok {
			return process.Do(ctx, r)
		}
		return f.Invoke(ctx, r.Payload)
	}})
}

// addAsync adds the async function, which lives in the account's time.
func (s *localServer) addAsync(name string, jobs []async.Job, table string) {
	var results async.Results
	if table != "" {
		results = local.Results{Account: s.account, Table: table}
	}
	config := async.Config{Jobs: jobs, Input: async.InputEvent, ExpectedCallers: 1, ResultsTable: table}
	handler := async.New(config, local.States{Account: s.account}, results, s.clock)
	s.account.AddFunction(name, local.AsyncFunction{Account: s.account, Handler: handler, Timeout: async.FunctionTimeout})
	spec := function.Spec{Name: name, ARN: s.account.FunctionARN(name), Runtime: "provided.al2023", Handler: "bootstrap", Timeout: async.FunctionTimeout,
		MemoryMB: awsfacts.MinMemoryMB}
	s.serveInside(spec)
}

// addJob adds the state machine of a job.
func (s *localServer) addJob(p *project.Project, j project.Job) (arn string, err error) {
	file, text, err := machine.OfProject(p, j, s.account.FunctionARN)
	if err != nil {
		return "", err
	}
	doc, err := source.ParseJSON(file, text)
	if err != nil {
		return "", err
	}
	doc = doc.ReplaceStrings(p.LocalARNs(s.account.FunctionARN))
	parsed, found := asl.Parse(file, doc)
	if s.found = append(s.found, found...); parsed == nil {
		return "", nil
	}
	if text, err = doc.MarshalJSON(); err != nil {
		return "", err
	}
	m, err := s.account.Create(local.StateMachine{Name: p.StateMachineName(j), Definition: string(text), RoleARN: localRole})
	return m.ARN, err
}
