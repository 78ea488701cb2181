package call_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// nonsense is what people, generators and merges leave behind in YAML.
var nonsense = []string{"", "null", "[]", "{}", "[[a]]", "{a: {b: 1}}", "-1", "1e999", "99999999999999999999", "\x00",
	"ä€𝄞", "~", "- a", "\"", "{a: [}",
	"9999999h", "*x", "&x 1", "!!binary aGk=", "..", "|", "$.External.x", "NaN", "0x10", "2001-01-01", "\xff\xfe"}

// TestMutatedFilesAreReadOrRefused spoils a line of an example's scenario or project file. What is refused has
// findings with a place to look at, what is read can be played, and nothing panics.
func TestMutatedFilesAreReadOrRefused(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	examples := []string{"balance", "menu", "wait", "queue", "chat", "chain", "module"}
	for range testrun.Soak(t, 2) {
		for _, name := range examples {
			dir := filepath.Join(t.TempDir(), name)
			for _, needed := range slices.Compact([]string{"balance", name}) { // some play a recording of balance
				if err := os.CopyFS(filepath.Join(dir, "..", needed), os.DirFS("../../examples/"+needed)); err != nil {
					t.Fatal(err)
				}
			}
			file := filepath.Join(dir, []string{"scenario.yaml", project.FileName}[random.IntN(2)])
			spoilt := spoil(t, random, file)
			for _, f := range playFiles(t, dir, spoilt) {
				if f.Code == "" || f.Message == "" || f.File == "" {
					t.Fatalf("%v, of\n%s", f, spoilt)
				}
			}
		}
	}
}

// spoil writes nonsense into a line of a file.
func spoil(t *testing.T, random *rand.Rand, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	i, junk := random.IntN(len(lines)), nonsense[random.IntN(len(nonsense))]
	key, _, _ := strings.Cut(lines[i], ":")
	lines[i] = []string{key + ": " + junk, lines[i] + junk, "  " + lines[i], junk,
		lines[random.IntN(len(lines))]}[random.IntN(5)]
	spoilt := strings.Join(lines, "\n")
	if err := os.WriteFile(file, []byte(spoilt), 0o600); err != nil {
		t.Fatal(err)
	}
	return spoilt
}

// playFiles plays the example in a folder, unless it is refused.
func playFiles(t *testing.T, dir, spoilt string) source.Findings {
	t.Helper()
	p, found := project.Read(dir)
	s, more := scenario.Read(filepath.Join(dir, "scenario.yaml"))
	if found = append(found, more...); found.HasErrors() {
		return found
	}
	c, found := call.New(context.Background(), call.Options{Project: p, Scenario: s, Virtual: true})
	if c == nil {
		return found
	}
	defer c.Close()
	if _, err := c.Play(context.Background(), 1, func(call.Event) {}); err != nil {
		t.Errorf("%v, of\n%s", err, spoilt)
	}
	return nil
}
