package testrun

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"testing"
)

// GoFiles returns the Go files below cmd and internal, tests included, for a test of a package directly below internal:
// its paths begin with ../../cmd or ../../internal.
func GoFiles(t testing.TB) []string {
	t.Helper()
	var list []string
	for _, folder := range []string{"cmd", "internal"} {
		root := filepath.Join("..", "..", folder)
		err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && filepath.Ext(file) == ".go" {
				list = append(list, file)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// EachString calls visit with the text and the place of each string literal in a Go file.
func EachString(t testing.TB, file string, visit func(text string, at token.Position)) {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			visit(text, set.Position(literal.Pos()))
		}
		return true
	})
}
