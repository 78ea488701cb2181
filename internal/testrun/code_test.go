package testrun

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestGoFiles(t *testing.T) {
	files := GoFiles(t)
	for _, want := range []string{"internal/testrun/code_test.go", "cmd/connect-async/main.go"} {
		if !slices.Contains(files, filepath.Join("..", "..", filepath.FromSlash(want))) {
			t.Errorf("%s is not among %d files", want, len(files))
		}
	}
}

func TestEachString(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("package a\n\nconst a, b = \"x\\ty\" + `z`, 'c'\n")
	got := ""
	visit := func(text string, at token.Position) { got += fmt.Sprintf("%d:%d %q ", at.Line, at.Column, text) }
	EachString(t, file, visit)
	if want := `3:14 "x\ty" 3:23 "z" `; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	write("package a\n\nconst a = \"x\n")
	expect(t, "fatal", func(t testing.TB) { EachString(t, file, visit) })
}
