package testrun

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
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
	code, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var s scanner.Scanner
	s.Init(set.AddFile(file, -1, len(code)), code, func(at token.Position, message string) {
		t.Fatalf("%v: %s", at, message)
	}, 0)
	for {
		at, kind, literal := s.Scan()
		switch kind {
		case token.EOF:
			return
		case token.STRING:
			text, err := strconv.Unquote(literal)
			if err != nil {
				t.Fatal(err)
			}
			visit(text, set.Position(at))
		}
	}
}
