package main

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/instancetest"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/testrun"
	"github.com/connect-async/connect-async/internal/workspace"
)

// shopProject is a project with a managed flow that is generated.
func shopProject(name, says string) string {
	return "name: " + name + "\njobs: {order: {steps: [order]}}\n" +
		"functions: {order: {arn: \"arn:aws:lambda:eu-west-2:888866667777:function:order\"}}\n" +
		"flows: [{file: flow.json, type: inbound, managed: true, generate: {say: '" + says + "'}}]\n"
}

// addable is a project whose file can be extended.
const addable = `name: shop
jobs:
  order: {steps: [order]}
functions:
  order: {arn: "arn:aws:lambda:eu-west-2:888866667777:function:order"}
flows:
  - {file: flow.json, type: inbound, managed: true}
`

// shop is a folder in which a verb has run, and what changes before it runs again.
type shop struct {
	args   []string
	first  map[string]string // files before the first run, none when the verb did not run before
	second map[string]string // files that are changed before it runs again
}

// theirs is a file of the user's in every folder that is written to.
const theirs = "theirs.txt"

var shops = map[string]shop{
	"export terraform":      exportedShop("terraform"),
	"export cloudformation": exportedShop("cloudformation"),
	"export cdk":            exportedShop("cdk"),
	"export pulumi":         exportedShop("pulumi"),
	"generate": {
		args:   []string{"generate", "."},
		first:  map[string]string{"connect-async.yaml": shopProject("shop", "One."), theirs: "x"},
		second: map[string]string{"connect-async.yaml": shopProject("shop", "Two.")},
	},
	"add": {
		args: []string{"add", "job", "other", ".", "--function",
			"arn:aws:lambda:eu-west-2:888866667777:function:other"},
		second: map[string]string{"connect-async.yaml": addable, "scenario.yaml": "name: A call\nfunctions: {}\n",
			"flow.json": soundFlow("${async}"), theirs: "x"},
	},
	"init": {
		args: []string{"init", ".", "--name", "shop", "--function",
			"arn:aws:lambda:eu-west-2:888866667777:function:order"},
		second: map[string]string{theirs: "x", ".gitignore": "mine\nnode_modules/\n"},
	},
	"init --flow": {
		args:   []string{"init", ".", "--name", "shop", "--flow", "ivr.json"},
		second: map[string]string{theirs: "x", ".gitignore": "mine\n", "ivr.json": soundFlow(orderARN)},
	},
	"init --flow as module": {
		args: []string{"init", "out", "--name", "shop", "--flow", "ivr.json", "--as", "module"},
		second: map[string]string{filepath.Join("out", theirs): "x", "ivr.json": soundFlow(orderARN),
			"ivr.json" + workspace.OriginalSuffix: "another original"},
	},
	"init --flow in a project": {
		args:  []string{"init", ".", "--name", "shop", "--flow", "ivr.json", "--action", "go"},
		first: map[string]string{"ivr.json": soundFlow(orderARN)},
		second: map[string]string{theirs: "x",
			"ivr.json": soundFlow("arn:aws:lambda:eu-west-2:888866667777:function:other")},
	},
	"init --flow of an answer": {
		args: []string{"init", ".", "--name", "shop", "--flow", "answer.json"},
		second: map[string]string{theirs: "x", "answer.json": `{"ContactFlow": {"Type": "CONTACT_FLOW", "Content": ` +
			strconv.Quote(compact(soundFlow(orderARN))) + `}}`},
	},
}

const orderARN = "arn:aws:lambda:eu-west-2:888866667777:function:order"

// compact is a text in one line.
func compact(text string) string { return strings.NewReplacer("\n", "", "\t", "").Replace(text) }

// exportedShop is a project that was exported, is then called something else, and has one job less.
func exportedShop(tool string) shop {
	flow := soundFlow("${async}")
	two := strings.Replace(shopProject("shop", ""), "{order: {steps: [order]}}",
		"{order: {steps: [order]}, other: {steps: [order]}}", 1)
	plain := func(text string) string { return strings.Replace(text, ", generate: {say: ''}", "", 1) }
	return shop{
		args: []string{"export", tool, ".", "--out", "out"},
		first: map[string]string{"connect-async.yaml": plain(two), "flow.json": flow,
			filepath.Join("out", theirs): "x"},
		second: map[string]string{"connect-async.yaml": plain(shopProject("store", ""))},
	}
}

// TestKilledVerbs kills each verb that writes several files at each of its changes of the disk: every file is as it was
// or as it is to be, files of the user's stay, and the same command completes what was begun. Quick runs kill it in a
// few places.
func TestKilledVerbs(t *testing.T) {
	step := testrun.Count(t, 29, 1)
	for name, s := range shops {
		t.Run(name, func(t *testing.T) {
			before, after := s.course(t)
			n := 0
			for killed := exitFailed; killed != exitGood; n += step {
				t.Chdir(t.TempDir())
				writeFiles(t, ".", before)
				killed = runKilled(t, s.args, n)
				now := visible(contents(t, "."))
				checkFiles(t, n, now, before, after)
				if s.once() && maps.Equal(now, visible(after)) {
					continue // the job is there, and is not added twice
				}
				if code := runKilled(t, s.args, -1); code != exitGood {
					t.Fatalf("killed at change %d, it cannot be run again: exit code %d", n, code)
				}
				if diff := cmp.Diff(after, contents(t, ".")); diff != "" {
					t.Fatalf("killed at change %d, the next run leaves\n%s", n, diff)
				}
			}
			if n == step {
				t.Error("it was never killed")
			}
		})
	}
}

// once reports whether the verb refuses to do again what it has done: what it adds or adopts is there then.
func (s shop) once() bool { return s.args[0] == "add" || slices.Contains(s.args, "--flow") }

// course runs the verb without killing it, and returns all files before and after it runs for the second time.
func (s shop) course(t *testing.T) (before, after map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	writeFiles(t, ".", s.first)
	if s.first != nil && runKilled(t, s.args, -1) != exitGood {
		t.Fatal("the first run failed")
	}
	writeFiles(t, ".", s.second)
	before = contents(t, ".")
	if runKilled(t, s.args, -1) != exitGood {
		t.Fatal("the second run failed")
	}
	return before, contents(t, ".")
}

// runKilled runs the program and lets n changes of the disk happen, all of them when n is negative. A file that is
// being written then is left half.
func runKilled(t *testing.T, args []string, n int) int {
	t.Helper()
	var out bytes.Buffer
	terminal := plainTerminal(&out, &out)
	terminal.clock = &instancetest.Clock{}
	if n >= 0 {
		terminal.disk = manifest.Disk{Before: func(path string) error {
			if n--; n >= 0 {
				return nil
			}
			if n == -1 && strings.Contains(path, ".connect-async-new"+string(filepath.Separator)) {
				_ = os.WriteFile(path, []byte("ha"), 0o600)
			}
			return errors.New("killed")
		}}
	}
	code := run(t.Context(), args, terminal)
	if n < -1 && code == exitGood {
		t.Error("what could not be written was not said")
	}
	return code
}

// visible are files without the manifest and what is being staged.
func visible(files map[string]string) map[string]string {
	files = maps.Clone(files)
	maps.DeleteFunc(files, func(name, _ string) bool { return strings.Contains(name, ".connect-async-") })
	return files
}

func checkFiles(t *testing.T, n int, files, before, after map[string]string) {
	t.Helper()
	for name, text := range files {
		was, isOld := before[name]
		is, isNew := after[name]
		if !(isOld && text == was) && !(isNew && text == is) {
			t.Errorf("killed at change %d, %s is neither what it was nor what it is to be", n, name)
		}
	}
	for name := range before {
		_, stays := after[name]
		if _, there := files[name]; stays && !there && !strings.Contains(name, ".connect-async-") {
			t.Errorf("killed at change %d, %s is lost", n, name)
		}
	}
}
