package flow

import (
	"strconv"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// textOperators compare a result with an operand as texts. KeyExists and Exists, which have no such
// comparison, are in holds.
var textOperators = map[string]func(left, right string) bool{
	flowlang.Equals:         func(left, right string) bool { return left == right },
	flowlang.TextStartsWith: strings.HasPrefix,
	flowlang.TextEndsWith:   strings.HasSuffix,
	flowlang.TextContains:   strings.Contains,
}

// numberOperators compare them as numbers.
var numberOperators = map[string]func(left, right float64) bool{
	flowlang.NumberGreaterThan:      func(left, right float64) bool { return left > right },
	flowlang.NumberGreaterOrEqualTo: func(left, right float64) bool { return left >= right },
	flowlang.NumberLessThan:         func(left, right float64) bool { return left < right },
	flowlang.NumberLessOrEqualTo:    func(left, right float64) bool { return left <= right },
}

// runCompare compares one attribute with the conditions, in their order, case-sensitively.
func runCompare(c *Contact, f *frame, a *flowlang.Action) outcome {
	value, ok := c.resolve(f, a.Text("ComparisonValue"))
	o := result(value)
	if !ok {
		c.rest("unset_in_compare")
		o.absent = c.state.Assumptions.UnsetInCompare == UnsetInCompareNoMatch
	}
	return o
}

// holds reports whether a condition is true of a result.
func (c *Contact) holds(f *frame, condition *flowlang.Branch, o outcome) bool {
	if condition.Operator == flowlang.KeyExists || condition.Operator == flowlang.Exists {
		c.rest("key_exists")
		return !o.absent && (o.value != "" || c.state.Assumptions.KeyExists == KeyExistsPresent)
	}
	if o.absent {
		return false
	}
	for _, operand := range condition.Operands {
		if c.compare(condition.Operator, o.value, c.operand(f, operand.Scalar())) {
			return true
		}
	}
	return false
}

// operand returns the value that a result is compared with.
func (c *Contact) operand(f *frame, operand string) string {
	if !flowlang.IsReference(operand) {
		value, _ := c.resolve(f, operand)
		return value
	}
	c.rest("dynamic_operand")
	if c.state.Assumptions.DynamicOperand == DynamicOperandLiteral {
		return operand
	}
	value, _ := c.resolve(f, operand)
	return value
}

func (c *Contact) compare(operator, left, right string) bool {
	if compare, ok := textOperators[operator]; ok {
		return compare(left, right)
	}
	compare, ok := numberOperators[operator]
	if !ok {
		return false
	}
	l, okLeft := c.float(left)
	r, okRight := c.float(right)
	return okLeft && okRight && compare(l, r)
}

// float reads a side of a comparison of numbers.
func (c *Contact) float(text string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err == nil {
		return n, true
	}
	c.rest("number_on_text")
	return 0, c.state.Assumptions.NumberOnText == NumberOnTextZero
}
