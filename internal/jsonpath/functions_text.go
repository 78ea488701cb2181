package jsonpath

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/value"
)

// maxEncoded is the number of characters that the Base64 functions and States.Hash take (AWS developer guide).
const maxEncoded = 10_000

func (c *call) limitedText() (string, error) {
	text, err := c.text(0)
	if err == nil && utf8.RuneCountInString(text) > maxEncoded {
		err = fmt.Errorf("the text has more than %d characters", maxEncoded)
	}
	return text, err
}

func (c *call) base64Encode() (any, error) {
	text, err := c.limitedText()
	return base64.StdEncoding.EncodeToString([]byte(text)), err
}

func (c *call) base64Decode() (any, error) {
	text, err := c.limitedText()
	if err != nil {
		return nil, err
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the text is not valid Base64")
	}
	return strings.ToValidUTF8(string(decoded), "\uFFFD"), nil
}

// hashes are the algorithms of States.Hash.
var hashes = map[string]func([]byte) []byte{
	"MD5":     func(b []byte) []byte { s := md5.Sum(b); return s[:] },
	"SHA-1":   func(b []byte) []byte { s := sha1.Sum(b); return s[:] },
	"SHA-256": func(b []byte) []byte { s := sha256.Sum256(b); return s[:] },
	"SHA-384": func(b []byte) []byte { s := sha512.Sum384(b); return s[:] },
	"SHA-512": func(b []byte) []byte { s := sha512.Sum512(b); return s[:] },
}

func (c *call) hash() (any, error) {
	text, isText := c.values[0].(string)
	if !isText {
		text = string(value.Encode(c.values[0]))
	}
	if utf8.RuneCountInString(text) > maxEncoded {
		return nil, fmt.Errorf("the value has more than %d characters", maxEncoded)
	}
	name, err := c.text(1)
	if err != nil {
		return nil, err
	}
	sum, ok := hashes[name]
	if !ok {
		names := strings.Join(slices.Sorted(maps.Keys(hashes)), ", ")
		return nil, fmt.Errorf("the algorithm %q does not exist; there are %s", name, names)
	}
	return hex.EncodeToString(sum([]byte(text))), nil
}

func (c *call) jsonMerge() (any, error) {
	first, err := c.object(0)
	if err != nil {
		return nil, err
	}
	second, err := c.object(1)
	if err != nil {
		return nil, err
	}
	if deep, ok := c.values[2].(bool); !ok || deep {
		return nil, fmt.Errorf("argument 3 must be false: only shallow merging exists")
	}
	members := make([]value.Member, 0, second.Len())
	for name, member := range second.All() {
		members = append(members, value.Member{Name: name, Value: member})
	}
	return first.With(members...), nil
}

// stringToJSON takes blank text as null, and -0 as 0 (recorded).
func (c *call) stringToJSON() (any, error) {
	text, err := c.text(0)
	if err != nil || strings.TrimSpace(text) == "" {
		return nil, err
	}
	decoded, err := value.Decode([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("the text is not valid JSON: %w", err)
	}
	if decoded == json.Number("-0") {
		return json.Number("0"), nil
	}
	return decoded, nil
}

func (c *call) jsonToString() (any, error) {
	return string(value.Encode(c.values[0])), nil
}

// stringSplit splits at each of the characters and leaves out empty parts (recorded).
func (c *call) stringSplit() (any, error) {
	text, err := c.text(0)
	if err != nil {
		return nil, err
	}
	separators, err := c.text(1)
	if err != nil {
		return nil, err
	}
	parts := []any{}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		parts = append(parts, part)
	}
	return parts, nil
}

func (c *call) format() (any, error) {
	if _, err := c.text(0); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	used := 0
	for rest := c.template; rest != ""; {
		switch {
		case rest[0] == '\\' && len(rest) > 1:
			b.WriteString(unescape(rest[:2]))
			rest = rest[2:]
		case strings.HasPrefix(rest, "{}"):
			if used++; used >= len(c.values) {
				return nil, fmt.Errorf("the template has more {} than there are values")
			}
			writeFormatted(&b, c.values[used])
			rest = rest[2:]
		default:
			b.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	if used != len(c.values)-1 {
		return nil, fmt.Errorf("the template has %d {}, but there are %d values", used, len(c.values)-1)
	}
	return b.String(), nil
}

// writeFormatted writes a value as States.Format shows it: texts as they are, arrays as [a, b] and objects as {a=1,
// b=2} (recorded for objects).
func writeFormatted(b *bytes.Buffer, shown any) {
	switch v := shown.(type) {
	case nil:
		b.WriteString("null")
	case []any:
		b.WriteByte('[')
		for i, element := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			writeFormatted(b, element)
		}
		b.WriteByte(']')
	case *value.Object:
		b.WriteByte('{')
		separator := ""
		for name, member := range v.All() {
			b.WriteString(separator + name + "=")
			writeFormatted(b, member)
			separator = ", "
		}
		b.WriteByte('}')
	default:
		fmt.Fprint(b, v)
	}
}
