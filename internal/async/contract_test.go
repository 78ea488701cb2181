package async

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// contractTables are the tables of docs/contract.md: for each the cells of its rows, by the first cell of its head.
func contractTables(t *testing.T) map[string][][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string][][]string{}
	head := ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			head = ""
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		switch {
		case head == "":
			head = strings.Trim(cells[0], "`")
		case !strings.HasPrefix(cells[0], "---"):
			tables[head] = append(tables[head], cells)
		}
	}
	return tables
}

// firsts are the names in the first cells of a table, without their quotes.
func firsts(rows [][]string) []string {
	var names []string
	for _, row := range rows {
		for name := range strings.SplitSeq(row[0], ", ") {
			names = append(names, strings.Trim(name, "`"))
		}
	}
	return names
}

// constants are the string constants of a file of this package, by name.
func constants(t *testing.T, file string) map[string]string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
			found[spec.Names[0].Name], _ = strconv.Unquote(literal.Value)
		}
		return true
	})
	return found
}

func sameNames(t *testing.T, what string, documented, known []string) {
	t.Helper()
	slices.Sort(documented)
	slices.Sort(known)
	known = slices.Compact(known)
	if !slices.Equal(documented, known) {
		t.Errorf("%s: docs/contract.md has\n%q\nthe code has\n%q", what, documented, known)
	}
}

func TestContractParameters(t *testing.T) {
	var known [][]string
	for _, p := range parameters {
		known = append(known, []string{"`" + p.name + "`", p.absent, p.meaning})
	}
	documented := contractTables(t)["parameter"]
	if !slices.EqualFunc(documented, known, slices.Equal[[]string]) {
		t.Errorf("docs/contract.md has\n%q\nthe code has\n%q", documented, known)
	}
}

func TestContractNames(t *testing.T) {
	tables := contractTables(t)
	var statuses, errors []string
	for name, value := range constants(t, "contract.go") {
		switch {
		case strings.HasPrefix(name, "Execution"), name == "None":
			statuses = append(statuses, value)
		case (name == value || name == "InvalidExecutionID") && name != "JSON":
			errors = append(errors, value)
		}
	}
	sameNames(t, "sfn_status", firsts(tables["sfn_status"]), statuses)
	sameNames(t, "sfn_error", firsts(tables["sfn_error"]), errors)
	var variables []string
	ConfigFromEnv(func(name string) string { variables = append(variables, name); return "" })
	sameNames(t, "variables", firsts(tables["variable"]), variables)

	var additions, protocol []string
	r := (&invocation{}).reply(StatusRunning)
	for _, m := range r.additions(allAdditions) {
		additions = append(additions, m.key)
	}
	for _, m := range r.protocol() {
		protocol = append(protocol, m.key)
	}
	sameNames(t, "additions", firsts(tables["key"]), additions)
	text, _ := os.ReadFile("../../docs/contract.md")
	_, sentence, _ := strings.Cut(string(text), "seven keys, all strings, on every path:")
	sentence, _, _ = strings.Cut(sentence, ".")
	var listed []string
	for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(sentence, -1) {
		listed = append(listed, m[1])
	}
	sameNames(t, "protocol keys", listed, protocol)
}

// TestContractReplies checks that every code of our own and every status that a reply may have is in the table of
// replies.
func TestContractReplies(t *testing.T) {
	var table string
	for _, row := range contractTables(t)["situation"] {
		table += strings.Join(row, " ") + "\n"
	}
	for name, value := range constants(t, "contract.go") {
		if strings.HasPrefix(name, "Execution") || strings.HasPrefix(name, "Status") ||
			strings.HasPrefix(name, "Result") {
			if !strings.Contains(table, "`"+value+"`") {
				t.Errorf("%s is in no row of the table of replies", value)
			}
		}
	}
}

func TestContractDifferencesNameEveryFault(t *testing.T) {
	var documented []string
	for _, row := range contractTables(t)["fault of the original"] {
		id, _, _ := strings.Cut(row[0], " ")
		documented = append(documented, id)
	}
	var known []string
	for i := range 19 {
		known = append(known, "L"+strconv.Itoa(i+1))
	}
	sameNames(t, "faults", documented, known)
}

// TestContractLog checks the names of a line's members and metrics.
func TestContractLog(t *testing.T) {
	tables := contractTables(t)
	source, err := os.ReadFile("log.go")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	var metrics []string
	for name, value := range constants(t, "contract.go") {
		if strings.HasPrefix(name, "Metric") && name != "MetricNamespace" &&
			name != "MetricDeployment" && name != "MetricJob" {
			metrics = append(metrics, value)
		}
	}
	sameNames(t, "metrics", firsts(tables["metric"]), metrics)
	sameNames(t, "Metrics", Metrics, metrics)
	member := regexp.MustCompile(`slog\.(?:String|Int|Int64|Bool)\("([a-z_]+)"`)
	for _, m := range member.FindAllStringSubmatch(string(source), -1) {
		if name := m[1]; name != "reason" && name != "event" && name != "reply" &&
			!strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("the log's %s is not in docs/contract.md", name)
		}
	}
}
