package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/lambdaapi"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/statesapi"
)

// checkInterval is how long invoke waits before it asks again how an execution stands.
const checkInterval = time.Second

// asyncReply is what of a reply decides how invoke goes on, and what serve prints of it.
type asyncReply struct{ executionID, status, result, error string }

// readReply reads a reply, whose own keys may be the long ones.
func readReply(text []byte) asyncReply {
	var keys map[string]any
	_ = json.Unmarshal(text, &keys) // every reply is an object
	first := func(names ...string) (value string) {
		for _, name := range names {
			if value == "" {
				value, _ = keys[name].(string)
			}
		}
		return value
	}
	return asyncReply{
		executionID: first(async.LongName(async.KeyExecutionID), async.KeyExecutionID),
		status:      first(async.KeyCall, async.KeyStatus),
		result:      first(async.KeyResult),
		error:       first(async.KeyError),
	}
}

func (r asyncReply) running() bool {
	return r.result == "" && (r.status == async.StatusCreated || r.status == async.StatusRunning)
}

// asker sends an event to the async function and returns its reply.
type asker func(ctx context.Context, event []byte) ([]byte, error)

// runAsync invokes the async function: that of a server that runs, or its own, which it follows until the work ends.
func (o invokeOptions) runAsync(ctx context.Context, t *terminal, p *project.Project, event []byte) error {
	if server := cmp.Or(o.server, os.Getenv(endpointLambda)); server != "" {
		_, err := printReply(ctx, t, askServer(server, p.AsyncName()), event)
		return err
	}
	ask, closeAll, err := openAsync(ctx, t, p)
	if err != nil {
		return err
	}
	defer closeAll()
	reply, err := printReply(ctx, t, ask, event)
	if err != nil || !reply.running() {
		return err
	}
	fmt.Fprintln(t.err, "Waiting until the work has ended; Ctrl-C cancels it.")
	return follow(ctx, t, ask, event, reply.executionID)
}

// follow asks until the work has ended, and cancels it when ctx is done first. The last reply is printed.
func follow(ctx context.Context, t *terminal, ask asker, event []byte, id string) error {
	check, err := withAction(event, async.ActionCheck, id)
	if err != nil {
		return usage("%v", err)
	}
	for (clock.Real{}).Sleep(ctx, checkInterval) == nil {
		text, err := ask(ctx, check)
		if err != nil {
			break // interrupted
		}
		if reply := readReply(text); !reply.running() {
			return printText(t, text, reply)
		}
	}
	cancel, err := withAction(event, async.ActionCancel, id)
	if err != nil {
		return usage("%v", err)
	}
	_, err = printReply(context.WithoutCancel(ctx), t, ask, cancel)
	return err
}

// withAction is an event that does something else with the execution that it has started.
func withAction(event []byte, action, id string) ([]byte, error) {
	var whole struct {
		Name    string
		Details struct {
			ContactData json.RawMessage
			Parameters  map[string]any
		}
	}
	if err := json.Unmarshal(event, &whole); err != nil {
		return nil, fmt.Errorf("the event is not one of Connect's: %w", err)
	}
	parameters := map[string]any{}
	for name, value := range whole.Details.Parameters {
		if name != async.ParamAction {
			parameters[name] = value
		}
	}
	parameters[async.LongName(async.ParamAction)] = action
	parameters[async.ParamExecutionID] = id
	whole.Details.Parameters = parameters
	return json.Marshal(whole)
}

// printReply sends an event and prints the reply.
func printReply(ctx context.Context, t *terminal, ask asker, event []byte) (reply asyncReply, err error) {
	text, err := ask(ctx, event)
	if err != nil {
		return reply, err
	}
	reply = readReply(text)
	return reply, printText(t, text, reply)
}

// printText prints a reply, and returns the failure that it means.
func printText(t *terminal, text []byte, reply asyncReply) error {
	fmt.Fprintf(t.data, "%s\n", bytes.TrimSpace(text))
	if reply.result == async.ResultFailure {
		return failure{code: exitFailed}
	}
	return nil
}

// openAsync makes an account with the project in it, and the async function in that.
func openAsync(ctx context.Context, t *terminal, p *project.Project) (ask asker, closeAll func(), err error) {
	states, err := net.Listen("tcp4", address(0)) // for functions that return task tokens
	if err != nil {
		return nil, nil, usage("%v\nClose a program that uses the network.", err)
	}
	log := &serveLog{t: plainTerminal(t.err, t.err), logs: true}
	s, found := newLocalServer(ctx, serveOptions{clock: clockReal}, p, nil, nil, "http://"+states.Addr().String(), log)
	server := &http.Server{Handler: statesapi.New(s.account), ReadHeaderTimeout: time.Second}
	closeAll = func() { _ = server.Close(); s.close() } // the program ends
	if err := report(t.err, found); err != nil {
		closeAll()
		states.Close()
		return nil, nil, err
	}
	go func() { _ = server.Serve(states) }() // until it is closed
	return func(ctx context.Context, event []byte) ([]byte, error) {
		result := s.account.Ask(ctx, p.AsyncName(), event)
		return result.Payload, result.Err
	}, closeAll, nil
}

// askServer invokes a function of a server that runs.
func askServer(server, name string) asker {
	url := server + lambdaapi.InvokePath(name)
	return func(ctx context.Context, event []byte) ([]byte, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(event))
		if err != nil {
			return nil, usage("%q is not the address of a server: use one such as http://127.0.0.1:%d.", server,
				defaultLambdaPort)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, usage("no server answers at %s.\nStart `connect-async serve` in another terminal, or unset %s.",
				server, endpointLambda)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			return nil, failure{code: exitFailed, text: fmt.Sprintf("%s: %s %s", url, response.Status, text)}
		}
		return text, nil
	}
}
