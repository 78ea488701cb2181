package handlers_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/connect-async/connect-async/internal/handlers"
)

// code is the code of functions in every language.
var code = fstest.MapFS{
	"app.py":            {Data: []byte("# main is elsewhere\ndef handler(event, context):\n    return {}\n")},
	"star.py":           {Data: []byte("from other import *\n")},
	"src/orders/run.py": {Data: []byte("main = print\n")},
	"package/__init__.py": {Data: []byte(
		"class Tool:\n    pass\n")},
	"index.mjs":    {Data: []byte("export const handler = async () => ({});\n")},
	"dist/main.js": {Data: []byte("module.exports = {orders: {run: () => 1}};\n")},
	"main.go":      {Data: []byte("package code\n")},
	"run":          {Data: []byte("#!/bin/sh\n"), Mode: 0o600},
}

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		file, runtime, handler string
		message, remedy        string // parts; none where the function can run
	}{
		{"", "python3.13", "app.handler", "", ""},
		{"app.py", "python3.13", "app.handler", "", ""},
		{"app.py", "python3.13", "", "app.py defines no lambda_handler", "The folder has app.handler, index.handler."},
		{"", "python3.13", "", "needs the file lambda_function.py, which does not exist", "The folder has app.handler"},
		{"", "python3.13", "app.main", "app.py defines no main", "Correct handler."},
		{"", "python3.13", "star.main", "", ""},
		{"", "python3.13", "src/orders/run.main", "", ""},
		{"", "python3.13", "src.orders.run.main", "", ""},
		{"", "python3.13", "package.Tool", "", ""},
		{"", "python3.13", "app", `"app" is not a handler`, "Write FILE.FUNCTION"},
		{"", "python3.13", "../app.handler", "which does not exist", "Correct handler."},
		{"", "python3.13", "index.handler", "the runtime is python3.13, but index.mjs is written for Node",
			"Set runtime: nodejs22.x"},
		{"", "nodejs22.x", "", "", ""},
		{"", "nodejs22.x", "dist/main.orders.run", "", ""},
		{"", "nodejs22.x", "dist/main.other", "dist/main.js defines no other", "Correct handler."},
		{"", "nodejs22", "index.handler", `"nodejs22" is not the name of a runtime`, "nodejs22.x"},
		{"", "ndoejs22.x", "index.handler", `"ndoejs22.x" is not a runtime of Lambda`, "nodejs22.x"},
		{"", "java21", "", "functions in java21 do not run here", "real: false"},
		{"", "go", "", "the Go package is not a program", "package main"},
		{"", "provided.al2023", "", "the Go package is not a program", "package main"},
		{"run", "provided.al2023", "", "the file run is not executable", "chmod +x"},
		{"code.zip", "python3.13", "app.handler", "a ZIP archive is not run", "Unpack it"},
	} {
		p, ok := handlers.Check(code, test.file, test.runtime, test.handler)
		if ok != (test.message == "") || !strings.Contains(p.Message, test.message) ||
			!strings.Contains(p.Remedy, test.remedy) {
			t.Errorf("%s %s: %+v, expected %q and %q", test.runtime, test.handler, p, test.message, test.remedy)
		}
	}
	empty := map[string]string{"provided.al2023": "bootstrap", "python3.13": "No function", "go": "Go file"}
	for runtime, want := range empty {
		p, ok := handlers.Check(fstest.MapFS{}, "", runtime, "")
		if ok || !strings.Contains(p.Message+p.Remedy, want) {
			t.Errorf("%s in an empty folder: %+v", runtime, p)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		runtime, handler, module, function string
	}{
		{"python3.13", "a.b.c", "a/b", "c"}, {"nodejs22.x", "a.b.c", "a", "b.c"},
		{"nodejs22.x", "a.b/c.d", "a.b/c", "d"},
		{"python3.13", "a", "", ""}, {"python3.13", ".a", "", ""}, {"python3.13", "a.", "", ""},
		{"nodejs22.x", "", "", ""},
	} {
		module, function, ok := handlers.Split(test.runtime, test.handler)
		if module != test.module || function != test.function || ok != (test.function != "") {
			t.Errorf("%s: %q, %q, %v", test.handler, module, function, ok)
		}
	}
}
