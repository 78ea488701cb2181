package async

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzMembers compares the members of an object with what encoding/json finds.
func FuzzMembers(f *testing.F) {
	for _, text := range []string{
		`{}`, ` { } `, `{"a":1}`, `{"a" : "x\"}" , "b":[{"]":"}"}, 2 ],"c":{"d":{}} }`,
		"{\"a\":-1.5e3\t,\"b\":true}",
		`{"\u0061":1,"a":2}`,
		"{\"\xff\":1}", "{\"\x80\":1}", `{"é":null,"\\":"\\"}`, `[]`, `"{"`, `null`, `12`, ` null`, `{"":{"":""}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) {
			return
		}
		var want map[string]json.RawMessage
		isObject := json.Unmarshal(text, &want) == nil && want != nil
		got := map[string]json.RawMessage{}
		if eachMember(text, func(name []byte, value json.RawMessage) { got[string(name)] = value }) != isObject {
			t.Fatalf("an object: %v, of %s", !isObject, text)
		}
		if diff := cmp.Diff(want, got); isObject && diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		var name string
		value := json.RawMessage(bytes.TrimSpace(text))
		if json.Unmarshal(value, &name) == nil && textOf(value) != name {
			t.Errorf("%s is read as %q", text, textOf(value))
		}
	})
}
