package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/legacy"
	"github.com/connect-async/connect-async/internal/scaffold"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// strangers are the public flows that hold Lambda blocks, by name; those in the console's older format as they are
// converted.
func strangers(t *testing.T) map[string]*flowlang.Flow {
	t.Helper()
	flows := map[string]*flowlang.Flow{}
	for variable, pattern := range map[string]string{"RECORDED_FLOWS": "*/*.json",
		"RECORDED_CASES": "flows/*/flow.json", "RECORDED_ORIGINAL": "sample-flow.json"} {
		for _, file := range testrun.RecordedFiles(t, variable, pattern) {
			doc, err := source.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if converted, _ := legacy.Convert(file, doc); converted != nil {
				doc = converted
			}
			f, err := flowlang.Read(file, doc)
			if err == nil && len(f.OfType(flowlang.InvokeLambdaFunction)) > 0 {
				flows[filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file)] = f
			}
		}
	}
	return flows
}

// TestRecordedFlowsArePlayed adopts every Lambda block of every recorded flow with `init --flow`, in place and as a
// module: lint finds no more of any kind than it did before, and the call of the scenario comes to the block and gets
// the result. A quick run takes a few of them only.
func TestRecordedFlowsArePlayed(t *testing.T) {
	all := strangers(t)
	every, tried := testrun.Count(t, 60, 1), 0
	adopted, refused := map[string]bool{}, map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, block := range all[name].OfType(flowlang.InvokeLambdaFunction) {
			for _, as := range []string{scaffold.AsFlow, scaffold.AsModule} {
				if tried++; tried%every != 0 {
					continue
				}
				t.Run(name+"/"+block.Identifier+"/"+as, func(t *testing.T) {
					if code := adoptAndPlay(t, all[name], block.Identifier, as); code != "" {
						refused[code]++
						return
					}
					adopted[name] = true
				})
			}
		}
	}
	if t.Logf("%d flows; refused: %v", len(adopted), refused); len(adopted) == 0 || every == 1 && len(adopted) < 30 {
		t.Errorf("%d flows were adopted", len(adopted))
	}
}

// adoptAndPlay adopts a block in a folder of its own. It returns the code of the finding that refuses it, "" for none.
func adoptAndPlay(t *testing.T, f *flowlang.Flow, block, as string) (refused string) {
	t.Helper()
	t.Chdir(t.TempDir())
	compact, err := f.Doc.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := json.Indent(&text, compact, "", "  "); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("flow.json", text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	_, before, _ := typed(t, "lint", "flow.json", "--format", "json")
	args := []string{"init", ".", "--name", "shop", "--flow", "flow.json", "--action", block, "--as", as}
	code, _, errs := typed(t, args...)
	if code != exitGood && strings.Contains(unwrapped(errs), "Pass --function with the ARN") {
		code, _, errs = typed(t, append(args, "--function", orderARN)...)
	}
	if code != exitGood {
		_, refused, _ = strings.Cut(unwrapped(errs), "error: ")
		_, refused, _ = strings.Cut(refused, " [")
		refused, _, _ = strings.Cut(refused, "]")
		return refused
	}
	_, after, _ := typed(t, "lint", ".", "--format", "json")
	if added := newFindings(t, before, after); len(added) > 0 {
		t.Errorf("lint finds more of its kind:\n%s", strings.Join(added, "\n"))
	}
	code, out, _ := typed(t, "call", ".", "--fast")
	if !strings.Contains(out, "SUCCESS") || strings.Contains(errs, codeMissed) || strings.Contains(out, "FAIL  ") {
		t.Errorf("the call does not come to the block: exit code %d\n%s%s", code, errs, out)
	}
	return ""
}

// unwrapped is what is printed for people, with each finding in one line.
func unwrapped(text string) string { return strings.ReplaceAll(text, "\n  ", " ") }

// finding is one of `lint --format json`.
type finding struct{ Rule, Message string }

// newFindings are the findings of rules that have more of them than before. What follows from there being a project now
// is not new: a function that it does not have was a name without an ARN before, and who is to ship a flow learns that
// an ARN in it is of an account in documentation.
func newFindings(t *testing.T, before, after string) []string {
	t.Helper()
	old := map[string]int{}
	for _, f := range findings(t, before) {
		old[f.Rule]++
	}
	var added []string
	for _, f := range findings(t, after) {
		isOfProject := f.Rule == "unknown-function" && old["placeholder"] > 0 ||
			f.Rule == "not-deployable" && strings.Contains(f.Message, "comes from documentation examples")
		if old[f.Rule]--; old[f.Rule] < 0 && !isOfProject {
			added = append(added, f.Rule+": "+f.Message)
		}
	}
	return added
}

func findings(t *testing.T, text string) []finding {
	t.Helper()
	var read []finding
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return read
}
