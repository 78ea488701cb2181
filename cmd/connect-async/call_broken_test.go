package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/testrun"
)

// The name of the function quick in directFlow, and what a scenario says of it.
const (
	quickARN   = "arn:aws:lambda:us-east-1:111122223333:function:quick"
	quickNames = "names: {\"" + quickARN + "\": quick}\n"
)

// hurried makes a real call short.
const hurried = "speech: {words_per_minute: 500, end: 0s}\nlatency: {lambda: 1ms, step_functions: 1ms}\n"

// directFlow invokes the function quick itself, and goes to bad when it fails.
var directFlow = strings.Replace(soundFlow(quickARN), `"InvocationTimeLimitSeconds": "3"`,
	`"InvocationTimeLimitSeconds": "3", "LambdaInvocationAttributes": {"do": "$.Attributes.do"}`, 1)

// brokenCalls are calls with real functions: scenarios, and what the program says of them.
var brokenCalls = []struct {
	name     string
	flow     string // "" for the project's
	scenario string
	code     int
	says     []string
	silent   string // what it must not say
}{
	{
		name: "a function that fails", scenario: "caller: {attributes: {do: fail}}\n", code: exitFailed,
		says: []string{
			"check       FAILURE errorString: no such account", "\n  quick failed: errorString: no such account\n",
			"FAIL  the function failed: errorString: no such account; if it should, write\n" +
				"        expect: {function: FAILED} in the scenario",
		},
	},
	{
		name: "a function that ends with a long message", scenario: "caller: {attributes: {do: exit}}\n",
		code: exitFailed, says: []string{"quick failed: Runtime.ExitError: Runtime exited with error: exit status 3\n"},
	},
	{
		name: "a function that fails as expected", code: exitGood, silent: "FAIL ",
		scenario: "caller: {attributes: {do: fail}}\nexpect: {function: FAILED, heard: [Sorry]}\n",
	},
	{
		name: "an expectation that does not hold", code: exitFailed,
		scenario: "expect: {heard: [Goodbye], lambda_calls: 9}\n",
		says: []string{
			`FAIL  "Goodbye" was not heard; heard instead: "It says its execution"`, "FAIL  there were 2 Lambda calls",
		},
	},
	{
		name: "expectations that hold", scenario: "expect: {function: SUCCEEDED, heard: [It says]}\n", code: exitGood,
		silent: "FAIL",
	},
	{
		name: "a text that reads what was not returned", code: exitFailed,
		scenario: "caller: {attributes: {do: garbage}}\n",
		says:     []string{`FAIL  "say" reads $.External.seen, which the function did not return; it`},
	},
	{
		name: "a result that is too large for Connect", code: exitFailed,
		scenario: "caller: {attributes: {do: large}}\nexpect: {function: SUCCEEDED}\n",
		says:     []string{"FAIL  the result cannot be delivered: The work succeeded, but the reply would"},
	},
	{
		name: "a function that the flow invokes itself", flow: directFlow, code: exitFailed,
		scenario: quickNames + "caller: {attributes: {do: fail}}\n",
		says: []string{
			"calls       quick  errorString: no such account",
			"FAIL  the function quick failed: errorString: no such account; if it should,\n" +
				"        write expect: {branches:",
		},
	},
	{
		name: "one that fails as expected", flow: directFlow, code: exitGood, silent: "FAIL",
		scenario: quickNames + "caller: {attributes: {do: fail}}\n" +
			"expect: {branches: [{action: go, branch: NoMatchingError}]}\n",
	},
	{
		name: "one that does not return what the flow reads", flow: directFlow, code: exitFailed,
		scenario: quickNames,
		says:     []string{`FAIL  "good" reads $.External.balance, which quick did not return; it returned`},
	},
}

// TestBrokenFunctions plays calls whose functions run, as a call and as a test.
func TestBrokenFunctions(t *testing.T) {
	t.Parallel()
	for _, test := range brokenCalls {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := quickProject(t)
			scenario := hurried + test.scenario
			if test.flow != "" {
				writeFiles(t, dir, map[string]string{"direct.json": test.flow})
				scenario += "flow: direct.json\n"
			}
			writeFiles(t, dir, map[string]string{"scenario.yaml": scenario})
			file := filepath.Join(dir, "scenario.yaml")
			for _, args := range [][]string{{"call", dir, "--scenario", file}, {"test", "--real", file}} {
				var out bytes.Buffer
				if code := run(t.Context(), args, plainTerminal(&out, &out)); code != test.code {
					t.Errorf("%s: exit code %d, expected %d", args[0], code, test.code)
				}
				for _, want := range test.says {
					if args[0] == "call" && !strings.Contains(out.String(), want) {
						t.Errorf("%s does not say %q", args[0], want)
					}
				}
				if test.silent != "" && strings.Contains(out.String(), test.silent) {
					t.Errorf("%s says %q", args[0], test.silent)
				}
				for line := range strings.Lines(out.String()) {
					if args[0] == "call" && width(strings.TrimRight(line, "\n")) > usualColumns {
						t.Errorf("a line is wider than %d columns: %s", usualColumns, line)
					}
				}
				if args[0] == "test" && !strings.Contains(out.String(), "quick = ") {
					t.Error("no function was run")
				}
				if t.Failed() {
					t.Log(out.String())
				}
			}
		})
	}
}

// TestStandInsMayFail checks that a stand-in that is told to fail is no failure of the call, and that expectations are
// checked with stand-ins, too.
func TestStandInsMayFail(t *testing.T) {
	for scenario, want := range map[string]int{
		"": exitGood, "expect: {function: FAILED}\n": exitGood, "expect: {function: SUCCEEDED}\n": exitFailed,
	} {
		file := filepath.Join(t.TempDir(), "scenario.yaml")
		text := "functions: {balance: {takes: 1s, fails: {error: Boom, message: it broke}}}\n" + scenario
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		args := []string{"call", "../../examples/balance", "--fast", "--scenario", file}
		if code := run(t.Context(), args, plainTerminal(&out, &out)); code != want {
			t.Errorf("with %q: exit code %d, expected %d\n%s", scenario, code, want, out.String())
		}
	}
}

// TestRuntimesNotInstalled names a runtime that is not installed. Another version, which runs instead, is named at the
// beginning of what each verb prints; where there is none at all, nothing is played.
func TestRuntimesNotInstalled(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the interpreter of this test is a script for sh")
	}
	t.Chdir(t.TempDir())
	writeFiles(t, ".", soundFiles())
	writeFiles(t, ".", map[string]string{"scenario.yaml": soundScenario + hurried})
	bin := t.TempDir()
	t.Setenv("PATH", bin)
	print := func(args ...string) (code int, text string) {
		var out bytes.Buffer
		code = run(t.Context(), args, plainTerminal(&out, &out))
		return code, out.String()
	}
	if code, text := print("call"); code != exitUsage || !strings.Contains(text, "the function needs Python") {
		t.Errorf("without any Python: exit code %d\n%s", code, text)
	}
	program := filepath.Join(bin, "python3")
	script := "#!/bin/sh\ncase $1 in --version) echo Python 3.11.7;; -c) echo " + program + ";; esac\n"
	testrun.WriteProgram(t, program, script)
	const how = "work = code (python3.13 is not installed, Python 3.11 runs it), real time\n"
	for verb, want := range map[string]string{
		"call --scenario scenario.yaml": "\n  flow.json\n    " + how,
		"test --real":                   "FAIL  scenario.yaml  flow.json\n      " + how,
		"invoke work":                   "python3.13 is not installed: Python 3.11 runs the function work.\n",
	} {
		if code, text := print(strings.Fields(verb)...); code != exitFailed || !strings.HasPrefix(text, want) {
			t.Errorf("%s: exit code %d\n%s", verb, code, text)
		}
	}
}

// TestNoCallForWhatCannotBeWritten names files in a folder that is not there: nothing is played for them.
func TestNoCallForWhatCannotBeWritten(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for _, to := range [][]string{
		{"--report", filepath.Join(none, "call.html")},
		{"--audio", filepath.Join(none, "call.wav")},
	} {
		code, out, errs := typed(t, append([]string{"call", "../../examples/balance", "--fast"}, to...)...)
		if code != exitUsage || out != "" || !strings.Contains(errs, "[unwritable]") {
			t.Errorf("%s: exit code %d, %s%s", to[0], code, out, errs)
		}
	}
}
