package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/connect-async/connect-async/internal/journal"
	"github.com/connect-async/connect-async/internal/local"
	"github.com/connect-async/connect-async/internal/testrun"
)

func open(t *testing.T, folder string) *journal.File {
	t.Helper()
	f, err := journal.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func commit(t *testing.T, f *journal.File, changes ...local.Change) {
	t.Helper()
	if err := f.Commit(changes); err != nil {
		t.Fatal(err)
	}
}

func put(space local.Space, key, value string) local.Change {
	return local.Change{Space: space, Key: key, Value: []byte(value)}
}

// values is what a journal holds in a space, in order.
func values(f *journal.File, space local.Space, prefix string) (list []string, err error) {
	err = f.Each(space, prefix, func(key string, value []byte) error {
		list = append(list, key+"="+string(value))
		return nil
	})
	return list, err
}

func expect(t *testing.T, f *journal.File, space local.Space, prefix string, want ...string) {
	t.Helper()
	if got, err := values(f, space, prefix); err != nil || !slices.Equal(got, want) {
		t.Errorf("%s %q: got %v, want %v (%v)", space, prefix, got, want, err)
	}
}

func TestFileKeepsWhatWasCommitted(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "data")
	f := open(t, folder)
	expect(t, f, "a", "")
	commit(t, f, put("a", "x/2", "two"), put("a", "x/1", "one"), put("a", "y/1", "other"), put("b", "x/1", "else"))
	commit(t, f, put("a", "x/1", "changed"), local.Change{Space: "a", Key: "x/2"}, local.Change{Space: "c", Key: "-"})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f = open(t, folder)
	defer f.Close()
	expect(t, f, "a", "", "x/1=changed", "y/1=other")
	expect(t, f, "a", "x/", "x/1=changed")
	expect(t, f, "b", "", "x/1=else")
	expect(t, f, "c", "")
	_, err := journal.Open(folder)
	if found, ok := errors.AsType[*journal.Error](err); !ok || !errors.Is(err, journal.ErrInUse) ||
		found.File != filepath.Join(folder, journal.FileName) {
		t.Errorf("opened twice: %v", err)
	}
}

// TestCommitIsWhole checks that nothing of a commit is kept when a part of it is refused.
func TestCommitIsWhole(t *testing.T) {
	f := open(t, t.TempDir())
	defer f.Close()
	if err := f.Commit([]local.Change{put("a", "k", "v"), put("a", "", "a key is needed")}); err == nil {
		t.Fatal("a commit without a key was accepted")
	}
	expect(t, f, "a", "")
}

// TestOtherFilesAreRefused opens what is not a journal, or not one of this version, and checks that it stays as it is.
func TestOtherFilesAreRefused(t *testing.T) {
	foreign := func(bucket, key, value string) func(path string) error {
		return func(path string) error {
			db, err := bbolt.Open(path, 0o600, nil)
			if err != nil {
				return err
			}
			err = db.Update(func(tx *bbolt.Tx) error {
				b, err := tx.CreateBucket([]byte(bucket))
				return errors.Join(err, b.Put([]byte(key), []byte(value)))
			})
			return errors.Join(err, db.Close())
		}
	}
	text := func(text string) func(path string) error {
		return func(path string) error { return os.WriteFile(path, []byte(text), 0o600) }
	}
	for name, c := range map[string]struct {
		write func(path string) error
		want  error
	}{
		"empty":           {write: text(""), want: journal.ErrDamaged},
		"text":            {write: text("hello"), want: journal.ErrDamaged},
		"long text":       {write: text(strings.Repeat("hello ", 10_000)), want: journal.ErrDamaged},
		"another program": {write: foreign("users", "a", "b"), want: journal.ErrFormat},
		"a later version": {write: foreign("about", "format", "connect-async account 2"), want: journal.ErrFormat},
	} {
		folder := t.TempDir()
		path := filepath.Join(folder, journal.FileName)
		if err := c.write(path); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(path)
		if _, err := journal.Open(folder); !errors.Is(err, c.want) || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		after, _ := os.ReadFile(path)
		entries, _ := os.ReadDir(folder)
		if !bytes.Equal(before, after) || len(entries) != 1 {
			t.Errorf("%s: the folder was changed: %v", name, entries)
		}
	}
}

// damaged is a file with known content, and that content.
func damaged(t *testing.T) (path string, whole []byte, content map[local.Space][]string) {
	folder := t.TempDir()
	f := open(t, folder)
	for i := range 40 {
		var changes []local.Change
		for k := range 20 {
			space := local.Space(fmt.Sprintf("space%d", k%3))
			changes = append(changes, put(space, fmt.Sprintf("%03d/%02d", i, k), strings.Repeat("value ", (i+k)%17)))
		}
		commit(t, f, changes...)
	}
	content = map[local.Space][]string{}
	for _, space := range []local.Space{"space0", "space1", "space2"} {
		content[space], _ = values(f, space, "")
	}
	commit(t, f) // so that both of bbolt's first pages lead to the same content
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(folder, journal.FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, whole, content
}

// TestDamageIsNoticed damages a file at random: either it is refused and left as it is, or the damage is where nothing
// is, and all content is as it was.
func TestDamageIsNoticed(t *testing.T) {
	path, whole, content := damaged(t)
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	n := testrun.Count(t, 100, 5_000)
	for range n {
		bad := bytes.Clone(whole)
		what := damage(random, &bad)
		if bytes.Equal(bad, whole) {
			continue
		}
		_ = os.Remove(path) // whose lock the one before may have left
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := journal.Open(filepath.Dir(path))
		if err != nil {
			refused++
			explained := errors.Is(err, journal.ErrDamaged) || errors.Is(err, journal.ErrFormat)
			if after, _ := os.ReadFile(path); !explained || !bytes.Equal(after, bad) {
				t.Fatalf("%s: %v", what, err)
			}
			continue
		}
		for _, space := range slices.Sorted(maps.Keys(content)) {
			if got, err := values(f, space, ""); err != nil || !slices.Equal(got, content[space]) {
				t.Fatalf("%s: not noticed (%v)", what, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d of %d damaged files were refused", refused, n)
	if refused < n/4 {
		t.Errorf("only %d of %d damaged files were refused", refused, n)
	}
}

// damage damages a file in one of several ways and says how.
func damage(random *rand.Rand, file *[]byte) string {
	text := *file
	at := random.IntN(len(text))
	switch random.IntN(4) {
	case 0:
		*file = text[:at]
		return fmt.Sprintf("cut off at %d", at)
	case 1:
		text[at] ^= 1 << random.IntN(8)
		return fmt.Sprintf("a bit at %d", at)
	case 2:
		end := min(at+1+random.IntN(5000), len(text))
		clear(text[at:end])
		return fmt.Sprintf("zeros from %d to %d", at, end)
	}
	from := random.IntN(len(text))
	copy(text[at:], bytes.Clone(text[from:min(from+4096, len(text))]))
	return fmt.Sprintf("a page of %d at %d", from, at)
}
