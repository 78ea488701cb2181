package source_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/source"
)

const document = `{
  "a": [1, "zwei",
        {"b": null}],
  "c": -1.50e3, "d": true
}`

func TestJSONRemembersPlaces(t *testing.T) {
	n, err := source.ParseJSON("x.json", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		node *source.Node
		want source.Pos
	}{
		{n, source.Pos{Line: 1, Column: 1}},
		{n.Get("a"), source.Pos{Line: 2, Column: 8}},
		{n.Get("a").Items[1], source.Pos{Line: 2, Column: 12}},
		{n.Get("a").Items[2].Get("b"), source.Pos{Line: 3, Column: 15}},
		{n.Get("c"), source.Pos{Line: 4, Column: 8}},
		{n.Get("d"), source.Pos{Line: 4, Column: 22}},
		{n.Get("absent"), source.Pos{}},
	} {
		if test.node.Place() != test.want {
			t.Errorf("got %v, want %v", test.node.Place(), test.want)
		}
	}
	if at := n.Members[2].Pos; at != (source.Pos{Line: 4, Column: 17}) {
		t.Errorf("the key d is at %v", at)
	}
	out, err := json.Marshal(n)
	if want := `{"a":[1,"zwei",{"b":null}],"c":-1.50e3,"d":true}`; err != nil || string(out) != want {
		t.Errorf("got %s %v, want %s", out, err, want)
	}
}

func TestSyntaxErrorsNameThePlace(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"x.json", "{\n \"a\": tru }", "x.json:2:10"},
		{"x.json", "{\"a\": 1", "x.json:1:8"},
		{"x.json", "{} {}", "x.json:1:4"},
		{"x.json", "", "x.json:1:1"},
		{"x.json", "{\"a\":\n\"\xff\"}", "x.json:2:2"},
		{"x.json", strings.Repeat("[", 600) + strings.Repeat("]", 600), "x.json:1:502"},
		{"x.yaml", "a: 1\nb: [1", "x.yaml:2:"},
		{"x.yaml", "a: &x 1\n", "x.yaml:1:"},
		{"x.yaml", "a: 1\na: 2\n", "x.yaml:2:1"},
		{"x.yaml", "a: .inf\n", "x.yaml:1:4"},
		{"x.yaml", "a: 1\n---\nb: 2\n", "x.yaml:3:1"},
		{"x.yaml", strings.Repeat("[", 600), "x.yaml:1:1"},
	} {
		path := filepath.Join(t.TempDir(), test.name)
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := source.ReadFile(path)
		var f source.Finding
		if !errors.As(err, &f) {
			t.Errorf("%.20q: got %v, want a finding", test.text, err)
			continue
		}
		if f.File = filepath.Base(f.File); !strings.HasPrefix(f.Error(), test.want) ||
			f.Code != source.CodeSyntax || f.Remedy == "" {
			t.Errorf("%.20q: got %v %+v, want %s", test.text, f, f, test.want)
		}
	}
}

func TestUnreadableFile(t *testing.T) {
	_, err := source.ReadFile("no-such-folder/flow.json")
	var f source.Finding
	if !errors.As(err, &f) || f.Code != source.CodeUnreadable || f.File != "no-such-folder/flow.json" {
		t.Errorf("got %v", err)
	}
}

func TestAsFinding(t *testing.T) {
	own := source.Finding{Code: "x", File: "own.json", Message: "of its own"}
	for name, test := range map[string]struct {
		err  error
		want source.Finding
	}{
		"a finding": {own, source.Finding{Code: "x", Severity: source.Error, File: "own.json", Message: "of its own"}},
		"a wrapped finding": {
			fmt.Errorf("outside: %w",
				source.Finding{Code: "y", Severity: source.Warning, File: "own.json", Message: "inside"}),
			source.Finding{Code: "y", Severity: source.Warning, File: "own.json", Message: "inside"},
		},
		"any other error": {
			errors.New("out of luck"),
			source.Finding{Code: source.CodeFailed, Severity: source.Error, File: "flow.json", Message: "out of luck"},
		},
	} {
		if got := source.AsFinding("flow.json", test.err); got != test.want {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
}

// TestUnreadableWrapsNoFinding: what already says what is wrong is not said a second time.
func TestUnreadableWrapsNoFinding(t *testing.T) {
	want := source.Finding{Code: source.CodeSyntax, Severity: source.Error, File: "a.json", Message: "cut off"}
	for _, err := range []error{want, fmt.Errorf("reading: %w", want)} {
		if got := source.Unreadable("b.json", err); got != want {
			t.Errorf("%v became %v", err, got)
		}
	}
}

// TestUnreadableNamesTheFileOnce reads a folder as a file: the path of the operating system's error is not repeated.
func TestUnreadableNamesTheFileOnce(t *testing.T) {
	dir := t.TempDir()
	_, err := source.ReadFile(dir)
	f := source.AsFinding("elsewhere", err)
	if f.Code != source.CodeUnreadable || f.File != dir || strings.Contains(f.Message, dir) {
		t.Errorf("got %+v", f)
	}
}

func TestYAMLMustBeUTF8(t *testing.T) {
	_, err := source.ParseYAML("x.yaml", []byte("name: a\nflow: \xff\n"))
	f := source.AsFinding("x.yaml", err)
	if f.Code != source.CodeSyntax || f.Pos != (source.Pos{Line: 2, Column: 7}) {
		t.Errorf("got %+v", f)
	}
	_, err = source.ParseJSON("x.json", []byte("{\"a\":\n \"\xff\"}"))
	if g := source.AsFinding("x.json", err); g.Remedy != f.Remedy || g.Pos != (source.Pos{Line: 2, Column: 3}) {
		t.Errorf("JSON: got %+v", g)
	}
}

// TestEncodings reads the same document as several editors save it.
func TestEncodings(t *testing.T) {
	utf16 := func(text, mark string, high int) string {
		b := []byte(mark)
		for i := range len(text) {
			pair := [2]byte{}
			pair[1-high] = text[i]
			b = append(b, pair[:]...)
		}
		return string(b)
	}
	for parser, parse := range map[string]func(string, []byte) (*source.Node, error){
		"x.yaml": source.ParseYAML, "x.json": source.ParseJSON, "template.yaml": source.ParseTemplate,
	} {
		text := `{"name": "a", "n": ` + "\n" + `[1}`
		good := strings.Replace(text, "}", "]}", 1)
		node, err := parse(parser, []byte("\ufeff"+good))
		if err != nil || node.Get("name").Text != "a" || node.Get("name").Pos != (source.Pos{Line: 1, Column: 10}) {
			t.Errorf("%s with a byte order mark: %v %+v", parser, err, node.Get("name"))
		}
		for name, written := range map[string]string{
			"little": utf16(good, "", 1), "big": utf16(good, "", 0), "marked little": utf16(good, "\xff\xfe", 1),
			"marked big": utf16(good, "\xfe\xff", 0),
		} {
			_, err := parse(parser, []byte(written))
			f := source.AsFinding(parser, err)
			if f.Message != "the text is UTF-16" || !strings.Contains(f.Remedy, "UTF-8") ||
				f.Code != source.CodeSyntax {
				t.Errorf("%s, %s: %+v", parser, name, f)
			}
		}
		for _, short := range []string{"", "\x00", "a", "\x00\x00"} { // must not panic
			_, _ = parse(parser, []byte(short))
		}
	}
}

// TestKnownKeysAreNamedOnce: a key that is read twice is listed once.
func TestKnownKeysAreNamedOnce(t *testing.T) {
	n, err := source.ParseYAML("p.yaml", []byte("other: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	var found source.Findings
	r := source.Read("p.yaml", n, &found)
	r.String("name", "")
	r.String("name", "")
	r.Done()
	if len(found) != 1 || found[0].Remedy != "Known keys: name." {
		t.Errorf("found %v", found)
	}
}

func TestYAMLGivesTheSameNodes(t *testing.T) {
	n, err := source.ParseYAML("x.yaml", []byte(`# a comment
name: bank
jobs:
  balance: {timeout: 2m, steps: [a, b]}
ratio: 0.5
n: 010
on: yes
text: |
  two
  lines
`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"name":  "bank",
		"jobs":  map[string]any{"balance": map[string]any{"timeout": "2m", "steps": []any{"a", "b"}}},
		"ratio": json.Number("0.5"), "n": json.Number("8"), "on": "yes", "text": "two\nlines\n",
	}
	if got := n.Value(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
	if at := n.Get("jobs").Get("balance").Get("timeout").Place(); at != (source.Pos{Line: 4, Column: 22}) {
		t.Errorf("timeout is at %v", at)
	}
	empty, err := source.ParseYAML("x.yaml", []byte("# nothing\n"))
	if err != nil || empty.Kind != source.Object {
		t.Errorf("an empty document: %v %v", empty, err)
	}
}

func TestReaderCollectsFindings(t *testing.T) {
	n, err := source.ParseYAML("p.yaml", []byte(`name: [1]
timeout: soon
count: 7
style: loud
timout: 3s
latency: 0.25
flags: yes please
`))
	if err != nil {
		t.Fatal(err)
	}
	var found source.Findings
	r := source.Read("p.yaml", n, &found)
	got := fmt.Sprintln(r.String("name", "none"), r.Duration("timeout", time.Second), r.Int("count", 1, 0, 5),
		r.OneOf("style", "poll", "poll", "wait"), r.Duration("latency", 0), r.Bool("flags", true),
		r.Int("absent", 3, 0, 9))
	r.Done()
	if want := "none 1s 1 poll 250ms true 3\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var codes []string
	for _, f := range found {
		codes = append(codes, fmt.Sprintf("%s@%d:%d", f.Code, f.Line, f.Column))
	}
	want := "wrong-kind@1:7 bad-value@2:10 bad-value@3:8 bad-value@4:8 wrong-kind@7:8 unknown-key@5:1"
	if got := strings.Join(codes, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if last := found[len(found)-1]; !strings.Contains(last.Remedy, `"timeout"`) {
		t.Errorf("no suggestion in %q", last.Remedy)
	}
}

func TestReplaceStrings(t *testing.T) {
	n, err := source.ParseJSON("x.json", []byte(`{"ARN":["ARN",{"x":"ARN"},"other ARN"],"n":1}`))
	if err != nil {
		t.Fatal(err)
	}
	out, _ := json.Marshal(n.ReplaceStrings(map[string]string{"ARN": "real"}))
	if want := `{"ARN":["real",{"x":"real"},"other ARN"],"n":1}`; string(out) != want {
		t.Errorf("got %s, want %s", out, want)
	}
	if before, _ := json.Marshal(n); bytes.Contains(before, []byte("real")) {
		t.Errorf("the original was changed: %s", before)
	}
}

func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(document))
	f.Add([]byte(`[[], {"a": {"a": 1e99}}]`))
	f.Add([]byte(`{"half a character": "\ud800", "half a character": [null, false]}`))
	f.Add([]byte("[1,]"))
	f.Add([]byte("{} {}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := source.ParseJSON("x.json", text)
		if valid := json.Valid(source.WithoutMark(text)) && utf8.Valid(text); valid != (err == nil) &&
			!(valid && strings.Contains(err.Error(), "nested")) {
			t.Fatalf("%q is valid JSON: %v; %v", text, valid, err)
		}
		if err != nil {
			var finding source.Finding
			if !errors.As(err, &finding) || finding.Line < 1 || finding.Column < 1 {
				t.Fatalf("%v is not a finding with a place", err)
			}
			return
		}
		out, err := json.Marshal(n)
		if err != nil || !json.Valid(out) {
			t.Fatalf("%s does not come back as JSON: %s %v", text, out, err)
		}
	})
}

func FuzzParseYAML(f *testing.F) {
	f.Add([]byte("name: bank\njobs:\n  balance: {steps: [a]}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := source.ParseYAML("x.yaml", text)
		if err == nil {
			if _, err := json.Marshal(n); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestParseTemplate reads the short forms of CloudFormation's functions as their long forms, which our own files may
// not have.
func TestParseTemplate(t *testing.T) {
	const text = `Resources:
  F:
    Name: !Ref Name
    Arn: !GetAtt F.Arn
    Any: !If [A, !Sub 'x${B}', !Ref AWS::NoValue]
    Text: !Sub |
      {"a": 1}
`
	n, err := source.ParseTemplate("template.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(n)
	want := `{"Resources":{"F":{"Name":{"Ref":"Name"},"Arn":{"Fn::GetAtt":"F.Arn"},` +
		`"Any":{"Fn::If":["A",{"Fn::Sub":"x${B}"},{"Ref":"AWS::NoValue"}]},` +
		`"Text":{"Fn::Sub":"{\"a\": 1}\n"}}}}`
	if err != nil || string(out) != want {
		t.Errorf("%s %v", out, err)
	}
	if at := n.Get("Resources").Get("F").Get("Name").Place(); at != (source.Pos{Line: 3, Column: 11}) {
		t.Errorf("at %v", at)
	}
	if _, err := source.ParseYAML("template.yaml", []byte(text)); err == nil ||
		!strings.Contains(err.Error(), "template.yaml:3:11: error: Tag is not supported here") {
		t.Errorf("a file of our own: %v", err)
	}
	for _, text := range []string{"a: !!binary eA==", "a: &x !Ref b"} {
		if n, err := source.ParseTemplate("t.yaml", []byte(text)); err == nil && n.Get("a").Get("Ref") == nil {
			t.Errorf("%s is read as %v", text, n.Value())
		}
	}
}

// TestYAMLColumns: columns are counted in bytes, whatever characters and short forms are before them in the line.
func TestYAMLColumns(t *testing.T) {
	const text = "ä: {ö: !Sub 'ü', b: !Sub [!Ref c, \"d\"], e: f}\nß: !Sub |\n  x\ni: j\n"
	n, err := source.ParseTemplate("t.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(text, "\n")
	var check func(n *source.Node)
	check = func(n *source.Node) {
		if n.Is(source.String) {
			rest := strings.TrimLeft(lines[n.Pos.Line-1][n.Pos.Column-1:], `'"`)
			if !strings.HasPrefix(rest, n.Text) && rest != "|" {
				t.Errorf("%q is placed at %q", n.Text, rest)
			}
		}
		for _, item := range n.Items {
			check(item)
		}
		for _, m := range n.Members {
			rest := lines[m.Pos.Line-1][m.Pos.Column-1:]
			if !strings.HasPrefix(rest, m.Key) && rest[0] != '!' {
				t.Errorf("the key %q is placed at %q", m.Key, rest)
			}
			check(m.Value)
		}
	}
	check(n)
}

// TestParseTemplateFollowsAliases: an alias is the value of its anchor, at the anchor's place; a merge key adds what is
// not written.
func TestParseTemplateFollowsAliases(t *testing.T) {
	n, err := source.ParseTemplate("t.yaml", []byte("a: &x {b: 1, c: 2}\nd: *x\ne:\n  <<: *x\n  c: 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"b": json.Number("1"), "c": json.Number("3")}
	if n.Get("d") != n.Get("a") || !reflect.DeepEqual(n.Get("e").Value(), want) {
		t.Errorf("read %v", n.Value())
	}
	if at := n.Get("d").Place(); at != (source.Pos{Line: 1, Column: 7}) {
		t.Errorf("the alias is at %v", at)
	}
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		laughs += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	for _, text := range []string{"a: *x\n", "a: &x [*x]\n", "<<: [1]\n", laughs} {
		var f source.Finding
		if _, err := source.ParseTemplate("t.yaml", []byte(text)); !errors.As(err, &f) || f.Line == 0 {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func FuzzParseTemplate(f *testing.F) {
	f.Add([]byte("a: !Sub\n  - 'x${B}'\n  - {B: !GetAtt C.D}\n"))
	f.Add([]byte("!Ref"))
	f.Fuzz(func(t *testing.T, text []byte) {
		n, err := source.ParseTemplate("x.yaml", text)
		if err == nil {
			if _, err := json.Marshal(n); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 8 * time.Second: "8 s", 6 * time.Minute: "360 s", 2500 * time.Millisecond: "2.5 s",
		1499600 * time.Microsecond: "1.5 s", 19*time.Second + 850*time.Millisecond: "19.85 s",
		1985 * time.Millisecond: "1.985 s", // 1.9849999999999999 as a sum of floats
	} {
		if got := source.FormatDuration(d); got != want {
			t.Errorf("%v is written as %q, want %q", d, got, want)
		}
	}
}

// TestAnyText: texts are looked at in the document's order, until one is found.
func TestAnyText(t *testing.T) {
	n, err := source.ParseJSON("f.json", []byte(`{"a": 1, "b": ["x", {"c": "y"}], "z": "z"}`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"x": "x", "y": "xy", "z": "xyz", "a": "xyz", "1": "xyz"} {
		looked := ""
		got := n.AnyText(func(n *source.Node) bool {
			looked += n.Text
			return n.Text == text
		})
		if got != strings.HasSuffix(looked, text) || looked != want {
			t.Errorf("%s: %v after %s, want %s", text, got, looked, want)
		}
	}
	var absent *source.Node
	if absent.AnyText(func(*source.Node) bool { return true }) {
		t.Error("an absent value has a text")
	}
}

// TestYAMLLineEnds: lines are counted alike whatever they end with, also where one file has both.
func TestYAMLLineEnds(t *testing.T) {
	const text = "# one\n# two\na: 1 # three\nb: 'x\n  y'\n\nc: |\n  p\n  q\n# four\nd:\n" +
		"  - r # five\n\n  - {s: 1,\n     t: 2}\n"
	want, err := source.ParseYAML("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for mask := range 1 << 8 {
		lines := strings.SplitAfter(text, "\n")
		for i := range lines {
			if mask>>(i%8)&1 == 1 {
				lines[i] = strings.Replace(lines[i], "\n", "\r\n", 1)
			}
		}
		got, err := source.ParseYAML("a.yaml", []byte(strings.Join(lines, "")))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q is read otherwise:\n%s", strings.Join(lines, ""), diff)
		}
	}
}
