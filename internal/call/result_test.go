package call

import "testing"

func TestOutcome(t *testing.T) {
	for reply, want := range map[string]Event{
		`{"balance":12345678.9,"ok":true,"who":"Ada","list":[1],"none":null}`: {
			Status: "returned", Text: "balance=12345678.9 ok=true who=Ada",
		},
		`{"sfn_status":"SUCCEEDED","status":"RUNNING","sfn_result":"SUCCESS","count":1}`: {Status: "SUCCESS"},
		`{"sfn_result":"FAILURE","sfn_error":"Boom","sfn_cause":"it broke"}`: {
			Status: "FAILURE", Error: "Boom: it broke",
		},
		`{"status":"shipped","sfn_call":"RUNNING","sfn_result":""}`: {Status: "RUNNING"},
		`{"sfn_result":"FAILURE","sfn_error":"Boom",` +
			`"sfn_cause":"step a: {\"errorType\":\"Boom\",\"errorMessage\":\"it\"}"}`: {
			Status: "FAILURE", Error: "Boom: it",
		},
		`{"sfn_error":"none","sfn_cause":"it broke"}`: {Status: "returned"},
		`["a"]`:    {Status: "returned"},
		`null`:     {Status: "returned"},
		`not JSON`: {Status: "returned"},
	} {
		object := readObject([]byte(reply))
		got := outcome(object)
		if f, ok := failureIn(object, nil); ok {
			got = failed(got, f)
		}
		if got.Status != want.Status || got.Text != want.Text || got.Error != want.Error {
			t.Errorf("%s: got %q, %q, %q; want %q, %q, %q", reply, got.Status, got.Text, got.Error, want.Status,
				want.Text, want.Error)
		}
	}
}

func TestRequestOf(t *testing.T) {
	for parameters, want := range map[string]string{
		`{}`:                                     "start",
		`{"execution_id":null}`:                  "start",
		`{"execution_id":"arn"}`:                 "check",
		`{"execution_id":""}`:                    "check",
		`{"execution_id":"a","action":"cancel"}`: "cancel",
		`{"action":"run"}`:                       "run",
		`{"action":"pay","sfn_action":"run"}`:    "run",
		`{"sfn_execution_id":"arn"}`:             "check",
	} {
		if got := requestOf(readObject([]byte(parameters))); got != want {
			t.Errorf("%s: got %s, want %s", parameters, got, want)
		}
	}
}
