package dynamodb

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// path leads to an attribute or to a part of one: member names, and indexes of lists.
type path []step

// step is one step of a path.
type step struct {
	name  string
	index int // when name is empty
}

// String writes the path as the service does: [a, b, [0]].
func (p path) String() string {
	steps := make([]string, len(p))
	for i, st := range p {
		if steps[i] = st.name; st.name == "" {
			steps[i] = fmt.Sprintf("[%d]", st.index)
		}
	}
	return "[" + strings.Join(steps, ", ") + "]"
}

// path reads a document path such as a.b[0].
func (s *scanner) path() path {
	p := path{{name: s.name()}}
	s.roots = append(s.roots, p[0].name)
	for s.next == "." || s.next == "[" {
		if s.advance() == "." {
			p = append(p, step{name: s.name()})
			continue
		}
		index, err := strconv.Atoi(s.next)
		if err != nil {
			s.unexpected()
			return p
		}
		s.advance()
		s.expect("]")
		p = append(p, step{index: index})
	}
	return p
}

// in returns what the path leads to.
func (p path) in(it item) (value, bool) {
	at, ok := it[p[0].name]
	for _, st := range p[1:] {
		if !ok {
			return value{}, false
		}
		switch {
		case st.name != "":
			at, ok = at.members[st.name]
		case st.index < len(at.list):
			at = at.list[st.index]
		default:
			return value{}, false
		}
	}
	return at, ok
}

var errPath = invalid("The document path provided in the update expression is invalid for update")

// set returns the item with a value in the path's place; what it leads through must be there.
func (p path) set(it item, v value) (item, error) {
	changed, err := p.change(value{kind: "M", members: it}, func(value, bool) (value, bool) { return v, true })
	return changed.members, err
}

// remove returns the item without what the path leads to.
func (p path) remove(it item) (item, error) {
	changed, err := p.change(value{kind: "M", members: it}, func(value, bool) (value, bool) { return value{}, false })
	return changed.members, err
}

// change returns a copy of v in which the end of the path was replaced by what edit returns; keep false removes it.
func (p path) change(v value, edit func(old value, there bool) (changed value, keep bool)) (value, error) {
	st := p[0]
	old, there := value{}, false
	switch {
	case st.name != "" && v.kind == "M":
		old, there = v.members[st.name]
	case st.name == "" && v.kind == "L":
		if there = st.index < len(v.list); there {
			old = v.list[st.index]
		}
	default:
		return v, errPath
	}
	if len(p) == 1 {
		changed, keep := edit(old, there)
		return v.with(st, changed, keep), nil
	}
	if !there {
		return v, errPath
	}
	changed, err := p[1:].change(old, edit)
	return v.with(st, changed, true), err
}

// with returns a copy of a map or list with one member set or removed. An index beyond the end of a list appends.
func (v value) with(st step, member value, keep bool) value {
	if st.name != "" {
		v.members = maps.Clone(v.members)
		if v.members == nil {
			v.members = item{}
		}
		delete(v.members, st.name)
		if keep {
			v.members[st.name] = member
		}
		return v
	}
	v.list = slices.Clone(v.list)
	switch {
	case keep && st.index < len(v.list):
		v.list[st.index] = member
	case keep:
		v.list = append(v.list, member)
	case st.index < len(v.list):
		v.list = slices.Delete(v.list, st.index, st.index+1)
	}
	return v
}
