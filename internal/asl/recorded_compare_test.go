package asl

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// recordedLimit is the virtual time for which a record is played; a recording without an end was taken while it ran.
const recordedLimit = 100 * 365 * 24 * time.Hour

// compare plays the record twice at the same time, the second time saving and restoring the execution between all
// events, and compares each history with the other and with the recorded one.
func (r recording) compare(t *testing.T, m *Machine) string {
	t.Helper()
	other := make(chan *driver)
	go func() { other <- r.play(t, m, restored(t, m)) }()
	first := r.play(t, m, nil)
	second := <-other
	if a, b := wire(t, first.history), wire(t, second.history); !slices.EqualFunc(a, b, sameEvent) {
		return "two runs gave different histories"
	}
	return compareHistories(r, wire(t, first.history))
}

func sameEvent(a, b map[string]any) bool { return sameJSON(a, b) }

// wire returns a history as GetExecutionHistory's JSON.
func wire(t *testing.T, history []HistoryEvent) []map[string]any {
	t.Helper()
	text, err := json.Marshal(history)
	if err != nil {
		t.Fatal(err)
	}
	var events []map[string]any
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if err := decoder.Decode(&events); err != nil {
		t.Fatal(err)
	}
	return events
}

// compareHistories compares what was played with what was recorded and returns what is different, "" for nothing.
func compareHistories(r recording, played []map[string]any) string {
	want := r.Events
	if len(want) == 0 {
		return "the record has no events"
	}
	c := &comparer{bound: map[string]string{}, renamed: map[string]any{}, beforeRedrive: r.beforeRedrive()}
	if details, ok := want[0]["executionStartedEventDetails"].(map[string]any); ok {
		c.learn(decode(r.input()), parsed(details["input"]))
	}
	afterMapRuns(want)
	if !hasEnded(want) && len(played) > len(want) {
		played = played[:len(want)]
	}
	if hasLostIDs(want) {
		return c.unordered(want, played)
	}
	if branches(want) {
		return c.byBranch(want, played)
	}
	return c.inOrder(want, played)
}

// afterMapRuns makes all events that leave a Distributed Map follow the end of the map run: in two of the records they
// follow its start.
func afterMapRuns(events []map[string]any) {
	for i, e := range events {
		if e["type"] != "MapStateExited" || i < 3 {
			continue
		}
		started, succeeded := events[i-3], events[i-2]
		if started["type"] == "MapRunStarted" && succeeded["type"] == "MapRunSucceeded" &&
			sameJSON(e["previousEventId"], started["id"]) {
			e["previousEventId"] = succeeded["id"]
		}
	}
}

// comparer compares values of a record with played ones.
type comparer struct {
	bound         map[string]string // what a marker stands for, once it is known
	renamed       map[string]any    // what the record's own input has where its history has a text of the recorder
	beforeRedrive bool
}

// learn notes the texts that the recorder put into the history instead of values of the input.
func (c *comparer) learn(input, recorded any) {
	switch r := recorded.(type) {
	case map[string]any:
		for name, value := range r {
			if object, ok := input.(map[string]any); ok {
				c.learn(object[name], value)
			}
		}
	case []any:
		for i, value := range r {
			if list, ok := input.([]any); ok && i < len(list) {
				c.learn(list[i], value)
			}
		}
	case string:
		if !sameJSON(input, recorded) && !marker.MatchString(r) {
			c.renamed[r] = input
		}
	}
}

func (c *comparer) clone() *comparer {
	clone := *c
	clone.bound = maps.Clone(c.bound)
	return &clone
}

func (c *comparer) inOrder(want, got []map[string]any) string {
	for i := range min(len(want), len(got)) {
		if difference := c.event(want[i], got[i]); difference != "" {
			return fmt.Sprintf("event %d: %s", i+1, difference)
		}
	}
	if len(want) != len(got) {
		return fmt.Sprintf("%d events, want %d; first one more: %v",
			len(got), len(want), append(got, want...)[min(len(want), len(got))])
	}
	return ""
}

func (c *comparer) event(want, got map[string]any) string {
	if want["type"] != got["type"] {
		return fmt.Sprintf("type %v, want %v", got["type"], want["type"])
	}
	return c.value("", want, got)
}

// hasEnded reports whether a recorded history has a last event.
func hasEnded(events []map[string]any) bool {
	kind, _ := events[len(events)-1]["type"].(string)
	return slices.Contains(slices.Collect(maps.Values(endings)), kind)
}

// hasLostIDs reports whether the recording lost the ids of the events in branches, and with them their order.
func hasLostIDs(events []map[string]any) bool {
	return slices.ContainsFunc(events, func(e map[string]any) bool { _, lost := e["id"].([]any); return lost })
}

// parallelEnds are the events at the end of a Parallel state.
var parallelEnds = []any{"ParallelStateSucceeded", "ParallelStateFailed"}

// unordered compares the events that have kept their ids in order, and the others as a set. The end of the outermost
// Parallel state is missing from such recordings; that of one inside it may be there, without its id.
func (c *comparer) unordered(want, got []map[string]any) string {
	var kept, lost []map[string]any
	for _, e := range want {
		if _, isLost := e["id"].([]any); isLost {
			lost = append(lost, e)
		} else {
			kept = append(kept, e)
		}
	}
	ids := map[string]bool{}
	for _, e := range kept {
		ids[fmt.Sprint(e["id"])] = true
	}
	var known, inBranches []map[string]any
	for _, e := range got {
		switch {
		case ids[fmt.Sprint(e["id"])]:
			known = append(known, e)
		default:
			e = maps.Clone(e)
			e["id"], e["previousEventId"] = []any{json.Number("0")}, json.Number("0")
			inBranches = append(inBranches, e)
		}
	}
	if difference := c.inOrder(kept, known); difference != "" {
		return difference
	}
	return c.asSet(lost, inBranches)
}

func (c *comparer) asSet(want, got []map[string]any) string {
	for _, w := range want {
		found := slices.IndexFunc(got, func(g map[string]any) bool {
			try := c.clone()
			if try.event(w, g) != "" {
				return false
			}
			c.bound = try.bound
			return true
		})
		if found < 0 {
			return fmt.Sprintf("no event like %v", w)
		}
		got = slices.Delete(slices.Clone(got), found, found+1)
	}
	got = slices.DeleteFunc(got, func(e map[string]any) bool { return slices.Contains(parallelEnds, e["type"]) })
	if len(got) > 0 {
		return fmt.Sprintf("%d events more than recorded, such as %v", len(got), got[0])
	}
	return ""
}

// branches reports whether several events of a recording follow the same one, other than by the fixed pairs of a Map
// state.
func branches(events []map[string]any) bool {
	followers := map[string]int{}
	for _, e := range events {
		if kind := e["type"]; kind == "MapIterationStarted" || kind == "TaskStateAborted" {
			followers[fmt.Sprint(e["previousEventId"])]++
		}
	}
	for _, n := range followers {
		if n > 1 {
			return true
		}
	}
	return false
}

// byBranch compares event by event along previousEventId, whatever the order of the events between branches.
func (c *comparer) byBranch(want, got []map[string]any) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d events, want %d", len(got), len(want))
	}
	return c.followers(want, got, "0", "0")
}

// followers matches the events after event wantID with those after event gotID, and so on down.
func (c *comparer) followers(want, got []map[string]any, wantID, gotID string) string {
	after := func(events []map[string]any, id string) (list []map[string]any) {
		for _, e := range events {
			if fmt.Sprint(e["previousEventId"]) == id && fmt.Sprint(e["id"]) != id {
				list = append(list, e)
			}
		}
		return list
	}
	left := after(got, gotID)
	for _, w := range after(want, wantID) {
		difference := "no event like it"
		found := slices.IndexFunc(left, func(g map[string]any) bool {
			try := c.clone()
			difference = try.event(withoutIDs(w), withoutIDs(g))
			if difference == "" {
				difference = try.followers(want, got, fmt.Sprint(w["id"]), fmt.Sprint(g["id"]))
			}
			if difference == "" {
				c.bound = try.bound
			}
			return difference == ""
		})
		if found < 0 {
			return fmt.Sprintf("event %v %v: %s", w["id"], w["type"], difference)
		}
		left = slices.Delete(left, found, found+1)
	}
	if len(left) > 0 {
		return fmt.Sprintf("one event too many: %v", left[0])
	}
	return ""
}

func withoutIDs(e map[string]any) map[string]any {
	e = maps.Clone(e)
	delete(e, "id")
	delete(e, "previousEventId")
	return e
}

var marker = regexp.MustCompile(`<[A-Za-z][A-Za-z0-9_:-]*>|lambda_function_name`)

// replaced are keys whose values the recording replaced: ids, dates and the like, which differ from run to run.
var replaced = []string{
	"timestamp", "Date", "StartDate", "StopDate", "StartTime", "EnteredTime", "X-Amzn-Requestid", "RequestId",
	"X-Amzn-Trace-Id", "X-Amz-Crc32", "TaskToken",
}

// value compares a recorded value with a played one. Texts that are JSON are compared as what they stand for.
func (c *comparer) value(key string, want, got any) string {
	if text, ok := want.(string); ok {
		if value, renamed := c.renamed[text]; renamed && sameJSON(value, got) {
			return ""
		}
	}
	want, got = parsed(want), parsed(got)
	if slices.Contains(replaced, key) || isReplaced(key, want) {
		return ""
	}
	switch w := want.(type) {
	case map[string]any:
		return c.object(key, w, got)
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return fmt.Sprintf("%s: %v, want %v", key, got, want)
		}
		for i := range w {
			if difference := c.value(key, w[i], g[i]); difference != "" {
				return difference
			}
		}
		return ""
	case string:
		return c.text(key, w, got)
	}
	if !sameJSON(want, got) {
		return fmt.Sprintf("%s: %v, want %v", key, got, want)
	}
	return ""
}

func (c *comparer) object(key string, want map[string]any, got any) string {
	g, ok := got.(map[string]any)
	if !ok {
		return fmt.Sprintf("%s: %v, want %v", key, got, want)
	}
	g = maps.Clone(g)
	if isHeaders(key) {
		want, g = canonical(want), canonical(g)
	}
	for _, optional := range []string{"RedriveCount", "RedriveStatus", "RedriveStatusReason"} {
		if _, recorded := want[optional]; !recorded && c.beforeRedrive {
			delete(g, optional)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		value, ok := g[name]
		if !ok {
			return fmt.Sprintf("%s.%s is missing, want %v", key, name, want[name])
		}
		if difference := c.value(name, want[name], value); difference != "" {
			return difference
		}
		delete(g, name)
	}
	if len(g) > 0 {
		return fmt.Sprintf("%s has more than recorded: %v", key, g)
	}
	return ""
}

// isHeaders reports whether a value with this key has the headers of an HTTP response, whose names have no case.
func isHeaders(key string) bool { return key == "HttpHeaders" || key == "AllHttpHeaders" }

func canonical(headers map[string]any) map[string]any {
	named := map[string]any{}
	for name, value := range headers {
		named[textproto.CanonicalMIMEHeaderKey(name)] = value
	}
	return named
}

// text compares a text that may hold markers, each for the same text everywhere.
func (c *comparer) text(key, want string, got any) string {
	g, ok := got.(string)
	if !ok {
		g = string(marshal(got))
	}
	if want == g || c.matches(want, g) {
		return ""
	}
	return fmt.Sprintf("%s: %q, want %q", key, g, want)
}

func (c *comparer) matches(want, got string) bool {
	names := marker.FindAllString(want, -1)
	if len(names) == 0 {
		return false
	}
	pattern := "^"
	last := 0
	for _, at := range marker.FindAllStringIndex(want, -1) {
		pattern += regexp.QuoteMeta(want[last:at[0]])
		if value, bound := c.bound[want[at[0]:at[1]]]; bound {
			pattern += "(" + regexp.QuoteMeta(value) + ")"
		} else {
			pattern += "(.*?)"
		}
		last = at[1]
	}
	groups := regexp.MustCompile("(?s)" + pattern + regexp.QuoteMeta(want[last:]) + "$").FindStringSubmatch(got)
	if groups == nil {
		return false
	}
	for i, name := range names {
		c.bound[name] = groups[i+1]
	}
	return true
}

// isReplaced reports whether the recording put the name of a key, or of a kind of value, where the value was.
func isReplaced(key string, want any) bool {
	text, _ := want.(string)
	switch text {
	case "snf_role_arn", "map_run_arn", "date", "start-time", "entered-time", "start-date", "stop-date",
		"timestamp", "RandomNumberGenerated",
		"stateExitedEventDetails.output", "executionSucceededEventDetails.output":
		return true
	}
	return key == "roleArn" || key == "RoleArn" || key == "requestId"
}

// parsed returns what a text stands for when it is JSON, at any depth of quoting.
func parsed(value any) any {
	text, ok := value.(string)
	if !ok {
		return value
	}
	inner, err := decodePlain([]byte(text))
	if err != nil {
		return value
	}
	return parsed(inner)
}

// beforeRedrive reports whether a record was made before AWS added redrives (2023-11-15) and with them fields to the
// context object and to descriptions.
func (r recording) beforeRedrive() bool {
	at := r.start()
	return !at.IsZero() && at.Before(time.Date(2023, 11, 15, 0, 0, 0, 0, time.UTC))
}
