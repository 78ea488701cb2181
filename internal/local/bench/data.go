package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/journal"
	"github.com/connect-async/connect-async/internal/local"
)

// withData measures an account that is kept on disk: n calls of StartExecution, and the start of an account with n
// executions, of which one in two waits.
func withData(n int) error {
	folder, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	file, err := journal.Open(folder)
	if err != nil {
		return err
	}
	calls, err := startCalls(n/2, file)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	if err := errors.Join(startWaiting(file, n/2), file.Close()); err != nil {
		return err
	}
	fmt.Printf("  with a journal on disk      %9.0f\n", calls)
	began := clock.Real{}.Now()
	if file, err = journal.Open(folder); err != nil {
		return err
	}
	a, err := openAccount(file)
	if err != nil {
		return err
	}
	a.Resume()
	took := clock.Real{}.Now().Sub(began)
	if running := a.Running(); running != n/2 {
		return fmt.Errorf("%d executions go on, not %d", running, n/2)
	}
	fmt.Printf("start with %d executions %9.2f s, half of them waiting\n", n, took.Seconds())
	return errors.Join(a.Close(), file.Close())
}

// startWaiting starts n executions that wait.
func startWaiting(j local.Journal, n int) error {
	a, err := openAccount(j)
	if err != nil {
		return err
	}
	m, err := a.Create(local.StateMachine{Name: "waits", Definition: waits, RoleARN: role})
	if err != nil {
		return err
	}
	for range n {
		if _, err := a.StartExecution(m.ARN, "", json.RawMessage(input)); err != nil {
			return err
		}
	}
	return a.Close()
}
