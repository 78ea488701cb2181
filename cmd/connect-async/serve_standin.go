package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
)

// livesElsewhere reports whether a function can neither be run here nor be invoked where it is.
func livesElsewhere(f project.Function) bool { return f.Code == "" && !f.Remote }

// readStandIns reads the project's scenario when one of its functions needs a stand-in.
func (s *localServer) readStandIns(p *project.Project) {
	if p.Scenario == "" || !slices.ContainsFunc(p.Functions, livesElsewhere) {
		return
	}
	given, found := scenario.Read(p.Scenario)
	s.found = append(s.found, found...)
	s.standIns = given.Functions
}

// addStandIn adds what the scenario says of a function. It lives in the account's time.
func (s *localServer) addStandIn(f project.Function, outcomes []scenario.Outcome) {
	s.account.AddFunction(f.Name, local.StandIn{Clock: s.clock, Timeout: f.Timeout, Next: inTurn(outcomes, rand.New(rand.NewPCG(s.seed, uint64(len(s.functions)))))})
	s.serveInside(function.Spec{Name: f.Name, ARN: s.account.FunctionARN(f.Name), Runtime: f.Runtime, Handler: f.Handler, Timeout: f.Timeout, MemoryMB: f.MemoryMB})
}

// serveInside adds a function of the account that lives in its time to Lambda's API.
func (s *localServer) serveInside(spec function.Spec) {
	s.functions = append(s.functions, lambdaapi.Function{Spec: spec, Invoke: func(ctx context.Context, r function.Request) function.Result {
		result := s.account.Ask(ctx, spec.Name, r.Payload)
		result.RequestID = r.RequestID
		return result
	}})
}

// inTurn returns the outcomes one after the other; the last repeats.
func inTurn(outcomes []scenario.Outcome, random *rand.Rand) func() local.Outcome {
	var mu sync.Mutex
	calls := 0
	return func() local.Outcome {
		mu.Lock()
		defer mu.Unlock()
		o := outcomes[min(calls, len(outcomes)-1)]
		calls++
		takes := o.Takes.Low
		if spread := o.Takes.High - o.Takes.Low; spread > 0 {
			takes += time.Duration(random.Int64N(int64(spread) + 1))
		}
		return local.Outcome{Takes: takes, Payload: o.Returns, Error: o.Error, Message: o.Message, Throttled: o.Throttled}
	}
}
