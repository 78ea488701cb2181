package load

import (
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/local"
)

// execution is one execution of a caller. Its state machine runs in the engine.
type execution struct {
	caller  *caller
	arn     string
	name    string
	input   string
	started time.Time
	ended   time.Time
	state   *asl.Execution // nil after the end
	end     asl.Finish
	timers  map[asl.ID]clock.Timer
}

// startExecution starts an execution of a caller.
func (s *simulation) startExecution(c *caller, in async.StartInput) (string, error) {
	machine := s.machines[in.StateMachineARN]
	if machine == nil {
		return "", &async.ServiceError{Code: "StateMachineDoesNotExist", Status: 400}
	}
	e := &execution{
		caller: c, name: in.Name, input: in.Input, started: s.now(), timers: map[asl.ID]clock.Timer{},
		arn: strings.Replace(in.StateMachineARN, ":stateMachine:", ":execution:", 1) + ":" + in.Name,
		end: asl.Finish{Status: asl.Running},
	}
	state, err := machine.NewExecution(asl.Options{ExecutionARN: e.arn, Name: e.name,
		StateMachineARN: in.StateMachineARN, Seed: s.durations.Uint64()}, json.RawMessage(in.Input))
	if err != nil {
		return "", &async.ServiceError{Code: "InvalidExecutionInput", Status: 400}
	}
	e.state = state
	c.executions[e.name] = e
	s.going++
	s.result.executions++
	e.advance(asl.Started{At: e.started})
	return e.arn, nil
}

// described is what DescribeExecution says.
func (e *execution) described() async.Execution {
	return async.Execution{Status: string(e.end.Status), Input: e.input, Output: string(e.end.Output),
		Error: e.end.Error, Cause: e.end.Cause, Started: e.started, Stopped: e.ended}
}

// stops ends the execution, as StopExecution does.
func (e *execution) stops(name, cause string) {
	if e.state != nil {
		e.advance(asl.Stopped{At: e.caller.sim.now(), Error: name, Cause: cause})
	}
}

// advance tells the engine what happened, and performs what it asks for: later, where the account has made as many
// transitions as it may.
func (e *execution) advance(ev asl.Event) {
	if e.state == nil {
		return
	}
	s := e.caller.sim
	before := e.state.Transitions()
	commands := e.state.Advance(ev)
	made := e.state.Transitions() - before
	s.result.transitions += made
	if made > 0 {
		s.result.demands(Transitions, made)
		if slower := s.transitions.wait(s.now(), made); slower > 0 {
			s.result.throttled(Transitions)
			s.after(slower, func() { e.perform(commands) })
			return
		}
	}
	e.perform(commands)
}

func (e *execution) perform(commands []asl.Command) {
	s := e.caller.sim
	for _, command := range commands {
		switch c := command.(type) {
		case asl.SetTimer:
			e.timers[c.ID] = s.after(c.At.Sub(s.now()), func() { e.advance(asl.TimerFired{At: s.now(), ID: c.ID}) })
		case asl.Cancel:
			if t := e.timers[c.ID]; t != nil {
				t.Stop()
			}
		case asl.InvokeTask:
			e.invoke(c)
		case asl.Finish:
			e.finish(c)
		}
	}
}

// invoke performs a task: of a function, or a write of the state machine itself into the results table. Setup has
// refused others.
func (e *execution) invoke(c asl.InvokeTask) {
	if c.Service != "lambda" {
		e.write(c)
		return
	}
	s := e.caller.sim
	name := s.setup.functionName(c.FunctionName)
	refuse := func(code string, status int) {
		e.advance(asl.TaskRefused{At: s.now(), ID: c.ID, Code: code, Message: "Rate Exceeded.", Status: status})
	}
	if f := s.fault(local.Lambda, name); f.Error != "" {
		refuse(f.Error, f.status())
		return
	}
	if quota := s.lambda.begin(s.now(), name); quota != "" {
		s.result.throttled(quota)
		refuse(throttledByLambda, 429)
		return
	}
	s.result.busy(s.lambda.busy)
	takes, limit := s.setup.takes(s, name), s.setup.timeouts[name]
	s.after(min(takes, limit), func() {
		s.lambda.end(name)
		if takes > limit {
			e.advance(asl.TaskFailed{At: s.now(), ID: c.ID, Error: "Sandbox.Timedout", Cause: `{}`})
			return
		}
		e.advance(asl.TaskSucceeded{At: s.now(), ID: c.ID, Output: s.setup.returns(name).Payload})
	})
}

// write performs a write into the results table: of the end, or of a step that begins, which no caller is told here.
func (e *execution) write(c asl.InvokeTask) {
	s := e.caller.sim
	var request struct {
		ExpressionAttributeValues map[string]struct{ S string }
	}
	_ = json.Unmarshal(c.Input.JSON(), &request) // our own state machine wrote it
	values := request.ExpressionAttributeValues
	s.after(s.latency.DynamoDB, func() {
		if err := s.table("finish", Writes, s.writes); err != nil {
			e.advance(asl.TaskRefused{At: s.now(), ID: c.ID, Code: "ThrottlingException", Message: "Rate Exceeded.",
				Status: 400})
			return
		}
		if end, isEnd := values[":status"]; isEnd {
			old := e.caller.records[e.name]
			e.caller.recordEnd(async.Record{
				Execution: e.name, Status: end.S, Output: values[":output"].S, Error: values[":error"].S,
				Cause: values[":cause"].S, Ended: s.now(), Expires: old.Expires,
			})
		}
		e.advance(asl.TaskSucceeded{At: s.now(), ID: c.ID, Output: json.RawMessage(`{}`)})
	})
}

func (e *execution) finish(c asl.Finish) {
	s := e.caller.sim
	e.end, e.ended, e.state = c, s.now(), nil
	for _, t := range e.timers {
		t.Stop()
	}
	e.timers = nil
	s.sendEnd(e)
	s.leave(1)
}

// sendEnd lets the event of an end travel to the function for ends, which writes it into the results table.
func (s *simulation) sendEnd(e *execution) {
	if s.config.ResultsTable == "" || s.fault(local.EventBridge, "deliver").Error != "" {
		return
	}
	spread := math.Log(awsfacts.EventSlowest) / hundredth
	travels := float64(awsfacts.EventDelay) * math.Exp(spread*s.events.NormFloat64())
	s.after(time.Duration(travels), func() { s.deliver(e, awsfacts.EventTries) })
}

// hundredth is the 99th percentile of the standard normal distribution.
const hundredth = 2.3263

// deliver invokes the function for ends, and again as Lambda does for events when it fails.
func (s *simulation) deliver(e *execution, tries int) {
	again := func() {
		if tries > 1 {
			pause := time.Duration(awsfacts.EventTries+1-tries) * awsfacts.EventPause
			s.after(pause, func() { s.deliver(e, tries-1) })
		}
	}
	name := s.setup.ends
	if s.fault(local.Lambda, name).Error != "" {
		again()
		return
	}
	if quota := s.lambda.begin(s.now(), name); quota != "" {
		s.result.throttled(quota)
		again()
		return
	}
	s.result.ends++
	s.after(s.latency.DynamoDB, func() {
		s.lambda.end(name)
		if s.table("finish", Writes, s.writes) != nil {
			again()
			return
		}
		old := e.caller.records[e.name]
		e.caller.recordEnd(async.Record{Execution: e.name, Status: string(e.end.Status),
			Output: string(e.end.Output), Error: e.end.Error, Cause: e.end.Cause, Ended: e.ended,
			Expires: old.Expires})
	})
}
