package testrun

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// spy is a test that notes how another one ended. Like a real test it ends by leaving its goroutine.
type spy struct {
	testing.TB
	ended string
}

func (s *spy) Helper() {}

func (s *spy) Skipf(format string, _ ...any) { s.end("skip " + format) }

func (s *spy) Fatalf(format string, _ ...any) { s.end("fatal " + format) }

func (s *spy) Fatal(...any) { s.end("fatal") }

func (s *spy) Errorf(format string, _ ...any) { s.ended = "error " + format }

func (s *spy) end(how string) {
	s.ended = how
	runtime.Goexit()
}

// ending runs a function as a test and returns how it ended, "" when nothing was wrong.
func ending(t *testing.T, f func(testing.TB)) string {
	s, done := &spy{TB: t}, make(chan struct{})
	go func() {
		defer close(done)
		f(s)
	}()
	<-done
	word, _, _ := strings.Cut(s.ended, " ")
	return word
}

func expect(t *testing.T, want string, f func(testing.TB)) {
	t.Helper()
	if got := ending(t, f); got != want {
		t.Errorf("the test ended with %q, want %q", got, want)
	}
}

func TestHeavy(t *testing.T) {
	t.Setenv(HeavySwitch, "")
	expect(t, "skip", Heavy)
	t.Setenv(HeavySwitch, "1")
	expect(t, "", Heavy)
}

func TestSoak(t *testing.T) {
	for text, want := range map[string]int{"": 7, "12": 12} {
		t.Setenv("SOAK", text)
		if got := Soak(t, 7); got != want {
			t.Errorf("SOAK=%q: %d, want %d", text, got, want)
		}
	}
	t.Setenv("SOAK", "")
	for heavy, want := range map[string]int{"": 7, "1": 70} {
		t.Setenv(HeavySwitch, heavy)
		if got := Count(t, 7, 70); got != want {
			t.Errorf("%s=%q: %d, want %d", HeavySwitch, heavy, got, want)
		}
	}
	for _, text := range []string{"many", "0", "-1"} {
		t.Setenv("SOAK", text)
		expect(t, "fatal", func(t testing.TB) { Soak(t, 7) })
	}
}

func TestRecorded(t *testing.T) {
	const variable = "RECORDED_NOTHING"
	recorded := func(t testing.TB) { Recorded(t, variable) }
	t.Setenv(variable, "")
	expect(t, "skip", recorded)
	t.Setenv(variable, filepath.Join(t.TempDir(), "missing"))
	expect(t, "fatal", recorded)
	dir := t.TempDir()
	t.Setenv(variable, dir)
	expect(t, "fatal", recorded)
	if err := os.WriteFile(filepath.Join(dir, "a.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, "", recorded)
	expect(t, "fatal", func(t testing.TB) { RecordedFiles(t, variable, "*.jsonl") })
	if got := RecordedFiles(t, variable, "*.json"); len(got) != 1 {
		t.Errorf("got %q", got)
	}
}

func TestNeed(t *testing.T) {
	needs := func(t testing.TB) { Need(t, "a-program-that-nobody-has") }
	t.Setenv("CI", "")
	expect(t, "skip", needs)
	t.Setenv("CI", "true")
	expect(t, "fatal", needs)
	expect(t, "", func(t testing.TB) { Need(t, "go") })
}

func TestDeadlineIsBeforeTheEndOfTheRun(t *testing.T) {
	ends, limited := t.Deadline()
	deadline, ok := Deadline(t).Deadline()
	if ok != limited || limited && !deadline.Before(ends) {
		t.Errorf("the context ends at %v (%v), the run at %v (%v)", deadline, ok, ends, limited)
	}
	if _, ok := Deadline(&spy{TB: t}).Deadline(); ok {
		t.Error("something without a deadline has one")
	}
}

func TestGenerated(t *testing.T) {
	defer func(was bool) { *update = was }(*update)
	file := filepath.Join(t.TempDir(), "page.md")
	const page = "head\n<!-- begin a -->\nold\n<!-- end a -->\nfoot\n"
	whole := func(t testing.TB) { Generated(t, file, page) }
	part := func(want string) func(testing.TB) {
		return func(t testing.TB) { GeneratedPart(t, file, "a", want) }
	}
	*update = false
	expect(t, "fatal", whole)
	*update = true
	expect(t, "", whole)
	*update = false
	expect(t, "", whole)
	expect(t, "", part("old\n"))
	expect(t, "error", part("new\n"))
	expect(t, "error", part(""))
	expect(t, "fatal", func(t testing.TB) { GeneratedPart(t, file, "b", "") })
	*update = true
	expect(t, "", part("new\n"))
	if got := Part(t, file, "a"); got != "new\n" {
		t.Errorf("got %q", got)
	}
}
