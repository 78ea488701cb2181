package statesapi_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestRecordedValidations sends the recorded requests of ValidateStateMachineDefinition and compares the whole
// answers. JSONata is not served.
func TestRecordedValidations(t *testing.T) {
	file, err := os.Open(filepath.Join(testrun.Recorded(t, "RECORDED_EXECUTIONS"), "validate.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	compared := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var r struct {
			ID              string
			QueryLanguage   string `json:"query_language"`
			Request, Expect object
		}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if r.QueryLanguage != "JSONPath" {
			continue
		}
		compared++
		if diff := cmp.Diff(r.Expect, newClient(t).want("ValidateStateMachineDefinition", r.Request, "")); diff != "" {
			t.Errorf("%s: (-recorded +ours)\n%s", r.ID, diff)
		}
	}
	if compared == 0 {
		t.Fatal("validate.jsonl holds no records for JSONPath")
	}
}
