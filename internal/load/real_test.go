package load_test

import (
	"math"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/load"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/testrun"
)

// playedFor reads an example and the scenario that plays it, whose functions take a time.
func playedFor(t testing.TB, example, results string, takes time.Duration) (*project.Project, scenario.Scenario) {
	t.Helper()
	p, found := project.Read("../../examples/" + example)
	if p == nil {
		t.Fatal(found)
	}
	for i := range p.Jobs {
		p.Jobs[i].Results = results
	}
	given, found := scenario.Read(p.Scenario)
	if found.HasErrors() {
		t.Fatal(found)
	}
	given.Callers, given.Faults, given.Changes = given.Callers[:1], nil, nil
	given.Callers[0].Does = nil
	for _, f := range p.Functions {
		returns := given.Functions[f.Name].Outcomes[0].Returns
		given.Functions[f.Name] = scenario.StandIn{Outcomes: []scenario.Outcome{{
			Takes: scenario.Takes{Low: takes, High: takes}, Returns: returns}}}
	}
	return p, given
}

// averages are what is compared.
type averages struct{ wait, delay, invocations, executions, served float64 }

// played plays callers one by one with everything real: package call, the local account with its tables, the async
// function and the engines.
func played(t *testing.T, p *project.Project, given scenario.Scenario, n int, every time.Duration) (a averages) {
	t.Helper()
	first := given.Callers[0]
	given.Callers = nil
	for i := range n {
		first.Arrives = every/2 + time.Duration(i)*every
		given.Callers = append(given.Callers, first)
	}
	c, found := call.New(t.Context(), call.Options{Project: p, Scenario: given, Virtual: true})
	if c == nil {
		t.Fatal(found)
	}
	asked := map[int]time.Duration{}
	summaries, err := c.Play(t.Context(), 1, func(e call.Event) {
		if _, known := asked[e.Caller]; e.Type == call.TypeFunction && !known || e.Type == call.TypeStarts && !known {
			asked[e.Caller] = e.At - e.Took
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range summaries {
		a.invocations += float64(s.Invocations)
		a.executions += float64(s.Executions)
		if s.Detected && s.Function == "SUCCEEDED" {
			a.served++
			a.delay += s.DetectionDelay.Seconds()
			a.wait += (s.DetectedAt - asked[i]).Seconds()
		}
	}
	a.wait, a.delay = a.wait/a.served, a.delay/a.served
	return a
}

// TestLoadIsWhatCallsAre plays the examples with few callers and no quota, once as a load and once call by call. On
// average callers wait as long, results are noticed as late, and the async function is called as often: in all results
// modes, and while Step Functions or the results table throttle. So a load is made of real calls.
func TestLoadIsWhatCallsAre(t *testing.T) {
	throttled := func(service local.Service, operation string) local.Fault {
		return local.Fault{Service: service, Operation: operation, From: 20 * time.Second, To: 35 * time.Second,
			Error: "ThrottlingException"}
	}
	for _, test := range []struct {
		name, example, results string
		faults                 []local.Fault
		heavy                  bool
	}{
		{name: "poll", example: "balance", results: project.ResultsDescribed},
		{name: "poll with a table", example: "balance", results: project.ResultsInTable, heavy: true},
		{name: "poll with events", example: "balance", results: project.ResultsByEvent, heavy: true},
		{name: "chain", example: "chain", results: project.ResultsInTable, heavy: true},
		{name: "held checks", example: "wait", results: project.ResultsDescribed},
		{name: "held checks with a table", example: "wait", results: project.ResultsInTable, heavy: true},
		{name: "queue", example: "queue", results: project.ResultsDescribed, heavy: true},

		{name: "throttled starts", example: "balance", results: project.ResultsDescribed,
			heavy: true, faults: []local.Fault{throttled(local.StepFunctions, "start")}},
		{name: "throttled checks", example: "balance", results: project.ResultsDescribed,
			faults: []local.Fault{throttled(local.StepFunctions, "describe")}},
		{name: "throttled table", example: "balance", results: project.ResultsInTable, heavy: true,
			faults: []local.Fault{throttled(local.DynamoDB, "")}},
		{name: "throttled held checks", example: "wait", results: project.ResultsDescribed, heavy: true,
			faults: []local.Fault{throttled(local.StepFunctions, "describe")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.heavy {
				testrun.Heavy(t)
			}
			n, every := testrun.Count(t, 12, 200), 2700*time.Millisecond
			p, given := playedFor(t, test.example, test.results, 21*time.Second)
			given.Faults = test.faults
			most := 0.15 // of the delay, which is a small difference of large times, and needs many callers
			if n < 100 {
				most = 0.4
			}
			want := played(t, p, given, n, every)
			got := loaded(t, p, given, n, every, test.faults)
			t.Logf("call by call %+v, load %+v", want, got)
			for _, each := range []struct {
				what            string
				want, got, most float64
			}{
				{"served", want.served, got.served, 0.01}, {"executions", want.executions, got.executions, 0.01},
				{"invocations", want.invocations, got.invocations, 0.04}, {"wait", want.wait, got.wait, 0.04},
				{"delay", want.delay, got.delay, most},
			} {
				if math.Abs(each.got-each.want) > each.most*each.want {
					t.Errorf("%s: %.2f, call by call %.2f", each.what, each.got, each.want)
				}
			}
		})
	}
}

// loaded plays the same as a load.
func loaded(t *testing.T, p *project.Project, given scenario.Scenario, n int, every time.Duration,
	faults []local.Fault) (a averages) {
	t.Helper()
	s, found := load.Prepare(t.Context(), load.SetupOptions{Project: p, Scenario: given, Callers: n})
	if s == nil {
		t.Fatal(found)
	}
	defer func() { _ = s.Close() }()
	arrivals, err := load.ParseArrivals("burst 1 " + (time.Duration(n) * every).String())
	if err != nil {
		t.Fatal(err)
	}
	o := load.Settings{Arrivals: arrivals.Scaled(float64(n)), Seed: 1}
	for _, f := range faults {
		o.Faults = append(o.Faults, load.Fault{Service: f.Service, Operation: f.Operation, From: f.From, To: f.To,
			Share: 1, Error: f.Error})
	}
	r, err := s.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return averages{wait: r.Wait.Mean.Seconds(), delay: r.DetectionDelay.Mean.Seconds(),
		invocations: float64(r.Requests.Invocations), executions: float64(r.Requests.Executions),
		served: float64(r.Served)}
}
