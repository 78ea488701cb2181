package function_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// loading is the table of what can go wrong while the code is loaded, and of the forms in which a handler may be written.
var loading = []struct {
	name    string
	runtime string
	handler string
	files   []string
	want    string  // JSON; the event is {"a":1}
	fails   failure // a message that ends in … is a beginning
}{
	{"python, in a folder", "python3.13", "app/main.handler", []string{"app/__init__.py", "", "app/main.py", "def handler(e, c): return e"}, `{"a":1}`, failure{}},
	{"python, dotted module", "python3.13", "app.main.handler", []string{"app/__init__.py", "", "app/main.py", "def handler(e, c): return e"}, `{"a":1}`, failure{}},
	{"python, missing module", "python3.13", "app.handler", nil, "", failure{"Runtime.ImportModuleError", "Unable to import module 'app': No module named 'app'"}},
	{"python, missing import", "python3.13", "app.handler", []string{"app.py", "import nothing_of_the_kind"}, "",
		failure{"Runtime.ImportModuleError", "Unable to import module 'app': No module named 'nothing_of_the_kind'"}},
	{"python, missing handler", "python3.13", "app.handler", []string{"app.py", "x = 1"}, "", failure{"Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"}},
	{"python, syntax error", "python3.13", "app.handler", []string{"app.py", "def handler(e, c:"}, "", failure{"Runtime.UserCodeSyntaxError", "Syntax error in module 'app': …"}},
	{"python, malformed handler", "python3.13", "handler", nil, "", failure{"Runtime.MalformedHandlerName", "Bad handler 'handler': not enough values to unpack (expected 2, got 1)"}},
	{"python, built-in module", "python3.13", "time.sleep", nil, "", failure{"Runtime.BuiltInModuleConflict", "Cannot use built-in module time as a handler module"}},
	{"python, exception while loading", "python3.13", "app.handler", []string{"app.py", "1 / 0"}, "", failure{"ZeroDivisionError", "division by zero"}},
	{"python, exit while loading", "python3.13", "app.handler", []string{"app.py", "import sys\nsys.exit(7)"}, "", exitError("exit status 7")},
	{"python, decimals", "python3.13", "app.handler", []string{"app.py", "from decimal import Decimal as D\ndef handler(e, c): return [D('5'), D('1.25'), D('1E2')]"}, `[5,1.25,100]`, failure{}},

	{"node, CommonJS", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = async (e) => e"}, `{"a":1}`, failure{}},
	{"node, CommonJS by extension", "nodejs22.x", "index.handler", []string{"index.cjs", "module.exports = { handler: async (e) => e }"}, `{"a":1}`, failure{}},
	{"node, ES module by extension", "nodejs22.x", "index.handler", []string{"index.mjs", "export const handler = async (e) => e"}, `{"a":1}`, failure{}},
	{"node, ES module by package.json", "nodejs22.x", "index.handler", []string{"package.json", `{"type":"module"}`, "index.js", "export const handler = async (e) => e"}, `{"a":1}`, failure{}},
	{"node, nested name in a folder", "nodejs22.x", "src/app.api.handler", []string{"src/app.js", "exports.api = { handler: async (e) => e }"}, `{"a":1}`, failure{}},
	{"node, top-level await", "nodejs22.x", "index.handler", []string{"index.mjs", "const e = await Promise.resolve(7); export const handler = async () => e"}, `7`, failure{}},
	{"node, callback", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = (e, c, done) => setTimeout(() => done(null, e), 5)"}, `{"a":1}`, failure{}},
	{"node, callback with an error", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = (e, c, done) => done(new TypeError('no'))"}, "", failure{"TypeError", "no"}},
	{"node, callback waits for the event loop", "nodejs22.x", "index.handler",
		[]string{"index.js", "exports.handler = (e, c, done) => { const r = {}; setTimeout(() => { r.late = 1 }, 20); done(null, r) }"}, `{"late":1}`, failure{}},
	{"node, callback does not wait", "nodejs22.x", "index.handler",
		[]string{"index.js", "exports.handler = (e, c, done) => { c.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); done(null, e) }"}, `{"a":1}`, failure{}},
	{"node, callback while the event loop never empties", "nodejs22.x", "index.handler",
		[]string{"index.js", "exports.handler = (e, c, done) => { setInterval(() => {}, 1000); done(null, e) }"}, "", failure{"Sandbox.Timedout", "RequestId: ID Error: Task timed out after 1.00 seconds"}},
	{"node, context.succeed", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = (e, c) => c.succeed(e)"}, `{"a":1}`, failure{}},
	{"node, no answer", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = () => {}"}, `null`, failure{}},
	{"node, undefined", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = async () => {}"}, `null`, failure{}},
	{"node, promise never settled", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = async () => new Promise(() => {})"}, "", failure{"Runtime.NodeJsExit", "The Lambda runtime client detected an unexpected Node.js exit code. …"}},
	{"node, thrown string", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = async () => { throw 'text' }"}, "", failure{"string", "text"}},
	{"node, unhandled rejection", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = () => { Promise.reject(new Error('lost')); return new Promise(() => {}) }"}, "", failure{"Runtime.UnhandledPromiseRejection", "Error: lost"}},
	{"node 24, callback", "nodejs24.x", "index.handler", []string{"index.js", "exports.handler = (e, c, done) => done(null, e)"}, "", failure{"Runtime.CallbackHandlerDeprecated", "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.…"}},
	{"node 24, plain function", "nodejs24.x", "index.handler", []string{"index.js", "exports.handler = (e) => e"}, `{"a":1}`, failure{}},
	{"node 24, result that is no JSON", "nodejs24.x", "index.handler", []string{"index.js", "exports.handler = async () => 1n"}, "", failure{"Runtime.JSONStringifyError", "Unable to stringify response body"}},
	{"node, missing module", "nodejs22.x", "index.handler", nil, "", failure{"Runtime.ImportModuleError", "Error: Cannot find module 'index'\nRequire stack:…"}},
	{"node, missing require", "nodejs22.x", "index.handler", []string{"index.js", "require('nothing-of-the-kind')"}, "", failure{"Runtime.ImportModuleError", "Error: Cannot find module 'nothing-of-the-kind'\nRequire stack:…"}},
	{"node, missing import", "nodejs22.x", "index.handler", []string{"index.mjs", "import 'nothing-of-the-kind'"}, "", failure{"Error", "Cannot find package 'nothing-of-the-kind' imported from …"}},
	{"node, missing handler", "nodejs22.x", "index.handler", []string{"index.js", "exports.other = 1"}, "", failure{"Runtime.HandlerNotFound", "index.handler is undefined or not exported"}},
	{"node, handler that is no function", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = 1"}, "", failure{"Runtime.HandlerNotFound", "index.handler is not a function"}},
	{"node, syntax error", "nodejs22.x", "index.handler", []string{"index.js", "exports.handler = ("}, "", failure{"Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected …"}},
	{"node, malformed handler", "nodejs22.x", "handler", nil, "", failure{"Runtime.MalformedHandlerName", "Bad handler"}},
	{"node, handler outside", "nodejs22.x", "../index.handler", nil, "", failure{"Runtime.MalformedHandlerName", "'../index.handler' is not a valid handler name. …"}},
	{"node, exception while loading", "nodejs22.x", "index.handler", []string{"index.js", "null.x"}, "", failure{"TypeError", "Cannot read properties of null (reading 'x')"}},
}

// TestLoading loads code in every way of the table; when not heavy, in every fourth.
func TestLoading(t *testing.T) {
	interpreters := map[string]string{"py": "python3", "no": "node"}
	for i, test := range loading {
		if i%4 > 0 && !testrun.IsHeavy() {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			testrun.Need(t, interpreters[test.runtime[:2]])
			spec := function.Spec{Code: folder(t, test.files...), Runtime: test.runtime, Handler: test.handler, Timeout: ample}
			if test.fails.kind == "Sandbox.Timedout" {
				spec.Timeout = time.Second
			}
			f := open(t, spec)
			r := f.Invoke(testrun.Deadline(t), []byte(`{"a":1}`))
			if test.want != "" {
				expectValue(t, r, test.want)
				return
			}
			if start, ok := strings.CutSuffix(test.fails.message, "…"); ok {
				test.fails.message = completed(t, r, start)
			}
			expectFailure(t, r, test.fails)
		})
	}
}

// completed is the message of the result when it begins as it should, else the beginning.
func completed(t *testing.T, r function.Result, start string) string {
	t.Helper()
	if document, ok := decode(t, r.Payload).(map[string]any); ok {
		if message, _ := document["errorMessage"].(string); strings.HasPrefix(message, start) {
			return message
		}
	}
	return start
}

// The runtime is found out from the code, and the handler has Lambda's default name.
func TestRuntimeIsFoundOut(t *testing.T) {
	tests := []struct {
		name, file, text, runtime string
		wholeFile                 bool
	}{
		{"python", "lambda_function.py", "def lambda_handler(e, c): return e", "python3", false},
		{"python file", "work.py", "def lambda_handler(e, c): return e", "python3", true},
		{"node", "index.mjs", "export const handler = async (e) => e", "nodejs", false},
		{"node file", "work.js", "exports.handler = async (e) => e", "nodejs", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			testrun.Need(t, map[string]string{"python3": "python3", "nodejs": "node"}[test.runtime])
			code := folder(t, test.file, test.text)
			if test.wholeFile {
				code += "/" + test.file
			}
			f := open(t, function.Spec{Code: code})
			if f.Spec().Runtime != test.runtime {
				t.Errorf("the runtime is %q", f.Spec().Runtime)
			}
			expectValue(t, f.Invoke(testrun.Deadline(t), []byte(`{"a":1}`)), `{"a":1}`)
		})
	}
}
