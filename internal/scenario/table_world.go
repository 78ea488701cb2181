package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
)

var worldFields = form.Fields[flow.World]{
	form.At("outcomes", "how actions turn out, by the action's identifier or type; of a list, one after the other",
		func(w *flow.World) *map[string][]flow.Outcome { return &w.Outcomes }, form.Named("ACTION", worldOutcomesItem)),
	form.At("metrics", "values under $.Metrics, such as Queue.Size",
		func(w *flow.World) *map[string]string { return &w.Metrics }, form.Texts("METRIC")),
	form.At("intents", "the Lex intent that is meant by what a caller says",
		func(w *flow.World) *map[string]string { return &w.Intents }, form.Texts("WORDS")),
	form.At("hold_for", "how long a contact is on hold, in a hold flow",
		func(w *flow.World) *time.Duration { return &w.HoldFor }, form.Duration()).Otherwise("1m").Example("45s"),
	{
		Key: "agent_after", Doc: "how long until an agent takes a contact from the queue",
		Schema: func(*flow.World) *form.Schema {
			s := form.Duration().Schema(0)
			s.Otherwise = "1m"
			return s
		},
		Read: func(_ form.File, in *source.Reader, to *flow.World) { to.AgentAfter = in.Duration("agent_after", 0) },
		Write: func(_ form.File, from, _ *flow.World) any {
			if from.AgentAfter <= 0 {
				return nil
			}
			return form.Spell(from.AgentAfter)
		},
	},
	{
		Key: "no_agent", Doc: "no agent ever takes the contact",
		Schema: func(*flow.World) *form.Schema { return form.Bool().Schema(false) },
		Read: func(_ form.File, in *source.Reader, to *flow.World) {
			if in.Bool("no_agent", false) {
				to.AgentAfter = -1
			}
		},
		Write: func(_ form.File, from, _ *flow.World) any {
			if from.AgentAfter >= 0 {
				return nil
			}
			return true
		},
	},
}

// worldOutcomesItem is one outcome, or a list of them.
var worldOutcomesItem = form.Item[[]flow.Outcome]{
	Schema: func() *form.Schema {
		s := worldOutcomeItem.Schema()
		s.AnyOf = append(s.AnyOf, form.List(worldOutcomeItem).Schema(nil))
		return s
	},
	Read: func(f form.File, m source.Member) (outcomes []flow.Outcome) {
		list := []*source.Node{m.Value}
		if m.Value.Kind == source.Array {
			list = m.Value.Items
		}
		for _, each := range list {
			outcomes = append(outcomes, worldOutcomeItem.Read(f, source.Member{Pos: each.Pos, Value: each}))
		}
		return outcomes
	},
	Write: func(f form.File, outcomes []flow.Outcome) any {
		if len(outcomes) == 1 {
			return worldOutcomeItem.Write(f, outcomes[0])
		}
		return form.List(worldOutcomeItem).Write(f, outcomes, nil)
	},
}

// worldOutcomeItem is a result by itself, or an object with all that can be said of it.
var worldOutcomeItem = func() form.Item[flow.Outcome] {
	whole := form.Entry(form.Fields[flow.Outcome]{
		form.At("result", "what the action's conditions are compared with",
			func(o *flow.Outcome) *string { return &o.Result }, form.Text()).Example(`"True"`),
		form.At("error", "the error type whose branch is taken",
			func(o *flow.Outcome) *string { return &o.Error }, form.Text()).Example("QueueAtCapacity"),
		form.At("data", "what the action sets, by reference",
			func(o *flow.Outcome) *map[string]string { return &o.Data },
			form.Texts("REFERENCE")).Example("{$.Lex.Slots.size: large}"),
		form.At("takes", "how long the action takes",
			func(o *flow.Outcome) *time.Duration { return &o.Takes }, form.Duration()).Otherwise("no time").
			Example("4s"),
	}, form.Zero, nil)
	return form.Item[flow.Outcome]{
		Schema: func() *form.Schema {
			result := form.Text().Schema("")
			result.Words = "result"
			return form.Either(result, whole.Schema())
		},
		Read: func(f form.File, m source.Member) flow.Outcome {
			switch m.Value.Kind {
			case source.Object:
			case source.Array:
				f.Report(source.CodeWrongKind, m.Pos, "an outcome cannot be a list of outcomes",
					"Write a result, or an object with result or error.")
				return flow.Outcome{}
			default:
				return flow.Outcome{Result: m.Value.Text}
			}
			return whole.Read(f, m)
		},
		Write: func(f form.File, o flow.Outcome) any {
			if o.Error == "" && o.Data == nil && o.Takes == 0 && o.Result != "" {
				return o.Result
			}
			return whole.Write(f, o)
		},
	}
}()

func faultsOf(s *Scenario) *[]local.Fault { return &s.Faults }

var faultFields = form.Fields[local.Fault]{
	form.At("service", "the service that is asked", func(f *local.Fault) *local.Service { return &f.Service },
		form.OneOf(local.StepFunctions, local.Lambda, local.DynamoDB, local.EventBridge)).Required(),
	form.At("operation", "the operation that is asked for: "+operationWords(),
		func(f *local.Fault) *string { return &f.Operation }, form.OneOf(operations()...)).Otherwise("any"),
	form.At("from", "when the fault begins, after the beginning of the call",
		func(f *local.Fault) *time.Duration { return &f.From }, form.Duration()).Otherwise("from the beginning").
		Example("5s"),
	form.At("to", "when the fault ends, after the beginning of the call",
		func(f *local.Fault) *time.Duration { return &f.To }, form.Duration()).Otherwise("never").Example("20s"),
	form.At("takes", "by how much longer the request takes",
		func(f *local.Fault) *time.Duration { return &f.Takes }, form.Duration()).Otherwise("no longer").Example("10s"),
	form.At("error", "the error code of the answer", func(f *local.Fault) *string { return &f.Error },
		form.Text()).Otherwise("the request succeeds").Example("ThrottlingException"),
	form.At("lose_reply", "the request is served, but its answer is lost",
		func(f *local.Fault) *bool { return &f.LoseReply }, form.Bool()),
	form.At("calls", "which requests the fault is about, counted from 1",
		func(f *local.Fault) *[]int { return &f.Calls }, callsForm()).Otherwise("all").Example("[1, 2]"),
	form.At("rate", "the probability that a request is hit", func(f *local.Fault) *float64 { return &f.Rate },
		rateForm()).Otherwise("1").Example("0.1"),
}

func callsForm() form.Form[[]int] {
	return form.Form[[]int]{
		Schema: func([]int) *form.Schema {
			least := 1.0
			each := form.Schema{Types: []string{"integer"}, Minimum: &least}
			return &form.Schema{Types: []string{"array"}, Items: &each}
		},
		Read: func(_ form.File, in *source.Reader, key string, to *[]int) {
			for _, item := range in.Items(key) {
				n, err := strconv.Atoi(item.Text)
				if err != nil || n < 1 {
					in.Report(source.CodeBadValue, item.Pos, "this is not the number of a request", "Count from 1.")
				}
				*to = append(*to, n)
			}
		},
		Write: func(_ form.File, value, _ []int) any {
			written := []any{}
			for _, n := range value {
				written = append(written, n)
			}
			return written
		},
	}
}

func rateForm() form.Form[float64] {
	return form.Form[float64]{
		Schema: func(float64) *form.Schema {
			never, always := 0.0, 1.0
			return &form.Schema{Types: []string{"number"}, Above: &never, Maximum: &always,
				Words: "number above 0, at most 1"}
		},
		Read: func(_ form.File, in *source.Reader, key string, to *float64) {
			node := in.Node(key)
			if node == nil {
				return
			}
			p, err := strconv.ParseFloat(node.Text, 64)
			if err != nil || !(p > 0 && p <= 1) {
				in.Report(source.CodeBadValue, node.Pos, "rate must be a probability",
					"Write a number above 0, at most 1.")
			}
			*to = p
		},
		Write: func(_ form.File, value, _ float64) any { return value },
	}
}

var faultItem = form.Entry(faultFields, form.Zero, checkFault)

// operations are the operations of all services.
func operations() []string {
	var list []string
	for _, s := range local.Operations {
		list = append(list, s.Operations...)
	}
	return list
}

// operationWords lists the operations by service.
func operationWords() string {
	var parts []string
	for _, s := range local.Operations {
		parts = append(parts, strings.Join(s.Operations, ", ")+" of "+string(s.Service))
	}
	return strings.Join(parts, "; ")
}

func checkFault(in *source.Reader, m source.Member, f *local.Fault) {
	isOther := func(s local.Served) bool {
		return s.Service == f.Service && f.Operation != "" && !slices.Contains(s.Operations, f.Operation)
	}
	if i := slices.IndexFunc(local.Operations, isOther); i >= 0 {
		in.Report(source.CodeBadValue, m.Pos, fmt.Sprintf("%s has no operation %s", f.Service, f.Operation),
			"Write one of "+strings.Join(local.Operations[i].Operations, ", ")+", or leave operation out for any.")
	}
	if f.Service == "" || f.Error == "" && f.Takes == 0 && !f.LoseReply {
		in.Report(source.CodeBadValue, m.Pos, "this fault does nothing",
			"Name the service (step_functions, dynamodb, lambda or event_bridge) and one of error, takes and "+
				"lose_reply.")
	}
}

// amount is the form of a number, or the ends of a range.
func amount() form.Form[*Range] {
	ends := form.Fields[Range]{
		form.At("min", "at least so many", func(r *Range) *int { return &r.Low },
			form.Whole[int](0, maxAmount)).Default(0),
		form.At("max", "at most so many", func(r *Range) *int { return &r.High },
			form.Whole[int](0, maxAmount)).Otherwise("any number"),
	}
	return form.Form[*Range]{
		Schema: func(*Range) *form.Schema {
			number := form.Whole[int](0, maxAmount).Schema(0)
			number.Words = "whole number"
			return form.Either(number, ends.Schema(&Range{}))
		},
		Read: func(f form.File, in *source.Reader, key string, to **Range) {
			node := in.Node(key)
			switch {
			case node == nil:
				return
			case node.Kind != source.Object:
				n := in.Int(key, 0, 0, maxAmount)
				*to = &Range{Low: n, High: n}
				return
			}
			spread, r := in.Object(key), Range{High: maxAmount}
			ends.Read(f, spread, &r)
			if r.Low > r.High {
				spread.Report(source.CodeBadValue, node.Pos, key+" can never hold: min is more than max",
					"Write a min that is not more than max.")
			}
			*to = &r
		},
		Write: func(f form.File, value, _ *Range) any {
			if value.Low == value.High {
				return value.Low
			}
			return ends.Write(f, value, &Range{High: maxAmount})
		},
	}
}

var expectFields = form.Fields[Expectations]{
	form.At("heard", "parts of texts that are heard, in this order",
		func(e *Expectations) *[]HeardBy { return &e.Heard }, form.List(heardItem)).
		Example("[Thanks, {text: Your balance is, by: 20s}]"),
	form.At("never_heard", "parts of texts that are never heard",
		func(e *Expectations) *[]string { return &e.NeverHeard }, form.TextList()).Example("[I am sorry]"),
	form.At("longest_silence", "how long the dead air is at most, at a stretch",
		func(e *Expectations) **time.Duration { return &e.LongestSilence }, form.Limit()).Example("500ms"),
	form.At("dead_air", "how long the dead air is at most, altogether",
		func(e *Expectations) **time.Duration { return &e.DeadAir }, form.Limit()).Example("2s"),
	form.At("detection_delay", "how long it takes at most from the end of the execution until the flow takes the "+
		"branch for it",
		func(e *Expectations) **time.Duration { return &e.DetectionDelay }, form.Limit()).Example("3.6s"),
	form.At("lambda_calls", "how often Connect calls a function, its retries included",
		func(e *Expectations) **Range { return &e.LambdaCalls }, amount()).Example("{min: 2, max: 9}"),
	form.At("executions", "how many executions are started", func(e *Expectations) **Range { return &e.Executions },
		amount()).Example("1"),
	form.At("function", "how the first execution ended; RUNNING: it has not ended",
		func(e *Expectations) *string { return &e.Function },
		form.OneOf(string(asl.Running), string(asl.Succeeded), string(asl.Failed), string(asl.TimedOut),
			string(asl.Aborted))),
	form.At("ending", "how the call ended: disconnected by the flow, hung up by the caller, transferred to an agent "+
		"or elsewhere, completed (the contact goes on after a queue, hold or whisper flow), fatal (an error without a "+
		"branch), guard (the flow loops without end)", func(e *Expectations) *flow.Ending { return &e.Ending },
		form.OneOf(flow.EndingDisconnected, flow.EndingHungUp, flow.EndingTransferred, flow.EndingCompleted,
			flow.EndingFatal, flow.EndingGuard)),
	form.At("attributes", "contact attributes at the end",
		func(e *Expectations) *map[string]string { return &e.Attributes }, form.Texts("ATTRIBUTE")),
	form.At("within", "how long the call takes at most",
		func(e *Expectations) **time.Duration { return &e.Within }, form.Limit()).Example("1m"),
	form.At("branches", "branches that are each taken at least once",
		func(e *Expectations) *[]Branch { return &e.Branches },
		form.List(form.Entry(branchFields, form.Zero, checkBranch))),
	form.At("late", "what becomes of the result, of a job with when_caller_leaves: cancel or deliver",
		func(e *Expectations) *Late { return &e.Late }, form.Object(lateFields)),
}

var lateFields = form.Fields[Late]{
	form.At("outcome", "told: the flow was told the result. delivered: it went to deliver_to after the caller had "+
		"hung up. cancelled: the execution was stopped then. none: nothing was decided",
		func(l *Late) *string { return &l.Outcome }, form.OneOf(async.OutcomeTold, async.OutcomeDelivered,
			async.OutcomeCancelled, LateNone)),
	form.At("task", "attributes of the task that the result was delivered as, such as late_status, and its name and "+
		"description", func(l *Late) *map[string]string { return &l.Task }, form.Texts("ATTRIBUTE")),
	form.At("queue", "members of the message that the result was delivered as, such as status or job; output is JSON "+
		"text", func(l *Late) *map[string]string { return &l.Queue }, form.Texts("MEMBER")),
	form.At("bus", "the same of the event", func(l *Late) *map[string]string { return &l.Bus }, form.Texts("MEMBER")),
}

// heardItem is a text, or an object with text and by.
var heardItem = func() form.Item[HeardBy] {
	whole := form.Entry(form.Fields[HeardBy]{
		form.At("text", "a part of a text", func(h *HeardBy) *string { return &h.Text }, form.Text()).Required().
			Example("Your balance is"),
		form.At("by", "when the text has begun, at the latest", func(h *HeardBy) *time.Duration { return &h.By },
			form.Duration()).Otherwise("at any time").Example("20s"),
	}, form.Zero, nil)
	return form.Item[HeardBy]{
		Schema: func() *form.Schema { return form.Either(form.Text().Schema(""), whole.Schema()) },
		Read: func(f form.File, m source.Member) HeardBy {
			node := m.Value
			h := HeardBy{Text: node.Text}
			if node.Kind == source.Object {
				h = whole.Read(f, m)
			}
			if h.Text == "" {
				f.Report(source.CodeBadValue, node.Pos, "no text is expected to be heard here",
					"Write a part of the text, or {text: TEXT, by: TIME}.")
			}
			return h
		},
		Write: func(f form.File, h HeardBy) any {
			if h.By == 0 {
				return h.Text
			}
			return whole.Write(f, h)
		},
	}
}()

var branchFields = form.Fields[Branch]{
	form.At("action", "the action's identifier", func(b *Branch) *string { return &b.Action }, form.Text()).Required().
		Example("Check"),
	form.At("branch", "the branch's name; `connect-async test --coverage` lists the names",
		func(b *Branch) *string { return &b.Branch }, form.Text()).Required().Example("NoMatchingError"),
}

func checkBranch(in *source.Reader, m source.Member, b *Branch) {
	if b.Action == "" || b.Branch == "" {
		in.Report(source.CodeBadValue, m.Pos, "no branch of an action is named here",
			"Write {action: IDENTIFIER, branch: NAME}; `connect-async test --coverage` lists the names.")
	}
}
