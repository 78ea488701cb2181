package lint_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

// strange are values that do not belong where they are put.
var strange = []string{`null`, `true`, `5`, `-1.5`, `""`, `"$"`, `"$.External"`, `"x"`, `[]`, `[null]`, `[[]]`, `{}`,
	`{"": null}`}

// mutate exchanges or removes one value somewhere below a value.
func mutate(random *rand.Rand, value any) any {
	if random.IntN(8) == 0 {
		var other any
		_ = json.Unmarshal([]byte(strange[random.IntN(len(strange))]), &other) // they are all JSON
		return other
	}
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			return v
		}
		key := slices.Sorted(maps.Keys(v))[random.IntN(len(v))]
		if random.IntN(8) == 0 {
			delete(v, key)
			return v
		}
		v[key] = mutate(random, v[key])
	case []any:
		if len(v) == 0 {
			return v
		}
		i := random.IntN(len(v))
		if random.IntN(8) == 0 {
			return v[:i]
		}
		v[i] = mutate(random, v[i])
	}
	return value
}

// TestRecordedFlowsMutated changes recorded flows at random: whatever is wrong with a flow, it is linted without a
// panic.
func TestRecordedFlowsMutated(t *testing.T) {
	for number, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		text := readFile(t, file)
		for seed := range testrun.Soak(t, 10) {
			random := rand.New(rand.NewPCG(uint64(seed), uint64(number)))
			var doc any = decode(t, text)
			for range 1 + random.IntN(5) {
				doc = mutate(random, doc)
			}
			if doc, ok := doc.(map[string]any); !ok || doc["Actions"] == nil || doc["StartAction"] == nil {
				continue
			}
			changed, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			lintText(t, file, changed)
		}
	}
}
