package jsonpath

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/value"
)

// condition is the inside of a filter; candidate is what @ stands for, root what $ stands for.
type condition interface {
	holds(candidate, root any) bool
}

type (
	anyOf  []condition
	allOf  []condition
	negate struct{ condition }
	// exists holds when the operand's path leads somewhere.
	exists struct{ operand operand }
	// compare holds when both operands have values that stand in the relation.
	compare struct {
		left, right operand
		relation    func(left, right any) bool
	}
)

func (c anyOf) holds(candidate, root any) bool {
	return slices.ContainsFunc(c, func(one condition) bool { return one.holds(candidate, root) })
}

func (c allOf) holds(candidate, root any) bool {
	return !slices.ContainsFunc(c, func(one condition) bool { return !one.holds(candidate, root) })
}

func (c negate) holds(candidate, root any) bool { return !c.condition.holds(candidate, root) }

func (c exists) holds(candidate, root any) bool {
	_, ok := c.operand.value(candidate, root)
	return ok
}

func (c compare) holds(candidate, root any) bool {
	left, leftOK := c.left.value(candidate, root)
	right, rightOK := c.right.value(candidate, root)
	return leftOK && rightOK && c.relation(left, right)
}

// operand is a literal, or a path that starts at the candidate or at the root.
type operand struct {
	literal     any
	path        *Path
	atCandidate bool
}

func (o operand) value(candidate, root any) (any, bool) {
	if o.path == nil {
		return o.literal, true
	}
	start := root
	if o.atCandidate {
		start = candidate
	}
	found, err := o.path.Find(&Data{Input: start})
	if list, ok := found.([]any); ok && !o.path.definite && len(list) == 0 {
		return nil, false
	}
	return found, err == nil
}

// relations are the comparison operators of filters; a longer one comes before the shorter one that it begins with.
var relations = []struct {
	sign     string
	relation func(left, right any) bool
}{
	{"==", value.Equal},
	{"!=", func(l, r any) bool { return !value.Equal(l, r) }},
	{"<=", func(l, r any) bool { c, ok := value.Compare(l, r); return ok && c <= 0 }},
	{">=", func(l, r any) bool { c, ok := value.Compare(l, r); return ok && c >= 0 }},
	{"<", func(l, r any) bool { c, ok := value.Compare(l, r); return ok && c < 0 }},
	{">", func(l, r any) bool { c, ok := value.Compare(l, r); return ok && c > 0 }},
	{"=~", matches},
	{"nin ", func(l, r any) bool { return !contains(r, l) }},
	{"in ", func(l, r any) bool { return contains(r, l) }},
}

func matches(left, right any) bool {
	text, isText := left.(string)
	expression, isExpression := right.(*regexp.Regexp)
	return isText && isExpression && expression.MatchString(text)
}

func contains(list, v any) bool {
	elements, _ := list.([]any)
	return slices.ContainsFunc(elements, func(element any) bool { return value.Equal(element, v) })
}

func (s *scanner) filter() (step, error) {
	if err := s.expect("("); err != nil {
		return nil, err
	}
	condition, err := s.anyOf()
	if err != nil {
		return nil, err
	}
	return filterStep{condition: condition}, s.expect(")")
}

func (s *scanner) anyOf() (condition, error) {
	list, err := s.conditions("||", func() (condition, error) {
		all, err := s.conditions("&&", s.condition)
		return allOf(all), err
	})
	return anyOf(list), err
}

func (s *scanner) conditions(separator string, read func() (condition, error)) ([]condition, error) {
	var list []condition
	for {
		one, err := read()
		if err != nil {
			return nil, err
		}
		list = append(list, one)
		s.skipBlanks()
		if !s.take(separator) {
			return list, nil
		}
	}
}

func (s *scanner) condition() (condition, error) {
	if s.nesting++; s.nesting > maxNesting {
		return nil, errors.New("the filter is nested too deep")
	}
	defer func() { s.nesting-- }()
	s.skipBlanks()
	switch {
	case s.take("!"):
		one, err := s.condition()
		return negate{condition: one}, err
	case s.take("("):
		one, err := s.anyOf()
		if err != nil {
			return nil, err
		}
		return one, s.expect(")")
	}
	return s.comparison()
}

func (s *scanner) comparison() (condition, error) {
	left, err := s.operand()
	if err != nil {
		return nil, err
	}
	s.skipBlanks()
	for _, r := range relations {
		if s.take(r.sign) {
			right, err := s.operand()
			return compare{left: left, right: right, relation: r.relation}, err
		}
	}
	if left.path == nil {
		return nil, errors.New("a filter needs a path or a comparison")
	}
	return exists{operand: left}, nil
}

func (s *scanner) operand() (operand, error) {
	s.skipBlanks()
	switch c := s.peek(); {
	case c == '@':
		s.at++
		steps, err := s.steps()
		definite := !slices.ContainsFunc(steps, func(s step) bool { return !isDefinite(s) })
		return operand{path: &Path{steps: steps, definite: definite}, atCandidate: true}, err
	case c == '$':
		path, err := s.path()
		if err == nil && path.root != Input {
			err = errors.New("a path in a filter begins with @ or $")
		}
		return operand{path: path}, err
	case c == '\'' || c == '"':
		text, err := s.quoted()
		return operand{literal: text}, err
	case c == '/':
		return s.regularExpression()
	case c == '[':
		return s.literalList()
	}
	if word := bareWord.FindStringSubmatch(s.text[s.at:]); word != nil && !isLiteral(word[1]) {
		s.at += len(word[1])
		return operand{literal: word[1]}, nil
	}
	return s.word()
}

// bareWord is a text without quotes and what follows it. Samples of AWS have it in filters: [?(@.Type == TOTAL)].
var bareWord = regexp.MustCompile(`^([\pL_][\pL\pN_-]*)(?:[ )\],=!<>&|]|$)`)

func isLiteral(word string) bool { return word == "true" || word == "false" || word == "null" }

func (s *scanner) regularExpression() (operand, error) {
	s.at++
	end := strings.IndexByte(s.text[s.at:], '/')
	if end < 0 {
		return operand{}, errors.New("a regular expression ends with /")
	}
	text := s.text[s.at : s.at+end]
	s.at += end + 1
	if s.take("i") {
		text = "(?i)" + text
	}
	expression, err := regexp.Compile("^(?:" + text + ")$")
	if err != nil {
		return operand{}, fmt.Errorf("the regular expression is not valid: %w", err)
	}
	return operand{literal: expression}, nil
}

func (s *scanner) literalList() (operand, error) {
	list := []any{}
	for s.at++; ; {
		s.skipBlanks()
		if s.take("]") {
			return operand{literal: list}, nil
		}
		if c := s.peek(); c == '[' || c == '@' || c == '$' || c == '/' {
			return operand{}, s.unexpected()
		}
		one, err := s.operand()
		if err != nil {
			return operand{}, err
		}
		list = append(list, one.literal)
		s.skipBlanks()
		if !s.take(",") && s.peek() != ']' {
			return operand{}, s.unexpected()
		}
	}
}

// word reads true, false, null or a number.
func (s *scanner) word() (operand, error) {
	end := strings.IndexAny(s.text[s.at:], " \t\r\n)],=!<>&|")
	if end < 0 {
		end = len(s.text) - s.at
	}
	literal, err := value.Decode([]byte(s.text[s.at : s.at+end]))
	switch literal.(type) {
	case nil, bool, json.Number:
	default:
		return operand{}, s.unexpected()
	}
	if err != nil {
		return operand{}, s.unexpected()
	}
	s.at += end
	return operand{literal: literal}, nil
}
