package call_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
)

// TestScenarioNamesWhatIsThere: a stand-in or a change under a misspelt name would change nothing, which is said.
func TestScenarioNamesWhatIsThere(t *testing.T) {
	p, found := project.Read("../../examples/balance")
	if p == nil {
		t.Fatal(found)
	}
	const answers = "functions: {balance: {takes: 1s}"
	for more, want := range map[string]string{
		"}": "[]",
		", blance: {takes: 9s}}": "[call-unknown-function the scenario gives a stand-in for the unknown function " +
			"\"blance\" Use one of: balance.]",
		"}\nchanges: [{at: 3s, functions: {async: {takes: 2s}, bank-async: {takes: 2s}}}]": "[call-unknown-function " +
			"the scenario gives a change of the unknown function \"async\" " +
			"Use one of: balance, bank-async, bank-ends.]",
		"}\ntasks: {balance: {takes: 1s}, \"*:lambda:*\": {takes: 1s}}": "[]",
		"}\ntasks: {notify: {takes: 1s}}": "[call-unknown-task the scenario gives a stand-in for the task " +
			"\"notify\", which no state machine has " +
			"Use the name of a state, or a pattern for its Resource such as *:sns:publish.]",
		", other: {takes: 1s}}\nnames: {\"${other}\": other}": "[]",
	} {
		file := filepath.Join(t.TempDir(), "scenario.yaml")
		if err := os.WriteFile(file, []byte(answers+more), 0o600); err != nil {
			t.Fatal(err)
		}
		given, wrong := scenario.Read(file)
		c, found := call.New(t.Context(), call.Options{Project: p, Scenario: given, Virtual: true})
		if c == nil {
			t.Fatal(wrong, found)
		}
		_ = c.Close()
		got := []string{}
		for _, f := range found {
			got = append(got, fmt.Sprint(f.Code, " ", f.Message, " ", f.Remedy))
		}
		if text := fmt.Sprint(got); text != want {
			t.Errorf("%s:\n%s\nwant\n%s", more, text, want)
		}
	}
}
