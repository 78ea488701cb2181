package flow

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// frame is a flow, a module or the Continue branch of a Wait that runs, or that waits for the frames above it.
type frame struct {
	Kind   frameKind
	Flow   string // key in the contact's flows, "" for the first
	Depth  int    // its own index
	Scope  int
	Action string // the action that runs
	Next   string // the action to begin next, "" while one runs
	Work   work
	Prompt string // interrupted messages, to go back to when the flow ends (Resume)
	Heard  string // the iterated messages that were interrupted last
	Index  int    // the message at which that was

	flow *Flow
}

type frameKind string

const (
	flowFrame     frameKind = "flow"
	moduleFrame   frameKind = "module"
	continueFrame frameKind = "continue"
	queueFrame    frameKind = "queue"   // the customer queue flow, until an agent takes the contact
	holdFrame     frameKind = "hold"    // a hold flow, until the contact is taken off hold
	whisperFrame  frameKind = "whisper" // the customer whisper flow, before the agent speaks
)

// work is what an action remembers between its beginning and its end.
type work struct {
	Started  time.Time
	Given    *Outcome      `json:",omitempty"` // what the world says
	Delay    string        `json:",omitempty"` // timer after which the action runs
	Say      string        `json:",omitempty"` // ids that are open
	Ask      string        `json:",omitempty"`
	Timer    string        `json:",omitempty"`
	Second   string        `json:",omitempty"` // another timer
	Function string        `json:",omitempty"`
	Reply    *reply        `json:",omitempty"` // of the function, while Connect takes its own time for it
	Digits   string        `json:",omitempty"` // keys so far
	Attempts int           `json:",omitempty"`
	Limit    time.Duration `json:",omitempty"`
	Message  int           `json:",omitempty"` // index in iterated messages
	Pending  string        `json:",omitempty"` // result to take as soon as the Continue branch has finished its prompt
	Log      []byte        `json:",omitempty"` // parameters of the entry in the flow log that is to be written
	Branches []eventBranch `json:",omitempty"` // events that end a Wait
}

// opened is an id that an event may name.
type opened struct {
	ID      string
	Kind    openKind
	Depth   int       // of the frame, -1 for the contact itself
	Since   time.Time // when it was opened
	Request request   // by which command
}

type openKind string

const (
	saying   openKind = "say"
	asking   openKind = "ask"
	timing   openKind = "timer"
	invoking openKind = "function"
)

func (f *frame) current() *flowlang.Action { return f.flow.Action(f.Action) }

func (c *Contact) top() *frame { return c.state.Frames[len(c.state.Frames)-1] }

func (c *Contact) scope(f *frame) *scope { return c.state.Scopes[f.Scope] }

// push puts a new frame on top and makes it run from an action.
func (c *Contact) push(kind frameKind, key string, f *Flow, scope int, next string) *frame {
	fr := &frame{Kind: kind, Flow: key, Depth: len(c.state.Frames), Scope: scope, Next: next, flow: f}
	c.state.Frames = append(c.state.Frames, fr)
	return fr
}

// open returns a new id for something that a frame waits for; a nil frame means the contact itself.
func (c *Contact) open(kind openKind, f *frame) string {
	c.state.Serial++
	depth := -1
	if f != nil {
		depth = f.Depth
	}
	id := string(kind) + "-" + itoa(c.state.Serial)
	c.state.Opened = append(c.state.Opened, opened{ID: id, Kind: kind, Depth: depth, Since: c.state.Now})
	return id
}

func (c *Contact) isOpen(id string) bool {
	return id != "" && slices.ContainsFunc(c.state.Opened, func(o opened) bool { return o.ID == id })
}

func (c *Contact) timer(f *frame, after time.Duration) string {
	id := c.open(timing, f)
	c.emit(SetTimer{ID: id, At: c.state.Now.Add(after)})
	return id
}

// close closes one id early.
func (c *Contact) close(id string) {
	i := slices.IndexFunc(c.state.Opened, func(o opened) bool { return o.ID == id })
	if i < 0 {
		return
	}
	c.closed(c.state.Opened[i])
	c.state.Opened = slices.Delete(c.state.Opened, i, i+1)
}

func (c *Contact) closed(o opened) {
	if o.Kind == saying {
		c.emit(StopSaying{ID: o.ID})
		return
	}
	c.emit(Cancel{ID: o.ID})
}

// leave ends the action of a frame: frames above it are dropped, and what they or it opened is closed.
func (c *Contact) leave(f *frame) {
	c.closeFrom(f.Depth)
	if len(c.state.Frames) > f.Depth+1 {
		c.state.Frames = c.state.Frames[:f.Depth+1]
		c.state.Scopes = c.state.Scopes[:f.Scope+1]
	}
}

// closeFrom closes what the frames from a depth on have opened.
func (c *Contact) closeFrom(depth int) {
	c.state.Opened = slices.DeleteFunc(c.state.Opened, func(o opened) bool {
		if o.Depth < depth {
			return false
		}
		c.closed(o)
		return true
	})
}

// drop removes all frames, and scopes of modules, to make place for another flow.
func (c *Contact) drop() {
	c.logLeft()
	c.closeFrom(0)
	if len(c.state.Frames) > 0 {
		c.state.Scopes[0].Flow = map[string]string{} // flow attributes stay with their flow
	}
	c.state.Frames = nil
	c.state.Scopes = c.state.Scopes[:1]
}

// enterFlow makes a flow the only one that runs.
func (c *Contact) enterFlow(key string, f *Flow) *frame {
	c.drop()
	c.resetLoops(key)
	kind := flowFrame
	holdFor := c.state.Options.World.HoldFor
	switch {
	case f.Type.IsHold(), holdFor > 0 && f.MayHold():
		kind = holdFrame
		c.state.Hold = c.timer(nil, cmp.Or(holdFor, time.Minute))
	case f.Type == flowlang.CustomerQueue:
		kind = queueFrame
		c.awaitAgent()
	}
	return c.push(kind, key, f, 0, f.Start.Identifier)
}

// flowByKey returns a flow by its key in a frame.
func (c *Contact) flowByKey(key string) *Flow {
	if key == "" {
		return c.main
	}
	return c.flows[key]
}

// findFlow finds a flow or module by what a parameter names: id, ARN or name, with or without a version or alias.
func (c *Contact) findFlow(target string) (key string, f *Flow) {
	for _, candidate := range []string{target, target[strings.LastIndexByte(target, '/')+1:]} {
		for _, key := range []string{candidate, withoutAlias(candidate)} {
			if f := c.flows[key]; f != nil && key != "" {
				return key, f
			}
		}
	}
	return "", nil
}

// withoutAlias cuts the alias off id:alias. The colons of an ARN are before its last slash.
func withoutAlias(target string) string {
	slash := strings.LastIndexByte(target, '/') + 1
	if colon := strings.IndexByte(target[slash:], ':'); colon >= 0 {
		return target[:slash+colon]
	}
	return target
}
