package jsonpath

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/connect-async/connect-async/internal/value"
)

// wholeNumber returns the value of a number, rounded to the nearest whole number and halves upwards, as Java's
// Math.round does (recorded for States.MathAdd).
func wholeNumber(v any) (int64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	if i, err := n.Int64(); err == nil {
		return i, true
	}
	f, ok := value.Float(n)
	if !ok || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(math.Floor(f + 0.5)), true
}

func integer[T int | int64](n T) json.Number { return json.Number(strconv.FormatInt(int64(n), 10)) }
