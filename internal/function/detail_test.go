package function_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/function"
	"github.com/connect-async/connect-async/internal/testrun"
)

func TestLog(t *testing.T) {
	t.Parallel()
	number := `\d+\.\d\d ms`
	each(t, func(t *testing.T, l language) {
		f := open(t, l.spec)
		r := f.Invoke(testrun.Deadline(t), []byte(`{"do":"print","text":"hello"}`))
		stamp := map[string]string{"node": `\S+Z\t` + r.RequestID + `\t(INFO|ERROR)\t`}[l.name]
		logged := map[string]string{"python": `\[INFO\]\t\S+Z\t` + r.RequestID + `\tlogged hello\n`}[l.name]
		want := `^START RequestId: ID Version: \$LATEST\n` + stamp + `out hello\n` + stamp + `err hello\n` +
			logged + `no newline\n` +
			`END RequestId: ID\nREPORT RequestId: ID\tDuration: ` + number +
			`\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t` +
			`(Max Memory Used: \d+ MB\t)?Init Duration: ` + number + `\t\n$`
		if !regexp.MustCompile(strings.ReplaceAll(want, "ID", r.RequestID)).Match(r.Log) {
			t.Errorf("got %q\nwant %s", r.Log, want)
		}
		again := f.Invoke(testrun.Deadline(t), []byte(`{"do":"value"}`))
		if strings.Contains(string(again.Log), "hello") || strings.Contains(string(again.Log), "Init Duration") {
			t.Errorf("the log of the next invocation holds more than its own: %s", again.Log)
		}
		if r.BilledDuration < r.Duration+r.InitDuration || r.BilledDuration%time.Millisecond != 0 {
			t.Errorf("billed %v for %v and %v", r.BilledDuration, r.Duration, r.InitDuration)
		}
	})
}

func TestContextFields(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l language) {
		spec := l.spec
		spec.Name, spec.Region, spec.AccountID, spec.MemoryMB = "lookup", "eu-west-1", "123456789012", 512
		arn := "arn:aws:lambda:eu-west-1:123456789012:function:lookup"
		f := open(t, spec)
		r := f.Do(testrun.Deadline(t), function.Request{
			Payload:       []byte(`{"do":"context"}`),
			InvokedARN:    arn + ":live",
			RequestID:     "an-id",
			ClientContext: `{"client":{"app_title":"title"},"custom":{"a":"b"}}`,
		})
		expectValue(t, r, `{"request_id":"an-id","arn":"`+arn+`:live","name":"lookup","version":"$LATEST",
			"memory":"512","log_group":"/aws/lambda/lookup","client":"title"}`)
		r = f.Invoke(testrun.Deadline(t), []byte(`{"do":"context"}`))
		if !strings.Contains(string(r.Payload), `"`+arn+`"`) {
			t.Errorf("the ARN without a qualifier is missing: %s", r.Payload)
		}
	})
}

// The trace id is a variable as long as the invocation that has one runs.
func TestTraceID(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l language) {
		f := open(t, l.spec)
		event := []byte(`{"do":"env","names":["_X_AMZN_TRACE_ID"]}`)
		expectValue(t, f.Do(testrun.Deadline(t), function.Request{Payload: event, TraceID: "Root=1-2-3"}),
			`{"_X_AMZN_TRACE_ID":"Root=1-2-3"}`)
		if r := f.Invoke(testrun.Deadline(t), event); strings.Contains(string(r.Payload), "Root") {
			t.Errorf("the next invocation has the trace of the one before: %s", r.Payload)
		}
	})
}

func TestRemainingTime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, l language) {
		r := open(t, l.spec).Invoke(testrun.Deadline(t), []byte(`{"do":"remaining"}`))
		var left float64
		if err := json.Unmarshal(r.Payload, &left); err != nil || left > 900_000 || left < 600_000 {
			t.Errorf("%s milliseconds are left of 15 minutes (%v)", r.Payload, err)
		}
	})
}

func TestEnvironmentVariables(t *testing.T) {
	t.Parallel()
	names := []string{
		"_HANDLER", "LAMBDA_TASK_ROOT", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_REGION",
		"AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID",
		"AWS_EXECUTION_ENV", "TZ", "MINE", "A_SECRET_OF_THE_USER",
	}
	each(t, func(t *testing.T, l language) {
		spec := l.spec
		spec.Name, spec.Region = "lookup", "eu-west-1"
		spec.Env = []string{"MINE=a=b c", "TZ=Europe/Berlin"}
		f := open(t, spec)
		want := map[string]string{
			"_HANDLER": spec.Handler, "AWS_LAMBDA_FUNCTION_NAME": "lookup", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
			"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
			"AWS_REGION":         "eu-west-1",
			"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "local", "TZ": "Europe/Berlin", "MINE": "a=b c",
		}
		want["LAMBDA_TASK_ROOT"], _ = filepath.Abs(l.spec.Code)
		if l.name == "go" {
			want["LAMBDA_TASK_ROOT"] = filepath.Dir(goHandler)
		} else {
			want["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + spec.Runtime
		}
		event, _ := json.Marshal(map[string]any{"do": "env", "names": names})
		r := f.Invoke(testrun.Deadline(t), event)
		var got map[string]string
		if err := json.Unmarshal(r.Payload, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// An init phase that takes too long is started again within the invocation, as in Lambda.
func TestInitTimeoutIsTriedAgain(t *testing.T) {
	t.Parallel()
	testrun.Need(t, "python3")
	limit := 200 * time.Millisecond
	for !triedAgain(t, limit) { // a busy machine does not even get as far as the handler's first line
		limit *= 4
	}
}

// triedAgain runs a function whose first init phase exceeds a limit, and its second one does not. It reports false
// when the limit was too short for this machine.
func triedAgain(t *testing.T, limit time.Duration) bool {
	dir := folder(t, "app.py", fmt.Sprintf(`import os, pathlib, time
seen = pathlib.Path(__file__).parent / "seen"
if not seen.exists():
    seen.touch()
    print("first start", flush=True)
    time.sleep(%v)
def handler(event, context): return context.get_remaining_time_in_millis()
`, 10*limit.Seconds()))
	f := open(t, function.Spec{
		Code:        dir,
		Runtime:     "python3.13",
		Handler:     "app.handler",
		Timeout:     ample,
		InitTimeout: limit,
	})
	r := f.Invoke(testrun.Deadline(t), []byte(`{}`))
	if !strings.HasPrefix(string(r.Log), "first start\nINIT_REPORT ") ||
		strings.Count(string(r.Log), "first start\n") > 1 {
		return false
	}
	if r.Err != nil || r.FunctionError != "" {
		t.Fatalf("%s %v\n%s", r.Payload, r.Err, r.Log)
	}
	var left int
	if _ = json.Unmarshal(r.Payload, &left); left > 899_999 || left < 600_000 {
		t.Errorf("%d milliseconds are left: the second start belongs to the invocation", left)
	}
	want := `^first start\nINIT_REPORT Init Duration: (\d+\.\d\d) ms\tPhase: init\tStatus: timeout\nSTART `
	reported := regexp.MustCompile(want).FindSubmatch(r.Log)
	if reported == nil {
		t.Fatalf("got %s\nwant %s", r.Log, want)
	}
	took, err := strconv.ParseFloat(string(reported[1]), 64)
	if err != nil || took < float64(limit.Milliseconds()) {
		t.Errorf("the init phase is reported with %s ms, its limit was %v", reported[1], limit)
	}
	return true
}

func TestInitErrorInTheLog(t *testing.T) {
	t.Parallel()
	testrun.Need(t, "python3")
	f := open(t, function.Spec{
		Code:    folder(t, "app.py", "import nothing_of_the_kind"),
		Runtime: "python3.13",
		Handler: "app.handler",
	})
	log := string(f.Invoke(testrun.Deadline(t), []byte(`{}`)).Log)
	for _, want := range []string{
		"[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named 'nothing_of_the_kind'\n",
		" ms\tPhase: init\tStatus: error\tError Type: Runtime.ImportModuleError\nSTART ",
		"\tStatus: error\tError Type: Runtime.ImportModuleError\t\n",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
}

// A changed file starts new environments; what runs goes on in the old ones.
func TestReload(t *testing.T) {
	t.Parallel()
	sources := map[string]struct{ file, text string }{
		"python": {"app.py", `import pathlib, time
def handler(event, context):
    if event:
        pathlib.Path(event).touch()
        time.sleep(1)
    return %d
`},
		"node": {"app.mjs", `import fs from 'node:fs';
export const handler = async (event) => {
  if (event) {
    fs.writeFileSync(event, '');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return %d;
};
`},
	}
	each(t, func(t *testing.T, l language) {
		source, ok := sources[l.name]
		if !ok {
			t.Skip("TestGoReload covers Go")
		}
		dir, running := folder(t, source.file, fmt.Sprintf(source.text, 1)), filepath.Join(t.TempDir(), "running")
		f := open(t, function.Spec{Code: dir, Runtime: l.spec.Runtime, Handler: "app.handler", Timeout: ample})
		expectValue(t, f.Invoke(testrun.Deadline(t), []byte(`null`)), `1`)
		slow := start(t, testrun.Deadline(t), f, strconv.Quote(running))
		eventually(t, func() bool { _, err := os.Stat(running); return err == nil },
			"the slow invocation does not begin")
		write(t, filepath.Join(dir, source.file), fmt.Sprintf(source.text, 22))
		eventually(t, func() bool { return string(f.Invoke(testrun.Deadline(t), []byte(`null`)).Payload) == "22" },
			"the change is not noticed")
		expectValue(t, <-slow, `1`)
	})
}

// TestGoReload breaks a function; TestGoThatCannotBeBuilt repairs one.
func TestGoReload(t *testing.T) {
	testrun.Heavy(t)
	t.Parallel()
	dir := folder(t, "go.mod", "module example.com/f\n\ngo 1.24\n", "main.go", rawHandler)
	f := open(t, function.Spec{Code: dir})
	expectValue(t, f.Invoke(testrun.Deadline(t), []byte(`1`)), `1`)
	write(t, filepath.Join(dir, "main.go"), "package main\n\nfunc main() { broken }\n")
	eventually(t, func() bool { return f.Invoke(testrun.Deadline(t), []byte(`1`)).Err != nil },
		"the change is not noticed")
	expectFinding(t, f.Invoke(testrun.Deadline(t), []byte(`1`)).Err, function.BuildFailed)
}
