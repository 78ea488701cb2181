package scaffold_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scaffold"
)

// entry is a file of an archive.
type entry struct {
	name, content string
	mode          fs.FileMode
}

// archive writes a ZIP archive and returns its path.
func archive(t *testing.T, entries ...entry) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		header.SetMode(e.mode | 0o644)
		w, err := z.CreateHeader(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "look-up.zip")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestArchives unpacks what the Lambda console gives: a package with the code at its top, one with it in src, and an
// executable.
func TestArchives(t *testing.T) {
	const python = "def lambda_handler(event, context):\n    return {'day': event['Details']['Parameters']['order']}\n"
	for _, test := range []struct {
		entries             []entry
		code, handler, file string
	}{
		{[]entry{{name: "lambda_function.py", content: python}, {name: "requests/__init__.py"}, {name: "empty/"},
			{name: "node_modules/.bin/tool", mode: fs.ModeSymlink}, {name: "__MACOSX/._x"}},
			"look-up", "lambda_function.lambda_handler", "look-up/requests/__init__.py"},
		{[]entry{{name: "src/app.py", content: python}}, "look-up/src", "app.lambda_handler", "look-up/src/app.py"},
		{[]entry{{name: "bootstrap", content: "#!/bin/sh", mode: 0o111}}, "look-up", "", "look-up/bootstrap"},
	} {
		dir := t.TempDir()
		files, err := scaffold.Project{Dir: dir, Name: "shop",
			Wrapped: scaffold.Wrapped{Function: archive(t, test.entries...)}}.Files()
		if err != nil {
			t.Fatal(err)
		}
		unpacked := false
		for _, f := range files {
			write(t, dir, f.Name, f.Content)
			unpacked = unpacked || f.Name == test.file
			if f.Executable != (f.Name == "look-up/bootstrap") {
				t.Errorf("%s: executable %v", f.Name, f.Executable)
			}
		}
		p, found := project.Read(dir)
		if p == nil || !unpacked {
			t.Fatal(found, unpacked)
		}
		f := p.Functions[0]
		if f.Code != filepath.Join(dir, filepath.FromSlash(test.code)) || f.Handler != test.handler {
			t.Errorf("%+v", f)
		}
	}
}

// TestHostileArchives refuses what would write elsewhere, or too much.
func TestHostileArchives(t *testing.T) {
	for want, entries := range map[string][]entry{
		"outside of the folder":         {{name: "../app.py"}},
		`the folder: "/etc/app.py"`:     {{name: "/etc/app.py"}},
		`the folder: "a\\..\\..\\x.py"`: {{name: `a\..\..\x.py`}},
		`the folder: "C:/app.py"`:       {{name: "C:/app.py"}},
		"a link or a device":            {{name: "app.py", mode: fs.ModeSymlink, content: "/etc/passwd"}},
		"twice":                         {{name: "app.py"}, {name: "app.py"}},
		"as a file and as a folder":     {{name: "a"}, {name: "a/app.py"}},
		"is empty":                      {},
		"no function was recognised":    {{name: "notes.txt"}},
	} {
		_, err := scaffold.Project{Dir: t.TempDir(),
			Wrapped: scaffold.Wrapped{Function: archive(t, entries...)}}.Files()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	file := filepath.Join(t.TempDir(), "not.zip")
	if err := os.WriteFile(file, []byte("not an archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := scaffold.Project{Dir: t.TempDir(), Wrapped: scaffold.Wrapped{Function: file}}.Files()
	if err == nil || !strings.Contains(err.Error(), "not a ZIP archive") {
		t.Error(err)
	}
}
