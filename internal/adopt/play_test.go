package adopt_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/adopt"
	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
)

const (
	moduleID = "22222222-2222-4333-8444-000000000001"
	machine  = "arn:aws:states:us-east-1:111122223333:stateMachine:test-work"
)

// course is what one play came to, as far as an original and an adopted flow can be compared: the new actions, and the
// block itself, are left out.
type course struct {
	steps []string // branches taken, and texts said
	asked []string // what the block's function was given, call by call
	end   flow.Finish
}

func (c course) String() string {
	return fmt.Sprintf("%s\nfunction: %s\n%s at %s", strings.Join(c.steps, "\n"), strings.Join(c.asked, "\n"),
		c.end.Ending, c.at())
}

// at is where the contact ended.
func (c course) at() string {
	if c.end.Action == nil {
		return ""
	}
	return c.end.Action.Identifier
}

// stranger plays one flow, as random as a seed says, with functions that answer the same whichever flow calls them.
type stranger struct {
	original *flowlang.Flow
	block    *flowlang.Action
	seed     uint64
	takes    time.Duration // of the block's function, when it is behind the async function
	added    map[string]bool
	facts    facts
	way      adopt.Way

	clock      *clock.Virtual
	player     *player.Player
	async      *async.Function
	course     course
	noFunction bool // the original's block did not know which function it invokes
	started    map[string]async.Execution
}

// facts are what random plays draw from.
type facts struct {
	keys   []string            // of replies that the flow reads
	values map[string][]string // that a reference is compared with
	reads  []string            // references that the flow reads
}

func gather(f *flowlang.Flow) facts {
	all := facts{values: map[string][]string{}}
	for _, a := range f.Actions {
		a.Parameters.EachText(func(n *source.Node) {
			for _, path := range flowlang.References(n.Text) {
				all.reads = append(all.reads, "$."+strings.Join(path, "."))
				if path[0] == "External" && len(path) == 2 {
					all.keys = append(all.keys, path[1])
				}
			}
		})
		compared := a.Text("ComparisonValue")
		for _, b := range a.Branches {
			if b.Kind == flowlang.Condition && compared != "" && b.Operand() != "" {
				all.values[compared] = append(all.values[compared], b.Operand())
			}
		}
	}
	for _, list := range []*[]string{&all.keys, &all.reads} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return all
}

// random is the same for the same seed and purpose, in whichever flow.
func (s *stranger) random(purpose string) *rand.Rand {
	h := uint64(14695981039346656037)
	for _, b := range []byte(purpose) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(s.seed, h))
}

// play plays a flow; modules are the others that it may call.
func (s *stranger) play(t *testing.T, f *flowlang.Flow, modules map[string]*flow.Flow) course {
	t.Helper()
	compiled, found := flow.Compile(f)
	if compiled == nil {
		t.Fatal(found)
	}
	assumed := flow.DefaultAssumptions()
	assumed.ActionGuard = 3000
	assumed.ChainLimitSeconds = 0 // a loop takes another time than a block, and prompts of its own interrupt the chain
	s.noFunction = false
	s.clock, s.started, s.course = clock.NewVirtual(time.Time{}), map[string]async.Execution{}, course{}
	s.async = async.New(async.Config{Jobs: []async.Job{{Name: "work", StateMachineARN: machine}}, PrefixedNames: true,
		ExpectedCallers: 1}, s, nil, s.clock, async.WithRandom(rand.NewPCG(s.seed, 3)))
	contact := flow.NewContact(compiled, flow.Options{
		CustomerNumber: "+15550100", Attributes: s.attributes(), Channel: s.channel(), References: s.before(),
		Seed: s.seed, World: flow.World{Outcomes: s.outcomes(), AgentAfter: -1}, Assumptions: &assumed,
		Flows: modules, Queue: "arn:aws:connect:us-east-1:111122223333:instance/1/queue/1",
	})
	s.player = player.New(contact, player.Options{Clock: s.clock, Functions: s, Observer: s,
		Voice: player.Estimate{Rate: speech.DefaultRange().Fast, Unknown: time.Second}})
	err := s.clock.Run(func() {
		s.player.Connect(context.Background())
		s.clock.AfterFunc(10*time.Hour, s.player.HangUp)
		_ = s.clock.Wait(context.Background(), s.player.Done())
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.course
}

// before is the reply of a function that ran before the flow.
func (s *stranger) before() map[string]string {
	values := map[string]string{}
	if s.original.Type != flowlang.Module {
		for _, key := range s.facts.keys {
			values["$.External."+key] = s.value("before "+key, "$.External."+key)
		}
	}
	return values
}

func (s *stranger) channel() flow.Channel {
	if s.way.Chat {
		return flow.Chat
	}
	return flow.Voice
}

// attributes gives most contact attributes that the flow reads a value.
func (s *stranger) attributes() map[string]string {
	given := map[string]string{}
	for _, reference := range s.facts.reads {
		if name, ok := strings.CutPrefix(reference, "$.Attributes."); ok {
			given[name] = s.value("attribute "+name, reference)
		}
	}
	return given
}

// value is one that the flow compares the reference with, or another one.
func (s *stranger) value(purpose, reference string) string {
	r := s.random(purpose)
	candidates := append(slices.Clone(s.facts.values[reference]), "something", "5")
	return candidates[r.IntN(len(candidates))]
}

// outcomes decides every action that asks or looks something up.
func (s *stranger) outcomes() map[string][]flow.Outcome {
	outcomes := map[string][]flow.Outcome{}
	for _, a := range s.original.Actions {
		if a.Type == flowlang.Compare || a.Type == flowlang.Loop || a.Has(flowlang.Invokes) ||
			a.Type == flowlang.InvokeFlowModule && a == s.block {
			continue
		}
		var conditions []string
		for _, b := range a.Branches {
			if b.Kind == flowlang.Condition && b.Taken {
				conditions = append(conditions, b.Operand())
			}
		}
		r := s.random("outcome " + a.Identifier)
		for range 4 {
			switch {
			case a.Error(flowlang.NoMatchingError) != nil && r.IntN(8) == 0:
				outcomes[a.Identifier] = append(outcomes[a.Identifier], flow.Outcome{Error: flowlang.NoMatchingError})
			case len(conditions) > 0:
				outcomes[a.Identifier] = append(outcomes[a.Identifier],
					flow.Outcome{Result: conditions[r.IntN(len(conditions))]})
			}
		}
		if len(conditions) == 0 { // an action without conditions fails always or never
			delete(outcomes, a.Identifier)
		}
	}
	if s.seed%2 == 0 { // every other call goes to the block
		for _, o := range s.way.Outcomes {
			outcomes[o.Action] = append([]flow.Outcome{{Result: o.Result, Error: o.Error}}, outcomes[o.Action]...)
		}
	}
	return outcomes
}

// reply is what a function of the flow answers: nil when it fails.
func (s *stranger) reply(purpose string) []byte {
	if s.random(purpose+" fails").IntN(6) == 0 {
		return nil
	}
	values := map[string]string{}
	for _, key := range s.facts.keys {
		if s.random(purpose+" has "+key).IntN(8) > 0 {
			values[key] = s.value(purpose+" "+key, "$.External."+key)
		}
	}
	text, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	return text
}

// ask is a call of the block's function: it notes what it was given, and answers.
func (s *stranger) ask(parameters map[string]any) []byte {
	maps.DeleteFunc(parameters, func(name string, _ any) bool { return strings.HasPrefix(name, "sfn_") })
	text, err := json.Marshal(parameters)
	if err != nil {
		panic(err)
	}
	s.course.asked = append(s.course.asked, string(text))
	return s.reply(fmt.Sprint("the function, call ", len(s.course.asked)))
}

// Invoke implements player.Functions.
func (s *stranger) Invoke(c flow.InvokeFunction) player.Reply {
	if c.ARN == flowlang.Async.String() {
		payload, err := s.async.Handle(context.Background(), c.RequestID, c.Event)
		if err != nil {
			panic(err) // every fault is a reply
		}
		_ = s.clock.Sleep(context.Background(), 150*time.Millisecond)
		return player.Reply{Payload: payload}
	}
	_ = s.clock.Sleep(context.Background(), 300*time.Millisecond)
	var answer []byte
	if c.Action.Identifier == s.block.Identifier {
		answer = s.ask(parametersOf(c.Event))
	} else {
		answer = s.reply("function of " + c.Action.Identifier)
	}
	if answer == nil {
		return player.Reply{Failed: true, ErrorType: "Error", Payload: []byte(`{"errorType":"Error"}`)}
	}
	return player.Reply{Payload: answer}
}

func parametersOf(event []byte) map[string]any {
	var e struct {
		Details struct{ Parameters map[string]any }
	}
	if err := json.Unmarshal(event, &e); err != nil {
		panic(err)
	}
	return e.Details.Parameters
}

// Start implements async.Executions.
func (s *stranger) Start(_ context.Context, in async.StartInput) (string, error) {
	arn := strings.Replace(in.StateMachineARN, ":stateMachine:", ":execution:", 1) + ":" + in.Name
	if _, again := s.started[arn]; again {
		return arn, nil
	}
	e := async.Execution{Status: async.ExecutionSucceeded, Started: s.clock.Now(), Stopped: s.clock.Now().Add(s.takes)}
	if output := s.ask(parametersOf([]byte(in.Input))); output != nil {
		e.Output = string(output)
	} else {
		e.Status, e.Error, e.Cause = async.ExecutionFailed, "Error", "it failed"
	}
	s.started[arn] = e
	return arn, nil
}

// Describe implements async.Executions.
func (s *stranger) Describe(_ context.Context, arn string) (async.Execution, error) {
	e, ok := s.started[arn]
	switch {
	case !ok:
		return e, &async.ServiceError{Code: "ExecutionDoesNotExist", Status: 400}
	case s.clock.Now().Before(e.Stopped):
		return async.Execution{Status: async.ExecutionRunning, Started: e.Started}, nil
	}
	return e, nil
}

// Stop implements async.Executions.
func (s *stranger) Stop(context.Context, string, string, string) error { return nil }

// Command implements player.Observer.
func (s *stranger) Command(command flow.Command) {
	switch c := command.(type) {
	case flow.Take:
		isBlock := c.Action.Identifier == s.block.Identifier && c.Action.Type == flowlang.InvokeLambdaFunction
		s.noFunction = s.noFunction || isBlock && c.Cause == "LambdaFunctionARN has no value"
		if s.isOld(c.Flow.Flow, c.Action) {
			s.course.steps = append(s.course.steps, c.Action.Identifier+" → "+c.Branch)
		}
	case flow.Finish:
		s.course.end = c
	}
}

// isOld reports whether an action is the original's, and not the block.
func (s *stranger) isOld(f *flowlang.Flow, a *flowlang.Action) bool {
	return f.File == s.original.File && !s.added[a.Identifier] && a.Identifier != s.block.Identifier
}

// Opened implements player.Observer.
func (s *stranger) Opened(o player.Opened) {
	if say, ok := o.Command.(flow.Say); ok && s.original.Action(say.Action.Identifier) != nil &&
		!s.added[say.Action.Identifier] {
		s.course.steps = append(s.course.steps, "says "+say.Text+say.SSML+say.PromptID+say.Media)
	}
}

// Closed implements player.Observer.
func (s *stranger) Closed(player.Opened) {}

// Idle implements player.Observer: a caller for whom nothing can happen any more hangs up.
func (s *stranger) Idle() { s.player.HangUp() }
