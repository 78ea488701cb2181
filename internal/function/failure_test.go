package function_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

// failures are error documents as the runtimes write them, with CODE for the folder of the code and what is said.
var failures = []struct {
	name     string
	document string
	words    string
	frames   []string // places, the innermost first
	remedy   string   // a part of it
}{
	{
		name: "Python, a variable that is not set",
		document: `{"errorType": "KeyError", "errorMessage": "'BACKEND_URL'", "stackTrace": [
			"  File \"CODE/app.py\", line 2, in lambda_handler\n    return fetch()\n",
			"  File \"CODE/own/helper.py\", line 3, in fetch\n    os.environ[\"BACKEND_URL\"]\n",
			"  File \"<frozen os>\", line 679, in __getitem__\n"]}`,
		words:  "KeyError: 'BACKEND_URL'  own/helper.py:3",
		frames: []string{"own/helper.py:3", "app.py:2"},
		remedy: "Write BACKEND_URL=… into a file such as .env, and name it in connect-async.yaml: env_file: .env, " +
			"below the function slow.",
	},
	{
		name: "Python, a key that a dictionary does not have",
		document: `{"errorType": "KeyError", "errorMessage": "'order'", "stackTrace": [
			"  File \"CODE/app.py\", line 2, in lambda_handler\n    event[\"order\"]\n"]}`,
		words:  "KeyError: 'order'  app.py:2",
		frames: []string{"app.py:2"},
	},
	{
		name: "Python, within packages",
		document: `{"errorType": "ReadTimeout", "errorMessage": "two\nlines", "stackTrace": [
			"  File \"CODE/app.py\", line 2, in lambda_handler\n    requests.get(url)\n",
			"  File \"CODE/requests/api.py\", line 73, in get\n",
			"  File \"/opt/python/site-packages/urllib3/x.py\", line 9, in <lambda>\n",
			"  File \"CODE/.venv/lib/site-packages/y.py\", line 9, in y\n"]}`,
		words:  "ReadTimeout: two lines  app.py:2",
		frames: []string{"app.py:2"},
	},
	{
		name: "Python, syntax",
		document: `{"errorType": "Runtime.UserCodeSyntaxError", "errorMessage": "Syntax error in module 'app': ` +
			`'(' was never closed (app.py, line 2)", "stackTrace": ["  File \"CODE/app.py\" Line 2\n    print(\n"]}`,
		words: "Runtime.UserCodeSyntaxError: Syntax error in module 'app': '(' was never closed (app.py, line 2)  " +
			"app.py:2",
		frames: []string{"app.py:2"},
	},
	{
		name: "Python, a package that is missing",
		document: `{"errorType": "Runtime.ImportModuleError", "errorMessage": ` +
			`"Unable to import module 'app': No module named 'requests.adapters'", "stackTrace": []}`,
		words:  "Runtime.ImportModuleError: Unable to import module 'app': No module named 'requests.adapters'",
		remedy: "pip install --target PARENT/code requests.",
	},
	{
		name: "Python, the handler's file",
		document: `{"errorType": "Runtime.ImportModuleError", "errorMessage": ` +
			`"Unable to import module 'app': No module named 'app'", "stackTrace": []}`,
		words:  "Runtime.ImportModuleError: Unable to import module 'app': No module named 'app'",
		remedy: "Correct handler",
	},
	{
		name: "a deployed function",
		document: `{"errorType": "ValueError", "errorMessage": "bad", "stackTrace": [
			"  File \"/var/task/app.py\", line 7, in lambda_handler\n    raise ValueError('bad')\n",
			"  File \"/var/lang/lib/python3.13/json/x.py\", line 1, in x\n"]}`,
		words:  "ValueError: bad  app.py:7",
		frames: []string{"app.py:7"},
	},
	{
		name: "Node, a variable that is not set",
		document: `{"errorType": "TypeError", "errorMessage": "Invalid URL", "trace": ["TypeError: Invalid URL",
			"    at new URL (node:internal/url:797:36)",
			"    at fetchIt (file://CODE/index.mjs:2:10)",
			"    at CODE/node_modules/x/index.js:4:5",
			"    at async handler (file://CODE/index.mjs:4:3)"]}`,
		words:  "TypeError: Invalid URL  index.mjs:2",
		frames: []string{"index.mjs:2", "index.mjs:4"},
		remedy: "Write BACKEND_URL=… into",
	},
	{
		name: "Node, a variable that is set",
		document: `{"errorType": "TypeError", "errorMessage": "x", "trace": ["TypeError: x",
			"    at CODE/index.mjs:3:10"]}`,
		words:  "TypeError: x  index.mjs:3",
		frames: []string{"index.mjs:3"},
	},
	{
		name: "Node, a package that is missing",
		document: `{"errorType": "Error", "errorMessage": ` +
			`"Cannot find package 'axios' imported from CODE/index.mjs", "trace": []}`,
		words:  "Error: Cannot find package 'axios' imported from CODE/index.mjs",
		remedy: "npm install --prefix PARENT/code axios.",
	},
	{
		name: "Node, the handler's file",
		document: `{"errorType": "Error", "errorMessage": ` +
			`"Cannot find module 'app'\nRequire stack:\n- /tmp/x/bootstrap.cjs", "trace": []}`,
		words:  "Error: Cannot find module 'app'",
		remedy: "Correct handler",
	},
	{
		name: "Node, syntax",
		document: `{"errorType": "Runtime.UserCodeSyntaxError", "errorMessage": "SyntaxError: Unexpected token", ` +
			`"trace": ["file://CODE/index.mjs:1", "  cons t = 1", "", "SyntaxError: Unexpected token"]}`,
		words:  "Runtime.UserCodeSyntaxError: SyntaxError: Unexpected token  index.mjs:1",
		frames: []string{"index.mjs:1"},
	},
	{
		name: "Go, a panic",
		document: `{"errorType": "boundsError", "errorMessage": "index out of range [3] with length 0", "stackTrace": [
			{"path": "runtime/panic.go", "line": 115, "label": "goPanicIndex"},
			{"path": "code/own/own.go", "line": 2, "label": "Look"},
			{"path": "code/main.go", "line": 3, "label": "handle"},
			{"path": "github.com/aws/aws-lambda-go@v1.55.1/lambda/handler.go", "line": 9, "label": "f"}]}`,
		words:  "boundsError: index out of range [3] with length 0  own/own.go:2",
		frames: []string{"own/own.go:2", "main.go:3"},
	},
	{
		name:     "Go, an error",
		document: `{"errorType": "errorString", "errorMessage": "no such account"}`,
		words:    "errorString: no such account",
	},
	{
		name: "out of time",
		document: `{"errorType": "Sandbox.Timedout", ` +
			`"errorMessage": "RequestId: ID Error: Task timed out after 3.00 seconds"}`,
		words:  "Sandbox.Timedout: Task timed out after 3.00 seconds",
		remedy: "Raise timeout of the function, which is 3 s now",
	},
	{
		name: "credentials",
		document: `{"errorType": "ClientError", "errorMessage": "An error occurred (UnrecognizedClientException) ` +
			`when calling the GetItem operation: The security token included in the request is invalid."}`,
		words: "ClientError: An error occurred (UnrecognizedClientException) when calling the GetItem operation: " +
			"The security token included in the request is invalid.",
		remedy: "AWS_PROFILE",
	},
	{name: "no document", document: `"a text"`, words: `Unhandled: "a text"`},
	{
		name:     "a document of other types",
		document: `{"errorType": 7, "errorMessage": {"a": 1}, "stackTrace": [null, 3, {}, "x"], "trace": [[]]}`,
		words:    `7: {"a":1}`,
	},
}

// TestRemediesNameFiles checks that a remedy names the files that there are: the one with the function's variables, and
// the list of the packages that it needs.
func TestRemediesNameFiles(t *testing.T) {
	code := filepath.Join(folder(t, "code/app.py", "", "code/requirements.txt", "requests\n", "test.env", ""), "code")
	spec := function.Spec{Code: code, Handler: "app.main", EnvFile: filepath.Join(filepath.Dir(code), "test.env")}
	t.Chdir(filepath.Dir(code))
	for document, want := range map[string]string{
		`{"errorType": "KeyError", "errorMessage": "'URL'", "stackTrace": ["  File \"<frozen os>\", line 1, in ` +
			`__getitem__\n"]}`: "Write URL=… into test.env.",
		`{"errorType": "Runtime.ImportModuleError", "errorMessage": "No module named 'requests'"}`: "pip install " +
			"--target code -r code/requirements.txt.",
	} {
		got, _ := spec.Failure(function.Result{Payload: []byte(document), FunctionError: "Unhandled"})
		if !strings.HasSuffix(got.Remedy, want) {
			t.Errorf("the remedy is %q, expected %q", got.Remedy, want)
		}
	}
}

// TestFailures checks what is said of error documents: the failure in a line, the user's frames, and a remedy.
func TestFailures(t *testing.T) {
	code := filepath.Join(folder(t,
		"code/app.py", "import own\n", "code/own/helper.py", "", "code/requests/api.py", "",
		"code/requests-2.0.dist-info/RECORD", "requests/__init__.py,sha256=x,1\n",
		"code/index.mjs", "\nnew URL(process.env.BACKEND_URL)\nnew URL(process.env.SET + process.env.AWS_REGION)\n",
		"code/main.go", "", "code/own/own.go", ""), "code")
	spec := function.Spec{Name: "slow", Code: code, Handler: "app.lambda_handler", Timeout: 3e9, Env: []string{"SET=1"}}
	t.Chdir(filepath.Dir(filepath.Dir(code))) // remedies name folders as seen from here
	parent := filepath.Base(filepath.Dir(code))
	for _, test := range failures {
		t.Run(test.name, func(t *testing.T) {
			document := strings.ReplaceAll(test.document, "CODE", filepath.ToSlash(code))
			got, failed := spec.Failure(function.Result{Payload: []byte(document), FunctionError: "Unhandled",
				ErrorType: "Unhandled", RequestID: "ID"})
			var frames []string
			for _, f := range got.Frames {
				frames = append(frames, f.Place())
			}
			words := strings.ReplaceAll(test.words, "CODE", filepath.ToSlash(code))
			if !failed || got.Words() != words {
				t.Errorf("it says %q, expected %q", got.Words(), words)
			}
			if diff := cmp.Diff(test.frames, frames); diff != "" {
				t.Errorf("frames (-want +got):\n%s", diff)
			}
			remedy := strings.ReplaceAll(test.remedy, "PARENT", parent)
			if !strings.Contains(got.Remedy, remedy) || (got.Remedy == "") != (remedy == "") {
				t.Errorf("the remedy is %q, expected %q", got.Remedy, remedy)
			}
		})
	}
}

// TestFailuresOfProcesses checks the same with what processes of each language really report.
func TestFailuresOfProcesses(t *testing.T) {
	testrun.Heavy(t)
	tests := []struct{ need, runtime, file, code, words, remedy string }{
		{
			"python3", "python3.13", "app.py", "import os\n\ndef handler(e, c):\n    os.environ['NAME_OF_IT']\n",
			"KeyError: 'NAME_OF_IT'  app.py:4", "NAME_OF_IT=…",
		},
		{
			"python3", "python3.13", "app.py", "import no_such_thing\n",
			"Runtime.ImportModuleError: Unable to import module 'app': No module named 'no_such_thing'", "pip install",
		},
		{
			"python3", "python3.13", "app.py", "def handler(event, context)\n",
			"Runtime.UserCodeSyntaxError: Syntax error in module 'app': expected ':' (app.py, line 1)  app.py:1", "",
		},
		{
			"node", "nodejs22.x", "app.mjs", "\nexport const handler = () => new URL(process.env.NAME_OF_IT);\n",
			"TypeError: Invalid URL  app.mjs:2", "NAME_OF_IT=…",
		},
		{
			"node", "nodejs22.x", "app.mjs", "import 'no-such-thing';\n",
			"Error: Cannot find package 'no-such-thing' imported from DIR/app.mjs", "npm install",
		},
		{
			"node", "nodejs22.x", "app.cjs", "exports.handler = 1 +;\n",
			"Runtime.UserCodeSyntaxError: SyntaxError: Unexpected token ';'  app.cjs:1", "",
		},
	}
	for _, test := range tests {
		t.Run(test.words, func(t *testing.T) {
			t.Parallel()
			testrun.Need(t, test.need)
			dir := folder(t, test.file, test.code)
			spec := function.Spec{Code: dir, Runtime: test.runtime, Handler: "app.handler", Timeout: ample}
			f := open(t, spec)
			got, _ := f.Spec().Failure(f.Invoke(t.Context(), []byte("{}")))
			if words := strings.ReplaceAll(test.words, "DIR", dir); got.Words() != words {
				t.Errorf("it says %q, expected %q", got.Words(), words)
			}
			if !strings.Contains(got.Remedy, test.remedy) {
				t.Errorf("the remedy is %q, expected %q", got.Remedy, test.remedy)
			}
		})
	}
}
