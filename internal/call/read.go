package call

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// Codes of the findings of a scenario, beside those of source.
const (
	CodeAssumption = "call-unknown-assumption"
	CodeDeed       = "call-unclear-deed"
)

// ReadScenario reads and checks a scenario file. The scenario is not to be used when a finding is of severity error.
func ReadScenario(file string) (Scenario, source.Findings) {
	s := DefaultScenario()
	s.File = file
	node, err := source.ReadFile(file)
	if err != nil {
		var f source.Finding
		errors.As(err, &f) // ReadFile gives nothing else
		return s, source.Findings{f}
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
	s.Flows = r.paths(in, "flows")
	s.StateMachine = r.path(in, "state_machine")
	s.Virtual = in.OneOf("clock", "real", "real", "virtual") == "virtual"
	s.Seed = uint64(in.Int("seed", int(s.Seed), 0, 1<<31-1))
	s.Callers = r.callers(in)
	s.Functions = map[string]StandIn{}
	for _, m := range in.Members("functions") {
		s.Functions[m.Key] = r.standIn(m.Value)
	}
	s.Names = r.texts(in, "names")
	s.World = r.world(in.Object("world"))
	r.latency(&s.Latency, in.Object("latency"))
	for _, item := range in.Items("faults") {
		s.Faults = append(s.Faults, r.fault(item))
	}
	r.speech(s, in.Object("speech"))
	s.Lengths = map[string]time.Duration{}
	for _, m := range in.Members("lengths") {
		s.Lengths[speech.Collapse(m.Key)] = r.duration(in, m.Value)
	}
	for _, m := range in.Members("assumptions") {
		if err := s.Assumptions.Set(m.Key, m.Value.Text); err != nil {
			in.Report(CodeAssumption, m.Pos, err.Error(), "`connect-async call --assumptions` lists them.")
		}
	}
	s.Expect = r.expectations(in.Object("expect"))
	in.Done()
}

// callers reads `caller`, or `callers` where there are several.
func (r *scenarioReader) callers(in *source.Reader) []Caller {
	items := in.Items("callers")
	one := in.Object("caller")
	if len(items) == 0 {
		return []Caller{r.caller(one)}
	}
	if in.Node("caller") != nil {
		in.Report(source.CodeBadValue, in.Place("caller"), "there are both caller and callers", "Write one of them.")
	}
	var callers []Caller
	for _, item := range items {
		callers = append(callers, r.caller(source.Read(r.file, item, r.found)))
	}
	return callers
}

func (r *scenarioReader) caller(in *source.Reader) Caller {
	c := defaultCaller()
	c.Arrives = in.Duration("arrives", 0)
	c.Number = in.String("number", c.Number)
	c.Channel = flow.Channel(in.OneOf("channel", string(c.Channel), "VOICE", "CHAT", "TASK", "EMAIL"))
	c.Attributes = r.texts(in, "attributes")
	for _, item := range in.Items("does") {
		c.Does = append(c.Does, r.deed(item))
	}
	in.Done()
	return c
}

func (r *scenarioReader) deed(node *source.Node) Step {
	in := source.Read(r.file, node, r.found)
	d := Step{Heard: in.String("heard", ""), Press: in.String("press", ""), Say: in.String("say", ""), HangUp: in.Bool("hang_up", false)}
	timed := in.Node("at") != nil
	d.At = in.Duration("at", 0)
	in.Done()
	deeds := 0
	for _, done := range []bool{d.Press != "", d.Say != "", d.HangUp} {
		if done {
			deeds++
		}
	}
	if strings.Trim(d.Press, "0123456789*#") != "" {
		in.Report(CodeDeed, in.Place("press"), fmt.Sprintf("%q are not keys of a telephone", d.Press), "Use 0 to 9, * and #.")
	}
	if timed == (d.Heard != "") || deeds != 1 {
		in.Report(CodeDeed, node.Pos, "it is not clear what the caller does here, or when",
			"Write one of `at: 20s` and `heard: TEXT`, and one of `press: KEYS`, `say: WORDS` and `hang_up: true`.")
	}
	return d
}

// standIn reads one outcome for all invocations, or a list of them under `calls`.
func (r *scenarioReader) standIn(node *source.Node) StandIn {
	in := source.Read(r.file, node, r.found)
	s := StandIn{Always: !in.Bool("real", true)}
	items := in.Items("calls")
	if len(items) == 0 {
		s.Outcomes = []Outcome{r.outcome(in)}
		in.Done()
		return s
	}
	in.Done()
	for _, item := range items {
		each := source.Read(r.file, item, r.found)
		s.Outcomes = append(s.Outcomes, r.outcome(each))
		each.Done()
	}
	return s
}

func (r *scenarioReader) outcome(in *source.Reader) Outcome {
	o := Outcome{Takes: r.takes(in), Returns: json.RawMessage("null"), Throttled: in.Bool("throttled", false)}
	if returns := in.Node("returns"); returns != nil {
		o.Returns, _ = json.Marshal(returns) // a Node always marshals
	}
	if in.Node("fails") != nil {
		fails := in.Object("fails")
		o.Error = fails.String("error", "Error")
		o.Message = fails.String("message", "")
		fails.Done()
	}
	return o
}

// takes reads a time span, or the two ends of a range.
func (r *scenarioReader) takes(in *source.Reader) Takes {
	if !in.Node("takes").Is(source.Object) {
		d := in.Duration("takes", 0)
		return Takes{d, d}
	}
	spread := in.Object("takes")
	t := Takes{spread.Duration("from", 0), spread.Duration("to", 0)}
	spread.Done()
	if t.High < t.Low {
		spread.Report(source.CodeBadValue, spread.Place("to"), "the range ends before it begins", "Write takes: {from: SHORTEST, to: LONGEST}.")
	}
	return t
}

// world reads how things turn out that neither the flow nor the caller decides.
func (r *scenarioReader) world(in *source.Reader) flow.World {
	w := flow.World{Outcomes: map[string][]flow.Outcome{}}
	for _, m := range in.Members("outcomes") {
		list := []*source.Node{m.Value}
		if m.Value.Kind == source.Array {
			list = m.Value.Items
		}
		for _, item := range list {
			w.Outcomes[m.Key] = append(w.Outcomes[m.Key], r.worldOutcome(item))
		}
	}
	w.Metrics = r.texts(in, "metrics")
	w.Intents = r.texts(in, "intents")
	w.AgentAfter = in.Duration("agent_after", 0)
	if in.Bool("no_agent", false) {
		w.AgentAfter = -1
	}
	in.Done()
	return w
}

// worldOutcome reads a result as plain text, or an object with result or error, data and takes.
func (r *scenarioReader) worldOutcome(node *source.Node) flow.Outcome {
	if node.Kind != source.Object {
		return flow.Outcome{Result: node.Text}
	}
	in := source.Read(r.file, node, r.found)
	o := flow.Outcome{Result: in.String("result", ""), Error: in.String("error", ""), Data: r.texts(in, "data"), Takes: in.Duration("takes", 0)}
	in.Done()
	return o
}

func (r *scenarioReader) latency(l *Latency, in *source.Reader) {
	l.Lambda = in.Duration("lambda", l.Lambda)
	l.StepFunctions = in.Duration("step_functions", l.StepFunctions)
	l.DynamoDB = in.Duration("dynamodb", l.DynamoDB)
	in.Done()
}

func (r *scenarioReader) fault(node *source.Node) local.Fault {
	in := source.Read(r.file, node, r.found)
	f := local.Fault{
		Service:   local.Service(in.OneOf("service", "", string(local.StepFunctions), string(local.Lambda), string(local.DynamoDB))),
		Operation: in.OneOf("operation", "", "start", "describe", "stop", "pending", "get", "finish"),
		From:      in.Duration("from", 0), To: in.Duration("to", 0), Takes: in.Duration("takes", 0),
		Error: in.String("error", ""), LoseReply: in.Bool("lose_reply", false),
	}
	for _, item := range in.Items("calls") {
		n, err := strconv.Atoi(item.Text)
		if err != nil || n < 1 {
			in.Report(source.CodeBadValue, item.Pos, "this is not the number of a request", "Count from 1.")
		}
		f.Calls = append(f.Calls, n)
	}
	if rate := in.Node("rate"); rate != nil {
		p, err := strconv.ParseFloat(rate.Text, 64)
		if err != nil || p <= 0 || p > 1 {
			in.Report(source.CodeBadValue, rate.Pos, "rate must be a probability", "Write a number above 0, at most 1.")
		}
		f.Rate = p
	}
	if f.Service == "" || f.Error == "" && f.Takes == 0 && !f.LoseReply {
		in.Report(source.CodeBadValue, node.Pos, "this fault does nothing",
			"Name the service (step_functions, dynamodb or lambda) and one of error, takes and lose_reply.")
	}
	in.Done()
	return f
}

func (r *scenarioReader) speech(s *Scenario, in *source.Reader) {
	s.Speech.WordsPerMinute = float64(in.Int("words_per_minute", int(s.Speech.WordsPerMinute), 50, 500))
	s.Speech.Comma = in.Duration("comma", s.Speech.Comma)
	s.Speech.Sentence = in.Duration("sentence", s.Speech.Sentence)
	s.Speech.End = in.Duration("end", s.Speech.End)
	s.AudioLength = in.Duration("audio", s.AudioLength)
	in.Done()
}

func (r *scenarioReader) duration(in *source.Reader, node *source.Node) time.Duration {
	d, err := source.ParseDuration(node)
	if err != nil {
		in.Report(source.CodeBadValue, node.Pos, err.Error(), "Write a time span such as 250ms or 2.5s.")
	}
	return d
}

// texts reads an object of texts; numbers and booleans are taken as they are written.
func (r *scenarioReader) texts(in *source.Reader, key string) map[string]string {
	texts := map[string]string{}
	for _, m := range in.Members(key) {
		if m.Value.Kind == source.Array || m.Value.Kind == source.Object {
			in.Report(source.CodeWrongKind, m.Value.Pos, fmt.Sprintf("%s must be a text, but is %s", m.Key, m.Value.Kind), "Correct the value.")
		}
		texts[m.Key] = m.Value.Text
	}
	return texts
}

// path reads the path of a file, relative to the scenario.
func (r *scenarioReader) path(in *source.Reader, key string) string {
	written := in.String(key, "")
	if written == "" {
		return ""
	}
	return r.resolve(in, in.Place(key), written)
}

// paths reads an object of paths.
func (r *scenarioReader) paths(in *source.Reader, key string) map[string]string {
	paths := map[string]string{}
	for _, m := range in.Members(key) {
		paths[m.Key] = r.resolve(in, m.Value.Pos, m.Value.Text)
	}
	return paths
}

func (r *scenarioReader) resolve(in *source.Reader, at source.Pos, written string) string {
	path := filepath.FromSlash(written)
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(r.file), path)
	}
	if _, err := os.Stat(path); err != nil {
		in.Report(source.CodeUnreadable, at, fmt.Sprintf("the file %q is not there", written), "Check the path; it is relative to this file.")
	}
	return path
}
