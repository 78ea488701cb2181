package replay_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/replay"
	"github.com/connect-async/connect-async/internal/scenario"
)

// action is an action of a flow in these tests. All its branches lead to the next one.
type action struct {
	id, kind   string
	parameters map[string]any
}

func says(id, text string) action {
	return action{id: id, kind: flowlang.MessageParticipant, parameters: map[string]any{"Text": text}}
}

func invokes(id, module string) action {
	return action{id: id, kind: flowlang.InvokeFlowModule, parameters: map[string]any{"FlowModuleId": module}}
}

var (
	logsOn = action{id: "log", kind: flowlang.UpdateFlowLoggingBehavior,
		parameters: map[string]any{"FlowLoggingBehavior": "Enabled"}}
	returns  = action{id: "return", kind: flowlang.EndFlowModuleExecution, parameters: map[string]any{}}
	hangsUp  = action{id: "end", kind: flowlang.DisconnectParticipant, parameters: map[string]any{}}
	passesTo = func(flow string) action {
		return action{id: "pass", kind: flowlang.TransferToFlow, parameters: map[string]any{"ContactFlowId": flow}}
	}
)

// queued are the actions that put the contact into a queue, with a hook where there is one.
func queued(hook string) []action {
	list := []action{
		{id: "queue", kind: flowlang.UpdateContactTargetQueue, parameters: map[string]any{"QueueId": "agents"}},
		{id: "transfer", kind: flowlang.TransferContactToQueue, parameters: map[string]any{}},
	}
	if hook != "" {
		list = append([]action{{id: "hook", kind: flowlang.UpdateContactEventHooks,
			parameters: map[string]any{"EventHooks": map[string]any{"CustomerQueue": hook}}}}, list...)
	}
	return append(list, hangsUp)
}

// writeFlow writes a flow whose actions follow each other, and returns its file.
func writeFlow(t *testing.T, folder, name, kind string, actions ...action) string {
	t.Helper()
	var list []any
	for i, a := range actions {
		transitions := map[string]any{}
		if i+1 < len(actions) {
			next := actions[i+1].id
			transitions["NextAction"] = next
			if a.kind != flowlang.UpdateFlowLoggingBehavior {
				transitions["Errors"] = []any{map[string]any{"NextAction": next, "ErrorType": "NoMatchingError"}}
			}
		}
		list = append(list, map[string]any{"Identifier": a.id, "Type": a.kind, "Parameters": a.parameters,
			"Transitions": transitions})
	}
	flow := map[string]any{"Version": "2019-10-30", "StartAction": actions[0].id, "Actions": list,
		"Metadata": map[string]any{"name": name, "type": kind}}
	if kind == "contactFlowModule" {
		flow["Settings"] = map[string]any{"InputParameters": []any{}, "OutputParameters": []any{}, "Transitions": []any{
			map[string]any{"DisplayName": "Success", "ReferenceName": "Success", "Description": ""},
			map[string]any{"DisplayName": "Error", "ReferenceName": "Error", "Description": ""}}}
	}
	text, err := json.Marshal(flow)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, strings.ToLower(name)+".json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// chain is a call that goes through flows and modules: Bank, with Account and in it Code, twice, then Goodbye. Its log
// is switched on in the module Start.
type chain struct {
	files []string // Bank first
	log   replay.Log
	texts []string // what is said after the log is switched on
}

func newChain(t *testing.T) chain {
	t.Helper()
	folder := t.TempDir()
	files := []string{
		writeFlow(t, folder, "Bank", "contactFlow", says("before", "Welcome."), invokes("starts", "Start"),
			says("one", "This is the bank."), invokes("first", "Account"), says("two", "Once more."),
			invokes("second", "Account"), says("three", "That is all."), passesTo("Goodbye")),
		writeFlow(t, folder, "Start", "contactFlowModule", logsOn, returns),
		writeFlow(t, folder, "Account", "contactFlowModule", says("one", "Checking the account."),
			invokes("code", "Code"), says("two", "The account is fine."), returns),
		writeFlow(t, folder, "Code", "contactFlowModule", says("one", "Checking the code."),
			says("two", "It is right."), returns),
		writeFlow(t, folder, "Goodbye", "contactFlow", says("one", "Thank you."), says("two", "Goodbye."), hangsUp),
	}
	s := scenario.Default()
	s.Flow, s.Flows = files[0], map[string]string{}
	for _, file := range files {
		s.Flows[strings.TrimSuffix(strings.ToUpper(filepath.Base(file)[:1])+filepath.Base(file)[1:], ".json")] = file
	}
	log, events, _ := logOf(t, call.Options{Scenario: s})
	return chain{files: files, log: log, texts: said(events)[1:]}
}

func said(events []call.Event) (texts []string) {
	for _, e := range events {
		if e.Type == call.TypeSays {
			texts = append(texts, e.Text)
		}
	}
	return texts
}

func play(t *testing.T, entries []replay.Entry, files ...string) *replay.Replay {
	t.Helper()
	r, found, err := replay.Play(t.Context(), entries, replay.Options{Flows: files, Scenario: scenario.Default()})
	if r == nil || err != nil {
		t.Fatal(found, err)
	}
	return r
}

// TestLogFromAnywhere cuts the log of a call through modules and flows anywhere: what it says is played, from where it
// begins to the end, in whatever order the flows are named, and nothing else is.
func TestLogFromAnywhere(t *testing.T) {
	c := newChain(t)
	left := c.texts
	for cut, e := range c.log.Entries {
		files := slices.Clone(c.files)
		if cut%2 == 1 {
			slices.Reverse(files)
		}
		r := play(t, c.log.Entries[cut:], files...)
		want := left
		if cut == 0 {
			want = append([]string{"Welcome."}, left...)
		}
		diff := cmp.Diff(strings.Join(want, "\n"), strings.Join(said(r.Events), "\n"))
		if diff != "" || len(r.Differences) > 0 {
			t.Errorf("from entry %d (%s: %s): %s%s", cut, e.FlowName, e.Identifier, diff, differences(r))
		}
		if e.ModuleType == "PlayPrompt" {
			left = left[1:]
		}
	}
}

// TestWhereALogBegins says what a log leaves unknown of its call's beginning. Nothing is settled by a log whose
// beginning is missing, and it makes no scenario.
func TestWhereALogBegins(t *testing.T) {
	c := newChain(t)
	entries, bank, account := c.log.Entries, c.files[0], c.files[2]
	at := func(flow, id string) int {
		return slices.IndexFunc(entries, func(e replay.Entry) bool { return e.FlowName == flow && e.Identifier == id })
	}
	returned := at("Account", "return")
	const lost = " What came before is not in it, nor what the flow knew by then."
	for _, test := range []struct {
		entries []replay.Entry
		files   []string
		begins  replay.Begins
		want    string
	}{
		{entries, c.files, replay.BeginsSwitched, ""},
		{entries[at("Goodbye", "one"):], c.files, replay.BeginsFlow,
			`The log begins with the flow "Goodbye" and was switched on before: ` +
				`the call may have come from another flow.`},
		{entries[at("Bank", "one"):], c.files, replay.BeginsInside,
			`The log begins inside the flow "Bank", with "one".` + lost},
		{entries[at("Account", "two"):], c.files, replay.BeginsModule,
			`The log begins inside the module "Account", with "two"; the flow "Bank" had invoked it.` + lost},
		{entries[at("Account", "one") : returned+1], c.files, replay.BeginsModule,
			`The log begins inside the module "Account", with "one", and does not say which flow invoked it.` + lost},
		{entries[at("Account", "one"):], c.files[2:4], replay.BeginsModule,
			`The log begins inside the module "Account", with "one", and does not say which flow invoked it.` + lost},
		{entries[at("Account", "two"):], []string{account, bank}, replay.BeginsModule,
			`The log begins inside the module "Account", with "two"; the flow "Bank" had invoked it.` + lost},
	} {
		r := play(t, test.entries, test.files...)
		got := ""
		if lines := r.Lines(); strings.HasPrefix(lines[0], "The log begins") {
			got = lines[0]
		}
		if r.Begins != test.begins || got != test.want {
			t.Errorf("%s: %q\nwant %s: %q", r.Begins, got, test.begins, test.want)
		}
		connected := r.Events[0].Type == call.TypeConnected
		_, found, err := r.Scenario(t.Context(), false)
		if missing := test.begins == replay.BeginsInside || test.begins == replay.BeginsModule; err != nil ||
			found.HasErrors() != missing || connected == missing || missing && len(r.Settled) > 0 {
			t.Errorf("%s: scenario %v %v, connected %v, settled %v", test.want, found, err, connected, r.Settled)
		}
	}
}

// TestLogFromAnywhereKnowsWhatItShows cuts a log whose flow goes by what a function replied and a caller typed: the
// entries that are left show it.
func TestLogFromAnywhereKnowsWhatItShows(t *testing.T) {
	lines := documented(t)
	for cut := range lines {
		r := laid(t, lines[cut:])
		if len(r.Differences) > 0 {
			t.Errorf("from entry %d: %s\n%s", cut, differences(r), timeline(r))
		}
	}
}

// TestRenamed lays a log over flows and modules that have other names by now, whichever comes first.
func TestRenamed(t *testing.T) {
	c := newChain(t)
	entries := slices.Clone(c.log.Entries)
	for i := range entries {
		entries[i].FlowName = "Old " + entries[i].FlowName
	}
	for _, files := range [][]string{c.files, {c.files[3], c.files[4], c.files[1], c.files[0], c.files[2]}} {
		r := play(t, entries, files...)
		if len(r.Differences) > 0 || len(said(r.Events)) != len(c.texts)+1 ||
			r.Lines()[0] != `The flow "Old Account" of the log is taken for "Account", which has its actions.` {
			t.Errorf("%q\n%s%s", r.Lines(), differences(r), timeline(r))
		}
	}
}
