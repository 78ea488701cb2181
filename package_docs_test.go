package connectasync_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// importSentence is how the comment of a package says what it imports. It names this module's packages by their paths,
// the AWS SDK as "the AWS SDK", and says "nothing of this module" when there are none. A package that joins most of the
// others may say instead that it may import everything below it.
var importSentence = regexp.MustCompile(`(?s)\b[Ii]t (imports|may import)\s(.*?)\.(?:\s|$)`)

var packagePath = regexp.MustCompile(`internal/[a-z0-9/]+`)

// TestPackageCommentsNameTheImports compares the sentence about imports in each package's comment with its imports.
func TestPackageCommentsNameTheImports(t *testing.T) {
	for name, l := range layers {
		if l.level == 9 { // programs import what they wire
			continue
		}
		found := importSentence.FindAllStringSubmatch(packageComment(t, name), -1)
		if len(found) != 1 {
			t.Errorf(`%s: the package's comment has %d sentences "It imports …", want one`, name, len(found))
			continue
		}
		if verb, what := found[0][1], found[0][2]; verb == "imports" {
			compareImports(t, name, what)
		} else if !strings.HasPrefix(what, "everything below it in the table of docs/architecture.md") {
			t.Errorf("%s may import %q: name the packages, or everything below it in the table", name, what)
		}
	}
}

func compareImports(t *testing.T, name, said string) {
	used := imports(t, filepath.FromSlash(name))
	ours := slices.DeleteFunc(slices.Clone(used), func(i string) bool { return !isOurs(i) })
	named := packagePath.FindAllString(said, -1)
	slices.Sort(named)
	if !slices.Equal(named, ours) {
		t.Errorf("%s: its comment says that it imports %v, but it imports %v", name, named, ours)
	}
	none := strings.Contains(said, "nothing of this module") || strings.Contains(said, "standard library")
	if len(ours) == 0 && !none {
		t.Errorf(`%s: its comment must say "It imports nothing of this module."`, name)
	}
	sdk := slices.ContainsFunc(used, func(i string) bool { return strings.HasPrefix(i, "github.com/aws/") })
	if says := strings.Contains(said, "the AWS SDK"); says != sdk {
		t.Errorf("%s: its comment names the AWS SDK: %t; it imports it: %t", name, says, sdk)
	}
}

// packageComment returns the comment of a package, from whichever of its files has it.
func packageComment(t *testing.T, name string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(name), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if parsed.Doc != nil {
			return parsed.Doc.Text()
		}
	}
	return ""
}
