package async

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// distinctive are words of the contract that mean nothing else. The others, such as count and RUNNING, are words of AWS
// or of everyday language, too.
var distinctive = regexp.MustCompile(`_|^[A-Z][a-z]+[A-Z]|[#:]`)

// foreign are words of the contract that other people use as well.
var foreign = map[string]string{
	"STRING_MAP":      "a response type of Connect",
	"TIMED_OUT":       "a status of Step Functions",
	"timeout_seconds": "an attribute of the results table",
}

// contractWords are the words to look for, with the constants for them.
func contractWords(t *testing.T) map[string]string {
	t.Helper()
	words := map[string]string{}
	for _, file := range []string{"contract.go", "table.go"} {
		for name, value := range constants(t, file) {
			if ast.IsExported(name) && distinctive.MatchString(value) && foreign[value] == "" && value != ItemTime {
				words[value] = "async." + name
			}
		}
	}
	return words
}

// TestContractIsStatedOnce looks for the contract's words in the code of other packages, tests and the names of members
// of structs left out.
func TestContractIsStatedOnce(t *testing.T) {
	words := contractWords(t)
	if len(words) < 40 {
		t.Fatalf("only %d words to look for", len(words))
	}
	for _, root := range []string{"../../cmd", "../../internal"} {
		err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
			here := strings.Contains(file, filepath.Join("internal", "async"))
			if err != nil || filepath.Ext(file) != ".go" || here || strings.HasSuffix(file, "_test.go") ||
				strings.Contains(file, "testdata") {
				return err
			}
			return lookForWords(t, file, words)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func lookForWords(t *testing.T, file string, words map[string]string) error {
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
		text, err := strconv.Unquote(literal.Value)
		if name := words[strings.TrimPrefix(text, "$.External.")]; err == nil && name != "" {
			t.Errorf("%s: %q is %s", set.Position(literal.Pos()), text, name)
		}
		return true
	})
	return nil
}
