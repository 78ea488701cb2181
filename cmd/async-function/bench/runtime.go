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
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/clock"
)

//go:embed function.py
var functionPy []byte

var wall clock.Real

// runtimeAPI hands out an event whenever it is asked to, and says when it was answered. Source: Lambda's runtime API,
// version 2018-06-01.
type runtimeAPI struct {
	turns   chan struct{} // one for each event
	handed  time.Time     // when the last event was
	replies chan reply
}

type reply struct {
	at  time.Time
	err error
}

// ServeHTTP implements http.Handler.
func (a *runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/invocation/next") {
		a.next(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	got := reply{at: wall.Now()}
	switch {
	case !strings.HasSuffix(r.URL.Path, "/response"):
		got.err = fmt.Errorf("%s: %s", r.URL.Path, body)
	case !strings.Contains(string(body), "RUNNING"):
		got.err = fmt.Errorf("the reply is %s", body)
	}
	w.WriteHeader(http.StatusAccepted)
	a.replies <- got
}

func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	select {
	case <-a.turns:
	case <-r.Context().Done(): // the process was killed
		return
	}
	w.Header().Set("Lambda-Runtime-Aws-Request-Id", "00000000-0000-4000-8000-000000000000")
	w.Header().Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(wall.Now().Add(10*time.Second).UnixMilli(), 10))
	w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-2:111122223333:function:bench")
	a.handed = wall.Now()
	_, _ = io.WriteString(w, event)
}

// process is one running process of a function.
type process struct {
	function *function
	command  *exec.Cmd
	api      *runtimeAPI
	server   *http.Server
}

// start starts a process and notes how long its first reply takes.
func (f *function) start() (*process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &process{
		function: f, command: exec.Command(f.command[0], f.command[1:]...),
		api: &runtimeAPI{turns: make(chan struct{}, 1), replies: make(chan reply, 1)},
	}
	p.server = &http.Server{Handler: p.api}
	go func() { _ = p.server.Serve(listener) }()
	p.command.Env = append(slices.Clone(f.env), "AWS_LAMBDA_RUNTIME_API="+listener.Addr().String())
	p.command.Stderr, p.command.WaitDelay = os.Stderr, time.Second
	began := wall.Now()
	if err := p.command.Start(); err != nil {
		_ = p.server.Close()
		return nil, err
	}
	at, err := p.invoke()
	if err != nil {
		p.stop()
		return nil, err
	}
	f.first = append(f.first, at.Sub(began))
	return p, nil
}

func (p *process) stop() {
	_ = p.command.Process.Kill()
	_ = p.command.Wait()
	_ = p.server.Close()
}

// invoke hands out one event and returns when it was answered.
func (p *process) invoke() (time.Time, error) {
	ctx, cancel := wall.WithDeadline(context.Background(), wall.Now().Add(time.Minute))
	defer cancel()
	p.api.turns <- struct{}{}
	select {
	case got := <-p.api.replies:
		if got.err != nil {
			return got.at, fmt.Errorf("%s: %w", p.function.name, got.err)
		}
		return got.at, nil
	case <-ctx.Done():
		return time.Time{}, fmt.Errorf("%s: no reply in a minute", p.function.name)
	}
}

// measureLater notes how long count further replies of each process take, in turn, so that what slows the machine down
// slows all of them down.
func measureLater(processes []*process, count int) (err error) {
	for range count {
		for _, p := range processes {
			at, err := p.invoke()
			if err != nil {
				return err
			}
			p.function.later = append(p.function.later, at.Sub(p.api.handed))
		}
	}
	for _, p := range processes {
		if p.function.rss, err = residentMemory(p.command.Process.Pid); err != nil {
			return err
		}
	}
	return nil
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
