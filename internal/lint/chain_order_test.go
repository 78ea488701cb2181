package lint_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
)

// TestChainsInAnyOrder: which functions in a row take too long does not depend on where their blocks are written.
func TestChainsInAnyOrder(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 0))
		var blocks []string
		for i := range 6 {
			blocks = append(blocks, fmt.Sprintf(`{"Identifier": "f%d", "Type": "%s", "Parameters": {
				"LambdaFunctionARN": "$.Attributes.f", "InvocationTimeLimitSeconds": "%d"}, "Transitions": {
				"NextAction": "f%d", "Errors": [{"NextAction": "f%d", "ErrorType": "NoMatchingError"}]}}`,
				i, flowlang.InvokeLambdaFunction, 3+r.IntN(6), r.IntN(6), r.IntN(6)))
		}
		forth := tooLong(t, blocks)
		slices.Reverse(blocks)
		if diff := cmp.Diff(forth, tooLong(t, blocks)); diff != "" {
			t.Errorf("seed %d, written in the opposite order (-as it was +now):\n%s", seed, diff)
		}
	}
}

// tooLong are the actions at which functions in a row may have taken too long, sorted.
func tooLong(t *testing.T, blocks []string) []string {
	t.Helper()
	doc, err := lint.Read("flow.json", []byte(`{"Version": "2019-10-30", "StartAction": "f0", "Metadata": {},
		"Actions": [`+strings.Join(blocks, ",\n")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	var subjects []string
	for _, f := range lint.Run(lint.Setup{Flow: doc.Flows[0]}) {
		if f.Rule == "lambda-chain" {
			subjects = append(subjects, f.Subject)
		}
	}
	slices.Sort(subjects)
	return subjects
}
