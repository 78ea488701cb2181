package async

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestOnceMeansOnce sends random requests through random passing faults, and checks what must be true whatever happens:
// at most one execution for a request, exactly one once a reply said CREATED, no claim that work failed which did
// not, no invocation beyond its limits, no personal data in the log.
func TestOnceMeansOnce(t *testing.T) {
	ended := map[string]int{}
	for seed := range testrun.Count(t, 60, 150) {
		tr := newTrial(t, uint64(seed))
		play(t, tr.world, tr.run)
		tr.checkEnd()
		ended[tr.last]++
		if t.Failed() {
			t.Fatalf("trial %d", seed)
		}
	}
	t.Log("the trials ended with", ended)
	if ended["SUCCEEDED"] == 0 || ended["FAILED"] == 0 || ended["ABORTED"] == 0 {
		t.Error("the trials are too tame or too wild to mean anything")
	}
}

// The data that must not show in the log.
var planted = []string{"5550100", "Ada Lovelace", "4111111111111111", "SECRET-BALANCE", "SECRET-CAUSE"}

// trial is one contact with one request.
type trial struct {
	*flow
	random    *rand.Rand
	faults    float64 // how likely a fault is
	arn       string  // of the execution, once a reply said CREATED
	cancelled bool
	last      string // sfn_status of the last reply
}

func newTrial(t *testing.T, seed uint64) *trial {
	random := rand.New(rand.NewPCG(seed, 7))
	w := newWorld()
	w.takes = time.Duration(random.IntN(90_000)) * time.Millisecond
	w.lag = time.Duration(random.IntN(2000)) * time.Millisecond
	w.outcome = []Execution{
		{Status: "SUCCEEDED", Output: `{"balance":"SECRET-BALANCE","status":"mine"}`},
		{Status: "SUCCEEDED", Output: `"` + strings.Repeat("SECRET-BALANCE", 3000) + `"`},
		{Status: "FAILED", Error: "SECRET-CAUSE", Cause: "SECRET-CAUSE"},
		{Status: "TIMED_OUT"},
	}[random.IntN(4)]
	w.silent = w.outcome.Status == "TIMED_OUT"
	env := map[string]string{"TIMEOUT_SECONDS": "20", "EXPECTED_CALLERS": strconv.Itoa(1 + random.IntN(200))}
	if random.IntN(2) == 0 {
		env["RESULTS_TABLE"] = "results"
	}
	tr := &trial{flow: newFlow(t, w, env), random: random, faults: random.Float64() * 0.4}
	tr.limit = time.Duration(3+random.IntN(58)) * time.Second
	tr.contact["CustomerEndpoint"] = map[string]any{"Address": "+15550100"}
	tr.contact["Attributes"] = map[string]any{"name": "Ada Lovelace"}
	w.before, w.after = tr.before, tr.after
	return tr
}

// before is what may happen to a call on its way to the service.
func (tr *trial) before(ctx context.Context, _ string) error {
	return tr.world.mishap(ctx, tr.random, tr.faults, 6,
		&ServiceError{Code: "ThrottlingException", Status: 400, Message: "4111111111111111"},
		&ServiceError{Code: "InternalFailure", Status: 500, Message: "Ada Lovelace"},
		&ServiceError{Err: fmt.Errorf("connection reset")})
}

// after is what may happen to the answer.
func (tr *trial) after(ctx context.Context, _ string) error {
	return tr.world.mishap(ctx, tr.random, tr.faults, 4, &ServiceError{Err: fmt.Errorf("connection reset")})
}

// invoke calls the function once. The reply is nil when the environment died, or when the reply was lost.
func (tr *trial) invoke(p parametersOf) (reply map[string]string) {
	began := tr.world.clock.Now()
	defer survive()
	reply = tr.call(p)
	tr.checkTime(p, tr.world.clock.Now().Sub(began))
	tr.checkReply(reply)
	if tr.random.Float64() < tr.faults/2 {
		return nil
	}
	return reply
}

// run is the flow: start, check until the execution has ended.
func (tr *trial) run() {
	if !tr.begin() {
		return
	}
	count, idle := "0", 0
	for range 60 {
		p := parametersOf{"execution_id": tr.arn, "count": count, "count_max": "8"}
		if tr.random.IntN(3) == 0 {
			p["hold_seconds"] = strconv.Itoa(tr.random.IntN(65))
		}
		if tr.random.IntN(25) == 0 {
			p["action"], tr.cancelled = "cancel", true
		}
		tr.world.sleep(time.Duration(1000+tr.random.IntN(4000)) * time.Millisecond)
		reply := tr.invoke(p)
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
func (tr *trial) begin() bool {
	start := parametersOf{"request": "4111111111111111 of Ada Lovelace", "card": "4111111111111111", "time_limit": "8"}
	for range 8 {
		if tr.random.IntN(3) == 0 {
			tr.world.clock.Go(func() { tr.invoke(start) })
		}
		if reply := tr.invoke(start); reply != nil && reply["status"] == "CREATED" {
			tr.arn = reply["execution_id"]
			return true
		}
		if tr.random.IntN(2) == 0 {
			tr.world.sleep(time.Duration(1+tr.random.IntN(600)) * time.Second)
		}
	}
	return false
}

// checkTime checks the limits of an invocation.
func (tr *trial) checkTime(p parametersOf, took time.Duration) {
	limit := time.Second
	if p["execution_id"] == nil || p["action"] == "cancel" {
		limit = 8 * time.Second
	} else if hold, ok := p["hold_seconds"].(string); ok {
		seconds, _ := strconv.Atoi(hold)
		limit = max(limit, time.Duration(seconds)*time.Second)
	}
	if limit = min(limit, tr.limit); took > limit {
		tr.t.Errorf("%v took %v, limit %v", p, took, limit)
	}
}

// checkReply checks what a reply may claim.
func (tr *trial) checkReply(reply map[string]string) {
	tr.last = reply["sfn_status"]
	if len(tr.world.runs) > 1 {
		tr.t.Errorf("%d executions", len(tr.world.runs))
	}
	if reply["status"] == "CREATED" && (len(tr.world.runs) != 1 || tr.world.runs[reply["execution_id"]] == nil) {
		tr.t.Errorf("CREATED with %d executions", len(tr.world.runs))
	}
	var now Execution
	for _, r := range tr.world.runs {
		now = r.at(tr.world.clock.Now())
	}
	switch status := reply["sfn_status"]; {
	case reply["sfn_result"] == "SUCCESS", reply["sfn_error"] == ResultNotDeliverable:
		if status != "SUCCEEDED" || now.Status != "SUCCEEDED" {
			tr.t.Errorf("claims success while %s: %v", now.Status, reply)
		}
	case reply["status"] == "FINISHED":
		if !ended(now) || now.Status == "SUCCEEDED" || reply["sfn_result"] != "FAILURE" {
			tr.t.Errorf("claims failure while %s: %v", now.Status, reply)
		}
	case reply["sfn_result"] == "FAILURE" && reply["sfn_error"] != GaveUp && reply["sfn_error"] != StartFailed:
		tr.t.Errorf("a failure from passing faults: %v", reply)
	}
}

// checkEnd checks what must be true when everything is over.
func (tr *trial) checkEnd() {
	if tr.arn != "" && len(tr.world.runs) != 1 {
		tr.t.Errorf("%d executions after CREATED", len(tr.world.runs))
	}
	if tr.last == "ABORTED" && !tr.cancelled {
		tr.t.Error("aborted, though nobody cancelled")
	}
	for _, secret := range planted {
		if strings.Contains(tr.log.String(), secret) {
			tr.t.Errorf("%q is in the log", secret)
		}
	}
}
