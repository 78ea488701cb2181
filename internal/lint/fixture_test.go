package lint_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/lint"
)

// fixture reads testdata/RULE.txtar: the parts of each case stand in a folder that is named by the case.
func fixture(t *testing.T, rule string) (names []string, cases map[string]*lint.Example) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", rule+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	cases = map[string]*lint.Example{}
	for _, file := range archive.Files {
		name, part, _ := strings.Cut(file.Name, "/")
		if cases[name] == nil {
			names = append(names, name)
			cases[name] = &lint.Example{}
		}
		e, text := cases[name], string(file.Data)
		switch part {
		case "flow.json":
			e.Flow = text
		case "machine.asl.json":
			e.Machine = text
		case "connect-async.yaml":
			e.Project = text
		case "type":
			e.Type = strings.TrimSpace(text)
		default:
			t.Fatalf("%s: there is no part %q", rule, part)
		}
	}
	return names, cases
}

// TestFixtures holds every rule against documents of its own: at least one that fails, with the places marked in it, and at least
// one that passes.
func TestFixtures(t *testing.T) {
	for _, r := range lint.Rules() {
		names, cases := fixture(t, r.ID)
		kinds := map[string]int{}
		for _, name := range names {
			kind, _, _ := strings.Cut(name, "-")
			kinds[kind]++
			t.Run(r.ID+"/"+name, func(t *testing.T) {
				e := *cases[name]
				if marked := strings.Contains(e.Flow+e.Machine+e.Project, mark); marked != (kind == "fail") {
					t.Fatalf("a case %s with marks: %v", name, marked)
				}
				check(t, r.ID, e)
			})
		}
		if kinds["fail"] == 0 || kinds["pass"] == 0 {
			t.Errorf("%s has %v", r.ID, kinds)
		}
	}
}
