package lint_test

import (
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/template"
)

// dangling is a flow with one finding, marked.
const dangling = `{"Version": "2019-10-30", "StartAction": "a", "Actions": [{"Identifier": "a", ` +
	`"Type": "MessageParticipant", "Parameters": {"Text": "Grüße 😀"}, "Transitions": {"NextAction": «"b"}}]}`

// quoted writes a text as a JSON string literal, with some characters escaped, and keeps the mark.
func quoted(text string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "ü", `\u00fc`, "😀", `\ud83d\ude00`, "\n", `\n`)
	return `"` + escape.Replace(text) + `"`
}

// TestReadForms reads a flow in some of the forms that package template knows. The place of a finding is that in the
// file.
func TestReadForms(t *testing.T) {
	cli := `{"ContactFlow": {"Name": "x", "Type": "CUSTOMER_QUEUE", "Content": ` + quoted(dangling) + `}}`
	block := strings.ReplaceAll(dangling, `"Actions"`, "\n          \"Actions\"")
	for name, c := range map[string]struct {
		file, text string
		kind       flowlang.Type
	}{
		"plain":                         {"flow.json", dangling, flowlang.ContactFlow},
		"with a byte order mark before": {"flow.json", "\xef\xbb\xbf\n" + dangling, flowlang.ContactFlow},
		"answer of the CLI":             {"a.json", cli, flowlang.CustomerQueue},
		"YAML":                          {"t.yaml", "Content: !Sub |\n        " + block + "\n", flowlang.ContactFlow},
	} {
		t.Run(name, func(t *testing.T) {
			text, want := unmark(c.file, c.text)
			doc := read(t, c.file, text)
			if len(doc.Flows) != 1 || doc.Flows[0].Type != c.kind {
				t.Fatalf("%d flows of type %s", len(doc.Flows), doc.Flows[0].Type)
			}
			var got []source.Pos
			for _, f := range lint.Run(lint.Setup{Flow: doc.Flows[0]}) {
				if f.Rule == "dangling-branch" {
					got = append(got, f.Pos)
				}
			}
			if len(got) != 1 || got[0] != want[0].Pos {
				t.Errorf("found at %v, want %v", got, want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ file, text, code string }{
		"cut off":           {"flow.json", `{"Version": `, source.CodeSyntax},
		"empty":             {"flow.json", ``, source.CodeSyntax},
		"nothing in it":     {"flow.json", `{"hello": 1}`, template.CodeNone},
		"nothing in YAML":   {"a.yaml", "a: {b: 1}\n", template.CodeNone},
		"old export format": {"flow.json", `{"modules": [], "version": "1", "start": "1"}`, lint.CodeLegacy},
	} {
		_, err := lint.Read(c.file, []byte(c.text))
		if f, ok := err.(source.Finding); !ok || f.Code != c.code || f.Remedy == "" {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// TestSameOutline: template finds what flowlang reads as a flow or refuses as the old export format. Both know the
// words by which they tell, since neither imports the other.
func TestSameOutline(t *testing.T) {
	keys := []string{`"modules": []`, `"modules": {}`, `"start": "a"`, `"Actions": []`, `"StartAction": "a"`}
	for set := range 1 << len(keys) {
		var members []string
		for i, key := range keys {
			if set&(1<<i) != 0 {
				members = append(members, key)
			}
		}
		text := "{" + strings.Join(members, ", ") + "}"
		doc, err := source.ParseJSON("f.json", []byte(text))
		if err != nil {
			continue // a key twice
		}
		_, err = flowlang.Read("f.json", doc)
		isLegacy := err != nil && source.AsFinding("", err).Code == flowlang.CodeLegacy
		isFlow := doc.Get("Actions") != nil && doc.Get("StartAction") != nil
		if found, _ := template.Read("f.json", []byte(text)); len(found.Found) == 1 != (isLegacy || isFlow) {
			t.Errorf("%s: %d are found; the old format: %v, a flow: %v", text, len(found.Found), isLegacy, isFlow)
		}
	}
	for version, want := range map[string]int{flowlang.Version: 1, "2018-01-01": 0} {
		found, _ := template.Read("f.json", []byte(`{"Version": "`+version+`", "Actions": []}`))
		if len(found.Found) != want {
			t.Errorf("version %s: %d flows", version, len(found.Found))
		}
	}
	if got := (template.Found{Kind: template.Module}).FlowType(); got != string(flowlang.Module) {
		t.Errorf("a module has the type %s", got)
	}
}

// FuzzRead: whatever a file holds, reading it and checking it with all rules does not panic, and findings have a
// place.
func FuzzRead(f *testing.F) {
	for i, r := range lint.Rules() {
		for _, e := range cases(f, r) {
			if e.Name != "bad" || i%3 > 0 { // a third of the rules will do as seeds
				continue
			}
			if e.Flow != "" {
				text, _ := unmark("", e.Flow)
				f.Add("flow.json", []byte(text))
			}
			if e.Machine != "" {
				text, _ := unmark("", e.Machine)
				f.Add("machine.json", []byte(text))
			}
		}
	}
	f.Add("t.yaml", []byte("Content: "+quoted(dangling)))
	f.Fuzz(func(t *testing.T, file string, text []byte) {
		doc, err := lint.Read(file, text)
		if err != nil {
			return
		}
		for _, flow := range doc.Flows {
			for _, found := range lint.Run(lint.Setup{Flow: flow}) {
				if found.Line < 1 || found.Column < 1 {
					t.Errorf("%s has no place", found.Error())
				}
			}
		}
		for _, machine := range doc.Machines {
			lint.Run(lint.Setup{Machine: machine})
		}
	})
}

// TestSizeIgnoresIndentation: Connect gets the content without the white space of a file.
func TestSizeIgnoresIndentation(t *testing.T) {
	text := strings.Replace(dangling, mark, strings.Repeat(" ", 300_000), 1)
	for _, f := range lint.Run(lint.Setup{Flow: read(t, "flow.json", text).Flows[0]}) {
		if f.Rule == "size" {
			t.Error(f.Error())
		}
	}
}
