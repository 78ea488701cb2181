package scenario_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
	"github.com/connect-async/connect-async/internal/testrun"
)

// exampleFiles are the scenario files of all examples.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("../../examples", func(file string, entry fs.DirEntry, err error) error {
		name, folder := entry.Name(), filepath.Base(filepath.Dir(file))
		if filepath.Ext(name) == ".yaml" && (strings.HasPrefix(name, "scenario") || folder == "scenarios") {
			files = append(files, file)
		}
		return err
	})
	if err != nil || len(files) < 40 {
		t.Fatal(len(files), err)
	}
	return files
}

// rewritten writes a scenario into a file and reads it again.
func rewritten(t *testing.T, name string, s scenario.Scenario) scenario.Scenario {
	t.Helper()
	text := scenario.Write(name, s)
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	again, found := scenario.Read(name)
	if len(found) > 0 {
		t.Fatalf("%v in\n%s", found, text)
	}
	if problem := invalid(t, name); problem != nil {
		t.Errorf("%v\n%s", problem, text)
	}
	again.File = s.File
	if diff := cmp.Diff(s, again); diff != "" {
		t.Fatalf("the scenario is another one (-first +again):\n%s\n%s", diff, text)
	}
	return again
}

// compiled is the schema.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(scenario.Form().Document("A scenario of connect-async")))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("scenario.json", document); err != nil {
		return nil, err
	}
	return compiler.Compile("scenario.json")
})

// invalid says where a file is not as the schema says, nil when it is.
func invalid(t *testing.T, file string) error {
	t.Helper()
	schema, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	node, err := source.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(node.Value())
}

// TestExamplesSurviveWriting reads every example, writes it into another folder, and reads it again.
func TestExamplesSurviveWriting(t *testing.T) {
	for _, file := range exampleFiles(t) {
		s, found := scenario.Read(file)
		if len(found) > 0 {
			t.Fatal(found)
		}
		if problem := invalid(t, file); problem != nil {
			t.Errorf("%s: %v", file, problem)
		}
		absolute := func(path *string) {
			if *path != "" {
				*path, _ = filepath.Abs(*path)
			}
		}
		absolute(&s.Flow)
		absolute(&s.StateMachine)
		for name, path := range s.Flows {
			absolute(&path)
			s.Flows[name] = path
		}
		rewritten(t, filepath.Join(t.TempDir(), "scenario.yaml"), s)
	}
}

// TestRandomScenariosSurviveWriting fills scenarios with all that a file can say, among it what YAML would take for
// something else.
func TestRandomScenariosSurviveWriting(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, file := range []string{"flow.json", "a module.json"} {
		if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for seed := range uint64(testrun.Count(t, 60, 300)) {
		r := random{rand.New(rand.NewPCG(seed, 1))}
		rewritten(t, "scenario.yaml", r.scenario())
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestWriteOnlyWhatIsNotTheDefault(t *testing.T) {
	s := scenario.Default()
	s.Name = "42"
	s.Callers[0].Does = []scenario.Step{{Press: "1"}, {Heard: "Hello", HangUp: true}}
	s.Functions = map[string]scenario.StandIn{"a": {Outcomes: []scenario.Outcome{
		{Takes: scenario.Takes{Low: time.Minute, High: time.Minute}, Returns: json.RawMessage(`{"b":1.50,"a":["x"]}`)},
	}}}
	s.Flow = filepath.Join("flows", "flow.json")
	text := scenario.Write(filepath.Join("scenarios", "a.yaml"), s)
	const want = `name: "42"
flow: ../flows/flow.json
caller:
  does:
    - at: 0s
      press: "1"
    - heard: Hello
      hang_up: true
functions:
  a:
    takes: 1m
    returns: {b: 1.50, a: [x]}
`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	if text := scenario.Write("a.yaml", scenario.Default()); string(text) != "{}\n" {
		t.Errorf("the default is written as %q", text)
	}
}

// TestWrittenScenariosNameTheirSchema writes into folders in and below a project that has the schema, and elsewhere.
func TestWrittenScenariosNameTheirSchema(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll("project/.connect-async", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("project/"+project.ScenarioSchemaFile, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"project/a.yaml":             "# yaml-language-server: $schema=.connect-async/scenario.schema.json\n{}\n",
		"project/scenarios/a.yaml":   "# yaml-language-server: $schema=../.connect-async/scenario.schema.json\n{}\n",
		"project/scenarios/x/a.yaml": "# yaml-language-server: $schema=../../.connect-async/scenario.schema.json\n{}\n",
		"a.yaml":                     "{}\n",
	} {
		if text := scenario.Write(name, scenario.Default()); string(text) != want {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// random makes scenarios up.
type random struct{ *rand.Rand }

// half is true half of the time.
func (r random) half() bool { return r.IntN(2) == 0 }

var oddTexts = []string{
	"a", "42", "4.20", "true", "null", "~", "no", "0x10", "1e3", "2001-01-01", "a: b", "- a", "# a", "a #b", "'",
	`"`, "{a}", "[a", "a\nb", "a\n", " a", "a ", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "ä€𝄞", "a\tb", "\\",
	"$.Lex.Slots.size", "=",
	"a\\nb", "?", "? a", "---", "...", "<<", "a:", ":a", "-", "+1", ".inf", "1_000", "yes", "on", "1:30",
	"\t", "\n", "a\r\nb", "\x01", "\x7f", "\u0085", "\u2028", "\ufeffa", "\u00a0", "\n a", "a, b", "a]", "]", "}",
	"y", "NaN",
}

func (r random) text() string { return oddTexts[r.IntN(len(oddTexts))] }

func (r random) duration() time.Duration {
	return time.Duration(r.IntN(5000)) * []time.Duration{1, time.Millisecond, time.Second, time.Minute}[r.IntN(4)]
}

func (r random) texts() map[string]string {
	if r.half() {
		return nil
	}
	return map[string]string{r.text(): r.text(), r.text(): r.text()}
}

func (r random) scenario() scenario.Scenario {
	s := scenario.Default()
	s.File = "scenario.yaml"
	s.Name, s.Seed, s.Virtual, s.Names = r.text(), uint64(r.IntN(1<<31)), r.half(), r.texts()
	if r.half() {
		s.Flow, s.Flows = "flow.json", map[string]string{r.text(): "a module.json", r.text(): "flow.json"}
	}
	s.Callers = nil
	for range 1 + r.IntN(2) {
		s.Callers = append(s.Callers, r.caller())
	}
	s.Functions = map[string]scenario.StandIn{r.text(): r.standIn(), r.text(): r.standIn()}
	s.Tasks = map[string][]scenario.TaskOutcome{r.text(): {r.task()}, "*:sns:publish": {r.task(), r.task()}}
	s.World = flow.World{Metrics: r.texts(), Intents: r.texts(), AgentAfter: r.duration(), HoldFor: r.duration()}
	if r.half() {
		s.World.AgentAfter = -1
	}
	s.World.Outcomes = map[string][]flow.Outcome{
		r.text(): {r.worldOutcome()}, r.text(): {r.worldOutcome(), r.worldOutcome()},
	}
	if r.half() {
		s.Latency = scenario.Latency{Lambda: r.duration(), StepFunctions: r.duration(), DynamoDB: r.duration()}
		s.AudioLength, s.Speech.Fast.Comma = r.duration(), r.duration()
		s.Speech.Slow.Comma = s.Speech.Fast.Comma
		s.Lengths = map[string]time.Duration{"Hello there": r.duration(), "42": r.duration(), "a: b": r.duration()}
		s.Faults = []local.Fault{
			{Service: local.Lambda, Rate: 0.25, Takes: time.Second, From: r.duration()},
			{Service: local.StepFunctions, Operation: "start", Calls: []int{1, 3}, Error: "E", LoseReply: r.half()},
		}
	}
	if r.half() {
		known := s.Speech.Middle()
		known.WordsPerMinute = float64(50 + r.IntN(400))
		s.Speech = speech.Always(known)
	}
	for range r.IntN(3) {
		s.Changes = append(s.Changes, r.change())
	}
	for _, a := range flow.AssumptionTable() {
		if value := "7"; r.half() {
			if len(a.Values) > 0 {
				value = strings.Replace(a.Values[r.IntN(len(a.Values))], "…", "Timeout", 1)
			}
			_ = s.Assumptions.Set(a.Name, value) // 7 is too small for one of them
		}
	}
	if r.half() {
		s.Expect = r.expectations()
	}
	if r.half() {
		const never = time.Duration(math.MaxInt64)
		d := r.duration()
		s.Silence = []scenario.Silence{
			{Note: d, Failure: d + time.Second, Critical: d + time.Minute}, {Note: never, Failure: never, Critical: d},
			{Note: d, Failure: d, Critical: never}, {Note: never, Failure: never, Critical: never},
		}[r.IntN(4)]
	}
	return s
}

func (r random) caller() scenario.Caller {
	c := scenario.Caller{Arrives: r.duration(), Number: r.text(), Channel: flow.Voice}
	c.Attributes = r.texts()
	if r.half() {
		c.Channel = flow.Chat
	}
	for range r.IntN(3) {
		c.Does = append(c.Does, []scenario.Step{
			{Press: "1#"}, {At: r.duration(), Say: r.text()},
			{Heard: r.text(), HangUp: true}, {Heard: r.text(), Press: "0"},
		}[r.IntN(4)])
	}
	return c
}

func (r random) task() scenario.TaskOutcome {
	o := scenario.TaskOutcome{Returns: json.RawMessage(`{}`), Waits: r.half()}
	if r.half() {
		o.When, o.Takes = "amount > 100", scenario.Takes{Low: time.Second, High: time.Hour}
	}
	if r.half() {
		o.Error, o.Cause, o.Submits = "E."+r.text(), r.text(), json.RawMessage(`{"id":[1]}`)
	}
	return o
}

func (r random) standIn() scenario.StandIn {
	f := scenario.StandIn{Always: r.half()}
	for range 1 + r.IntN(2) {
		f.Outcomes = append(f.Outcomes, r.outcome())
	}
	return f
}

func (r random) change() scenario.Change {
	d := r.duration()
	return []scenario.Change{
		{At: d, Functions: map[string]local.Alteration{r.text(): {}, r.text(): {Takes: &d, Throttled: r.half()}}},
		{At: d, Functions: map[string]local.Alteration{r.text(): {Error: r.text(), Message: r.text()}}},
		{Functions: map[string]local.Alteration{r.text(): {Payload: json.RawMessage(`{"b":1.50}`)}}},
		{At: d, Faults: []local.Fault{}},
		{At: d, Faults: []local.Fault{{Service: local.Lambda, Error: "E", To: r.duration()}}},
		{At: d, World: flow.World{Outcomes: map[string][]flow.Outcome{r.text(): {r.worldOutcome()}}}},
		{At: d, World: flow.World{Metrics: map[string]string{r.text(): r.text()}}, Faults: []local.Fault{}},
	}[r.IntN(7)]
}

func (r random) outcome() scenario.Outcome {
	o := scenario.Outcome{Returns: json.RawMessage("null"), Throttled: r.half()}
	o.Takes.Low = r.duration()
	o.Takes.High = o.Takes.Low + r.duration()
	switch r.IntN(3) {
	case 0:
		o.Error, o.Message = r.text(), r.text()
	case 1:
		o.Returns = json.RawMessage(`{"b":1.50,"a":["x",{"c":null,"n":1.0e+3}],"d":true,"e":"ä: #","":{},"l":[]}`)
	}
	return o
}

func (r random) worldOutcome() flow.Outcome {
	return []flow.Outcome{
		{Result: r.text()}, {Error: r.text()}, {Takes: r.duration()},
		{Result: r.text(), Data: map[string]string{"$.Lex.Slots.size": r.text()}},
	}[r.IntN(4)]
}

func (r random) expectations() scenario.Expectations {
	some := func() *time.Duration { d := r.duration(); return &d }
	return scenario.Expectations{
		Heard:          []scenario.HeardBy{{Text: r.text()}, {Text: r.text(), By: r.duration()}},
		NeverHeard:     []string{r.text()},
		LongestSilence: some(), DeadAir: some(), DetectionDelay: some(), Within: some(),
		LambdaCalls: &scenario.Range{Low: 2, High: 2 + r.IntN(3)},
		Executions:  &scenario.Range{Low: 1, High: 1 << 30},
		Function:    "TIMED_OUT", Ending: flow.EndingHungUp, Attributes: r.texts(),
		Branches: []scenario.Branch{{Action: r.text(), Branch: r.text()}},
	}
}
