package lint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

var ruleResultPath = Rule{
	ID: "result-overwritten", Group: GroupMachine, Severity: source.Warning, Needs: NeedsMachine,
	Summary: "A state overwrites an earlier result, or the whole input, although a later state still reads it.",
	Why: "The later state finds nothing, or a different result: the work fails, or the caller hears the wrong " +
		"thing.",
	Remedy: "Give each result its own ResultPath, or none when nothing later needs the input.",
	Evidence: "Step Functions developer guide, input and output processing; the original system's state machine " +
		"overwrites execution (S2).",
	Check: func(p *Pass) {
		for _, first := range p.Machine.States {
			if put := first.node.Get("ResultPath").Str(); len(put) > 2 && !flowlang.FilledIn(put) {
				p.followResult(first, put)
			}
		}
	},
}

// followResult walks on from a state that has put its result somewhere, which one that failed has not, until a state
// reads it. A state that overwrites it before is reported.
func (p *Pass) followResult(first *State, put string) {
	seen := map[*State]bool{first: true}
	todo := afterSuccess(first.node)
	for len(todo) > 0 {
		s := p.Machine.state(todo[0])
		todo = todo[1:]
		if s == nil || seen[s] || s.mayRead(put) {
			continue
		}
		seen[s] = true
		if n, overwrites := s.overwrites(put); overwrites {
			if p.Machine.readLater(s, put) {
				p.onState(s, n, "its result overwrites %s, which %q has set and a later state reads", put,
					first.Name)
			}
			continue
		}
		todo = append(todo, s.next...)
	}
}

// overwrites reports whether a state replaces the value at a path, by writing its result there or over the whole input.
func (s *State) overwrites(path string) (*source.Node, bool) {
	n := s.node.Get("ResultPath")
	switch s.Type {
	case "Task", "Parallel", "Map":
		if n == nil || n.Str() == "$" {
			return cmp.Or(n, s.node.Get("Type")), true
		}
	case "Pass":
		if n == nil && s.node.Get("Result") != nil {
			return s.node.Get("Type"), true
		}
	}
	return n, n.Str() == path
}

// mayRead reports whether a state refers to a path, or to something below it, as far as that is known.
func (s *State) mayRead(path string) bool {
	return s.reads(path) || hasFilledIn(s.node)
}

// reads reports whether a state refers to a path, or to something below it.
func (s *State) reads(path string) bool {
	found := false
	s.node.EachText(func(n *source.Node) {
		for at := 0; ; {
			i := strings.Index(n.Text[at:], path)
			if i < 0 {
				return
			}
			at += i + len(path)
			if at == len(n.Text) || !isNamePart(n.Text[at]) {
				found = found || n != s.node.Get("ResultPath")
				return
			}
		}
	})
	return found
}

func isNamePart(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// readLater reports whether a state after another one refers to a path.
func (m *Machine) readLater(from *State, path string) bool {
	seen := map[*State]bool{}
	todo := slices.Clone(from.next)
	for len(todo) > 0 {
		s := m.state(todo[0])
		todo = todo[1:]
		if s == nil || seen[s] {
			continue
		}
		seen[s] = true
		if s.reads(path) {
			return true
		}
		todo = append(todo, s.next...)
	}
	return false
}
