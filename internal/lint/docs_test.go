package lint_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/lint"
)

const docs = "../../docs/lint.md"

// TestDocs holds docs/lint.md to the table. With UPDATE_DOCS set it writes the page.
func TestDocs(t *testing.T) {
	want := lint.Markdown()
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(docs, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(docs)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/lint.md is not current; write it with UPDATE_DOCS=1 go test ./internal/lint -run TestDocs:\n%s", diff)
	}
}
