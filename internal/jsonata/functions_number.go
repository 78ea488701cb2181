package jsonata

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var numberText = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$`)

func (c *call) number() (any, *Error) {
	switch v := c.arguments[0].(type) {
	case undefinedType:
		return undefined, nil
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case string:
		return parseNumber(v)
	}
	return c.arguments[0], nil
}

// basedText is a whole number in base 16, 8 or 2.
var basedText = regexp.MustCompile(`^0([xX][0-9A-Fa-f]+|[oO][0-7]+|[bB][01]+)$`)

func parseNumber(text string) (any, *Error) {
	if basedText.MatchString(text) {
		if n, err := strconv.ParseInt(text, 0, 64); err == nil {
			return n, nil
		}
	}
	if !numberText.MatchString(text) {
		return nil, fail("D3030").with(text).nth(1)
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, nil
	}
	f, _ := strconv.ParseFloat(text, 64)
	if math.IsInf(f, 0) {
		return nil, fail("D3030").with(text).nth(1)
	}
	return computed(f), nil
}

// mapNumber applies a function to the first argument, unless it is a whole number, which stays exact.
func (c *call) mapNumber(change func(float64) float64) (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	if n, ok := whole(c.arguments[0]); ok {
		return n, nil
	}
	return computed(change(c.double(0))), nil
}

func (c *call) floor() (any, *Error) { return c.mapNumber(math.Floor) }

func (c *call) ceil() (any, *Error) { return c.mapNumber(math.Ceil) }

func (c *call) abs() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	if c.double(0) < 0 {
		result, _ := negated(c.arguments[0])
		return result, nil
	}
	return c.arguments[0], nil
}

func (c *call) round() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	places, _ := truncated(c.arguments[1])
	if n, ok := whole(c.arguments[0]); ok && places >= 0 {
		return n, nil
	}
	return computed(roundTo(c.double(0), places)), nil
}

// roundTo rounds to a number of decimal places, halves to even. The number is moved by its decimal text, so that 4.515
// is the half that it shows.
func roundTo(f float64, places int) float64 {
	moved := shift(f, places)
	rounded := math.RoundToEven(moved)
	return shift(rounded, -places)
}

// shift multiplies by a power of ten in the number's text.
func shift(f float64, places int) float64 {
	if places == 0 || f == 0 {
		return f
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	n, err := strconv.Atoi(exponent)
	if err != nil {
		return f
	}
	moved, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(n+places), 64)
	return moved
}

func (c *call) power() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	result := math.Pow(c.double(0), c.double(1))
	if math.IsInf(result, 0) || math.IsNaN(result) {
		return nil, fail("D3061").with(c.arguments[0]).and(c.arguments[1]).nth(1)
	}
	return computed(result), nil
}

func (c *call) sqrt() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	if c.double(0) < 0 {
		return nil, fail("D3060").with(c.arguments[0]).nth(1)
	}
	return computed(math.Sqrt(c.double(0))), nil
}

func (c *call) sum() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	var total any = int64(0)
	for _, item := range c.list(0) {
		total = calculate("+", total, item)
	}
	return total, nil
}

func (c *call) count() (any, *Error) {
	if c.undefinedAt(0) {
		return int64(0), nil
	}
	return int64(len(c.list(0))), nil
}

// extreme returns the element that comes before all others in an order.
func (c *call) extreme(order int) (any, *Error) {
	items := c.list(0)
	if c.undefinedAt(0) || len(items) == 0 {
		return undefined, nil
	}
	found := items[0]
	for _, item := range items[1:] {
		if compareNumbers(item, found) == order {
			found = item
		}
	}
	return found, nil
}

func (c *call) max() (any, *Error) { return c.extreme(1) }

func (c *call) min() (any, *Error) { return c.extreme(-1) }

func (c *call) average() (any, *Error) {
	if c.undefinedAt(0) || len(c.list(0)) == 0 {
		return undefined, nil
	}
	total, _ := c.sum()
	return calculate("/", total, int64(len(c.list(0)))), nil
}

func (c *call) formatBase() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	radix := 10.0
	if !c.undefinedAt(1) {
		radix = roundTo(c.double(1), 0)
	}
	if radix < 2 || radix > 36 {
		return nil, fail("D3100").with(computed(radix)).nth(2)
	}
	n, ok := integer(computed(roundTo(c.double(0), 0)))
	if !ok {
		return formatNumber(c.double(0)), nil
	}
	return strconv.FormatInt(n, int(radix)), nil
}

func (c *call) boolean() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	return c.e.truth(c.arguments[0]), nil
}

func (c *call) not() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	return !c.e.truth(c.arguments[0]), nil
}

func (c *call) exists() (any, *Error) { return !c.undefinedAt(0), nil }

func (c *call) typeName() (any, *Error) {
	if c.undefinedAt(0) {
		return undefined, nil
	}
	return typeName(c.arguments[0]), nil
}

func (c *call) error() (any, *Error) {
	message := c.text(0)
	if message == "" {
		message = "$error() function evaluated"
	}
	return nil, fail("D3137").saying(message)
}

func (c *call) assert() (any, *Error) {
	if c.e.truth(c.arguments[0]) {
		return undefined, nil
	}
	message := c.text(1)
	if message == "" {
		message = "$assert() statement failed"
	}
	return nil, fail("D3141").saying(message)
}
