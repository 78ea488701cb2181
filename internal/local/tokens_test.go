package local_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// asks is a state machine that hands a token to the function ask and waits for it.
const asks = `{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken",
	"Parameters":{"FunctionName":"ask","Payload":{"token.$":"$$.Task.Token"}},"HeartbeatSeconds":10,
	"TimeoutSeconds":100,"End":true}}}`

// askFor starts an execution and returns it with its token.
func askFor(t *testing.T, a *local.Account, v *clock.Virtual, arn string) (*local.Execution, string) {
	t.Helper()
	ask := &scripted{answers: []function.Result{returns(`{}`)}}
	a.AddFunction("ask", ask)
	e, err := a.StartExecution(arn, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	sleep(v, time.Second)
	var event struct{ Token string }
	if len(ask.payloads) != 1 || json.Unmarshal([]byte(ask.payloads[0]), &event) != nil {
		t.Fatalf("the function got %q", ask.payloads)
	}
	return e, event.Token
}

func TestTokens(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, asks)
		e, token := askFor(t, a, v, arn)
		for range 3 {
			sleep(v, 8*time.Second)
			if err := a.SendTaskHeartbeat(token); err != nil {
				t.Error(err)
			}
		}
		if err := a.SendTaskSuccess(token, json.RawMessage(`not json`)); code(err) != "InvalidOutput" {
			t.Error(err)
		}
		if err := a.SendTaskSuccess(token, json.RawMessage(`{"ok":true}`)); err != nil {
			t.Error(err)
		}
		if d := e.Describe(); d.Status != asl.Succeeded || string(d.Output) != `{"ok":true}` {
			t.Errorf("%+v", d)
		}
		for name, err := range map[string]error{
			"TaskTimedOut": a.SendTaskSuccess(token, json.RawMessage(`{}`)),
			"InvalidToken": a.SendTaskFailure("nonsense", "", ""),
		} {
			if code(err) != name {
				t.Errorf("got %v, want %s", err, name)
			}
		}

		failed, token := askFor(t, a, v, arn)
		if err := a.SendTaskFailure(token, "Mine", "because"); err != nil {
			t.Error(err)
		}
		if d := failed.Describe(); d.Error != "Mine" || d.Cause != "because" {
			t.Errorf("%+v", d)
		}

		silent, token := askFor(t, a, v, arn)
		sleep(v, 20*time.Second)
		if d := silent.Describe(); d.Error != "States.Timeout" {
			t.Errorf("no heartbeat: %+v", d)
		}
		if err := a.SendTaskHeartbeat(token); code(err) != "TaskTimedOut" {
			t.Error(err)
		}
	})
}

func TestTokenOfFunctionThatFails(t *testing.T) {
	onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
		arn := create(t, a, "m", asl.Standard, asks)
		a.AddFunction("ask", &scripted{answers: []function.Result{raises("Broken")}})
		if d := finish(t, a, v, arn, `{}`); d.Error != "Broken" {
			t.Errorf("%+v", d)
		}
	})
}

// TestTokensHoldTheClock serves on virtual time: with an open token no time passes, after it everything passes at once.
func TestTokensHoldTheClock(t *testing.T) {
	v := clock.NewVirtual(start)
	ended := make(chan struct{})
	tokens := make(chan string, 1)
	a := local.New(local.Options{Clock: v, HoldTokens: true})
	a.AddFunction("ask", invoked(func(payload []byte) function.Result {
		tokens <- strings.Split(string(payload), `"`)[3]
		return returns(`{}`)
	}))
	arn := create(t, a, "m", asl.Standard,
		strings.Replace(asks, `"End":true`, `"Next":"W"},"W":{"Type":"Wait","Seconds":3600,"End":true`, 1))
	stop := serve(v)
	defer stop()
	e, err := a.StartExecution(arn, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	e.WhenEnded(func() { close(ended) })
	token := <-tokens
	if !v.Now().Equal(start) {
		t.Errorf("time jumped to %v while a token was open", v.Now())
	}
	if err := a.SendTaskSuccess(token, json.RawMessage(`{}`)); err != nil {
		t.Fatal(err)
	}
	<-ended
	if d := e.Describe(); d.Status != asl.Succeeded || !d.Stopped.Equal(start.Add(time.Hour)) {
		t.Errorf("%+v", d)
	}
}

// TestClockIsFreeAfterATokenTask ends a token's task in other ways than by its token, on a clock that open tokens hold.
func TestClockIsFreeAfterATokenTask(t *testing.T) {
	for name, answer := range map[string]function.Result{
		"the function fails":        raises("Broken"),
		"the function is throttled": {Err: function.ErrTooManyRequests},
		"the execution is stopped":  returns(`{}`),
	} {
		v := clock.NewVirtual(start)
		a := local.New(local.Options{Clock: v, HoldTokens: true})
		a.AddFunction("ask", invoked(func([]byte) function.Result { return answer }))
		stop := serve(v)
		e, err := a.StartExecution(create(t, a, "m", asl.Standard, asks), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if answer.Payload != nil && answer.FunctionError == "" {
			e.Stop("", "")
		}
		await(e)
		if d := e.Describe(); d.Status != asl.Failed && d.Status != asl.Aborted {
			t.Errorf("%s: %+v", name, d)
		}
		fired := make(chan struct{})
		v.AfterFunc(time.Hour, func() { close(fired) })
		<-fired // for ever, if the clock were still held
		stop()
	}
}
