package load

import (
	"container/heap"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/testrun"
)

// The parts that a load is made of are compared with queueing theory: arrivals, times and limits of concurrency,
// without the flows and retries around them.

const (
	theorySeeds = 30
	// student is the 99.5th percentile of Student's distribution with 29 degrees of freedom: with it an interval
	// around the mean of 30 runs holds the true mean in 99 of 100 cases.
	student = 2.756
)

// widest is how wide the interval may be to either side, as a part of what theory says. Quick runs are too short for
// it.
const widest = 0.03

// checkTheory checks that what theory says is in the 99 % interval of 30 runs, and that the interval is narrow.
func checkTheory(t *testing.T, what string, theory float64, measure func(seed uint64) float64) {
	t.Helper()
	var values [theorySeeds]float64
	mean, squares := 0.0, 0.0
	for i := range values {
		values[i] = measure(uint64(i + 1))
		mean += values[i] / theorySeeds
	}
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	half := student * math.Sqrt(squares/(theorySeeds-1)/theorySeeds)
	t.Logf("%s: %.5f ± %.5f (%.1f %%), theory %.5f", what, mean, half, 100*half/mean, theory)
	if math.Abs(mean-theory) > half {
		t.Errorf("%s: %.5f ± %.5f, theory %.5f", what, mean, half, theory)
	}
	if half > widest*theory && testrun.IsHeavy() {
		t.Errorf("%s: the interval is ± %.1f %% wide", what, 100*half/theory)
	}
}

// erlangB is the share of calls that a group of servers refuses.
func erlangB(servers int, load float64) float64 {
	b := 1.0
	for n := 1; n <= servers; n++ {
		b = load * b / (float64(n) + load*b)
	}
	return b
}

// erlangC is the share of calls that wait for one of the servers.
func erlangC(servers int, load float64) float64 {
	b, busy := erlangB(servers, load), load/float64(servers)
	return b / (1 - busy + busy*b)
}

// TestErlang checks the formulas against values of published tables.
func TestErlang(t *testing.T) {
	for _, test := range []struct{ got, want float64 }{
		{erlangB(1, 1), 0.5}, {erlangB(10, 4.461), 0.010}, {erlangB(50, 44.53), 0.050}, {erlangC(1, 0.7), 0.7},
		{erlangC(2, 1), 1.0 / 3},
	} {
		if math.Abs(test.got-test.want) > 0.0005 {
			t.Errorf("%.5f, want %.5f", test.got, test.want)
		}
	}
}

// ends are the times at which functions end.
type ends []time.Duration

func (e ends) Len() int           { return len(e) }
func (e ends) Less(i, j int) bool { return e[i] < e[j] }
func (e ends) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *ends) Push(x any)        { *e = append(*e, x.(time.Duration)) }
func (e *ends) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// warmUp is how long a system that begins empty takes until it does not remember that.
const warmUp = 30 * time.Second

// poisson are callers who come independently of each other, so many after the warm-up, with times of service whose mean
// is a second: as many at once as the load says.
func poisson(t *testing.T, callers int, load float64, seed uint64) (
	next func() (time.Duration, bool), takes func() time.Duration,
) {
	t.Helper()
	lasts := warmUp + time.Duration(float64(callers)/load*float64(time.Second))
	a := Arrivals{random: true, stretches: []stretch{{lasts: lasts, callers: load * lasts.Seconds()}}}
	d, err := ParseDistribution("exp:1s")
	if err != nil {
		t.Fatal(err)
	}
	times := random(seed, ofDurations)
	return a.next(random(seed, ofArrivals)), func() time.Duration { return d.Draw(times) }
}

// refusedShare is the share of invocations that a limit of concurrency refuses. Nobody tries again.
func refusedShare(t *testing.T, servers, callers int, load float64, seed uint64) float64 {
	next, takes := poisson(t, callers, load, seed)
	l := newLambda(Limits{Concurrency: servers})
	running := &ends{}
	asked, refused := 0, 0
	for at, ok := next(); ok; at, ok = next() {
		for running.Len() > 0 && (*running)[0] <= at {
			heap.Pop(running)
			l.end("work")
		}
		isRefused := l.begin(day.Add(at), "work") != ""
		if at >= warmUp {
			asked++
			if isRefused {
				refused++
			}
		}
		if isRefused {
			continue
		}
		heap.Push(running, at+takes())
	}
	return float64(refused) / float64(asked)
}

// TestErlangB: a limit of concurrency refuses as many as Erlang's first formula says. There are
// 6 million arrivals in a heavy run.
func TestErlangB(t *testing.T) {
	callers := testrun.Count(t, 1_000, 200_000)
	for _, share := range []float64{0.01, 0.05, 0.10} {
		const servers = 50
		load := 1.0
		for erlangB(servers, load) < share {
			load += 0.01
		}
		checkTheory(t, fmt.Sprintf("refused with %d servers", servers), erlangB(servers, load),
			func(seed uint64) float64 { return refusedShare(t, servers, callers, load, seed) })
	}
}

// meanWait is how long callers wait on average for one of the servers, in the order in which they came.
func meanWait(t *testing.T, servers, callers int, load float64, seed uint64) float64 {
	next, takes := poisson(t, callers, load, seed)
	l := newLambda(Limits{Concurrency: servers})
	running := &ends{}
	waited, n := 0.0, 0
	free := time.Duration(0) // when the caller before began
	for at, ok := next(); ok; at, ok = next() {
		begins := max(at, free)
		for running.Len() > 0 && (*running)[0] <= begins {
			heap.Pop(running)
			l.end("work")
		}
		if l.begin(day.Add(begins), "work") != "" {
			begins = heap.Pop(running).(time.Duration)
			l.end("work")
			if l.begin(day.Add(begins), "work") != "" {
				t.Fatal("a function that has ended takes a place")
			}
		}
		free = begins
		heap.Push(running, begins+takes())
		if at >= warmUp {
			waited += (begins - at).Seconds()
			n++
		}
	}
	return waited / float64(n)
}

// TestErlangC: where callers wait for a place instead of being refused, they wait as long as Erlang's second formula
// says.
func TestErlangC(t *testing.T) {
	callers := testrun.Count(t, 1_000, 100_000)
	for _, test := range []struct {
		servers int
		busy    float64
	}{{1, 0.5}, {5, 0.6}, {10, 0.7}} {
		load := float64(test.servers) * test.busy
		theory := erlangC(test.servers, load) / (float64(test.servers) - load)
		checkTheory(t, fmt.Sprintf("wait for one of %d servers", test.servers), theory,
			func(seed uint64) float64 { return meanWait(t, test.servers, callers, load, seed) })
	}
}

// TestTransitionsQueue: executions that make more transitions than the bucket has wait as in a queue with one server
// and the same time for each (M/D/1).
func TestTransitionsQueue(t *testing.T) {
	callers := testrun.Count(t, 1_000, 50_000)
	const busy = 0.6
	theory := busy / (2 * (1 - busy))
	checkTheory(t, "wait for a transition", theory, func(seed uint64) float64 {
		next, _ := poisson(t, callers, busy, seed)
		b := newBucket(awsfacts.Rate{Bucket: 1, PerSecond: 1})
		waited, n := 0.0, 0
		for at, ok := next(); ok; at, ok = next() {
			wait := b.wait(day.Add(at), 1)
			if at >= warmUp {
				waited += wait.Seconds()
				n++
			}
		}
		return waited / float64(n)
	})
}
