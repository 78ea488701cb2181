package workspace

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/scenario"
)

// TestTaskInTurn checks which outcome comes when: those of a condition that fits take turns, then the others do.
func TestTaskInTurn(t *testing.T) {
	outcome := func(when, returns string) scenario.TaskOutcome {
		takes := scenario.Takes{Low: 1, High: 2}
		return scenario.TaskOutcome{When: when, Returns: json.RawMessage(returns), Takes: takes}
	}
	next := taskInTurn([]scenario.TaskOutcome{
		outcome("amount > 100", "1"), outcome("", "2"), outcome("amount > 100", "3"), outcome("name = 'a'", "4"),
		outcome("", "5"), outcome("$number(name) > 1", "6"),
	}, rand.New(rand.NewPCG(1, 0)))
	for i, c := range []struct{ request, want string }{
		{`{"amount":101}`, "1"}, {`{"amount":5}`, "2"}, {`{"amount":101,"name":"a"}`, "3"}, {`{"amount":200}`, "3"},
		{`{"name":"a"}`, "4"}, {`{}`, "5"}, {`{"name":{}}`, "5"}, {`[]`, "5"},
	} {
		o, ok := next(json.RawMessage(c.request))
		if !ok || string(o.Result) != c.want || o.Takes < 1 || o.Takes > 2*time.Nanosecond {
			t.Errorf("call %d with %s: %s, %v", i, c.request, o.Result, ok)
		}
	}
	only := taskInTurn([]scenario.TaskOutcome{outcome("a = 1", "1")}, nil)
	if o, ok := only(json.RawMessage(`{"a":2}`)); ok {
		t.Errorf("a request that no condition fits gives %s", o.Result)
	}
}
