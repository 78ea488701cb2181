package replay_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/replay"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/testrun"
)

const examples = "../../examples"

// same is how far apart the times of a call and of its replay may be.
const same = 50 * time.Millisecond

// TestSameTimeline lays the log of every example's scenarios over its flow: what the caller went through is the same,
// at the same times.
func TestSameTimeline(t *testing.T) {
	copied := t.TempDir() // scenarios are written into the projects
	if err := os.CopyFS(copied, os.DirFS(examples)); err != nil {
		t.Fatal(err)
	}
	files, err := call.FindScenarios([]string{copied})
	if err != nil || len(files) < 30 {
		t.Fatal(len(files), err)
	}
	every := 17
	if testrun.IsHeavy() {
		every = 1
	}
	for i, file := range files {
		if i%every != 0 && !strings.HasSuffix(file, "callback.yaml") { // in which no function is invoked
			continue
		}
		t.Run(strings.TrimPrefix(file, copied+"/"), func(t *testing.T) { checkSame(t, file) })
	}
}

func checkSame(t *testing.T, file string) {
	p, found := project.Read(project.Nearest(filepath.Dir(file)))
	given, more := scenario.Read(file)
	if found.HasErrors() || more.HasErrors() {
		t.Fatal(found, more)
	}
	flowFile := logged(t, p, given)
	read, events, summaries := logOf(t, call.Options{Project: p, Scenario: given, Flow: flowFile})
	for i, contact := range read.Contacts() {
		own := call.EventsOf(events, i)
		options := replay.Options{Project: p, Flows: []string{flowFile}, Scenario: plain(given)}
		if summaries[i].Ending == "hung up" {
			options.HungUp = contact.Began.Add(summaries[i].Duration)
		}
		r, found, err := replay.Play(t.Context(), read.Of(contact.ID).Entries, options)
		if r == nil || err != nil {
			t.Fatal(found, err)
		}
		for _, d := range r.Differences {
			t.Errorf("at %v %s: %s", d.At, d.Action, d.Words())
		}
		compareTimelines(t, experienced(own), experienced(r.Events))
		checkScenario(t, r, filepath.Dir(flowFile), own)
		checkFromAnywhere(t, read.Of(contact.ID).Entries, options)
		off := r.Summary.DeadAir - summaries[i].DeadAir
		if off.Abs() > same || r.Summary.Ending != summaries[i].Ending {
			t.Errorf("dead air %v, ending %s, want %v, %s", r.Summary.DeadAir, r.Summary.Ending,
				summaries[i].DeadAir, summaries[i].Ending)
		}
	}
}

// checkFromAnywhere cuts a log: from wherever it begins, it goes the way of the flow.
func checkFromAnywhere(t *testing.T, entries []replay.Entry, options replay.Options) {
	t.Helper()
	step := 1 + len(entries)/2
	if testrun.IsHeavy() {
		step = 1 + len(entries)/20
	}
	for cut := 1; cut < len(entries); cut += step {
		r, found, err := replay.Play(t.Context(), entries[cut:], options)
		if r == nil || err != nil {
			t.Fatal(found, err)
		}
		if len(r.Differences) > 0 {
			t.Errorf("from entry %d (%s: %s): %s", cut, entries[cut].FlowName, entries[cut].Identifier, differences(r))
		}
	}
}

// TestSameTimelineInQueue lays the log of a caller who waits for an agent for longer than a scenario assumes over its
// flow: it says how long they waited, and not that an agent came.
func TestSameTimelineInQueue(t *testing.T) {
	all := t.TempDir()
	if err := os.CopyFS(all, os.DirFS(examples)); err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(all, "queue")
	p, _ := project.Read(project.Nearest(copied))
	given, found := scenario.Read(filepath.Join(copied, "scenario.yaml"))
	if p == nil || found.HasErrors() || given.World.AgentAfter <= time.Minute {
		t.Fatal(found, given.World)
	}
	flowFile := logged(t, p, given)
	log, events, _ := logOf(t, call.Options{Project: p, Scenario: given, Flow: flowFile})
	r, found, err := replay.Play(t.Context(), log.Entries, replay.Options{Project: p, Flows: []string{flowFile},
		Scenario: scenario.Default()})
	if r == nil || err != nil {
		t.Fatal(found, err)
	}
	if len(r.Differences) > 0 || !r.InQueue || !strings.Contains(r.Lines()[0], "an agent took the call") {
		t.Errorf("%s, in a queue %v, %q", differences(r), r.InQueue, r.Lines())
	}
	was, is := experienced(events), experienced(r.Events)
	n := slices.IndexFunc(was, func(e call.Event) bool { return e.Type == call.TypeTransfer }) - 1 // which cuts a text
	compareTimelines(t, was[:n], is[:min(n, len(is))])
	s, found, err := r.Scenario(t.Context(), false)
	if err != nil || len(found) > 0 || s.Expect.Ending != "hung up" {
		t.Errorf("%v %v, ending %q", found, err, s.Expect.Ending)
	}
}

// logOf is the log of a call, and the call.
func logOf(t *testing.T, o call.Options) (replay.Log, []call.Event, []call.Summary) {
	t.Helper()
	o.Virtual, o.FlowLog = true, true
	played, found := call.New(t.Context(), o)
	if played == nil {
		t.Fatal(found)
	}
	defer played.Close()
	var log bytes.Buffer
	var events []call.Event
	summaries, err := played.Play(t.Context(), o.Scenario.Seed, func(e call.Event) {
		events = append(events, e)
		if e.Type == call.TypeFlowLog {
			_ = json.NewEncoder(&log).Encode(e.Log)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	read, err := replay.Parse(log.Bytes())
	if err != nil || len(read.Skipped) > 0 {
		t.Fatal(err, read.Skipped)
	}
	return read, events, summaries
}

// plain is what of a scenario a log does not tell: how fast texts are spoken, what is assumed, names and flows.
func plain(s scenario.Scenario) scenario.Scenario {
	of := scenario.Default()
	of.Flows, of.Speech, of.Lengths, of.AudioLength = s.Flows, s.Speech, s.Lengths, s.AudioLength
	of.Assumptions, of.World.AgentAfter, of.World.HoldFor = s.Assumptions, s.World.AgentAfter, s.World.HoldFor
	of.Callers[0].Channel = s.Callers[0].Channel
	return of
}

// logged is the flow of a scenario with flow logs on from the beginning.
func logged(t *testing.T, p *project.Project, s scenario.Scenario) string {
	t.Helper()
	from := s.Flow
	if from == "" {
		from = p.Flows[0].File
	}
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	const on = "Switch logs on"
	doc["Actions"] = append([]any{map[string]any{
		"Identifier": on, "Type": flowlang.UpdateFlowLoggingBehavior,
		"Parameters":  map[string]any{"FlowLoggingBehavior": "Enabled"},
		"Transitions": map[string]any{"NextAction": doc["StartAction"]},
	}}, doc["Actions"].([]any)...)
	doc["StartAction"] = on
	if text, err = json.Marshal(doc); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(filepath.Dir(from), "logged.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// experienced are the events that a caller goes through, with what they were. Two things are in no log: Connect's
// retries, which are one failure in it, and when an asynchronous function ends whose flow does something else.
func experienced(events []call.Event) []call.Event {
	var list []call.Event
	for _, e := range events {
		if n := len(list); e.Type == call.TypeFunction && e.Async {
			continue
		} else if n > 0 && e.Type == call.TypeFunction && list[n-1].Type == call.TypeFunction &&
			list[n-1].Action == e.Action && list[n-1].Error != "" && list[n-1].At == e.At-e.Took {
			e.Took += list[n-1].Took
			list[n-1] = e
			continue
		}
		switch e.Type {
		case call.TypeSays, call.TypePlays, call.TypePauses, call.TypeCut, call.TypeAsks, call.TypeCaller,
			call.TypeWaits, call.TypeTransfer, call.TypeEnded, call.TypeFunction, call.TypeStarts:
			list = append(list, e)
		}
	}
	return list
}

func compareTimelines(t *testing.T, want, got []call.Event) {
	t.Helper()
	describe := func(e call.Event) string {
		text := e.Text
		if e.Error != "" {
			text = "failed"
		}
		return fmt.Sprintf("%s %s %s %s %s %v", e.Type, e.Action, text, e.Function, e.Request, e.Silent)
	}
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || describe(want[i]) != describe(got[i]) ||
			(want[i].At-got[i].At).Abs() > same || (want[i].Took-got[i].Took).Abs() > same {
			w, g := "nothing", "nothing"
			if i < len(want) {
				w = fmt.Sprint(want[i].At, want[i].Took, " ", describe(want[i]))
			}
			if i < len(got) {
				g = fmt.Sprint(got[i].At, got[i].Took, " ", describe(got[i]))
			}
			t.Errorf("event %d\n want %s\n got  %s", i, w, g)
			return
		}
	}
}

// checkScenario writes the scenario of a real call beside its flow, where it passes and is the same call; masked, it
// passes.
func checkScenario(t *testing.T, r *replay.Replay, folder string, was []call.Event) {
	t.Helper()
	for _, withData := range []bool{true, false} {
		s, found, err := r.Scenario(t.Context(), withData)
		if err != nil || len(found) > 0 {
			t.Fatal(found, err)
		}
		file := filepath.Join(folder, fmt.Sprintf("scenario-%v.yaml", withData))
		if err := os.WriteFile(file, scenario.Write(file, s), 0o600); err != nil {
			t.Fatal(err)
		}
		result := call.RunScenarios(t.Context(), []string{file}, call.Options{})[0]
		if !result.Passed() {
			text, _ := os.ReadFile(file)
			t.Fatalf("with data %v: %v %v\n%s", withData, result.Findings, result.Failures, text)
		}
		if withData {
			compareTimelines(t, withoutRequests(experienced(was)), withoutRequests(experienced(result.Events)))
		}
	}
}

// withoutRequests are events without what is known of the async function only within its project.
func withoutRequests(events []call.Event) []call.Event {
	for i := range events {
		events[i].Request, events[i].Function = "", ""
	}
	return events
}
