package connectasync_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/connect-async/connect-async/"

// layer is one row of the import table: a package may import packages of lower levels only, unless it says otherwise.
type layer struct {
	level  int
	reason string
}

// layers is the import table of docs/architecture.md.
var layers = map[string]layer{
	"cmd/connect-async":        {9, "wires everything; alone in reading arguments and environment, and in printing"},
	"cmd/async-function":       {9, "wiring only: its size is its cold start"},
	"cmd/async-function/bench": {9, "measures the async function from outside"},
	"internal/scenario":        {4, "what a file says; plays nothing"},
	"internal/player":          {4, "one event loop over contacts; must not know who answers an invocation"},
	"internal/lambdaapi":       {4, "protocol only"},
	"internal/statesapi":       {4, "protocol only"},
	"internal/local/bench":     {9, "measures the local account from outside"},
	"internal/journal":         {4, "one file; does not know what its values mean"},
	"internal/load":            {8, "plays many callers against quotas, over call and the engines; prints nothing"},
	"internal/page":            {8, "no words of its own: events and texts come from call"},
	"internal/audio":           {7, "the sound of what a call reports"},
	"internal/verify":          {7, "asks what is deployed, through a small interface; knows no SDK"},
	"internal/cost":            {7, "arithmetic"},
	"internal/instance":        {7, "flows from and to an instance, through a small interface; knows no SDK"},
	"internal/adopt":           {7, "edits one flow; reads and writes no file"},
	"internal/replay":          {8, "plays what a log says happened; asks no service"},
	"internal/scaffold":        {8, "writes what the packages below read"},
	"internal/reference":       {7, "describes files; reads none"},
	"internal/deploy":          {6, "says what to create in AWS; creates and asks nothing"},
	"internal/bundle":          {6, "runs the Go toolchain and nothing else"},
	"internal/lint":            {6, "rules over documents; runs nothing"},
	"internal/call":            {6, "plays a contact over everything below"},
	"internal/workspace":       {5, "one way from a project to an account, for call and serve alike"},
	"internal/style":           {3, "writes flows; runs nothing"},
	"internal/draw":            {3, "one image of a document; plays nothing"},
	"internal/machine":         {3, "writes what asl runs, and needs neither engine to do so"},
	"internal/local":           {3, "drives executions; must not know flows or calls"},
	"internal/asl":             {2, "a value without clock or I/O; must not know flows"},
	"internal/flow":            {2, "a value without clock or I/O; must not know state machines"},
	"internal/flowdiff":        {2, "compares two documents; plays nothing"},
	"internal/flowfmt":         {2, "one form of a document; says nothing about it"},
	"internal/legacy":          {2, "one document in another language; plays and judges nothing"},
	"internal/layout":          {2, "arithmetic on a graph"},
	"internal/project":         {2, "reads one file"},
	"internal/backend":         {2, "the SDK of the deployed function"},
	"internal/remote":          {2, "the SDK of the command line; apart from backend, which the function carries"},
	"internal/form":            {1, "tables of keys; knows no file of ours"},
	"internal/flowlang":        {1, "reads documents; plays nothing and holds no rules about callers"},
	"internal/manifest":        {1, "files and their hashes; knows nothing of what is in them"},
	"internal/async":           {1, "the heart: no SDK, no engine, no HTTP"},
	"internal/httptask":        {2, "requests to this machine only"},
	"internal/function":        {1, "runs processes; must not know who calls"},
	"internal/speech":          {1, "arithmetic on texts"},
	"internal/standin":         {1, "which tasks have a stand-in; performs none"},
	"internal/messaging":       {0, "a leaf"},
	"internal/arn":             {0, "a leaf"},
	"internal/awsrequest":      {0, "signs requests of the SDK's clients that are not linked"},
	"internal/awsfacts":        {0, "numbers"},
	"internal/handlers":        {0, "a leaf: reads the files of functions, and runs none"},
	"internal/template":        {1, "files that hold documents; knows only the shape of the two languages"},
	"internal/loopback":        {0, "a leaf"},
	"internal/dynamodb":        {0, "a leaf"},
	"internal/jsonpath":        {1, "a query language"},
	"internal/jsonata":         {1, "a query language"},
	"internal/source":          {0, "a leaf"},
	"internal/edit":            {1, "changes the text of a document; knows nothing of its language"},
	"internal/value":           {0, "a leaf"},
	"internal/wav":             {0, "a leaf"},
	"internal/clock":           {0, "a leaf"},
	"internal/playtest":        {5, "imported by tests only: flows that are played"},
	"internal/instancetest":    {2, "imported by tests only: an instance of Amazon Connect"},
	"internal/testrun":         {0, "imported by tests only: how they are run"},
}

// forbidden are imports that a package must never reach, not even through others, with the reason.
var forbidden = []struct{ from, to, reason string }{
	{"internal/asl", "internal/clock", "an execution is told the time by its events"},
	{"internal/flow", "internal/clock", "a contact is told the time by its events"},
	{"internal/async", "internal/source", "only the clock: the function stays small"},
	{"internal/async", "github.com/aws/", "the SDK lives in backend"},
	{"internal/async", "net/http", "the SDK lives in backend"},
	{"internal/player", "internal/local", "the caller of the package says who answers an invocation"},
	{"internal/player", "internal/function", "the caller of the package says who answers an invocation"},
	{"internal/call", "github.com/aws/", "a call needs no AWS"},
	{"internal/lint", "internal/function", "a rule runs nothing"},
	{"internal/lint", "net/http", "a rule runs nothing"},
	{"internal/local", "github.com/aws/", "the local account needs no AWS"},
	{"internal/deploy", "github.com/aws/", "only remote asks AWS"},
	{"internal/verify", "github.com/aws/", "only remote asks AWS"},
	{"internal/cost", "github.com/aws/", "only remote asks AWS"},
	{"internal/instance", "github.com/aws/", "only remote asks AWS"},
	{"internal/scaffold", "github.com/aws/", "only remote asks AWS"},
	{"internal/flow", "github.com/hashicorp/hcl", "the player reads nodes; files are read by template"},
	{"internal/flowlang", "github.com/hashicorp/hcl", "it reads nodes; files are read by template"},
	{"internal/asl", "github.com/hashicorp/hcl", "the engine reads nodes; files are read by template"},
	{"internal/flow", "internal/template", "files are read by template, which hands over nodes"},
	{"internal/flowlang", "internal/template", "files are read by template, which hands over nodes"},
	{"internal/asl", "internal/template", "files are read by template, which hands over nodes"},
	{"cmd/async-function", "internal/asl", "the deployed function runs no engine"},
	{"cmd/async-function", "internal/flow", "the deployed function runs no engine"},
	{"cmd/async-function", "go.etcd.io/bbolt", "its size is its cold start"},
	{"internal/local", "go.etcd.io/bbolt", "it is given its journal"},
	{"cmd/async-function", "github.com/aws/aws-sdk-go-v2/config", "costs 5 ms of cold start"},
}

// imports returns the imports of the Go files of a folder, without those of its tests.
func imports(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			list = append(list, strings.TrimPrefix(name, module))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func isOurs(name string) bool {
	return strings.HasPrefix(name, "internal/") || strings.HasPrefix(name, "cmd/")
}

func TestImportsGoDownTheTable(t *testing.T) {
	for name, l := range layers {
		used := imports(t, filepath.FromSlash(name))
		if len(used) == 0 {
			t.Errorf("%s is in the table but has no Go files", name)
		}
		for _, imported := range used {
			if below, ok := layers[imported]; isOurs(imported) && (!ok || below.level >= l.level) {
				t.Errorf("%s (level %d: %s) imports %s", name, l.level, l.reason, imported)
			}
		}
	}
}

func TestEveryPackageIsInTheTable(t *testing.T) {
	for _, root := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || path.Ext(file) != ".go" || strings.Contains(file, "testdata") {
				return err
			}
			if dir := filepath.ToSlash(filepath.Dir(file)); layers[dir].reason == "" {
				t.Errorf("%s has no row in the table", dir)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestTestSupportIsForTests checks that no program carries the packages for tests.
func TestTestSupportIsForTests(t *testing.T) {
	for name := range layers {
		imported := imports(t, filepath.FromSlash(name))
		for _, support := range []string{"internal/testrun", "internal/playtest", "internal/instancetest"} {
			if slices.Contains(imported, support) {
				t.Errorf("%s imports %s outside its tests", name, support)
			}
		}
	}
}

func TestForbiddenImports(t *testing.T) {
	for _, rule := range forbidden {
		if chain := reach(t, rule.from, rule.to, map[string]bool{}); chain != nil {
			t.Errorf("%s: %s", strings.Join(chain, " → "), rule.reason)
		}
	}
}

// reach returns the chain of imports from one package of ours to an import that begins with to, nil when there is none.
func reach(t *testing.T, from, to string, seen map[string]bool) []string {
	if seen[from] {
		return nil
	}
	seen[from] = true
	for _, imported := range imports(t, filepath.FromSlash(from)) {
		if strings.HasPrefix(imported, to) {
			return []string{from, imported}
		}
		if isOurs(imported) {
			if chain := reach(t, imported, to, seen); chain != nil {
				return append([]string{from}, chain...)
			}
		}
	}
	return nil
}

// TestTerraformIsReadInOnePlace checks that only template, which reads Terraform's language, and deploy, which writes
// it, import its parser.
func TestTerraformIsReadInOnePlace(t *testing.T) {
	for name := range layers {
		for _, imported := range imports(t, filepath.FromSlash(name)) {
			ours := name == "internal/template" || name == "internal/deploy"
			if strings.HasPrefix(imported, "github.com/hashicorp/hcl") && !ours {
				t.Errorf("%s imports %s", name, imported)
			}
		}
	}
}

func TestNamesOfPackagesSayWhatTheyAre(t *testing.T) {
	for _, name := range []string{"util", "common", "helpers", "model", "types", "core", "manager"} {
		if _, err := os.Stat(filepath.Join("internal", name)); err == nil {
			t.Errorf("internal/%s says nothing about what it is", name)
		}
	}
}

// TestTheTableIsDocumented compares docs/architecture.md with the import table.
func TestTheTableIsDocumented(t *testing.T) {
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, l := range layers {
		level := strconv.Itoa(l.level)
		if l.level == 9 { // a program
			level = "–"
		}
		if row := "| " + level + " | `" + name + "` |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/architecture.md has no row that begins with %q", row)
		}
	}
}

// TestEveryDependencyHasAReason checks that docs/decisions.md names every module that go.mod requires directly.
func TestEveryDependencyHasAReason(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	decisions, err := os.ReadFile("docs/decisions.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) != 2 || !strings.Contains(fields[0], ".") || strings.HasPrefix(fields[1], "(") {
			continue // indirect ones have a comment
		}
		name := fields[0]
		if strings.HasPrefix(name, "github.com/aws/aws-sdk-go-v2") {
			name = "github.com/aws/aws-sdk-go-v2"
		}
		if !strings.Contains(string(decisions), "`"+name+"`") {
			t.Errorf("docs/decisions.md does not say what %s is for", name)
		}
	}
}
