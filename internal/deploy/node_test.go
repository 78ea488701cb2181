package deploy_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/testrun"
)

// nodeModules returns the folder node_modules with what testdata/node locks. A heavy run installs it once into the
// user's cache, under the hash of the lock file. Without Node or its packages a test is skipped, but never with
// CI=true.
func nodeModules(t *testing.T) string {
	t.Helper()
	folder, err := installNode()
	if err != nil {
		testrun.Missing(t, fmt.Sprintf("Node with the packages of testdata/node (%v)", err))
	}
	return folder
}

var installNode = sync.OnceValues(func() (string, error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", err
		}
	}
	hash := sha256.New()
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", "node", name))
		if err != nil {
			return "", err
		}
		hash.Write(text)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	root := filepath.Join(cache, "connect-async")
	installed := filepath.Join(root, "node-"+hex.EncodeToString(hash.Sum(nil))[:16])
	if _, err := os.Stat(installed); err != nil {
		if !testrun.IsHeavy() {
			return "", fmt.Errorf("not installed yet, which a test run with %s=1 does", testrun.HeavySwitch)
		}
		if err := installNodeInto(root, installed); err != nil {
			return "", err
		}
	}
	return filepath.Join(installed, "node_modules"), nil
})

// installNodeInto installs beside the place and renames, so that a place that is there is complete.
func installNodeInto(root, installed string) error {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return err
	}
	beside, err := os.MkdirTemp(root, "installing-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(beside)
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", "node", name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(beside, name), text, 0o600); err != nil {
			return err
		}
	}
	cmd := exec.Command("npm", "ci", "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund")
	cmd.Dir, cmd.WaitDelay = beside, time.Minute
	if text, err := cmd.CombinedOutput(); err != nil {
		return errors.New("npm ci: " + string(text))
	}
	if err := os.Rename(beside, installed); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

// linkModules gives an export its node_modules and returns the compiler's folder.
func linkModules(t *testing.T, dir string) string {
	t.Helper()
	modules := nodeModules(t)
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(modules, "typescript")
}

// compile compiles TypeScript files of an export in place, without checking their types.
func compile(t *testing.T, dir string, files ...string) {
	t.Helper()
	compiler := linkModules(t, dir)
	script, err := filepath.Abs(filepath.Join("testdata", "node", "transpile.js"))
	if err != nil {
		t.Fatal(err)
	}
	node(t, dir, nil, append([]string{script, compiler}, files...)...)
}

// once returns what Node makes of an export. It is kept in the user's cache under the hash of everything that it
// depends on, since compilers take seconds and answer the same for the same bytes. In a heavy run it is always made
// again.
func once(t *testing.T, task, dir, input string, produce func() []byte) []byte {
	t.Helper()
	modules := nodeModules(t)
	hash := sha256.New()
	fmt.Fprintln(hash, task, modules, input)
	for _, root := range []string{dir, filepath.Join("testdata", "node")} {
		if err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(filepath.Join(root, name))
			fmt.Fprintln(hash, name, len(text))
			hash.Write(text)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	kept := filepath.Join(filepath.Dir(modules), "kept-"+hex.EncodeToString(hash.Sum(nil)))
	if text, err := os.ReadFile(kept); err == nil && !testrun.IsHeavy() {
		return text
	}
	text := produce()
	beside := fmt.Sprintf("%s.%d", kept, os.Getpid())
	if err := os.WriteFile(beside, text, 0o600); err == nil {
		_ = os.Rename(beside, kept) // if it cannot be kept, it is made again
	}
	return text
}

// node runs Node in a folder and returns its standard output.
func node(t *testing.T, dir string, env []string, arguments ...string) []byte {
	t.Helper()
	cmd := testrun.Command(t, "node", arguments...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			t.Fatalf("node %v: %v\n%s%s", arguments, err, out, failed.Stderr)
		}
		t.Fatal(err)
	}
	return out
}
