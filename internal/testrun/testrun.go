// Package testrun is what the tests of every package share about how they are run: which tests are heavy, how often
// something random is repeated, where recorded data is, which programs a test needs, how long a test may take, how a
// generated file is kept current, and what is in the module's own code. CONTRIBUTING.md names the switches.
//
// It imports nothing of this module and is imported by tests only. It keeps no state, but lets garbage be
// collected less often in the whole test program.
package testrun

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"testing"
	"time"
)

// A test program is short and its heap small: collecting at five times what is live instead of twice saves a tenth of
// the time that all tests take. GOGC in the environment has the last word.
func init() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// HeavySwitch is the environment variable that makes heavy tests run. .ci/run sets it.
const HeavySwitch = "HEAVY"

// Heavy skips a test that builds programs, runs clients of AWS or plays for long, unless HEAVY is set. Every heavy
// test has a quick one for the same behaviour.
func Heavy(t testing.TB) {
	t.Helper()
	if !IsHeavy() {
		t.Skipf("heavy: runs with %s=1", HeavySwitch)
	}
}

// IsHeavy reports whether heavy tests run.
func IsHeavy() bool { return os.Getenv(HeavySwitch) != "" }

// Soak is how often a test does something random: SOAK, or a small number that keeps the test quick.
func Soak(t testing.TB, small int) int {
	t.Helper()
	text := os.Getenv("SOAK")
	if text == "" {
		return small
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("SOAK is %q; set it to a number of runs, 1 or more", text)
	}
	return n
}

// Count is like Soak, with one number for quick runs and a larger one for heavy runs.
func Count(t testing.TB, quick, heavy int) int {
	t.Helper()
	if IsHeavy() {
		return Soak(t, heavy)
	}
	return Soak(t, quick)
}

// Recorded returns the folder of recorded data that an environment variable names, such as RECORDED_FLOWS. Without the
// variable the test is skipped; a folder that does not exist or is empty fails it, so that a wrong path is not taken
// for a success.
func Recorded(t testing.TB, variable string) string {
	t.Helper()
	folder := os.Getenv(variable)
	if folder == "" {
		t.Skipf("no recorded data: %s is not set", variable)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%s=%s is not a folder with recorded data (%v)", variable, folder, err)
	}
	return folder
}

// RecordedFiles returns the files of recorded data that match a pattern, at least one.
func RecordedFiles(t testing.TB, variable, pattern string) []string {
	t.Helper()
	folder := Recorded(t, variable)
	files, err := filepath.Glob(filepath.Join(folder, filepath.FromSlash(pattern)))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s=%s has no %s (%v)", variable, folder, pattern, err)
	}
	return files
}

// Need skips a test without a program that it runs; with CI=true, where every test has to run, it fails the test.
func Need(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		Missing(t, program)
	}
}

// Missing skips a test, or fails it with CI=true, because something that it needs is not installed.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed, and with CI=true every test has to run", what)
	}
	t.Skipf("%s is not installed", what)
}

// grace is how long before the end of the whole run a test gives up, so that it still says what it waited for.
const grace = 5 * time.Second

// Deadline returns a context for what a test waits for: it ends with the test, or shortly before `go test -timeout`
// ends the whole run. No test has its own limit, because a busy machine may be a hundred times as slow as a quiet
// one.
func Deadline(t testing.TB) context.Context {
	t.Helper()
	limited, ok := t.(interface{ Deadline() (time.Time, bool) }) // benchmarks have none
	if !ok {
		return t.Context()
	}
	deadline, ok := limited.Deadline()
	if !ok {
		return t.Context()
	}
	ctx, cancel := context.WithDeadline(t.Context(), deadline.Add(-grace))
	t.Cleanup(cancel)
	return ctx
}
