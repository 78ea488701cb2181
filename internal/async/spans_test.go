package async

import (
	"context"
	"slices"
	"testing"
	"time"
)

// The tests of this file are about how long each try and each wait may take.

const ms = time.Millisecond

// timed plays something and returns when each call of a service came, and when it was over. The services never answer.
func timed(t *testing.T, table string, p parametersOf) (calls map[string][]time.Duration, over time.Duration) {
	t.Helper()
	w := newWorld()
	w.takes = time.Hour
	f := newFlow(t, w, map[string]string{"RESULTS_TABLE": table, "EXPECTED_CALLERS": "100000"})
	calls = map[string][]time.Duration{}
	play(t, w, func() {
		if p["action"] != "start" {
			p["execution_id"] = f.call(parametersOf{})["execution_id"]
		}
		began := w.clock.Now()
		w.before = func(ctx context.Context, op string) error {
			calls[op] = append(calls[op], w.clock.Now().Sub(began))
			return w.clock.Sleep(ctx, time.Hour)
		}
		f.call(p)
		over = w.clock.Now().Sub(began)
	})
	return calls, over
}

// TestTriesOfALook: the first try has 300 ms where there is time for a second, and the table two thirds of the time,
// so that Step Functions can be asked as well.
func TestTriesOfALook(t *testing.T) {
	for _, c := range []struct {
		table    string
		p        parametersOf
		get, ask []time.Duration
		over     time.Duration
	}{
		{"", parametersOf{}, nil, []time.Duration{0, 300 * ms}, 900 * ms},
		{"results", parametersOf{"count": "9"}, []time.Duration{0, 300 * ms}, []time.Duration{600 * ms}, 900 * ms},
		{"", parametersOf{"time_limit": "1"}, nil, []time.Duration{0}, 500 * ms},
	} {
		calls, over := timed(t, c.table, c.p)
		if !slices.Equal(calls["Get"], c.get) || !slices.Equal(calls["Describe"], c.ask) || over != c.over {
			t.Errorf("table %q: the calls came at %v, the reply at %v", c.table, calls, over)
		}
	}
}

// TestTimeForASecondTry: 600 ms are enough for two, less are not.
func TestTimeForASecondTry(t *testing.T) {
	for left, want := range map[time.Duration]int{2 * firstTry: 2, 2*firstTry - 1: 1} {
		w := newWorld()
		f := newFlow(t, w, nil).f
		tries := 0
		play(t, w, func() {
			err := f.twice(t.Context(), &invocation{}, epoch.Add(left), func(ctx context.Context) error {
				tries++
				return w.clock.Sleep(ctx, time.Hour)
			})
			if err == nil {
				t.Error("it did not fail")
			}
		})
		if took := w.clock.Now().Sub(epoch); tries != want || took != left {
			t.Errorf("%v are enough for %d tries, which took %v", left, tries, took)
		}
	}
}

// TestEndsOfATimeLimit: what a start, a look that something follows and a call near the Lambda deadline may use.
func TestEndsOfATimeLimit(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil).f
	in := &invocation{began: epoch, timeLimit: 8 * time.Second}
	if got := f.timeLimit(t.Context(), in).Sub(epoch); got != 7500*ms {
		t.Errorf("of 8 s a start may use %v", got)
	}
	for left, want := range map[time.Duration]time.Duration{time.Second: 500 * ms, 1800 * ms: 900 * ms,
		8 * time.Second: 900 * ms} {
		if got := f.sharedWith(epoch.Add(left)).Sub(epoch); got != want {
			t.Errorf("of %v a look may use %v", left, got)
		}
	}
	ctx, cancel := w.clock.WithDeadline(t.Context(), epoch.Add(time.Second))
	defer cancel()
	for span, want := range map[time.Duration]time.Duration{
		799 * ms: 799 * ms, 800 * ms: 800 * ms, 801 * ms: 800 * ms, time.Second: 800 * ms, time.Minute: 800 * ms,
	} {
		if got := f.until(ctx, epoch.Add(span)).Sub(epoch); got != want {
			t.Errorf("a span of %v ends after %v", span, got)
		}
	}
}

// TestPausesBetweenTries: 0.2 s, doubled up to 2 s, each up to a quarter longer.
func TestPausesBetweenTries(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil).f
	var tried []time.Time
	play(t, w, func() {
		_ = f.persist(t.Context(), &invocation{}, epoch.Add(12*time.Second), retryable, func(context.Context) error {
			tried = append(tried, w.clock.Now())
			return errThrottled
		})
	})
	var longer bool
	for i, least := range []time.Duration{200 * ms, 400 * ms, 800 * ms, 1600 * ms, 2000 * ms, 2000 * ms} {
		pause := tried[i+1].Sub(tried[i])
		if pause < least || pause > least+least/4 {
			t.Errorf("pause %d is %v, want %v", i, pause, least)
		}
		longer = longer || pause > least+least/16
	}
	if !longer {
		t.Error("the pauses have no jitter")
	}
}

// TestPaceOfLooks: as many looks as DescribeExecution allows all callers, between 1 and 4 s apart.
func TestPaceOfLooks(t *testing.T) {
	for callers, want := range map[string]time.Duration{"1": time.Second, "30": 3 * time.Second, "1000": maxEvery} {
		f := newFlow(t, newWorld(), map[string]string{"EXPECTED_CALLERS": callers}).f
		if got := f.pace(&invocation{job: f.config.Jobs[0]}); got != want {
			t.Errorf("%s callers: %v", callers, got)
		}
	}
}

// TestWaitForTheNextLook: it is counted from when the last one began, and there is none without time for it.
func TestWaitForTheNextLook(t *testing.T) {
	for _, c := range []struct {
		left, ago, want time.Duration
		again           bool
	}{
		{time.Minute, 100 * ms, 150 * ms, true},
		{time.Minute, 0, TableEvery, true},
		{lookReserve + 50*ms, 0, 50 * ms, true},
		{lookReserve + 1, 0, 1, true},
		{lookReserve, 0, 0, false},
		{0, 0, 0, false},
	} {
		w := newWorld()
		f := newFlow(t, w, withTable)
		in := &invocation{hold: time.Minute}
		l := watcher{f: f.f, in: in, every: TableEvery, end: epoch.Add(c.left)}
		play(t, w, func() {
			if again := l.wait(t.Context(), epoch.Add(-c.ago), nil); again != c.again {
				t.Errorf("%+v: another look is %v", c, again)
			}
		})
		if took := w.clock.Now().Sub(epoch); took != c.want || in.held != c.want {
			t.Errorf("%+v: waited %v, noted %v", c, took, in.held)
		}
	}
}

// TestLastLook of a held check is the one after which there is no time for another.
func TestLastLook(t *testing.T) {
	for _, c := range []struct {
		hold, left time.Duration
		want       bool
	}{
		{time.Second, lookReserve, true}, {time.Second, lookReserve + 1, false}, {time.Second, 0, true}, {0, 0, false},
	} {
		l := watcher{in: &invocation{hold: c.hold}, end: epoch.Add(c.left)}
		if got := l.isLast(epoch); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestStopOfThisInvocation: an execution that was stopped at most a second before it began, by a clock that is behind.
func TestStopOfThisInvocation(t *testing.T) {
	in := &invocation{began: epoch}
	for before, want := range map[time.Duration]bool{-time.Second: false, clockSkew: false, clockSkew + 1: true} {
		e := Execution{Status: ExecutionAborted, Stopped: epoch.Add(-before)}
		if got := in.otherEnd(e); got != want {
			t.Errorf("stopped %v before: another end is %v", before, got)
		}
	}
}

// TestStopLeavesTimeToLook: after the last try to stop it is asked how the execution ended.
func TestStopLeavesTimeToLook(t *testing.T) {
	calls, over := timed(t, "", parametersOf{"action": "cancel", "time_limit": "4"})
	looks := calls["Describe"]
	if last := looks[len(looks)-1]; last != 3500*ms-lookReserve || over != 3500*ms {
		t.Errorf("the calls came at %v, the reply at %v", calls, over)
	}
}

// TestLookAgainAfterASecond: a held check that was open for a second has looked again.
func TestLookAgainAfterASecond(t *testing.T) {
	for held, want := range map[time.Duration]bool{againAfter - 1: true, againAfter: false} {
		w := newWorld()
		f := newFlow(t, w, nil).f
		in := &invocation{began: epoch, timeLimit: 8 * time.Second, held: held}
		play(t, w, func() {
			missing := &ServiceError{Code: codeDoesNotExist, Status: 400}
			if got := f.waitToLookAgain(t.Context(), in, missing); got != want || !in.lookedAgain {
				t.Errorf("held for %v: looks again is %v, noted %v", held, got, in.lookedAgain)
			}
		})
	}
	for limit, want := range map[time.Duration]bool{1750 * ms: true, 1749 * ms: false} {
		w := newWorld()
		f := newFlow(t, w, nil).f
		in := &invocation{began: epoch, timeLimit: limit}
		play(t, w, func() {
			missing := &ServiceError{Code: codeDoesNotExist, Status: 400}
			if got := f.waitToLookAgain(t.Context(), in, missing); got != want {
				t.Errorf("time_limit %v: looks again is %v", limit, got)
			}
		})
	}
}

// TestLastCallOfARound: count_max is the last call number that starts or is answered with RUNNING.
func TestLastCallOfARound(t *testing.T) {
	w := newWorld()
	f := newFlow(t, w, nil)
	play(t, w, func() {
		id := f.call(parametersOf{"action": "start", "count": "4"})["execution_id"]
		for count, want := range map[string]string{"4": "status=RUNNING", "5": "status=LOOP_DONE"} {
			expect(t, f.call(parametersOf{"execution_id": id, "count": count}), want+" execution_id="+id)
		}
		expect(t, f.call(parametersOf{"action": "start", "count": "5"}), "status=LOOP_DONE")
	})
	if len(w.runs) != 1 {
		t.Errorf("%d executions", len(w.runs))
	}
}

// TestSecondsOfParameters: the least and the most of those that have them.
func TestSecondsOfParameters(t *testing.T) {
	for raw, want := range map[string]time.Duration{
		"0": 1, "1": 1, "60": 60, "61": 60, "null": 8, `"4"`: 4,
	} {
		in := &invocation{}
		if refusal := readTimeLimit(in, []byte(raw)); refusal != nil || in.timeLimit != want*time.Second {
			t.Errorf("time_limit %s is %v", raw, in.timeLimit)
		}
	}
	for raw, want := range map[string]time.Duration{"-1": 0, "0": 0, "58": 58, "59": 58} {
		in := &invocation{}
		if refusal := readHold(in, []byte(raw)); refusal != nil || in.hold != want*time.Second {
			t.Errorf("hold_seconds %s is %v", raw, in.hold)
		}
	}
}

// TestDelaysThatCount: of a flow that waited, and of every later call.
func TestDelaysThatCount(t *testing.T) {
	for _, c := range []struct {
		delay time.Duration
		count int64
		want  bool
	}{{firstLook, 1, true}, {firstLook + 1, 2, false}, {firstLook + 1, 3, true}} {
		in := &invocation{count: c.count, seen: Execution{Stopped: epoch}}
		delay, waited := in.detectionDelay(&reply{status: StatusFinished}, epoch.Add(c.delay))
		if delay != c.delay || waited != c.want {
			t.Errorf("%+v: %v, %v", c, delay, waited)
		}
	}
}

// TestLateFrom: work is late 2 s after its timeout.
func TestLateFrom(t *testing.T) {
	in := &invocation{job: Job{Timeout: time.Minute}, seen: Execution{Started: epoch}}
	for after, want := range map[time.Duration]bool{62 * time.Second: false, 62*time.Second + 1: true} {
		if got := in.late(&reply{status: StatusRunning}, epoch.Add(after)); got != want {
			t.Errorf("%v after the start: %v", after, got)
		}
	}
}

// TestReplySecondsLeaveOutTheHold: what the flow asked to wait for is no delay of ours.
func TestReplySecondsLeaveOutTheHold(t *testing.T) {
	in := &invocation{began: epoch, held: 3 * time.Second, hold: 5 * time.Second}
	for _, m := range in.measured(&reply{}, epoch.Add(5*time.Second)) {
		if m.Name == MetricReplySeconds && m.values[0] != 2 || m.Name == MetricHeldSeconds && m.values[0] != 3 {
			t.Errorf("%+v", m)
		}
	}
}

// TestMetricsAreKeptForAMinute: then the next invocation's line is written.
func TestMetricsAreKeptForAMinute(t *testing.T) {
	for after, want := range map[time.Duration]bool{keptFor: true, keptFor + 1: false} {
		var u unwritten
		if !u.keep("a", nil, epoch) || u.keep("a", nil, epoch.Add(after)) != want {
			t.Errorf("kept %v after the first: %v", after, !want)
		}
	}
}

// TestFailuresAreShares: 0 or 1 in every invocation that hears an end.
func TestFailuresAreShares(t *testing.T) {
	for status, want := range map[string]float64{ExecutionSucceeded: 0, ExecutionFailed: 1, ExecutionAborted: 1} {
		found := (&invocation{}).measured(&reply{status: StatusFinished, sfnStatus: status}, epoch)
		if i := slices.IndexFunc(found, func(m metric) bool { return m.Name == MetricFailures }); i < 0 ||
			found[i].values[0] != want {
			t.Errorf("%s: %+v", status, found)
		}
	}
}
