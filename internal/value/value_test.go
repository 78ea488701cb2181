package value

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func decoded(t testing.TB, text string) any {
	t.Helper()
	v, err := Decode([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestDecodeAndEncodeKeepWhatIsWritten(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`null`, `null`},
		{` true `, `true`},
		{`false`, `false`},
		{`[]`, `[]`},
		{`{}`, `{}`},
		{`{"b":1,"a":{"z":[1,2,{"y":null}],"c":"d"}}`, ``},
		{`[1.0,-0,1e3,9223372036854775807,9223372036854775808,0.1]`, ``},
		{"[1 , 2\n, \"a\" ]", `[1,2,"a"]`},
		{`{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{`"<>&\u2028\u0041\/\"\\\n\u0001"`, "\"<>&\u2028A/\\\"\\\\\\n\\u0001\""},
		{"\"\xff\xfe\"", "\"\uFFFD\uFFFD\""},
		{`"\ud800"`, "\"\uFFFD\""},
		{`"😀\ud83d\ude00"`, `"😀😀"`},
	} {
		if c.want == "" {
			c.want = c.text
		}
		v := decoded(t, c.text)
		if got := string(Encode(v)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
		if Size(v) != len(Encode(v)) {
			t.Errorf("%s: the size is %d, want %d", c.text, Size(v), len(Encode(v)))
		}
	}
}

// TestDecodeLargeText checks a text whose strings are copied.
func TestDecodeLargeText(t *testing.T) {
	text := string(largeText())
	if got := string(Encode(decoded(t, text))); got != text {
		t.Errorf("got %d bytes, want %d: %.200s", len(got), len(text), got)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, "unexpected end of the JSON text"},
		{` `, "unexpected end of the JSON text"},
		{`{"a":`, "unexpected end of the JSON text"},
		{`[1`, "unexpected end of the JSON text"},
		{`1 2`, errMoreText.Error()},
		{`{} x`, errMoreText.Error()},
		{"1\x00", errMoreText.Error()},
		{"\x00", "at byte 1"},
		{"[\x00]", "at byte 2"},
		{`"\`, "unexpected end of the JSON text"},
		{`"\x"`, "at byte 2"},
		{"\"\n\"", "at byte 2"},
		{`-`, "unexpected end of the JSON text"},
		{`1.`, "unexpected end of the JSON text"},
		{`1e+`, "unexpected end of the JSON text"},
		{`[.5]`, "at byte 2"},
		{`[-a]`, "at byte 3"},
		{`{"a" 1}`, "at byte 6"},
		{`{"a":1,}`, "at byte 7"},
		{`{"a":1]`, "at byte 7"},
		{`[1}`, "at byte 3"},
		{`[1 2]`, "at byte 4"},
		{`{a:1}`, "at byte 2"},
		{`[1,]`, "at byte 3"},
		{`[01]`, "at byte 3"},
		{`tru`, "unexpected end of the JSON text"},
		{`'a'`, "at byte 1"},
		{strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1), errDepth.Error()},
		{strings.Repeat(`{"a":`, MaxDepth+1) + "1" + strings.Repeat("}", MaxDepth+1), errDepth.Error()},
	} {
		if _, err := Decode([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.40s: got error %v, want one with %q", c.text, err, c.want)
		}
	}
	decoded(t, strings.Repeat("[", MaxDepth)+strings.Repeat("]", MaxDepth))
}

// numbered returns an object with n members, written from the last to the first.
func numbered(n int) []Member {
	var members []Member
	for i := n; i > 0; i-- {
		members = append(members, Member{"k" + strconv.Itoa(i), json.Number(strconv.Itoa(i))})
	}
	return members
}

func TestObjectsOfEverySizeKeepTheirOrder(t *testing.T) {
	for _, n := range []int{0, 1, small - 1, small, small + 1, 100} {
		o := NewObject(numbered(n)...)
		if o.Len() != n {
			t.Fatalf("%d members, want %d", o.Len(), n)
		}
		i := n
		for name, v := range o.All() {
			if got, ok := o.Get(name); !ok || got != v || name != "k"+strconv.Itoa(i) {
				t.Errorf("member %s of %d is %v, %v", name, n, got, ok)
			}
			i--
		}
		if _, ok := o.Get("other"); ok {
			t.Error("a member is there that was never put in")
		}
	}
}

func TestWithLeavesTheObjectAsItWas(t *testing.T) {
	for _, n := range []int{0, 1, small - 1, small, small + 1} {
		o := NewObject(numbered(n)...)
		before := string(Encode(o))
		added := o.With(Member{"new", true})
		replaced := added.With(Member{"new", false}, Member{"k1", nil})
		if string(Encode(o)) != before {
			t.Errorf("%d members: the object has become %s", n, Encode(o))
		}
		if v, ok := added.Get("new"); !ok || v != true || added.Len() != n+1 {
			t.Errorf("%d members: with one more it is %s", n, Encode(added))
		}
		if v, _ := replaced.Get("new"); v != false || replaced.Len() != max(n, 1)+1 {
			t.Errorf("%d members: with one replaced it is %s", n, Encode(replaced))
		}
	}
	var none *Object
	if none.Len() != 0 || string(Encode(none.With(Member{"a", "b"}))) != `{"a":"b"}` {
		t.Error("a nil object does not behave as an empty one")
	}
}

func TestFits(t *testing.T) {
	v := decoded(t, `{"a":[1,"b\n"],"c":{}}`)
	size := len(Encode(v))
	if !Fits(v, size) || Fits(v, size-1) {
		t.Errorf("a value of %d bytes fits into %v and %v", size, Fits(v, size), Fits(v, size-1))
	}
	var deep any = "x"
	for range MaxDepth {
		deep = []any{deep}
	}
	if !Fits(deep, 1<<20) || Fits([]any{deep}, 1<<20) {
		t.Error("the limit of nesting is not that of Decode")
	}
	if Size([]any{deep}) != 2*(MaxDepth+1)+len(`"x"`) {
		t.Error("the size stops where nesting does")
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true},
		{`1e2`, `100`, true},
		{`9223372036854775807`, `9223372036854775806`, false},
		{`{"a":1,"b":[1,2]}`, `{"b":[1,2],"a":1}`, true},
		{`{"a":1}`, `{"a":1,"b":2}`, false},
		{`{"a":1}`, `{"b":1}`, false},
		{`[1,2]`, `[2,1]`, false},
		{`null`, `false`, false},
		{`"1"`, `1`, false},
	} {
		if got := Equal(decoded(t, c.a), decoded(t, c.b)); got != c.want {
			t.Errorf("%s = %s is %v", c.a, c.b, got)
		}
	}
}

func TestCompare(t *testing.T) {
	if order, ok := Compare("a", "b"); order != -1 || !ok {
		t.Errorf("a, b: %d %v", order, ok)
	}
	if order, ok := Compare(json.Number("2"), json.Number("1.5")); order != 1 || !ok {
		t.Errorf("2, 1.5: %d %v", order, ok)
	}
	if _, ok := Compare("1", json.Number("1")); ok {
		t.Error("a string was compared with a number")
	}
	if _, ok := Compare(json.Number("1e999"), json.Number("1")); ok {
		t.Error("a number beyond a double was compared")
	}
}

// FuzzDecode checks that what encoding/json takes is taken, with the same meaning, that the size is right and that
// what was encoded decodes to the same.
func FuzzDecode(f *testing.F) {
	seeds := []string{`[1,{"a":[null,true,"\u00e9\ud83d\ude00"]}]`, `{"a":1,"a":2}`, "\"\xff\x1f\"", `1e700`, ` [ ] `}
	for _, seed := range append(seeds, contactEvent) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := Decode(text)
		var theirs any
		theirErr := unmarshal(text, &theirs)
		if (err == nil) != (theirErr == nil) && err != errDepth {
			t.Fatalf("error %v, but encoding/json gives %v", err, theirErr)
		}
		if err != nil {
			return
		}
		encoded := Encode(v)
		if len(encoded) != Size(v) {
			t.Fatalf("the size of %s is %d", encoded, Size(v))
		}
		again, err := Decode(encoded)
		if err != nil || string(Encode(again)) != string(encoded) {
			t.Fatalf("%s came back as %s, %v", encoded, Encode(again), err)
		}
		if compact, err := json.Marshal(theirs); err == nil && len(text) < 1000 {
			if other := decoded(t, string(compact)); !sameShape(v, other) {
				t.Fatalf("%s, but encoding/json has %s", encoded, compact)
			}
		}
	})
}

// unmarshal decodes with encoding/json, with numbers as they are written.
func unmarshal(text []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(v); err != nil || json.Valid(text) {
		return err
	}
	return errMoreText
}

// sameShape compares values, with numbers as close as a double comes.
func sameShape(a, b any) bool {
	n, isNumber := a.(json.Number)
	m, isOther := b.(json.Number)
	if isNumber && isOther {
		f, _ := n.Float64()
		g, _ := m.Float64()
		return f == g
	}
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !sameShape(x[i], y[i]) {
				return false
			}
		}
		return true
	case *Object:
		y, ok := b.(*Object)
		if !ok || x.Len() != y.Len() {
			return false
		}
		for name, member := range x.All() {
			if other, ok := y.Get(name); !ok || !sameShape(member, other) {
				return false
			}
		}
		return true
	}
	return a == b
}

// contactEvent is what Connect sends a function, shortened.
const contactEvent = `{"Details":{"ContactData":{"Attributes":{"language":"en","account":"12345"},` +
	`"Channel":"VOICE","ContactId":"4a573372-1f28-4e26-b97b-XXXXXXXXXXX","CustomerEndpoint":` +
	`{"Address":"+15550100","Type":"TELEPHONE_NUMBER"},"InitialContactId":"4a573372-1f28-4e26-b97b-XXXXXXXXXXX",` +
	`"InitiationMethod":"INBOUND","InstanceARN":"arn:aws:connect:us-east-1:111111111111:instance/4a573372",` +
	`"MediaStreams":{"Customer":{"Audio":null}},"Queue":null},` +
	`"Parameters":{"amount":12,"rate":1.5,"list":[1,2,3]}},"Name":"ContactFlowEvent"}`

// largeText is some 60 KB of items.
func largeText() []byte {
	random := rand.New(rand.NewPCG(1, 1))
	var b strings.Builder
	b.WriteString(`{"items":[`)
	for i := range 500 {
		if i > 0 {
			b.WriteString(",")
		}
		const item = `{"id":"item-%d","price":%.2f,"quantity":%d,"tags":["a","bb","ccc"],"inStock":true,"note":null}`
		fmt.Fprintf(&b, item, i, random.Float64()*100, random.IntN(10))
	}
	b.WriteString(`]}`)
	return []byte(b.String())
}

func BenchmarkDecode(b *testing.B) {
	for name, text := range map[string][]byte{"contact": []byte(contactEvent), "large": largeText()} {
		b.Run(name+"/value", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_, _ = Decode(text)
			}
		})
		b.Run(name+"/encoding-json", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				var v any
				_ = unmarshal(text, &v)
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for name, text := range map[string][]byte{"contact": []byte(contactEvent), "large": largeText()} {
		v := decoded(b, string(text))
		var theirs any
		_ = json.Unmarshal(text, &theirs)
		b.Run(name+"/value", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Encode(v)
			}
		})
		b.Run(name+"/size", func(b *testing.B) {
			for b.Loop() {
				Size(v)
			}
		})
		b.Run(name+"/encoding-json", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_, _ = json.Marshal(theirs)
			}
		})
	}
}
