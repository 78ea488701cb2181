package statesapi

import (
	"testing"

	"github.com/connect-async/connect-async/internal/standin"
)

// TestOperationsThatTasksMayCall checks that what standin says of tasks of aws-sdk:sfn is what is served.
func TestOperationsThatTasksMayCall(t *testing.T) {
	for name := range operations {
		if standin.StatesOperation("aws-sdk:sfn", small(name)) != name {
			t.Errorf("standin does not know that %s is served: add it to the list in served.go", name)
		}
	}
	for _, name := range standin.StatesOperations() {
		if operations[name] == nil {
			t.Errorf("standin says that %s is served, which it is not", name)
		}
	}
}
