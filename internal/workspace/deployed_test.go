package workspace_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/connect-async/connect-async/internal/workspace"
)

// TestDeployedBy finds the resources that deploy some files in the other files of their folders, and no others.
func TestDeployedBy(t *testing.T) {
	t.Chdir(t.TempDir())
	resource := func(name, file string) string {
		return fmt.Sprintf("resource \"aws_connect_contact_flow\" %q {\n  type    = \"CONTACT_FLOW\"\n"+
			"  content = file(\"${path.module}/%s\")\n}\n", name, file)
	}
	if err := os.Mkdir("sub", 0o755); err != nil {
		t.Fatal(err)
	}
	inSub := filepath.Join("sub", "c.json")
	for file, text := range map[string]string{
		"a.json": "{}", "b.json": "{}", "other.json": "{}", inSub: "{}",
		"first.tf": resource("b1", "b.json") + resource("a1", "a.json") + resource("no", "other.json"),
		"second.tf": resource("a2", "./a.json") + resource("above", "../a.json") +
			resource("self", "second.tf"),
		filepath.Join("sub", "main.tf"): resource("c1", "c.json") + resource("up", "../a.json"),
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ files, want []string }{
		{files: []string{"a.json"}, want: []string{"a1", "a2"}},
		{files: []string{"second.tf"}},
		{files: []string{"b.json", "a.json"}, want: []string{"b1", "a1", "a2"}},
		{files: []string{inSub, "a.json", "second.tf"}, want: []string{"a1", "a2", "c1"}},
		{files: []string{filepath.Join("none", "a.json")}},
		{},
	} {
		var got []string
		for _, e := range workspace.DeployedBy(test.files...) {
			got = append(got, e.Name)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%v are deployed by %v, want %v", test.files, got, test.want)
		}
	}
}
