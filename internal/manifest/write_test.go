package manifest_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// folder is what a folder holds, by name.
type folder map[string]string

func (f folder) files() []manifest.File {
	var list []manifest.File
	for _, name := range slices.Sorted(maps.Keys(f)) {
		list = append(list, manifest.File{Name: name, Content: []byte(f[name])})
	}
	return list
}

// read reads a folder without the manifest and what is being staged.
func read(t *testing.T, dir string) folder {
	t.Helper()
	f := folder{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(entry.Name(), ".connect-async-") {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		name, _ := filepath.Rel(dir, path)
		if entry.IsDir() {
			if entries, _ := os.ReadDir(path); len(entries) == 0 && path != dir {
				f[filepath.ToSlash(name)+"/"] = ""
			}
			return nil
		}
		text, err := os.ReadFile(path)
		f[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o600))
	if err != nil {
		t.Fatal(err)
	}
}

func export(dir string, replace manifest.Replace) manifest.Writer {
	return manifest.Writer{Dir: dir, By: "export test", Replace: replace, Remove: true}
}

func write(t *testing.T, w manifest.Writer, f folder) {
	t.Helper()
	if _, err := w.Write(f.files()); err != nil {
		t.Fatal(err)
	}
}

// TestWrite: files of an earlier run are replaced and removed, those of others stay.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "out")
	first := folder{"a": "1", "sub/b": "1", "sub/deep/c": "1"}
	write(t, export(dir, manifest.Unedited), first)
	put(t, dir, "theirs.tf", "x")
	second := folder{"a": "2", "d": "1"}
	removed, err := export(dir, manifest.Unedited).Write(second.files())
	if want := []string{"sub/b", "sub/deep/c"}; err != nil || !slices.Equal(removed, want) {
		t.Errorf("removed %v, %v; want %v", removed, err, want)
	}
	if diff := cmp.Diff(folder{"a": "2", "d": "1", "theirs.tf": "x"}, read(t, dir)); diff != "" {
		t.Error(diff)
	}
	if !manifest.IsExport(dir) || manifest.IsExport(filepath.Dir(dir)) {
		t.Error("an export is not known as one")
	}
	w := export(dir, manifest.Unedited)
	w.Disk.Before = func(path string) error { return fmt.Errorf("%s is changed", path) }
	write(t, w, second)
}

// TestWhatIsInTheWay: nothing is written when a file that must not be replaced is in the way, which is named.
func TestWhatIsInTheWay(t *testing.T) {
	for _, test := range []struct {
		change  func(t *testing.T, dir string)
		replace manifest.Replace
		want    string // in the error, "" for none
	}{
		{change: func(*testing.T, string) {}, replace: manifest.Interrupted, want: "already there: "},
		{change: func(*testing.T, string) {}, replace: manifest.Unedited},
		{change: func(t *testing.T, dir string) { put(t, dir, "a", "1 edited") }, replace: manifest.Unedited,
			want: "edited since connect-async wrote it: "},
		{change: func(t *testing.T, dir string) { put(t, dir, "a", "1 edited") }, replace: manifest.Edited},
		{change: func(t *testing.T, dir string) { put(t, dir, "old", "edited") }, replace: manifest.Unedited,
			want: "/old"},
		{change: func(t *testing.T, dir string) { put(t, dir, "old", "edited") }, replace: manifest.Edited},
		{change: func(t *testing.T, dir string) { put(t, dir, "new", "x") }, replace: manifest.Edited,
			want: "did not write"},
		{change: func(t *testing.T, dir string) { put(t, dir, "new", "x") }, replace: manifest.Anything},
		{change: func(t *testing.T, dir string) { put(t, dir, "new", "2") }, replace: manifest.Unedited},
		{change: func(t *testing.T, dir string) { put(t, dir, "new/x", "x") }, replace: manifest.Anything,
			want: "did not write"},
		{change: func(t *testing.T, dir string) { put(t, dir, "a", "1\r\n") }, replace: manifest.Unedited, want: "/a"},
		{change: func(t *testing.T, dir string) { put(t, dir, "lines", "x\r\ny\r\n") }, replace: manifest.Unedited},
		{change: func(t *testing.T, dir string) { put(t, dir, manifest.FileName, "{") }, replace: manifest.Anything,
			want: "cannot be read"},
		{change: func(t *testing.T, dir string) { put(t, dir, manifest.FileName, "{}") }, replace: manifest.Anything,
			want: "cannot be read"},
	} {
		dir := t.TempDir()
		write(t, export(dir, manifest.Unedited), folder{"a": "1", "old": "1", "lines": "x\ny\n"})
		test.change(t, dir)
		before, after := read(t, dir), folder{"a": "2", "new": "2", "lines": "z\n"}
		_, err := export(dir, test.replace).Write(after.files())
		if test.want == "" {
			if diff := cmp.Diff(after, read(t, dir)); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
			continue
		}
		found, ok := errors.AsType[source.Finding](err)
		if !ok || !strings.Contains(found.Error(), test.want) || found.Remedy == "" {
			t.Errorf("%v; want %q", err, test.want)
		}
		if diff := cmp.Diff(before, read(t, dir)); diff != "" {
			t.Errorf("something was written: %s", diff)
		}
	}
}

// TestAppend: lines are appended to a file of the user's, once, and it never becomes ours.
func TestAppend(t *testing.T) {
	for before, want := range map[string]string{
		"": "a\nb\n", "x": "x\na\nb\n", "b\nx\n": "b\nx\na\n", "a\r\nb": "a\r\nb",
	} {
		dir := t.TempDir()
		if before != "" {
			put(t, dir, ".gitignore", before)
		}
		files := []manifest.File{{Name: ".gitignore", Content: []byte("a\nb\n"), Append: true}}
		for range 2 {
			if _, err := export(dir, manifest.Interrupted).Write(files); err != nil {
				t.Fatal(err)
			}
			if got := read(t, dir)[".gitignore"]; got != want {
				t.Errorf("%q becomes %q, want %q", before, got, want)
			}
		}
		if _, err := export(dir, manifest.Unedited).Write(nil); err != nil || read(t, dir)[".gitignore"] != want {
			t.Errorf("%v: it was removed", err)
		}
	}
}

// TestTheirs: a file of the user's that is changed is not ours afterwards.
func TestTheirs(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "project", "mine")
	files := []manifest.File{{Name: "project", Content: []byte("mine, changed"), Theirs: true}}
	if _, err := export(dir, manifest.Interrupted).Write(files); err != nil {
		t.Fatal(err)
	}
	files[0].Theirs = false
	files[0].Content = []byte("other")
	preview, err := export(dir, manifest.Edited).Preview(files)
	if want := []manifest.Conflict{{Name: "project"}}; err != nil || !slices.Equal(preview.Conflicts, want) {
		t.Errorf("%v, %v; want %v", preview.Conflicts, err, want)
	}
	if diff := cmp.Diff(folder{"project": "mine, changed"}, read(t, dir)); diff != "" {
		t.Error(diff)
	}
}

// TestLinksAndPermissions: a link stays one, and what may be executed stays so.
func TestLinksAndPermissions(t *testing.T) {
	dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "real")
	put(t, filepath.Dir(elsewhere), "real", "1")
	if err := os.Symlink(elsewhere, filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	files := []manifest.File{{Name: "link", Content: []byte("2")},
		{Name: "bootstrap", Content: []byte("x"), Executable: true}}
	if _, err := export(dir, manifest.Anything).Write(files); err != nil {
		t.Fatal(err)
	}
	link, err := os.Lstat(filepath.Join(dir, "link"))
	text, _ := os.ReadFile(elsewhere)
	bootstrap, _ := os.Stat(filepath.Join(dir, "bootstrap"))
	if err != nil || link.Mode()&fs.ModeSymlink == 0 || string(text) != "2" || bootstrap.Mode().Perm() != 0o755 {
		t.Errorf("%v, %v, %q, %v", link, err, text, bootstrap.Mode())
	}
}

// TestManifestNamesNothingOutside: what a manifest says about files outside of the folder removes none of them.
func TestManifestNamesNothingOutside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	outside := filepath.Join(filepath.Dir(dir), "mine")
	put(t, filepath.Dir(dir), "mine", "x")
	write(t, export(dir, manifest.Unedited), folder{"a": "1"})
	text, _ := os.ReadFile(filepath.Join(dir, manifest.FileName))
	put(t, dir, manifest.FileName, strings.Replace(string(text), `"a"`, `"../mine"`, 1))
	write(t, export(dir, manifest.Edited), folder{"a": "1"})
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
}

var errKilled = errors.New("killed")

// killAt lets n changes happen and none after them. A write that is killed leaves half of a file.
func killAt(n int) manifest.Disk {
	return manifest.Disk{Before: func(path string) error {
		if n--; n == -1 && strings.Contains(path, "-new"+string(filepath.Separator)) {
			_ = os.WriteFile(path, []byte("ha"), 0o600)
		}
		if n < 0 {
			return errKilled
		}
		return nil
	}}
}

// TestKilled kills a run at each of its changes: every file is as it was or as it is to be, those of others are
// untouched, and the next run completes what was begun.
func TestKilled(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range testrun.Count(t, 1, 60) {
		old, next := someFiles(random), someFiles(random)
		for n := 0; ; n++ {
			dir := filepath.Join(t.TempDir(), "out")
			write(t, export(dir, manifest.Unedited), old)
			put(t, dir, "theirs", "x")
			w := export(dir, manifest.Unedited)
			w.Disk = killAt(n)
			_, err := w.Write(next.files())
			checkKilled(t, read(t, dir), old, next)
			write(t, export(dir, manifest.Unedited), next)
			want := maps.Clone(next)
			want["theirs"] = "x"
			if diff := cmp.Diff(want, read(t, dir)); diff != "" {
				t.Fatalf("killed at change %d, the next run leaves\n%s", n, diff)
			}
			if _, err := os.Stat(filepath.Join(dir, ".connect-async-new")); err == nil {
				t.Fatalf("killed at change %d, the next run leaves the temporary folder", n)
			}
			if err == nil {
				break
			}
		}
	}
}

// someFiles are up to five files of six names, each with one of three contents.
func someFiles(random *rand.Rand) folder {
	f := folder{}
	for _, name := range []string{"a", "b", "sub/a", "sub/deep/b", "other/c", "d"} {
		if random.IntN(6) > 1 {
			f[name] = strings.Repeat(fmt.Sprint(random.IntN(3)), 1+random.IntN(2))
		}
	}
	return f
}

func checkKilled(t *testing.T, got, old, next folder) {
	t.Helper()
	for name, content := range got {
		before, was := old[name]
		after, is := next[name]
		isOld, isNext := was && content == before, is && content == after
		if name != "theirs" && !isOld && !isNext && !strings.HasSuffix(name, "/") {
			t.Errorf("%s is %q, was %q and is to be %q", name, content, before, after)
		}
	}
	for name := range old {
		_, stays := next[name]
		if _, is := got[name]; stays && !is {
			t.Errorf("%s is lost", name)
		}
	}
}
