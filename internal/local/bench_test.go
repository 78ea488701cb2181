package local_test

import (
	"encoding/json"
	"testing"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// BenchmarkTwoStates runs executions of the original's shape, a Pass state and a Task, from start to end.
func BenchmarkTwoStates(b *testing.B) {
	a := local.New(local.Options{Clock: clock.Real{}})
	a.AddFunction("f", invoked(func(payload []byte) function.Result { return function.Result{Payload: payload} }))
	m, err := a.Create(local.StateMachine{
		Name:    "m",
		Kind:    asl.Express,
		RoleARN: role,
		Definition: `{"StartAt":"A","States":{
		"A":{"Type":"Pass","Parameters":{"id.$":"$$.Execution.Id","input.$":"$"},"ResultPath":"$.execution","Next":"B"},
		"B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","TimeoutSeconds":60,
		"End":true}}}`,
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		e, err := a.StartExecution(m.ARN, "", json.RawMessage(contactEvent))
		if err != nil {
			b.Fatal(err)
		}
		ended := make(chan struct{})
		e.WhenEnded(func() { close(ended) })
		<-ended
		if d := e.Describe(); d.Status != asl.Succeeded {
			b.Fatalf("%+v", d)
		}
	}
}
