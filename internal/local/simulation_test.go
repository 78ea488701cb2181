package local_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/machine"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestRequestsThroughFaults sends random requests of several contacts through the async function to a Step Functions
// that is not more forgiving than AWS's, with random faults on the way: lost replies repeated after up to ten minutes,
// duplicated events, throttling, slow calls, stale reads, and environments that die between a call and its reply. It
// checks what must be true whatever happens; the state machine is the one that machine writes, with and without the
// results table.
func TestRequestsThroughFaults(t *testing.T) {
	ended, requests := map[string]int{}, 0
	for seed := 0; requests < testrun.Count(t, 40, 300); seed++ {
		s := newSimulation(t, uint64(seed))
		if err := s.clock.Run(s.run); err != nil {
			t.Fatal(err)
		}
		s.checkEnd()
		for _, c := range s.contacts {
			ended[c.last]++
			requests++
		}
		if t.Failed() {
			t.Fatalf("trial %d", seed)
		}
	}
	t.Log(requests, "requests ended with", ended)
	for _, status := range []string{"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"} {
		if ended[status] == 0 {
			t.Errorf("no request ended as %s: the trials are too tame or too wild to mean anything", status)
		}
	}
}

// The data that must not show in the log.
var planted = []string{"5550100", "Ada Lovelace", "4111111111111111", "SECRET-BALANCE", "SECRET-CAUSE"}

// simulation is one account with a few contacts, each with one request.
type simulation struct {
	*testing.T
	clock    *clock.Virtual
	random   *rand.Rand
	faults   float64 // how likely a fault is
	account  *local.Account
	machine  string
	function local.AsyncFunction
	log      bytes.Buffer
	contacts []*contact
}

// contact is a caller and what its flow knows.
type contact struct {
	*simulation
	id        string
	execution string // once a reply said CREATED
	cancelled bool
	last      string // sfn_status of the last reply
}

func newSimulation(t *testing.T, seed uint64) *simulation {
	random := rand.New(rand.NewPCG(seed, 11))
	s := &simulation{T: t, random: random, clock: clock.NewVirtual(start), faults: random.Float64() * 0.4}
	s.account = local.New(local.Options{
		Clock:       s.clock,
		Seed:        seed,
		ServedAfter: 50 * time.Millisecond,
		TableAfter:  5 * time.Millisecond,
		Faults:      s.passing(),
	})
	s.account.AddFunction("work", local.StandIn{Clock: s.clock, Timeout: 10 * time.Minute, Next: s.outcome})
	job := machine.Job{
		Name:    "job",
		Timeout: time.Minute,
		Steps:   []machine.Step{{Name: "work", FunctionARN: s.account.FunctionARN("work"), Timeout: 10 * time.Minute}},
	}
	var results async.Results
	if random.IntN(2) == 0 {
		job.ResultsTable = "results"
		s.account.AddResultsTable("results")
		results = crashingTable{local.Results{Account: s.account, Table: "results"}, s}
	}
	s.machine = create(t, s.account, "job", "", define(t, job))
	config := async.Config{
		Jobs:            []async.Job{{StateMachineARN: s.machine, Timeout: job.Timeout}},
		Input:           async.InputEvent,
		ExpectedCallers: 1 + random.IntN(200),
	}
	s.function = local.AsyncFunction{Account: s.account, Timeout: time.Duration(3+random.IntN(58)) * time.Second,
		Handler: async.New(config, crashingStates{local.States{Account: s.account}, s}, results, s.clock,
			async.WithRandom(rand.NewPCG(seed, 12)),
			async.WithLogger(slog.New(slog.NewJSONHandler(&s.log, nil))))}
	for i := range 1 + random.IntN(4) {
		s.contacts = append(s.contacts, &contact{simulation: s, id: fmt.Sprintf("4a573372-1f28-4e26-b97b-%012d", i)})
	}
	return s
}

// passing are faults that pass, and reads that lag behind.
func (s *simulation) passing() []local.Fault {
	var faults []local.Fault
	for _, service := range []local.Service{local.StepFunctions, local.DynamoDB} {
		rate := s.faults / 6
		faults = append(faults,
			local.Fault{Service: service, Rate: rate, Error: "ThrottlingException"},
			local.Fault{Service: service, Rate: rate, Error: "InternalFailure"},
			local.Fault{Service: service, Rate: rate, LoseReply: true},
			local.Fault{Service: service, Rate: rate, Takes: time.Duration(s.random.IntN(3000)) * time.Millisecond},
		)
	}
	return append(faults, local.Fault{
		Service:   local.StepFunctions,
		Operation: "describe",
		Stale:     time.Duration(s.random.IntN(2000)) * time.Millisecond,
	})
}

// outcome is what the wrapped function does. It may outlast the execution.
func (s *simulation) outcome() local.Outcome {
	o := local.Outcome{
		Takes:   time.Duration(s.random.IntN(80_000)) * time.Millisecond,
		Payload: json.RawMessage(`{"balance":"SECRET-BALANCE","status":"mine"}`),
	}
	switch s.random.IntN(4) {
	case 0:
		o.Payload = json.RawMessage(`"` + strings.Repeat("SECRET-BALANCE", 3000) + `"`)
	case 1:
		o.Error, o.Message = "SECRET-CAUSE", "SECRET-CAUSE"
	}
	return o
}

// crashed takes the place of a Lambda environment that dies.
type crashed struct{}

func (s *simulation) mayCrash() {
	if s.random.Float64() < s.faults/8 {
		panic(crashed{})
	}
}

// crashingStates is Step Functions for an environment that may die before a call and between a call and its reply.
type crashingStates struct {
	async.Executions
	s *simulation
}

func (c crashingStates) Start(ctx context.Context, in async.StartInput) (string, error) {
	c.s.mayCrash()
	arn, err := c.Executions.Start(ctx, in)
	c.s.mayCrash()
	return arn, err
}

func (c crashingStates) Stop(ctx context.Context, arn, name, cause string) error {
	c.s.mayCrash()
	err := c.Executions.Stop(ctx, arn, name, cause)
	c.s.mayCrash()
	return err
}

// crashingTable is the results table for such an environment.
type crashingTable struct {
	async.Results
	s *simulation
}

func (c crashingTable) Pending(ctx context.Context, r async.Record, now time.Time) (async.Record, error) {
	old, err := c.Results.Pending(ctx, r, now)
	c.s.mayCrash()
	return old, err
}

func (c crashingTable) Finish(ctx context.Context, r async.Record, now time.Time) error {
	c.s.mayCrash()
	err := c.Results.Finish(ctx, r, now)
	c.s.mayCrash()
	return err
}

// run plays all contacts at once.
func (s *simulation) run() {
	for _, c := range s.contacts {
		s.clock.Go(c.run)
	}
}

type parameters map[string]string

// invoke calls the async function once. The reply is nil when the environment died, or when the reply was lost.
func (c *contact) invoke(p parameters) (reply map[string]string) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(crashed); !ok {
				panic(r)
			}
		}
	}()
	event, err := json.Marshal(map[string]any{
		"Name": "ContactFlowEvent",
		"Details": map[string]any{"Parameters": p, "ContactData": map[string]any{
			"InitialContactId": c.id, "ContactId": c.id, "CustomerEndpoint": map[string]any{"Address": "+15550100"},
			"Attributes": map[string]any{"name": "Ada Lovelace"}}},
	})
	if err != nil {
		c.Fatal(err)
	}
	began := c.clock.Now()
	r := c.function.Invoke(bg, event)
	c.checkTime(p, c.clock.Now().Sub(began))
	if r.Err != nil || r.FunctionError != "" {
		c.Errorf("%+v", r)
		return nil
	}
	reply = texts(c.T, r.Payload)
	c.checkReply(reply)
	if c.random.Float64() < c.faults/2 {
		return nil
	}
	return reply
}

// texts reads a reply; a value that is not a text is its JSON.
func texts(t *testing.T, body []byte) map[string]string {
	var raw map[string]any
	if err := json.Unmarshal(body, &raw); err != nil {
		t.Fatal(err)
	}
	reply := map[string]string{}
	for key, value := range raw {
		reply[key] = fmt.Sprint(value)
	}
	return reply
}

// run is the flow: start, check until the execution has ended.
func (c *contact) run() {
	if !c.begin() {
		return
	}
	count, idle := "0", 0
	for range 60 {
		p := parameters{"execution_id": c.execution, "count": count, "count_max": "8"}
		if c.random.IntN(3) == 0 {
			p["hold_seconds"] = strconv.Itoa(c.random.IntN(65))
		}
		if c.random.IntN(25) == 0 {
			p["action"], c.cancelled = "cancel", true
		}
		sleep(c.clock, time.Duration(1000+c.random.IntN(4000))*time.Millisecond)
		reply := c.invoke(p)
		if reply == nil {
			continue
		}
		if reply["status"] == "FINISHED" {
			if idle++; idle == 3 { // and a few times more: it stays as it was
				return
			}
		}
		count = reply["count"]
	}
}

// begin starts until a reply says CREATED: again at once as Connect does, or later as a flow does, or twice at the
// same time.
func (c *contact) begin() bool {
	p := parameters{"request": "4111111111111111 of Ada Lovelace", "card": "4111111111111111", "time_limit": "8"}
	for range 8 {
		if c.random.IntN(3) == 0 {
			c.clock.Go(func() { c.invoke(p) })
		}
		if reply := c.invoke(p); reply != nil && reply["status"] == "CREATED" {
			c.execution = reply["execution_id"]
			return true
		}
		if c.random.IntN(2) == 0 {
			sleep(c.clock, time.Duration(1+c.random.IntN(600))*time.Second)
		}
	}
	return false
}

// checkTime checks the limits of an invocation.
func (c *contact) checkTime(p parameters, took time.Duration) {
	limit := time.Second
	if p["execution_id"] == "" || p["action"] == "cancel" {
		limit = 8 * time.Second
	} else if hold, err := strconv.Atoi(p["hold_seconds"]); err == nil {
		limit = max(limit, time.Duration(hold)*time.Second)
	}
	if limit = min(limit, c.function.Timeout); took > limit {
		c.Errorf("%v took %v, limit %v", p, took, limit)
	}
}

// mine are the executions that the contact's request has started.
func (c *contact) mine() (list []*local.Execution) {
	all, err := c.account.Executions(c.machine)
	if err != nil {
		c.Fatal(err)
	}
	for _, e := range all {
		if strings.Contains(e.Name, c.id) {
			list = append(list, e)
		}
	}
	return list
}

// checkReply checks what a reply may claim.
func (c *contact) checkReply(reply map[string]string) {
	c.last = reply["sfn_status"]
	mine := c.mine()
	if len(mine) > 1 {
		c.Errorf("%d executions for one request", len(mine))
	}
	var now local.Description
	if len(mine) == 1 {
		now = mine[0].Describe()
	}
	if reply["status"] == "CREATED" && (len(mine) != 1 || now.ARN != reply["execution_id"]) {
		c.Errorf("CREATED %s with %d executions", reply["execution_id"], len(mine))
	}
	switch {
	case reply["status"] == "FINISHED":
		failed := now.Status != "SUCCEEDED" || reply["sfn_error"] == async.ResultNotDeliverable
		// A cancel that crosses the end of an execution that fails anyway may be told as the cancel.
		same := c.last == string(now.Status) || c.cancelled && c.last == "ABORTED" && now.Status != "SUCCEEDED"
		if now.Stopped.IsZero() || !same || failed != (reply["sfn_result"] == "FAILURE") {
			c.Errorf("claims %s, %s, while it is %s", reply["sfn_result"], c.last, now.Status)
		}
	case reply["sfn_result"] == "SUCCESS":
		c.Errorf("success without an end: %v", reply)
	case reply["sfn_result"] == "FAILURE" && reply["sfn_error"] != async.GaveUp &&
		reply["sfn_error"] != async.StartFailed:
		c.Errorf("a failure from passing faults: %v", reply)
	}
}

// checkEnd checks what must hold when everything is over.
func (s *simulation) checkEnd() {
	for _, c := range s.contacts {
		mine := c.mine()
		if c.execution != "" && len(mine) != 1 {
			s.Errorf("%d executions after CREATED", len(mine))
		}
		if len(mine) == 1 && mine[0].Describe().Status == "ABORTED" && !c.cancelled {
			s.Error("aborted, though nobody cancelled")
		}
	}
	if all, _ := s.account.Executions(s.machine); len(all) > len(s.contacts) {
		s.Errorf("%d executions for %d requests", len(all), len(s.contacts))
	}
	for _, secret := range planted {
		if strings.Contains(s.log.String(), secret) {
			s.Errorf("%q is in the log", secret)
		}
	}
}
