package legacy_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/flowfmt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/legacy"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/playtest"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// convert converts a flow, and returns it as it is written then.
func convert(t *testing.T, file string, text []byte) (*flowlang.Flow, []byte, source.Findings) {
	t.Helper()
	doc, err := source.ParseJSON(file, text)
	if err != nil {
		t.Fatal(err)
	}
	converted, found := legacy.Convert(file, doc)
	f, err := flowlang.Read("flow.json", converted)
	if err != nil {
		t.Fatal(err)
	}
	return f, flowfmt.Flow(f), found
}

// TestConvert: the blocks in testdata become the actions beside them, and what cannot be converted is named.
func TestConvert(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := archive.Files[0].Data
		_, converted, found := convert(t, "old.json", text)
		var lines []string
		for _, f := range found {
			lines = append(lines, f.Error()+"\n")
		}
		archive.Files = []txtar.File{{Name: "old.json", Data: text}, {Name: "flow.json", Data: converted},
			{Name: "findings", Data: []byte(strings.Join(lines, ""))}}
		testrun.Generated(t, name, string(txtar.Format(archive)))
		check(t, name, converted)
	}
}

// TestRecordedLegacyFlows converts flows in the older format: those that were at hand wholly, into flows without errors
// that can be played. Of others, what cannot be converted is listed only.
func TestRecordedLegacyFlows(t *testing.T) {
	judged, err := os.ReadFile("testdata/recorded-flows.txt")
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "legacy/*.json") {
		text, err := source.ReadText(file)
		if err != nil {
			t.Fatal(err)
		}
		f, converted, found := convert(t, file, text)
		for _, f := range found {
			t.Log(f.Error())
		}
		blocks += len(f.Actions)
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if slices.Contains(strings.Fields(string(judged)), name) {
			if len(found) > 0 {
				t.Errorf("%s: not converted wholly", name)
			}
			check(t, name, converted)
			playtest.Ends(t, name, f, `{"Customer": "Ada"}`)
		}
	}
	t.Logf("%d blocks", blocks)
}

// check checks that rules find no error in a flow.
func check(t *testing.T, name string, text []byte) {
	t.Helper()
	doc, err := lint.Read("flow.json", text)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range lint.Run(lint.Setup{Flow: doc.Flows[0]}) {
		if f.Severity == source.Error {
			t.Errorf("%s: %s", name, f.Error())
		}
	}
}

// TestBlockTypes: what flow logs call a block is its type in the older format, so that the table of action types knows
// many of these, too. Both tables agree.
func TestBlockTypes(t *testing.T) {
	logged := map[string][]string{}
	for _, family := range flowlang.ActionTypes() {
		for _, row := range family {
			logged[row.Logged] = append(logged[row.Logged], row.Name)
		}
	}
	for kind, action := range legacy.BlockTypes() {
		name, _, _ := strings.Cut(kind, "/")
		names := logged[name]
		if action == flowlang.TransferParticipantToThirdParty { // logs name it otherwise
			continue
		}
		if len(names) > 0 && !slices.Contains(names, action) {
			t.Errorf("%s becomes %s, but is logged for %v", kind, action, names)
		}
	}
}

// TestNotLegacy: other documents are refused.
func TestNotLegacy(t *testing.T) {
	for _, text := range []string{`{}`, `[]`, `null`, `{"modules": {}, "start": "a"}`, `{"modules": [], "start": 1}`,
		`{"Version": "2019-10-30", "StartAction": "a", "Actions": []}`} {
		doc, err := source.ParseJSON("flow.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		converted, found := legacy.Convert("flow.json", doc)
		if converted != nil || len(found) != 1 || found[0].Code != legacy.CodeNotLegacy || found[0].Line == 0 {
			t.Errorf("%s: %v, %v", text, converted, found)
		}
	}
}

// FuzzConvert: whatever a document in the older format holds, the result is a flow, written without loss.
func FuzzConvert(f *testing.F) {
	f.Add(`{"modules": [{"id": "a", "type": "PlayPrompt", "parameters": [{"name": "Text", "value": "Hello"}],
		"branches": [{"condition": "Success", "transition": "a"}]}], "start": "a", "type": "contactFlow"}`)
	f.Add(`{"modules": [1, null, {"type": 1, "parameters": {}, "branches": [[]]}, {"type": "Loop", "branches": [{}]}],
		"start": ""}`)
	f.Add(`{"modules": [{"id": "a", "type": "CheckAttribute", "parameters": [{"name": "Attribute", "value": "a']"},
		{"name": "Namespace", "value": "External"}, {"name": "Namespace"}]}], "start": "b", "metadata": 5}`)
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := source.ParseJSON("flow.json", []byte(text))
		if err != nil {
			return
		}
		converted, found := legacy.Convert("flow.json", doc)
		if converted == nil {
			return
		}
		read, err := flowlang.Read("flow.json", converted)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if want := len(doc.Get("modules").Items); len(read.Actions) != want {
			t.Errorf("%s: %d blocks became %d actions: %v", text, want, len(read.Actions), found)
		}
	})
}
