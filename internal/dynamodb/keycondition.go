package dynamodb

import (
	"fmt"
	"slices"
	"strings"
)

// keyTest is what a query says of one attribute of the key.
type keyTest struct {
	name     string
	operator string // =, <, <=, >, >=, BETWEEN or begins_with
	values   []value
}

// keyOperators are those of two operands, each with the one that means the same when the operands change places.
var keyOperators = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// The operators of keyTest that are words.
const (
	between    = "BETWEEN"
	beginsWith = "begins_with"
)

// readKeyCondition reads a key condition expression.
func (e *expressions) readKeyCondition(text string) ([]keyTest, error) {
	s := e.scan(keyKind, text)
	tests := s.keyTests()
	if err := s.end(); err != nil {
		return nil, err
	}
	if len(tests) > 2 {
		return nil, invalid("Conditions can be of length 1 or 2 only")
	}
	if len(tests) == 2 && tests[0].name == tests[1].name {
		return nil, invalid("KeyConditionExpressions must only contain one condition per key")
	}
	return tests, nil
}

// keyTests reads tests with AND between them.
func (s *scanner) keyTests() []keyTest {
	tests := s.keyTerm()
	for s.accept("AND") {
		tests = append(tests, s.keyTerm()...)
	}
	if strings.EqualFold(s.next, "OR") {
		s.notForKeys("OR")
	}
	return tests
}

// notForKeys fails at an operator that only other conditions have.
func (s *scanner) notForKeys(operator string) {
	s.refuse("Invalid operator used in KeyConditionExpression: " + operator)
}

// keyTerm reads one test, or some in parentheses.
func (s *scanner) keyTerm() []keyTest {
	switch {
	case s.accept("("):
		tests := s.keyTests()
		s.expect(")")
		return tests
	case strings.EqualFold(s.next, "NOT"):
		s.notForKeys("NOT")
	case s.calls():
		return s.keyCall()
	case strings.HasPrefix(s.next, ":"):
		v := s.value()
		operator := s.keyOperator()
		return []keyTest{{name: s.keyName(), operator: keyOperators[operator], values: []value{v}}}
	}
	name := s.keyName()
	if s.accept(between) {
		low := s.keyValue()
		s.expect("AND")
		return []keyTest{{name: name, operator: between, values: []value{low, s.keyValue()}}}
	}
	return []keyTest{{name: name, operator: s.keyOperator(), values: []value{s.keyValue()}}}
}

// keyCall reads begins_with.
func (s *scanner) keyCall() []keyTest {
	function := s.advance()
	if function != beginsWith {
		if _, ok := functions[function]; !ok && function != "size" {
			s.fail("Invalid function name; function: " + function)
		}
		s.notForKeys(function)
		return nil
	}
	s.expect("(")
	name := s.keyName()
	s.expect(",")
	v := s.keyValue()
	if v.kind != "S" && v.kind != "B" {
		s.fail("Incorrect operand type for operator or function; operator or function: begins_with, operand type: " +
			v.kind)
	}
	s.expect(")")
	return []keyTest{{name: name, operator: beginsWith, values: []value{v}}}
}

// keyOperator reads an operator between two operands.
func (s *scanner) keyOperator() string {
	if _, ok := keyOperators[s.next]; ok {
		return s.advance()
	}
	if s.next == "<>" || strings.EqualFold(s.next, "IN") {
		s.notForKeys(strings.ToUpper(s.next))
	}
	s.unexpected()
	return ""
}

// keyName reads the name of an attribute of the key.
func (s *scanner) keyName() string {
	p := s.path()
	if len(p) > 1 {
		s.refuse("KeyConditionExpressions cannot have conditions on nested attributes")
	}
	return p[0].name
}

// keyValue reads a value.
func (s *scanner) keyValue() value {
	if isName(s.next) {
		s.refuse("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
	}
	if !strings.HasPrefix(s.next, ":") {
		s.unexpected()
		return value{}
	}
	return s.value()
}

// span is the part of an index that a query's key condition leaves.
func (x *index) span(tests []keyTest) (span, error) {
	hash := x.keys[0]
	at := slices.IndexFunc(tests, func(t keyTest) bool { return t.name == hash.name })
	if at < 0 {
		return span{}, invalid("Query condition missed key schema element: " + hash.name)
	}
	for _, test := range tests {
		if err := x.checkTest(test); err != nil {
			return span{}, err
		}
	}
	if tests[at].operator != "=" {
		return span{}, invalid("Query key condition not supported")
	}
	all := partition(tests[at].values[0])
	if len(tests) == 1 {
		return within(all), nil
	}
	return tests[1-at].span(all), nil
}

// checkTest refuses a test of something else than a key, or with values of another type than the key's.
func (x *index) checkTest(test keyTest) error {
	at := slices.IndexFunc(x.keys, func(k key) bool { return k.name == test.name })
	if at < 0 {
		return invalid("Query condition missed key schema element: " + x.keys[len(x.keys)-1].name)
	}
	for _, v := range test.values {
		if !x.keys[at].takes(v) {
			return invalid(badValue + "Condition parameter type does not match schema type")
		}
		if v.text == "" && test.operator != beginsWith {
			return emptyKey(test.name)
		}
	}
	low, high := test.values[0], test.values[len(test.values)-1]
	if low.kind != high.kind {
		return invalid("Invalid KeyConditionExpression: The BETWEEN operator requires same data type for lower and " +
			"upper bounds")
	}
	if low.open() > high.open() {
		return invalid(fmt.Sprintf("Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be "+
			"greater than or equal to lower bound; lower bound operand: AttributeValue: {%s:%s}, upper bound operand: "+
			"AttributeValue: {%s:%s}", low.kind, low.text, high.kind, high.text))
	}
	return nil
}

// span is the part of a partition in which the sort key passes the test.
func (t keyTest) span(partition string) span {
	v := t.values[0]
	kind := within(partition + v.kind)
	this := within(partition + v.order())
	switch t.operator {
	case "=":
		return this
	case "<":
		return span{from: kind.from, to: this.from}
	case "<=":
		return span{from: kind.from, to: this.to}
	case ">":
		return span{from: this.to, to: kind.to}
	case ">=":
		return span{from: this.from, to: kind.to}
	case beginsWith:
		return within(partition + v.open())
	}
	return span{from: this.from, to: within(partition + t.values[1].order()).to}
}
