package flowlang_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
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
	looked := 0
	for _, root := range []string{"../../cmd", "../../internal"} {
		err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(file) != ".go" {
				return err
			}
			looked++
			return lookForTypes(t, file)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 200 {
		t.Fatalf("only %d files were looked at", looked)
	}
}

func lookForTypes(t *testing.T, file string) error {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		return err
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		word, err := strconv.Unquote(literal.Value)
		if err == nil && flowlang.Lookup(word) != nil && !allowed(file, word) {
			t.Errorf("%s: %q is the name of an action type: use flowlang's constant", set.Position(literal.Pos()), word)
		}
		return true
	})
	return nil
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
