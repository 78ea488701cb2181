package draw_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/draw"
	"github.com/connect-async/connect-async/internal/flowdiff"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

func read(t testing.TB, text string) *flowlang.Flow {
	t.Helper()
	f, err := flowlang.Parse("flow.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// image is what an SVG image shows.
type image struct {
	texts  []string          // in their order
	titles []string          // of the image and its blocks
	marked map[string]int    // elements by class
	blocks map[string]string // place of a block's rectangle, by the block's first text
}

// parse reads an image, which must be XML of a few elements without references to anything.
func parse(t testing.TB, svg []byte) image {
	t.Helper()
	im := image{marked: map[string]int{}, blocks: map[string]string{}}
	known := map[string]bool{"svg": true, "style": true, "g": true, "rect": true, "title": true, "text": true,
		"path": true, "circle": true}
	place, open := "", ""
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return im
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if open = e.Name.Local; !known[open] {
				t.Errorf("the image has an element %s", open)
			}
			place = im.attributes(t, e, place)
		case xml.EndElement:
			open = ""
		case xml.CharData:
			switch open {
			case "text":
				im.texts = append(im.texts, string(e))
				if place != "" {
					im.blocks[string(e)], place = place, ""
				}
			case "title":
				im.titles = append(im.titles, string(e))
			}
		}
	}
}

// attributes notes the attributes of an element. It returns the place of a block that it draws, else the one before.
func (im *image) attributes(t testing.TB, e xml.StartElement, place string) string {
	at := map[string]string{}
	for _, a := range e.Attr {
		at[a.Name.Local] = a.Value
		if strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Name.Local, "href") {
			t.Errorf("the image has an attribute %s", a.Name.Local)
		}
	}
	for _, class := range strings.Fields(at["class"]) {
		im.marked[e.Name.Local+"."+class]++
	}
	if strings.HasPrefix(at["class"], "block") {
		return at["x"] + "," + at["y"]
	}
	return place
}

func TestRecordedFlowsAreDrawn(t *testing.T) {
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		doc, err := source.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := flowlang.Read(file, doc)
		if err != nil {
			t.Fatal(err)
		}
		svg := draw.SVG(f, draw.Marks{})
		im := parse(t, svg)
		lines := 0
		for _, a := range f.Actions {
			for _, b := range a.Drawn() {
				if b.To != nil {
					lines++
				}
			}
		}
		if got := im.marked["rect.block"]; got != len(f.Actions) {
			t.Errorf("%s: %d blocks of %d", filepath.Base(file), got, len(f.Actions))
		}
		if got := im.marked["path.line"]; got != lines+1 { // and the one from the entry
			t.Errorf("%s: %d lines of %d", filepath.Base(file), got, lines+1)
		}
		if string(svg) != string(draw.SVG(f, draw.Marks{})) {
			t.Errorf("%s is drawn in two ways", file)
		}
	}
}

// flow is a flow of two actions whose texts and metadata are given.
func flow(t testing.TB, text, metadata string) *flowlang.Flow {
	quoted, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, fmt.Sprintf(`{"StartAction": "hi", "Metadata": %s, "Actions": [
		{"Identifier": "hi", "Type": "MessageParticipant", "Parameters": {"Text": %s}, "Transitions": {
			"NextAction": "bye", "Errors": [{"NextAction": "lost", "ErrorType": %s}]}},
		{"Identifier": "bye", "Type": "DisconnectParticipant", "Transitions": {}}]}`, metadata, quoted, quoted))
}

func TestPlaces(t *testing.T) {
	at := func(x, y string) string {
		return fmt.Sprintf(`{"ActionMetadata": {"hi": {"position": {"x": 7.6, "y": -3}}, "bye": {"position":
			{"x": %s, "y": %s}}}}`, x, y)
	}
	for name, c := range map[string]struct{ metadata, hi, bye string }{
		"the designer's":       {at("300", "20"), "8,-3", "300,20"},
		"none":                 {`{}`, "160,40", "440,40"},
		"one is missing":       {`{"ActionMetadata": {"hi": {"position": {"x": 1, "y": 1}}}}`, "160,40", "440,40"},
		"one upon the other":   {at("7.9", "-3"), "160,40", "440,40"},
		"too far":              {at("1e300", "0"), "160,40", "440,40"},
		"not a number":         {at(`"NaN"`, "0"), "160,40", "440,40"},
		"not even an object":   {`{"ActionMetadata": [1]}`, "160,40", "440,40"},
		"with capital letters": {`{"ActionMetadata": {"hi": {"Position": {"X": 1, "Y": 1}}}}`, "160,40", "440,40"},
	} {
		im := parse(t, draw.SVG(flow(t, "hello", c.metadata), draw.Marks{}))
		if im.blocks["hi"] != c.hi || im.blocks["bye"] != c.bye {
			t.Errorf("%s: hi is at %s, bye at %s", name, im.blocks["hi"], im.blocks["bye"])
		}
	}
}

func TestTextsAreHarmless(t *testing.T) {
	for _, text := range []string{
		`</text></svg><script>alert(1)</script>`, `" onload="alert(1)`, `<![CDATA[x]]>`, "&amp; &#0; &nope;",
		"a\x00b\x1b[2Jc\u202Ed\u009b", strings.Repeat("long ", 5000), strings.Repeat("你好", 500), "\xff\xfe", "",
		"<speak>Your balance is <say-as interpret-as=\"digits\">42</say-as></speak>",
	} {
		im := parse(t, draw.SVG(flow(t, text, `{}`), draw.Marks{Gone: []string{text}}))
		for _, line := range im.texts {
			if strings.ContainsAny(line, "\x00\x1b\u202E\u009b") {
				t.Errorf("%q is drawn as %q", text, line)
			}
		}
	}
}

// TestIdentitiesAreNamed checks that a block shows what the console calls a thing, or the end of its ARN, which tells
// more than its beginning.
func TestIdentitiesAreNamed(t *testing.T) {
	const arn = "arn:aws:connect:eu-central-1:444455556666:instance/11111111-2222-4333-8444-000000000000/prompt/" +
		"22222222-2222-4333-8444-000000000000"
	for metadata, want := range map[string]string{
		`{"ActionMetadata": {"a": {"parameters": {"PromptId": {"displayName": "Welcome.wav"}}}}}`: "Welcome.wav",
		`{}`: "prompt/22222222",
	} {
		svg := draw.SVG(read(t, `{"Version": "2019-10-30", "StartAction": "a", "Metadata": `+metadata+`, "Actions": [
			{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"PromptId": "`+arn+`"}, "Transitions": {}}
			]}`), draw.Marks{})
		if !strings.Contains(strings.Join(parse(t, svg).texts, " "), want) {
			t.Errorf("with %s the block does not show %s:\n%s", metadata, want, svg)
		}
	}
}

func TestEmptyFlows(t *testing.T) {
	for _, text := range []string{`{"Actions": [], "StartAction": ""}`, `{"Actions": 1, "StartAction": "x"}`} {
		if im := parse(t, draw.SVG(read(t, text), draw.Marks{})); len(im.texts) > 0 {
			t.Errorf("%s is drawn with %v", text, im.texts)
		}
	}
}

func TestMarks(t *testing.T) {
	before := flow(t, "hello", `{}`)
	after := read(t, `{"StartAction": "hi", "Actions": [
		{"Identifier": "hi", "Type": "MessageParticipant", "Parameters": {"Text": "Good day"}, "Transitions": {
			"NextAction": "new", "Errors": [{"NextAction": "new", "ErrorType": "hello"}]}},
		{"Identifier": "new", "Type": "EndFlowExecution", "Transitions": {}}]}`)
	im := parse(t, draw.SVG(after, draw.Changes(flowdiff.Compare(before, after))))
	for element, want := range map[string]int{
		"rect.changed": 1, "rect.new": 1, "path.changed": 2, "path.never": 0, "text.new": 1, "text.changed": 4,
	} {
		if im.marked[element] != want {
			t.Errorf("%d %s, want %d", im.marked[element], element, want)
		}
	}
	drawn := strings.Join(im.texts, "\n")
	for _, text := range []string{"changed", "new", "changed: Success", "changed: hello", "gone: bye"} {
		if !strings.Contains(drawn, text) {
			t.Errorf("%q is not drawn: %s", text, drawn)
		}
	}
	im = parse(t, draw.SVG(before, draw.Marks{Branches: map[draw.Branch]draw.Mark{
		{Action: "hi", Name: flowlang.NextAction}: draw.Never,
	}}))
	if im.marked["path.never"] != 1 || !strings.Contains(strings.Join(im.texts, "\n"), "never: Success") {
		t.Errorf("a branch that was never taken is not marked: %v", im)
	}
}

// FuzzSVG checks that any flow is drawn as an image that can be read.
func FuzzSVG(f *testing.F) {
	f.Add(`{"StartAction": "a", "Actions": [{"Identifier": "a", "Type": "Compare", "Transitions": {"Conditions": [
		{"NextAction": "a", "Condition": {"Operator": "Equals", "Operands": ["<\u0000>"]}}]}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		if flow, err := flowlang.Parse("flow.json", []byte(text)); err == nil {
			parse(t, draw.SVG(flow, draw.Marks{}))
		}
	})
}
