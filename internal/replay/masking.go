package replay

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/value"
)

// masking replaces what belongs to a caller by something of the same form, so that the same can be played with it. The
// zero masking replaces nothing.
type masking struct {
	on   bool
	kept map[string]bool // texts that decide where a flow goes
}

// text replaces letters and digits.
func (m masking) text(text string) string {
	if !m.on || m.kept[text] {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r):
			return '0'
		case unicode.IsLetter(r):
			return 'x'
		}
		return r
	}, text)
}

// keys replaces what was typed; the one key of a menu decides where the flow goes.
func (m masking) keys(keys string) string {
	if len(keys) == 1 {
		return keys
	}
	return m.text(keys)
}

// payload replaces the values in what a function returned, but what the protocol of the async function says.
func (m masking) payload(payload json.RawMessage) json.RawMessage {
	decoded, err := value.Decode(payload)
	if !m.on || err != nil {
		return payload
	}
	return value.Encode(m.value(decoded, isReply(decoded)))
}

// isReply reports whether a function returned what the async function does, and no other with such a key.
func isReply(v any) bool {
	object, isObject := v.(*value.Object)
	has := func(key string) bool {
		_, short := object.Get(key)
		_, long := object.Get(async.LongKey(key))
		return short || long
	}
	return isObject && has(async.KeyExecutionID) && has(async.KeyCountMax)
}

// passedOn are the keys of the protocol under which is what other functions returned or said.
var passedOn = []string{async.KeyOutput, async.KeyCause, async.KeyReport}

// ofProtocol reports whether a member of a reply says nothing that another function did. What a function reports is
// said, too.
func ofProtocol(reply *value.Object, key string, member any) bool {
	report, _ := reply.Get(async.KeyReport)
	passes := slices.Contains(passedOn, key) || key == async.KeySay && member == report
	return async.ReservedKey(key) && (member == async.None || !passes)
}

func (m masking) value(v any, reply bool) any {
	switch v := v.(type) {
	case *value.Object:
		var masked []value.Member
		for key, member := range v.All() {
			if !reply || !ofProtocol(v, key, member) {
				member = m.value(member, false)
			}
			masked = append(masked, value.M(key, member))
		}
		return value.NewObject(masked...)
	case []any:
		masked := make([]any, len(v))
		for i := range v {
			masked[i] = m.value(v[i], false)
		}
		return masked
	case string:
		return m.text(v)
	case json.Number:
		if m.kept[v.String()] {
			return v
		}
		return json.Number("0")
	}
	return v
}
