package style_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

const music = "${prompt:hold-music}"

//go:generate go test . -run ^TestModuleSettings$ -count=1 -update

// TestModuleSettings checks the settings beside the example's module, which publishing it needs.
func TestModuleSettings(t *testing.T) {
	doc, err := source.ReadFile("../../examples/module/module.json")
	if err != nil {
		t.Fatal(err)
	}
	module, err := flowlang.Read("module.json", doc)
	if err != nil {
		t.Fatal(err)
	}
	want, err := module.ModuleSettings()
	if err != nil {
		t.Fatal(err)
	}
	const file = "../../examples/module/module-settings.json"
	testrun.Generated(t, file, string(want)+"\n")
}
