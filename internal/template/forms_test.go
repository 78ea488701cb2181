package template_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
	"github.com/connect-async/connect-async/internal/testrun"
)

// mark is before each value "gone" in the forms: the place that it must be found at.
const mark = "«"

// unmark removes the marks from a text and returns their places.
func unmark(text string) (string, []source.Pos) {
	var places []source.Pos
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		parts := strings.Split(line, mark)
		column := 1
		for j, part := range parts {
			if j > 0 {
				places = append(places, source.Pos{Line: i + 1, Column: column})
			}
			column += len(part)
			b.WriteString(part)
		}
	}
	return b.String(), places
}

// placesOf returns where a text is the value in a document.
func placesOf(n *source.Node, text string) []source.Pos {
	if n == nil {
		return nil
	}
	var places []source.Pos
	if n.Str() == text {
		places = append(places, n.Pos)
	}
	for _, item := range n.Items {
		places = append(places, placesOf(item, text)...)
	}
	for _, m := range n.Members {
		places = append(places, placesOf(m.Value, text)...)
	}
	return places
}

// report is what was found in a file, one thing a line.
func report(doc template.Document, err error) string {
	var b strings.Builder
	if err != nil {
		fmt.Fprintln(&b, "error", err)
	}
	for _, f := range doc.Found {
		fmt.Fprintf(&b, "%s at %d:%d, %d characters", f.Kind, f.Pos().Line, f.Pos().Column, f.Characters)
		if f.Name != "" {
			fmt.Fprintf(&b, ", named %s", f.Name)
		}
		if f.Type != "" {
			fmt.Fprintf(&b, ", of type %s at %d:%d", f.Type, f.TypePos.Line, f.TypePos.Column)
		}
		if f.Settings != nil {
			fmt.Fprintf(&b, ", with settings at %d:%d", f.Settings.Pos.Line, f.Settings.Pos.Column)
		}
		b.WriteByte('\n')
	}
	for _, f := range doc.Unread {
		fmt.Fprintln(&b, f.Error())
	}
	return b.String()
}

type form struct {
	name, file, text string
	marks            []source.Pos
	archive          *txtar.Archive
}

func forms(t testing.TB) []form {
	t.Helper()
	paths, err := filepath.Glob("testdata/forms/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no forms: %v", err)
	}
	var list []form
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".txtar")
		f := form{name: name, file: archive.Files[0].Name, archive: archive}
		f.text, f.marks = unmark(string(archive.Files[0].Data))
		list = append(list, f)
	}
	return list
}

// own begins the names of forms with a document of their own, which is among what is found. The others with flows all
// have the same one.
const own = "own-"

// trees are the documents and settings in a file, one a line.
func trees(t *testing.T, doc template.Document) string {
	t.Helper()
	var b strings.Builder
	for _, f := range doc.Found {
		for _, n := range []*source.Node{f.Settings, f.Node} {
			if n == nil {
				continue
			}
			text, err := n.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "%s\n", text)
		}
	}
	return b.String()
}

// TestForms reads every form that people keep flows and state machines in: what is found, and where its values are.
func TestForms(t *testing.T) {
	for _, f := range forms(t) {
		t.Run(f.name, func(t *testing.T) {
			doc, err := template.Read(f.file, []byte(f.text))
			got := report(doc, err)
			if strings.HasPrefix(f.name, own) {
				got += trees(t, doc)
			}
			if testrun.Updating() {
				f.archive.Files = append(f.archive.Files[:1:1], txtar.File{Name: "found", Data: []byte(got)})
				if err := os.WriteFile("testdata/forms/"+f.name+".txtar", txtar.Format(f.archive), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if len(f.archive.Files) != 2 || got != string(f.archive.Files[1].Data) {
				t.Errorf("found:\n%s", got)
			}
			var places []source.Pos
			for _, found := range doc.Found {
				places = append(places, placesOf(found.Settings, "gone")...)
				places = append(places, placesOf(found.Node, "gone")...)
			}
			slices.SortFunc(places, func(a, b source.Pos) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
			if !slices.Equal(places, f.marks) {
				t.Errorf("%q is at %v, want %v", "gone", places, f.marks)
			}
		})
	}
}

var aReference = regexp.MustCompile(`\$\{[^}]*\}`)

// TestSameTree: a flow is the same tree in every form, but for how a reference is written.
func TestSameTree(t *testing.T) {
	normal := func(n *source.Node) string {
		text, err := n.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(aReference.ReplaceAllString(string(text), "${}"), "${}", "{}")
	}
	compared, want := 0, ""
	for _, f := range forms(t) {
		if f.name == "json" {
			doc, _ := template.Read(f.file, []byte(f.text))
			want = strings.ReplaceAll(normal(doc.Found[0].Node), "{amount}", "{}")
		}
	}
	for _, f := range forms(t) {
		doc, _ := template.Read(f.file, []byte(f.text))
		for _, found := range doc.Found {
			if found.Kind == template.StateMachine || strings.HasPrefix(f.name, own) {
				continue
			}
			compared++
			if diff := gocmp.Diff(want, strings.ReplaceAll(normal(found.Node), "{amount}", "{}")); diff != "" {
				t.Errorf("%s: (-json +here)\n%s", f.name, diff)
			}
		}
	}
	if compared < 30 {
		t.Errorf("only %d trees were compared", compared)
	}
}

// TestLineEndings: what is found, and where, is the same in a file with Windows' line endings and a byte order mark.
func TestLineEndings(t *testing.T) {
	for _, f := range forms(t) {
		want, _ := template.Read(f.file, []byte(f.text))
		got, err := template.Read(f.file, []byte("\xef\xbb\xbf"+strings.ReplaceAll(f.text, "\n", "\r\n")))
		if err != nil || len(got.Found) != len(want.Found) || len(got.Unread) != len(want.Unread) {
			t.Errorf("%s: %s", f.name, report(got, err))
			continue
		}
		for i := range want.Found {
			if w, g := placesOf(want.Found[i].Node, "gone"), placesOf(got.Found[i].Node, "gone"); !slices.Equal(w, g) {
				t.Errorf("%s: %v, want %v", f.name, g, w)
			}
		}
	}
}
