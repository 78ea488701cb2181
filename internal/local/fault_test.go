package local_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/local"
)

// TestOperationsAreThoseServed: each operation in which a fault may lie is one that the account asks about faults, and
// the other way round.
func TestOperationsAreThoseServed(t *testing.T) {
	asks := regexp.MustCompile(`(?:fault|request|update|do)\((?:\w+(?:\.\w+)?, )*"([a-z]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var asked, known []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range asks.FindAllStringSubmatch(string(text), -1) {
			asked = append(asked, m[1])
		}
	}
	for _, s := range local.Operations {
		known = append(known, s.Operations...)
	}
	slices.Sort(asked)
	slices.Sort(known)
	if asked = slices.Compact(asked); !slices.Equal(asked, known) {
		t.Errorf("faults may lie in %v, and %v is asked about", known, asked)
	}
}
