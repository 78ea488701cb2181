package value

import (
	"iter"
	"slices"
)

// Member is a member of an object.
type Member struct {
	Name  string
	Value any
}

// M makes a Member.
func M(name string, v any) Member { return Member{Name: name, Value: v} }

// Object is a JSON object. It keeps the order of its members and is never written to. A nil *Object has no members.
type Object struct {
	members []Member
	index   map[string]int // where each name is; nil for a small object, which is searched
}

// small is the number of members up to which searching beats a map.
const small = 12

// NewObject makes an object, which owns the slice from then on. Of members with the same name the last one's value
// counts, at the place of the first, as in Step Functions (its JSON library, Jackson, puts members into a linked hash
// map).
func NewObject(members ...Member) *Object {
	if len(members) <= small {
		return &Object{members: uniqueFew(members)}
	}
	index := make(map[string]int, len(members))
	unique := members[:0]
	for _, m := range members {
		if i, ok := index[m.Name]; ok {
			unique[i].Value = m.Value
			continue
		}
		index[m.Name] = len(unique)
		unique = append(unique, m)
	}
	return &Object{members: unique, index: index}
}

func uniqueFew(members []Member) []Member {
	unique := members[:0]
	for _, m := range members {
		if i := find(unique, m.Name); i >= 0 {
			unique[i].Value = m.Value
			continue
		}
		unique = append(unique, m)
	}
	return unique
}

func find(members []Member, name string) int {
	for i := range members {
		if members[i].Name == name {
			return i
		}
	}
	return -1
}

func (o *Object) find(name string) int {
	if o == nil {
		return -1
	}
	if o.index == nil {
		return find(o.members, name)
	}
	if i, ok := o.index[name]; ok {
		return i
	}
	return -1
}

// Get returns the value of a member, and whether there is such a member.
func (o *Object) Get(name string) (any, bool) {
	if i := o.find(name); i >= 0 {
		return o.members[i].Value, true
	}
	return nil, false
}

// Len returns the number of members.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.members)
}

// All returns the members in order.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		if o == nil {
			return
		}
		for i := range o.members {
			if !yield(o.members[i].Name, o.members[i].Value) {
				return
			}
		}
	}
}

// With returns the object with other members: a member that is there keeps its place and gets the new value, others
// are added at the end.
func (o *Object) With(members ...Member) *Object {
	if o == nil {
		return NewObject(slices.Clone(members)...)
	}
	if len(members) == 1 && o.index == nil && len(o.members) < small {
		return o.withOne(members[0])
	}
	return NewObject(slices.Concat(o.members, members)...)
}

func (o *Object) withOne(m Member) *Object {
	changed := make([]Member, len(o.members), len(o.members)+1)
	copy(changed, o.members)
	if i := find(changed, m.Name); i >= 0 {
		changed[i].Value = m.Value
	} else {
		changed = append(changed, m)
	}
	return &Object{members: changed}
}
