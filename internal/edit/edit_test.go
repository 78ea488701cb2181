package edit_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/edit"
	"github.com/connect-async/connect-async/internal/source"
)

// open reads a document and its text.
func open(t *testing.T, text string) (*edit.Text, *source.Node) {
	t.Helper()
	doc, err := source.ParseJSON("flow.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	e, err := edit.Of([]byte(text), doc)
	if err != nil {
		t.Fatal(err)
	}
	return e, doc
}

func apply(text string, e *edit.Text) string {
	return string(edit.Apply([]byte(text), e.Changes(), func(at int) int { return at }, false))
}

// branch is something with an object in a list in it.
var branch = edit.Object{
	{Key: "Text", Value: `<b> "é"`},
	{Key: "Errors", Value: edit.List{edit.Object{{Key: "To", Value: 1}}, edit.Object{}, edit.List{}}},
}

// TestEdit: each change writes what it should, as its surroundings are written, and nothing else.
func TestEdit(t *testing.T) {
	set := func(e *edit.Text, doc *source.Node) { e.Set(doc.Get("a"), `1/2 <"`) }
	add := func(e *edit.Text, doc *source.Node) { e.Add(doc.Get("a"), edit.Member{Key: "new", Value: branch}) }
	appendTo := func(e *edit.Text, doc *source.Node) { e.Append(doc.Get("a"), branch) }
	rename := func(e *edit.Text, doc *source.Node) { e.Rename(doc.Get("a"), "b") }
	remove := func(e *edit.Text, doc *source.Node) { e.Remove(doc.Get("a")) }
	for name, c := range map[string]struct {
		text, want string
		change     func(*edit.Text, *source.Node)
	}{
		"set keeps spelling": {text: `{"a" :1e2 , "b": 1.50}`, want: `{"a" :"1/2 <\"" , "b": 1.50}`,
			change: set},
		"rename":                              {text: `{"\u0061" : [ ]}`, want: `{"b" : [ ]}`, change: rename},
		"of two with one key the last counts": {text: `{"a":1,"a":2}`, want: `{"a":1,"a":"1/2 <\""}`, change: set},
		"remove the first":                    {text: `{"a":1, "b":2}`, want: `{"b":2}`, change: remove},
		"remove the last":                     {text: "{\"b\":2 ,\n\"a\":1\n}", want: "{\"b\":2\n}", change: remove},
		"remove the only one":                 {text: "{ \"a\": {} }", want: "{}", change: remove},
		"add on one line": {text: `{"a":{"x":1}}`,
			want:   `{"a":{"x":1,"new":{"Text":"<b> \"é\"","Errors":[{"To":1},{},[]]}}}`,
			change: add},
		"add on one line with spaces": {text: `{ "a": { "x": 1 } }`,
			want:   `{ "a": { "x": 1, "new": {"Text": "<b> \"é\"", "Errors": [{"To": 1}, {}, []]} } }`,
			change: add},
		"add to what is empty on one line": {text: `{"a": {}}`,
			want:   `{"a": {"new": {"Text": "<b> \"é\"", "Errors": [{"To": 1}, {}, []]}}}`,
			change: add},
		"add over several lines": {text: "{\r\n\t\"a\": {\r\n\t\t\"x\": 1\r\n\t}\r\n}\r\n",
			want: "{\r\n\t\"a\": {\r\n\t\t\"x\": 1,\r\n\t\t\"new\": {\r\n\t\t\t\"Text\": \"<b> \\\"é\\\"\",\r\n" +
				"\t\t\t\"Errors\": [\r\n\t\t\t\t{\r\n\t\t\t\t\t\"To\": 1\r\n\t\t\t\t},\r\n\t\t\t\t{},\r\n" +
				"\t\t\t\t[]\r\n\t\t\t]\r\n\t\t}\r\n\t}\r\n}\r\n",
			change: add},
		"append to what is empty": {text: "{\n  \"a\": []\n}",
			want: "{\n  \"a\": [\n    {\n      \"Text\": \"<b> \\\"é\\\"\",\n      \"Errors\": [\n        {\n" +
				"          \"To\": 1\n        },\n        {},\n        []\n      ]\n    }\n  ]\n}",
			change: appendTo},
		"append where each item has one line": {text: "{\"a\": [\n{\"x\": 1},\n{\"x\": 2}\n]}",
			want: "{\"a\": [\n{\"x\": 1},\n{\"x\": 2},\n" +
				"{\"Text\": \"<b> \\\"é\\\"\", \"Errors\": [{\"To\": 1}, {}, []]}\n]}",
			change: appendTo},
		"append two": {text: `{"a": [1, 2]}`, want: `{"a": [1, 2, 3, "4"]}`,
			change: func(e *edit.Text, doc *source.Node) { e.Append(doc.Get("a"), 3, "4") }},
		"append two to what is empty": {text: `{"a": []}`, want: `{"a": [3, "4"]}`,
			change: func(e *edit.Text, doc *source.Node) { e.Append(doc.Get("a"), 3, "4") }},
		"clear": {text: `{"a": { "x": 1 }}`, want: `{"a": {}}`,
			change: func(e *edit.Text, doc *source.Node) { e.Clear(doc.Get("a")) }},
		"several": {text: `{"a": [1], "b": {}}`, want: `{"A": [1, 2], "b": {"x": 1, "y": 2}}`,
			change: func(e *edit.Text, doc *source.Node) {
				e.Add(doc.Get("b"), edit.Member{Key: "x", Value: 1}, edit.Member{Key: "y", Value: 2})
				e.Append(doc.Get("a"), 2)
				e.Rename(doc.Get("a"), "A")
			}},
	} {
		e, doc := open(t, c.text)
		c.change(e, doc)
		if got := apply(c.text, e); got != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, c.want)
		}
	}
}

// TestPlaces: values are found by their place, and what they are in.
func TestPlaces(t *testing.T) {
	e, doc := open(t, `{"a": [{"b": 1}]}`)
	inner := doc.Get("a").Items[0]
	if e.At(source.Pos{Line: 1, Column: 8}) != inner || e.At(source.Pos{Line: 2, Column: 1}) != nil {
		t.Error("a value is not found at its place")
	}
	if e.Parent(inner) != doc.Get("a") || e.Parent(doc.Get("a")) != doc || e.Parent(doc) != nil {
		t.Error("what a value is in is not found")
	}
}

// TestOtherDocument: a text is not taken for that of another document.
func TestOtherDocument(t *testing.T) {
	for _, text := range []string{``, `{`, `[]`, `{"a": []}`, `{"a": {}, "b": 1}`, `{"a": {"b": 1}}`, `{}`} {
		doc, err := source.ParseJSON("flow.json", []byte(`{"a": {}}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := edit.Of([]byte(text), doc); err == nil {
			t.Errorf("%q is taken for another document", text)
		}
	}
}

// FuzzEdit: whatever the document, it reads after a change as the change says, and what is not changed stays to the
// byte.
func FuzzEdit(f *testing.F) {
	for _, text := range []string{`{"a": 1}`, `[]`, "{\n \"a\": [ 1.50 , {} ]\n}\n", `[[], {"a":{"b":null}}]`,
		"{\r\n\t\"é\": \"\\u00e9\",\r\n\t\"é\": {\"x\" : []}}", `"text"`, ` 1e5`} {
		for change := range uint8(6) {
			f.Add(text, uint8(3), change)
		}
	}
	f.Fuzz(func(t *testing.T, text string, which, change uint8) {
		doc, err := source.ParseJSON("flow.json", []byte(text))
		if err != nil {
			return
		}
		text = strings.TrimPrefix(text, "\ufeff")
		e, err := edit.Of([]byte(text), doc)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		places := all(doc)
		p := places[int(which)%len(places)]
		if !p.change(e, change%6) {
			return
		}
		got := apply(text, e)
		read, err := source.ParseJSON("flow.json", []byte(got))
		if err != nil {
			t.Fatalf("%q became %q: %v", text, got, err)
		}
		if bare(read) != bare(doc) {
			t.Fatalf("%q became %q", text, got)
		}
		c := e.Changes()[0]
		if !strings.HasPrefix(got, text[:c.From]) || !strings.HasSuffix(got, text[c.To:]) {
			t.Fatalf("%q became %q: more than the change changed", text, got)
		}
	})
}

// place is a value of a document, and where it is in what it is in.
type place struct {
	node, in *source.Node
	index    int
}

func all(doc *source.Node) []place {
	list := []place{{node: doc}}
	for i := 0; i < len(list); i++ {
		in := list[i].node
		for index, item := range in.Items {
			list = append(list, place{node: item, in: in, index: index})
		}
		for index, m := range in.Members {
			list = append(list, place{node: m.Value, in: in, index: index})
		}
	}
	return list
}

// change makes a change of the text, and the same of the document. It is false where there is nothing to change so.
func (p place) change(e *edit.Text, kind uint8) bool {
	added := edit.Object{{Key: "k", Value: edit.List{"v", edit.Object{}}}}
	read := &source.Node{Kind: source.Object, Members: []source.Member{{Key: "k", Value: &source.Node{
		Kind:  source.Array,
		Items: []*source.Node{{Kind: source.String, Text: "v"}, {Kind: source.Object}},
	}}}}
	isMember := p.in.Is(source.Object)
	switch {
	case kind == 0 && p.node.Kind != source.Object && p.node.Kind != source.Array:
		e.Set(p.node, "new")
		*p.node = source.Node{Kind: source.String, Text: "new"}
	case kind == 1 && isMember:
		e.Rename(p.node, "new")
		p.in.Members[p.index].Key = "new"
	case kind == 2 && p.in != nil:
		e.Remove(p.node)
		if isMember {
			p.in.Members = append(p.in.Members[:p.index], p.in.Members[p.index+1:]...)
		} else {
			p.in.Items = append(p.in.Items[:p.index], p.in.Items[p.index+1:]...)
		}
	case kind == 3 && p.node.Kind == source.Object:
		e.Add(p.node, edit.Member{Key: "new", Value: added})
		p.node.Members = append(p.node.Members, source.Member{Key: "new", Value: read})
	case kind == 4 && p.node.Kind == source.Array:
		e.Append(p.node, added)
		p.node.Items = append(p.node.Items, read)
	case kind == 5 && (p.node.Kind == source.Object || p.node.Kind == source.Array):
		e.Clear(p.node)
		p.node.Members, p.node.Items = nil, nil
	default:
		return false
	}
	return true
}

// bare is a document without places.
func bare(n *source.Node) string {
	text, _ := json.Marshal(n) // never fails
	return string(bytes.TrimSpace(text))
}
