package scenario

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// table is the form of the whole file.
var table = fields[Scenario]{
	at("name", "what the call is called", func(s *Scenario) *string { return &s.Name }, text()),
	at("flow", "the file of the flow that is played; default: the project's first flow",
		func(s *Scenario) *string { return &s.Flow }, path()),
	at("flows", "files of other flows and modules that it leads to, by id, ARN or name",
		func(s *Scenario) *map[string]string { return &s.Flows }, named(pathItem)),
	at("state_machine", "the file of the state machine; default: written from the project's jobs",
		func(s *Scenario) *string { return &s.StateMachine }, path()),
	at("clock", "real, or virtual: time is skipped, as by `connect-async call --fast`",
		func(s *Scenario) *bool { return &s.Virtual }, clockForm()),
	at("seed", "of everything random: the same seed gives the same call",
		func(s *Scenario) *uint64 { return &s.Seed }, whole[uint64](0, 1<<31-1)),
	callerField,
	callersField,
	at("names", "which function is meant by a text in the flow or the state machine; async is the async function",
		func(s *Scenario) *map[string]string { return &s.Names }, texts()),
	at("functions", "what happens instead of running a function, by its name",
		func(s *Scenario) *map[string]StandIn { return &s.Functions }, named(standInItem)),
	at("world", "what neither the flow nor the caller decides",
		func(s *Scenario) *flow.World { return &s.World }, object(worldFields)),
	at("faults", "what goes wrong at AWS; the first that fits a request counts",
		faultsOf, list(faultItem)),
	at("changes", "what changes during the call",
		func(s *Scenario) *[]Change { return &s.Changes }, list(objectItem(changeFields, zero, checkChange))),
	at("latency", "how long the network and AWS take",
		func(s *Scenario) *Latency { return &s.Latency }, object(latencyFields)),
	part("speech", "how fast texts are spoken", speechFields),
	at("lengths", "exact lengths of texts and prompts",
		func(s *Scenario) *map[string]time.Duration { return &s.Lengths }, lengthsForm()),
	at("assumptions", "what is assumed of Amazon Connect; `connect-async call --assumptions` lists them",
		func(s *Scenario) *flow.Assumptions { return &s.Assumptions }, assumptionsForm()),
	at("silence", "how much dead air at a stretch matters how much; off: none does",
		func(s *Scenario) *Silence { return &s.Silence }, silenceForm()),
	at("expect", "what is expected of every caller; what is left out is not checked",
		func(s *Scenario) *Expectations { return &s.Expect }, object(expectFields)),
}

// clockForm reads the kind of time as whether it is virtual.
func clockForm() form[bool] {
	kinds := oneOf("real", "virtual")
	return form[bool]{
		schema: kinds.schema,
		read: func(f file, in *source.Reader, key string, to *bool) {
			kind := "real"
			kinds.read(f, in, key, &kind)
			*to = kind == "virtual"
		},
		write: func(file, bool, bool) any { return "virtual" }, // real is the standard
	}
}

var callerFields = fields[Caller]{
	at("arrives", "after the scenario began", func(c *Caller) *time.Duration { return &c.Arrives }, duration()),
	at("number", "the caller's telephone number", func(c *Caller) *string { return &c.Number }, text()),
	at("channel", "how the contact comes", func(c *Caller) *flow.Channel { return &c.Channel },
		oneOf(flow.Voice, flow.Chat, flow.Task, flow.Email)),
	at("attributes", "contact attributes at the beginning",
		func(c *Caller) *map[string]string { return &c.Attributes }, texts()),
	at("does", "what the caller does, each at a time or when something has been heard",
		func(c *Caller) *[]Step { return &c.Does }, list(stepItem)),
}

var callerItem = objectItem(callerFields, defaultCaller, nil)

// callerField is the only caller, callersField the list where there are several.
var (
	callerField = field[Scenario]{
		key: "caller", doc: "who calls, where there is one caller", schema: callerItem.schema,
		read: func(f file, in *source.Reader, to *Scenario) {
			one := defaultCaller()
			callerFields.read(f, in.Object("caller"), &one)
			to.Callers = []Caller{one}
		},
		write: func(f file, from, _ *Scenario) any {
			if len(from.Callers) != 1 {
				return nil
			}
			usual := defaultCaller()
			if written := callerFields.write(f, &from.Callers[0], &usual); len(written) > 0 {
				return written
			}
			return nil
		},
	}
	callersField = field[Scenario]{
		key: "callers", doc: "who calls, where there are several callers",
		schema: schema{"type": "array", "items": callerItem.schema},
		read: func(f file, in *source.Reader, to *Scenario) {
			var several []Caller
			for _, node := range in.Items("callers") {
				several = append(several, callerItem.read(f, node))
			}
			if len(several) == 0 {
				return
			}
			if in.Node("caller") != nil {
				in.Report(source.CodeBadValue, in.Place("caller"), "there are both caller and callers",
					"Write one of them.")
			}
			to.Callers = several
		},
		write: func(f file, from, _ *Scenario) any {
			if len(from.Callers) < 2 {
				return nil
			}
			written := []any{}
			for _, c := range from.Callers {
				written = append(written, callerItem.write(f, c))
			}
			return written
		},
	}
)

// stepItem is one thing that a caller does. That its time is given counts, even when it is 0.
var stepItem = func() item[Step] {
	l := fields[Step]{
		at("heard", "a part of the text after which it is done", func(s *Step) *string { return &s.Heard }, text()),
		at("at", "the time after the call began at which it is done",
			func(s *Step) *time.Duration { return &s.At }, duration()),
		at("press", "keys of the telephone: 0 to 9, * and #", func(s *Step) *string { return &s.Press }, text()),
		at("say", "words, spoken or typed", func(s *Step) *string { return &s.Say }, text()),
		at("hang_up", "the caller hangs up", func(s *Step) *bool { return &s.HangUp }, truth()),
	}
	each := objectItem(l, zero, checkStep)
	each.write = func(f file, s Step) any {
		written := l.write(f, &s, &Step{})
		if s.Heard == "" && s.At == 0 {
			written = append(mapping{{key: "at", value: spell(0)}}, written...)
		}
		return written
	}
	return each
}()

// IsKeys reports whether a text is keys of a telephone, one at least.
func IsKeys(text string) bool { return text != "" && strings.Trim(text, "0123456789*#") == "" }

func checkStep(in *source.Reader, node *source.Node, s Step) {
	actions := 0
	for _, done := range []bool{s.Press != "", s.Say != "", s.HangUp} {
		if done {
			actions++
		}
	}
	if s.Press != "" && !IsKeys(s.Press) {
		in.Report(CodeStep, in.Place("press"), fmt.Sprintf("%q is not something to press on a telephone", s.Press),
			"Use 0 to 9, * and #.")
	}
	if timed := in.Node("at") != nil; timed == (s.Heard != "") || actions != 1 {
		in.Report(CodeStep, node.Pos, "needs one trigger (at or heard) and one action (press, say or hang_up)",
			"Write one of `at: 20s` and `heard: TEXT`, and one of `press: KEYS`, `say: WORDS` and `hang_up: true`.")
	}
}

var latencyFields = fields[Latency]{
	at("lambda", "how long a call of a Lambda function by Connect takes at least",
		func(l *Latency) *time.Duration { return &l.Lambda }, duration()),
	at("step_functions", "until Step Functions serves a request",
		func(l *Latency) *time.Duration { return &l.StepFunctions }, duration()),
	at("dynamodb", "until the results table does, of jobs with results: table",
		func(l *Latency) *time.Duration { return &l.DynamoDB }, duration()),
}

var speechFields = fields[Scenario]{
	knownRate,
	pause("comma", "the pause at a comma", func(r *speech.Rate) *time.Duration { return &r.Comma }),
	pause("sentence", "the pause between two sentences", func(r *speech.Rate) *time.Duration { return &r.Sentence }),
	pause("end", "the pause after a text", func(r *speech.Rate) *time.Duration { return &r.End }),
	at("audio", "the length of a recording whose file the project does not name",
		func(s *Scenario) *time.Duration { return &s.AudioLength }, duration()),
}

// knownRate fixes how fast texts are spoken. Of its pauses those that are not written are in the middle.
var knownRate = func() field[Scenario] {
	rate := whole[float64](50, 500)
	const key = "words_per_minute"
	return field[Scenario]{
		key: key, schema: rate.schema,
		doc: "how fast texts are spoken, where that is known; left out, what is expected must hold at 150 and at 189",
		read: func(f file, in *source.Reader, to *Scenario) {
			if in.Node(key) == nil {
				return
			}
			known := to.Speech.Middle()
			rate.read(f, in, key, &known.WordsPerMinute)
			to.Speech = speech.Always(known)
		},
		write: func(f file, from, _ *Scenario) any {
			if fast := from.Speech.Fast.WordsPerMinute; fast == from.Speech.Slow.WordsPerMinute {
				return rate.write(f, fast, fast)
			}
			return nil
		},
	}
}()

// pause is a field of a pause, which is then as long at both bounds.
func pause(key, doc string, of func(*speech.Rate) *time.Duration) field[Scenario] {
	form := duration()
	return field[Scenario]{
		key: key, doc: doc, schema: form.schema,
		read: func(f file, in *source.Reader, to *Scenario) {
			if in.Node(key) != nil {
				form.read(f, in, key, of(&to.Speech.Fast))
				*of(&to.Speech.Slow) = *of(&to.Speech.Fast)
			}
		},
		write: func(f file, from, standard *Scenario) any {
			fast, middle := *of(&from.Speech.Fast), standard.Speech.Middle()
			if fast != *of(&from.Speech.Slow) || from.Speech.IsKnown() && fast == *of(&middle) {
				return nil
			}
			return form.write(f, fast, fast)
		},
	}
}

// lengthsForm is that of the lengths by text, with white space collapsed.
func lengthsForm() form[map[string]time.Duration] {
	each := item[time.Duration]{
		schema: timeSpan,
		read: func(f file, node *source.Node) time.Duration {
			d, err := source.ParseDuration(node)
			if err != nil {
				f.report(source.CodeBadValue, node.Pos, err.Error(), "Write a time span such as 250ms or 2.5s.")
			}
			return d
		},
		write: func(_ file, value time.Duration) any { return spell(value) },
	}
	lengths := named(each)
	read := lengths.read
	lengths.read = func(f file, in *source.Reader, key string, to *map[string]time.Duration) {
		var written map[string]time.Duration
		read(f, in, key, &written)
		for text, length := range written {
			if *to == nil {
				*to = map[string]time.Duration{}
			}
			(*to)[speech.Collapse(text)] = length
		}
	}
	return lengths
}

// assumptionsForm is that of the assumptions, by the names that package flow gives them.
func assumptionsForm() form[flow.Assumptions] {
	properties := schema{}
	for _, a := range flow.AssumptionTable() {
		properties[a.Name] = assumptionSchema(a)
	}
	return form[flow.Assumptions]{
		schema: schema{"type": "object", "additionalProperties": false, "properties": properties},
		read: func(_ file, in *source.Reader, key string, to *flow.Assumptions) {
			for _, m := range in.Members(key) {
				if err := to.Set(m.Key, m.Value.Text); err != nil {
					in.Report(CodeAssumption, m.Pos, err.Error(), "`connect-async call --assumptions` lists them.")
				}
			}
		},
		write: func(_ file, value, standard flow.Assumptions) any {
			written := mapping{}
			for _, a := range flow.AssumptionTable() {
				if set := value.Get(a.Name); set != standard.Get(a.Name) {
					written = append(written, member{key: a.Name, value: plain(a, set)})
				}
			}
			return written
		},
	}
}

// plain is the value of an assumption as it is written: a number where it is one.
func plain(a flow.Assumption, value string) any {
	if n, err := strconv.Atoi(value); err == nil && len(a.Values) == 0 {
		return n
	}
	return value
}

func assumptionSchema(a flow.Assumption) schema {
	s := schema{"description": a.Meaning}
	switch {
	case len(a.Values) == 0:
		s["type"], s["minimum"], s["maximum"] = "integer", a.Low, a.High
	case a.Values[len(a.Values)-1] == "…":
		s["type"] = "string"
	default:
		s["enum"] = a.Values
	}
	return s
}
