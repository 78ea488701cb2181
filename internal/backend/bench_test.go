package backend

import (
	"testing"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
)

const runningExecution = `{"executionArn":"` + executionARN + `","status":"RUNNING","startDate":1700000000.5,
	"input":"{}","inputDetails":{"included":true}}`

// BenchmarkDescribe is the one request of a check, over HTTP to a server in this process.
func BenchmarkDescribe(b *testing.B) {
	_, settings := serve(b, answer{200, runningExecution})
	e := NewExecutions(settings)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Describe(b.Context(), executionARN); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheck is what a warm function does from an event of Connect to its reply.
func BenchmarkCheck(b *testing.B) {
	_, settings := serve(b, answer{200, runningExecution})
	config, errs := async.ConfigFromEnv(environment(map[string]string{"STATE_MACHINE_ARN": machineARN}))
	if errs != nil {
		b.Fatal(errs)
	}
	f := async.New(config, NewExecutions(settings), nil, clock.Real{})
	event := []byte(`{"Details":{"ContactData":{"ContactId":"4a573372-1f28-4e26-b97b-000000000001"},
		"Parameters":{"execution_id":"` + executionARN + `","count":"0"}}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Handle(b.Context(), "request", event); err != nil {
			b.Fatal(err)
		}
	}
}
