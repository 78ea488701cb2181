package load

import "testing"

// TestAsks reads what is asked under either of the names that parameters have.
func TestAsks(t *testing.T) {
	for parameters, want := range map[string]struct {
		question
		opens bool
	}{
		`{"job": "balance", "request": "7"}`:                        {question{"balance", "7"}, true},
		`{"sfn_job": "balance", "sfn_request": "7", "job": "data"}`: {question{"balance", "7"}, true},
		`{"execution_id": "x"}`:                                     {question{}, false},
		`{"sfn_execution_id": "x"}`:                                 {question{}, false},
		`{"sfn_action": "cancel", "sfn_job": "balance"}`:            {question{"balance", ""}, false},
	} {
		q, opens := asks([]byte(`{"Details": {"Parameters": ` + parameters + `}}`))
		if q != want.question || opens != want.opens {
			t.Errorf("%s asks %+v, opens is %v", parameters, q, opens)
		}
	}
}
