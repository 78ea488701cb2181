package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"

	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/statesapi"
)

// startCalls starts n executions through the API, as a client on this machine does, and returns how many calls a
// second. With a journal the account is kept there.
func startCalls(n int, j local.Journal) (perSecond float64, err error) {
	a, err := openAccount(j)
	if err != nil {
		return 0, err
	}
	defer a.Close()
	m, err := a.Create(local.StateMachine{Name: "m", Definition: twoStates, RoleARN: role})
	if err != nil {
		return 0, err
	}
	server := httptest.NewServer(statesapi.New(a))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: width}}
	body := fmt.Sprintf(`{"stateMachineArn":%q,"input":%s}`, m.ARN, text(input))
	return rate(n, func() error {
		request, err := http.NewRequest(http.MethodPost, server.URL, strings.NewReader(body))
		if err != nil {
			return err
		}
		request.Header.Set("X-Amz-Target", "AWSStepFunctions.StartExecution")
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if answer, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK {
			return fmt.Errorf("status %d: %s %w", response.StatusCode, answer, err)
		}
		return nil
	})
}

// text is a text as JSON.
func text(s string) string {
	b, _ := json.Marshal(s) // a text can always be written
	return string(b)
}

// waiting starts n executions that wait and returns what they take.
func waiting(n int) (bytes float64, goroutines int, err error) {
	a, arn, err := newAccount(waits)
	if err != nil {
		return 0, 0, err
	}
	before, running := heap(), runtime.NumGoroutine()
	for range n {
		if _, err := a.StartExecution(arn, "", json.RawMessage(input)); err != nil {
			return 0, 0, err
		}
	}
	bytes, goroutines = heap()-before, runtime.NumGoroutine()-running
	runtime.KeepAlive(a)
	return bytes, goroutines, nil
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
