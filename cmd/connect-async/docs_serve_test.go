package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

// TestServePage follows docs/serve.md: its files are written, its commands run in one shell in their order beside a
// server, and the server shows the lines that the page shows. Clients of AWS are run in heavy tests.
func TestServePage(t *testing.T) {
	t.Parallel()
	testrun.Need(t, "python3")
	testrun.Need(t, "sh")
	blocks := fencedBlocks(readBytes(t, "../../docs/serve.md"))
	dir := t.TempDir()
	for i, name := range []string{"connect-async.yaml", "app.py", ".env"} { // the first blocks are the files
		writeFiles(t, dir, map[string]string{"shop/" + name: blocks[i].text})
	}
	if blocks[3].text != "connect-async serve shop\n" {
		t.Fatalf("the page does not start the server after its files: %q", blocks[3].text)
	}
	server := startServe(t, filepath.Join(dir, "shop"))
	shell := pageShell(t, dir, server)
	settings := ""
	for _, block := range blocks[4:] {
		switch {
		case block.name == "other-project": // TestServeMessages and the script state-test have them
		case block.language == "text":
			for line := range strings.Lines(block.text) {
				server.find(t, shownLine(line))
			}
		case strings.HasPrefix(block.text, "eval "):
			settings = shell(block.text + "export -p | grep AWS_\n")
		case block.text == "connect-async serve shop --data kept\n":
			server.stop()
			server = startServe(t, filepath.Join(dir, "shop"), "--data", filepath.Join(dir, "kept"))
			server.endpoint(t, "SFN")
		case block.language == "python" && clientsRun(t, "python3", "-c", "import boto3"):
			shell(settings + "python3 - <<'END'\n" + block.text + "END\n")
		case block.language == "sh" && (!strings.HasPrefix(block.text, "aws ") || clientsRun(t, "aws", "--version")):
			shell(settings + block.text)
		}
	}
}

// clientsRun reports whether a client of AWS is to be run, and can be.
func clientsRun(t *testing.T, client ...string) bool {
	return testrun.IsHeavy() && testrun.Command(t, client[0], client[1:]...).Run() == nil
}

// pageShell runs commands of a page in a folder. The server has other ports than the page says.
func pageShell(t *testing.T, dir string, server *watched) func(commands string) (out string) {
	t.Helper()
	ports := regexp.MustCompile(`--port \d+ --lambda-port \d+`).FindString(server.find(t, `(--export .*)\)"\n`))
	wrapper := "#!/bin/sh\n[ \"$2\" = --export ] && set -- \"$@\" " + ports + "\nexec connect-async-process \"$@\"\n"
	bin := scripts(t, map[string]string{"connect-async": wrapper})
	return func(commands string) string {
		cmd := testrun.Command(t, "sh", "-ec", commands)
		cmd.Dir = dir
		cmd.Env = append(withoutAWS(os.Environ()), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", commands, err, out) // the server will not show what is waited for next
		}
		return string(out)
	}
}

// shownLine is a pattern for a line that the server prints: times differ from one run to the next.
func shownLine(line string) string {
	pattern := regexp.QuoteMeta(strings.TrimRight(line, "\n"))
	pattern = regexp.MustCompile(`\d\d:\d\d:\d\d`).ReplaceAllString(pattern, `\d\d:\d\d:\d\d`)
	pattern = regexp.MustCompile(` +\d+\\\.\d s`).ReplaceAllString(pattern, ` +\d+\.\d s`)
	return "(?m)^" + pattern + "$"
}
