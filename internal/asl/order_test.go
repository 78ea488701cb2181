package asl

import (
	"encoding/json"
	"testing"
)

// TestOrderOfMembers checks that data go through every kind of state in the order in which they were written, byte for
// byte the same when the execution is saved and restored between all events.
func TestOrderOfMembers(t *testing.T) {
	definition := machineOf(
		`"A":{"Type":"Pass","Parameters":{"z.$":"$.z","b":{"y":1,"a":null},"a.$":"$.a[*]"},` +
			`"ResultPath":"$.p","Next":"W"},` +
			`"W":{"Type":"Wait","Seconds":1,"Assign":{"v.$":"$.p"},"Next":"T"},` +
			`"T":{"Type":"Task","Resource":"` + function("f") + `","ResultPath":"$.b","Next":"M"},` +
			`"M":{"Type":"Map","ItemsPath":"$.a","ItemSelector":{"v.$":"$$.Map.Item.Value","i.$":"$v.z"},` +
			`"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Wait","Seconds":1,"End":true}}},` +
			`"ResultPath":"$.m","End":true}`)
	const input = ` {"z": 1.50, "b": 2, "a": [{"z":1,"y":2}, null]} `
	const want = `SUCCEEDED {"z":1.50,"b":{"n":1,"m":2},"a":[{"z":1,"y":2},null],` +
		`"p":{"z":1.50,"b":{"y":1,"a":null},"a":[{"z":1,"y":2},null]},` +
		`"m":[{"v":{"z":1,"y":2},"i":1.50},{"v":null,"i":1.50}]} after 2s`
	play := func(between func(*Execution) *Execution) string {
		d := start(t, definition, input)
		d.invoke = functions(map[string][]outcome{function("f"): {{output: `{"n": 1, "m": 2}`}}})
		d.between = between
		d.run(day)
		if d.ending() != want {
			t.Errorf("got  %s\nwant %s", d.ending(), want)
		}
		if got := d.history[1].Details.Input.String(); got != input {
			t.Errorf("the first state shows %q, want the input as it was given", got)
		}
		text, err := json.Marshal(d.history)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if straight, saved := play(nil), play(restored(t, mustParse(t, definition))); straight != saved {
		t.Errorf("saving and restoring changed the history\nfrom %s\nto   %s", straight, saved)
	}
}
