package asl

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/jsonpath"
	"github.com/connect-async/connect-async/internal/value"
)

// condition is a rule of a Choice state, or a part of one.
type condition interface {
	holds(data *jsonpath.Data) (bool, error)
}

type (
	allOf []condition
	anyOf []condition
	not   struct{ condition condition }
	// presence is IsPresent.
	presence struct {
		variable *jsonpath.Path
		want     bool
	}
	// typeTest is IsNull, IsString and the like.
	typeTest struct {
		variable *jsonpath.Path
		is       func(value any) bool
		want     bool
	}
	// comparison compares a variable with a value, or with what another path leads to.
	comparison struct {
		variable *jsonpath.Path
		compare  func(value, with any) bool
		with     any
		withPath *jsonpath.Path
	}
)

// badPathError is the error of a condition whose path leads nowhere.
type badPathError struct{ path *jsonpath.Path }

// Error implements error.
func (e badPathError) Error() string {
	return fmt.Sprintf("Invalid path '%s': The choice state's condition path references an invalid value.", e.path)
}

func (c allOf) holds(data *jsonpath.Data) (bool, error) {
	for _, one := range c {
		if holds, err := one.holds(data); !holds || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (c anyOf) holds(data *jsonpath.Data) (bool, error) {
	for _, one := range c {
		if holds, err := one.holds(data); holds || err != nil {
			return holds, err
		}
	}
	return false, nil
}

func (c not) holds(data *jsonpath.Data) (bool, error) {
	holds, err := c.condition.holds(data)
	return !holds, err
}

func (c presence) holds(data *jsonpath.Data) (bool, error) {
	_, err := c.variable.Find(data)
	return (err == nil) == c.want, nil
}

func (c typeTest) holds(data *jsonpath.Data) (bool, error) {
	value, err := c.variable.Find(data)
	if err != nil {
		return false, badPathError{path: c.variable}
	}
	return c.is(value) == c.want, nil
}

func (c comparison) holds(data *jsonpath.Data) (bool, error) {
	value, err := c.variable.Find(data)
	if err != nil {
		return false, badPathError{path: c.variable}
	}
	with := c.with
	if c.withPath != nil {
		if with, err = c.withPath.Find(data); err != nil {
			return false, badPathError{path: c.withPath}
		}
	}
	return c.compare(value, with), nil
}

// typeTests are the operators that take true or false.
var typeTests = map[string]func(value any) bool{
	"IsNull":      func(v any) bool { return v == nil },
	"IsBoolean":   isBool,
	"IsString":    isString,
	"IsNumeric":   isNumber,
	"IsTimestamp": func(v any) bool { text, _ := v.(string); _, ok := parseTimestamp(text); return ok },
}

// comparisons are the operators with a value, by the family whose values they compare and the relation. Each exists
// with a value and, with "Path" at the end of its name, with a path; StringMatches has no such form.
var comparisons = comparisonTable()

// family is a kind of values that can be compared. is says whether a value belongs to it.
type family struct {
	prefix string
	is     func(value any) bool
	order  func(a, b any) int
}

var families = []family{
	{prefix: "String", is: isString, order: func(a, b any) int { return strings.Compare(a.(string), b.(string)) }},
	{prefix: "Numeric", is: isNumber, order: func(a, b any) int { order, _ := value.Compare(a, b); return order }},
	{prefix: "Timestamp", is: typeTests["IsTimestamp"], order: compareTimestamps},
}

var relations = map[string]func(order int) bool{
	"Equals":            func(order int) bool { return order == 0 },
	"LessThan":          func(order int) bool { return order < 0 },
	"LessThanEquals":    func(order int) bool { return order <= 0 },
	"GreaterThan":       func(order int) bool { return order > 0 },
	"GreaterThanEquals": func(order int) bool { return order >= 0 },
}

// operator is a comparison: is checks the value that it is given in the definition.
type operator struct {
	is      func(value any) bool
	compare func(value, with any) bool
}

func comparisonTable() map[string]operator {
	table := map[string]operator{
		"BooleanEquals": {is: isBool, compare: func(v, with any) bool { return isBool(v) && v == with }},
		"StringMatches": {is: isString, compare: matchesPattern},
	}
	for _, family := range families {
		for name, relation := range relations {
			table[family.prefix+name] = operator{is: family.is, compare: func(v, with any) bool {
				return family.is(v) && family.is(with) && relation(family.order(v, with))
			}}
		}
	}
	return table
}

func compareTimestamps(a, b any) int {
	x, _ := parseTimestamp(a.(string))
	y, _ := parseTimestamp(b.(string))
	return x.Compare(y)
}

// matchesPattern compares with a pattern in which * stands for any text and \* for a star.
func matchesPattern(value, pattern any) bool {
	text, isText := value.(string)
	if !isText {
		return false
	}
	var b strings.Builder
	b.WriteString(`(?s)^`)
	for rest := pattern.(string); rest != ""; {
		switch {
		case strings.HasPrefix(rest, `\*`), strings.HasPrefix(rest, `\\`):
			b.WriteString(regexp.QuoteMeta(rest[1:2]))
			rest = rest[2:]
		case rest[0] == '*':
			b.WriteString(`.*`)
			rest = rest[1:]
		default:
			n := strings.IndexAny(rest[1:], `*\`) + 1
			if n == 0 {
				n = len(rest)
			}
			b.WriteString(regexp.QuoteMeta(rest[:n]))
			rest = rest[n:]
		}
	}
	matched, err := regexp.MatchString(b.String()+`$`, text)
	return err == nil && matched
}
