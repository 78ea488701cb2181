package dynamodb

import (
	"slices"
	"strings"
)

// change is one action of an update expression. old is the item as it was: all actions see it, and none the work of
// another.
type change struct {
	path  path
	apply func(old, it item) (item, error)
}

// readUpdate reads an update expression.
func (e *expressions) readUpdate(text string) ([]change, error) {
	s := e.scan(updateKind, text)
	var changes []change
	seen := map[string]bool{}
	for s.next != "" {
		clause := strings.ToUpper(s.next)
		read, ok := clauses[clause]
		if !ok || seen[clause] {
			s.unexpected()
			break
		}
		seen[clause] = true
		s.advance()
		changes = append(changes, read(s))
		for s.accept(",") {
			changes = append(changes, read(s))
		}
	}
	return changes, s.end()
}

// clauses are the four clauses of an update expression, each with how one of its actions is read.
var clauses = map[string]func(s *scanner) change{
	"SET":    (*scanner).set,
	"REMOVE": (*scanner).remove,
	"ADD":    (*scanner).add,
	"DELETE": (*scanner).delete,
}

// result computes a new value out of the item as it was.
type result func(old item) (value, error)

var (
	errNoAttribute = invalid("The provided expression refers to an attribute that does not exist in the item")
	errOperand     = invalid("An operand in the update expression has an incorrect data type")
)

func (s *scanner) set() change {
	p := s.path()
	s.expect("=")
	return setting(p, s.sum())
}

// setting puts a new value into a place.
func setting(p path, right result) change {
	return change{path: p, apply: func(old, it item) (item, error) {
		v, err := right(old)
		if err != nil {
			return nil, err
		}
		return p.set(it, v)
	}}
}

// sum reads one term, or two with + or - between them.
func (s *scanner) sum() result {
	left := s.term()
	sign := s.next
	if sign != "+" && sign != "-" {
		return left
	}
	s.advance()
	right := s.term()
	return func(old item) (value, error) {
		a, err := left(old)
		if err != nil {
			return a, err
		}
		b, err := right(old)
		if err != nil {
			return b, err
		}
		return a.plus(b, sign)
	}
}

// plus adds or subtracts numbers.
func (v value) plus(w value, sign string) (value, error) {
	if v.kind != "N" || w.kind != "N" {
		return value{}, errOperand
	}
	if sign == "-" {
		w.text = negated(w.text)
	}
	text, err := sum(v.text, w.text)
	if err != nil {
		return value{}, invalid(err.Error())
	}
	return value{kind: "N", text: text}, nil
}

// term reads a value, a path or a function.
func (s *scanner) term() result {
	call := s.calls()
	switch {
	case strings.HasPrefix(s.next, ":"):
		v := s.value()
		return func(item) (value, error) { return v, nil }
	case call && s.next == "if_not_exists":
		return s.ifNotExists()
	case call && s.next == "list_append":
		return s.listAppend()
	}
	p := s.path()
	return func(old item) (value, error) {
		if v, ok := p.in(old); ok {
			return v, nil
		}
		return value{}, errNoAttribute
	}
}

func (s *scanner) ifNotExists() result {
	s.advance()
	s.expect("(")
	p := s.path()
	s.expect(",")
	otherwise := s.term()
	s.expect(")")
	return func(old item) (value, error) {
		if v, ok := p.in(old); ok {
			return v, nil
		}
		return otherwise(old)
	}
}

func (s *scanner) listAppend() result {
	s.advance()
	s.expect("(")
	first := s.term()
	s.expect(",")
	second := s.term()
	s.expect(")")
	return func(old item) (value, error) {
		a, err := first(old)
		if err != nil {
			return a, err
		}
		b, err := second(old)
		if err != nil {
			return b, err
		}
		if a.kind != "L" || b.kind != "L" {
			return value{}, errOperand
		}
		return value{kind: "L", list: slices.Concat(a.list, b.list)}, nil
	}
}

func (s *scanner) remove() change { return removing(s.path()) }

// removing leaves nothing in a place.
func removing(p path) change {
	return change{path: p, apply: func(_, it item) (item, error) { return p.remove(it) }}
}

func (s *scanner) add() change { return adding(s.pair()) }

func (s *scanner) delete() change { return deleting(s.pair()) }

// pair reads a path and a value, as ADD and DELETE have them.
func (s *scanner) pair() (path, value) {
	p := s.path()
	if !strings.HasPrefix(s.next, ":") {
		s.unexpected()
		return p, value{}
	}
	return p, s.value()
}

// adding adds to a number or puts elements into a set.
func adding(p path, v value) change {
	return change{path: p, apply: func(old, it item) (item, error) {
		there, ok := p.in(old)
		if v.kind != "N" && v.set == nil {
			return nil, errOperand
		}
		if !ok {
			return p.set(it, v)
		}
		if v.kind == "N" {
			sum, err := there.plus(v, "+")
			if err != nil {
				return nil, err
			}
			return p.set(it, sum)
		}
		if there.kind != v.kind {
			return nil, errOperand
		}
		union := slices.Concat(there.set, v.set)
		slices.Sort(union)
		return p.set(it, value{kind: v.kind, set: slices.Compact(union)})
	}}
}

// deleting takes elements out of a set; an empty set goes with them.
func deleting(p path, v value) change {
	return change{path: p, apply: func(old, it item) (item, error) {
		there, ok := p.in(old)
		if v.set == nil || ok && there.kind != v.kind {
			return nil, errOperand
		}
		if !ok {
			return it, nil
		}
		left := slices.DeleteFunc(slices.Clone(there.set), func(e string) bool { return slices.Contains(v.set, e) })
		if len(left) == 0 {
			return p.remove(it)
		}
		return p.set(it, value{kind: v.kind, set: left})
	}}
}
