package legacy_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/clock"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowfmt"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/legacy"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/player"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/speech"
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
			plays(t, name, f)
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

// plays plays a flow for a caller who says nothing, with functions that answer or fail at random.
func plays(t *testing.T, name string, f *flowlang.Flow) {
	t.Helper()
	compiled, found := flow.Compile(f)
	if compiled == nil {
		t.Fatalf("%s: %v", name, found)
	}
	for seed := range uint64(4) {
		virtual := clock.NewVirtual(time.Time{})
		w := &world{random: rand.New(rand.NewPCG(seed, 0))}
		w.player = player.New(flow.NewContact(compiled, flow.Options{CustomerNumber: "+15550100", Seed: seed}),
			player.Options{Clock: virtual, Functions: w, Observer: w,
				Voice: player.Estimate{Rate: speech.DefaultRange().Fast}})
		err := virtual.Run(func() {
			w.player.Connect(context.Background())
			virtual.AfterFunc(time.Hour, w.player.HangUp)
			_ = virtual.Wait(context.Background(), w.player.Done())
		})
		if err != nil || w.ending == "" || w.ending == flow.EndingFatal {
			t.Errorf("%s: seed %d: %v, %s", name, seed, err, w.ending)
		}
	}
}

// world is what a played contact meets.
type world struct {
	random *rand.Rand
	player *player.Player
	ending flow.Ending
}

func (w *world) Opened(player.Opened) {}
func (w *world) Closed(player.Opened) {}
func (w *world) Idle()                { w.player.HangUp() }

func (w *world) Command(command flow.Command) {
	if finish, ok := command.(flow.Finish); ok {
		w.ending = finish.Ending
	}
}

func (w *world) Invoke(flow.InvokeFunction) player.Reply {
	if w.random.IntN(2) == 0 {
		return player.Reply{Err: errors.New("throttled")}
	}
	return player.Reply{Payload: json.RawMessage(`{"Customer": "Ada"}`)}
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
