package lint

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestFixTogether: however many findings are mended at once, the text and the changes are those of one after the other.
// The flows are those of testdata/fix and the recorded ones, each damaged at random.
func TestFixTogether(t *testing.T) {
	archives, err := filepath.Glob("testdata/fix/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal(archives, err)
	}
	var texts [][]byte
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, archive.Files[0].Data)
	}
	if os.Getenv("RECORDED_FLOWS") != "" {
		for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
		}
	}
	random, together := rand.New(rand.NewPCG(7, 6)), 0
	for i := range testrun.Count(t, 12, 200) {
		text := damaged(random, texts[i%len(texts)])
		doc, err := Read("flow.json", text)
		if err != nil || len(doc.Flows) != 1 {
			continue
		}
		setups := []Setup{{Flow: doc.Flows[0]}}
		want, errOne := fixTogether("flow.json", text, setups, "", 1)
		got, err := fixTogether("flow.json", text, setups, "", mostTogether)
		if errOne != err || !bytes.Equal(want.Text, got.Text) || cmp.Diff(want.Changes, got.Changes) != "" {
			t.Fatalf("try %d: one after the other and together differ: %v %v\n%s%s", i, errOne, err,
				cmp.Diff(want.Changes, got.Changes), cmp.Diff(string(want.Text), string(got.Text)))
		}
		together += len(got.Changes)
	}
	if t.Logf("%d changes", together); together == 0 {
		t.Error("nothing was mended")
	}
}

// damaged is a flow whose actions lack branches, have other keys, and repeat.
func damaged(random *rand.Rand, text []byte) []byte {
	var doc map[string]any
	if json.Unmarshal(text, &doc) != nil {
		return text
	}
	actions, _ := doc["Actions"].([]any)
	for _, item := range actions {
		a, _ := item.(map[string]any)
		parameters, _ := a["Parameters"].(map[string]any)
		transitions, _ := a["Transitions"].(map[string]any)
		if parameters == nil || transitions == nil {
			continue
		}
		for range random.IntN(3) {
			switch random.IntN(6) {
			case 0:
				delete(transitions, "Errors")
			case 1:
				parameters["Colour"] = "red"
			case 2:
				a["Nmae"] = "x"
			case 3:
				errors, _ := transitions["Errors"].([]any)
				if len(errors) > 0 {
					errors[random.IntN(len(errors))].(map[string]any)["ErrorType"] = "NoMatchingEror"
				}
			case 4:
				delete(transitions, "NextAction")
			case 5:
				if errors, _ := transitions["Errors"].([]any); len(errors) > 0 {
					errors[0].(map[string]any)["NextAction"] = transitions["NextAction"]
				}
			}
		}
	}
	damaged, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return text
	}
	return damaged
}
