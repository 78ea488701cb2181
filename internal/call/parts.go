package call

import (
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/workspace"
)

// The parts of a call, for whoever plays it otherwise than Play does.

// Workspace is what accounts are made of.
func (c *Call) Workspace() *workspace.Workspace { return c.workspace }

// Voice says how long what is heard takes.
func (c *Call) Voice() player.Voice { return c.voice() }

// NewContact makes the contact of a caller that is about to enter the first flow.
func (c *Call) NewContact(caller int, id string, seed uint64) *flow.Contact {
	given := &c.scenario
	who := given.Callers[caller]
	options := flow.Options{
		ContactID: id, Channel: who.Channel, CustomerNumber: who.Number, Attributes: who.Attributes,
		Assumptions: &given.Assumptions, Seed: seed, World: given.World, Flows: c.flows,
		Log: c.flowLog, Logging: c.logging, InstanceARN: instanceARN,
	}
	if c.record != nil {
		options.Guide, options.From, options.Hooks = c.record, c.from, c.hooks
	}
	return flow.NewContact(c.flow, options)
}

// FunctionARN is the ARN that an account knows a function by, for what a flow writes for it.
func (c *Call) FunctionARN(written string) string { return c.functionARN(written) }
