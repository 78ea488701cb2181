package flow

import (
	"maps"
	"slices"
	"strings"
)

// takeOutcome returns what the world says about an action that begins now.
func (c *Contact) takeOutcome(a *Action) (Outcome, bool) {
	outcomes := c.state.Options.World.Outcomes
	if len(outcomes) == 0 {
		return Outcome{}, false
	}
	key := a.Identifier
	list := outcomes[key]
	if list == nil {
		key = a.Type
		list = outcomes[key]
	}
	if len(list) == 0 {
		return Outcome{}, false
	}
	i := c.state.Outcomes[key]
	c.state.Outcomes[key]++
	return list[min(i, len(list)-1)], true
}

func (o Outcome) describe() string {
	switch {
	case o.Error != "":
		return "as given: " + o.Error
	case o.Result != "":
		return "as given: " + o.Result
	}
	return "as given: success"
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

// worldResult is the result that the world gives an action, else the default, which the timeline then names.
func (c *Contact) worldResult(f *frame, a *Action, otherwise string) string {
	if given := f.Work.Given; given != nil && given.Result != "" {
		return given.Result
	}
	c.noteWorld(a, "by default: "+otherwise)
	return otherwise
}
