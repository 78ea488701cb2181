package call_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
)

// BenchmarkPollingCall plays the example's 12-second call on virtual time.
func BenchmarkPollingCall(b *testing.B) {
	p, found := project.Read("../../examples/balance")
	if p == nil {
		b.Fatal(found)
	}
	given, _ := scenario.Read(p.Scenario)
	c, found := call.New(b.Context(), call.Options{Project: p, Scenario: given, Virtual: true})
	if c == nil {
		b.Fatal(found)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := c.Play(b.Context(), 1, func(call.Event) {}); err != nil {
				b.Error(err)
			}
		}
	})
}
