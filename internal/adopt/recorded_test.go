package adopt_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/adopt"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/legacy"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// read reads the flow of a text.
func read(t testing.TB, file string, text []byte) *flowlang.Flow {
	t.Helper()
	f, err := flowlang.Parse(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// recorded are the public flows that hold Lambda blocks, by name; those in the console's older format as they are
// converted.
func recorded(t *testing.T) map[string][]byte {
	t.Helper()
	flows := map[string][]byte{}
	for _, from := range []struct{ variable, pattern string }{
		{variable: "RECORDED_FLOWS", pattern: "*/*.json"}, {variable: "RECORDED_CASES", pattern: "flows/*/flow.json"},
		{variable: "RECORDED_ORIGINAL", pattern: "sample-flow.json"},
	} {
		for _, file := range testrun.RecordedFiles(t, from.variable, from.pattern) {
			text := converted(t, file)
			if bytes.Contains(text, []byte(flowlang.InvokeLambdaFunction)) {
				flows[filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file)] = text
			}
		}
	}
	return flows
}

// converted is the text of a flow, in the language of today.
func converted(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := source.ParseJSON(file, text)
	if err != nil {
		t.Fatal(err)
	}
	flow, _ := legacy.Convert(file, doc)
	if flow == nil {
		return text
	}
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(compactOf(t, flow)), "", "\t"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRecordedFlowsAreAdopted adopts every Lambda block of every recorded flow, in place and as a module: no other
// action changes by a byte, lint finds nothing new, and random calls take the same way to the same end, whether the
// function is quick or slow. A quick run compares a few of them only.
func TestRecordedFlowsAreAdopted(t *testing.T) {
	flows, adopted, refused := map[string]bool{}, map[string]int{}, map[string]int{}
	every, plays := testrun.Count(t, 35, 1), testrun.Count(t, 2, 30)
	tried := 0
	var unreached, nameless []string
	all := recorded(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f := read(t, name, all[name])
		for _, a := range f.OfType(flowlang.InvokeLambdaFunction) {
			for _, module := range []string{"", moduleID} {
				if tried++; tried%every != 0 {
					continue
				}
				done, err := adoptBlock(f, all[name], a, module)
				if err != nil {
					refused[source.AsFinding(name, err).Code]++
					continue
				}
				adopted[module]++
				flows[name] = true
				t.Run(fmt.Sprintf("%s/%s/%s", name, a.Identifier, module), func(t *testing.T) {
					switch reached, unknown := compare(t, f, all[name], a, done, plays); {
					case unknown > 0 && reached == 0:
						nameless = append(nameless, a.Identifier)
					case reached == 0:
						unreached = append(unreached, a.Identifier)
					}
				})
			}
		}
	}
	total := adopted[""] + adopted[moduleID]
	if total == 0 || len(unreached)*20 > total {
		t.Errorf("no call came to %d of %d adopted blocks: %v", len(unreached), total, unreached)
	}
	t.Logf("%d flows, %d blocks in place, %d as a module; refused: %v; no call came to %v; these have no function in "+
		"the original: %v", len(flows), adopted[""], adopted[moduleID], refused, unreached, nameless)
}

func adoptBlock(f *flowlang.Flow, text []byte, a *flowlang.Action, module string) (adopt.Adopted, error) {
	block, err := adopt.Block(f, a.Identifier)
	if err != nil {
		return adopt.Adopted{}, err
	}
	return adopt.Flow(adopt.Options{Flow: f, Text: text, Block: block, FunctionARN: flowlang.Async.String(),
		Job: "work", Module: module, ModuleName: "wait"})
}

// compare checks all that is promised of an adopted flow. It returns how many plays came to the block, and in how many
// the original's block did not know its function.
func compare(t *testing.T, f *flowlang.Flow, text []byte, block *flowlang.Action, done adopt.Adopted, plays int,
) (reached, unknown int) {
	t.Helper()
	got := read(t, f.File, done.Flow).WithType(f.Type)
	sameBytes(t, f, text, block, got, done)
	nothingNew(t, f, text, done)
	s := &stranger{original: f, block: block, facts: gather(f), added: map[string]bool{}}
	s.way, _ = adopt.FindWay(f, block)
	for _, name := range done.Added {
		s.added[name] = true
	}
	modules := map[string]*flow.Flow{}
	if done.Module != nil {
		module, found := flow.Compile(read(t, "module.json", done.Module))
		if module == nil || len(found) > 0 {
			t.Fatal(found)
		}
		modules[moduleID] = module
	}
	for seed := range plays {
		s.seed = uint64(seed)
		want := s.play(t, f, nil)
		if s.noFunction {
			unknown++
			continue
		}
		if want.end.Ending == flow.EndingGuard {
			continue
		}
		reached += min(1, len(want.asked))
		for _, s.takes = range []time.Duration{300 * time.Millisecond, 20 * time.Second} {
			if played := s.play(t, got, modules); played.String() != want.String() {
				t.Fatalf("seed %d, function of %v: the adopted flow differs (+):\n%s", seed, s.takes,
					cmp.Diff(want.String(), played.String()))
			}
		}
	}
	return reached, unknown
}

// sameBytes checks that all that is not the block's is as it was: each other action, whether or not it is read from the
// reply in a flow with a module, and its place in the designer.
func sameBytes(t *testing.T, f *flowlang.Flow, text []byte, block *flowlang.Action, got *flowlang.Flow,
	done adopt.Adopted,
) {
	t.Helper()
	if len(got.Actions) != len(f.Actions)+len(done.Added) {
		t.Errorf("%d actions of %d and %d", len(got.Actions), len(f.Actions), len(done.Added))
	}
	for _, a := range f.Actions {
		if a == block {
			continue
		}
		other := got.Action(a.Identifier)
		before, after := textAt(text, a.Node), textAt(done.Flow, other.Node)
		if done.Module != nil && before != after { // a text that reads the reply
			before, after = withoutReferences(t, a.Node), withoutReferences(t, other.Node)
		}
		if before != after {
			t.Errorf("%q changed:\n%s", a.Identifier, cmp.Diff(before, after))
		}
	}
	for _, m := range f.Doc.Get("Metadata").Get("ActionMetadata").Entries() {
		other := got.Doc.Get("Metadata").Get("ActionMetadata").Get(m.Key)
		before, after := textAt(text, m.Value), textAt(done.Flow, other)
		if m.Key == block.Identifier { // whose entry is written again
			before, after = compactOf(t, m.Value.Get("position")), compactOf(t, other.Get("position"))
		}
		if before != after {
			t.Errorf("the place of %q changed:\n%s", m.Key, cmp.Diff(before, after))
		}
	}
}

// withoutReferences leaves out what a module changes: how a reply is read.
func withoutReferences(t *testing.T, n *source.Node) string {
	t.Helper()
	text := compactOf(t, n)
	for _, prefix := range []string{"$.External", "$.Modules.ResultData"} {
		text = strings.ReplaceAll(text, prefix, "$.X")
	}
	return text
}

// compactOf is a value without white space, with numbers as they are spelled.
func compactOf(t *testing.T, n *source.Node) string {
	t.Helper()
	compact, err := n.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return string(compact)
}

// textAt is how a value is written.
func textAt(text []byte, n *source.Node) string {
	lines := bytes.SplitAfter(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\n"))
	rest := append(slices.Clone(lines[n.Pos.Line-1][n.Pos.Column-1:]), bytes.Join(lines[n.Pos.Line:], nil)...)
	depth, inText := 0, false
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\\' && inText:
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return string(rest[:i+1])
			}
		}
	}
	return string(rest)
}

// nothingNew checks that no rule finds more in the adopted flow than in the original, and none anything in the module.
// Rules that report something once report it at another action where the block was the first.
func nothingNew(t *testing.T, f *flowlang.Flow, text []byte, done adopt.Adopted) {
	t.Helper()
	before := map[string]int{}
	for _, finding := range lintText(t, f.File, text) {
		before[finding.Rule]++
	}
	for _, finding := range lintText(t, f.File, done.Flow) {
		if before[finding.Rule]--; before[finding.Rule] < 0 && !isForExport(finding) {
			t.Errorf("new: %v", finding)
		}
	}
	if done.Module != nil {
		for _, finding := range lintText(t, "module.json", done.Module) {
			if !isForExport(finding) {
				t.Errorf("in the module: %v", finding)
			}
		}
	}
}

// isForExport reports whether a finding is about the placeholder that an export fills in; the flow has a project then.
func isForExport(f lint.Finding) bool {
	return f.Rule == "placeholder" && strings.Contains(f.Message, flowlang.Async.String())
}

func lintText(t *testing.T, file string, text []byte) []lint.Finding {
	t.Helper()
	doc, err := lint.Read(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return lint.Run(lint.Setup{Flow: doc.Flows[0]})
}
