package local_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/local"
)

// TestHTTPTasks makes the requests that lead to this machine, and says how to give the others a stand-in.
func TestHTTPTasks(t *testing.T) {
	const here = `{"ApiEndpoint":"http://localhost:8080/a","Method":"GET"}`
	large := function.Result{Payload: []byte(`"` + strings.Repeat("x", asl.MaxDataBytes) + `"`)}
	status := function.Result{
		FunctionError: "Unhandled", ErrorType: "States.Http.StatusCode.404", Payload: []byte("no"),
	}
	for _, c := range []struct {
		name, parameters string
		serves           local.Function
		want             string
	}{
		{"here", here, &scripted{answers: []function.Result{returns(`{"StatusCode":200}`)}}, `{"StatusCode":200}`},
		{"IPv6", `{"ApiEndpoint":"https://[::1]/"}`, &scripted{answers: []function.Result{returns(`1`)}}, `1`},
		{"no endpoint", `{}`, &scripted{answers: []function.Result{returns(`1`)}}, `1`},
		{"a status", here, &scripted{answers: []function.Result{status}}, `States.Http.StatusCode.404 no`},
		{"large", here, &scripted{answers: []function.Result{large}},
			`States.DataLimitExceeded The state/task 'http' ret`},
		{"elsewhere", `{"ApiEndpoint":"https://api.example.com/4111","Method":"GET"}`, &scripted{},
			`States.Runtime The state "T" calls https://api.example.com, and only servers on this machine are called ` +
				`(127.0.0.1, ::1, localhost). Give it a stand-in in the scenario of the project: tasks: {"T": ` +
				`{returns: {StatusCode: 200, ResponseBody: {…}}}}.`},
		{"a trick", `{"ApiEndpoint":"http://localhost@192.0.2.1/","Method":"GET"}`, &scripted{},
			`States.Runtime The state "T" calls http://192.0.2.1, and only`},
		{"another scheme", `{"ApiEndpoint":"file://localhost/etc/passwd","Method":"GET"}`, &scripted{},
			`States.Runtime The state "T" calls file://localhost, and only`},
		{"skipped time", here, nil,
			`States.Runtime The state "T" calls a server, which takes real time, and time is skipped here. Give it a `},
	} {
		onVirtualTime(t, local.Options{}, func(a *local.Account, v *clock.Virtual) {
			if c.serves != nil {
				a.ServeHTTP(c.serves)
			}
			d := finish(t, a, v, create(t, a, "m", asl.Standard, task("arn:aws:states:::http:invoke", c.parameters)),
				`{}`)
			got := string(d.Output)
			if d.Error != "" {
				got = d.Error + " " + d.Cause
			}
			if !strings.HasPrefix(got, c.want) {
				t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
			}
		})
	}
}

// TestLackingHTTPTasks says which HTTP Tasks nothing performs.
func TestLackingHTTPTasks(t *testing.T) {
	var lacking []string
	options := local.Options{Lacking: func(_ local.StateMachine, tasks []asl.Task) {
		for _, task := range tasks {
			lacking = append(lacking, task.Endpoint)
		}
	}}
	onVirtualTime(t, options, func(a *local.Account, _ *clock.Virtual) {
		a.ServeHTTP(&scripted{})
		for name, parameters := range map[string]string{
			"here": `{"ApiEndpoint":"http://127.0.0.1:1/"}`, "data": `{"ApiEndpoint.$":"$.url"}`,
			"elsewhere": `{"ApiEndpoint":"https://api.example.com/"}`,
		} {
			create(t, a, name, asl.Standard, task("arn:aws:states:::http:invoke", parameters))
		}
	})
	if strings.Join(lacking, ",") != "https://api.example.com/" {
		t.Errorf("lacking: %q", lacking)
	}
}

// TestHTTPTaskInFlight ends a request whose outcome nobody knows as a broken connection.
func TestHTTPTaskInFlight(t *testing.T) {
	journal := &memoryJournal{spaces: map[local.Space]map[string][]byte{}}
	var arn string
	slow := func(v *clock.Virtual) local.Function {
		return invoked(func([]byte) function.Result { sleep(v, time.Minute); return returns(`1`) })
	}
	restart(t, journal, start, func(a *local.Account, v *clock.Virtual) {
		a.ServeHTTP(slow(v))
		m := create(t, a, "m", asl.Standard, task("arn:aws:states:::http:invoke", `{"ApiEndpoint":"http://localhost"}`))
		e, err := a.StartExecution(m, "", nil)
		must(t, err)
		arn = e.ARN
		sleep(v, time.Second)
	})
	restart(t, journal, start.Add(time.Hour), func(a *local.Account, v *clock.Virtual) {
		a.ServeHTTP(slow(v))
		a.Resume()
		sleep(v, time.Millisecond)
		e, err := a.Execution(arn)
		must(t, err)
		if d := e.Describe(); d.Error != "States.Http.Socket" {
			t.Errorf("%+v", d)
		}
	})
}
