package call_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
)

// spokenFlow says a sentence of 100 characters and hangs up.
const spokenFlow = `{"Version":"2019-10-30","StartAction":"say","Metadata":{"type":"contactFlow"},"Actions":[
	{"Identifier":"say","Type":"MessageParticipant","Parameters":{"Text":"` +
	"This is a sentence of which the length depends on who speaks it, quickly or slowly, and that is all." + `"},
		"Transitions":{"NextAction":"end","Errors":[{"ErrorType":"NoMatchingError","NextAction":"end"}]}},
	{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}`

// TestExpectationsHoldAtBothBounds plays calls whose expectations hold however fast speech is, only when it is fast or
// only when it is slow, and one whose scenario fixes how fast it is.
func TestExpectationsHoldAtBothBounds(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("flow.json", spokenFlow)
	write("machine.json", `{"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}}`)
	for _, test := range []struct{ text, want string }{
		{"expect: {within: 8s}", ""},
		{"expect: {within: 6s}", "with speech at 150 words a minute: the length of the call"},
		{"speech: {words_per_minute: 189}\nexpect: {within: 6s}", ""},
		{"expect: {within: 5s}", "the length of the call"},
		{"expect: {ending: hung up}", "the ending"},
	} {
		write("scenario.yaml", "flow: flow.json\nstate_machine: machine.json\n"+test.text)
		r := call.RunScenarios(t.Context(), []string{filepath.Join(dir, "scenario.yaml")}, call.Options{})[0]
		got := strings.Join(r.Problems(), "; ")
		if len(r.Summaries) != 1 || !strings.HasPrefix(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%s: %q, want %q; %v", test.text, got, test.want, r.Findings)
		}
	}
}
