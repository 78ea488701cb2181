package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
)

// brokenFiles are files of which nothing can be made, with what is said of each.
var brokenFiles = []struct{ name, content, want string }{
	{"missing.json", "", `missing.json: error: the file cannot be read: .+ \[unreadable\]`},
	{"folder", "", `folder: error: the file cannot be read: .+ \[unreadable\]`},
	{"empty.json", "", `empty.json:1:1: error: the JSON document ends too early \[syntax\]`},
	{"wrong.json", `{"a":`, `wrong.json:1:6: error: the JSON document ends too early \[syntax\]`},
	{"wrong.yaml", "a: [1\nb: }\n", `wrong.yaml:2:1: error: .+ \[syntax\]`},
	{"binary.json", "ab\xff\x00", `binary.json:1:3: error: the text is not UTF-8 \[syntax\]`},
	{"binary.yaml", "ab\xff\x00", `binary.yaml:1:3: error: the text is not UTF-8 \[syntax\]`},
}

// inBrokenFolder makes a folder with the broken files and a project that is sound, and enters it.
func inBrokenFolder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	files := map[string]string{
		"project/connect-async.yaml": "name: test\njobs: {quick: {steps: [quick]}}\n" +
			"functions: {quick: {arn: \"arn:aws:lambda:us-east-1:111122223333:function:quick\"}}\n" +
			"flows: [{file: flow.json}]\n",
		"project/flow.json": `{"Version": "2019-10-30", "StartAction": "bye", "Actions": [
			{"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}`,
	}
	for _, f := range brokenFiles {
		if f.name != "missing.json" && f.name != "folder" {
			files[f.name] = f.content
		}
	}
	for _, dir := range []string{"folder", "project"} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range files {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestBrokenFiles gives every verb files that it cannot read. Each is reported once, with a code and the place, and the
// exit code is 2.
func TestBrokenFiles(t *testing.T) {
	inBrokenFolder(t)
	for _, command := range []string{
		"call FILE --fast",
		"call project --fast --flow FILE",
		"call project --fast --scenario FILE",
		"call project --fast --state-machine FILE",
		"cost --prices FILE",
		"diff FILE",
		"diff FILE project/flow.json",
		"diff project/flow.json FILE",
		"draw FILE",
		"export terraform FILE --out out",
		"export testcase FILE",
		"fmt FILE",
		"invoke quick --dir FILE",
		"invoke quick --dir project --event FILE",
		"lint FILE",
		"serve FILE --port 0 --lambda-port 0",
		"test FILE",
		"verify FILE",
		"verify project --event FILE",
	} {
		for _, file := range brokenFiles {
			if !applies(command, file.name) {
				continue
			}
			var out bytes.Buffer
			args := strings.Fields(strings.Replace(command, "FILE", file.name, 1))
			code := run(t.Context(), args, plainTerminal(&out, &out))
			line := regexp.MustCompile("(?m)^" + wanted(command, file.name, file.want) + "$")
			found := line.FindAllString(out.String(), -1)
			if code != exitUsage || len(found) != 1 || strings.Count(out.String(), "error:") != 1 {
				t.Errorf("%s: exit code %d\n%s", strings.Join(args, " "), code, out.String())
			}
		}
	}
}

// applies reports whether a verb says of a file what the others do. A definition, and what fmt formats, is JSON
// whatever its name; folders are searched, and YAML files too, since flows may be anywhere in them.
func applies(command, file string) bool {
	yaml := strings.HasSuffix(file, ".yaml")
	switch {
	case strings.HasPrefix(command, "fmt"):
		return file != "folder" && !yaml
	case strings.HasPrefix(command, "lint"):
		return file != "folder" && !yaml
	case strings.HasPrefix(command, "test"):
		return file != "folder"
	case strings.Contains(command, "--state-machine"):
		return !yaml
	}
	return true
}

// wanted is what is said of a file; where a project is named, a folder means the project file in it.
func wanted(command, file, want string) string {
	verb, _, _ := strings.Cut(command, " FILE")
	names := regexp.MustCompile(`^(call|verify|serve|export terraform|invoke quick --dir)$`).MatchString(verb)
	if names && (file == "folder" || file == "missing.json") {
		return strings.Replace(want, file+":", file+".connect-async.yaml:", 1)
	}
	return want
}
