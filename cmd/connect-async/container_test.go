package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

// instruction is one of a container file.
type instruction struct{ word, rest string }

// containerFile reads integrations/Containerfile.
func containerFile(t *testing.T) (list []instruction) {
	t.Helper()
	text := strings.ReplaceAll(string(readBytes(t, integrations+"Containerfile")), "\\\n", "")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		list = append(list, instruction{word: word, rest: strings.TrimSpace(rest)})
	}
	return list
}

// TestContainerFile checks what can be checked of the container file without a container: its instructions, that its
// Go is the module's, and that it has what functions need. A heavy test runs the commands that make the release in it.
func TestContainerFile(t *testing.T) {
	known := []string{"FROM", "WORKDIR", "COPY", "RUN", "CMD"}
	all := ""
	for _, i := range containerFile(t) {
		all += i.word + " " + i.rest + "\n"
		if !slices.Contains(known, i.word) || i.rest == "" {
			t.Errorf("unexpected instruction: %s %s", i.word, i.rest)
		}
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(readBytes(t, "../../go.mod"))
	for _, want := range []string{
		"FROM docker.io/library/golang:" + string(version[1]) + " AS release\n", "COPY --from=release /release ",
		" nodejs ", " python3 ", " ca-certificates ", " /usr/local/bin/connect-async\n", `CMD ["connect-async"`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the container file does not have %q:\n%s", want, all)
		}
	}
}

// checkContainerRelease runs the commands of the container file that make and unpack the release, with folders of their
// own. The archive has the same bytes as another of the same source.
func checkContainerRelease(t *testing.T, archive []byte) {
	if runtime.GOOS != "linux" {
		t.Skip("the container file makes the release for Linux")
	}
	root, list := t.TempDir(), containerFile(t)
	last := slices.IndexFunc(list[1:], func(i instruction) bool { return i.word == "FROM" }) + 1
	for _, i := range list[:last] {
		if i.word != "RUN" {
			continue
		}
		script := regexp.MustCompile(`/(dist|release)\b`).ReplaceAllString(i.rest, root+"/$1")
		cmd := testrun.Command(t, "sh", "-c", script)
		cmd.Dir = filepath.Join("..", "..")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
	}
	if !bytes.Equal(archive, readBytes(t, filepath.Join(root, "dist", releaseName+".tar.gz"))) {
		t.Error("two releases of the same source differ")
	}
	info, err := os.Stat(filepath.Join(root, "release", "connect-async"))
	if err != nil || info.Mode()&0o111 == 0 {
		t.Errorf("the command cannot be run: %v (%v)", info, err)
	}
}
