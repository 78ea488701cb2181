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
	document, err := os.ReadFile("../../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(document), "\n### A flow you have\n")
	section, _, _ = strings.Cut(section, "\n### ")
	block := shBlock.FindStringSubmatch(section)
	if block == nil {
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
	for line := range strings.Lines(block[2]) {
		before := readAll(t, "ivr.json")
		arguments := strings.Fields(strings.TrimPrefix(strings.ReplaceAll(line, `"Check order"`, "Check_order"),
			"connect-async "))
		for i, argument := range arguments {
			arguments[i] = strings.ReplaceAll(argument, "_", " ")
		}
		var out, errs bytes.Buffer
		if code := run(t.Context(), arguments, plainTerminal(&out, &errs)); code != exitGood {
			t.Fatalf("%s: exit code %d: %s%s", line, code, out.String(), errs.String())
		}
		isAdoption := arguments[0] == "init" && !strings.Contains(line, "--dry-run")
		if changed := readAll(t, "ivr.json") != before; changed != isAdoption {
			t.Errorf("%s: the flow changed: %v", line, changed)
		}
	}
}

func readAll(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
