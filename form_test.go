package connectasync_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// Lines of code fit half a screen. A tab counts as four columns.
const (
	maxColumns = 120
	tabColumns = 4
)

func columns(line string) int {
	return utf8.RuneCountInString(line) + (tabColumns-1)*strings.Count(line, "\t")
}

// goFiles are the Go files of the module, with slashes.
func goFiles(t *testing.T) []string { return filesOf(t, ".go", 100) }

// filesOf are the files of the module with an extension, with slashes: at least so many.
func filesOf(t *testing.T, ext string, least int) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || file != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case !entry.IsDir() && filepath.Ext(file) == ext:
			list = append(list, filepath.ToSlash(file))
		}
		return nil
	})
	if err != nil || len(list) < least {
		t.Fatalf("%d %s files (%v)", len(list), ext, err)
	}
	return list
}

// TestLinesFitHalfAScreen checks every Go file.
func TestLinesFitHalfAScreen(t *testing.T) {
	for _, file := range goFiles(t) {
		if lines := wideLines(t, file); len(lines) > 0 {
			t.Errorf("%s has lines over %d columns: %s", file, maxColumns, strings.Join(lines, ", "))
		}
	}
}

// wideLines are the numbers of the lines that are too long, with their columns.
func wideLines(t *testing.T, file string) (wide []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(string(text), "\n") {
		if got := columns(strings.TrimRight(line, "\r")); got > maxColumns {
			wide = append(wide, strconv.Itoa(n+1)+" ("+strconv.Itoa(got)+")")
		}
	}
	return wide
}

func TestColumns(t *testing.T) {
	for line, want := range map[string]int{"": 0, "\t\ta": 9, "é→": 2, "a\tb": 6} {
		if got := columns(line); got != want {
			t.Errorf("%q has %d columns, want %d", line, got, want)
		}
	}
}

// TestTestsReportWithLog checks that what tests report is a line of t.Log, which .ci/run shows. Examples print.
func TestTestsReportWithLog(t *testing.T) {
	for _, file := range goFiles(t) {
		if !strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/testdata/") {
			continue
		}
		for _, at := range prints(t, file) {
			t.Errorf("%s: report with t.Log", at)
		}
	}
}

// prints are the calls of fmt.Print, Printf and Println in the tests of a file.
func prints(t *testing.T, file string) (places []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "fmt.Print") {
		return nil // most files need not be parsed
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range parsed.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(f.Name.Name, "Test") || f.Name.Name == "TestMain" {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(call.Sel.Name, "Print") {
				if x, ok := call.X.(*ast.Ident); ok && x.Name == "fmt" {
					places = append(places, set.Position(n.Pos()).String())
				}
			}
			return true
		})
	}
	return places
}
