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

// Lines of code fit half a screen, and functions one screen. A tab counts as four columns.
const (
	maxColumns = 120
	tabColumns = 4
	maxLines   = 50
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

// TestCodeFitsTheScreen checks the lines of every Go file, and the functions of those that are not tests, whose tables
// may be long.
func TestCodeFitsTheScreen(t *testing.T) {
	for _, file := range goFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
		if wide := wideLines(lines); len(wide) > 0 {
			t.Errorf("%s has lines over %d columns: %s", file, maxColumns, strings.Join(wide, ", "))
		}
		if long := longFunctions(lines); len(long) > 0 && !strings.HasSuffix(file, "_test.go") {
			t.Errorf("%s has functions over %d lines: %s", file, maxLines, strings.Join(long, ", "))
		}
	}
}

// wideLines are the numbers of the lines that are too long, with their columns.
func wideLines(lines []string) (wide []string) {
	for n, line := range lines {
		if got := columns(line); got > maxColumns {
			wide = append(wide, strconv.Itoa(n+1)+" ("+strconv.Itoa(got)+")")
		}
	}
	return wide
}

// longFunctions are the numbers of the lines where functions begin that are too long, with their lengths. In what gofmt
// writes a function ends at the first line with nothing but a brace.
func longFunctions(lines []string) (long []string) {
	start := -1
	for n, line := range lines {
		switch {
		case strings.HasPrefix(line, "func ") && !strings.HasSuffix(line, "}"):
			start = n
		case line == "}" && start >= 0:
			if got := n - start + 1; got > maxLines {
				long = append(long, strconv.Itoa(start+1)+" ("+strconv.Itoa(got)+")")
			}
			start = -1
		}
	}
	return long
}

func TestLongFunctions(t *testing.T) {
	of := func(lines int) string { return "func f() {\n" + strings.Repeat("\ta()\n", lines-2) + "}\n" }
	for text, want := range map[string]int{
		of(50): 0, of(51): 1, of(50) + of(51) + "var x = []int{" + of(60)[10:]: 1,
		"func f() {}\nvar x = []int{" + of(60)[10:]: 0, "func f() {}\n" + of(51): 1,
	} {
		if long := longFunctions(strings.Split(text, "\n")); len(long) != want {
			t.Errorf("found %v, want %d", long, want)
		}
	}
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
