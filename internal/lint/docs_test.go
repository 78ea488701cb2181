package lint_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/testrun"
)

const docs = "../../docs/lint.md"

//go:generate go test . -run ^TestDocs$ -count=1 -update

// TestDocs checks that docs/lint.md says what the table of rules says.
func TestDocs(t *testing.T) { testrun.Generated(t, docs, lint.Markdown()) }
