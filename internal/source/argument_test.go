package source_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/source"
)

func TestArgument(t *testing.T) {
	for path, want := range map[string]string{
		"bank/flow.json": "bank/flow.json", "Köln": "Köln", `C:\bank`: `C:\bank`,
		"OneDrive - GmbH/bank": `"OneDrive - GmbH/bank"`, "a$b": `"a\$b"`, `a"b`: `"a\"b"`,
	} {
		if got := source.Argument(path); got != want {
			t.Errorf("%s is written as %s, expected %s", path, got, want)
		}
	}
}
