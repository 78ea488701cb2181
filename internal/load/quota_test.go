package load

import (
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// at is a time after the run began.
func at(d time.Duration) time.Time { return day.Add(d) }

// TestTokenBucketByHand compares a bucket of 3 tokens that gains 2 a second with what was worked out by hand.
func TestTokenBucketByHand(t *testing.T) {
	b := newBucket(awsfacts.Rate{Bucket: 3, PerSecond: 2})
	for i, step := range []struct {
		at   time.Duration
		want bool
	}{
		{0, true}, {0, true}, {0, true}, {0, false}, // full at first: 3, 2, 1, 0
		{400 * time.Millisecond, false}, // 0.8
		{500 * time.Millisecond, true},  // 1.0: 0
		{900 * time.Millisecond, false}, // 0.8
		{1250 * time.Millisecond, true}, // 1.5: 0.5
		{1250 * time.Millisecond, false},
		{1500 * time.Millisecond, true},                                                     // 1.0: 0
		{time.Minute, true}, {time.Minute, true}, {time.Minute, true}, {time.Minute, false}, // 3, not more
	} {
		if got := b.take(at(step.at)); got != step.want {
			t.Errorf("step %d at %v: taken %t", i, step.at, got)
		}
	}
}

// TestBucketThatIsWaitedFor: state transitions are not refused, they come later. One token, 4 a second.
func TestBucketThatIsWaitedFor(t *testing.T) {
	b := newBucket(awsfacts.Rate{Bucket: 1, PerSecond: 4})
	for i, want := range []time.Duration{0, 250 * time.Millisecond, 500 * time.Millisecond, 750 * time.Millisecond} {
		if got := b.wait(at(0), 1); got != want {
			t.Errorf("the %d. waits %v, want %v", i+1, got, want)
		}
	}
	if got := b.wait(at(time.Minute), 1); got != 0 {
		t.Errorf("after a minute it waits %v", got)
	}
	if free := newBucket(awsfacts.Rate{}); free.wait(at(0), 9) != 0 || !free.take(at(0)) {
		t.Error("a bucket without a limit refuses")
	}
}

// TestLambda: the account's limit counts all functions; a function takes its idle environments first, and gets so many
// new ones a second.
func TestLambda(t *testing.T) {
	l := newLambda(Limits{Concurrency: 4, Environments: awsfacts.Rate{Bucket: 2, PerSecond: 1}})
	begin := func(after time.Duration, function string, want Quota) {
		t.Helper()
		if got := l.begin(at(after), function); got != want {
			t.Errorf("%s at %v: %q, want %q", function, after, got, want)
		}
	}
	begin(0, "a", "")
	begin(0, "a", "")
	begin(0, "a", Environments)
	l.end("a")
	begin(0, "a", "") // in the environment that has become idle
	begin(0, "b", "") // which has environments of its own
	begin(time.Second, "a", "")
	begin(2*time.Second, "b", Concurrency)
	l.end("b")
	begin(2*time.Second, "b", "")
	if l.busy != 4 {
		t.Errorf("%d run", l.busy)
	}
}

// TestTableGrows: a table that serves 10 a second serves twice its peak half an hour later, and never less.
func TestTableGrows(t *testing.T) {
	c := newCapacity(10, at(0))
	served := func(after time.Duration, asked int) (n int) {
		for range asked {
			if c.take(at(after)) {
				n++
			}
		}
		return n
	}
	half := awsfacts.DynamoDBGrowth
	for _, step := range []struct {
		after       time.Duration
		asked, want int
	}{
		{0, 50, 10}, {time.Second, 50, 10}, {half - time.Second, 50, 10}, {half, 50, 20}, {half + time.Second, 50, 20},
		{2 * half, 100, 40}, {3*half + time.Second, 5, 5}, {5 * half, 100, 80},
	} {
		if got := served(step.after, step.asked); got != step.want {
			t.Errorf("at %v: %d of %d served, want %d", step.after, got, step.asked, step.want)
		}
	}
}

// TestRefillFor finds what a bucket needs by a sequence that was worked out by hand: 10 tokens, 20 requests at once and
// 30 four seconds later need 10 at once, which no refill helps, or 10 in the fourth second.
func TestRefillFor(t *testing.T) {
	for _, test := range []struct {
		demand map[int64]int
		bucket int
		want   float64
	}{
		{map[int64]int{0: 10, 4: 10}, 10, 2.5},
		{map[int64]int{0: 10, 1: 5, 2: 5}, 10, 5},
		{map[int64]int{5: 7}, 10, 0},
		{nil, 10, 0},
	} {
		if got := refillFor(test.demand, test.bucket); got < test.want || got > test.want+0.1 {
			t.Errorf("%v with %d: %.2f, want %.2f", test.demand, test.bucket, got, test.want)
		}
	}
}

func TestSetQuotas(t *testing.T) {
	l := LimitsIn("us-east-1")
	for text, want := range map[string]bool{
		"describe_execution=30": true, "describe_execution=30/600": true, "lambda_concurrency=2000": true,
		"connect_calls=500": true, "dynamodb_reads=none": true, "start_execution=12.5": true,
		"describe_execution": false, "describe_execution=0": false, "describe_execution=30/0": false,
		"lambda_concurrency=5/5": false, "lambda_concurrency=1.5": false, "speed=1": false, "": false,
		"dynamodb_writes=-1": false, "lambda_environments=100/1000": true,
	} {
		if err := l.Set(text); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	if l.Describe.PerSecond != 30 || l.Concurrency != 2000 || l.Calls != 500 || l.Reads != 0 || l.Start.Bucket != 1300 {
		t.Errorf("%+v", l)
	}
	l.SetActual(map[string]float64{awsfacts.RefillQuota("DescribeExecution"): 100, awsfacts.ConcurrencyQuota: 7})
	if l.Describe.PerSecond != 100 || l.Concurrency != 7 || l.Start.PerSecond != 12.5 {
		t.Errorf("of the account: %+v", l)
	}
}
