// Command bench measures the local account: two-state executions a second, compared with the npm package
// aws-local-stepfunctions in the same run; StartExecution calls a second over HTTP, in memory and with a journal on
// disk; how long an account with 10,000 executions takes to start; and what 10,000 waiting executions take.
//
//	go run ./internal/local/bench [-n 20000] [-modules DIR]
//
// It needs Node and npm, and installs the package into a temporary folder unless -modules names a folder that has it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
)

// The original's shape: a Pass state and a Task.
const (
	twoStates = `{"StartAt":"A","States":{
		"A":{"Type":"Pass","Parameters":{"id.$":"$$.Execution.Id","input.$":"$"},"ResultPath":"$.execution","Next":"B"},
		"B":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","TimeoutSeconds":60,
			"End":true}}}`
	input = `{"Name":"ContactFlowEvent",` +
		`"Details":{"ContactData":{"ContactId":"4a573372-1f28-4e26-b97b-000000000001","Channel":"VOICE",` +
		`"Attributes":{"a":"b"}},"Parameters":{"account":"12345"}}}`
	waits = `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}`
	role  = "arn:aws:iam::000000000000:role/bench"
	width = 100 // executions at once
)

func main() {
	n := flag.Int("n", 20_000, "executions")
	modules := flag.String("modules", "", "folder with aws-local-stepfunctions in its node_modules")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *n, *modules); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, n int, modules string) error {
	bytes, goroutines, err := waiting(10_000) // first, while nothing else is in memory
	if err != nil {
		return err
	}
	ours, err := executions(n)
	if err != nil {
		return err
	}
	fresh, err := fromDefinition(n)
	if err != nil {
		return err
	}
	bare, err := withoutHistory(n)
	if err != nil {
		return err
	}
	theirs, err := measurePeer(ctx, n, modules)
	if err != nil {
		return err
	}
	fmt.Println("two-state executions a second      ours   aws-local-stepfunctions   times")
	fmt.Printf("  from the definition         %9.0f   %23.0f   %5.1f\n", fresh, theirs.Fresh, fresh/theirs.Fresh)
	fmt.Printf("  of one state machine        %9.0f   %23.0f   %5.1f\n", ours, theirs.Prepared, ours/theirs.Prepared)
	fmt.Printf("  the same without history    %9.0f   %23.0f   %5.1f\n", bare, theirs.Prepared, bare/theirs.Prepared)
	calls, err := startCalls(n, nil)
	if err != nil {
		return err
	}
	fmt.Printf("StartExecution calls a second %9.0f\n", calls)
	if err := withData(10_000); err != nil {
		return err
	}
	fmt.Printf("10,000 waiting executions     %6.1f MB, %d goroutines\n", bytes/1e6, goroutines)
	return nil
}

// echo is a function that returns its event.
type echo struct{}

// Invoke implements local.Function.
func (echo) Invoke(_ context.Context, payload []byte) function.Result {
	return function.Result{Payload: payload}
}

// newAccount makes an account with the function and a state machine.
func newAccount(definition string) (*local.Account, string, error) {
	a, err := openAccount(nil)
	if err != nil {
		return nil, "", err
	}
	m, err := a.Create(local.StateMachine{Name: "m", Definition: definition, RoleARN: role})
	return a, m.ARN, err
}

// openAccount makes an account with the function, which is kept in a journal if there is one.
func openAccount(j local.Journal) (*local.Account, error) {
	a := local.New(local.Options{Clock: clock.Real{}, Seed: uint64(clock.Real{}.Now().UnixNano())})
	a.AddFunction("f", echo{})
	if j == nil {
		return a, nil
	}
	return a, a.Keep(j, func(err error) { fmt.Fprintln(os.Stderr, "bench:", err) })
}

// executions runs n executions of one state machine, with whole histories, and returns how many a second.
func executions(n int) (perSecond float64, err error) {
	a, arn, err := newAccount(twoStates)
	if err != nil {
		return 0, err
	}
	return rate(n, func() error { return finish(a, arn) })
}

// fromDefinition does so with a separate state machine for each execution.
func fromDefinition(n int) (perSecond float64, err error) {
	return rate(n, func() error {
		a, arn, err := newAccount(twoStates)
		if err != nil {
			return err
		}
		return finish(a, arn)
	})
}

// withoutHistory runs n executions of one state machine in the engine alone, which keeps no history.
func withoutHistory(n int) (perSecond float64, err error) {
	doc, err := source.ParseJSON("two.asl.json", []byte(twoStates))
	if err != nil {
		return 0, err
	}
	m, _ := asl.Parse("two.asl.json", doc)
	if m == nil {
		return 0, errors.New("the state machine cannot be read")
	}
	o := asl.Options{ExecutionARN: "arn:aws:states:us-east-1:000000000000:execution:m:e", Name: "e", RoleARN: role}
	return rate(n, func() error {
		at := clock.Real{}.Now()
		e, err := m.NewExecution(o, json.RawMessage(input))
		if err != nil {
			return err
		}
		for _, c := range e.Advance(asl.Started{At: at}) {
			if task, ok := c.(asl.InvokeTask); ok {
				e.Advance(asl.TaskSucceeded{At: at, ID: task.ID, Output: task.Payload})
			}
		}
		if e.Status() != asl.Succeeded {
			return errors.New("an execution ended as " + string(e.Status()))
		}
		return nil
	})
}

// finish runs an execution to its end.
func finish(a *local.Account, arn string) error {
	e, err := a.StartExecution(arn, "", json.RawMessage(input))
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	e.WhenEnded(func() { close(ended) })
	<-ended
	if d := e.Describe(); d.Status != asl.Succeeded {
		return errors.New("an execution ended as " + string(d.Status) + ": " + d.Error + " " + d.Cause)
	}
	return nil
}

// rate does something n times, width at once, and returns how often a second.
func rate(n int, do func() error) (perSecond float64, err error) {
	failed := make(chan error, width)
	began := clock.Real{}.Now()
	for range width {
		go func() {
			var err error
			for i := 0; i < n/width && err == nil; i++ {
				err = do()
			}
			failed <- err
		}()
	}
	for range width {
		err = errors.Join(err, <-failed)
	}
	return float64(n) / clock.Real{}.Now().Sub(began).Seconds(), err
}
