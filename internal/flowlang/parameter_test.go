package flowlang_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// TestFilledIn: what a template fills in is not judged, whatever a parameter may hold.
func TestFilledIn(t *testing.T) {
	number := flowlang.Parameter{Name: "InvocationTimeLimitSeconds", Form: flowlang.Number, Low: 1, High: 60}
	object := flowlang.Parameter{Name: "LambdaInvocationAttributes", Form: flowlang.Object}
	for text, want := range map[string]bool{"${var.limit}": true, "1${N}": true, "x": false, "$.External.limit": true} {
		if problem := number.Problem(&source.Node{Kind: source.String, Text: text}); (problem == "") != want {
			t.Errorf("%s: %q", text, problem)
		}
	}
	for text, want := range map[string]bool{"${jsonencode(local.attributes)}": true, "x": false} {
		if problem := object.Problem(&source.Node{Kind: source.String, Text: text}); (problem == "") != want {
			t.Errorf("%s: %q", text, problem)
		}
	}
}
