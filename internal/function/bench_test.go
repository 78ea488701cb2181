package function_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
)

func benchEach(b *testing.B, f func(b *testing.B, l language)) {
	for _, l := range languages() {
		b.Run(l.name, func(b *testing.B) {
			l.needed(b)
			f(b, l)
		})
	}
}

// BenchmarkWarm is one invocation of a function that returns at once, in an environment that is warm: our overhead,
// and that of the language's runtime client.
func BenchmarkWarm(b *testing.B) {
	benchEach(b, func(b *testing.B, l language) {
		f := open(b, l.spec)
		if err := f.Prepare(context.Background()); err != nil {
			b.Fatal(err)
		}
		var took []time.Duration
		for b.Loop() {
			began := clock.Real{}.Now()
			expectWarm(b, f.Invoke(context.Background(), []byte(`{"do":"value","value":{"balance":42}}`)))
			took = append(took, clock.Real{}.Now().Sub(began))
		}
		reportMedian(b, took)
	})
}

func reportMedian(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
}

func expectWarm(b *testing.B, r function.Result) {
	if r.Err != nil || r.FunctionError != "" || r.InitDuration != 0 {
		b.Fatalf("%v %s, init %v", r.Err, r.Payload, r.InitDuration)
	}
}

// BenchmarkCold is an invocation in a new environment: the process starts, loads the handler and answers. The Go
// package is built and the interpreter found already, as they are once in a program.
func BenchmarkCold(b *testing.B) {
	benchEach(b, func(b *testing.B, l language) {
		f := open(b, l.spec)
		var took []time.Duration
		for b.Loop() {
			b.StopTimer()
			r := f.Invoke(context.Background(), []byte(`{"do":"exit","code":1}`))
			if r.ErrorType != "Runtime.ExitError" {
				b.Fatal(r.Err, string(r.Payload))
			}
			b.StartTimer()
			began := clock.Real{}.Now()
			r = f.Invoke(context.Background(), []byte(`{"do":"value"}`))
			if r.Err != nil || r.FunctionError != "" || r.InitDuration == 0 {
				b.Fatal(r.Err, string(r.Payload))
			}
			took = append(took, clock.Real{}.Now().Sub(began))
		}
		reportMedian(b, took)
	})
}

// BenchmarkConcurrent is 200 invocations at once of a function that takes one second. The metric is how long all of
// them take.
func BenchmarkConcurrent(b *testing.B) {
	for _, warm := range []bool{true, false} {
		name := map[bool]string{true: "warm", false: "cold"}[warm]
		b.Run(name, func(b *testing.B) {
			benchEach(b, func(b *testing.B, l language) {
				for b.Loop() {
					b.StopTimer()
					spec := l.spec
					spec.Timeout, spec.InitTimeout = 30*time.Second, time.Minute
					f := open(b, spec)
					if warm {
						if err := f.Warm(context.Background(), 200); err != nil {
							b.Fatal(err)
						}
					}
					b.StartTimer()
					began := clock.Real{}.Now()
					invokeAll(b, f, 200)
					b.ReportMetric(clock.Real{}.Now().Sub(began).Seconds(), "s/200-calls")
					b.StopTimer()
					f.Close()
					b.StartTimer()
				}
			})
		})
	}
}

func invokeAll(b *testing.B, f *function.Function, n int) {
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			r := f.Invoke(context.Background(), []byte(`{"do":"sleep","seconds":1}`))
			if string(r.Payload) != `"slept"` {
				b.Error(r.Err, string(r.Payload))
			}
		})
	}
	all.Wait()
}
