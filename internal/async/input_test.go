package async

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestExecutionNameAsUUID checks row 22: a function that was written for the original finds 36 characters again.
func TestExecutionNameAsUUID(t *testing.T) {
	for _, c := range []struct{ asked, mode, own, want string }{
		{asked: "uuid", want: "uuid"},
		{asked: "uuid", mode: "minimal", want: "uuid"},
		{asked: "name", want: ""},
		{asked: "", want: ""},
		{asked: "uuid", own: `"execution":{"name":"mine"},`, want: "mine"},
	} {
		w := newWorld()
		f := newFlow(t, w, map[string]string{"EXECUTION_NAME": c.asked, "INPUT": c.mode})
		event := ` {` + c.own + `"Details":{"ContactData":{"ContactId":"` + contactID + `"},"Parameters":{"a":"1"}}}`
		play(t, w, func() {
			if _, err := f.f.Handle(t.Context(), "1", []byte(event)); err != nil {
				t.Error(err)
			}
		})
		var input struct {
			Execution struct{ ID, Name string }
			Details   struct{ Parameters map[string]string }
		}
		if err := json.Unmarshal([]byte(w.inputs[0].Input), &input); err != nil {
			t.Fatalf("%v: %s", err, w.inputs[0].Input)
		}
		want, name := c.want, w.inputs[0].Name
		if want == "uuid" {
			want = uuidOf(name)
		}
		if input.Execution.Name != want || input.Details.Parameters["a"] != "1" ||
			c.want == "uuid" && !strings.HasSuffix(input.Execution.ID, ":"+name) {
			t.Errorf("%+v: the input of %s is %s", c, name, w.inputs[0].Input)
		}
	}
}

// TestUUIDOfVersion5 compares with Python's uuid.uuid5(uuid.NAMESPACE_URL, name).
func TestUUIDOfVersion5(t *testing.T) {
	for name, want := range map[string]string{
		"balance-8e7a1a14-0000-4000-8000-00000000000a-0123456789abcdef": "7183d656-8549-5ca6-90e1-b2b240b17ead",
		"": "1b4db7eb-4057-5ddf-91e0-36dec72071f5",
	} {
		if got := uuidOf(name); got != want || !isUUID(got) {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}
