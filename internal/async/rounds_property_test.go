package async

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestRounds plays contacts that ask several questions through random faults, repeats by Connect and two environments
// of the Lambda function, with and without a table and events, one of the services down for a while. Whatever happens:
// no question has two executions against the rules of docs/contract.md; no result is one of other data, or older than
// the rules allow; every call is answered in time.
func TestRounds(t *testing.T) {
	told := map[string]int{}
	for seed := range testrun.Soak(t, 15) {
		g := newGuest(t, uint64(seed))
		play(t, g.world, g.run)
		for status, n := range g.told {
			told[status] += n
		}
		if t.Failed() {
			t.Fatalf("trial %d", seed)
		}
	}
	t.Log("the rounds ended with", told)
	if told["SUCCEEDED"] == 0 || told["FAILED"] == 0 || told["joined"] == 0 || told["again"] == 0 {
		t.Error("the trials are too tame or too wild to mean anything")
	}
}

const reuse = time.Minute // of the outcome

// guest is one contact whose flow loops over one block, and the executions of its questions.
type guest struct {
	*flow
	random    *rand.Rand
	faults    float64
	functions []*Function // environments of the Lambda function
	running   bool        // REUSE=running
	hands     bool        // the flow hands back sfn_again
	labels    bool        // it sends one label for all data
	table     bool

	down     string // a service that does not answer for a while
	downFrom time.Time
	downFor  time.Duration

	last      map[string]string
	renewed   bool // this round has another token than the one before
	token     string
	round     time.Time // when it began
	questions map[string][]*run
	made      map[*run]string // the account of each execution
	told      map[string]int
}

// asked is the question of an invocation, in its context.
type asked struct{}

type question struct {
	key     string
	account string
	begins  bool // a round
	again   bool
}

func newGuest(t *testing.T, seed uint64) *guest {
	random := rand.New(rand.NewPCG(seed, 17))
	w := newWorld()
	w.lag = time.Duration(random.IntN(2000)) * time.Millisecond
	g := &guest{
		random: random, faults: random.Float64() * 0.2, running: random.IntN(2) == 0, hands: random.IntN(3) > 0,
		labels: random.IntN(3) == 0, table: random.IntN(2) == 0, questions: map[string][]*run{},
		made: map[*run]string{}, told: map[string]int{},
	}
	g.down = []string{"", services, table}[random.IntN(3)]
	g.downFrom = epoch.Add(time.Duration(random.IntN(300)) * time.Second)
	g.downFor = time.Duration(random.IntN(90)) * time.Second
	env := map[string]string{"EXPECTED_CALLERS": strconv.Itoa(1 + random.IntN(100))}
	if g.running {
		env["REUSE"] = "running"
	}
	if g.table {
		env["RESULTS_TABLE"] = "results"
	}
	for range 2 {
		g.flow = newFlow(t, w, env)
		g.functions = append(g.functions, g.f)
	}
	if g.table && random.IntN(2) == 0 {
		g.withEnds(func() (travels []time.Duration) {
			for range random.IntN(3) { // lost, once or twice
				travels = append(travels, time.Duration(random.IntN(20_000))*time.Millisecond)
			}
			return travels
		})
	}
	w.before, w.after = g.before, g.after
	return g
}

// before is what may happen to a call on its way to the service.
func (g *guest) before(ctx context.Context, op string) error {
	since := g.world.clock.Now().Sub(g.downFrom)
	if servedBy[op] == g.down && since > 0 && since < g.downFor {
		return errThrottled
	}
	return g.world.mishap(ctx, g.random, g.faults, 4, errThrottled, errLost)
}

// after notes a new execution, and is what may happen to the answer.
func (g *guest) after(ctx context.Context, op string) error {
	if op == "Start" {
		for arn, r := range g.world.runs {
			if _, known := g.made[r]; !known {
				g.started(ctx.Value(asked{}).(question), arn, r)
			}
		}
	}
	return g.world.mishap(ctx, g.random, g.faults, 3, errLost)
}

// started checks a new execution against the rules, and decides how long it takes and what comes of it.
func (g *guest) started(q question, arn string, r *run) {
	earlier := g.questions[q.key]
	for _, other := range earlier {
		if since := r.began.Sub(other.ends); !g.running || q.again || !q.begins || since <= reuse-clockSkew {
			g.t.Errorf("%s: execution %d was started %v after the end of the one before; running %v, again %v, "+
				"begins %v", arn, len(earlier)+1, since, g.running, q.again, q.begins)
		}
	}
	if len(earlier) > 0 {
		g.told["again"]++
	}
	g.questions[q.key] = append(earlier, r)
	g.made[r] = q.account
	r.ends = r.began.Add([]time.Duration{300 * time.Millisecond, 5 * time.Second, 40 * time.Second}[g.random.IntN(3)])
	g.world.clock.AfterFunc(r.ends.Sub(r.began), func() { g.world.tell(r) })
	r.silent = g.random.IntN(2) == 0
	r.outcome = Execution{Status: "SUCCEEDED", Output: fmt.Sprintf(`{"account":%q}`, q.account)}
	if g.random.IntN(4) == 0 {
		r.outcome = Execution{Status: "FAILED", Error: "Declined"}
	}
}

// run asks several questions, with pauses between.
func (g *guest) run() {
	for range 6 {
		p := parametersOf{"account": strconv.Itoa(g.random.IntN(2)), "count_max": "30", "time_limit": "8"}
		if g.labels {
			p["request"] = "one"
		}
		if g.random.IntN(2) == 0 {
			p["hold_seconds"] = "1"
		}
		g.ask(p)
		g.world.sleep(time.Duration(g.random.IntN(3)) * time.Duration(g.random.IntN(100)) * time.Second)
	}
}

// ask loops over the block until the round ends.
func (g *guest) ask(p parametersOf) {
	again := g.last["sfn_again"] // the flow keeps it, since an error of the block loses it
	last := g.last
	g.renewed = again != g.token
	g.token = again
	g.round = g.world.clock.Now()
	for range 60 {
		sent := g.block(p, last)
		delete(sent, "again")
		sent["count_max"] = "30"
		if g.hands && again != "" {
			sent["again"] = again
		}
		last = g.repeat(sent)
		if last["sfn_result"] != "" {
			g.check(sent, last)
			g.last = last
			return
		}
		g.world.sleep(time.Duration(500+g.random.IntN(4000)) * time.Millisecond)
	}
	g.t.Errorf("the round does not end: %v", last)
}

// repeat invokes the function as Connect does: again after a failure, and sometimes twice at the same time.
func (g *guest) repeat(p parametersOf) (reply map[string]string) {
	if g.random.IntN(10) == 0 {
		g.world.clock.Go(func() { g.invoke(p) })
	}
	for range 4 {
		if reply = g.invoke(p); reply != nil {
			return reply
		}
	}
	return nil // an error of the block
}

// invoke calls one of the environments once. The reply is nil when it died, or when the reply was lost.
func (g *guest) invoke(p parametersOf) (reply map[string]string) {
	defer survive()
	again, _ := p["again"].(string)
	count, counted := p["count"]
	q := question{
		account: p["account"].(string), begins: !counted || count == Done, again: again != "" && again != None,
	}
	q.key = strings.Join([]string{fmt.Sprint(p["request"]), again}, " ")
	if p["request"] == nil {
		q.key += " " + q.account
	}
	if !q.again {
		q.key = strings.Replace(q.key, None, "", 1)
	}
	began := g.world.clock.Now()
	ctx, cancel := g.world.clock.WithDeadline(context.WithValue(context.Background(), asked{}, q), began.Add(g.limit))
	defer cancel()
	g.invoked++
	body, _ := g.functions[g.random.IntN(2)].Handle(ctx, fmt.Sprintf("00000000-0000-4000-8000-%012d", g.invoked),
		g.event(p))
	if took := g.world.clock.Now().Sub(began); took > 8*time.Second {
		g.t.Errorf("%v took %v", p, took)
	}
	reply = g.read(body)
	g.checkStatus(reply)
	if g.random.Float64() < g.faults {
		return nil
	}
	return reply
}

// checkStatus checks that an end that is told is the end.
func (g *guest) checkStatus(reply map[string]string) {
	if reply["status"] != "FINISHED" {
		return
	}
	r := g.world.runs[reply["execution_id"]]
	if r == nil || r.at(g.world.clock.Now()).Status != reply["sfn_status"] {
		g.t.Errorf("claims %v", reply)
	}
}

// check checks the end of a round: whose result it is, and how old.
func (g *guest) check(sent parametersOf, reply map[string]string) {
	g.told[reply["sfn_status"]]++
	if reply["status"] != "FINISHED" {
		if code := reply["sfn_error"]; code != StartFailed && code != TooManyRepeats && code != RequestConflict &&
			code != GaveUp {
			g.t.Errorf("a failure from passing faults: %v", reply)
		}
		if reply["sfn_error"] == RequestConflict && (!g.labels || !g.table) {
			g.t.Errorf("a conflict without a label, or without a table: %v", reply)
		}
		return
	}
	r := g.world.runs[reply["execution_id"]]
	var input struct {
		Details struct{ Parameters map[string]string }
	}
	if err := json.Unmarshal([]byte(r.in.Input), &input); err != nil {
		g.t.Fatal(err)
	}
	if got := input.Details.Parameters["account"]; got != sent["account"] && !(g.labels && !g.table) {
		g.t.Errorf("the result for account %v is one of account %s: %v", sent["account"], got, reply)
	}
	age := g.round.Sub(r.ends)
	switch sent["again"] {
	case nil, None, "":
		if g.running && age > reuse+10*time.Second {
			g.t.Errorf("the result ended %v before the round began: %v", age, reply)
		}
	default:
		if g.renewed && r.began.Before(g.round) {
			g.t.Errorf("the result of a new question is older than the question: %v", reply)
		}
	}
	if age > 0 {
		g.told["joined"]++
	}
}
