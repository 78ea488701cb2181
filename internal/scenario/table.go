package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

// table is the form of the whole file.
var table = form.Fields[Scenario]{
	form.At("name", "what the call is called, in listings and reports", func(s *Scenario) *string { return &s.Name },
		form.Text()).Otherwise("the name of the flow, or of its file").Example("Balance enquiry"),
	form.At("flow", "the file of the flow that is played", func(s *Scenario) *string { return &s.Flow },
		form.Path()).Otherwise("the project's first flow").Example("flow.json"),
	form.At("flows", "files of other flows and modules that the flow leads to, by the id, ARN or name that it has "+
		"for them",
		func(s *Scenario) *map[string]string { return &s.Flows }, form.Named("FLOW", form.PathItem)),
	form.At("state_machine", "the file of the state machine", func(s *Scenario) *string { return &s.StateMachine },
		form.Path()).Otherwise("written from the project's jobs").Example("payment.asl.json"),
	form.At("clock", "real; or virtual: waiting is skipped, as with `connect-async call --fast`",
		func(s *Scenario) *bool { return &s.Virtual }, clockForm()).Default("real"),
	form.At("seed", "for everything random: the same seed gives the same call",
		func(s *Scenario) *uint64 { return &s.Seed }, form.Whole[uint64](0, 1<<31-1)),
	callerField,
	callersField,
	form.At("names", "functions, by the ARN or placeholder that the flow or the state machine has for them; the value "+
		"is a function of the project or of this file, or async for the async function",
		func(s *Scenario) *map[string]string { return &s.Names }, form.Texts("TEXT")),
	form.At("functions", "what happens instead of running a function (a stand-in), by the function's name",
		func(s *Scenario) *map[string]StandIn { return &s.Functions }, form.Named("FUNCTION", standInItem)),
	form.At("tasks", "what tasks of state machines come to without being performed, by the name of the state, or by a "+
		"pattern for its Resource such as `arn:aws:states:::aws-sdk:*` or `*:sns:publish`; a name counts before a "+
		"pattern, and a longer pattern before a shorter one",
		func(s *Scenario) *map[string][]TaskOutcome { return &s.Tasks }, tasksForm),
	form.At("world", "what neither the flow nor the caller decides",
		func(s *Scenario) *flow.World { return &s.World }, form.Object(worldFields)),
	form.At("faults", "what goes wrong at AWS; the first fault that matches a request applies",
		faultsOf, form.List(faultItem)),
	form.At("changes", "what changes during the call; a recorded call has what was done to it here",
		func(s *Scenario) *[]Change { return &s.Changes }, form.List(form.Entry(changeFields, form.Zero, checkChange))),
	form.At("latency", "how long the network and AWS take",
		func(s *Scenario) *Latency { return &s.Latency }, form.Object(latencyFields)),
	form.Part("speech", "how fast texts are spoken", speechFields),
	form.At("lengths", "exact lengths: of texts, by the text, and of recordings, by the prompt",
		func(s *Scenario) *map[string]time.Duration { return &s.Lengths }, lengthsForm()),
	form.At("assumptions", "what is assumed of Amazon Connect where AWS does not say; "+
		"`connect-async call --assumptions` lists what is known",
		func(s *Scenario) *flow.Assumptions { return &s.Assumptions }, assumptionsForm()),
	form.At("silence", "from which length on dead air at a stretch matters; off: never",
		func(s *Scenario) *Silence { return &s.Silence }, silenceForm()),
	form.At("expect", "what is expected of every caller's call; what is left out is not checked",
		func(s *Scenario) *Expectations { return &s.Expect }, form.Object(expectFields)),
}

// clockForm reads the kind of time as whether it is virtual.
func clockForm() form.Form[bool] {
	kinds := form.OneOf("real", "virtual")
	return form.Form[bool]{
		Schema: func(bool) *form.Schema { return kinds.Schema("") },
		Read: func(f form.File, in *source.Reader, key string, to *bool) {
			kind := "real"
			kinds.Read(f, in, key, &kind)
			*to = kind == "virtual"
		},
		Write: func(form.File, bool, bool) any { return "virtual" }, // real is the standard
	}
}

var callerFields = form.Fields[Caller]{
	form.At("arrives", "when the contact begins, after the beginning of the scenario",
		func(c *Caller) *time.Duration { return &c.Arrives }, form.Duration()).Example("2s"),
	form.At("number", "the caller's telephone number", func(c *Caller) *string { return &c.Number },
		form.Text()).Example(`"+15550123"`),
	form.At("channel", "how the contact comes", func(c *Caller) *flow.Channel { return &c.Channel },
		form.OneOf(flow.Voice, flow.Chat, flow.Task, flow.Email)),
	form.At("attributes", "contact attributes at the beginning",
		func(c *Caller) *map[string]string { return &c.Attributes }, form.Texts("ATTRIBUTE")),
	form.At("does", "what the caller does, each at a time or when something has been heard",
		func(c *Caller) *[]Step { return &c.Does }, form.List(stepItem)),
}

var (
	callerItem     = form.Entry(callerFields, defaultCaller, nil)
	severalCallers = form.List(callerItem)
)

// callerField is the only caller, callersField the list where there are several.
var (
	callerField = form.Field[Scenario]{
		Key: "caller", Doc: "who calls, where there is one caller",
		Schema: func(*Scenario) *form.Schema { return callerItem.Schema() },
		Read: func(f form.File, in *source.Reader, to *Scenario) {
			one := defaultCaller()
			callerFields.Read(f, in.Object("caller"), &one)
			to.Callers = []Caller{one}
		},
		Write: func(f form.File, from, _ *Scenario) any {
			if len(from.Callers) != 1 {
				return nil
			}
			usual := defaultCaller()
			if written := callerFields.Write(f, &from.Callers[0], &usual); len(written) > 0 {
				return written
			}
			return nil
		},
	}
	callersField = form.Field[Scenario]{
		Key: "callers", Doc: "who calls, where there are several callers",
		Schema: func(*Scenario) *form.Schema { return severalCallers.Schema(nil) },
		Read: func(f form.File, in *source.Reader, to *Scenario) {
			var several []Caller
			if severalCallers.Read(f, in, "callers", &several); len(several) == 0 {
				return
			}
			if in.Node("caller") != nil {
				in.Report(source.CodeBadValue, in.Place("caller"), "there are both caller and callers",
					"Write one of them.")
			}
			to.Callers = several
		},
		Write: func(f form.File, from, _ *Scenario) any {
			if len(from.Callers) < 2 {
				return nil
			}
			return severalCallers.Write(f, from.Callers, nil)
		},
	}
)

// stepItem is one thing that a caller does. That its time is given counts, even when it is 0.
var stepItem = func() form.Item[Step] {
	l := form.Fields[Step]{
		form.At("heard", "a part of a text: the step follows when it has been heard",
			func(s *Step) *string { return &s.Heard }, form.Text()).Example("press 1"),
		form.At("at", "when the step is taken, after the beginning of the call; instead of heard",
			func(s *Step) *time.Duration { return &s.At }, form.Duration()).Example("20s"),
		form.At("press", "keys of the telephone: 0 to 9, * and #", func(s *Step) *string { return &s.Press },
			pressed).Example(`"1"`),
		form.At("say", "words that the caller says, or types in a chat", func(s *Step) *string { return &s.Say },
			form.Text()).Example("my balance"),
		form.At("hang_up", "the caller hangs up", func(s *Step) *bool { return &s.HangUp }, form.Bool()),
	}
	each := form.Entry(l, form.Zero, checkStep)
	each.Write = func(f form.File, s Step) any {
		written := l.Write(f, &s, &Step{})
		if s.Heard == "" && s.At == 0 {
			written = append(form.Mapping{{Key: "at", Value: form.Spell(0)}}, written...)
		}
		return written
	}
	return each
}()

// IsKeys reports whether a text is keys of a telephone, one at least.
func IsKeys(text string) bool { return text != "" && strings.Trim(text, "0123456789*#") == "" }

const pressRemedy = "Use 0 to 9, * and #."

// pressed is the form of keys of the telephone.
var pressed = form.Text().Described(func(s *form.Schema) { s.Pattern, s.PatternRemedy = "^[0-9*#]*$", pressRemedy })

func checkStep(in *source.Reader, m source.Member, s *Step) {
	actions := 0
	for _, done := range []bool{s.Press != "", s.Say != "", s.HangUp} {
		if done {
			actions++
		}
	}
	if s.Press != "" && !IsKeys(s.Press) {
		in.Report(CodeStep, in.Place("press"), fmt.Sprintf("%q is not something to press on a telephone", s.Press),
			pressRemedy)
	}
	if timed := in.Node("at") != nil; timed == (s.Heard != "") || actions != 1 {
		in.Report(CodeStep, m.Pos, "needs one trigger (at or heard) and one action (press, say or hang_up)",
			"Write one of `at: 20s` and `heard: TEXT`, and one of `press: KEYS`, `say: WORDS` and `hang_up: true`.")
	}
}

var latencyFields = form.Fields[Latency]{
	form.At("lambda", "how long a call of a Lambda function by Connect takes at least",
		func(l *Latency) *time.Duration { return &l.Lambda }, form.Duration()),
	form.At("step_functions", "how long Step Functions takes to serve a request",
		func(l *Latency) *time.Duration { return &l.StepFunctions }, form.Duration()),
	form.At("dynamodb", "how long the results table takes, for jobs with results: table or event",
		func(l *Latency) *time.Duration { return &l.DynamoDB }, form.Duration()),
}

var speechFields = form.Fields[Scenario]{
	knownRate,
	pause("comma", "the pause at a comma", func(r *speech.Rate) *time.Duration { return &r.Comma }),
	pause("sentence", "the pause between two sentences", func(r *speech.Rate) *time.Duration { return &r.Sentence }),
	pause("end", "the pause after a text", func(r *speech.Rate) *time.Duration { return &r.End }),
	form.At("audio", "the length of a recording whose file the project does not name",
		func(s *Scenario) *time.Duration { return &s.AudioLength }, form.Duration()),
}

// knownRate fixes how fast texts are spoken. Of its pauses those that are not written are in the middle.
var knownRate = func() form.Field[Scenario] {
	rate := form.Whole[float64](50, 500)
	const key = "words_per_minute"
	return form.Field[Scenario]{
		Key: key, Doc: "how many words a minute the voice speaks, where that is known",
		Schema: func(*Scenario) *form.Schema {
			s := rate.Schema(0)
			s.Otherwise = "what is expected must hold at both 150 and 189 words a minute"
			return s
		},
		Read: func(f form.File, in *source.Reader, to *Scenario) {
			if in.Node(key) == nil {
				return
			}
			known := to.Speech.Middle()
			rate.Read(f, in, key, &known.WordsPerMinute)
			to.Speech = speech.Always(known)
		},
		Write: func(f form.File, from, _ *Scenario) any {
			if fast := from.Speech.Fast.WordsPerMinute; fast == from.Speech.Slow.WordsPerMinute {
				return rate.Write(f, fast, fast)
			}
			return nil
		},
	}
}()

// pause is a field of a pause, which is then as long at both bounds.
func pause(key, doc string, of func(*speech.Rate) *time.Duration) form.Field[Scenario] {
	span := form.Duration()
	return form.Field[Scenario]{
		Key: key, Doc: doc,
		Schema: func(standard *Scenario) *form.Schema {
			s := span.Schema(0)
			if slow, fast := *of(&standard.Speech.Slow), *of(&standard.Speech.Fast); slow == fast {
				s.Default = form.Spell(fast)
			} else {
				s.Otherwise = form.Spell(fast) + " for a fast voice, " + form.Spell(slow) + " for a slow one"
			}
			return s
		},
		Read: func(f form.File, in *source.Reader, to *Scenario) {
			if in.Node(key) != nil {
				span.Read(f, in, key, of(&to.Speech.Fast))
				*of(&to.Speech.Slow) = *of(&to.Speech.Fast)
			}
		},
		Write: func(f form.File, from, standard *Scenario) any {
			fast, middle := *of(&from.Speech.Fast), standard.Speech.Middle()
			if fast != *of(&from.Speech.Slow) || from.Speech.IsKnown() && fast == *of(&middle) {
				return nil
			}
			return span.Write(f, fast, fast)
		},
	}
}

// lengthsForm is that of the lengths by text, with white space collapsed.
func lengthsForm() form.Form[map[string]time.Duration] {
	lengths := form.Named("TEXT", form.DurationItem)
	read := lengths.Read
	lengths.Read = func(f form.File, in *source.Reader, key string, to *map[string]time.Duration) {
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
func assumptionsForm() form.Form[flow.Assumptions] {
	return form.Form[flow.Assumptions]{
		Schema: assumptionsSchema,
		Read: func(_ form.File, in *source.Reader, key string, to *flow.Assumptions) {
			for _, m := range in.Members(key) {
				text := m.Value.Text
				if m.Value.Is(source.Null) { // a word like any other, where the assumption has it
					if text = "null"; !slices.Contains(valuesOf(m.Key), text) {
						continue
					}
				}
				if err := to.Set(m.Key, text); err != nil {
					in.Report(CodeAssumption, m.Pos, err.Error(), "`connect-async call --assumptions` lists them.")
				}
			}
		},
		Write: func(_ form.File, value, standard flow.Assumptions) any {
			written := form.Mapping{}
			for _, a := range flow.AssumptionTable() {
				if set := value.Get(a.Name); set != standard.Get(a.Name) {
					written = append(written, form.Member{Key: a.Name, Value: plain(a, set)})
				}
			}
			return written
		},
	}
}

// valuesOf are the words that an assumption can be set to.
func valuesOf(name string) []string {
	for _, a := range flow.AssumptionTable() {
		if a.Name == name {
			return a.Values
		}
	}
	return nil
}

// plain is the value of an assumption as it is written: a number where it is one.
func plain(a flow.Assumption, value string) any {
	if n, err := strconv.Atoi(value); err == nil && len(a.Values) == 0 {
		return n
	}
	return value
}

func assumptionsSchema(standard flow.Assumptions) *form.Schema {
	s := &form.Schema{Types: []string{"object"}, Closed: true}
	for _, a := range flow.AssumptionTable() {
		var each *form.Schema
		switch {
		case len(a.Values) == 0:
			each = form.Whole[int](a.Low, a.High).Schema(0)
		case a.Values[len(a.Values)-1] == "…":
			each = &form.Schema{Types: []string{"string"}, Words: "text"}
		default:
			each = form.OneOf(a.Values...).Schema("")
			if slices.Contains(a.Values, "null") {
				each.Enum = append(each.Enum, nil)
			}
		}
		each.Description, each.Default = a.Meaning, plain(a, standard.Get(a.Name))
		s.Properties = append(s.Properties, form.Property{Key: a.Name, Schema: each})
	}
	return s
}
