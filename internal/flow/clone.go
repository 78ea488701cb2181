package flow

import (
	"maps"
	"slices"
)

// Clone returns a contact that stands where this one does, and goes on independently of it.
func (c *Contact) Clone() *Contact {
	s := c.state
	s.Frames = cloneEach(s.Frames)
	for _, f := range s.Frames {
		f.Work.Branches = slices.Clone(f.Work.Branches)
	}
	s.Scopes = cloneEach(s.Scopes)
	for _, scope := range s.Scopes {
		scope.Flow, scope.Data = maps.Clone(scope.Flow), maps.Clone(scope.Data)
	}
	s.Opened, s.Async, s.Rested = slices.Clone(s.Opened), cloneEach(s.Async), slices.Clone(s.Rested)
	s.Attributes, s.Fields, s.Hooks = maps.Clone(s.Attributes), maps.Clone(s.Fields), maps.Clone(s.Hooks)
	s.Loops, s.Outcomes, s.Shared = maps.Clone(s.Loops), maps.Clone(s.Outcomes), maps.Clone(s.Shared)
	return &Contact{state: s, main: c.main, flows: c.flows}
}

// cloneEach copies a list and what it points to.
func cloneEach[V any](list []*V) []*V {
	list = slices.Clone(list)
	for i, v := range list {
		v := *v
		list[i] = &v
	}
	return list
}
