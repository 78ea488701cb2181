package main

import (
	"context"
	_ "embed" // the Python function
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

//go:embed function.py
var functionPy []byte

var wall clock.Real

// runtimeAPI hands out events one by one and notes when each was handed out and answered. Source: Lambda's runtime
// API, version 2018-06-01.
type runtimeAPI struct {
	events   int
	handed   []time.Time
	answered []time.Time
	done     chan error // when all events are answered, or one failed
}

// ServeHTTP implements http.Handler.
func (a *runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/invocation/next"):
		a.next(w, r)
	case strings.HasSuffix(r.URL.Path, "/response"):
		body, _ := io.ReadAll(r.Body)
		a.answered = append(a.answered, wall.Now())
		if !strings.Contains(string(body), "RUNNING") {
			a.done <- fmt.Errorf("the reply is %s", body)
		}
		w.WriteHeader(http.StatusAccepted)
	default:
		body, _ := io.ReadAll(r.Body)
		a.done <- fmt.Errorf("%s: %s", r.URL.Path, body)
		w.WriteHeader(http.StatusAccepted)
	}
}

func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	if len(a.answered) == a.events {
		a.done <- nil
		<-r.Context().Done() // until the process is killed
		return
	}
	w.Header().Set("Lambda-Runtime-Aws-Request-Id", fmt.Sprintf("00000000-0000-4000-8000-%012d", len(a.handed)))
	w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(wall.Now().Add(10*time.Second).UnixMilli(), 10))
	w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-2:111122223333:function:bench")
	a.handed = append(a.handed, wall.Now())
	_, _ = io.WriteString(w, event)
}

// measure runs the function in a new process: for its first reply, and for more further ones.
func (f *function) measure(more int) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	api := &runtimeAPI{events: 1 + more, done: make(chan error, 2)}
	server := &http.Server{Handler: api}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()

	command := exec.Command(f.command[0], f.command[1:]...)
	command.Env = append(f.env, "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String())
	command.Stderr = os.Stderr
	began := wall.Now()
	if err := command.Start(); err != nil {
		return err
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}()
	if err := api.wait(); err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	if more == 0 {
		f.first = append(f.first, api.answered[0].Sub(began))
		return nil
	}
	for i := range more {
		f.later = append(f.later, api.answered[1+i].Sub(api.handed[1+i]))
	}
	f.rss, err = residentMemory(command.Process.Pid)
	return err
}

func (a *runtimeAPI) wait() error {
	ctx, cancel := wall.WithDeadline(context.Background(), wall.Now().Add(2*time.Minute))
	defer cancel()
	select {
	case err := <-a.done:
		return err
	case <-ctx.Done():
		return errors.New("no reply in two minutes")
	}
}

// residentMemory is what Linux says of a process, in bytes.
func residentMemory(pid int) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
			return kb * 1024, err
		}
	}
	return 0, errors.New("the kernel does not say how much memory the process uses")
}
