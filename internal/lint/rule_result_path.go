package lint

import (
	"cmp"
	"regexp"
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
			if p.Machine.readLater(s, put, s.resultKeys()) {
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

// resultKeys are the keys of what a state writes, as far as it says them.
func (s *State) resultKeys() []string {
	written := []*source.Node{s.node.Get("ResultSelector"), s.node.Get("Result")}
	if s.Type == "Pass" { // those of other states are what they ask
		written = append(written, s.node.Get("Parameters"))
	}
	var keys []string
	for _, n := range written {
		for _, m := range n.Entries() {
			keys = append(keys, strings.TrimSuffix(m.Key, ".$"))
		}
	}
	return keys
}

// mayRead reports whether a state refers to a path, or to something below it, as far as that is known.
func (s *State) mayRead(path string) bool {
	return s.reads(path, nil) || hasFilledIn(s.node)
}

// reads reports whether a state refers to a path, or to something below it other than some keys.
func (s *State) reads(path string, except []string) bool {
	found := false
	s.node.EachText(func(n *source.Node) {
		if n == s.node.Get("ResultPath") {
			return
		}
		_, rest, refers := strings.Cut(plainPath(n.Text), path)
		for refers && !found {
			below, isBelow := strings.CutPrefix(rest, ".")
			found = (rest == "" || !isNamePart(rest[0])) && !(isBelow && slices.Contains(except, firstName(below)))
			_, rest, refers = strings.Cut(rest, path)
		}
	})
	return found
}

var (
	quotedStep = regexp.MustCompile(`\[['"](\w+)['"]\]`)
	descent    = strings.NewReplacer("..", ".")
)

// plainPath writes $['a'] and $..a as $.a.
func plainPath(text string) string {
	return descent.Replace(quotedStep.ReplaceAllString(text, ".$1"))
}

// firstName is the name with which a text begins.
func firstName(text string) string {
	end := 0
	for end < len(text) && isNamePart(text[end]) {
		end++
	}
	return text[:end]
}

func isNamePart(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// readLater reports whether a state after another one refers to a path, or to something below it other than some keys.
func (m *Machine) readLater(from *State, path string, except []string) bool {
	seen := map[*State]bool{}
	todo := slices.Clone(from.next)
	for len(todo) > 0 {
		s := m.state(todo[0])
		todo = todo[1:]
		if s == nil || seen[s] {
			continue
		}
		seen[s] = true
		if s.reads(path, except) {
			return true
		}
		todo = append(todo, s.next...)
	}
	return false
}
