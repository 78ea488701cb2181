package call

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// Scenario says how a call goes: who calls, what the functions do, how long things take. The zero value is not useful;
// DefaultScenario is.
type Scenario struct {
	File         string
	Name         string
	Flow         string // file, "" to take the project's
	StateMachine string // file, "" to take the project's
	Virtual      bool   // on virtual time, whatever the command line says
	Seed         uint64

	Caller      Caller
	Functions   map[string]StandIn // by name
	Names       map[string]string  // name of a function by what stands for it in the flow or the state machine
	Latency     Latency
	Speech      speech.Rate
	AudioLength time.Duration            // of a prompt whose recording is not known
	Lengths     map[string]time.Duration // exact lengths of texts and prompts
	Assumptions flow.Assumptions
}

// Caller is who calls and what they do.
type Caller struct {
	Number     string
	Channel    string // VOICE, CHAT or TASK
	Attributes map[string]string
	Does       []Deed
}

// Deed is one thing that the caller does, either at a time or after hearing something.
type Deed struct {
	At     time.Duration // after the call began, when Heard is ""
	Heard  string        // a part of a text: the deed follows when it has been heard
	Press  string        // keys
	HangUp bool
}

// StandIn is what a function does without being run.
type StandIn struct {
	Takes   time.Duration
	Returns json.RawMessage // JSON, when Error is ""
	Error   string          // errorType of the error document
	Message string          // errorMessage
	Always  bool            // also where the function itself could be run
}

// Latency is how long the network and AWS take. Real calls vary; these are the same for every call.
type Latency struct {
	Lambda        time.Duration // a call of the async function takes at least this long
	StepFunctions time.Duration // until Step Functions serves a request
}

// Defaults of a scenario. The latencies are those of a small function in the same region, see docs/architecture.md; the length
// of an unknown recording is an arbitrary clip.
const (
	defaultLambdaLatency        = 150 * time.Millisecond
	defaultStepFunctionsLatency = 100 * time.Millisecond
	defaultAudioLength          = 3 * time.Second
	defaultNumber               = "+15550100"
)

// Codes of the findings of a call's set-up.
const (
	CodeAssumption = "call-unknown-assumption"
	CodeDeed       = "call-unclear-deed"
)

// DefaultScenario is the scenario of a call for which nothing is said.
func DefaultScenario() Scenario {
	return Scenario{
		Seed:        1,
		Caller:      Caller{Number: defaultNumber, Channel: "VOICE"},
		Latency:     Latency{Lambda: defaultLambdaLatency, StepFunctions: defaultStepFunctionsLatency},
		Speech:      speech.DefaultRate(),
		AudioLength: defaultAudioLength,
		Assumptions: flow.DefaultAssumptions(),
	}
}

// ReadScenario reads and checks a scenario file. The scenario is not to be used when a finding is of severity error.
func ReadScenario(file string) (Scenario, source.Findings) {
	s := DefaultScenario()
	s.File = file
	node, err := source.ReadFile(file)
	if err != nil {
		return s, source.Findings{err.(source.Finding)}
	}
	var found source.Findings
	r := &scenarioReader{file: file, found: &found}
	r.scenario(&s, node)
	found.Sort()
	return s, found
}

type scenarioReader struct {
	file  string
	found *source.Findings
}

func (r *scenarioReader) scenario(s *Scenario, node *source.Node) {
	in := source.Read(r.file, node, r.found)
	s.Name = in.String("name", "")
	s.Flow = r.path(in, "flow")
	s.StateMachine = r.path(in, "state_machine")
	s.Virtual = in.OneOf("clock", "real", "real", "virtual") == "virtual"
	s.Seed = uint64(in.Int("seed", int(s.Seed), 0, 1<<31-1))
	r.caller(&s.Caller, in.Object("caller"))
	s.Functions = map[string]StandIn{}
	for _, m := range in.Members("functions") {
		s.Functions[m.Key] = r.standIn(m)
	}
	s.Names = map[string]string{}
	for _, m := range in.Members("names") {
		s.Names[m.Key] = m.Value.Str()
	}
	r.latency(&s.Latency, in.Object("latency"))
	r.speech(s, in.Object("speech"))
	s.Lengths = map[string]time.Duration{}
	for _, m := range in.Members("lengths") {
		s.Lengths[collapse(m.Key)] = r.length(in, m)
	}
	for _, m := range in.Members("assumptions") {
		if err := s.Assumptions.Set(m.Key, m.Value.Text); err != nil {
			in.Report(CodeAssumption, m.Pos, err.Error(), "`connect-async call --assumptions` lists them.")
		}
	}
	in.Done()
}

func (r *scenarioReader) caller(c *Caller, in *source.Reader) {
	c.Number = in.String("number", c.Number)
	c.Channel = in.OneOf("channel", c.Channel, "VOICE", "CHAT", "TASK")
	c.Attributes = map[string]string{}
	for _, m := range in.Members("attributes") {
		c.Attributes[m.Key] = m.Value.Text
	}
	for _, item := range in.Items("does") {
		c.Does = append(c.Does, r.deed(item))
	}
	in.Done()
}

func (r *scenarioReader) deed(node *source.Node) Deed {
	in := source.Read(r.file, node, r.found)
	d := Deed{Heard: in.String("heard", ""), Press: in.String("press", ""), HangUp: in.Bool("hang_up", false)}
	timed := in.Node("at") != nil
	d.At = in.Duration("at", 0)
	in.Done()
	if timed == (d.Heard != "") || d.HangUp == (d.Press != "") {
		in.Report(CodeDeed, node.Pos, "it is not clear what the caller does here, or when",
			"Write one of `at: 20s` and `heard: TEXT`, and one of `press: KEYS` and `hang_up: true`.")
	}
	return d
}

func (r *scenarioReader) standIn(m source.Member) StandIn {
	in := source.Read(r.file, m.Value, r.found)
	s := StandIn{Takes: in.Duration("takes", 0), Always: !in.Bool("real", true)}
	if returns := in.Node("returns"); returns != nil {
		s.Returns, _ = json.Marshal(returns)
	} else {
		s.Returns = json.RawMessage("null")
	}
	if in.Node("fails") != nil {
		fails := in.Object("fails")
		s.Error = fails.String("error", "Error")
		s.Message = fails.String("message", "")
		fails.Done()
	}
	in.Done()
	return s
}

func (r *scenarioReader) latency(l *Latency, in *source.Reader) {
	l.Lambda = in.Duration("lambda", l.Lambda)
	l.StepFunctions = in.Duration("step_functions", l.StepFunctions)
	in.Done()
}

func (r *scenarioReader) speech(s *Scenario, in *source.Reader) {
	s.Speech.WordsPerMinute = float64(in.Int("words_per_minute", int(s.Speech.WordsPerMinute), 50, 500))
	s.Speech.Comma = in.Duration("comma", s.Speech.Comma)
	s.Speech.Sentence = in.Duration("sentence", s.Speech.Sentence)
	s.Speech.End = in.Duration("end", s.Speech.End)
	s.AudioLength = in.Duration("audio", s.AudioLength)
	in.Done()
}

func (r *scenarioReader) length(in *source.Reader, m source.Member) time.Duration {
	d, err := source.ParseDuration(m.Value)
	if err != nil {
		in.Report(source.CodeBadValue, m.Value.Pos, err.Error(), "Write a time span such as 250ms or 2.5s.")
	}
	return d
}

// path reads the path of a file, relative to the scenario.
func (r *scenarioReader) path(in *source.Reader, key string) string {
	written := in.String(key, "")
	if written == "" || filepath.IsAbs(written) {
		return written
	}
	path := filepath.Join(filepath.Dir(r.file), filepath.FromSlash(written))
	if _, err := os.Stat(path); err != nil {
		in.Report(source.CodeUnreadable, in.Place(key), fmt.Sprintf("%s: %q is not there", key, written), "Check the path; it is relative to this file.")
	}
	return path
}
