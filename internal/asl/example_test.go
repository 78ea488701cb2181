package asl_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/source"
)

// An execution says what must be done; whoever holds it does it and reports back.
func Example() {
	definition, err := source.ParseJSON("balance.asl.json", []byte(`{
		"StartAt": "Look up",
		"States": {
			"Look up": {
				"Type": "Task",
				"Resource": "arn:aws:lambda:us-east-1:111111111111:function:balance",
				"TimeoutSeconds": 60,
				"Next": "Done"
			},
			"Done": {"Type": "Succeed"}
		}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	machine, findings := asl.Parse("balance.asl.json", definition)
	if machine == nil {
		fmt.Println(findings)
		return
	}
	execution, err := machine.NewExecution(asl.Options{Seed: 1}, json.RawMessage(`{"account":"12345"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	todo := execution.Advance(asl.Started{At: at})
	for len(todo) > 0 {
		command := todo[0]
		todo = todo[1:]
		switch c := command.(type) {
		case asl.Emit:
			fmt.Println(c.Event.ID, c.Event.Type)
		case asl.SetTimer:
			fmt.Println("  set timer", c.ID, "after", c.At.Sub(at))
		case asl.InvokeTask:
			fmt.Println("  invoke", c.FunctionName, "with", string(c.Payload))
			at = at.Add(12 * time.Second)
			done := asl.TaskSucceeded{At: at, ID: c.ID, Output: json.RawMessage(`{"balance":"42.10"}`)}
			todo = append(todo, execution.Advance(done)...)
		case asl.Cancel:
			fmt.Println("  cancel", c.ID)
		case asl.Finish:
			fmt.Println("  finish", c.Status, string(c.Output))
		}
	}
	// Output:
	// 1 ExecutionStarted
	// 2 TaskStateEntered
	// 3 LambdaFunctionScheduled
	// 4 LambdaFunctionStarted
	//   set timer 2 after 1m0s
	//   invoke arn:aws:lambda:us-east-1:111111111111:function:balance with {"account":"12345"}
	//   cancel 2
	// 5 LambdaFunctionSucceeded
	// 6 TaskStateExited
	// 7 SucceedStateEntered
	// 8 SucceedStateExited
	// 9 ExecutionSucceeded
	//   finish SUCCEEDED {"balance":"42.10"}
}
