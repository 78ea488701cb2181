package async

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestNothingUntrueForLong polls executions whose ends may not be written, or by events that are late, lost or come
// twice, while DescribeExecution lags and either service is down for a while. RUNNING may be untrue for a slot and a
// poll, or for two slots where Step Functions did not answer; UNKNOWN and sfn_degraded are never untrue. An end that is
// told is the end; of a redriven execution an earlier one, until the table knows the last.
func TestNothingUntrueForLong(t *testing.T) {
	told := map[string]int{}
	for seed := range testrun.Count(t, 60, 150) {
		h := newHonest(t, uint64(seed))
		play(t, h.world, h.run)
		told[h.last]++
		if t.Failed() {
			t.Fatalf("trial %d", seed)
		}
	}
	t.Log("the trials ended with", told)
	if told["SUCCEEDED"] == 0 || told["FAILED"] == 0 || told["ABORTED"] == 0 {
		t.Error("the trials are too tame or too wild to mean anything")
	}
}

// honest is one contact that polls one execution.
type honest struct {
	*flow
	random   *rand.Rand
	poll     time.Duration
	down     map[string][2]time.Duration // from and to, by service
	replied  time.Time                   // the reply before
	sawAsked bool                        // Step Functions was asked in vain since the execution ended
	last     string                      // sfn_status
	redriven bool
	events   int // that told the last end
}

const services, table = "Step Functions", "table"

// servedBy is the service of each operation.
var servedBy = map[string]string{"Start": services, "Describe": services, "Stop": services, "Pending": table,
	"Get": table, "Finish": table, "Doubted": table, "Newest": table, "Forget": table, "NoteData": table,
	"Decide": table}

func newHonest(t *testing.T, seed uint64) *honest {
	random := rand.New(rand.NewPCG(seed, 13))
	upTo := func(seconds int) time.Duration { return time.Duration(random.IntN(1000*seconds)) * time.Millisecond }
	w := newWorld()
	w.takes, w.lag, w.silent = upTo(90), upTo(2), random.IntN(2) == 0
	if random.IntN(3) == 0 {
		w.outcome = Execution{Status: "FAILED", Error: "Declined"}
	}
	env := map[string]string{"RESULTS_TABLE": "results", "TIMEOUT_SECONDS": "900",
		"EXPECTED_CALLERS": strconv.Itoa(1 + random.IntN(100))}
	h := &honest{flow: newFlow(t, w, env), random: random, poll: time.Second + upTo(4)}
	h.down = map[string][2]time.Duration{}
	for _, service := range []string{services, table} {
		if from := upTo(60); random.IntN(2) == 0 {
			h.down[service] = [2]time.Duration{from, from + upTo(60)}
		}
	}
	w.before = h.before
	if random.IntN(3) > 0 {
		h.withEnds(h.event)
	}
	return h
}

// event is how long the event of an end travels: not at all, once or twice, and sometimes for long.
func (h *honest) event() (travels []time.Duration) {
	for range []int{0, 1, 1, 1, 2, 2}[h.random.IntN(6)] {
		most := []int{1000, 3000, 60_000}[h.random.IntN(3)]
		travels = append(travels, time.Duration(h.random.IntN(most))*time.Millisecond)
	}
	h.events = len(travels)
	return travels
}

// before fails the calls of a service that is down: at once, or by not answering.
func (h *honest) before(ctx context.Context, op string) error {
	at := h.world.clock.Now().Sub(epoch)
	if outage := h.down[servedBy[op]]; at < outage[0] || at >= outage[1] {
		return nil
	}
	h.sawAsked = h.sawAsked || op == "Describe"
	if h.random.IntN(2) == 0 {
		return errThrottled
	}
	return h.world.clock.Sleep(ctx, time.Hour)
}

// run starts once, and checks until the end was told three times.
func (h *honest) run() {
	id := h.call(parametersOf{"request": "1"})["execution_id"]
	if id == "" {
		return // refused
	}
	h.replied = h.world.clock.Now()
	count := "0"
	for told := 0; told < 3; {
		h.world.sleep(h.poll)
		p := parametersOf{"execution_id": id, "count": count, "count_max": "8"}
		switch h.random.IntN(40) {
		case 0:
			p["action"] = "cancel"
		case 1:
			p["cancel_on_give_up"] = "true"
		case 2:
			p["hold_seconds"] = "10"
		}
		r := h.world.runs[id]
		known := h.world.table[r.in.Name].Ended
		reply := h.call(p)
		h.check(reply, r, known)
		if !h.redriven && r.outcome.Status != "SUCCEEDED" && h.world.clock.Now().After(r.ends) {
			h.maybeRedrive(r)
		}
		if count = reply["count"]; reply["status"] == "FINISHED" {
			told++
		}
	}
	h.checkTable(h.world.runs[id])
}

// maybeRedrive runs an execution that did not succeed once more, at most once.
func (h *honest) maybeRedrive(r *run) {
	if h.random.IntN(4) == 0 {
		h.redriven = true
		took := time.Duration(h.random.IntN(20_000)) * time.Millisecond
		h.world.redrive(r, took, Execution{Status: "SUCCEEDED", Output: `{"balance":"42.10"}`})
	}
}

// checkTable waits until every event has come and both services are up again: whatever the order was, the table then
// has the last end, if an event told it.
func (h *honest) checkTable(r *run) {
	h.world.sleep(10 * time.Minute)
	record := h.world.table[r.in.Name]
	if h.world.ends != nil && h.events > 0 && (!record.Ended.Equal(r.ends.Truncate(time.Millisecond)) ||
		record.Status != r.outcome.Status || record.Output != r.outcome.Output) {
		h.t.Errorf("the record is %+v, while it ended at %v: %+v", record, r.ends, r.outcome)
	}
}

// saysEarlier reports whether a reply tells an end before the last redrive, which the table does not know to be over.
func saysEarlier(reply map[string]string, r *run, known time.Time) bool {
	for _, e := range r.earlier {
		if reply["sfn_status"] == e.Status && !known.Equal(r.ends) {
			return true
		}
	}
	return false
}

// check checks what a reply says about the execution. known is the end that the table knew.
func (h *honest) check(reply map[string]string, r *run, known time.Time) {
	now := h.world.clock.Now()
	untrue := now.Sub(r.ends)
	slots := time.Duration(1)
	if untrue < 0 {
		h.sawAsked = false
	} else if h.sawAsked {
		slots = 2
	}
	h.last = reply["sfn_status"]
	unsure := h.last == "UNKNOWN" || reply["sfn_degraded"] == "true"
	longest := slots*h.f.slot(h.f.config.Jobs[0]) + now.Sub(h.replied) + h.world.lag
	switch e := r.at(now); {
	case reply["status"] == "FINISHED" && saysEarlier(reply, r, known):
	case reply["status"] == "FINISHED":
		if !ended(e) || h.last != e.Status || (reply["sfn_result"] == "SUCCESS") != (e.Status == "SUCCEEDED") {
			h.t.Errorf("claims %v, while it is %+v", reply, e)
		}
	case !unsure && untrue > longest:
		h.t.Errorf("says %s %v after the end; longest is %v", h.last, untrue, longest)
	}
	h.replied = now
}
