package main

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWatchShowsWhyARunFails interrupts the watch after its first run, which finds no scenario, and says so.
func TestWatchShowsWhyARunFails(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	errs := &interrupter{text: "Waiting for a change", cancel: cancel}
	var out bytes.Buffer
	if code := run(ctx, []string{"test", "--watch"}, plainTerminal(&out, errs)); code != exitGood {
		t.Errorf("exit code %d", code)
	}
	if text := errs.out.String(); !strings.Contains(text, "There is no scenario in .") {
		t.Errorf("printed %q", text)
	}
}

// TestWatchSeesEveryFile checks that a change of any file that a scenario is played from is seen, wherever it lies,
// and that what the run writes itself is none.
func TestWatchSeesEveryFile(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("bank/connect-async.yaml", "name: bank\njobs: {a: {definition: job.json}}\n")
	write("bank/job.json", "{}")
	write("bank/flow.json", "{}")
	write("shared/module.json", "{}")
	write("bank/scenarios/a.yaml", "flow: ../flow.json\nflows: {m: ../../shared/module.json}\n")
	o := testOptions{
		paths: []string{filepath.Join("bank", "scenarios")},
		junit: filepath.Join("bank", "out.xml"),
		log:   filepath.Join("bank", "out.log"),
		svg:   "bank",
	}
	roots := o.watched()
	seen := o.stamps(roots)
	for _, name := range []string{
		"bank/connect-async.yaml", "bank/job.json", "bank/flow.json", "shared/module.json",
		"bank/scenarios/a.yaml", "bank/scenarios/new.yaml",
	} {
		write(name, name+" has changed")
		now := o.stamps(roots)
		if maps.Equal(seen, now) {
			t.Errorf("the change of %s is not seen", name)
		}
		seen = now
	}
	for _, name := range []string{
		"bank/out.xml", "bank/out.log", "bank/bank/flow.json.svg",
		"bank/.git/index", "bank/node_modules/a.js", "elsewhere/flow.json",
	} {
		write(name, "written")
		if !maps.Equal(seen, o.stamps(roots)) {
			t.Errorf("%s is taken for a change", name)
		}
	}
}
