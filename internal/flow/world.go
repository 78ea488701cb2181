package flow

import (
	"maps"
	"slices"
	"strings"
)

// takeOutcome returns what the world says about an action that begins now, nil when it says nothing.
func (c *Contact) takeOutcome(a *Action) *Outcome {
	outcomes := c.state.Options.World.Outcomes
	if len(outcomes) == 0 {
		return nil
	}
	key := a.Identifier
	list := outcomes[key]
	if list == nil {
		key = a.Type
		list = outcomes[key]
	}
	if len(list) == 0 {
		return nil
	}
	i := c.state.Outcomes[key]
	c.state.Outcomes[key]++
	return &list[min(i, len(list)-1)]
}

// noteGiven tells which outcome of the scenario an action takes.
func (c *Contact) noteGiven(a *Action, o Outcome) {
	switch {
	case o.Error != "":
		c.noteWorld(a, "as given: "+o.Error)
	case o.Result != "":
		c.noteWorld(a, "as given: "+o.Result)
	case len(o.Data) > 0:
		c.noteWorld(a, "as given: success, with data")
	}
}

// fill writes what an action found into the namespaces, by reference. What is no reference is left out.
func (c *Contact) fill(f *frame, data map[string]string) {
	for _, reference := range slices.Sorted(maps.Keys(data)) {
		path, n := readReference(reference)
		if n == 0 || n != len(reference) || len(path) < 2 {
			continue
		}
		rest := strings.Join(path[1:], ".")
		switch path[0] {
		case "Attributes":
			c.state.Attributes[rest] = data[reference]
		case "MediaStreams", "Media", "Task", "SegmentAttributes", "Tags", "References":
			c.share(path[0], rest, data[reference])
		default:
			c.scope(f).put(path[0], rest, data[reference])
		}
	}
}

func (c *Contact) share(namespace, path, value string) {
	if c.state.Shared[namespace] == nil {
		c.state.Shared[namespace] = map[string]string{}
	}
	c.state.Shared[namespace][path] = value
}

func (c *Contact) noteWorld(a *Action, text string) { c.note(a, NoteWorld, text) }

// byDefault is the result of an action about which the world says nothing; the timeline names it.
func (c *Contact) byDefault(a *Action, value string) outcome {
	c.noteWorld(a, "by default: "+value)
	return result(value)
}

// given is the result that the world gives an action, "" when it gives none.
func (f *frame) given() string {
	if f.Work.Given == nil {
		return ""
	}
	return f.Work.Given.Result
}
