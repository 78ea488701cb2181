package main

import (
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

const installPage = "../../docs/install.md"

// TestInstallPageNamesTheArchives compares the table of docs/install.md with what release.go makes.
func TestInstallPageNamesTheArchives(t *testing.T) {
	targets := regexp.MustCompile(`(?m)^\tconst all = "(.*)"$`).FindSubmatch(readBytes(t, "../../release.go"))
	if targets == nil {
		t.Fatal("release.go does not say which systems it makes archives for")
	}
	var made []string
	for _, target := range strings.Split(string(targets[1]), ",") {
		ending := ".tar.gz"
		if strings.HasPrefix(target, "windows/") {
			ending = ".zip"
		}
		made = append(made, "connect-async-"+strings.ReplaceAll(target, "/", "-")+ending)
	}
	var named []string
	for _, m := range regexp.MustCompile("(?m)^\\| .* \\| `(connect-async-.*)` \\|$").FindAllSubmatch(
		readBytes(t, installPage), -1) {
		named = append(named, string(m[1]))
	}
	slices.Sort(made)
	slices.Sort(named)
	if !slices.Equal(made, named) {
		t.Errorf("the page names %v, release.go makes %v", named, made)
	}
}

// followInstallPage runs the commands of docs/install.md for this system, in one shell and in their order, in a folder
// with the archive and the checksums. Those for other systems are not run.
func followInstallPage(t *testing.T, dist string) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(dist)); err != nil {
		t.Fatal(err)
	}
	systems := map[string]string{"linux": "sha256sum ", "darwin": "shasum "}
	script := ""
	for _, block := range fencedBlocks(readBytes(t, installPage), "sh") {
		system := ""
		for name, checks := range systems {
			if strings.HasPrefix(block.text, checks) {
				system = name
			}
		}
		if system == "" || system == runtime.GOOS {
			script += block.text
		}
	}
	script = regexp.MustCompile(`connect-async-(linux|darwin)-(amd64|arm64)`).ReplaceAllString(script, releaseName)
	cmd := testrun.Command(t, "sh", "-e")
	cmd.Stdin = strings.NewReader(script)
	cmd.Dir = dir
	programs := []string{"sh", "tar", "gzip", "sha256sum", "python3"}
	if runtime.GOOS == "darwin" {
		programs = []string{"sh", "tar", "gzip", "shasum", "xattr", "python3"}
	}
	cmd.Env = []string{"PATH=" + pathWithoutGo(t, programs...), "HOME=" + dir}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"Your balance is 42.10 dollars."`) {
		t.Errorf("%v\n%s\n%s", err, script, out)
	}
}
