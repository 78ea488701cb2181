package function_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// loading is the table of what can go wrong while the code is loaded, and of the ways in which a handler may be
// written.
var loading = []struct {
	name    string
	runtime string
	handler string
	files   []string
	want    string  // JSON; the event is {"a":1}
	fails   failure // a message that ends in … is a beginning
}{
	{
		name:    "python, in a folder",
		runtime: "python3.13",
		handler: "app/main.handler",
		files:   []string{"app/__init__.py", "", "app/main.py", "def handler(e, c): return e"},
		want:    `{"a":1}`,
	},
	{
		name:    "python, dotted module",
		runtime: "python3.13",
		handler: "app.main.handler",
		files:   []string{"app/__init__.py", "", "app/main.py", "def handler(e, c): return e"},
		want:    `{"a":1}`,
	},
	{
		name:    "python, missing module",
		runtime: "python3.13",
		handler: "app.handler",
		fails:   failure{"Runtime.ImportModuleError", "Unable to import module 'app': No module named 'app'"},
	},
	{
		name:    "python, missing import",
		runtime: "python3.13",
		handler: "app.handler",
		files:   []string{"app.py", "import nothing_of_the_kind"},
		fails: failure{
			"Runtime.ImportModuleError",
			"Unable to import module 'app': No module named 'nothing_of_the_kind'",
		},
	},
	{
		name:    "python, missing handler",
		runtime: "python3.13",
		handler: "app.handler",
		files:   []string{"app.py", "x = 1"},
		fails:   failure{"Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"},
	},
	{
		name:    "python, syntax error",
		runtime: "python3.13",
		handler: "app.handler",
		files:   []string{"app.py", "def handler(e, c:"},
		fails:   failure{"Runtime.UserCodeSyntaxError", "Syntax error in module 'app': …"},
	},
	{
		name:    "python, malformed handler",
		runtime: "python3.13",
		handler: "handler",
		fails: failure{
			"Runtime.MalformedHandlerName",
			"Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
		},
	},
	{
		name:    "python, built-in module",
		runtime: "python3.13",
		handler: "time.sleep",
		fails:   failure{"Runtime.BuiltInModuleConflict", "Cannot use built-in module time as a handler module"},
	},
	{
		name:    "python, exception while loading",
		runtime: "python3.13",
		handler: "app.handler",
		files:   []string{"app.py", "1 / 0"},
		fails:   failure{"ZeroDivisionError", "division by zero"},
	},
	{
		name:    "python, exit while loading",
		runtime: "python3.13",
		handler: "app.handler",
		files:   []string{"app.py", "import sys\nsys.exit(7)"},
		fails:   exitError("exit status 7"),
	},
	{
		name:    "python, decimals",
		runtime: "python3.13",
		handler: "app.handler",
		files: []string{
			"app.py", "from decimal import Decimal as D\ndef handler(e, c): return [D('5'), D('1.25'), D('1E2')]",
		},
		want:  `[5,1.25,100]`,
		fails: failure{},
	},

	{
		name:    "node, CommonJS",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = async (e) => e"},
		want:    `{"a":1}`,
	},
	{
		name:    "node, CommonJS by extension",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.cjs", "module.exports = { handler: async (e) => e }"},
		want:    `{"a":1}`,
	},
	{
		name:    "node, ES module by extension",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.mjs", "export const handler = async (e) => e"},
		want:    `{"a":1}`,
	},
	{
		name:    "node, ES module by package.json",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"package.json", `{"type":"module"}`, "index.js", "export const handler = async (e) => e"},
		want:    `{"a":1}`,
	},
	{
		name:    "node, nested name in a folder",
		runtime: "nodejs22.x",
		handler: "src/app.api.handler",
		files:   []string{"src/app.js", "exports.api = { handler: async (e) => e }"},
		want:    `{"a":1}`,
	},
	{
		name:    "node, top-level await",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.mjs", "const e = await Promise.resolve(7); export const handler = async () => e"},
		want:    `7`,
	},
	{
		name:    "node, callback",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = (e, c, done) => setTimeout(() => done(null, e), 5)"},
		want:    `{"a":1}`,
	},
	{
		name:    "node, callback with an error",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = (e, c, done) => done(new TypeError('no'))"},
		fails:   failure{"TypeError", "no"},
	},
	{
		name:    "node, callback waits for the event loop",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files: []string{
			"index.js",
			"exports.handler = (e, c, done) => { const r = {}; setTimeout(() => { r.late = 1 }, 20); done(null, r) }",
		},
		want: `{"late":1}`,
	},
	{
		name:    "node, callback does not wait",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files: []string{
			"index.js",
			`exports.handler = (e, c, done) => {
				c.callbackWaitsForEmptyEventLoop = false;
				setInterval(() => {}, 1000);
				done(null, e);
			}`,
		},
		want: `{"a":1}`,
	},
	{
		name:    "node, callback while the event loop never empties",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files: []string{
			"index.js",
			"exports.handler = (e, c, done) => { setInterval(() => {}, 1000); done(null, e) }",
		},
		fails: failure{"Sandbox.Timedout", "RequestId: ID Error: Task timed out after 1.00 seconds"},
	},
	{
		name:    "node, context.succeed",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = (e, c) => c.succeed(e)"},
		want:    `{"a":1}`,
	},
	{
		name:    "node, no answer",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = () => {}"},
		want:    `null`,
	},
	{
		name:    "node, undefined",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = async () => {}"},
		want:    `null`,
	},
	{
		name:    "node, promise never settled",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = async () => new Promise(() => {})"},
		fails:   failure{"Runtime.NodeJsExit", "The Lambda runtime client detected an unexpected Node.js exit code. …"},
	},
	{
		name:    "node, thrown string",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = async () => { throw 'text' }"},
		fails:   failure{"string", "text"},
	},
	{
		name:    "node, unhandled rejection",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files: []string{
			"index.js", "exports.handler = () => { Promise.reject(new Error('lost')); return new Promise(() => {}) }",
		},
		fails: failure{"Runtime.UnhandledPromiseRejection", "Error: lost"},
	},
	{
		name:    "node 24, callback",
		runtime: "nodejs24.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = (e, c, done) => done(null, e)"},
		fails: failure{
			"Runtime.CallbackHandlerDeprecated",
			"ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.…",
		},
	},
	{
		name:    "node 24, plain function",
		runtime: "nodejs24.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = (e) => e"},
		want:    `{"a":1}`,
	},
	{
		name:    "node 24, result that is not JSON",
		runtime: "nodejs24.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = async () => 1n"},
		fails:   failure{"Runtime.JSONStringifyError", "Unable to stringify response body"},
	},
	{
		name:    "node, missing module",
		runtime: "nodejs22.x",
		handler: "index.handler",
		fails:   failure{"Runtime.ImportModuleError", "Error: Cannot find module 'index'\nRequire stack:…"},
	},
	{
		name:    "node, missing require",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "require('nothing-of-the-kind')"},
		fails: failure{
			"Runtime.ImportModuleError",
			"Error: Cannot find module 'nothing-of-the-kind'\nRequire stack:…",
		},
	},
	{
		name:    "node, missing import",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.mjs", "import 'nothing-of-the-kind'"},
		fails:   failure{"Error", "Cannot find package 'nothing-of-the-kind' imported from …"},
	},
	{
		name:    "node, missing handler",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.other = 1"},
		fails:   failure{"Runtime.HandlerNotFound", "index.handler is undefined or not exported"},
	},
	{
		name:    "node, handler that is not a function",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = 1"},
		fails:   failure{"Runtime.HandlerNotFound", "index.handler is not a function"},
	},
	{
		name:    "node, syntax error",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "exports.handler = ("},
		fails:   failure{"Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected …"},
	},
	{
		name:    "node, malformed handler",
		runtime: "nodejs22.x",
		handler: "handler",
		fails:   failure{"Runtime.MalformedHandlerName", "Bad handler"},
	},
	{
		name:    "node, handler outside",
		runtime: "nodejs22.x",
		handler: "../index.handler",
		fails:   failure{"Runtime.MalformedHandlerName", "'../index.handler' is not a valid handler name. …"},
	},
	{
		name:    "node, exception while loading",
		runtime: "nodejs22.x",
		handler: "index.handler",
		files:   []string{"index.js", "null.x"},
		fails:   failure{"TypeError", "Cannot read properties of null (reading 'x')"},
	},
}

// TestLoading loads code in every way of the table; when not heavy, in every fourth.
func TestLoading(t *testing.T) {
	interpreters := map[string]string{"py": "python3", "no": "node"}
	for i, test := range loading {
		if i%8 > 0 && !testrun.IsHeavy() {
			continue
		}
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			testrun.Need(t, interpreters[test.runtime[:2]])
			spec := function.Spec{
				Code:    folder(t, test.files...),
				Runtime: test.runtime,
				Handler: test.handler,
				Timeout: ample,
			}
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
		{name: "python", file: "lambda_function.py", text: "def lambda_handler(e, c): return e", runtime: "python3"},
		{
			name:      "python file",
			file:      "work.py",
			text:      "def lambda_handler(e, c): return e",
			runtime:   "python3",
			wholeFile: true,
		},
		{name: "node", file: "index.mjs", text: "export const handler = async (e) => e", runtime: "nodejs"},
		{
			name:      "node file",
			file:      "work.js",
			text:      "exports.handler = async (e) => e",
			runtime:   "nodejs",
			wholeFile: true,
		},
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
