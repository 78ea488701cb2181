package replay_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/replay"
	"github.com/connect-async/connect-async/internal/scenario"
)

// laid is a log laid over the flow of docs/replay/flow.json.
func laid(t *testing.T, lines []string) *replay.Replay {
	t.Helper()
	log, err := replay.Parse([]byte(strings.Join(lines, "\n")))
	if err != nil || len(log.Skipped) > 0 {
		t.Fatal(log.Skipped, err)
	}
	r, found, err := replay.Play(t.Context(), log.Entries, replay.Options{
		Flows: []string{"../../docs/replay/flow.json"}, Scenario: scenario.Default()})
	if r == nil || err != nil {
		t.Fatal(found, err)
	}
	return r
}

func timeline(r *replay.Replay) string {
	var b strings.Builder
	for _, e := range r.Events {
		if verb, text := e.Words(); verb != "" {
			fmt.Fprintf(&b, "%s %s %s\n", call.ClockTime(e.At), verb, text)
		}
	}
	return b.String()
}

func differences(r *replay.Replay) string {
	var b strings.Builder
	for _, d := range r.Differences {
		fmt.Fprintf(&b, "%s %s: %s\n", call.ClockTime(d.At), d.Action, d.Words())
	}
	return b.String()
}

// TestDocumentedLog lays a log as AWS documents it over its flow. The first function took 2.3 s, the second ran into
// its limit; nobody but the log knows the caller's name and number of the order.
func TestDocumentedLog(t *testing.T) {
	r := laid(t, documented(t))
	want := `0.0 connected 
0.0 says "Welcome back, Ada."
1.8 says "Press 1 for your order."
1.8 listens for the caller's keys
5.2 caller presses 1
5.2 says "Enter your order number."
5.2 listens for the caller's keys
11.3 caller presses 12345
13.6 calls example-bridge  RUNNING
21.6 calls example-bridge  no answer within the block's limit
21.6 note call again takes the branch NoMatchingError: the function did not reply within 8 s
21.7 says "Sorry, your order is still . Please call again."
25.7 ended by the flow
`
	if diff := cmp.Diff(want, timeline(r)); diff != "" {
		t.Error(diff)
	}
	if len(r.Differences) > 0 || r.HangUp != replay.HangUpNone || r.Failures() != 1 {
		t.Errorf("%v, %q, %d failed", differences(r), r.HangUp, r.Failures())
	}
}

// TestDifferences finds where a log does not go the way of the flow.
func TestDifferences(t *testing.T) {
	for name, test := range map[string]struct {
		change func([]string) []string
		want   string
		ends   replay.HangUp
	}{
		"an entry that was delivered twice": {change: func(l []string) []string { return append(l, l[3], l[6]) }},
		"entries in another order": {change: func(l []string) []string {
			return append([]string{l[4], l[9]}, append(l[:4:4], append(l[5:9:9], l[10])...)...)
		}},
		"entries of the same millisecond that were delivered twice": {change: func(l []string) []string {
			l[1], l[2] = strings.Replace(l[1], "05.690", "05.678", 1), strings.Replace(l[2], "05.702", "05.678", 1)
			return append(append(l[:3:3], l[:3]...), l[3:]...)
		}},
		"everything was delivered twice": {change: func(l []string) []string { return append(l, l...) }},
		"an entry that another file has in another form": {change: func(l []string) []string {
			return append(l, strings.Replace(l[3], `{"ContactId"`, `{ "ContactId"`, 1))
		}},
		"an action that the flow does not have": {
			change: func(l []string) []string {
				return append(l, strings.Replace(strings.Replace(l[4], `"menu"`, `"new"`, 1), "10.911", "10.920", 1))
			},
			want: "5.2 new: the log has an entry of GetUserInput, which is not played here\n",
		},
		"what was typed is a result": {change: func(l []string) []string {
			l[5] = strings.Replace(l[5], `"Parameters"`, `"Results":"12345","Parameters"`, 1)
			return l
		}},
		"an entry is missing": {
			change: func(l []string) []string { return append(l[:3:3], l[4:]...) },
			want:   "1.4 mark: is played here, and the log has no entry of it\n",
		},
		"the branch for DONE": {
			change: func(l []string) []string { return append(l[:8:8], strings.Replace(l[10], "31.402", "19.320", 1)) },
			want:   "13.6 done?: the log takes DONE (No Match); played here it takes NoMatchingCondition\n",
		},
		"an action that no branch leads to": {
			change: func(l []string) []string { return append(l[:4:4], l[9:]...) },
			want: "1.8 mark: the log takes NoMatchingError; played here it takes NextAction\n" +
				"21.7 sorry: began 19.8 s later than it is played here\n",
		},
		"another text": {
			change: func(l []string) []string {
				return append(l[:9:9], strings.Replace(l[9], "Sorry", "Pardon", 1), l[10])
			},
			want: "21.7 sorry: Text is \"Pardon, your order is still . Please call again.\" " +
				"in the log, and \"Sorry, your order is still . Please call again.\" as it is played here\n",
		},
		"an action of another flow": {
			change: func(l []string) []string { return append(l, strings.ReplaceAll(l[9], "27.341", "59.341")) },
			want:   "53.7 sorry: the log has an entry of PlayPrompt, which is not played here\n",
		},
		"the caller hangs up": {change: func(l []string) []string { return l[:6] }, ends: replay.HangUpDuring},
		"without identifiers": {change: withoutIdentifiers},
		"an entry for the beginning of each action, too": {change: func(l []string) []string {
			var list []string
			for i, line := range l {
				if began := began[i]; began != "" {
					begins := endOf.ReplaceAllString(timeOf.ReplaceAllString(line, began), "")
					list = append(list, begins, begins)
				}
				list = append(list, line)
			}
			return list
		}},
		"parameters that were not exported": {
			change: func(l []string) []string {
				for i := range l {
					l[i], _, _ = strings.Cut(l[i], `,"Parameters"`)
					l[i] += "}"
				}
				l[4] = strings.Replace(l[4], "}", `,"Results":"1"}`, 1)
				return l[:5]
			},
			want: "1.8 mark: began 0.6 s later than it is played here\n",
			ends: replay.HangUpDuring,
		},
	} {
		r := laid(t, test.change(documented(t)))
		if diff := cmp.Diff(test.want, differences(r)); diff != "" || r.HangUp != test.ends {
			t.Errorf("%s: %s, hang-up %q", name, diff, r.HangUp)
		}
	}
}

// began are when actions began whose entries say when they ended, by their line.
var began = map[int]string{4: "03:04:07.520Z", 5: "03:04:10.915Z", 6: "03:04:17.010Z", 8: "03:04:19.325Z"}

var (
	timeOf = regexp.MustCompile(`03:04:[0-9.]+Z`)
	endOf  = regexp.MustCompile(`,"(External)?Results":("[^"]*"|\{[^}]*\})`)
)

// withoutIdentifiers are entries as they were in 2021.
func withoutIdentifiers(lines []string) []string {
	list := make([]string, len(lines))
	for i, line := range lines {
		list[i] = strings.Replace(line, `"Identifier":`, `"Was":`, 1)
	}
	return list
}

// TestMasked checks that nothing of the caller is in what is written without being asked for.
func TestMasked(t *testing.T) {
	r := laid(t, documented(t))
	var open, masked bytes.Buffer
	if err := r.WriteJSON(&open); err != nil {
		t.Fatal(err)
	}
	if err := r.Masked().WriteJSON(&masked); err != nil {
		t.Fatal(err)
	}
	for _, own := range []string{"Ada", "12345", "presses 1", `"Results":"1"`} {
		if !strings.Contains(open.String(), own) {
			t.Errorf("%q is not in the open output", own)
		}
		if strings.Contains(masked.String(), own) {
			t.Errorf("%q is in the masked output", own)
		}
	}
	for _, kept := range []string{"call backend", "Press 1 for your order.", "The Lambda Function Returned An Error."} {
		if !strings.Contains(masked.String(), kept) {
			t.Errorf("%q is masked", kept)
		}
	}
	if strings.Count(open.String(), `"ServedBy":"eu-west-2b"`) != 1 || strings.Count(masked.String(), "ServedBy") != 1 {
		t.Error("a field that is not known is lost")
	}
}

// TestScenarioOfHangUp: a log that ends before the flow does becomes a scenario of the same call.
func TestScenarioOfHangUp(t *testing.T) {
	for _, n := range []int{3, 5, 9, 10} {
		r := laid(t, documented(t)[:n])
		s, found, err := r.Scenario(t.Context(), false)
		if err != nil || len(found) > 0 || s.Expect.Ending != "hung up" {
			t.Errorf("after %d entries: %v %v, ending %q", n, found, err, s.Expect.Ending)
		}
	}
}

// TestScenarioOfPart says that a scenario is not all of the call where the log goes on in a flow that is not known.
func TestScenarioOfPart(t *testing.T) {
	lines := documented(t)
	lines = append(lines, strings.NewReplacer("Order status", "Survey", "27.341", "59.341").Replace(lines[9]))
	_, found, err := laid(t, lines).Scenario(t.Context(), false)
	if err != nil || len(found) != 1 || found[0].Code != replay.CodeAnotherWay ||
		!strings.Contains(found[0].Remedy, "Use the flow") {
		t.Errorf("%v %v", found, err)
	}
}

// TestMaskedEverywhere hides what a function returned and what is in fields that are not known, also where it has the
// name of a member of entries.
func TestMaskedEverywhere(t *testing.T) {
	lines := documented(t)
	lines[6] = strings.Replace(lines[6], `{"status":"RUNNING"}`, `{"status":"RUNNING","Type":"Ada","Key":"Ada",`+
		`"in":[{"Identifier":"Ada","Timestamp":"Ada","Queue":"Ada"}],"due":true}`, 1)
	lines[6] = strings.Replace(lines[6], `{"attempt":1}`, `{"Key":"Ada","Timeout":"Ada","ContactId":"Ada"}`, 1)
	lines[6] = strings.Replace(lines[6], `{"order":"12345"}`, `{"order":"12345","Type":"Ada"}`, 1)
	var masked bytes.Buffer
	if err := laid(t, lines).Masked().WriteJSON(&masked); err != nil {
		t.Fatal(err)
	}
	for _, own := range []string{"Ada", `"due":true`} {
		if strings.Contains(masked.String(), own) {
			t.Errorf("%q is in the masked output:\n%s", own, masked.String())
		}
	}
	if !strings.Contains(masked.String(), `"Key":"LambdaPriority"`) {
		t.Error("the name of an attribute is masked")
	}
}

// TestScenarioMasked hides what functions returned in a scenario, also where a function that is not the async function
// has the keys of its protocol, or where that passes on what they returned. What a flow compares with stays.
func TestScenarioMasked(t *testing.T) {
	const reply = `{"execution_id":"e","status":"FINISHED","count_max":"9","sfn_cause":"Ada","sfn_output":"Ada",` +
		`"sfn_progress":"Ada","sfn_say":"Ada","name":"Ada"}`
	const prefixed = `{"sfn_execution_id":"e","sfn_call":"RUNNING","sfn_count_max":"9","sfn_output":"none",` +
		`"sfn_say":"Hold on.","sfn_progress":"none"}`
	for returns, want := range map[string]string{
		`{"status":"Ada","count":"17","name":"Ada"}`: `{"status":"xxx","count":"00","name":"xxx"}`,
		`{"status":"Ada","sfn_output":"none"}`:       `{"status":"xxx","sfn_output":"xxxx"}`,
		`{"status":"DONE"}`:                          `{"status":"DONE"}`,
		reply:                                        strings.ReplaceAll(reply, "Ada", "xxx"),
		prefixed:                                     prefixed,
	} {
		lines := documented(t)
		lines[6] = strings.Replace(lines[6], `{"status":"RUNNING"}`, returns, 1)
		s, _, err := laid(t, lines).Scenario(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(s.Functions["example-bridge-recorded"].Outcomes[0].Returns); got != want {
			t.Errorf("of %s\n got  %s\n want %s", returns, got, want)
		}
	}
}

// TestFindingsOnce says once what is wrong with a flow, which has several names: its own, and its ARN in the log.
func TestFindingsOnce(t *testing.T) {
	text, err := os.ReadFile("../../docs/replay/flow.json")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "flow.json")
	text = bytes.Replace(text, []byte(`"Joanna"`), []byte(`""`), 1)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := replay.Parse([]byte(strings.Join(documented(t), "\n")))
	if err != nil {
		t.Fatal(err)
	}
	_, found, err := replay.Play(t.Context(), log.Entries, replay.Options{Flows: []string{file},
		Scenario: scenario.Default()})
	if err != nil || len(found) != 1 {
		t.Errorf("%v %v", found, err)
	}
}

// TestLimitsOfInput lays a log over flows whose input takes no such number of keys.
func TestLimitsOfInput(t *testing.T) {
	text, err := os.ReadFile("../../docs/replay/flow.json")
	if err != nil {
		t.Fatal(err)
	}
	lines := documented(t)
	log, err := replay.Parse([]byte(strings.Join(append(lines[:6:6], lines[9:]...), "\n"))) // nothing shows the keys
	if err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[string]string{"5": "0000#", "3": "000", "0": "0000#", "-": "0000#", "/": "0000#"} {
		file := filepath.Join(t.TempDir(), "flow.json")
		changed := bytes.Replace(text, []byte(`"MaximumLength": "5"`), []byte(`"MaximumLength": "`+limit+`"`), 1)
		if err := os.WriteFile(file, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		r, found, err := replay.Play(t.Context(), log.Entries, replay.Options{Flows: []string{file},
			Scenario: scenario.Default()})
		if r == nil || err != nil {
			t.Fatal(found, err)
		}
		if !strings.Contains(timeline(r), "presses "+want+"\n") {
			t.Errorf("%s: %s", limit, timeline(r))
		}
	}
}

// TestNoEntries refuses an empty log.
func TestNoEntries(t *testing.T) {
	if _, _, err := replay.Play(t.Context(), nil, replay.Options{}); err != replay.ErrNoEntries {
		t.Error(err)
	}
}
