package form_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
)

// shop is what the file of the tests says.
type shop struct {
	Name   string
	Open   bool
	Size   int
	Wait   time.Duration
	Kind   string
	Sheet  string
	Labels map[string]string
	Tills  []till
	Boxes  map[string]till
	Days   int
	Limit  *time.Duration
}

type till struct{ Opens, Closes time.Duration }

var tillFields = form.Fields[till]{
	form.At("opens", "when it opens", func(l *till) *time.Duration { return &l.Opens }, form.Duration()).Required(),
	form.At("closes", "when it closes", func(l *till) *time.Duration { return &l.Closes }, form.Duration()).
		Otherwise("never").Example("8h"),
}

var tillItem = form.Entry(tillFields, form.Zero, func(in *source.Reader, m source.Member, l *till) {
	if l.Closes != 0 && l.Closes < l.Opens {
		in.Report(source.CodeBadValue, m.Pos, "it closes before it opens", "Write a later time.")
	}
})

func standard() shop { return shop{Size: 3, Wait: time.Minute, Kind: "small", Days: 2} }

var shopFields = form.Fields[shop]{
	form.At("name", "what it is called", func(s *shop) *string { return &s.Name }, form.Text()).Required(),
	form.At("open", "whether it is open", func(s *shop) *bool { return &s.Open }, form.Bool()),
	form.At("size", "how big it is", func(s *shop) *int { return &s.Size }, form.Whole[int](1, 9)),
	form.At("wait", "how long one waits", func(s *shop) *time.Duration { return &s.Wait },
		form.DurationFrom("the wait", time.Second, time.Hour)),
	form.At("kind", "small; or large", func(s *shop) *string { return &s.Kind }, form.OneOf("small", "large")),
	form.At("sheet", "a file", func(s *shop) *string { return &s.Sheet }, form.Path()).Example("a.json"),
	form.At("labels", "what is written on it", func(s *shop) *map[string]string { return &s.Labels },
		form.Texts("PLACE")),
	form.At("tills", "where one pays", func(s *shop) *[]till { return &s.Tills }, form.List(tillItem)),
	form.At("boxes", "where one pays, too", func(s *shop) *map[string]till { return &s.Boxes },
		form.Named("BOX", tillItem)),
	form.At("days", "how many days", func(s *shop) *int { return &s.Days },
		form.OneOfNumbers("nobody opens for %d days", 1, 2, 7)),
	form.At("limit", "the limit", func(s *shop) **time.Duration { return &s.Limit }, form.Limit()),
	form.Elsewhere[shop]("old", "is now size", form.Whole[int](1, 9)),
}

// read reads a file in which a.json exists.
func read(t *testing.T, text string) (shop, source.Findings) {
	t.Helper()
	node, err := source.ParseYAML("dir/shop.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var found source.Findings
	s := standard()
	f := form.File{Name: "dir/shop.yaml", Found: &found, Exists: func(path string) bool { return path == "dir/a.json" }}
	shopFields.Read(f, source.Read(f.Name, node, &found), &s)
	found.Sort()
	return s, found
}

func TestWhatIsReadCanBeWritten(t *testing.T) {
	minute := time.Minute
	want := shop{Name: "no", Open: true, Size: 4, Wait: 90 * time.Second, Kind: "large", Sheet: "dir/a.json",
		Labels: map[string]string{"door": "5"}, Tills: []till{{Opens: time.Hour}},
		Boxes: map[string]till{"a": {Opens: 1, Closes: 2}}, Days: 7, Limit: &minute}
	usual := standard()
	text := shopFields.Write(form.File{Name: "dir/shop.yaml"}, &want, &usual).YAML()
	got, found := read(t, string(text))
	if diff := cmp.Diff(want, got); diff != "" || len(found) > 0 {
		t.Errorf("%v\n%s\n%s", found, diff, text)
	}
	if text := shopFields.Write(form.File{}, &usual, &usual).YAML(); string(text) != "{}\n" {
		t.Errorf("the standard is written as %s", text)
	}
}

func TestFindings(t *testing.T) {
	for text, want := range map[string]string{
		"name: a":                              "",
		"nam: a":                               `1:1 unknown-key: unknown key "nam"`,
		"size: 10":                             "1:7 bad-value: size must be a whole number from 1 to 9",
		"wait: 2h":                             "1:7 bad-value: the wait cannot be 2h",
		"wait: 0":                              "1:7 bad-value: the wait cannot be 0s",
		"kind: huge":                           `1:7 bad-value: kind is "huge"`,
		"days: 3":                              "1:7 bad-value: nobody opens for 3 days",
		"sheet: b.json":                        `1:8 no-such-file: sheet: "b.json" does not exist`,
		"sheet: a.json":                        "",
		"old: 20":                              "",
		"labels: {door: [1]}":                  "1:16 wrong-kind: door must be a string, but is an array",
		"labels: [1]":                          "1:9 wrong-kind: labels must be an object, but is an array",
		"tills: [{opens: 2s, closes: 1s}]":     "1:9 bad-value: it closes before it opens",
		"boxes: {b: {opens: 2s, closes: 1s}}":  "1:9 bad-value: it closes before it opens",
		"tills: [{opns: 2s}]":                  `1:10 unknown-key: unknown key "opns"`,
		"labels:\ntills:\nboxes: {b: }\nopen:": "",
	} {
		_, found := read(t, text)
		var got []string
		for _, f := range found {
			got = append(got, fmt.Sprintf("%d:%d %s: %s", f.Line, f.Column, f.Code, f.Message))
			if f.Remedy == "" {
				t.Errorf("%s: no remedy", text)
			}
		}
		if joined := strings.Join(got, "\n"); joined != want {
			t.Errorf("%s: got %s, want %s", text, joined, want)
		}
	}
}

func TestSchema(t *testing.T) {
	usual := standard()
	text := shopFields.Schema(&usual).Document("A shop")
	var s struct {
		Schema     string `json:"$schema"`
		Title      string
		Required   []string
		Properties map[string]json.RawMessage
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	if s.Schema != form.Draft || s.Title != "A shop" || len(s.Required) != 1 || len(s.Properties) != len(shopFields) {
		t.Errorf("%+v", s)
	}
	for key, want := range map[string]string{
		"size": `{"description":"how big it is","type":"integer","minimum":1,"maximum":9,"default":3}`,
		"kind": `{"description":"small; or large","enum":["small","large"],"default":"small"}`,
		"days": `{"description":"how many days","enum":[1,2,7],"default":2}`,
		"labels": `{"description":"what is written on it","type":["object","null"],` +
			`"additionalProperties":{"type":["string","number","boolean"]}}`,
		"sheet": `{"description":"a file","type":"string","examples":["a.json"]}`,
	} {
		var got any
		if err := json.Unmarshal(s.Properties[key], &got); err != nil {
			t.Fatal(err)
		}
		var wanted any
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

func TestPage(t *testing.T) {
	usual := standard()
	const want = `## The shop

| key | value | default | meaning |
|---|---|---|---|
| ^name^ | text | required | What it is called. |
| ^open^ | ^true^ or ^false^ | ^false^ | Whether it is open. |
| ^size^ | whole number from 1 to 9 | ^3^ | How big it is. |
| ^wait^ | time span from 1s to 1h | ^1m^ | How long one waits. |
| ^kind^ | ^small^ or ^large^ | ^small^ | small; or large. |
| ^sheet^ | path | none | A file. Example: ^a.json^. |
| ^labels^ | text for each PLACE |  | What is written on it. |
| ^tills^ | list of [objects](#tills) |  | Where one pays. |
| ^boxes^ | [object](#tills) for each BOX |  | Where one pays, too. |
| ^days^ | ^1^, ^2^ or ^7^ | ^2^ | How many days. |
| ^limit^ | time span | none | The limit. |
| ^old^ | whole number from 1 to 9 |  | Is now size. |

## ^tills[]^

Where one pays.

| key | value | default | meaning |
|---|---|---|---|
| ^opens^ | time span | required | When it opens. |
| ^closes^ | time span | never | When it closes. Example: ^8h^. |
`
	if diff := cmp.Diff(strings.ReplaceAll(want, "^", "`"), shopFields.Schema(&usual).Page("The shop")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
