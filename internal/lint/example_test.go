package lint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/source"
)

// mark stands in examples before each value that a rule must report.
const mark = "«"

// place is where a finding must stand.
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
		places = append(places, place{file, source.Pos{Line: line, Column: column}})
		text = after
	}
}

var repeat = regexp.MustCompile(`REPEAT (\d+) LETTERS`)

// wrap makes a whole flow of a list of actions: the first is the start, and end disconnects.
func wrap(actions string) string {
	actions = repeat.ReplaceAllStringFunc(actions, func(m string) string {
		n, _ := strconv.Atoi(repeat.FindStringSubmatch(m)[1])
		return strings.Repeat("a", n)
	})
	actions = strings.TrimSpace(actions)
	if strings.HasPrefix(strings.TrimPrefix(actions, mark), "{") {
		return actions
	}
	start := regexp.MustCompile(`"Identifier": «?"([^"]*)"`).FindStringSubmatch(actions)
	text := fmt.Sprintf("{\"Version\": \"2019-10-30\", \"StartAction\": %q, \"Metadata\": {}, \"Actions\": %s", start[1], strings.TrimSuffix(actions, "]"))
	if strings.Contains(actions, `"end"`) && !strings.Contains(actions, `"Identifier": "end"`) {
		text += `, {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}`
	}
	return text + "]}"
}

// makeSetup makes the set-ups of an example, and says where findings are expected.
func makeSetup(t *testing.T, e lint.Example) (setups []lint.Setup, want []place) {
	t.Helper()
	var s lint.Setup
	if e.Project != "" {
		text, places := unmark(project.FileName, e.Project)
		s.Project, s.Settings = readProject(t, text)
		want = append(want, places...)
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
		text, places := unmark("flow.json", wrap(e.Flow))
		want = append(want, places...)
		s.Flow = read(t, "flow.json", text).Flows[0]
		if e.Type != "" {
			kind, ok := flow.TypeOf(e.Type)
			if !ok {
				t.Fatalf("there is no type %s", e.Type)
			}
			s.Flow = s.Flow.WithType(kind)
		}
		setups = append(setups, s)
	}
	return setups, want
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
	if err := os.WriteFile(filepath.Join(dir, project.FileName), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, found := project.Read(dir)
	if p == nil {
		t.Fatalf("the project: %v", found)
	}
	p.File = project.FileName
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
				got = append(got, place{filepath.Base(f.File), f.Pos})
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

func TestExamples(t *testing.T) {
	for _, r := range lint.Rules() {
		t.Run(r.ID+"/bad", func(t *testing.T) {
			if !strings.Contains(r.Bad.Flow+r.Bad.Machine+r.Bad.Project, mark) {
				t.Fatal("the bad example has no mark")
			}
			check(t, r.ID, r.Bad)
		})
		t.Run(r.ID+"/good", func(t *testing.T) { check(t, r.ID, r.Good) })
	}
}

// TestManners: every row of the table is complete, and says things once.
func TestManners(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range lint.Rules() {
		if seen[r.ID] || !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(r.ID) {
			t.Errorf("the id %q is not unique or not in kebab case", r.ID)
		}
		seen[r.ID] = true
		for _, text := range []string{r.Summary, r.Why, r.Remedy, r.Evidence} {
			if !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q is no sentence", r.ID, text)
			}
		}
		if r.Group == "" || r.Severity == "" || r.Needs == 0 || r.Check == nil {
			t.Errorf("%s is incomplete", r.ID)
		}
	}
}
