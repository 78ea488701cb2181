package project_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/project"
)

// TestNearest checks which project file a folder belongs to, and that who names a folder below a project is told where
// the project is.
func TestNearest(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{"outer/sub", "outer/inner/machines", "alone/.git"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(folder)), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, folder := range []string{"outer", "outer/inner"} {
		file := filepath.Join(dir, filepath.FromSlash(folder), project.FileName)
		if err := os.WriteFile(file, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for folder, want := range map[string]string{
		"outer": "outer", "outer/sub": "outer", "outer/inner/machines": "outer/inner", "alone": "",
	} {
		got := project.Nearest(filepath.Join(dir, filepath.FromSlash(folder)))
		if want != "" {
			want = filepath.Join(dir, filepath.FromSlash(want), project.FileName)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", folder, got, want)
		}
	}
	t.Chdir(filepath.Join(dir, "outer", "sub"))
	if got, want := project.Nearest("."), filepath.Join("..", project.FileName); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, found := project.Read("."); len(found) != 1 || !strings.Contains(found[0].Remedy, "such as ... ") {
		t.Errorf("it says %v", found)
	}
}
