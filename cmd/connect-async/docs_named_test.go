package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestNamedPagesExist checks that every page of docs that a file of this repository names is there.
func TestNamedPagesExist(t *testing.T) {
	page := regexp.MustCompile(`docs/[a-z-]+\.md\b`)
	named := 0
	err := fs.WalkDir(os.DirFS("../.."), ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if entry.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		switch filepath.Ext(file) {
		case ".go", ".md", ".yaml", ".json", ".txtar":
		default:
			return nil
		}
		text, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(file)))
		if err != nil {
			return err
		}
		for _, name := range page.FindAllString(string(text), -1) {
			named++
			if _, err := os.Stat(filepath.Join("../..", filepath.FromSlash(name))); err != nil {
				t.Errorf("%s names %s, which does not exist", file, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if named == 0 {
		t.Error("no page was named")
	}
}
