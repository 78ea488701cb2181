package jsonpath

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/value"
)

const store = `{
	"a": {"b": [10, 20, 30, 40], "c d": "x", "delivery-partner": "UQS"},
	"books": [
		{"title": "one", "price": 8, "tags": ["t"]},
		{"title": "two", "price": 12.5},
		{"title": "three"}
	],
	"limit": 10, "list": ["p", "q"], "null": null, "empty": []
}`

func decoded(t testing.TB, text string) any {
	t.Helper()
	v, err := value.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// data returns what paths are evaluated against in tests.
func data(t testing.TB, input string) *Data {
	t.Helper()
	draws := uint64(0)
	return &Data{
		Input:    decoded(t, input),
		Context:  func() any { return decoded(t, `{"State":{"Name":"S"}}`) },
		Variable: func(name string) (any, bool) { return decoded(t, `{"k":"v"}`), name == "v" },
		Random:   func() uint64 { draws++; return draws },
	}
}

func TestFind(t *testing.T) {
	tests := []struct{ path, want string }{
		{`$.a.b[1]`, `20`},
		{`$.a.b[-1]`, `40`},
		{`$['a']["b"][0]`, `10`},
		{`$.a['c d']`, `"x"`},
		{`$.a.delivery-partner`, `"UQS"`},
		{`$.a['c d','none']`, `{"c d":"x"}`},
		{`$.null`, `null`},
		{`$.a.b[*]`, `[10,20,30,40]`},
		{`$.a.b[1:3]`, `[20,30]`},
		{`$.a.b[:2]`, `[10,20]`},
		{`$.a.b[-2:]`, `[30,40]`},
		{`$.a.b[2:99]`, `[30,40]`},
		{`$.a.b[3:1]`, `[]`},
		{`$.a.b[0,3,9]`, `[10,40]`},
		{`$.a.b.length()`, `4`},
		{`$.a.length()`, `3`},
		{`$.books[*].title`, `["one","two","three"]`},
		{`$.books.*.price`, `[8,12.5]`},
		{`$..price`, `[8,12.5]`},
		{`$..tags[0]`, `["t"]`},
		{`$.books..[0]`, `[{"title":"one","price":8,"tags":["t"]},"t"]`},
		{`$.books[?(@.price < 10)].title`, `["one"]`},
		{`$.books[?(@.price <= 8 || @.title == 'three')].title`, `["one","three"]`},
		{`$.books[?(@.price && @.price >= $.limit)].title`, `["two"]`},
		{`$.books[?(!@.price)].title`, `["three"]`},
		{`$.books[?(!(@.price > 8) && @.title != "three")].title`, `["one"]`},
		{`$.books[?(@.title =~ /T.*E/i)].title`, `["three"]`},
		{`$.books[?(@.title in ['one', 'three'])].title`, `["one","three"]`},
		{`$.books[?(@.title nin ['one', 'three'])].title`, `["two"]`},
		{`$.books[?(@.tags[*])].title`, `["one"]`},
		{`$.books[?(@['title'] == 'two')].price`, `[12.5]`},
		{`$.[?(@.limit == 10)].limit`, `[10]`},
		{`$.list[?(@ == 'q')]`, `["q"]`},
		{`$.list[?(@ < 'q')]`, `["p"]`},
		{`$.books[?(@.tags == ['t'])].title`, `["one"]`},
		{`$.books[?(@.price == null)].title`, `[]`},
		{`$.books[?(@.title == two)].price`, `[12.5]`},
		{`$.books[?(@.title==three)].title`, `["three"]`},
		{`$.books[(@.length-1)].title`, `"three"`},
		{`$.a.b[( @.length - 2 )]`, `30`},
		{`$.list[0].length()`, `1`},
		{`$.limit[?(@.x)]`, `[]`},
		{`$.no[*]`, `[]`},
		{`$.no.such[1:]`, `[]`},
		{`$.limit[*]`, `[]`},
		{`$$.State.Name`, `"S"`},
		{`$v.k`, `"v"`},
		{`$no[*]`, `[]`},
	}
	for _, test := range tests {
		path, err := Parse(test.path)
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		found, err := path.Find(data(t, store))
		if err != nil {
			t.Errorf("%s: %v", test.path, err)
			continue
		}
		if got := string(value.Encode(found)); got != test.want {
			t.Errorf("%s gives %s, want %s", test.path, got, test.want)
		}
		if path.String() != test.path {
			t.Errorf("%s is written as %s", test.path, path)
		}
	}
}

// TestRecordedEscapes checks a path that was seen to work on AWS: backslashes before other characters than the quote
// stay.
func TestRecordedEscapes(t *testing.T) {
	path, err := Parse(`$['Test\""Name"']`)
	if err != nil {
		t.Fatal(err)
	}
	found, err := path.Find(&Data{Input: value.NewObject(value.Member{Name: `Test\""Name"`, Value: "value"})})
	if found != "value" || err != nil {
		t.Errorf("got %v, %v", found, err)
	}
}

func TestFindNothing(t *testing.T) {
	tests := []struct{ path, reason string }{
		{`$.x`, `No results for path: $['x']`},
		{`$.x.y.z`, `Missing property in path $['x']`},
		{`$.a.x.y`, `Missing property in path $['a']['x']`},
		{`$.a.b[9]`, `No results for path: $['a']['b'][9]`},
		{`$.a[0]`, `No results for path: $['a'][0]`},
		{`$.limit['x','y']`, `No results for path: $['limit']['x','y']`},
		{`$.limit.length()`, `No results for path: $['limit'].length()`},
		{
			`$.null.x`,
			`Expected to find an object with property ['x'] in path $['null'] but found 'null'. ` +
				`This is not a json object.`,
		},
		{
			`$.limit.x`,
			`Expected to find an object with property ['x'] in path $['limit'] but found 'number'. ` +
				`This is not a json object.`,
		},
		{`$no.x`, `No results for path: $['x']`},
	}
	for _, test := range tests {
		path, err := Parse(test.path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = path.Find(data(t, store))
		var missing *NotFoundError
		if !errors.As(err, &missing) || missing.Reason != test.reason || !path.Definite() {
			t.Errorf("%s: %v, want %s", test.path, err, test.reason)
		}
	}
}

func TestFindInNull(t *testing.T) {
	for text, want := range map[string]string{`$`: `<nil>`, `$.a`: errNullInput.Error(), `$.a[*]`: `[]`} {
		path, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		found, err := path.Find(&Data{})
		if err != nil {
			found = err
		}
		if fmt.Sprint(found) != want {
			t.Errorf("%s: %v", text, found)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	paths := []string{
		``, `a`, `.a`, `$.`, `$.a.`, `$...a`, `$.a[`, `$.a[]`, `$.a[x]`, `$.a['b`, `$.a[1`, `$.a[1,]`,
		`$.a[?]`, `$.a[?()]`, `$.a[?(@.b ==)]`, `$.a[?(1)]`, `$.a[?(@.b =~ /(/)]`, `$.a[?($$.b)]`, `$.a b`,
		`$.sum()`, `$.a[99999999999999999999]`, `$-`, `$.a[?(@.b in [1)]`, `$.a[?(@.b in [[1]])]`,
		`$.a[?(@.b in [1 2])]`, `$.a[?(@.b == /x)]`, `$.a[1,x]`,
		`$.a[?(` + strings.Repeat("(", 50) + `@.b` + strings.Repeat(")", 50) + `)]`,
		`$.` + strings.Repeat("a", maxText),
	}
	for _, text := range paths {
		if path, err := Parse(text); err == nil {
			t.Errorf("%.40q was accepted as %v", text, path)
		}
	}
}

func TestDescentIsLimited(t *testing.T) {
	input := `[` + strings.Repeat(`[1,1],`, 1000) + `0]`
	path, err := Parse(`$..*..*..*..[*]..[*]`)
	if err != nil {
		t.Fatal(err)
	}
	deep := `[` + strings.Repeat("["+strings.TrimSuffix(strings.Repeat(input+",", 20), ",")+"],", 5) + `0]`
	if _, err := path.Find(data(t, deep)); err == nil {
		t.Error("a path that leads to millions of values gave no error")
	}
}

func TestPut(t *testing.T) {
	tests := []struct{ path, document, want string }{
		{`$`, `{"a":1}`, `"new"`},
		{`$.b`, `{"a":1}`, `{"a":1,"b":"new"}`},
		{`$.b.c.d`, `{}`, `{"b":{"c":{"d":"new"}}}`},
		{`$.b`, `{"b":null}`, `{"b":"new"}`},
		{`$['b']`, `null`, `{"b":"new"}`},
		{`$[1]`, `[0,1,2]`, `[0,"new",2]`},
		{`$.a[0].b`, `{"a":[{}]}`, `{"a":[{"b":"new"}]}`},
		{`$[3]`, `[0,1,2]`, ``},
		{`$.a`, `[0]`, ``},
		{`$.a.b`, `{"a":"text"}`, ``},
		{`$[0]`, `{}`, ``},
	}
	for _, test := range tests {
		path, err := Parse(test.path)
		if err != nil || !path.IsReference() {
			t.Fatal(test.path, err)
		}
		document := decoded(t, test.document)
		placed, err := path.Put(document, "new")
		got := ""
		if err == nil {
			got = string(value.Encode(placed))
		}
		if got != test.want {
			t.Errorf("%s in %s gives %s (%v), want %s", test.path, test.document, got, err, test.want)
		}
		if after := string(value.Encode(document)); err == nil && after != strings.ReplaceAll(test.document, " ", "") {
			t.Errorf("%s changed its document to %s", test.path, after)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`$`, `$$.a`, `$v[0]`, `$.a['b c'][?(@.x == 1 && $.y)]..*[1:-2]`, `$.a[?(@ =~ /x/i)]`, `$.[0,1]`,
	} {
		f.Add(seed, store)
	}
	f.Fuzz(func(t *testing.T, text, document string) {
		path, err := Parse(text)
		input, bad := value.Decode([]byte(document))
		if err != nil || bad != nil {
			return
		}
		again, err := Parse(path.String())
		if err != nil || again.Definite() != path.Definite() {
			t.Fatalf("%q was parsed, but %q is not: %v", text, path, err)
		}
		found, err := path.Find(&Data{Input: input})
		if _, isList := found.([]any); err == nil && !path.Definite() && !isList {
			t.Fatalf("%q is indefinite, but gives %v", text, found)
		}
		if path.IsReference() && path.Root() == Input {
			placed, err := path.Put(input, "new")
			if err != nil {
				return
			}
			if back, err := path.Find(&Data{Input: placed}); err != nil || back != "new" {
				t.Fatalf("%q put a value, but finds %v, %v", text, back, err)
			}
		}
	})
}
