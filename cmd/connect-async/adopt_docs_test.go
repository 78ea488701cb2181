package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestAdoptingIsDocumented goes through the section of docs/flows.md about a flow that people have, in the folder of
// one.
func TestAdoptingIsDocumented(t *testing.T) {
	_, section, _ := bytes.Cut(readBytes(t, "../../docs/flows.md"), []byte("\n### A flow you have\n"))
	section, _, _ = bytes.Cut(section, []byte("\n### "))
	blocks := fencedBlocks(section, "sh")
	if len(blocks) == 0 {
		t.Fatal("the section shows no commands")
	}
	archive, err := txtar.ParseFile("testdata/script/init-adopt.txtar")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, f := range archive.Files {
		if f.Name == "shop/ivr.json" {
			if err := os.WriteFile("ivr.json", f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for line := range strings.Lines(blocks[0].text) {
		before := readBytes(t, "ivr.json")
		verb, _ := runDocumented(t, line)
		isAdoption := verb == "init" && !strings.Contains(line, "--dry-run")
		if changed := !bytes.Equal(readBytes(t, "ivr.json"), before); changed != isAdoption {
			t.Errorf("%s: the flow changed: %v", line, changed)
		}
	}
}
