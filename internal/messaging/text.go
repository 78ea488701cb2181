package messaging

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// text is a member of a request that is to be a text. Anything else is written as JSON (recorded for Message and
// Detail), and null is nothing.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(given []byte) error {
	var s string
	if err := json.Unmarshal(given, &s); err == nil {
		*t = text(s)
		return nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, given); err != nil {
		return err
	}
	*t = text(compact.String())
	return nil
}

// seconds reads a number of seconds; nothing is 0.
func (t text) seconds() (int, bool) {
	if t == "" {
		return 0, true
	}
	n, err := strconv.Atoi(string(t))
	return n, err == nil
}
