package flow

import (
	"maps"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// takeOutcome returns what the world says about an action that begins now, nil when it says nothing.
func (c *Contact) takeOutcome(a *flowlang.Action) *Outcome {
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

// changeWorld replaces what another world names. The maps may be those of other contacts, too, so they are copied.
func (c *Contact) changeWorld(other World) {
	w := &c.state.Options.World
	w.Outcomes = over(w.Outcomes, other.Outcomes)
	w.Metrics = over(w.Metrics, other.Metrics)
	w.Intents = over(w.Intents, other.Intents)
	for key := range other.Outcomes {
		delete(c.state.Outcomes, key)
	}
}

// over is a copy of a map with the values of another.
func over[V any](m, other map[string]V) map[string]V {
	if len(other) == 0 {
		return m
	}
	merged := maps.Clone(m)
	if merged == nil {
		merged = map[string]V{}
	}
	maps.Copy(merged, other)
	return merged
}

// noteGiven notes which outcome of the scenario an action takes.
func (c *Contact) noteGiven(a *flowlang.Action, o Outcome) {
	switch {
	case o.Error != "":
		c.noteWorld(a, "as the scenario says: "+o.Error)
	case o.Result != "":
		c.noteWorld(a, "as the scenario says: "+o.Result)
	case len(o.Data) > 0:
		c.noteWorld(a, "as the scenario says: success, with data")
	}
}

// fill writes values into the namespaces, by reference. Whatever is not a reference, or cannot be set, is left out.
func (c *Contact) fill(f *frame, data map[string]string) {
	for _, reference := range slices.Sorted(maps.Keys(data)) {
		if path, n := flowlang.ReadReference(reference); n > 0 && n == len(reference) {
			c.fillOne(f, path[0], strings.Join(path[1:], "."), data[reference])
		}
	}
}

func (c *Contact) fillOne(f *frame, namespace, path, value string) {
	switch {
	case slices.Contains(contactFields, namespace):
		c.state.Fields[namespace] = value
	case namespace == "Attributes":
		c.state.Attributes[path] = value
	case namespace == "FlowAttributes":
		c.scope(f).Flow[path] = value
	case namespace == "External", namespace == "LambdaInvocation":
		path = strings.TrimPrefix(path, "ResultData.")
		c.scope(f).put("External", path, value)
		c.scope(f).put("ResultData", path, value)
	case slices.Contains(sharedNamespaces, namespace):
		c.share(namespace, path, value)
	default:
		c.scope(f).put(namespace, path, value)
	}
}

// sharedNamespaces belong to the contact: modules see them too.
var sharedNamespaces = []string{"MediaStreams", "Media", "Task", "SegmentAttributes", "Tags", "References"}

func (c *Contact) share(namespace, path, value string) {
	c.state.Shared[namespace] = with(c.state.Shared[namespace], path, value)
}

func (c *Contact) noteWorld(a *flowlang.Action, text string) { c.note(a, NoteWorld, text) }

// byDefault is the result of an action about which the world says nothing; the timeline names it.
func (c *Contact) byDefault(a *flowlang.Action, value string) outcome {
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
