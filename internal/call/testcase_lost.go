package call

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
)

// lost says what of the scenario a test case cannot express. Source: documentation of Testing and Simulation.
func (w *testCaseWriter) lost() []string {
	s := w.call.scenario
	var list []string
	say := func(is bool, format string, args ...any) {
		if is {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Functions)) {
		say(true, "the stand-in for the function %s: the deployed function runs, and takes as long as it takes", name)
	}
	say(len(s.Callers) > 1, "more than one caller: only the first is in the test case")
	say(slices.ContainsFunc(w.caller.Does, func(s scenario.Step) bool { return s.Heard == "" }),
		"what the caller does at a time, rather than after a text")
	say(w.caller.Channel == flow.Chat && slices.ContainsFunc(w.caller.Does,
		func(s scenario.Step) bool { return s.Press != "" }),
		"keys in a chat: the service refuses them")
	say(w.caller.Channel != flow.Voice && w.caller.Channel != flow.Chat, "the channel %s: the test case calls by voice",
		w.caller.Channel)
	_, placeholders := w.queues()
	say(w.queue != "" && len(placeholders) > 0, "the test queue instead of %s: only an ARN or id can be replaced",
		strings.Join(placeholders, ", "))
	list = append(list, w.lostSettings()...)
	return append(list, w.lostExpectations()...)
}

// warnings say what may go wrong with the test case in the service.
func (w *testCaseWriter) warnings() []string {
	var list []string
	known, placeholders := w.queues()
	if len(known)+len(placeholders) > 0 && w.queue == "" {
		list = append(list, "The flow can put the simulated caller through to an agent. Give --queue the ARN of a "+
			"test queue.")
	}
	if w.lastWords && w.caller.Channel == flow.Voice {
		list = append(list, "The call ends right after the last text; on voice the service was seen to miss such a "+
			"text in a third of the runs.")
	}
	return list
}

// lostSettings are the parts of a scenario that make up the world.
func (w *testCaseWriter) lostSettings() []string {
	s, standard := w.call.scenario, scenario.Default()
	var list []string
	for _, part := range []struct {
		name    string
		present bool
	}{
		{name: "faults", present: len(s.Faults) > 0},
		{name: "world", present: s.World.AgentAfter != 0 || s.World.HoldFor != 0 ||
			len(s.World.Outcomes)+len(s.World.Metrics)+len(s.World.Intents) > 0},
		{name: "latency", present: s.Latency != standard.Latency},
		{name: "speech and lengths", present: s.Speech != standard.Speech ||
			s.AudioLength != standard.AudioLength || len(s.Lengths) > 0},
		{name: "silence", present: s.Silence != standard.Silence},
		{name: "assumptions", present: !reflect.DeepEqual(s.Assumptions, standard.Assumptions)},
	} {
		if part.present {
			list = append(list, part.name+": the test runs against AWS as it is")
		}
	}
	return list
}

// lostExpectations are the expectations that the service cannot check.
func (w *testCaseWriter) lostExpectations() []string {
	e := w.call.scenario.Expect
	var list []string
	for _, part := range []struct {
		name    string
		present bool
	}{
		{name: "never_heard", present: len(e.NeverHeard) > 0},
		{name: "longest_silence", present: e.LongestSilence != nil},
		{name: "dead_air", present: e.DeadAir != nil},
		{name: "detection_delay", present: e.DetectionDelay != nil},
		{name: "lambda_calls", present: e.LambdaCalls != nil},
		{name: "executions", present: e.Executions != nil},
		{name: "function", present: e.Function != ""},
		{name: "ending", present: e.Ending != ""},
		{name: "branches", present: len(e.Branches) > 0},
		{name: "within", present: e.Within != nil},
		{name: "by (a time by which a text is heard)", present: slices.ContainsFunc(e.Heard,
			func(h scenario.HeardBy) bool { return h.By > 0 })},
	} {
		if part.present {
			list = append(list, "the expectation "+part.name)
		}
	}
	if len(w.unheard) > 0 {
		list = append(list, "recordings that are expected to be heard: "+strings.Join(w.unheard, ", "))
	}
	return list
}
