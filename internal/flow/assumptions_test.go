package flow

import (
	"encoding/json"
	"slices"
	"testing"
)

// TestEveryAssumption sets every value of every assumption by its name, reads it back, and writes it as JSON. The
// default is the zero value of each choice.
func TestEveryAssumption(t *testing.T) {
	for _, row := range assumptionTable {
		values := slices.Clone(row.Values)
		if len(values) == 0 {
			values = []string{itoa(row.Low), itoa(row.High)}
		}
		if i := slices.Index(values, "…"); i >= 0 {
			values[i] = "any text"
		}
		for _, value := range values {
			a := DefaultAssumptions()
			if err := a.Set(row.Name, value); err != nil || a.Get(row.Name) != value {
				t.Errorf("%s: set to %q, it is %q: %v", row.Name, value, a.Get(row.Name), err)
			}
			if changed := a != DefaultAssumptions(); changed != (value != row.Default()) {
				t.Errorf("%s: set to %q, the assumptions differ from the default: %v", row.Name, value, changed)
			}
			text, err := json.Marshal(a)
			var again Assumptions
			if err != nil || json.Unmarshal(text, &again) != nil || again != a {
				t.Errorf("%s: after JSON %+v, not %+v: %v", row.Name, again, a, err)
			}
		}
		for _, bad := range []string{"", "no such value"} {
			a := DefaultAssumptions()
			if err := a.Set(row.Name, bad); err == nil && (bad == "" || row.Name != "timeout_error") {
				t.Errorf("%s: set to %q", row.Name, bad)
			}
		}
	}
	if err := new(Assumptions).Set("no_such", "1"); err == nil {
		t.Error("no_such was set")
	}
	if err := json.Unmarshal([]byte(`{"chain_reset":"no such value"}`), new(Assumptions)); err == nil {
		t.Error("a value that does not exist was read")
	}
}
