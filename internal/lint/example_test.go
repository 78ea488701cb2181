package lint_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// mark precedes each value in an example that a rule must report.
const mark = "«"

// place is where a finding must be.
type place struct {
	file string
	source.Pos
}

// unmark removes the marks from a text and returns their places.
func unmark(file, text string) (clean string, places []place) {
	var b strings.Builder
	line, column := 1, 1
	for {
		before, after, found := strings.Cut(text, mark)
		b.WriteString(before)
		if n := strings.Count(before, "\n"); n > 0 {
			line += n
			column = len(before) - strings.LastIndexByte(before, '\n')
		} else {
			column += len(before)
		}
		if !found {
			return b.String(), places
		}
		places = append(places, place{file: file, Pos: source.Pos{Line: line, Column: column}})
		text = after
	}
}

var (
	letters = regexp.MustCompile(`REPEAT (\d+) LETTERS`)
	times   = regexp.MustCompile(`REPEAT (\d+) TIMES (.*)`)
)

// expand writes out what an example abbreviates: "REPEAT n LETTERS", and "REPEAT n TIMES item" for n items of a list,
// in which # is the number of the item.
func expand(text string) string {
	text = times.ReplaceAllStringFunc(text, func(m string) string {
		parts := times.FindStringSubmatch(m)
		n, _ := strconv.Atoi(parts[1])
		items := make([]string, n)
		for i := range items {
			items[i] = strings.ReplaceAll(parts[2], "#", strconv.Itoa(i))
		}
		return strings.Join(items, ", ")
	})
	return letters.ReplaceAllStringFunc(text, func(m string) string {
		n, _ := strconv.Atoi(letters.FindStringSubmatch(m)[1])
		return strings.Repeat("a", n)
	})
}

var identifier = regexp.MustCompile(`"Identifier": «?"([^"]*)"`)

// wrap makes a whole flow of a list of actions: the first is the start, and end disconnects.
func wrap(actions string) string {
	actions = strings.TrimSpace(expand(actions))
	if strings.HasPrefix(strings.TrimPrefix(actions, mark), "{") {
		return actions
	}
	start := identifier.FindStringSubmatch(actions)[1]
	text := fmt.Sprintf(`{"Version": "2019-10-30", "StartAction": %q, "Metadata": {}, "Actions": %s`,
		start, strings.TrimSuffix(actions, "]"))
	if strings.Contains(actions, `"end"`) && !strings.Contains(actions, `"Identifier": "end"`) {
		text += `, {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}`
	}
	return text + "]}"
}

// polling returns the flow of examples/polling.json with changes: lists of actions that replace its own or are new.
func polling(t testing.TB, changes ...string) string {
	t.Helper()
	text, err := os.ReadFile("examples/polling.json")
	if err != nil {
		t.Fatal(err)
	}
	var base struct {
		StartAction string
		Actions     []json.RawMessage
	}
	if err := json.Unmarshal(text, &base); err != nil {
		t.Fatal(err)
	}
	var actions []string
	changed := map[string]bool{}
	for _, list := range changes {
		list = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(list), "["), "]")
		for _, found := range identifier.FindAllStringSubmatch(list, -1) {
			changed[found[1]] = true
		}
		if list != "" {
			actions = append(actions, list)
		}
	}
	for _, a := range base.Actions {
		if id := identifier.FindStringSubmatch(string(a))[1]; !changed[id] {
			actions = append(actions, string(a))
		}
	}
	return fmt.Sprintf(`{"Version": "2019-10-30", "StartAction": %q, "Metadata": {}, "Actions": [%s]}`,
		base.StartAction, strings.Join(actions, ",\n"))
}

// cases returns the examples of a rule with whole flows.
func cases(t testing.TB, r lint.Rule) []lint.Example {
	t.Helper()
	var list []lint.Example
	both := ""
	for _, e := range r.Examples() {
		switch {
		case e.Name == "both":
			both = e.Changes
			continue
		case e.Changes != "":
			e.Flow = polling(t, both, e.Changes)
		case e.Flow != "":
			e.Flow = wrap(e.Flow)
		}
		list = append(list, e)
	}
	return list
}

// makeSetup makes the set-ups of an example, and says where findings are expected.
func makeSetup(t *testing.T, e lint.Example) (setups []lint.Setup, want []place) {
	t.Helper()
	var s lint.Setup
	if e.Project != "" {
		text, places := unmark(project.FileName, e.Project)
		s.Project, s.Settings = readProject(t, text)
		s.Managed = slices.ContainsFunc(s.Project.Flows, func(f project.Flow) bool { return f.Managed })
		want = append(want, places...)
	}
	if len(e.Files) > 0 {
		s.Code = codeOf(s.Project, e.Files)
	}
	if e.Machine != "" {
		text, places := unmark("machine.asl.json", e.Machine)
		want = append(want, places...)
		s.Machine = read(t, "machine.asl.json", text).Machines[0]
		setups = append(setups, s)
	} else if e.Flow == "" {
		setups = append(setups, s)
	}
	if e.Flow != "" {
		text, places := unmark("flow.json", e.Flow)
		want = append(want, places...)
		s.Flow = read(t, "flow.json", text).Flows[0]
		if e.Type != "" {
			kind, ok := flowlang.TypeOf(strings.TrimSpace(e.Type))
			if !ok {
				t.Fatalf("there is no type %s", e.Type)
			}
			s.Flow = s.Flow.WithType(kind)
		}
		setups = append(setups, s)
	}
	return setups, want
}

// codeOf is the code of the functions of a project among some files.
func codeOf(p *project.Project, files []txtar.File) map[string]lint.Code {
	all := fstest.MapFS{}
	for _, file := range files {
		mode := fs.FileMode(0o600)
		if path.Base(file.Name) == "bootstrap" {
			mode = 0o700
		}
		all[file.Name] = &fstest.MapFile{Data: file.Data, Mode: mode}
	}
	code := map[string]lint.Code{}
	for _, f := range p.Functions {
		folder := filepath.Base(f.Code)
		if sub, err := fs.Sub(all, folder); f.Code != "" && err == nil {
			code[f.Name] = lint.Code{Files: sub}
		}
	}
	return code
}

func read(t *testing.T, file, text string) *lint.Document {
	t.Helper()
	doc, err := lint.Read(file, []byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return doc
}

func readProject(t *testing.T, text string) (*project.Project, lint.Settings) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{project.FileName: text, "machine.asl.json": "{}",
		"flow.json": "{}", "code": "", "more": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, found := project.Read(dir)
	if p == nil {
		t.Fatalf("the project: %v", found)
	}
	p.File = project.FileName
	for i, j := range p.Jobs {
		p.Jobs[i].Definition = strings.TrimPrefix(j.Definition, dir+string(filepath.Separator))
	}
	settings, found := lint.ReadSettings(p.File, p.Lint)
	if found.HasErrors() {
		t.Fatalf("the settings: %v", found)
	}
	return p, settings
}

// check runs an example and compares the places of one rule's findings with its marks.
func check(t *testing.T, rule string, e lint.Example) {
	t.Helper()
	setups, want := makeSetup(t, e)
	var got []place
	for _, s := range setups {
		for _, f := range lint.Run(s) {
			if f.Rule == rule {
				got = append(got, place{file: filepath.Base(f.File), Pos: f.Pos})
				t.Logf("%s", f.Error())
			}
			if f.Rule != f.Code || f.Message == "" || f.Remedy == "" || f.Fingerprint == "" {
				t.Errorf("%+v is incomplete", f)
			}
		}
	}
	order := func(a, b place) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(place{})); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

// TestExamples checks every rule against its examples: in bad ones, and in the failing ones of tests, it reports
// exactly the marked places, in the others nothing. Every rule has at least one of each kind.
func TestExamples(t *testing.T) {
	for _, r := range lint.Rules() {
		kinds := map[string]int{}
		for _, e := range cases(t, r) {
			kind, _, _ := strings.Cut(e.Name, "-")
			kinds[kind]++
			t.Run(r.ID+"/"+e.Name, func(t *testing.T) {
				wrong := kind == "bad" || kind == "fail"
				if marked := strings.Contains(e.Flow+e.Machine+e.Project, mark); marked != wrong {
					t.Fatalf("an example %s with marks: %v", e.Name, marked)
				}
				check(t, r.ID, e)
			})
		}
		if len(kinds) != 4 || kinds["bad"] != 1 || kinds["good"] != 1 || kinds["fail"] == 0 || kinds["pass"] == 0 {
			t.Errorf("%s has the examples %v, want one bad, one good, and at least one each of fail and pass", r.ID,
				kinds)
		}
	}
}

// TestExampleFiles: every file in examples belongs to a rule.
func TestExampleFiles(t *testing.T) {
	files, err := filepath.Glob("examples/*.txtar")
	if err != nil || len(files) != len(lint.Rules()) {
		t.Errorf("there are %d files for %d rules: %v", len(files), len(lint.Rules()), err)
	}
}

// TestManners: every row of the table is complete and has a unique id.
func TestManners(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range lint.Rules() {
		if seen[r.ID] || !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(r.ID) {
			t.Errorf("the id %q is not unique or not in kebab case", r.ID)
		}
		seen[r.ID] = true
		for _, text := range []string{r.Summary, r.Why, r.Remedy, r.Evidence} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q is not a sentence", r.ID, text)
			}
		}
		if r.Group == "" || r.Severity == "" || r.Needs == 0 || r.Check == nil {
			t.Errorf("%s is incomplete", r.ID)
		}
	}
}
