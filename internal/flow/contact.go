package flow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// Contact is one contact on its way through a flow. Between two calls of Advance it is plain data: MarshalJSON writes
// all of it, Restore reads it again.
type Contact struct {
	state state
	main  *Flow
	flows map[string]*Flow
	out   []Command
}

// state is everything that a contact remembers.
type state struct {
	Options      Options
	Assumptions  Assumptions
	Now          time.Time
	Ended        Ending
	Frames       []*frame // the last one runs; those below wait for it
	Scopes       []*scope // the first belongs to the contact, the others to modules
	Opened       []opened
	Serial       int
	Random       uint64
	Actions      int                          // how many have begun
	Attributes   map[string]string            // $.Attributes
	Shared       map[string]map[string]string // namespaces that modules see too, such as SegmentAttributes
	Fields       map[string]string            // of the contact: Name, Description, LanguageCode, CustomerId …
	Queue        string                       // the working queue's ARN
	Transfers    int                          // from queue to queue
	Callback     string                       // the number to call back, when it was changed
	Voice        string                       // of Amazon Polly
	Logging      bool                         // whether flow logs are on
	Hooks        map[string]string            // event hooks: flow ids
	Loops        map[string]int               // counters, by flow and identifier
	Outcomes     map[string]int               // how many of the world's outcomes were used
	Chain        time.Duration                // what functions in a row have taken so far
	Agent        string                       // timer after which an agent takes the contact
	Hold         string                       // timer after which the contact is taken off hold
	Whisper      string                       // timer after which a whisper flow is too late
	InvocationID string                       // of the latest asynchronous invocation
	Async        []*asyncCall
	Buffering    bool   // of keys
	Keys         string // pressed and not yet used
	Rested       []string
}

// NewContact makes a contact that is about to enter a flow.
func NewContact(f *Flow, o Options) *Contact {
	assumptions := DefaultAssumptions()
	if o.Assumptions != nil {
		assumptions = *o.Assumptions
	}
	c := &Contact{main: f, flows: o.Flows}
	o = o.withDefaults()
	c.state = state{
		Logging: o.Logging, Options: o, Assumptions: assumptions, Random: o.Seed, Queue: o.Queue, Voice: "Joanna",
		Scopes:     []*scope{newScope()},
		Attributes: map[string]string{},
		Shared:     map[string]map[string]string{},
		Fields:     map[string]string{"LanguageCode": o.LanguageCode},
		Hooks:      map[string]string{},
		Loops:      map[string]int{},
		Outcomes:   map[string]int{},
	}
	maps.Copy(c.state.Attributes, o.Attributes)
	maps.Copy(c.state.Hooks, o.Hooks)
	c.fill(&frame{}, o.References)
	return c
}

// MarshalJSON writes the whole contact, without its flows.
func (c *Contact) MarshalJSON() ([]byte, error) { return json.Marshal(c.state) }

// Restore makes the contact again that MarshalJSON wrote. f and flows are those that it was made with.
func Restore(data []byte, f *Flow, flows map[string]*Flow) (*Contact, error) {
	c := &Contact{main: f, flows: flows}
	if err := json.Unmarshal(data, &c.state); err != nil {
		return nil, fmt.Errorf("the text is not a contact: %w", err)
	}
	for _, fr := range c.state.Frames {
		fr.flow = c.flowByKey(fr.Flow)
		if fr.flow == nil {
			return nil, fmt.Errorf("the contact is in the flow %q, which was not given", fr.Flow)
		}
	}
	return c, nil
}

// Ended returns how the contact ended, "" until it does.
func (c *Contact) Ended() Ending { return c.state.Ended }

// Attributes returns a copy of the contact attributes.
func (c *Contact) Attributes() map[string]string { return maps.Clone(c.state.Attributes) }

// Rested returns the names of the assumptions that the contact's course has rested on so far, sorted.
func (c *Contact) Rested() []string { return slices.Clone(c.state.Rested) }

// rest records that what follows depends on an assumption.
func (c *Contact) rest(name string) {
	if at, found := slices.BinarySearch(c.state.Rested, name); !found {
		c.state.Rested = slices.Insert(c.state.Rested, at, name)
	}
}

// Advance tells the contact what happened and returns what it wants done, in order. After Finish it returns nil.
func (c *Contact) Advance(ev Event) []Command {
	if c.state.Ended != "" {
		return nil
	}
	c.out = make([]Command, 0, 8)
	c.state.Now = ev.when()
	c.receive(ev)
	c.run()
	out := c.out
	c.out = nil
	return out
}

func (c *Contact) receive(ev Event) {
	switch e := ev.(type) {
	case Connected:
		if len(c.state.Frames) == 0 {
			c.connect()
		}
	case HungUp:
		c.finish(Finish{Ending: EndingHungUp, Reason: "the caller hung up", Action: c.current()})
	case Input:
		c.input(e)
	case WorldChanged:
		c.changeWorld(e.World)
	case Said:
		c.deliver(saying, e.ID, ev)
	case TimerFired:
		c.deliver(timing, e.ID, ev)
	case FunctionReturned:
		c.deliver(invoking, e.ID, ev)
	case FunctionFailed:
		c.deliver(invoking, e.ID, ev)
	}
}

// connect lets the contact begin: with its flow, or where the options say.
func (c *Contact) connect() {
	from := c.state.Options.From
	if len(from) == 0 {
		c.enterFlow("", c.main)
		return
	}
	c.state.Queue = cmp.Or(c.state.Queue, "unknown") // the flow may have set one
	f := c.enterFlow(from[0].Flow, c.flowByKey(from[0].Flow))
	f.Next, f.Prompt = from[0].Action, from[0].Prompt
	for i, inside := range from[1:] {
		f.Action, f.Next, f.Work.Started = f.Next, "", c.state.Now
		if f.current().Type == flowlang.Wait {
			f.Work.Timer = c.timer(f, from[i].Ends)
			f = c.push(continueFrame, f.Flow, f.flow, f.Scope, inside.Action)
			continue
		}
		c.state.Scopes = append(c.state.Scopes, newScope())
		f = c.push(moduleFrame, inside.Flow, c.flowByKey(inside.Flow), len(c.state.Scopes)-1, inside.Action)
	}
}

// run begins actions until every frame waits for an event.
func (c *Contact) run() {
	for c.state.Ended == "" && len(c.state.Frames) > 0 {
		f := c.top()
		if f.Next == "" {
			return
		}
		c.enter(f)
	}
}

func (c *Contact) enter(f *frame) {
	a := f.flow.Action(f.Next)
	if c.tooMany(f, a) {
		return
	}
	f.Action, f.Next = a.Identifier, ""
	f.Work = work{Started: c.state.Now}
	c.emit(Enter{Flow: f.flow, Action: a})
	f.Work.Given = c.outcomeOf(f, a)
	c.beginLog(f, a)
	c.apply(f, a, c.begin(f, a))
}

// begin runs an action, after the time that the world says it takes.
func (c *Contact) begin(f *frame, a *flowlang.Action) outcome {
	if given := f.Work.Given; given != nil && given.Takes > 0 {
		f.Work.Delay = c.timer(f, given.Takes)
		return waiting
	}
	return c.runAction(f, a)
}

func (c *Contact) runAction(f *frame, a *flowlang.Action) outcome {
	b := f.flow.behaviors[a.Index]
	if a.Kind != nil && a.Kind.Leaves && c.waitBelow(f) != nil {
		c.rest("continue_end")
	}
	if given := f.Work.Given; given != nil {
		if c.state.Options.Guide == nil { // which knows what happened: it does not assume it
			c.noteGiven(a, *given)
		}
		if !a.Has(flowlang.FillsLex) { // which keeps the latest bot's values until its prompt is over
			c.fill(f, given.Data)
		}
		switch {
		case given.Error != "":
			if a.Has(flowlang.FillsLex) {
				c.beginBot(f, a)
			}
			return failure(given.Error, "the scenario says so")
		case given.Result != "" && a.HasResult() && b.resume == nil:
			return result(given.Result)
		}
	}
	if b.run == nil {
		return c.runUnknown(f, a)
	}
	return b.run(c, f, a)
}

// runUnknown plays an action of a type that is not known: the scenario may say what it comes to, with an outcome for
// its identifier or its type.
func (c *Contact) runUnknown(f *frame, a *flowlang.Action) outcome {
	if f.Work.Given != nil {
		return success
	}
	c.rest("unknown_action")
	c.note(a, NoteKind, "the action type "+a.Type+" is not known here")
	if c.state.Assumptions.UnknownAction == UnknownActionStop {
		return failure(flowlang.NoMatchingError, "the action type "+a.Type+" is not known")
	}
	return success
}

// deliver passes an event to the action that opened an id. Closed ids are ignored.
func (c *Contact) deliver(kind openKind, id string, ev Event) {
	i := slices.IndexFunc(c.state.Opened, func(o opened) bool { return o.ID == id && o.Kind == kind })
	if i < 0 {
		return
	}
	depth := c.state.Opened[i].Depth
	c.state.Opened = slices.Delete(c.state.Opened, i, i+1)
	if depth < 0 {
		c.background(id, ev)
		return
	}
	f := c.state.Frames[depth]
	a := f.current()
	if id == f.Work.Delay {
		c.apply(f, a, c.runAction(f, a))
		return
	}
	c.apply(f, a, f.flow.behaviors[a.Index].resume(c, f, a, ev))
}

// apply takes the branch that an action's outcome leads to.
func (c *Contact) apply(f *frame, a *flowlang.Action, o outcome) {
	switch o.kind {
	case movedOutcome:
		return
	case waitingOutcome:
		if f.Work.Say != "" && isMessage(a) {
			c.log(f, a, o)
		}
		return
	}
	c.log(f, a, o)
	branch := c.choose(f, a, o)
	c.leave(f)
	if c.guided(f, a, branch, o) {
		return
	}
	if branch == nil {
		c.emit(Take{Flow: f.flow, Action: a, Branch: o.branch(), Result: o.value, Cause: o.cause})
		c.stop(f, a, o)
		return
	}
	f.Next = branch.To.Identifier
	c.emit(Take{Flow: f.flow, Action: a, Branch: branch.Name, Next: f.Next, Result: o.value, Cause: o.cause})
}

// isMessage reports whether an action does nothing but play.
func isMessage(a *flowlang.Action) bool {
	return a.Type == flowlang.MessageParticipant || a.Type == flowlang.MessageParticipantIteratively
}

// choose finds the branch for an outcome (facts of the flow language: a specific error, else NoMatchingError;
// conditions in their order, else NoMatchingCondition; else NextAction). It is nil when there is none.
func (c *Contact) choose(f *frame, a *flowlang.Action, o outcome) *flowlang.Branch {
	switch o.kind {
	case resultOutcome:
		for _, b := range a.Branches {
			if b.Kind == flowlang.Condition && c.holds(f, b, o) {
				return b
			}
		}
		if b := a.Error(flowlang.NoMatchingCondition); b != nil {
			return b
		}
	case failedOutcome:
		if b := a.Failed(o.value); b != nil {
			return b
		}
		c.rest("missing_error_branch")
		if c.state.Assumptions.MissingErrorBranch == MissingErrorBranchStop {
			return nil
		}
	}
	return a.Success()
}

func (c *Contact) emit(command Command) {
	c.remember(command)
	c.out = append(c.out, command)
}

func (c *Contact) current() *flowlang.Action {
	if len(c.state.Frames) == 0 {
		return nil
	}
	return c.top().current()
}

// finding reports what stopped a contact, at the place of the action.
func (f *frame) finding(code string, a *flowlang.Action, message, remedy string) *source.Finding {
	return &source.Finding{
		Code: code, Severity: source.Error, File: f.flow.File, Pos: a.Node.Pos, Message: message, Remedy: remedy,
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// atoi reads a whole number that may be surrounded by space.
func atoi(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return n, err == nil
}
