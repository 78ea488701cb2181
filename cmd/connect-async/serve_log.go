package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/workspace"
)

// serveLog prints one line for each invocation and each execution that ends, and for each change that is noticed. Data
// of a call can only be in the logs of functions and in the messages of their errors, which are printed with logs.
type serveLog struct {
	t    *terminal
	logs bool
	mu   sync.Mutex
}

// ended prints the line of something that has ended, and what belongs below it.
func (l *serveLog) ended(outcome string, took time.Duration, text, below string) {
	l.line(outcome, fmt.Sprintf("%.1f s", took.Seconds()), text, below)
}

// line prints a line that begins with the time of day, an outcome and how long it took, and what belongs below it.
func (l *serveLog) line(outcome, took, text, below string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.t.faint.Render(clock.Real{}.Now().Format(time.TimeOnly))
	fmt.Fprintf(l.t.out, "%s  %-9s  %10s  %s\n", at, outcome, took, oneLine(text))
	for line := range strings.Lines(below) {
		fmt.Fprintf(l.t.out, "            %s\n", strings.TrimRight(line, "\n"))
	}
}

// execution prints an execution that has ended. Of its error only a name that AWS gave is printed.
func (l *serveLog) execution(e *local.Execution) {
	d := e.Describe()
	if d.Stopped.IsZero() {
		return
	}
	text := fmt.Sprintf("%-15s  %s  %s%s", call.Count(d.Transitions, "transition"), e.StateMachine().Name, d.Name,
		awsError(d.Error))
	l.ended(string(d.Status), d.Stopped.Sub(d.Started), text, "")
}

// lacking prints which tasks of a state machine that a client has made nothing performs here.
func (l *serveLog) lacking(m local.StateMachine, tasks []asl.Task) {
	var below strings.Builder
	for _, task := range tasks {
		fmt.Fprintln(&below, task)
	}
	l.line("WARNING", "", cmp.Or(m.Name, m.ARN)+" has tasks that nothing on this machine performs:", below.String())
}

// awsErrors is what the names of errors begin with that AWS gives, and no function.
var awsErrors = regexp.MustCompile(`^(States|Lambda|Sandbox|Runtime|DynamoDB|DynamoDb|StepFunctions|Sfn|SQS|Sqs|SNS|` +
	`Sns|EventBridge)\.[A-Za-z]+$`)

func awsError(name string) string {
	if !awsErrors.MatchString(name) {
		return ""
	}
	return "  " + name
}

// invocation prints an invocation of a function, with its log.
func (l *serveLog) invocation(i workspace.Invocation) {
	r := i.Result
	outcome, text, below := "RETURNED", "function "+i.Function, ""
	switch {
	case r.Err != nil:
		outcome = "REFUSED"
		text += "  " + refusal(r.Err)
	case r.FunctionError != "":
		outcome = "FAILED"
		text += l.failure(i)
	default:
		text += asyncStatus(r.Payload)
	}
	if l.logs {
		below = ownLog(r)
	}
	l.ended(outcome, i.Took, text, below)
}

// refusal is why an invocation never reached its function.
func refusal(err error) string {
	var f source.Finding
	if errors.As(err, &f) && f.Remedy != "" {
		return f.Error() + "; " + f.Remedy
	}
	return err.Error()
}

// failure is the error that a function ended with.
func (l *serveLog) failure(i workspace.Invocation) string {
	if !l.logs || i.Failure == nil {
		return awsError(i.Result.ErrorType)
	}
	return "  " + i.Failure.Words()
}

// asyncStatus is what an answer of the async function says about the execution, "" for other functions.
func asyncStatus(payload []byte) string {
	said := readReply(payload)
	if said.error == "" {
		return ""
	}
	text := "  " + strings.TrimSpace(said.status+" "+said.result)
	if said.error != async.None {
		text += "  " + said.error
	}
	return text
}

// frames are the beginnings of the lines that Lambda puts around what a function logs; the line of the invocation says
// what is in them.
var frames = [][]byte{[]byte("START RequestId: "), []byte("END RequestId: "), []byte("REPORT RequestId: ")}

// ownLog is what a function wrote to its log itself.
func ownLog(r function.Result) string {
	var own []byte
	for line := range bytes.Lines(r.Log) {
		framed := false
		for _, frame := range frames {
			rest, found := bytes.CutPrefix(line, frame)
			framed = framed || found && bytes.HasPrefix(rest, []byte(r.RequestID))
		}
		if !framed {
			own = append(own, line...)
		}
	}
	return string(own)
}

// changed prints a change that was noticed and takes effect, and what is wrong with it.
func (l *serveLog) changed(what string, found source.Findings) {
	outcome := "CHANGED"
	if found.HasErrors() {
		outcome = "BROKEN"
	}
	var below strings.Builder
	_ = report(&below, found) // the server goes on
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.t.faint.Render(clock.Real{}.Now().Format(time.TimeOnly))
	fmt.Fprintf(l.t.out, "%s  %-9s  %10s  %s\n", at, outcome, "", what)
	for line := range strings.Lines(below.String()) {
		fmt.Fprintf(l.t.out, "            %s\n", strings.TrimRight(line, "\n"))
	}
}
