package jsonata

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

func formatWhole(n int64) string { return strconv.FormatInt(n, 10) }

// formatNumber writes a number as JavaScript does: digits up to 1e21, then with an exponent.
func formatNumber(f float64) string {
	switch {
	case f == 0:
		return "0"
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if size := math.Abs(f); size >= 1e21 || size < 1e-6 {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// formatPrecise writes a number with 15 significant digits, as $string does, so that 0.1+0.2 shows as 0.3.
func formatPrecise(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return formatNumber(f)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	return formatNumber(rounded)
}

// borderNumber makes a value of a number that leaves an evaluation. Numbers that no JSON number can be are strings,
// and those beyond 64 bits are written as Java does (both seen at AWS by floci-io/floci#2662).
func (d Dialect) borderNumber(f float64) any {
	switch {
	case math.IsInf(f, 0) || math.IsNaN(f):
		return formatNumber(f)
	case d == StepFunctions && math.Abs(f) >= 1<<63:
		return json.Number(formatJava(f))
	}
	return json.Number(formatNumber(f))
}

// formatJava writes a large number as Java's Double.toString does: 1.0E21.
func formatJava(f float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e+")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return mantissa + "E" + strings.TrimLeft(exponent, "0")
}

// computed makes a number of a double: a whole one where it is exact.
func computed(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f)
	}
	return f
}

// add, subtract and multiply keep whole numbers exact as long as 64 bits hold them.
func add(a, b int64) (int64, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0)
}

func subtract(a, b int64) (int64, bool) {
	difference := a - b
	return difference, (difference < a) == (b > 0)
}

func multiply(a, b int64) (int64, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	product := a * b
	fits := product/b == a && !(a == -1 && b == math.MinInt64) && !(b == -1 && a == math.MinInt64)
	return product, fits
}

// calculate applies an arithmetic operator to two numbers.
func calculate(operator string, a, b any) any {
	n, ok := whole(a)
	m, both := whole(b)
	if ok && both {
		if result, ok := calculateWhole(operator, n, m); ok {
			return result
		}
	}
	f, _ := number(a)
	g, _ := number(b)
	switch operator {
	case "+":
		return f + g
	case "-":
		return f - g
	case "*":
		return f * g
	case "/":
		return f / g
	}
	return math.Mod(f, g)
}

func calculateWhole(operator string, n, m int64) (result int64, ok bool) {
	switch {
	case operator == "+":
		return add(n, m)
	case operator == "-":
		return subtract(n, m)
	case operator == "*":
		return multiply(n, m)
	case m == 0 || m == -1 && n == math.MinInt64:
		return 0, false
	case operator == "/":
		return n / m, n%m == 0
	}
	return n % m, true
}
