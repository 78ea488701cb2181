package awsfacts_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/awsfacts"
)

// inProse are the figures as texts write them. A text is made with the figure (see words.go), so that it follows when
// the figure changes.
var inProse = map[string]*regexp.Regexp{
	"SynchronousLimit":     spelled(awsfacts.Seconds(awsfacts.SynchronousLimit)),
	"AsynchronousLimit":    spelled(awsfacts.Seconds(awsfacts.AsynchronousLimit)),
	"ChainLimit":           spelled(awsfacts.Seconds(awsfacts.ChainLimit)),
	"ReplyBytes":           spelled(awsfacts.KB(awsfacts.ReplyBytes), awsfacts.Thousands(awsfacts.ReplyBytes)),
	"FlowCharacters":       spelled(awsfacts.Thousands(awsfacts.FlowCharacters)),
	"FunctionTimeout":      spelled(awsfacts.Seconds(awsfacts.FunctionTimeout), "15 minutes"),
	"DataBytes":            spelled(awsfacts.KB(awsfacts.DataBytes), awsfacts.Thousands(awsfacts.DataBytes)),
	"HistoryEvents":        spelled(awsfacts.Thousands(awsfacts.HistoryEvents), strconv.Itoa(awsfacts.HistoryEvents)),
	"ExecutionKept":        spelled(awsfacts.Days(awsfacts.ExecutionKept)),
	"NameCharacters":       spelled(fmt.Sprintf("%d characters", awsfacts.NameCharacters)),
	"ConcurrentExecutions": spelled(awsfacts.Thousands(awsfacts.ConcurrentExecutions) + " concurrent"),
	"DescribeExecutionRate": spelled(fmt.Sprintf("%.0f requests per second",
		awsfacts.DescribeExecutionRate(awsfacts.BigRegions()[0]).PerSecond)),
}

func spelled(texts ...string) *regexp.Regexp {
	for i, text := range texts {
		texts[i] = regexp.QuoteMeta(text)
	}
	return regexp.MustCompile(`(^|[^\d.,])(` + strings.Join(texts, "|") + `)\b`)
}

// TestFiguresStandOnlyHereInProse looks for the figures in the texts of the project's code, tests left out.
func TestFiguresStandOnlyHereInProse(t *testing.T) {
	eachFile(t, func(f codeFile) {
		for _, c := range proseCopies(f.parsed) {
			t.Errorf("%s:%d: this text has awsfacts.%s; make it with the figure", f.place, f.line(c.at), c.figure)
		}
	})
}

// TestProseIsFound checks that the search above finds what it looks for, however the text is put together.
func TestProseIsFound(t *testing.T) {
	for text, want := range map[string]int{
		`"waits 8 s at most"`:                1,
		`"waits 8 " + "s, then 20 s"`:        2,
		`"kept for " + f() + "90 days"`:      1,
		`"waits 28 s", "or 0.8 s", "18 sec"`: 0,
		"`at most 32 KB`":                    1,
		`"256,000 characters"`:               1,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a\nvar a = f("+text+")", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := proseCopies(file); len(got) != want {
			t.Errorf("%s: found %v", text, got)
		}
	}
}

// proseCopies finds the figures in the texts of a file.
func proseCopies(file *ast.File) []copied {
	var found []copied
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		text, others, isText := literalText(e)
		if !isText {
			return true
		}
		if strings.ContainsAny(text, "0123456789") {
			for figure, pattern := range inProse {
				if pattern.MatchString(text) {
					found = append(found, copied{at: e.Pos(), figure: figure})
				}
			}
		}
		for _, other := range others {
			ast.Inspect(other, visit)
		}
		return false
	}
	ast.Inspect(file, visit)
	return found
}

// literalText is the text of a literal, or of literals and others that are put together. Each of the others is a NUL in
// the text.
func literalText(e ast.Expr) (text string, others []ast.Expr, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, nil, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, before, isLeft := literalText(e.X)
		right, after, isRight := literalText(e.Y)
		if e.Op != token.ADD || !isLeft && !isRight {
			return "", nil, false
		}
		if !isLeft {
			left, before = "\x00", []ast.Expr{e.X}
		}
		if !isRight {
			right, after = "\x00", []ast.Expr{e.Y}
		}
		return left + right, slices.Concat(before, after), true
	}
	return "", nil, false
}
