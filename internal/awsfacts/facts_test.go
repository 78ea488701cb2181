package awsfacts_test

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/testrun"
)

// figure is a fact of this package, and how a copy of it is recognised in other packages: a number that has many
// meanings is this fact when a constant with it is called so.
type figure struct {
	name     string
	value    any            // int, float64 or time.Duration
	declared *regexp.Regexp // nil for a number that has no other meaning
}

var (
	anywhere    *regexp.Regexp
	ofFunctions = regexp.MustCompile(`(?i)sync|chain|block|invocation`)
	ofNames     = regexp.MustCompile(`(?i)name`)
	ofMemory    = regexp.MustCompile(`(?i)memory`)
	ofLimits    = regexp.MustCompile(`(?i)limit|timeout`)
	ofMessages  = regexp.MustCompile(`(?i)chat|message`)
	ofQuotas    = regexp.MustCompile(`(?i)concurren|callers`)
)

// unit is a unit of time by itself, which may be a minute for any reason.
type unit time.Duration

const aMinute = unit(awsfacts.AsynchronousLimit)

var figures = []figure{
	{name: "SynchronousLimit", value: awsfacts.SynchronousLimit, declared: anywhere},
	{name: "SynchronousLimit in seconds", value: int(awsfacts.SynchronousLimit.Seconds()), declared: ofFunctions},
	{name: "AsynchronousLimit", value: awsfacts.AsynchronousLimit, declared: anywhere},
	{name: "AsynchronousLimit as a minute", value: aMinute, declared: ofLimits},
	{name: "AsynchronousLimit in seconds", value: int(awsfacts.AsynchronousLimit.Seconds()), declared: ofFunctions},
	{name: "ChainLimit", value: awsfacts.ChainLimit, declared: anywhere},
	{name: "ChainLimit in seconds", value: int(awsfacts.ChainLimit.Seconds()), declared: ofFunctions},
	{name: "ReplyBytes or AttributeBytes", value: awsfacts.ReplyBytes, declared: anywhere},
	{name: "FlowCharacters", value: awsfacts.FlowCharacters, declared: anywhere},
	{name: "ConcurrentCalls", value: awsfacts.ConcurrentCalls, declared: ofQuotas},
	{name: "FunctionTimeout", value: awsfacts.FunctionTimeout, declared: anywhere},
	{name: "FunctionTimeout in seconds", value: int(awsfacts.FunctionTimeout.Seconds()), declared: anywhere},
	{name: "MinMemoryMB", value: awsfacts.MinMemoryMB, declared: ofMemory},
	{name: "MaxMemoryMB", value: awsfacts.MaxMemoryMB, declared: anywhere},
	{name: "PayloadBytes", value: awsfacts.PayloadBytes, declared: anywhere},
	{name: "ConcurrentExecutions", value: awsfacts.ConcurrentExecutions, declared: ofQuotas},
	{name: "DataBytes", value: awsfacts.DataBytes, declared: anywhere},
	{name: "HistoryEvents", value: awsfacts.HistoryEvents, declared: anywhere},
	{name: "ExecutionKept", value: awsfacts.ExecutionKept, declared: anywhere},
	{name: "ExecutionKept in seconds", value: int(awsfacts.ExecutionKept.Seconds()), declared: anywhere},
	{name: "ExecutionTimeout", value: awsfacts.ExecutionTimeout, declared: anywhere},
	{name: "ExecutionTimeout in seconds", value: int(awsfacts.ExecutionTimeout.Seconds()), declared: anywhere},
	{name: "NameCharacters", value: awsfacts.NameCharacters, declared: ofNames},
	{name: "StateTransition", value: awsfacts.StateTransition, declared: anywhere},
	{name: "LambdaRequest", value: awsfacts.LambdaRequest, declared: anywhere},
	{name: "LambdaGBSecondARM64", value: awsfacts.LambdaGBSecondARM64, declared: anywhere},
	{name: "DynamoDBWrite", value: awsfacts.DynamoDBWrite, declared: anywhere},
	{name: "DynamoDBRead", value: awsfacts.DynamoDBRead, declared: anywhere},
	{name: "SQSRequest", value: awsfacts.SQSRequest, declared: anywhere},
	{name: "VoiceMinute", value: awsfacts.VoiceMinute, declared: anywhere},
	{name: "ChatMessage", value: awsfacts.ChatMessage, declared: ofMessages},
}

// otherMeaning are numbers that equal a figure by chance, by file and what they are.
var otherMeaning = map[string]string{
	"internal/audio/program.go AsynchronousLimit as a minute":        "how long a program may speak a text",
	"internal/scenario/silence.go SynchronousLimit":                  "dead air that is critical to callers",
	"internal/function/output.go ReplyBytes or AttributeBytes":       "a buffer",
	"internal/jsonata/picture_integer.go FunctionTimeout in seconds": "a Roman numeral",
	"internal/load/arrivals.go FunctionTimeout":                      "a quarter of an hour",
	"internal/messaging/sqs.go FunctionTimeout in seconds":           "how long SQS can delay a message",
}

// TestFiguresStandOnlyHere looks for copies of the figures in the code of the project, tests left out.
func TestFiguresStandOnlyHere(t *testing.T) {
	eachFile(t, func(f codeFile) {
		for _, c := range copies(f.parsed) {
			if otherMeaning[f.place+" "+c.figure] == "" {
				t.Errorf("%s:%d: this is awsfacts.%s", f.place, f.line(c.at), c.figure)
			}
		}
	})
}

// codeFile is a file of code of the project.
type codeFile struct {
	place  string // its path in the repository
	parsed *ast.File
}

// set has the places of every code file. code are those files, once they are parsed. No test runs in parallel.
var (
	set  = token.NewFileSet()
	code []codeFile
)

func (f codeFile) line(at token.Pos) int { return set.Position(at).Line }

// eachFile calls look with each file of code of the project, tests and this package left out.
func eachFile(t *testing.T, look func(f codeFile)) {
	t.Helper()
	if code == nil {
		code = parseCode(t)
	}
	if len(code) < 100 {
		t.Errorf("only %d files are looked at", len(code))
	}
	for _, f := range code {
		look(f)
	}
}

func parseCode(t *testing.T) (files []codeFile) {
	t.Helper()
	for _, file := range testrun.GoFiles(t) {
		here := strings.HasPrefix(file, filepath.Join("..", "..", "internal", "awsfacts"))
		if here || strings.HasSuffix(file, "_test.go") || strings.Contains(file, "testdata") {
			continue
		}
		parsed, err := parser.ParseFile(set, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, codeFile{
			place: strings.TrimPrefix(filepath.ToSlash(file), "../../"), parsed: parsed,
		})
	}
	return files
}

// TestFiguresAreFound checks that the search above finds what it looks for, however it is written.
func TestFiguresAreFound(t *testing.T) {
	for text, want := range map[string]int{
		"const a = 8 * time.Second":                         1,
		"var a = f(90 * 24 * time.Hour, 0.25)":              1,
		"const a = 32 * 1024 - 1":                           1,
		"var a = x > 32768":                                 1,
		"const maxChainSeconds = 20":                        1,
		"const width = 20":                                  0,
		"const a = 16 * time.Minute":                        0,
		"const ( price = 25.0 / 1e6; other = 0.00002 )":     1,
		"const maxName, most = 80, 80":                      1,
		"const longest, timeout = time.Minute, time.Minute": 1,
		"const low = 0x8000":                                0,
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a\n"+text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := copies(file); len(got) != want {
			t.Errorf("%s: found %v", text, got)
		}
	}
}

// copied is a place where a figure is written.
type copied struct {
	at     token.Pos
	figure string
}

// copies finds the figures in a file: the value of whole expressions of literals and time's units, and of their
// operands.
func copies(file *ast.File) []copied {
	var found []copied
	names := map[ast.Expr]string{} // of what an expression is the value of
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			for i, value := range spec.Values {
				names[value] = spec.Names[i].Name
			}
		}
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		value, k := valueOf(e)
		if value == nil {
			return true
		}
		for _, f := range figures {
			if f.is(value, k, names[e]) {
				found = append(found, copied{at: e.Pos(), figure: f.name})
				return false
			}
		}
		return k == isNumber
	})
	return found
}

// kind says what the value of an expression is.
type kind int

const (
	isNumber kind = iota
	isDuration
	isUnit // a unit of time by itself
)

func (f figure) is(value constant.Value, k kind, name string) bool {
	if f.declared != nil && !f.declared.MatchString(name) {
		return false
	}
	switch want := f.value.(type) {
	case unit:
		return k == isUnit && constant.Compare(value, token.EQL, constant.MakeInt64(int64(want)))
	case time.Duration:
		return k == isDuration && constant.Compare(value, token.EQL, constant.MakeInt64(int64(want)))
	case int:
		return k == isNumber && constant.Compare(value, token.EQL, constant.MakeInt64(int64(want)))
	case float64:
		got, _ := constant.Float64Val(constant.ToFloat(value))
		return k == isNumber && got == want
	}
	return false
}

var units = map[string]time.Duration{
	"Millisecond": time.Millisecond, "Second": time.Second, "Minute": time.Minute, "Hour": time.Hour,
}

// valueOf is the value of an expression of literals and units of time, nil for another. Hexadecimal numbers are
// patterns of bits.
func valueOf(e ast.Expr) (constant.Value, kind) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if (e.Kind == token.INT || e.Kind == token.FLOAT) && !strings.HasPrefix(e.Value, "0x") {
			return constant.MakeFromLiteral(e.Value, e.Kind, 0), isNumber
		}
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok && x.Name == "time" && units[e.Sel.Name] != 0 {
			return constant.MakeInt64(int64(units[e.Sel.Name])), isUnit
		}
	case *ast.BinaryExpr:
		x, one := valueOf(e.X)
		y, other := valueOf(e.Y)
		if x == nil || y == nil {
			return nil, isNumber
		}
		if one != isNumber || other != isNumber {
			return binary(x, e.Op, y), isDuration
		}
		return binary(x, e.Op, y), isNumber
	}
	return nil, isNumber
}

func binary(x constant.Value, op token.Token, y constant.Value) constant.Value {
	switch op {
	case token.ADD, token.SUB, token.MUL:
		return constant.BinaryOp(x, op, y)
	case token.QUO:
		if constant.Sign(y) != 0 {
			return constant.BinaryOp(x, op, y)
		}
	case token.SHL:
		if places, ok := constant.Uint64Val(y); ok && places < 64 && x.Kind() == constant.Int {
			return constant.Shift(x, op, uint(places))
		}
	}
	return nil
}
