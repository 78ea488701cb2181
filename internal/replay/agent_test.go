package replay_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/replay"
)

// logLine is an entry of a message some seconds after the call began.
func logLine(at float64, flow, id, moduleType, text string) string {
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	parameters := map[string]any{}
	if text != "" {
		parameters["Text"] = text
	}
	line, _ := json.Marshal(map[string]any{
		"ContactId": "aaaaaaaa-0000-4000-8000-000000000001", "ContactFlowName": flow,
		"ContactFlowId":         "arn:aws:connect:eu-west-2:111122223333:instance/b/contact-flow/" + flow,
		"ContactFlowModuleType": moduleType, "Identifier": id, "Parameters": parameters,
		"Timestamp": began.Add(time.Duration(at * float64(time.Second))).Format("2006-01-02T15:04:05.000Z"),
	})
	return string(line)
}

// TestFlowsAroundAnAgent: what a caller hears in a queue, and before an agent speaks, is replayed, with or without a
// hook for it; what the agent hears is not, nor what comes after, and no other flow is taken for it.
func TestFlowsAroundAnAgent(t *testing.T) {
	folder := t.TempDir()
	loop := action{id: "loop", kind: flowlang.MessageParticipantIteratively,
		parameters: map[string]any{"Messages": []any{map[string]any{"Text": "Please hold the line."}}}}
	ends := action{id: "ends", kind: flowlang.EndFlowExecution, parameters: map[string]any{}}
	bank := func(hook string) string {
		actions := append([]action{logsOn, says("hi", "Welcome.")}, queued(hook)...)
		return writeFlow(t, t.TempDir(), "Bank", "contactFlow", actions...)
	}
	queue := writeFlow(t, folder, "Queue", "customerQueue", says("first", "All agents are busy."), loop)
	customer := writeFlow(t, folder, "Customer", "customerWhisper", says("one", "You are being connected."), ends)
	agent := writeFlow(t, folder, "Agent", "agentWhisper", says("one", "A caller of the bank."), ends)
	hold := writeFlow(t, folder, "Hold", "customerHold", loop)
	lines := []string{
		logLine(0, "Bank", "log", "SetLoggingBehavior", ""), logLine(0, "Bank", "hi", "PlayPrompt", "Welcome."),
		logLine(1, "Bank", "queue", "SetQueue", ""), logLine(1, "Bank", "transfer", "Transfer", ""),
		logLine(1, "Queue", "first", "PlayPrompt", "All agents are busy."),
		logLine(2.4, "Queue", "loop", "LoopPrompts", ""),
		logLine(30, "Agent", "one", "PlayPrompt", "A caller of the bank."),
		logLine(30.1, "Customer", "one", "PlayPrompt", "You are being connected."),
		logLine(32, "Agent", "ends", "Resume", ""), logLine(32.1, "Customer", "ends", "Resume", ""),
		logLine(60, "Hold", "loop", "LoopPrompts", ""),
		logLine(90, "Survey", "one", "PlayPrompt", "How was it?"), logLine(95, "Survey", "two", "Disconnect", ""),
	}
	hooked := slices.Insert(slices.Clone(lines), 2, logLine(1, "Bank", "hook", "SetContactFlow", ""))
	const (
		inQueue = "Welcome.\nAll agents are busy."
		missing = `0s Survey: the log has 2 entries of the flow "Survey", which are not replayed: none of the given ` +
			"flows has its name or its actions"
		heardByAgent = `0s Agent: the log has 2 entries of the flow "Agent", which are not replayed: the agent ` +
			"hears it, and not the caller"
		both = inQueue + "\nYou are being connected."
	)
	for name, test := range map[string]struct {
		lines []string
		files []string
		says  string
		want  []string
	}{
		"all": {hooked, []string{bank("Queue"), queue, customer, agent, hold}, both,
			[]string{heardByAgent, `0s Hold: the log has 1 entry of the flow "Hold", which is not replayed: the ` +
				"caller is on hold, when an agent has taken the call", missing}},
		"no hook": {lines[:10], []string{bank(""), agent, customer, queue}, both,
			[]string{heardByAgent}},
		"a hook by an id": {hooked[:11], []string{bank("11111111-2222-3333-4444-555555555555"), queue, customer, agent},
			both, []string{heardByAgent}},
		"no whisper": {hooked[:11], []string{bank("Queue"), queue, agent}, inQueue, []string{heardByAgent,
			strings.ReplaceAll(missing, "Survey", "Customer")}},
		"only the queue": {lines[4:10], []string{customer, agent, queue}, strings.TrimPrefix(both, "Welcome.\n"),
			[]string{heardByAgent}},
		"only a hold":    {lines[10:11], []string{bank("Queue"), hold}, "Please hold the line.", nil},
		"only the agent": {[]string{lines[6], lines[8]}, []string{bank("Queue"), agent}, "A caller of the bank.", nil},
	} {
		log, err := replay.Parse([]byte(strings.Join(test.lines, "\n")))
		if err != nil {
			t.Fatal(err)
		}
		r := play(t, log.Entries, test.files...)
		heard := slices.DeleteFunc(said(r.Events), func(text string) bool {
			return strings.HasPrefix(text, "Please hold")
		})
		if name == "only a hold" {
			heard = said(r.Events)[:1]
		}
		var got []string
		for _, d := range r.Differences {
			got = append(got, fmt.Sprintf("0s %s: %s", d.Flow, d.Words()))
		}
		if diff := cmp.Diff(test.says, strings.Join(heard, "\n")) + cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s%s", name, diff, timeline(r)[:min(500, len(timeline(r)))])
		}
	}
}
