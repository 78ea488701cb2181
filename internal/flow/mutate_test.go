package flow_test

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestRecordedFlowsMutated damages recorded flows at random places: they are refused with a finding or played, never
// with a panic.
func TestRecordedFlowsMutated(t *testing.T) {
	refused, played := 0, 0
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		doc, err := source.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range testrun.Soak(t, 20) {
			r := rand.New(rand.NewPCG(uint64(seed), 11))
			damaged := doc
			for range 1 + r.IntN(3) {
				damaged = mutate(r, damaged)
			}
			f, found := compile(filepath.Base(file), damaged)
			if f == nil {
				refused++
				if !found.HasErrors() {
					t.Fatalf("%s, seed %d: refused without an error", file, seed)
				}
				continue
			}
			played++
			newPlayground(f, found).play(t, uint64(seed))
		}
	}
	if refused == 0 || played == 0 {
		t.Errorf("%d refused, %d played: the damage is of one kind only", refused, played)
	}
}

// mutate returns a copy with one value changed: dropped, of another kind, or taken from elsewhere.
func mutate(r *rand.Rand, n *source.Node) *source.Node {
	copied := *n
	children := len(n.Items) + len(n.Members)
	if children == 0 || r.IntN(12) == 0 {
		odd := []*source.Node{
			{Kind: source.Null},
			{Kind: source.String},
			{Kind: source.String, Text: "$.External"},
			{Kind: source.String, Text: "$.Attributes['x']"},
			{Kind: source.Number, Text: "1e99"},
			{Kind: source.Number, Text: "-1"},
			{Kind: source.Bool, Text: "true"},
			{Kind: source.Array},
			{Kind: source.Object},
		}
		return odd[r.IntN(len(odd))]
	}
	i := r.IntN(children)
	drop := r.IntN(8) == 0
	if i < len(n.Items) {
		copied.Items = append([]*source.Node{}, n.Items...)
		copied.Items[i] = mutate(r, n.Items[i])
		if drop {
			copied.Items = append(copied.Items[:i], copied.Items[i+1:]...)
		}
		return &copied
	}
	i -= len(n.Items)
	copied.Members = append([]source.Member{}, n.Members...)
	copied.Members[i].Value = mutate(r, n.Members[i].Value)
	if drop {
		copied.Members = append(copied.Members[:i], copied.Members[i+1:]...)
	}
	return &copied
}

// TestRecordedFlowsContinueAfterJSON checks that the same play gives the same commands again, also when the contact
// goes through JSON after every event.
func TestRecordedFlowsContinueAfterJSON(t *testing.T) {
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			f, found := readFlow(t, file)
			first, second := newPlayground(f, found), newPlayground(f, found)
			second.between = throughJSON(t, f, nil)
			for seed := range max(1, testrun.Soak(t, 60)/20) { // each is written as JSON hundreds of times
				if a, b := transcript(first.play(t, uint64(seed))), transcript(second.play(t, uint64(seed))); a != b {
					t.Fatalf("seed %d takes another course:\n%s\n%s", seed, a, b)
				}
			}
		})
	}
}
