package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/instancetest"
)

const (
	devARN  = "arn:aws:connect:eu-west-2:888866667777:instance/aaaaaaaa-2222-4333-8444-555555555555"
	prodARN = "arn:aws:connect:eu-west-2:888866667777:instance/bbbbbbbb-2222-4333-8444-555555555555"
)

// instanceWith is an instance with a prompt, a queue, and the flow of billing that names both.
func instanceWith(t *testing.T, arn, digit string) *instancetest.Server {
	t.Helper()
	s := instancetest.New(t, arn)
	s.Use(t)
	s.Things["prompt"] = []instancetest.Thing{{ID: idWith("a", digit), Name: "welcome"}}
	s.Things["queue"] = []instancetest.Thing{{ID: idWith("b", digit), Name: "Billing team"}}
	s.Add("Billing", "CONTACT_FLOW", billing(arn, digit))
	return s
}

// idWith is an ID that begins with a letter and ends with a digit.
func idWith(letter, digit string) string {
	return strings.Repeat(letter, 8) + "-0000-4000-8000-00000000000" + digit
}

// billing is a flow that plays a prompt and transfers to a queue of an instance.
func billing(arn, digit string) string {
	return `{"Version":"2019-10-30","StartAction":"play","Metadata":{},"Actions":[` +
		`{"Identifier":"play","Type":"MessageParticipant","Parameters":{"PromptId":"` + arn + `/prompt/` +
		idWith("a", digit) + `"},"Transitions":{"NextAction":"set","Errors":[{"NextAction":"end",` +
		`"ErrorType":"NoMatchingError"}],"Conditions":[]}},` +
		`{"Identifier":"set","Type":"UpdateContactTargetQueue","Parameters":{"QueueId":"` + idWith("b", digit) + `"},` +
		`"Transitions":{"NextAction":"go","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}],` +
		`"Conditions":[]}},` +
		`{"Identifier":"go","Type":"TransferContactToQueue","Parameters":{},"Transitions":{"NextAction":"end",` +
		`"Errors":[{"NextAction":"end","ErrorType":"QueueAtCapacity"},{"NextAction":"end",` +
		`"ErrorType":"NoMatchingError"}],"Conditions":[]}},` +
		`{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}`
}

// asked runs the command with arguments on a clock on which requests do not wait, and returns what it prints.
func asked(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	return answered(t, "", args...)
}

// answered runs the command as asked does, with what is typed.
func answered(t *testing.T, input string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	terminal := plainTerminal(&o, &e)
	terminal.clock, terminal.in = &instancetest.Clock{}, strings.NewReader(input)
	code = run(t.Context(), args, terminal)
	return code, o.String(), e.String()
}

// says fails unless the command ended with a code and printed some texts.
func says(t *testing.T, want int, texts []string, args ...string) {
	t.Helper()
	code, out, errs := asked(t, args...)
	if code != want {
		t.Errorf("%v: exit code %d, want %d", args, code, want)
	}
	for _, text := range texts {
		if !strings.Contains(out+errs, text) {
			t.Errorf("%v does not say %q", args, text)
		}
	}
	if t.Failed() {
		t.Fatalf("%s%s", out, errs)
	}
}

// stagesProject is a project with two stages. The queue has a name of its own in it.
func stagesProject() string {
	return `name: bank
jobs: {work: {steps: [work]}}
functions: {work: {arn: "arn:aws:lambda:eu-west-2:888866667777:function:work"}}
stages:
  dev: {instance: "` + devARN + `", queues: {billing: ` + idWith("b", "1") + `}}
  prod: {instance: "` + prodARN + `", queues: {billing: ` + idWith("b", "2") + `}}
`
}

// TestPull: flows are written with names instead of IDs, those of the stage first; edits are not lost.
func TestPull(t *testing.T) {
	s := instanceWith(t, devARN, "1")
	module := s.Add("Look up / v2", "MODULE", `{"Version":"2019-10-30","StartAction":"end","Settings":{},"Actions":[`+
		`{"Identifier":"end","Type":"EndFlowModuleExecution","Parameters":{"Result":"done"},"Transitions":{}}]}`)
	module.Settings = `{"transitions":{"results":[{"name":"done","description":""}]}}`
	t.Chdir(t.TempDir())
	says(t, exitGood, []string{"with a request every 1.0 s.", "Reading 2 flows of " + devARN + " takes about 2.0 s.",
		"new       flows/billing.json", "new       flows/look-up-v2.settings.json"}, "pull", "--instance", devARN)
	text := contents(t, ".")["flows/billing.json"]
	for _, want := range []string{`"${prompt:welcome}"`, `"${queue:Billing-team}"`, `"name": "Billing"`,
		`"type": "contactFlow"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	if settings := contents(t, ".")["flows/look-up-v2.settings.json"]; !strings.Contains(settings, `"name": "done"`) {
		t.Errorf("the settings are %s", settings)
	}
	if code, out, errs := typed(t, "lint"); code != exitGood || strings.Contains(out, "[placeholder]") {
		t.Errorf("lint of what was pulled: exit code %d\n%s%s", code, out, errs)
	}
	writeFiles(t, ".", map[string]string{"connect-async.yaml": stagesProject()})
	says(t, exitGood, []string{"of dev", "replaced  flows/billing.json"}, "pull", "--stage", "dev", "--flow",
		"Billing")
	if text = contents(t, ".")["flows/billing.json"]; !strings.Contains(text, `"${queue:billing}"`) {
		t.Errorf("the stage's name is not used: %s", text)
	}
	says(t, exitGood, []string{"kept      flows/billing.json"}, "pull", "--instance", devARN)
	edited := text + "\n"
	writeFiles(t, ".", map[string]string{"flows/billing.json": edited})
	says(t, exitUsage, []string{"edited since connect-async wrote it: flows/billing.json", "--force"}, "pull",
		"--stage", "dev")
	if contents(t, ".")["flows/billing.json"] != edited {
		t.Error("the edit is lost")
	}
	says(t, exitGood, []string{"replaced"}, "pull", "--stage", "dev", "--force")
	for _, operation := range s.Asked {
		if !strings.HasPrefix(operation, "List") && !strings.HasPrefix(operation, "Describe") {
			t.Errorf("pull makes the request %s", operation)
		}
	}
}

// TestPullWhatHasNoName: IDs that have no name, or share it, stay and are listed; what is not a flow is reported.
func TestPullWhatHasNoName(t *testing.T) {
	s := instanceWith(t, devARN, "1")
	s.Things["prompt"] = append(s.Things["prompt"], instancetest.Thing{ID: idWith("c", "1"), Name: "welcome"})
	s.Add("Broken", "CONTACT_FLOW", `{"modules": []}`)
	t.Chdir(t.TempDir())
	says(t, exitFailed, []string{"flows/billing.json: 1 ID of this instance only, without a name:\n    " + devARN +
		"/prompt/", "Broken:1:1: error: "}, "pull", "--instance", devARN)
	says(t, exitUsage, []string{`no flow or module called "Biling"; did you mean "Billing"?`}, "pull", "--instance",
		devARN, "--flow", "Biling")
	s.Deny = "ListQueues"
	says(t, exitUsage, []string{"ListQueues was refused", "Allow connect:ListQueues"}, "pull", "--instance", devARN,
		"--flow", "Billing", "--force")
}

// TestPullInterrupted: Ctrl-C leaves everything as it was.
func TestPullInterrupted(t *testing.T) {
	instanceWith(t, devARN, "1")
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	w := &interrupter{text: "Reading 1 flow", cancel: cancel}
	terminal := plainTerminal(w, w)
	terminal.clock = &instancetest.Clock{}
	if code := run(ctx, []string{"pull", "--instance", devARN}, terminal); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	if entries, _ := os.ReadDir("."); len(entries) > 0 {
		t.Errorf("%v is left", entries)
	}
}

// TestDiffWithInstance: what is here is compared with what is published, by action, and by names where there are some.
func TestDiffWithInstance(t *testing.T) {
	s := pulled(t)
	diff := []string{"diff", "--stage", "dev"}
	says(t, exitGood, []string{"1 of 1 flow as in dev."}, diff...)
	edit(t, "flows/billing.json", `"StartAction": "play"`, hangUpFirst)
	writeFiles(t, ".", map[string]string{"flows/other.json": soundFlow("${async}"), "flows/notes.json": "[]"})
	says(t, exitUsage, []string{"flows/notes.json"}, diff...)
	writeFiles(t, ".", map[string]string{"flows/notes.json": ""})
	if err := os.Remove("flows/notes.json"); err != nil {
		t.Fatal(err)
	}
	says(t, exitFailed, []string{"Billing (flows/billing.json) in dev:\nThe flow now starts at end (before: play)",
		"other (flows/other.json) is not in dev.", "0 of 2 flows as in dev."}, diff...)
	s.Flow("Billing").Published = strings.Replace(billing(devARN, "1"), `"play","Meta`, `"end","Meta`, 1)
	says(t, exitGood, nil, append(diff, "--flow", "Billing")...)
	code, out, _ := asked(t, append(diff, "--json")...)
	var list []struct {
		Flow, File string
		New        bool
		Changes    []any
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != exitFailed || len(list) != 2 ||
		list[0].File != "flows/billing.json" || list[0].New || list[0].Changes == nil || !list[1].New {
		t.Errorf("%v, exit code %d\n%s", err, code, out)
	}
	// An instance in which things of the same names have other IDs.
	instanceWith(t, prodARN, "2").Flow("Billing").Published = strings.Replace(billing(prodARN, "2"), `"play","Meta`,
		`"end","Meta`, 1)
	says(t, exitGood, []string{"1 of 1 flow as in prod."}, "diff", "--stage", "prod", "--flow", "Billing")
	says(t, exitGood, nil, "diff", "--instance", prodARN, "--flow", "Billing")
	if got := writes(s); len(got) > 0 {
		t.Errorf("diff makes the requests %v", got)
	}
}

// TestLintOfInstance: every published flow is checked, under the name of the file that pull would write and with its
// lines.
func TestLintOfInstance(t *testing.T) {
	s := instanceWith(t, devARN, "1")
	s.Add("Never published", "CONTACT_FLOW", "").Saved = billing(devARN, "1")
	t.Chdir(t.TempDir())
	lint := []string{"lint", "--instance", devARN}
	says(t, exitGood, []string{"Reading 1 flow", "Checked 1 flow"}, lint...)
	faulty := s.Add("Faulty", "CUSTOMER_QUEUE",
		strings.Replace(billing(devARN, "1"), `"NoMatchingError"`, `"Other"`, 1))
	says(t, exitFailed, []string{"flows/faulty.json:", "Checked 2 flows"}, lint...)
	_, found, _ := asked(t, lint...)
	says(t, exitGood, nil, "pull", "--instance", devARN)
	line, _, _ := strings.Cut(strings.TrimPrefix(found[strings.Index(found, "flows/faulty.json:"):],
		"flows/faulty.json:"), ": error")
	if _, out, _ := typed(t, "lint", "flows/faulty.json"); !strings.Contains(out, "flows/faulty.json:"+line+": error") {
		t.Errorf("line %s of the pulled file is not\n%s", line, out)
	}
	faulty.Published = "{}"
	says(t, exitUsage, []string{"flows/faulty.json:1:1: error", "flow-not-a-flow"}, lint...)
	says(t, exitUsage, []string{"Pull the flows to work on them"}, "lint", "--instance", devARN, "--fix")
	if got := writes(s); len(got) > 0 {
		t.Errorf("lint makes the requests %v", got)
	}
}
