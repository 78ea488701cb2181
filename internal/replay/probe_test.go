package replay_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/replay"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/testrun"
)

// service is Amazon Connect with the function of the probes, as it would be if an assumption were true.
type service struct{ nothing }

// Replies does what probes/function.py does.
func (service) Replies(c flow.InvokeFunction, _ time.Time) (player.Reply, time.Duration, bool) {
	var asked map[string]any
	_ = json.Unmarshal(c.Parameters(), &asked)
	text := func(name string) string { s, _ := asked["connect_async_"+name].(string); return s }
	seconds, _ := strconv.ParseFloat(text("takes"), 64)
	after := time.Duration(seconds*float64(time.Second)) + 90*time.Millisecond
	if fails, _ := strconv.Atoi(text("fails")); c.Attempt <= fails {
		return player.Reply{Failed: true, ErrorType: "RuntimeError"}, after, true
	}
	returns := text("returns")
	if n, _ := strconv.Atoi(text("bytes")); n > 0 {
		returns = `{"much":"` + strings.Repeat("x", n-len(`{"much":""}`)) + `"}`
	}
	return player.Reply{Payload: json.RawMessage(returns)}, after, true
}

// slow is the service with actions that take some time, as they do in real logs, and a slow voice.
type slow struct {
	service
	random *rand.Rand
}

// Begins makes an action take 5 to 65 ms.
func (s slow) Begins(b flow.Beginning) *flow.Outcome {
	switch b.Action.Type {
	case flowlang.GetParticipantInput, flowlang.Wait, flowlang.InvokeLambdaFunction:
		return nil
	}
	return &flow.Outcome{Takes: time.Duration(5+s.random.IntN(60)) * time.Millisecond}
}

// nothing is a call.Record that knows nothing, for others to know more.
type nothing struct{}

// Begins implements flow.Guide.
func (nothing) Begins(flow.Beginning) *flow.Outcome { return nil }

// Says implements flow.Guide.
func (nothing) Says(say flow.Say) flow.Say { return say }

// Logs implements flow.Guide.
func (nothing) Logs(flow.Log) {}

// Follows implements flow.Guide.
func (nothing) Follows(flow.Beginning, *flowlang.Branch) *flowlang.Action { return nil }

// Queued knows of no agent.
func (nothing) Queued(time.Time) (time.Duration, bool) { return 0, false }

// Answers implements call.Record.
func (nothing) Answers(flow.Ask, time.Time) []scenario.Step { return nil }

// probeFiles writes the probes into a folder.
func probeFiles(t *testing.T) (folder string) {
	t.Helper()
	files, err := replay.Probes("")
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(folder, f.File), f.Text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// probed is the log that Connect would write of a probe if an assumption had a value.
func probed(t *testing.T, file, name, value string) []replay.Entry {
	t.Helper()
	return probedBy(t, service{}, scenario.Default(), file, name, value)
}

func probedBy(t *testing.T, by call.Record, s scenario.Scenario, file, name, value string) []replay.Entry {
	t.Helper()
	if err := s.Assumptions.Set(name, value); err != nil {
		t.Fatal(err)
	}
	c, found := call.New(t.Context(), call.Options{Scenario: s, Flow: file, Virtual: true, Recorded: true})
	if c == nil {
		t.Fatal(found)
	}
	defer c.Close()
	var log bytes.Buffer
	_, err := c.Recorded(call.RecordedOptions{Record: by, Scenario: s}).Play(t.Context(), 1, func(e call.Event) {
		if e.Type == call.TypeFlowLog {
			_ = json.NewEncoder(&log).Encode(e.Log)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	read, err := replay.Parse(log.Bytes())
	if err != nil || len(read.Entries) < 3 {
		t.Fatal(read, err)
	}
	return read.Entries
}

// settledBy are the assumptions that the log of each probe settles, with their values.
var settledBy = map[string]map[string][]string{
	"1-values.json": {
		"unset_in_text": nil, "number_on_text": nil, "dynamic_operand": nil, "unset_in_set_attribute": nil,
		"key_exists": nil, "unset_in_compare": nil, "no_stored_input": nil, "missing_error_branch": nil,
	},
	"2-functions.json": {
		"unset_attribute": nil, "external_after_error": nil, "retried_failures": nil, "non_string_values": nil,
		"absent_validation": nil, "external_arrays": nil, "response_limit_bytes": {"32768", "32000"},
	},
	"3-row.json": {"chain_limit_seconds": {"20", "30", "0"}, "chain_reset": nil},
	"4-asynchronous.json": {
		"early_event": nil, "load_writes": nil, "minimum_wait": nil, "continue_prompt": nil, "failed_async": nil,
		"late_async_result": nil,
	},
	"5-continue.json": {"continue_end": nil},
	"6-wait.json":     {"wait_on_voice": nil},
}

// unsettled are the assumptions that no probe settles, with the reason.
var unsettled = map[string]string{
	"timeout_error":     "no flow with another name can be published",
	"connect_time_ms":   "the probes' function does not return its own time; one of yours may",
	"connect_retries":   "a function cannot fail as the service does: reserve 0 for one of yours, and count",
	"retry_pause_ms":    "the same",
	"alias_association": "`verify` settles it by a call in the log of the async function, with `releases: alias`",
	"loop_counter":      "a flow that is entered again needs its own ARN, which it gets when it is imported",
	"action_guard":      "a limit of this program; the service's would be met by a call without end",
	"unknown_action":    "no flow with such a type can be published",
	"absent_fields":     "the probes' function does not return its event: print it in a function of yours",
	"end_flow_inbound":  "the call ends in either case",
	flow.EventDelay:     "it is not about flows: the times in the log of the function for ends tell it",
}

//go:generate go test . -run ^TestProbesAreDocumented$ -count=1 -update

// TestProbesAreDocumented: each assumption is settled by a probe, or has a reason why not, and the docs say which.
func TestProbesAreDocumented(t *testing.T) {
	settled := 0
	table := "| assumption | why no probe settles it |\n|---|---|\n"
	for _, row := range flow.AssumptionTable() {
		probes := 0
		for _, names := range settledBy {
			if _, ok := names[row.Name]; ok {
				probes++
			}
		}
		reason, left := unsettled[row.Name]
		if probes > 1 || (probes == 0) != left {
			t.Errorf("%s: %d probes settle it, and a reason is given: %v", row.Name, probes, left)
		}
		if left {
			table += "| `" + row.Name + "` | " + reason + " |\n"
		}
		settled += probes
	}
	const page = "../../docs/replay.md"
	testrun.GeneratedPart(t, page, "unsettled", table)
	text, err := os.ReadFile(page)
	want := fmt.Sprintf("which settle %d assumptions", settled)
	if err != nil || !strings.Contains(string(text), want) {
		t.Errorf("%s does not say %q (%v)", page, want, err)
	}
	readme, err := os.ReadFile("probes/README.md")
	for file, names := range settledBy {
		for name := range names {
			row := regexp.MustCompile("(?m)^\\| `" + file + "` \\|.*`" + name + "`")
			if err != nil || !row.Match(readme) {
				t.Errorf("probes/README.md does not say that %s settles %s (%v)", file, name, err)
			}
		}
	}
}

// TestProbes: whatever Amazon Connect does where nobody knows it, the log of a probe shows it.
func TestProbes(t *testing.T) { eachProbe(t, 10, checkProbe) }

// eachProbe calls a check for each value of each assumption that a probe settles; in the quick run for one of some.
func eachProbe(t *testing.T, some int, check func(t *testing.T, file string, row flow.Assumption, value string)) {
	folder := probeFiles(t)
	n := 0
	for _, file := range slices.Sorted(maps.Keys(settledBy)) {
		names := settledBy[file]
		for _, row := range flow.AssumptionTable() {
			values, ok := names[row.Name]
			if !ok {
				continue
			}
			if values == nil {
				values = row.Values
			}
			for _, value := range values {
				if n++; !testrun.IsHeavy() && n%some != 0 {
					continue
				}
				check(t, filepath.Join(folder, file), row, value)
			}
		}
	}
}

// TestProbesOfASlowService: the log of a probe shows the same where every action takes some time, and texts take longer
// than they are estimated.
func TestProbesOfASlowService(t *testing.T) {
	seed := uint64(0)
	eachProbe(t, 40, func(t *testing.T, file string, row flow.Assumption, value string) {
		s := scenario.Default()
		rate := s.Speech.Middle()
		rate.WordsPerMinute *= 0.85
		s.Speech = speech.Always(rate)
		seed++
		entries := probedBy(t, slow{random: rand.New(rand.NewPCG(1, seed))}, s, file, row.Name, value)
		r, found, err := replay.Play(t.Context(), entries, replay.Options{
			Flows: []string{file}, Scenario: scenario.Default()})
		if r == nil || err != nil {
			t.Fatal(found, err)
		}
		checkSettled(t, r, file, row, value)
	})
}

func checkProbe(t *testing.T, file string, row flow.Assumption, value string) {
	t.Helper()
	entries := probed(t, file, row.Name, value)
	r, found, err := replay.Play(t.Context(), entries, replay.Options{
		Flows: []string{file}, Scenario: scenario.Default()})
	if r == nil || err != nil {
		t.Fatal(found, err)
	}
	checkSettled(t, r, file, row, value)
	for _, d := range r.Differences {
		if value == row.Default() || d.Assumption != row.Name {
			t.Errorf("%s, %s=%s: %s %s, which is due to %q", filepath.Base(file), row.Name, value, d.Action, d.Words(),
				d.Assumption)
		}
	}
}

// checkSettled checks that a log settles one assumption as one value, and breaks no other.
func checkSettled(t *testing.T, r *replay.Replay, file string, row flow.Assumption, value string) {
	t.Helper()
	var got []string
	for _, s := range r.Settled {
		if s.Name == row.Name {
			got = s.Values
		} else if s.Broken {
			t.Errorf("%s, %s=%s: %s", filepath.Base(file), row.Name, value, s.Settles())
		}
	}
	if len(got) != 1 || got[0] != value {
		t.Errorf("%s, %s=%s: settled as %v\n%s", filepath.Base(file), row.Name, value, got, differences(r))
	}
}

// TestProbesPassLint: Connect would publish the probes.
func TestProbesPassLint(t *testing.T) {
	files, err := replay.Probes("arn:aws:lambda:eu-west-2:444455556666:function:probe")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.File, ".json") {
			continue
		}
		read, err := lint.Read(f.File, f.Text)
		if err != nil || len(read.Flows) != 1 {
			t.Fatal(err)
		}
		if bytes.Contains(f.Text, []byte("111122223333")) {
			t.Errorf("%s names a function in an account of the documentation", f.File)
		}
		for _, found := range lint.Run(lint.Setup{Flow: read.Flows[0]}) {
			if found.Severity == source.Error {
				t.Error(found)
			}
		}
	}
}
