package asl

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// recording is one line of the recorded data; see the README next to it.
type recording struct {
	ID             string `json:"id"`
	Area           string `json:"area"`
	QueryLanguage  string `json:"query_language"`
	Recorded       string `json:"recorded"`
	Needs          []string
	Definition     json.RawMessage
	DefinitionText string          `json:"definition_text"`
	Input          json.RawMessage `json:"input"`
	InputText      string          `json:"input_text"`
	Functions      map[string]struct{ Handler, Runtime string }
	Events         []map[string]any
	Output         any
	Request        struct{ Definition, Type string }
	Expect         struct {
		Result      string
		Diagnostics []struct{ Code, Location, Message, Severity string }
	}
}

// readRecorded reads a file of the recorded data. Without the folder the test is skipped; without the file it fails.
func readRecorded(t *testing.T, name string) []recording {
	t.Helper()
	file, err := os.Open(filepath.Join(testrun.Recorded(t, "RECORDED_EXECUTIONS"), name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var list []recording
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var r recording
		decoder := json.NewDecoder(strings.NewReader(lines.Text()))
		decoder.UseNumber()
		if err := decoder.Decode(&r); err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	if lines.Err() != nil || len(list) == 0 {
		t.Fatalf("%s holds %d records: %v", name, len(list), lines.Err())
	}
	return list
}

// machine parses the record's definition.
func (r recording) machine() (*Machine, source.Findings) {
	text := r.Definition
	if r.DefinitionText != "" {
		text = json.RawMessage(r.DefinitionText)
	}
	doc, err := source.ParseJSON("definition", text)
	if err != nil {
		return nil, source.Findings{err.(source.Finding)}
	}
	return Parse("definition", doc)
}

// input returns the record's input. StartExecution without one has {}.
func (r recording) input() json.RawMessage {
	switch {
	case r.InputText != "":
		return json.RawMessage(r.InputText)
	case r.Input == nil:
		return json.RawMessage(`{}`)
	}
	return r.Input
}

// start returns when the record was made, the zero time when it does not say so.
func (r recording) start() time.Time {
	at, _ := time.Parse("02-01-2006, 15:04:05", r.Recorded)
	return at
}

// play runs the record's definition with its input and its functions, and returns the driver after the end. between
// may be nil.
func (r recording) play(t *testing.T, m *Machine, between func(*Execution) *Execution) *driver {
	e, err := m.NewExecution(testOptions, r.input())
	if err != nil {
		t.Errorf("%s: %v", r.ID, err)
		return &driver{}
	}
	account := newRecordedAccount(r)
	d := &driver{
		t: t, execution: e, began: r.start(), invoke: account.invoke, child: account.child, between: between,
	}
	d.run(recordedLimit)
	return d
}

func TestRecordedChoices(t *testing.T) {
	for _, r := range readRecorded(t, "choices.jsonl") {
		m, findings := r.machine()
		if m == nil {
			t.Errorf("%s: %v", r.ID, findings)
			continue
		}
		d := r.play(t, m, nil)
		if d.finish == nil || d.finish.Status != Succeeded || !sameJSON(decode(d.finish.Output), r.Output) {
			t.Errorf("%s: got %+v, want output %v", r.ID, d.finish, r.Output)
		}
	}
}

// verdict is how a record came out, passed or failed, and why.
type verdict struct {
	record  recording
	outcome string
	problem string
}

const (
	passed = "passed"
	failed = "failed"
)

// judge plays all recorded executions.
func judge(t *testing.T) []verdict {
	t.Helper()
	var verdicts []verdict
	for _, r := range append(readRecorded(t, "executions-jsonpath.jsonl"),
		readRecorded(t, "executions-jsonata.jsonl")...) {
		m, findings := r.machine()
		v := verdict{record: r, outcome: passed}
		switch {
		case m != nil:
			v.problem = r.compare(t, m)
		default:
			v.problem = findings[0].Error()
		}
		if v.problem != "" {
			v.outcome = failed
		}
		verdicts = append(verdicts, v)
	}
	return verdicts
}

func TestRecordedExecutions(t *testing.T) {
	verdicts := judge(t)
	counts := map[string]int{}
	for _, v := range verdicts {
		counts[v.outcome]++
		reason, isGap := recordedGaps[v.record.ID]
		if v.outcome == failed && !isGap {
			t.Errorf("%s: %s", v.record.ID, v.problem)
		}
		if v.outcome == passed && isGap {
			t.Errorf("%s passes, but is listed as a gap (%s)", v.record.ID, reason)
		}
	}
	t.Logf("recorded executions: %d passed, %d failed", counts[passed], counts[failed])
	if len(verdicts) == knownSet {
		checkCounts(t, counts)
	}
}

func TestRecordedValidations(t *testing.T) {
	for _, r := range readRecorded(t, "validate.jsonl") {
		found := Validate([]byte(r.Request.Definition), Kind(r.Request.Type))
		if len(found) != len(r.Expect.Diagnostics) {
			t.Errorf("%s: got %v, want %v", r.ID, found, r.Expect.Diagnostics)
			continue
		}
		for i, want := range r.Expect.Diagnostics {
			got := found[i]
			if got.Code != want.Code || got.Location != want.Location || got.Message != want.Message ||
				!strings.EqualFold(string(got.Severity), want.Severity) {
				t.Errorf("%s: got %+v, want %+v", r.ID, got, want)
			}
		}
	}
}
