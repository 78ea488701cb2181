package asl

import (
	"bytes"
	"encoding/json"

	"github.com/connect-async/connect-async/internal/value"
)

// The recordings are compared as encoding/json decodes them, so that the order of members does not count.

// decode reads JSON of which it is known that it is valid.
func decode(text []byte) any {
	v, _ := decodePlain(text)
	return v
}

func decodePlain(text []byte) (v any, err error) {
	if _, err := value.Decode(text); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return v, decoder.Decode(&v)
}

// marshal writes what decode has read, with the keys sorted.
func marshal(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // what was decoded can be encoded
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// sameJSON compares what decode has read.
func sameJSON(a, b any) bool {
	x, errX := value.Decode(marshal(a))
	y, errY := value.Decode(marshal(b))
	return errX == nil && errY == nil && value.Equal(x, y)
}

// plainMembers returns an object's members.
func plainMembers(v any) map[string]any {
	object, _ := v.(map[string]any)
	return object
}

// plainText returns a text in an object, "" when it is absent.
func plainText(v any, key string) string {
	text, _ := plainMembers(v)[key].(string)
	return text
}
