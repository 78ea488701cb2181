package reference_test

import (
	"testing"

	"github.com/connect-async/connect-async/internal/reference"
	"github.com/connect-async/connect-async/internal/testrun"
)

//go:generate go test . -run ^TestDocsAreCurrent$ -count=1 -update

// TestDocsAreCurrent checks that the schemas and pages in docs are those of the tables.
func TestDocsAreCurrent(t *testing.T) {
	for _, k := range reference.Kinds {
		testrun.Generated(t, "../../docs/"+k.Name+".schema.json", string(k.Schema()))
		page, err := k.Page()
		if err != nil {
			t.Fatal(err)
		}
		testrun.Generated(t, "../../docs/"+k.Name+"-reference.md", page)
	}
}
