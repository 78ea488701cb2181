package call_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/flow"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/style"
	"github.com/connect-async/connect-async/internal/testrun"
)

// playProgress plays a scenario of the chain that tells how far it is, on virtual time.
func playProgress(t *testing.T, change func(project string) string, given string) call.Result {
	t.Helper()
	dir := filepath.Join(copyOf(t, "chain"), "progress")
	file, played := filepath.Join(dir, "connect-async.yaml"), filepath.Join(dir, "scenario.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(change(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
	if given != "" {
		if err := os.WriteFile(played, []byte(given), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := call.RunScenarios(t.Context(), []string{played}, call.Options{})[0]
	if r.Summaries == nil {
		t.Fatal(r.Findings)
	}
	return r
}

func asItIs(project string) string { return project }

// described has no results table, so that the history tells the steps.
func described(project string) string {
	return strings.Replace(project, "results: table", "results: describe", 1)
}

// TestWhatIsSaidOfStepsIsTrue plays the example: each sentence is begun while its step runs, and is heard once. A
// function begins within a second after the one before.
func TestWhatIsSaidOfStepsIsTrue(t *testing.T) {
	const works = `functions:
  identify: {takes: 9s, returns: {}}
  rate: {takes: 14s, returns: {}}
  offer: {takes: 7s, returns: {amount: "1", rate: "2"}}
`
	began := map[string]time.Duration{"I am looking for your account.": 0,
		"I have found your account and am rating it.":   9 * time.Second,
		"Your rating is done. I am writing your offer.": 23 * time.Second}
	const over = 30 * time.Second
	fault := func(of, how string) string { return works + "faults: [{service: " + of + ", " + how + "}]\n" }
	for name, c := range map[string]struct {
		change func(string) string
		given  string
		least  int // sentences
	}{
		"as it is":         {asItIs, "", 3},
		"from the history": {described, works, 1},
		"histories are throttled": {described,
			fault("step_functions", "operation: history, error: ThrottlingException"), 0},
		"the table cannot note": {asItIs, fault("dynamodb", "operation: change, error: ThrottlingException"), 0},
		"one note is lost":      {asItIs, fault("dynamodb", "operation: change, calls: [2], lose_reply: true"), 2},
	} {
		if name != "as it is" && !testrun.IsHeavy() {
			continue
		}
		r := playProgress(t, c.change, c.given)
		for _, f := range r.Failures {
			t.Errorf("%s: %s", name, f.Message)
		}
		heard := map[string]int{}
		for _, e := range r.Events {
			from, isStep := began[e.Text]
			if !isStep || e.Type != call.TypeSays {
				continue
			}
			to := over
			for _, other := range began {
				if other > from {
					to = min(to, other)
				}
			}
			if heard[e.Text]++; e.At < from || e.At > to+time.Second {
				t.Errorf("%s: %q is said at %v, and is true from %v to %v", name, e.Text, e.At, from, to)
			}
		}
		for text, n := range heard {
			if n != 1 {
				t.Errorf("%s: %q is said %d times", name, text, n)
			}
		}
		if len(heard) < c.least || c.least == 0 && len(heard) > 0 && strings.Contains(c.given, "Throttling") {
			t.Errorf("%s: heard %v, want %d sentences", name, heard, c.least)
		}
	}
}

// TestLaterCallersHearHowLongItTakes: once five calls have ended, the others hear how long the work usually takes yet.
func TestLaterCallersHearHowLongItTakes(t *testing.T) {
	testrun.Heavy(t)
	given := "functions:\n  identify: {takes: 15s, returns: {}}\n  rate: {takes: 20s, returns: {}}\n" +
		"  offer: {takes: 10s, returns: {amount: '1', rate: '2'}}\ncallers:\n"
	for i := range 8 {
		given += fmt.Sprintf("- {arrives: %ds}\n", i*70)
	}
	r := playProgress(t, asItIs, given)
	said := map[int][]string{}
	for _, e := range r.Events {
		if strings.HasPrefix(e.Text, "About ") {
			said[e.Caller] = append(said[e.Caller], e.Text)
		}
	}
	want := "[About a minute more. About half a minute more. About twenty seconds more. About ten seconds more.]"
	if len(said[0])+len(said[4]) > 0 || fmt.Sprint(said[7]) != want {
		t.Errorf("said %v", said)
	}
}

// TestStylesTellProgress: flows of each style say what a check has found out, once.
func TestStylesTellProgress(t *testing.T) {
	const step = "I am looking it up in the archive."
	for _, o := range []style.Options{{Style: style.Poll}, {Style: style.Wait, Prompt: music}, {Style: style.Chat},
		{Style: style.Queue, Prompt: music}} {
		if o.Style != style.Chat && !testrun.IsHeavy() {
			continue
		}
		o.Progress = true
		p := styled(t, o, "table, progress: true")
		p.Texts[0].Languages[0].Steps = map[string]string{"balance": step}
		given := scenario.Default()
		takes(70 * time.Second)(&given)
		if o.Style == style.Chat {
			given.Callers[0].Channel = flow.Chat
		}
		said := 0
		_, events := playAll(t, call.Options{Project: p, Scenario: given, Virtual: true})
		for _, e := range events {
			if e.Text == step {
				said++
			}
		}
		if said != 1 {
			t.Errorf("%s: said %d times", o.Style, said)
		}
	}
}

// nodeSDK stands for the package of the SDK that Lambda's Node has: the two classes that docs/progress.md uses.
const nodeSDK = `export class UpdateItemCommand { constructor(input) { this.input = input; } }
export class DynamoDBClient {
  constructor(config) { this.endpoint = config.endpoint; }
  async send(command, options) {
    const answer = await fetch(this.endpoint, {method: "POST", signal: options.abortSignal,
      headers: {"X-Amz-Target": "DynamoDB_20120810.UpdateItem", "Content-Type": "application/x-amz-json-1.0"},
      body: JSON.stringify(command.input)});
    if (!answer.ok) throw new Error(await answer.text());
  }
}
`

// TestFunctionsAreHeard runs functions with the lines of docs/progress.md. What they report is said while they run.
func TestFunctionsAreHeard(t *testing.T) {
	testrun.Heavy(t)
	if testrun.Command(t, "python3", "-c", "import boto3").Run() != nil {
		testrun.Missing(t, "boto3 for python3")
	}
	testrun.Need(t, "node")
	page, err := os.ReadFile("../../docs/progress.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := func(language string) string {
		m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(page)
		if m == nil {
			t.Fatalf("docs/progress.md has no lines for %s", language)
		}
		return string(m[1])
	}
	const text = "Two of three banks have answered."
	for name, c := range map[string]struct{ file, code, runtime string }{
		"python": {"app.py", lines("python") + `
import time

def handler(event, context):
    report(context, "` + text + `")
    time.sleep(6)
    return {"balance": "1"}
`, "python3.13"},
		"node": {"app.mjs", lines("js") + `
export const handler = async (event, context) => {
  await report(context, "` + text + `");
  await new Promise(resolve => setTimeout(resolve, 6000));
  return {balance: "1"};
};
`, "nodejs22.x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := styled(t, style.Options{Style: style.Poll}, "table, progress: true")
			f, dir := &p.Functions[0], filepath.Dir(p.File)
			for file, content := range map[string]string{c.file: c.code,
				"node_modules/@aws-sdk/client-dynamodb/index.mjs":    nodeSDK,
				"node_modules/@aws-sdk/client-dynamodb/package.json": `{"type": "module", "main": "index.mjs"}`} {
				file = filepath.Join(dir, file)
				if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			f.Code, f.Handler, f.ProgressRole = filepath.Join(dir, c.file), "app.handler", "balance-role"
			f.Runtime = c.runtime
			_, events := playAll(t, call.Options{Project: p, Scenario: scenario.Default()})
			said := 0
			for _, e := range events {
				if e.Text == text {
					said++
				}
			}
			if said != 1 {
				t.Errorf("said %d times: %v", said, events)
			}
		})
	}
}
