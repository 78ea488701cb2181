package testrun

import (
	"flag"
	"os"
	"strings"
	"testing"
)

// update makes tests write what they otherwise compare. `go generate ./...` sets it.
var update = flag.Bool("update", false, "write generated files, instead of comparing them")

// Updating reports whether generated files are written.
func Updating() bool { return *update }

// Generated checks that a file has exactly the generated text; with -update it writes the file.
func Generated(t testing.TB, file, want string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil && !(*update && os.IsNotExist(err)) {
		t.Fatal(err)
	}
	keep(t, file, string(text), want)
}

// GeneratedPart checks the part of a document between <!-- begin name --> and <!-- end name -->; with -update it
// writes the part.
func GeneratedPart(t testing.TB, file, name, want string) {
	t.Helper()
	before, part, after := split(t, file, name)
	keep(t, file, before+part+after, before+want+after)
}

// Part returns the part of a document between <!-- begin name --> and <!-- end name -->.
func Part(t testing.TB, file, name string) string {
	t.Helper()
	_, part, _ := split(t, file, name)
	return part
}

func split(t testing.TB, file, name string) (before, part, after string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- begin "+name+" -->\n", "<!-- end "+name+" -->"
	before, rest, begins := strings.Cut(string(text), begin)
	part, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		t.Fatalf("%s has no part called %s", file, name)
	}
	return before + begin, part, end + after
}

func keep(t testing.TB, file, is, want string) {
	t.Helper()
	switch {
	case is == want:
	case !*update:
		t.Errorf("%s is out of date at %s; run: go generate ./...", file, difference(is, want))
	default:
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// difference shows the first line in which two texts differ.
func difference(is, want string) string {
	got, wanted := strings.Split(is, "\n"), strings.Split(want, "\n")
	for i := range max(len(got), len(wanted)) {
		if line(got, i) != line(wanted, i) {
			return "\n-" + line(got, i) + "\n+" + line(wanted, i)
		}
	}
	return "its end"
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}
