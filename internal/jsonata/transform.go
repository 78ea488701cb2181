package jsonata

import (
	"slices"

	"github.com/connect-async/connect-async/internal/value"
)

// transform is |pattern|update, delete| as a function: it gives a copy of its argument in which the objects that the
// pattern finds are changed.
type transform struct {
	node  *node
	frame *frame
}

func (t *transform) arity() int { return 1 }

var transformSignature = mustSignature("<(oa):o>")

func (t *transform) call(e *evaluation, arguments []any, input any) (any, *Error) {
	arguments, err := transformSignature.check(arguments, input)
	if err != nil {
		return nil, err
	}
	if isUndefined(arguments[0]) {
		return undefined, nil
	}
	c := &changes{e: e, changed: map[*value.Object]*value.Object{}}
	root := c.copy(arguments[0])
	found, err := e.eval(t.node.left, root, t.frame)
	if err != nil {
		return nil, err
	}
	matches, ok := elements(found)
	if !ok {
		matches = []any{found}
	}
	for _, match := range matches {
		if isUndefined(match) {
			continue
		}
		if err := t.change(c, match); err != nil {
			return nil, err
		}
	}
	return c.resolve(root), nil
}

// change applies the update and the deletion to one match.
func (t *transform) change(c *changes, match any) *Error {
	update, err := c.e.eval(t.node.right, c.resolve(match), t.frame)
	if err != nil {
		return err
	}
	object, isObject := match.(*value.Object)
	if !isUndefined(update) {
		added, ok := update.(*value.Object)
		if !ok {
			return fail("T2011").at(t.node.right.position).with(update)
		}
		if isObject {
			c.merge(object, added)
		}
	}
	if t.node.third == nil {
		return nil
	}
	deleted, err := c.e.eval(t.node.third, c.resolve(match), t.frame)
	if err != nil || isUndefined(deleted) {
		return err
	}
	names, ok := elements(deleted)
	if !ok {
		names = []any{deleted}
	}
	for _, name := range names {
		if _, isText := name.(string); !isText {
			return fail("T2012").at(t.node.third.position).with(deleted)
		}
	}
	if isObject {
		c.remove(object, names)
	}
	return nil
}

// changes are what a transform does to a copy. The objects of the copy stay as they are; what they become stands
// beside them.
type changes struct {
	e       *evaluation
	changed map[*value.Object]*value.Object
}

// copy copies a value, so that each object in it has an identity of its own.
func (c *changes) copy(v any) any {
	c.e.work(1)
	if object, ok := v.(*value.Object); ok {
		members := make([]value.Member, 0, object.Len())
		c.e.allocateObject(object.Len())
		for name, member := range object.All() {
			members = append(members, value.M(name, c.copy(member)))
		}
		return value.NewObject(members...)
	}
	items, ok := elements(v)
	if !ok {
		return v
	}
	copied := &array{items: make([]any, len(items))}
	c.e.allocate(len(items))
	for i, item := range items {
		copied.items[i] = c.copy(item)
	}
	return copied
}

func (c *changes) current(object *value.Object) *value.Object {
	if changed, ok := c.changed[object]; ok {
		return changed
	}
	return object
}

func (c *changes) merge(object, added *value.Object) {
	var members []value.Member
	for name, member := range added.All() {
		members = append(members, value.M(name, member))
	}
	c.changed[object] = c.current(object).With(members...)
}

func (c *changes) remove(object *value.Object, names []any) {
	var left []value.Member
	for name, member := range c.current(object).All() {
		if !slices.Contains(names, any(name)) {
			left = append(left, value.M(name, member))
		}
	}
	c.changed[object] = value.NewObject(left...)
}

// resolve returns a value of the copy with all changes in it.
func (c *changes) resolve(v any) any {
	c.e.work(1)
	if object, ok := v.(*value.Object); ok {
		object = c.current(object)
		members := make([]value.Member, 0, object.Len())
		c.e.allocateObject(object.Len())
		for name, member := range object.All() {
			members = append(members, value.M(name, c.resolve(member)))
		}
		return value.NewObject(members...)
	}
	a, ok := v.(*array)
	if !ok {
		return v
	}
	resolved := *a
	resolved.items = make([]any, len(a.items))
	c.e.allocate(len(a.items))
	for i, item := range a.items {
		resolved.items[i] = c.resolve(item)
	}
	return &resolved
}
