package connectasync_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// startsProcesses are the files that start a process without WaitDelay, and why.
var startsProcesses = map[string]string{
	"internal/function/environment.go":  "its output is a pipe that is read to a mark and not to its end",
	"internal/function/guard_unix.go":   "it has no output",
	"internal/function/handler_test.go": "it is to hold the output open after its parent has ended",
}

// TestProcessesOfTests checks two things that would make a test hang or fail once in a while. Whoever starts a process
// sets WaitDelay: a descendant that inherited its output would be waited for, however long it runs. And a test does not
// write a program itself, since a process that another test starts meanwhile would have it open for writing.
func TestProcessesOfTests(t *testing.T) {
	found := map[string]bool{}
	for _, file := range goFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte("exec.Command")) && !bytes.Contains(text, []byte("0o7")) {
			continue // most files need not be parsed
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			starts, delays, programs := processesIn(d)
			if starts > delays {
				if found[file] = true; startsProcesses[file] == "" {
					t.Errorf("%s: set WaitDelay for each process, or use testrun.Command", set.Position(d.Pos()))
				}
			}
			if programs > 0 && strings.HasSuffix(file, "_test.go") && file != "internal/function/main_test.go" {
				t.Errorf("%s: write programs with testrun.WriteProgram", set.Position(d.Pos()))
			}
		}
	}
	for file := range startsProcesses {
		if !found[file] {
			t.Errorf("%s starts no process without WaitDelay: take it out of the list", file)
		}
	}
}

// processesIn counts the processes that a declaration makes, how often it sets WaitDelay, and the programs that it
// writes.
func processesIn(d ast.Decl) (starts, delays, programs int) {
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			switch {
			case isOf(n, "exec") && strings.HasPrefix(n.Sel.Name, "Command"):
				starts++
			case n.Sel.Name == "WaitDelay":
				delays++
			}
		case *ast.CallExpr:
			if writesProgram(n) {
				programs++
			}
		}
		return true
	})
	return starts, delays, programs
}

// isOf reports whether a name is of a package.
func isOf(n *ast.SelectorExpr, name string) bool {
	from, ok := n.X.(*ast.Ident)
	return ok && from.Name == name
}

// writesProgram reports whether a function of os is called that writes a file which may be executed.
func writesProgram(call *ast.CallExpr) bool {
	called, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !isOf(called, "os") || strings.HasPrefix(called.Sel.Name, "Mkdir") || len(call.Args) == 0 {
		return false
	}
	mode, ok := call.Args[len(call.Args)-1].(*ast.BasicLit)
	return ok && strings.HasPrefix(mode.Value, "0o7")
}

// TestProcessesIn checks the check.
func TestProcessesIn(t *testing.T) {
	for code, want := range map[string][3]int{
		`cmd := exec.Command("a"); cmd.Run()`:                                      {1, 0, 0},
		`cmd := exec.CommandContext(ctx, "a"); cmd.Dir, cmd.WaitDelay = "", 1`:     {1, 1, 0},
		`exec.Command("a").Run(); cmd := exec.Command("b"); cmd.WaitDelay = 1`:     {2, 1, 0},
		`cmd := testrun.Command(t, "a"); _, _ = exec.LookPath("b"); _ = cmd.Run()`: {0, 0, 0},
		`os.WriteFile("a", nil, 0o755); os.Chmod("b", 0o700)`:                      {0, 0, 2},
		`os.WriteFile("a", nil, 0o600); os.Mkdir("b", 0o755); f()`:                 {0, 0, 0},
	} {
		parsed, err := parser.ParseFile(token.NewFileSet(), "", "package p; func f() {"+code+"}", 0)
		if err != nil {
			t.Fatal(err)
		}
		starts, delays, programs := processesIn(parsed.Decls[0])
		if got := [3]int{starts, delays, programs}; got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}
