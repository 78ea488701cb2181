package verify

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/deploy"
)

// runs starts an execution of each job through the async function, as a flow does, and follows it to its end.
func (v *verifier) runs() {
	for _, m := range v.want.Machines {
		v.group = groupOfRun(m.Job.Name)
		switch {
		case !v.options.Run:
			v.skip("execution", "give --run to start one")
		case v.found[asyncKey] == nil || v.found["machine."+m.ID] == nil:
			v.skip("execution", "the async function or the state machine is missing")
		case v.options.Event == nil && !m.Repeatable:
			v.skip("execution", "its functions are not declared repeatable: give the event of a harmless run with "+
				"--event")
		default:
			v.run(m)
		}
	}
}

// atOnce is how long a start may take: Connect allows 8 s, and the caller hears nothing.
const atOnce = 3 * time.Second

func (v *verifier) run(m deploy.DeployedMachine) {
	request := fmt.Sprintf("verify-%d", v.clock.Now().UnixNano())
	begun := v.clock.Now()
	started, err := v.ask(map[string]any{async.ParamJob: m.Job.Name, async.ParamRequest: request})
	took := v.clock.Now().Sub(begun)
	switch {
	case err != nil:
		v.notRun(CodeRunStart, "start", err)
		return
	case started[async.KeyStatus] != async.StatusCreated:
		v.fail(CodeRunStart, "start", async.KeyError+" says what is wrong; docs/contract.md has the list.",
			"the reply is %s, %s %s: %s", started[async.KeyStatus], async.KeyError, started[async.KeyError],
			started[async.KeyCause])
		return
	case took > atOnce:
		v.fail(CodeRunSlow, "start", "Give the async function more memory.",
			"it took %.1f s, in silence", took.Seconds())
	default:
		v.ok("start", "returned after %.1f s", took.Seconds())
	}
	execution := fmt.Sprint(started[async.KeyExecutionID])
	v.follow(m, execution)
	v.refusal(m, execution)
}

// follow checks until the execution has ended.
func (v *verifier) follow(m deploy.DeployedMachine, execution string) {
	latest := v.clock.Now().Add(m.Job.Timeout + 30*time.Second)
	for {
		reply, err := v.ask(map[string]any{
			async.ParamJob: m.Job.Name, async.ParamExecutionID: execution, async.ParamCountMax: "1000000",
		})
		switch {
		case err != nil:
			v.notRun(CodeRunResult, "result", err)
			return
		case reply[async.KeyResult] == async.ResultSuccess:
			v.ok("result", "the execution succeeded, and the async function found the result")
			return
		case reply[async.KeyStatus] != async.StatusRunning:
			v.fail(CodeRunResult, "result", "Look at the execution in the console: "+execution,
				"the reply is %s %s, %s %s: %s",
				reply[async.KeyStatus], reply[async.KeyResult], async.KeyError, reply[async.KeyError],
				reply[async.KeyCause])
			return
		}
		if v.clock.Sleep(v.ctx, time.Second) != nil || v.clock.Now().After(latest) {
			v.fail(CodeRunResult, "result", "Look at the execution in the console: "+execution,
				"it still runs after %s", m.Job.Timeout)
			return
		}
	}
}

// refusal asks with an execution of another state machine.
func (v *verifier) refusal(m deploy.DeployedMachine, execution string) {
	name, _ := arn.Parse(execution)
	path := name.Path() // execution, STATE_MACHINE, NAME
	if len(path) != 3 {
		v.fail(CodeRunForeign, "foreign execution", "Look at the async function's log.",
			"the execution_id is not the ARN of an execution: %s", execution)
		return
	}
	path[1] = "not-of-this-project"
	name.Resource = strings.Join(path, ":")
	reply, err := v.ask(map[string]any{async.ParamJob: m.Job.Name, async.ParamExecutionID: name.String()})
	switch {
	case err != nil:
		v.notRun(CodeRunForeign, "foreign execution", err)
	case reply[async.KeyError] != async.NotOwnExecution:
		v.fail(CodeRunForeign, "foreign execution", "Look at the async function's log.",
			"a foreign execution_id was not refused: %s %s", reply[async.KeyStatus],
			reply[async.KeyError])
	default:
		v.ok("foreign execution", "a wrong execution_id is refused")
	}
}

// notRun reports an invocation that came to nothing: AWS refused it, or the function failed.
func (v *verifier) notRun(code, title string, err error) {
	if codeFrom(err) != "" {
		v.unknown(title, err)
		return
	}
	v.fail(code, title, "Look at the async function's log.", "%s", reasonOf(err))
}

// sampleContact is the contact of sampleEvent.
const sampleContact = "00000000-0000-4000-8000-00000000c0de"

// sampleEvent is an event of Connect without a caller. The field names are those of the administrator guide's sample.
const sampleEvent = `{"Name":"ContactFlowEvent","Details":{"ContactData":{"Attributes":{},"Channel":"VOICE",
"ContactId":"` + sampleContact + `","InitialContactId":"` + sampleContact + `",
"InitiationMethod":"API",
"CustomerEndpoint":null,"SystemEndpoint":null,"Queue":null},"Parameters":{}}}`

// ask invokes the async function with the event and more parameters, under the names that are never data of the wrapped
// function. The reply's keys are the short ones.
func (v *verifier) ask(parameters map[string]any) (map[string]any, error) {
	event := map[string]any{}
	text := v.options.Event
	if text == nil {
		text = []byte(sampleEvent)
	}
	if err := json.Unmarshal(text, &event); err != nil {
		return nil, fmt.Errorf("the event is not a JSON object: %w", err)
	}
	details, _ := event["Details"].(map[string]any)
	if details == nil {
		details = map[string]any{}
		event["Details"] = details
	}
	all, _ := details["Parameters"].(map[string]any)
	if all == nil {
		all = map[string]any{}
	}
	for name, value := range parameters {
		if !v.want.PrefixedNames || async.IsOriginalParameter(name) {
			delete(all, name)
		}
		all[async.LongName(name)] = value
	}
	delete(all, async.ParamKeys)
	details["Parameters"] = all
	payload, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	answer, err := v.cloud.Invoke(v.ctx, v.invoked(), payload)
	if err != nil {
		return nil, err
	}
	var reply map[string]any
	err = json.Unmarshal(answer, &reply)
	return reply, err
}
