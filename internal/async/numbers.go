package async

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// maxNumber bounds every number in a parameter, so that sums cannot overflow.
const maxNumber = 1_000_000_000_000_000

// parseNumber reads a number as a flow sends it: text with an optional sign, leading zeros and surrounding space, or a
// JSON number, of which the fraction is cut off. given is false for a parameter that is absent, null or the empty text:
// a flow sends any of the three for an attribute that is not set. ok is false when it is given and not a number.
func parseNumber(raw json.RawMessage) (n int64, given, ok bool) {
	if unset(raw) {
		return 0, false, true
	}
	text := string(raw)
	if raw[0] == '"' {
		if json.Unmarshal(raw, &text) != nil {
			return 0, true, false
		}
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		return n, true, err == nil && n <= maxNumber && n >= -maxNumber
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(f) > maxNumber {
		return 0, true, false
	}
	return int64(f), true, true
}
