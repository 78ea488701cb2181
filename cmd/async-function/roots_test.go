package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRootsComeFromOneBundle(t *testing.T) {
	bundle := filepath.Join(t.TempDir(), "authorities.pem")
	if err := os.WriteFile(bundle, []byte("-"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, dirs, want string }{
		{bundle, "", os.DevNull},
		{bundle, "/own/directory", "/own/directory"},
		{filepath.Join(t.TempDir(), "missing.pem"), "", ""}, // without a bundle Go must look into the directories
	} {
		t.Setenv("SSL_CERT_FILE", c.file)
		t.Setenv("SSL_CERT_DIR", c.dirs)
		loadRoots(func() {})
		if got := os.Getenv("SSL_CERT_DIR"); got != c.want {
			t.Errorf("SSL_CERT_FILE=%s SSL_CERT_DIR=%s: the directories are %q, want %q", c.file, c.dirs, got, c.want)
		}
	}
}
