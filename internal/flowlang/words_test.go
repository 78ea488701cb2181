package flowlang_test

import (
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/testrun"
)

// elsewhere are folders in which words that are also names of action types mean something else. "" is every word.
var elsewhere = []struct{ folder, word, reason string }{
	{"internal/flowlang", "", "this package, which has the constants"},
	{"internal/asl", "Wait", "a state of the Amazon States Language"},
	{"internal/style", "Wait", "what a generated flow calls one of its blocks"},
}

// TestTypesAreNamedByConstants checks that code outside this package, tests included, names an action type by its
// constant, never by a literal: a misspelt constant does not compile. In JSON they are written out.
func TestTypesAreNamedByConstants(t *testing.T) {
	files := testrun.GoFiles(t)
	if len(files) < 200 {
		t.Fatalf("only %d files were looked at", len(files))
	}
	for _, file := range files {
		testrun.EachString(t, file, func(word string, at token.Position) {
			if flowlang.Lookup(word) != nil && !allowed(file, word) {
				t.Errorf("%s: %q is the name of an action type: use flowlang's constant", at, word)
			}
		})
	}
}

func allowed(file, word string) bool {
	if strings.HasSuffix(file, "_test.go") && word == flowlang.Wait { // often a state, or what a test calls an action
		return true
	}
	folder := filepath.ToSlash(filepath.Dir(filepath.Clean(file)))
	return slices.ContainsFunc(elsewhere, func(e struct{ folder, word, reason string }) bool {
		return strings.HasSuffix(folder, e.folder) && (e.word == "" || e.word == word)
	})
}
