package dynamodb

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// legacy are the parameters that expressions have replaced (developer guide, legacy conditional parameters). They are
// read into what an expression would say.
type legacy struct {
	AttributesToGet     []string
	AttributeUpdates    map[string]attributeUpdate
	Expected            map[string]legacyCondition
	KeyConditions       map[string]legacyCondition
	QueryFilter         map[string]legacyCondition
	ScanFilter          map[string]legacyCondition
	ConditionalOperator string
}

type attributeUpdate struct {
	Action string
	Value  *value
}

type legacyCondition struct {
	ComparisonOperator string
	AttributeValueList []value
	Value              *value // of Expected
	Exists             *bool  // of Expected
}

// given are the parameters that are given, of those that mean the same as one of the kinds of expressions.
func (l legacy) given(kinds []string) (given []string) {
	for _, p := range []struct {
		name  string
		given bool
		kind  string
	}{
		{name: "AttributesToGet", given: l.AttributesToGet != nil, kind: projectionKind},
		{name: "AttributeUpdates", given: l.AttributeUpdates != nil, kind: updateKind},
		{name: "Expected", given: l.Expected != nil, kind: conditionKind},
		{name: "KeyConditions", given: l.KeyConditions != nil, kind: keyKind},
		{name: "QueryFilter", given: l.QueryFilter != nil, kind: filterKind},
		{name: "ScanFilter", given: l.ScanFilter != nil, kind: filterKind},
	} {
		if p.given && slices.Contains(kinds, p.kind) {
			given = append(given, p.name)
		}
	}
	return given
}

// checkUnmixed refuses expressions beside parameters that they have replaced.
func (l legacy) checkUnmixed(kinds, expressions []string) error {
	if given := l.given(kinds); len(given) > 0 && len(expressions) > 0 {
		return invalid(fmt.Sprintf("Can not use both expression and non-expression parameters in the same request: "+
			"Non-expression parameters: {%s} Expression parameters: {%s}",
			strings.Join(given, ", "), strings.Join(expressions, ", ")))
	}
	return nil
}

// projectedBy is the parameter that says which attributes are shown.
func (r *request) projectedBy() string {
	if r.AttributesToGet != nil {
		return "AttributesToGet"
	}
	return projectionKind
}

// readLegacy reads what is given of the parameters.
func (r *request) readLegacy(kinds []string) (err error) {
	for _, name := range r.legacy.given(kinds) {
		switch name {
		case "AttributesToGet":
			for _, attribute := range r.AttributesToGet {
				r.shown = append(r.shown, path{{name: attribute}})
			}
			if repeated := repeatedIn(r.AttributesToGet); repeated != "" {
				err = invalid(badValue + "Duplicate value in attribute name: " + repeated)
			}
		case "AttributeUpdates":
			r.changes, err = r.legacy.updates()
		case "Expected":
			r.condition, err = r.legacy.all(r.Expected)
		case "KeyConditions":
			r.keyTests, err = r.legacy.tests()
		case "QueryFilter":
			r.filter, err = r.legacy.all(r.QueryFilter)
			r.filtered = slices.Sorted(maps.Keys(r.QueryFilter))
		case "ScanFilter":
			r.filter, err = r.legacy.all(r.ScanFilter)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// repeatedIn returns the first name that a list has twice, "" when there is none.
func repeatedIn(names []string) string {
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return name
		}
	}
	return ""
}

// updates are the changes of AttributeUpdates.
func (l legacy) updates() (changes []change, err error) {
	for _, name := range slices.Sorted(maps.Keys(l.AttributeUpdates)) {
		p, update := path{{name: name}}, l.AttributeUpdates[name]
		switch {
		case update.Action == "DELETE" && update.Value == nil:
			changes = append(changes, removing(p))
		case update.Value == nil:
			return nil, invalid(badValue + "Only DELETE action is allowed when no attribute value is specified")
		case update.Action == "" || update.Action == "PUT":
			changes = append(changes, setting(p, func(item) (value, error) { return *update.Value, nil }))
		case update.Action == "ADD":
			changes = append(changes, adding(p, *update.Value))
		case update.Action == "DELETE":
			changes = append(changes, deleting(p, *update.Value))
		default:
			var problems problems
			problems.enum("attributeUpdates."+name+".member.action", update.Action, "ADD", "PUT", "DELETE")
			return nil, problems.err()
		}
	}
	return changes, nil
}

// all is the condition that all of the conditions hold or, with ConditionalOperator OR, one of them.
func (l legacy) all(conditions map[string]legacyCondition) (condition, error) {
	var tests []condition
	for _, name := range slices.Sorted(maps.Keys(conditions)) {
		test, err := conditions[name].on(name)
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
	}
	if l.ConditionalOperator == "OR" {
		return func(it item) bool {
			return slices.ContainsFunc(tests, func(test condition) bool { return test(it) })
		}, nil
	}
	return func(it item) bool {
		return !slices.ContainsFunc(tests, func(test condition) bool { return !test(it) })
	}, nil
}

// tests are those of KeyConditions.
func (l legacy) tests() (tests []keyTest, err error) {
	operators := map[string]string{"EQ": "=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "BETWEEN": between,
		"BEGINS_WITH": beginsWith}
	for _, name := range slices.Sorted(maps.Keys(l.KeyConditions)) {
		c := l.KeyConditions[name]
		operator, ok := operators[c.ComparisonOperator]
		if !ok {
			return nil, invalid("Attempted conditional constraint is not an indexable operation")
		}
		if err := c.check(name); err != nil {
			return nil, err
		}
		tests = append(tests, keyTest{name: name, operator: operator, values: c.AttributeValueList})
	}
	if len(tests) != 1 && len(tests) != 2 {
		return nil, invalid("Conditions can be of length 1 or 2 only")
	}
	return tests, nil
}

// comparison is an operator of a legacy condition.
type comparison struct {
	values int // how many it takes; -1 for one or more
	on     func(attribute operand, values []value) condition
}

var comparisons = map[string]comparison{
	"EQ": compares("="), "NE": compares(unequal), "LT": compares("<"), "LE": compares("<="), "GT": compares(">"),
	"GE":          compares(">="),
	"CONTAINS":    asks(value.contains),
	"BEGINS_WITH": asks(value.begins),
	"NOT_CONTAINS": {values: 1, on: func(a operand, v []value) condition {
		return not(holds(a, constant(v[0]), value.contains))
	}},
	"NOT_NULL": {on: func(a operand, _ []value) condition { return a.exists }},
	"NULL":     {on: func(a operand, _ []value) condition { return not(a.exists) }},
	"BETWEEN": {values: 2, on: func(a operand, v []value) condition {
		return isBetween(a, constant(v[0]), constant(v[1]))
	}},
	"IN": {values: -1, on: isOneOf},
}

func asks(question func(a, b value) bool) comparison {
	return comparison{values: 1, on: func(a operand, v []value) condition { return holds(a, constant(v[0]), question) }}
}

func compares(sign string) comparison {
	return comparison{values: 1, on: func(a operand, v []value) condition { return compare(a, sign, constant(v[0])) }}
}

func isOneOf(a operand, values []value) condition {
	return func(it item) bool {
		v, ok := a(it)
		return ok && slices.ContainsFunc(values, v.equal)
	}
}

// check refuses a condition whose values do not fit its operator.
func (c legacyCondition) check(name string) error {
	comparison, ok := comparisons[c.ComparisonOperator]
	if !ok {
		var p problems
		p.enum(name+".member.comparisonOperator", c.ComparisonOperator, slices.Sorted(maps.Keys(comparisons))...)
		return p.err()
	}
	n := len(c.AttributeValueList)
	if n == comparison.values || comparison.values < 0 && n > 0 {
		return nil
	}
	return invalid(fmt.Sprintf(badValue+"Invalid number of argument(s) for the %s ComparisonOperator",
		c.ComparisonOperator))
}

// on is the condition about an attribute.
func (c legacyCondition) on(name string) (condition, error) {
	attribute := operand(path{{name: name}}.in)
	switch {
	case c.ComparisonOperator != "" && (c.Value != nil || c.Exists != nil):
		return nil, invalid(badValue + "Value or Exists cannot be used with ComparisonOperator or " +
			"AttributeValueList for Attribute: " + name)
	case c.ComparisonOperator == "" && c.Exists != nil && !*c.Exists:
		if c.Value != nil {
			return nil, invalid(badValue + "Value cannot be used when Exists is false for Attribute: " + name)
		}
		return not(attribute.exists), nil
	case c.ComparisonOperator == "" && c.Value == nil:
		return nil, invalid(badValue + "Value or ComparisonOperator must be used when Exists is not given or is " +
			"true for Attribute: " + name)
	case c.ComparisonOperator == "":
		return compare(attribute, "=", constant(*c.Value)), nil
	}
	if err := c.check(name); err != nil {
		return nil, err
	}
	return comparisons[c.ComparisonOperator].on(attribute, c.AttributeValueList), nil
}
