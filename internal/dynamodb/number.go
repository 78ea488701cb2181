package dynamodb

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// number is a decimal number: its digits with a point after the first one, times ten to the power of exponent. There
// are no zeros at either end of the digits, so that zero has none.
type number struct {
	negative bool
	digits   string
	exponent int
}

// The limits of a number (developer guide, supported data types).
const (
	maxDigits   = 38
	minExponent = -130
	maxExponent = 125
)

var numberForm = regexp.MustCompile(`^([+-]?)([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]{1,6}))?$`)

// parseNumber reads the text of a number.
func parseNumber(text string) (number, error) {
	parts := numberForm.FindStringSubmatch(text)
	if parts == nil || parts[2]+parts[3] == "" {
		return number{}, notNumeric(text)
	}
	power, _ := strconv.Atoi(parts[4]) // six digits at most, or none
	all := parts[2] + parts[3]
	significant := strings.TrimLeft(all, "0")
	n := number{
		negative: parts[1] == "-",
		digits:   strings.TrimRight(significant, "0"),
		exponent: len(parts[2]) - 1 - (len(all) - len(significant)) + power,
	}
	return n.checked()
}

func notNumeric(text string) error {
	if text == "" {
		return errors.New("The parameter cannot be converted to a numeric value")
	}
	return fmt.Errorf("The parameter cannot be converted to a numeric value: %s", text)
}

// checked returns the number if it is within the limits.
func (n number) checked() (number, error) {
	switch {
	case n.digits == "":
		return number{}, nil
	case len(n.digits) > maxDigits:
		return n, errors.New("Attempting to store more than 38 significant digits in a Number")
	case n.exponent > maxExponent:
		return n, errors.New("Number overflow. Attempting to store a number with magnitude larger than supported " +
			"range")
	case n.exponent < minExponent:
		return n, errors.New("Number underflow. Attempting to store a number with magnitude smaller than supported " +
			"range")
	}
	return n, nil
}

// String writes the number without exponent and needless zeros, so that equal numbers have equal texts.
func (n number) String() string {
	sign, whole := "", n.exponent+1 // the digits before the point
	if n.negative {
		sign = "-"
	}
	switch {
	case n.digits == "":
		return "0"
	case whole >= len(n.digits):
		return sign + n.digits + strings.Repeat("0", whole-len(n.digits))
	case whole > 0:
		return sign + n.digits[:whole] + "." + n.digits[whole:]
	}
	return sign + "0." + strings.Repeat("0", -whole) + n.digits
}

// canonical writes a number as String does.
func canonical(text string) (string, error) {
	n, err := parseNumber(text)
	return n.String(), err
}

// order is a text for the number: of two numbers the smaller one has the smaller text.
func (n number) order() string {
	if n.digits == "" {
		return "\x80"
	}
	magnitude := string([]byte{byte(n.exponent - minExponent)}) + n.digits
	if !n.negative {
		return "\x81" + magnitude
	}
	complement := []byte(magnitude)
	for i, c := range complement {
		complement[i] = ^c
	}
	return "\x7f" + string(complement) + "\xff" // more digits make a smaller number
}

// sum adds two canonical numbers.
func sum(a, b string) (string, error) {
	const finest = maxDigits - minExponent
	x, _ := new(big.Rat).SetString(a) // they were checked when they were read
	y, _ := new(big.Rat).SetString(b)
	return canonical(x.Add(x, y).FloatString(finest))
}

// negated returns a canonical number with the other sign.
func negated(text string) string {
	if positive, ok := strings.CutPrefix(text, "-"); ok || text == "0" {
		return positive
	}
	return "-" + text
}

// size is how many bytes the number takes in an item: one for two digits, and one or two more (developer guide, item
// sizes and formats).
func (n number) size() int {
	size := 1 + (len(n.digits)+1)/2
	if n.negative {
		size++
	}
	return size
}
