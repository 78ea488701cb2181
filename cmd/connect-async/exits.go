package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/source"
)

// Exit codes, the same for every verb.
const (
	exitGood        = 0   // also with warnings, and when what runs until Ctrl-C was stopped
	exitFailed      = 1   // the call, test or check failed, or there are findings of severity error
	exitUsage       = 2   // bad usage, or input that cannot be read or parsed
	exitFault       = 3   // our own fault
	exitInterrupted = 130 // Ctrl-C, whatever was being done: 128 and the number of the signal, as in shells
)

// errInterrupted is the failure of a verb that was interrupted before it had anything to say.
var errInterrupted = failure{code: exitInterrupted}

// failedMeans is what exit code 1 means, by verb. The others never have it.
var failedMeans = map[string]string{
	"build":      "the package cannot be built",
	"calibrate":  "Polly did not answer",
	"call":       "the call or an expectation failed, or Connect would refuse to publish a flow",
	"convert":    "a part of the flow could not be converted",
	"diff":       "the flows do not do the same",
	"export cdk": lintRefuses, "export cloudformation": lintRefuses, "export pulumi": lintRefuses,
	"export terraform": lintRefuses,
	"export testcase":  "there is nothing in the call to observe",
	"fmt":              "with --check, a file is not formatted",
	"generate":         "with --check, a flow differs from what would be written",
	"invoke":           "the function failed, or the async function replied FAILURE",
	"lint":             "there are errors",
	"load":             "a caller heard a failure or got a busy tone",
	"pull":             "a flow of the instance cannot be read",
	"push": "nothing was pushed: lint has errors, the flow has changed in the instance, Connect refuses it, or the " +
		"answer was no",
	"replay":  "the scenario that --scenario writes does not pass",
	"standin": "no task in the history needs a stand-in",
	"state":   "the state failed, and nothing in it takes the error",
	"test":    "an expectation failed",
	"verify":  "something is wrong",
}

const lintRefuses = "lint finds errors in what would be exported"

// untilStopped are the verbs that run until Ctrl-C, for which it is a good end, with the flag that makes them do so.
var untilStopped = map[string]string{"call": "page", "page": "", "serve": "", "test": "watch"}

// addExitCodes says in the help of every verb below a command what its exit codes are, and makes an error that no verb
// should return our own fault.
func addExitCodes(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		addExitCodes(cmd)
		if cmd.RunE == nil || cmd.HasSubCommands() {
			continue
		}
		cmd.Long += "\n\n" + exitCodes(verbOf(cmd))
		verb := cmd.RunE
		cmd.RunE = func(cmd *cobra.Command, args []string) error { return asFailure(verb(cmd, args)) }
	}
}

// verbOf is the verb that a command is, such as "export terraform".
func verbOf(cmd *cobra.Command) string {
	return strings.TrimPrefix(cmd.CommandPath(), "connect-async ")
}

// exitCodes are the sentences about the exit codes of a verb.
func exitCodes(verb string) string {
	failed := ""
	if meaning, ok := failedMeans[verb]; ok {
		failed = "1 " + meaning + "; "
	}
	text := "Exit codes: 0 good; " + failed +
		"2 wrong usage, or something cannot be read; 3 a fault of connect-async; 130 interrupted."
	if flag, ok := untilStopped[verb]; ok {
		how := "It"
		if flag != "" {
			how = "With --" + flag + " it"
		}
		text += " " + how + " runs until Ctrl-C, which is good."
	}
	return strings.Join(wrap(text, helpColumns), "\n")
}

// helpColumns is how wide the texts of a help are.
const helpColumns = 120

// exitCode is the exit code of a verb that has ended with code, and may have been interrupted.
func exitCode(ctx context.Context, cmd *cobra.Command, code int) int {
	if ctx.Err() == nil {
		return code
	}
	flag, stopped := untilStopped[verbOf(cmd)]
	if flag != "" {
		stopped = cmd.Flags().Changed(flag)
	}
	if stopped && code == exitGood {
		return code
	}
	return exitInterrupted
}

// asFailure is an error that a verb returned as a failure.
func asFailure(err error) error {
	var failed failure
	var found source.Finding
	switch {
	case err == nil || errors.As(err, &failed):
		return err
	case errors.As(err, &found):
		return failure{code: exitUsage, text: strings.TrimSpace(found.Error() + "\n    " + found.Remedy)}
	}
	return failure{code: exitFault, text: fmt.Sprintf("connect-async: %v", err)}
}

// untilInterrupted runs a verb. When ctx is done, which is Ctrl-C, the verb has a while to clean up; one that waits for
// standard input, or does not notice, is left behind.
func untilInterrupted(ctx context.Context, in *reading, verb func() int) int {
	grace := 3 * time.Second
	done := make(chan int, 1)
	go func() { done <- verb() }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	if in.isWaitedFor() {
		grace = 200 * time.Millisecond // to say so
	}
	waited := make(chan struct{})
	defer clock.Real{}.AfterFunc(grace, func() { close(waited) }).Stop()
	select {
	case code := <-done:
		return code
	case <-waited:
		return exitInterrupted
	}
}

// reading is standard input that knows whether somebody waits for it. Nobody begins to when ctx is done.
type reading struct {
	ctx  context.Context
	from io.Reader

	mu    sync.Mutex
	waits bool
}

// Read implements io.Reader.
func (r *reading) Read(p []byte) (int, error) {
	if !r.begin() {
		return 0, context.Cause(r.ctx)
	}
	n, err := r.from.Read(p)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waits = false
	return n, err
}

func (r *reading) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waits = r.ctx.Err() == nil
	return r.waits
}

func (r *reading) isWaitedFor() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waits
}
