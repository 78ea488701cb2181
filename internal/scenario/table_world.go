package scenario

import (
	"strconv"
	"time"

	"github.com/connect-async/connect-async/internal/asl"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/source"
)

var worldFields = fields[flow.World]{
	at("outcomes", "how actions turn out, by identifier or by type; a list is used in turn",
		func(w *flow.World) *map[string][]flow.Outcome { return &w.Outcomes }, named(worldOutcomesItem)),
	at("metrics", "values under $.Metrics", func(w *flow.World) *map[string]string { return &w.Metrics }, texts()),
	at("intents", "what a caller says, and the Lex intent it means",
		func(w *flow.World) *map[string]string { return &w.Intents }, texts()),
	at("hold_for", "until a contact is taken off hold, in a hold flow; default: a minute",
		func(w *flow.World) *time.Duration { return &w.HoldFor }, duration()),
	{
		key: "agent_after", doc: "until an agent takes a contact from the queue; default: a minute", schema: timeSpan,
		read: func(_ file, in *source.Reader, to *flow.World) { to.AgentAfter = in.Duration("agent_after", 0) },
		write: func(_ file, from, _ *flow.World) any {
			if from.AgentAfter <= 0 {
				return nil
			}
			return spell(from.AgentAfter)
		},
	},
	{
		key: "no_agent", doc: "no agent ever takes the contact", schema: truth().schema,
		read: func(_ file, in *source.Reader, to *flow.World) {
			if in.Bool("no_agent", false) {
				to.AgentAfter = -1
			}
		},
		write: func(_ file, from, _ *flow.World) any {
			if from.AgentAfter >= 0 {
				return nil
			}
			return true
		},
	},
}

// worldOutcomesItem is one outcome, or a list of them.
var worldOutcomesItem = item[[]flow.Outcome]{
	schema: schema{"anyOf": []schema{
		worldOutcomeItem.schema, {"type": "array", "items": worldOutcomeItem.schema},
	}},
	read: func(f file, node *source.Node) (outcomes []flow.Outcome) {
		list := []*source.Node{node}
		if node.Kind == source.Array {
			list = node.Items
		}
		for _, each := range list {
			outcomes = append(outcomes, worldOutcomeItem.read(f, each))
		}
		return outcomes
	},
	write: func(f file, outcomes []flow.Outcome) any {
		if len(outcomes) == 1 {
			return worldOutcomeItem.write(f, outcomes[0])
		}
		written := []any{}
		for _, o := range outcomes {
			written = append(written, worldOutcomeItem.write(f, o))
		}
		return written
	},
}

// worldOutcomeItem is a result by itself, or an object with all that can be said of it.
var worldOutcomeItem = func() item[flow.Outcome] {
	whole := objectItem(fields[flow.Outcome]{
		at("result", "what the action's conditions are compared with",
			func(o *flow.Outcome) *string { return &o.Result }, text()),
		at("error", "the error type whose branch is taken", func(o *flow.Outcome) *string { return &o.Error }, text()),
		at("data", "what the action fills, by reference",
			func(o *flow.Outcome) *map[string]string { return &o.Data }, texts()),
		at("takes", "how long it takes", func(o *flow.Outcome) *time.Duration { return &o.Takes }, duration()),
	}, zero, nil)
	return item[flow.Outcome]{
		schema: schema{"anyOf": []schema{text().schema, whole.schema}},
		read: func(f file, node *source.Node) flow.Outcome {
			if node.Kind != source.Object {
				return flow.Outcome{Result: node.Text}
			}
			return whole.read(f, node)
		},
		write: func(f file, o flow.Outcome) any {
			if o.Error == "" && o.Data == nil && o.Takes == 0 && o.Result != "" {
				return o.Result
			}
			return whole.write(f, o)
		},
	}
}()

func faultsOf(s *Scenario) *[]local.Fault { return &s.Faults }

var faultFields = fields[local.Fault]{
	at("service", "the service that is asked", func(f *local.Fault) *local.Service { return &f.Service },
		oneOf(local.StepFunctions, local.Lambda, local.DynamoDB, local.EventBridge)),
	at("operation", "the operation that is asked for; default: any",
		func(f *local.Fault) *string { return &f.Operation },
		oneOf("start", "describe", "stop", "pending", "get", "finish", "deliver")),
	at("from", "after the call began", func(f *local.Fault) *time.Duration { return &f.From }, duration()),
	at("to", "until then; default: for ever", func(f *local.Fault) *time.Duration { return &f.To }, duration()),
	at("takes", "how long the request takes", func(f *local.Fault) *time.Duration { return &f.Takes }, duration()),
	at("error", "the error code of the answer", func(f *local.Fault) *string { return &f.Error }, text()),
	at("lose_reply", "the request is served, but its answer is lost",
		func(f *local.Fault) *bool { return &f.LoseReply }, truth()),
	at("calls", "the numbers of the requests that it is about, counted from 1",
		func(f *local.Fault) *[]int { return &f.Calls }, callsForm()),
	at("rate", "the probability that it happens", func(f *local.Fault) *float64 { return &f.Rate }, rateForm()),
}

var faultItem = objectItem(faultFields, zero, checkFault)

func callsForm() form[[]int] {
	return form[[]int]{
		schema: schema{"type": "array", "items": schema{"type": "integer", "minimum": 1}},
		read: func(_ file, in *source.Reader, key string, to *[]int) {
			for _, item := range in.Items(key) {
				n, err := strconv.Atoi(item.Text)
				if err != nil || n < 1 {
					in.Report(source.CodeBadValue, item.Pos, "this is not the number of a request", "Count from 1.")
				}
				*to = append(*to, n)
			}
		},
		write: func(_ file, value, _ []int) any {
			written := []any{}
			for _, n := range value {
				written = append(written, n)
			}
			return written
		},
	}
}

func rateForm() form[float64] {
	return form[float64]{
		schema: schema{"type": "number", "exclusiveMinimum": 0, "maximum": 1},
		read: func(_ file, in *source.Reader, key string, to *float64) {
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
		write: same[float64],
	}
}

func checkFault(in *source.Reader, node *source.Node, f local.Fault) {
	if f.Service == "" || f.Error == "" && f.Takes == 0 && !f.LoseReply {
		in.Report(source.CodeBadValue, node.Pos, "this fault does nothing",
			"Name the service (step_functions, dynamodb, lambda or event_bridge) and one of error, takes and "+
				"lose_reply.")
	}
}

// amount is the form of a number, or the ends of a range.
func amount() form[*Range] {
	ends := fields[Range]{
		at("min", "the least", func(r *Range) *int { return &r.Low }, whole[int](0, maxAmount)),
		at("max", "the most", func(r *Range) *int { return &r.High }, whole[int](0, maxAmount)),
	}
	return form[*Range]{
		schema: schema{"anyOf": []schema{{"type": "integer", "minimum": 0, "maximum": maxAmount}, ends.schema()}},
		read: func(f file, in *source.Reader, key string, to **Range) {
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
			ends.read(f, spread, &r)
			if r.Low > r.High {
				spread.Report(source.CodeBadValue, node.Pos, key+" can never hold: min is more than max",
					"Write a min that is not more than max.")
			}
			*to = &r
		},
		write: func(f file, value, _ *Range) any {
			if value.Low == value.High {
				return value.Low
			}
			return ends.write(f, value, &Range{High: maxAmount})
		},
	}
}

var expectFields = fields[Expectations]{
	at("heard", "parts of texts, heard in this order",
		func(e *Expectations) *[]HeardBy { return &e.Heard }, list(heardItem)),
	at("never_heard", "parts of texts that are not heard",
		func(e *Expectations) *[]string { return &e.NeverHeard }, textList()),
	at("longest_silence", "the most", func(e *Expectations) **time.Duration { return &e.LongestSilence }, limit()),
	at("dead_air", "the most", func(e *Expectations) **time.Duration { return &e.DeadAir }, limit()),
	at("detection_delay", "the most: from the end of the function until the flow takes the branch for it",
		func(e *Expectations) **time.Duration { return &e.DetectionDelay }, limit()),
	at("lambda_calls", "how often Connect calls a function, its retries included",
		func(e *Expectations) **Range { return &e.LambdaCalls }, amount()),
	at("executions", "how many are started", func(e *Expectations) **Range { return &e.Executions }, amount()),
	at("function", "how the first execution ended", func(e *Expectations) *string { return &e.Function },
		oneOf(string(asl.Running), string(asl.Succeeded), string(asl.Failed), string(asl.TimedOut),
			string(asl.Aborted))),
	at("ending", "how the call ended", func(e *Expectations) *flow.Ending { return &e.Ending },
		oneOf(flow.EndingDisconnected, flow.EndingHungUp, flow.EndingTransferred, flow.EndingCompleted,
			flow.EndingFatal, flow.EndingGuard)),
	at("attributes", "contact attributes at the end",
		func(e *Expectations) *map[string]string { return &e.Attributes }, texts()),
	at("within", "the most: the length of the call",
		func(e *Expectations) **time.Duration { return &e.Within }, limit()),
	at("branches", "branches that are each taken at least once",
		func(e *Expectations) *[]Branch { return &e.Branches }, list(objectItem(branchFields, zero, checkBranch))),
}

// heardItem is a text, or an object with text and by.
var heardItem = func() item[HeardBy] {
	whole := objectItem(fields[HeardBy]{
		at("text", "a part of a text", func(h *HeardBy) *string { return &h.Text }, text()),
		at("by", "when it must have begun", func(h *HeardBy) *time.Duration { return &h.By }, duration()),
	}, zero, nil)
	return item[HeardBy]{
		schema: schema{"anyOf": []schema{text().schema, whole.schema}},
		read: func(f file, node *source.Node) HeardBy {
			h := HeardBy{Text: node.Text}
			if node.Kind == source.Object {
				h = whole.read(f, node)
			}
			if h.Text == "" {
				f.report(source.CodeBadValue, node.Pos, "no text is expected to be heard here",
					"Write a part of the text, or {text: TEXT, by: TIME}.")
			}
			return h
		},
		write: func(f file, h HeardBy) any {
			if h.By == 0 {
				return h.Text
			}
			return whole.write(f, h)
		},
	}
}()

var branchFields = fields[Branch]{
	at("action", "the action's identifier", func(b *Branch) *string { return &b.Action }, text()),
	at("branch", "the branch's name; `connect-async test --coverage` lists them",
		func(b *Branch) *string { return &b.Branch }, text()),
}

func checkBranch(in *source.Reader, node *source.Node, b Branch) {
	if b.Action == "" || b.Branch == "" {
		in.Report(source.CodeBadValue, node.Pos, "no branch of an action is named here",
			"Write {action: IDENTIFIER, branch: NAME}; `connect-async test --coverage` lists the names.")
	}
}
