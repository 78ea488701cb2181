package machine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/machine"
)

// TestSteps reads definitions of the user's own.
func TestSteps(t *testing.T) {
	for name, c := range map[string]struct{ states, want string }{
		"one way": {`"A":{"Type":"Task","Next":"P"},"P":{"Type":"Pass","Next":"B"},
			"B":{"Type":"Parallel","Branches":[{"StartAt":"X","States":{"X":{"Type":"Task","End":true}}}],"Next":"C"},
			"C":{"Type":"Map","End":true}`, "[A B C] false"},
		"a choice": {`"A":{"Type":"Choice","Choices":[{"Next":"B"},{"Next":"C"}],"Default":"E"},
			"B":{"Type":"Task","Next":"D"},"C":{"Type":"Task","Next":"D"},"D":{"Type":"Task","Next":"E"},
			"E":{"Type":"Succeed"}`, "[B C D] true"},
		"a shortcut": {`"A":{"Type":"Choice","Choices":[{"Next":"D"}],"Default":"B"},"B":{"Type":"Task","Next":"D"},
			"D":{"Type":"Task","End":true}`, "[B D] true"},
		"a failure": {`"A":{"Type":"Task","Catch":[{"Next":"F"}],"End":true},"F":{"Type":"Task","Next":"A"}`,
			"[A] false"},
		"a loop": {`"A":{"Type":"Task","Next":"B"},"B":{"Type":"Choice","Choices":[{"Next":"A"}],"Default":"C"},
			"C":{"Type":"Succeed"}`, `the state "A" may come again`},
		"nothing to do": {`"A":{"Type":"Pass","End":true}`, "no state of the definition is a step"},
		"not there":     {`"B":{"Type":"Task","End":true}`, "no state of the definition is a step"},
		"not read":      {`"A":1`, "cannot unmarshal"},
	} {
		steps, vary, err := machine.Steps([]byte(`{"StartAt":"A","States":{` + c.states + `}}`))
		got := fmt.Sprint(steps, vary)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
