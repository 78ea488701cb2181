package local_test

import (
	"encoding/json"
	"runtime"
	"testing"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/testrun"
)

const contactEvent = `{"Details":{"ContactData":{"ContactId":"4a573372-1f28-4e26-b97b-000000000001",
	"Attributes":{"a":"b"},"Channel":"VOICE"},"Parameters":{"account":"12345"}},"Name":"ContactFlowEvent"}`

// TestWaitingExecutionsAreSmall lets up to 10,000 executions wait, half for a timer and half for a token, and checks
// the limits: 5 kB each, those with a shorter input under 4 kB (see bench), and no goroutine.
func TestWaitingExecutionsAreSmall(t *testing.T) {
	n := testrun.Count(t, 1_000, 10_000)
	limit := uint64(n) * 5 << 10
	a := local.New(local.Options{Clock: clock.Real{}})
	a.AddStandIn("sqs", "sendMessage", invoked(func([]byte) function.Result { return returns(`{}`) }))
	timer := create(t, a, "timer", asl.Standard, waits)
	token := create(t, a, "token", asl.Standard,
		task("arn:aws:states:::sqs:sendMessage.waitForTaskToken", `{"MessageBody.$":"$$.Task.Token"}`))
	before, goroutines := heapBytes(), runtime.NumGoroutine()
	for i := range n {
		arn := timer
		if i%2 == 0 {
			arn = token
		}
		if _, err := a.StartExecution(arn, "", json.RawMessage(contactEvent)); err != nil {
			t.Fatal(err)
		}
	}
	settle(goroutines)
	took, more := heapBytes()-before, runtime.NumGoroutine()-goroutines
	t.Logf("%d waiting executions take %d bytes each and %d goroutines", n, took/uint64(n), more)
	if took > limit || more > 0 {
		t.Errorf("%d MB and %d goroutines", took>>20, more)
	}
	list, err := a.Executions(token)
	if err != nil || len(list) != n/2 || list[0].Describe().Status != asl.Running {
		t.Errorf("%d executions wait for a token: %v", len(list), err)
	}
	for _, e := range list {
		e.Stop("", "")
	}
}

func heapBytes() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// settle waits until the goroutines that performed tasks have gone.
func settle(goroutines int) {
	for runtime.NumGoroutine() > goroutines {
		runtime.Gosched()
	}
}
