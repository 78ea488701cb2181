package local_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// TestManyAtOnce starts, stops, describes, updates and deletes from many goroutines, on real and on served virtual
// time. Every name is started once, whoever comes first.
func TestManyAtOnce(t *testing.T) {
	for _, kind := range []string{"real", "virtual"} {
		t.Run(kind, func(t *testing.T) {
			var clk clock.Clock = clock.Real{}
			if kind == "virtual" {
				v := clock.NewVirtual(start)
				defer serve(v)()
				clk = v
			}
			a := local.New(local.Options{Clock: clk, HoldTokens: true})
			a.AddTable("t", "id")
			a.AddFunction("f", invoked(func(payload []byte) function.Result { return returns(string(payload)) }))
			arn := create(t, a, "m", asl.Standard, `{"StartAt":"A","States":{
				"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
					"Parameters":{"FunctionName":"f","Payload.$":"$"},"OutputPath":"$.Payload","Next":"B"},
				"B":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:updateItem","ResultPath":null,
					"Parameters":{"TableName":"t","Key":{"id":{"S":"count"}},
					"UpdateExpression":"ADD n :one","ExpressionAttributeValues":{":one":{"N":"1"}}},"End":true}}}`)
			const names, workers = 100, 8
			var all sync.WaitGroup
			for w := range workers {
				all.Go(func() { startAll(t, a, arn, names, w) })
			}
			all.Wait()
			list, err := a.Executions(arn)
			if err != nil || len(list) != names {
				t.Fatalf("%d executions, %v", len(list), err)
			}
			for _, e := range list {
				await(e)
			}
			item, err := a.TableRequest("GetItem", json.RawMessage(`{"TableName":"t","Key":{"id":{"S":"count"}}}`))
			want := fmt.Sprintf(`{"Item":{"id":{"S":"count"},"n":{"N":"%d"}}}`, names)
			if err != nil || !sameJSON(string(item), want) {
				t.Errorf("%s %v", item, err)
			}
		})
	}
}

// startAll starts every name and waits for each; in between it describes, and updates the role.
func startAll(t *testing.T, a *local.Account, arn string, names, worker int) {
	for n := range names {
		e, err := a.StartExecution(arn, fmt.Sprint("n", n), json.RawMessage(`{"n":1}`))
		if c := code(err); c == "ExecutionAlreadyExists" {
			continue
		} else if c != "" {
			t.Error(err)
			return
		}
		if n%10 == worker {
			if _, err := a.Update(local.StateMachine{ARN: arn, RoleARN: fmt.Sprint(role, n)}); err != nil {
				t.Error(err)
			}
		}
		_, _ = e.History(), a.StateMachines()
		await(e)
		if d := e.Describe(); d.Status != asl.Succeeded || string(d.Output) != `{"n":1}` {
			t.Errorf("%+v", d)
		}
	}
}

func await(e *local.Execution) {
	ended := make(chan struct{})
	e.WhenEnded(func() { close(ended) })
	<-ended
}
