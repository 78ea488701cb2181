package asl

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/connect-async/connect-async/internal/jsonpath"
	"github.com/connect-async/connect-async/internal/value"
)

// taskState calls a service.
type taskState struct {
	stateBase
	errorHandling
	resource    resource
	integration integration
	timeout     secondsField
	heartbeat   secondsField
	function    string // that the definition names; "" when only the data do
	endpoint    string // the same for http:invoke
}

// secondsField is TimeoutSeconds or HeartbeatSeconds, or the path form of it.
type secondsField struct {
	name    string // of the path form
	seconds int64  // 0: none
	path    *jsonpath.Path
	query   payload
}

func parseTask(o *object, base stateBase) state {
	s := &taskState{stateBase: base}
	o.flow(&s.dataFlow, "InputPath", "Parameters", "ResultSelector", "ResultPath", "OutputPath", "Assign")
	s.errorHandling = o.errorHandling()
	s.timeout = o.secondsField("TimeoutSeconds")
	s.heartbeat = o.secondsField("HeartbeatSeconds")
	if s.timeout.seconds > 0 && s.heartbeat.seconds >= s.timeout.seconds {
		o.report("HeartbeatSeconds", codeSchema, "HeartbeatSeconds must be smaller than TimeoutSeconds",
			"Correct one of the two.")
	}
	s.next = o.transition()
	s.resource = o.resource()
	o.checkParameters(s.resource)
	s.integration = integrationOf(s.resource)
	s.function, s.endpoint = o.named("FunctionName"), o.named("ApiEndpoint")
	o.credentials(s.resource)
	return s
}

// named is a parameter of the task that is a text in the definition, "" for one that only the data tell.
func (o *object) named(parameter string) string {
	if o.jsonata {
		return textIn(o.node.Get("Arguments"), parameter)
	}
	return o.node.Get("Parameters").Get(parameter).Str()
}

// credentials checks the role that a task asks for; nobody here asks what the role allows.
func (o *object) credentials(r resource) {
	if o.get("Credentials") == nil || o.expressionIn("Credentials") != nil {
		return
	}
	switch inner := o.object("Credentials"); {
	case r.service == ActivityService:
		o.report("Credentials", codeSchema, "The field 'Credentials' is not supported for activities",
			"Remove the field.")
	case inner.count([]string{"RoleArn", "RoleArn.$"}) == 0:
		o.report("Credentials", codeSchema, "The field 'RoleArn' is required but was missing",
			"Add RoleArn, the ARN of the role that the task assumes.")
	}
}

func (o *object) secondsField(key string) secondsField {
	if query := o.expressionIn(key); query != nil {
		return secondsField{query: query}
	}
	var field secondsField
	if !o.jsonata {
		o.atMostOne(key, key+"Path")
		field = secondsField{name: key + "Path", path: o.referencePath(key+"Path", false)}
	}
	if seconds := o.int(key, 1, maxSeconds); seconds != nil {
		field.seconds = *seconds
	}
	return field
}

func (o *object) resource() resource {
	if !o.required("Resource") {
		return resource{}
	}
	r, ok := parseResource(o.text("Resource"))
	switch {
	case !ok:
		o.report("Resource", codeSchema, "Value is not a valid resource ARN",
			"Write the ARN of a Lambda function, an activity or a service integration.")
	case !r.recognized():
		o.report("Resource", codeSchema, fmt.Sprintf("The resource provided %s is not recognized. The value is not a "+
			"valid resource ARN, or the resource is not available in this region.", r.text), r.resourceRemedy())
	case o.p.kind == Express && r.service == ActivityService:
		o.report("Resource", codeSchema, "Express state machine does not support Activity ARN",
			"Use a STANDARD state machine.")
	case o.p.kind == Express && r.pattern != "":
		o.report("Resource", codeSchema, "Express state machine does not support '."+r.pattern+"' service integration ",
			"Use a STANDARD state machine, or the plain integration.")
	}
	return r
}

func (s *taskState) handling() *errorHandling { return &s.errorHandling }

func (s *taskState) isActivity() bool { return s.resource.service == ActivityService }

func (s *taskState) describe() Task {
	task := Task{State: s.name, Resource: s.resource.text, Service: s.resource.service, Action: s.resource.action,
		Endpoint: s.endpoint, Pos: s.pos}
	if s.resource.service == "lambda" {
		task.FunctionName = s.functionName()
	}
	return task
}

// functionName returns the function that the definition names, "" when only the execution's data do.
func (s *taskState) functionName() string {
	if s.resource.direct {
		return s.resource.text
	}
	return s.function
}

func (s *taskState) run(t *turn, f *frame) *failure {
	f.Task = &taskCall{}
	if s.resource.waitsForToken() {
		f.Task.Token = t.token()
	}
	input, fail := t.input(f, &s.dataFlow)
	if fail != nil {
		return fail
	}
	timeout, fail := s.timeout.evaluate(t, f, input)
	if fail != nil {
		return fail
	}
	heartbeat, fail := s.heartbeat.evaluate(t, f, input)
	if fail != nil {
		return fail
	}
	request, fail := t.arguments(f, &s.dataFlow, input)
	if fail != nil {
		return fail
	}
	if !value.Fits(request, MaxDataBytes) {
		return tooLarge(f.State)
	}
	call, fail := s.integration.prepare(t, f, s, request)
	if fail != nil {
		return fail
	}
	f.Task.Beat = int32(heartbeat)
	s.schedule(t, f, request, timeout)
	if end := t.mockedEnd(f.Task.ID); end != nil {
		end.apply(t)
		return nil
	}
	t.do(call(f.Task.ID))
	return nil
}

// schedule adds the events that a task begins with and sets its timers.
func (s *taskState) schedule(t *turn, f *frame, request any, timeout int64) {
	details := s.eventDetails()
	if s.resource.direct {
		details = (&EventDetails{Resource: s.resource.text}).withInput(request, "")
	} else {
		details.Region, details.Parameters = t.region(), &Text{value: request}
	}
	details.TimeoutInSeconds, details.HeartbeatInSeconds = timeout, int64(f.Task.Beat)
	t.follow(f, s.event("Scheduled"), details)
	if !s.isActivity() {
		t.follow(f, s.event("Started"), s.eventDetails())
	}
	f.Task.ID = t.open(openTask, f)
	if timeout > 0 {
		f.Task.Timeout = t.setTimer(openTimeout, f, t.at.Add(time.Duration(timeout)*time.Second))
	}
}

// event returns the type of a history event of the task.
func (s *taskState) event(what string) string {
	if !s.resource.direct {
		return "Task" + what
	}
	if s.isActivity() {
		return "Activity" + what
	}
	return "LambdaFunction" + what
}

// eventDetails begins the details of the task's events: what it calls, nothing for a function by its ARN.
func (s *taskState) eventDetails() *EventDetails {
	if s.resource.direct {
		return nil
	}
	return &EventDetails{Resource: s.resource.name(), ResourceType: s.resource.service}
}

func (p secondsField) evaluate(t *turn, f *frame, input any) (int64, *failure) {
	if p.query != nil {
		seconds, fail := t.query(f).number(p.query, 1, maxSeconds, false)
		return int64(seconds), fail
	}
	if p.path == nil {
		return p.seconds, nil
	}
	found, err := p.path.Find(t.data(f, input))
	if err != nil {
		return 0, f.runtime("%v", err)
	}
	n, _ := found.(json.Number)
	seconds, err := n.Int64()
	if err != nil || seconds < 1 || seconds > maxSeconds {
		return 0, f.runtime("The %s parameter must reference a positive integer: %s == %s", p.name, p.path,
			shown(found))
	}
	return seconds, nil
}
