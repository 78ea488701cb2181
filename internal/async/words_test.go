package async

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

// distinctive are words of the contract that mean nothing else. The others, such as count and RUNNING, are words of AWS
// or of everyday language, too.
var distinctive = regexp.MustCompile(`_|^[A-Z][a-z]+[A-Z]|[#:]`)

// foreign are words of the contract that other people use as well.
var foreign = map[string]string{
	"InvalidParameter": "an error of Amazon SNS",
	"STRING_MAP":       "a response type of Connect",
	"TIMED_OUT":        "a status of Step Functions",
	"timeout_seconds":  "an attribute of the results table",
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
	for _, file := range testrun.GoFiles(t) {
		here := strings.Contains(file, filepath.Join("internal", "async"))
		if here || strings.HasSuffix(file, "_test.go") || strings.Contains(file, "testdata") {
			continue
		}
		testrun.EachString(t, file, func(text string, at token.Position) {
			if name := words[strings.TrimPrefix(text, "$.External.")]; name != "" {
				t.Errorf("%s: %q is %s", at, text, name)
			}
		})
	}
}
