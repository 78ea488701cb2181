package value_test

import (
	"encoding/json"
	"testing"

	"github.com/connect-async/connect-async/internal/value"
)

func TestUnfit(t *testing.T) {
	type page struct{ Most int }
	for text, want := range map[string]string{
		`[]`:                    "the request cannot be a JSON array",
		`{"Most":"2"}`:          "Most cannot be a JSON string",
		`{"Inner":{"Name":[]}}`: "Name cannot be a JSON array",
		`{`:                     "the request is not JSON: unexpected end of JSON input",
	} {
		var into struct {
			page
			Inner struct{ Name string }
		}
		if got := value.Unfit(json.Unmarshal([]byte(text), &into), "the request"); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
