package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/connect-async/connect-async/internal/instancetest"
)

// edit changes a text in a file that was pulled.
func edit(t *testing.T, file, old, with string) {
	t.Helper()
	text := contents(t, ".")[file]
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %s:\n%s", file, old, text)
	}
	writeFiles(t, ".", map[string]string{file: strings.Replace(text, old, with, 1)})
}

// writes are the requests that changed the instance.
func writes(s *instancetest.Server) []string {
	return slices.DeleteFunc(slices.Clone(s.Asked), func(operation string) bool {
		return strings.HasPrefix(operation, "List") || strings.HasPrefix(operation, "Describe")
	})
}

// pulled is an instance whose flows were pulled into the current folder.
func pulled(t *testing.T) *instancetest.Server {
	t.Helper()
	s := instanceWith(t, devARN, "1")
	t.Chdir(t.TempDir())
	writeFiles(t, ".", map[string]string{"connect-async.yaml": stagesProject()})
	says(t, exitGood, nil, "pull", "--stage", "dev")
	return s
}

const hangUpFirst = `"StartAction": "end"`

// TestPush: a flow that was changed is published with the IDs of the instance, what was published is kept, and a
// rollback publishes it again; a second one takes that back.
func TestPush(t *testing.T) {
	s := pulled(t)
	before := s.Flow("Billing").Published
	says(t, exitGood, []string{"Nothing to push: Billing is the same in dev."}, "push", "--stage", "dev", "--flow",
		"Billing", "--yes")
	edit(t, "flows/billing.json", `"StartAction": "play"`, hangUpFirst)
	says(t, exitGood, []string{"Billing in dev:\nThe flow now starts at end", "Published Billing in dev.",
		"What it replaced is in flows/.connect-async-replaced/"}, "push", "--stage", "dev", "--flow", "Billing",
		"--yes")
	after := s.Flow("Billing").Published
	for _, want := range []string{devARN + "/prompt/" + idWith("a", "1"), idWith("b", "1"), `"StartAction":"end"`} {
		if !strings.Contains(after, want) || strings.Contains(after, "${") {
			t.Errorf("%s is not in %s", want, after)
		}
	}
	says(t, exitGood, []string{"Nothing to push"}, "push", "--stage", "dev", "--flow", "flows/billing.json")
	for _, want := range []string{before, after, before} {
		says(t, exitGood, []string{"Published Billing in dev."}, "push", "--stage", "dev", "--flow", "Billing",
			"--rollback", "--yes")
		if s.Flow("Billing").Published != want {
			t.Errorf("a rollback publishes %s, not %s", s.Flow("Billing").Published, want)
		}
	}
}

// TestPushAsks: without --yes nothing is pushed unless somebody says so, not even from a pipe that has ended.
func TestPushAsks(t *testing.T) {
	s := pulled(t)
	edit(t, "flows/billing.json", `"StartAction": "play"`, hangUpFirst)
	for input, want := range map[string]int{"": exitFailed, "\n": exitFailed, "n\n": exitFailed, "yes\n": exitGood} {
		if len(writes(s)) > 0 {
			continue // the answer yes came first
		}
		code, out, errs := answered(t, input, "push", "--stage", "dev", "--flow", "Billing")
		if code != want || !strings.Contains(errs, "Publish Billing in dev? [no]") ||
			(len(writes(s)) > 0) != (want == exitGood) {
			t.Errorf("%q: exit code %d\n%s%s", input, code, out, errs)
		}
	}
}

// TestPushRefuses: what would lose somebody's change, or cannot be right, is not pushed.
func TestPushRefuses(t *testing.T) {
	s := pulled(t)
	edit(t, "flows/billing.json", `"StartAction": "play"`, hangUpFirst)
	s.Flow("Billing").Published = strings.Replace(billing(devARN, "1"), `"play","Meta`, `"set","Meta`, 1)
	push := []string{"push", "--stage", "dev", "--flow", "Billing", "--yes"}
	says(t, exitFailed, []string{"flows/billing.json: error: what is published has changed since it was pulled",
		"Pull it again", "--force"}, push...)
	says(t, exitGood, []string{"Published"}, append(push, "--force")...)
	edit(t, "flows/billing.json", `"${queue:billing}"`, `"${queue:support}"`)
	says(t, exitUsage, []string{"flows/billing.json:", "the instance has nothing that ${queue:support} means",
		"Add it to the stage dev in the project file: queues: {support: ARN}."}, push...)
	edit(t, "flows/billing.json", `"${queue:support}"`, `"`+idWith("e", "9")+`"`)
	says(t, exitFailed, []string{"flows/billing.json:", "Amazon Connect refuses to publish it",
		`Actions[`, `(action "set")`, "Nothing pushed."}, push...)
	edit(t, "flows/billing.json", `"DisconnectParticipant"`, `"DisconnectParticipants"`)
	says(t, exitFailed, []string{"flows/billing.json:", "Nothing pushed: lint has errors."}, push...)
	says(t, exitUsage, []string{`no flow here is called "Biling"; did you mean "Billing"?`}, "push", "--stage", "dev",
		"--flow", "Biling")
	if got := writes(s); len(got) != 2 { // that with --force, and the one that the service refused
		t.Errorf("the requests are %v", got)
	}
}

// TestPushElsewhere: a flow is created in another instance, with the IDs that things of the same names have there, and
// from then on updated. One that was not pulled from there is not replaced.
func TestPushElsewhere(t *testing.T) {
	pulled(t)
	prod := instanceWith(t, prodARN, "2")
	push := []string{"push", "--stage", "prod", "--flow", "Billing", "--yes"}
	prod.Flow("Billing").Name = "Other"
	says(t, exitGood, []string{"Billing is new in prod: 4 blocks.", "Published Billing in prod."}, push...)
	if got, want := prod.Flow("Billing").Published, prodARN+"/prompt/"+idWith("a", "2"); !strings.Contains(got, want) {
		t.Errorf("%s is not in %s", want, got)
	}
	edit(t, "flows/billing.json", `"StartAction": "play"`, hangUpFirst)
	says(t, exitGood, []string{"Published Billing in prod."}, push...)
	says(t, exitGood, nil, "push", "--stage", "prod", "--flow", "Billing", "--yes", "--rollback")
	third := instanceWith(t, prodARN, "2")
	writeFiles(t, ".", map[string]string{"flows/.connect-async-instances.json": `{"instances": {}}`})
	says(t, exitFailed, []string{"the flow was not pulled from this instance, which has one of this name"}, push...)
	if len(writes(third)) > 0 {
		t.Errorf("%v", writes(third))
	}
}

// TestPushSaves: what is only saved is not published, and a draft that was there is kept.
func TestPushSaves(t *testing.T) {
	s := pulled(t)
	published := s.Flow("Billing").Published
	s.Flow("Billing").Saved = strings.Replace(published, `"play","Meta`, `"go","Meta`, 1)
	draft := s.Flow("Billing").Saved
	edit(t, "flows/billing.json", `"StartAction": "play"`, hangUpFirst)
	says(t, exitGood, []string{"Saved Billing in dev.", "never published is replaced, too, and kept",
		"0001.saved.json"}, "push", "--stage", "dev", "--flow", "Billing", "--save", "--yes")
	if f := s.Flow("Billing"); f.Published != published || !strings.Contains(f.Saved, `"StartAction":"end"`) {
		t.Errorf("%+v", f)
	}
	kept := contents(t, ".")["flows/.connect-async-replaced/"+devARN[strings.LastIndex(devARN, "/")+1:]+
		"/billing/0001.saved.json"]
	if !strings.Contains(strings.ReplaceAll(kept, `\"`, `"`), draft) {
		t.Errorf("the draft is not kept: %s", kept)
	}
	says(t, exitUsage, []string{"nothing was kept of this flow"}, "push", "--stage", "dev", "--flow", "Billing",
		"--rollback", "--yes")
}

// TestPullAfterPush: what was pushed is not in the way of the next pull, however it is written, but what was edited
// since is.
func TestPullAfterPush(t *testing.T) {
	pulled(t)
	edit(t, "flows/billing.json", `"StartAction": "play"`, `  `+hangUpFirst)
	says(t, exitUsage, []string{"edited since"}, "pull", "--stage", "dev")
	says(t, exitGood, []string{"Published"}, "push", "--stage", "dev", "--flow", "Billing", "--yes")
	says(t, exitGood, []string{"replaced  flows/billing.json"}, "pull", "--stage", "dev")
	edit(t, "flows/billing.json", hangUpFirst, `"StartAction": "set"`)
	says(t, exitUsage, []string{"edited since"}, "pull", "--stage", "dev")
	says(t, exitGood, []string{"Published"}, "push", "--stage", "dev", "--flow", "Billing", "--rollback", "--yes")
	says(t, exitUsage, []string{"edited since"}, "pull", "--stage", "dev")
}

// TestPushWithoutDraft: an instance that has nothing saved of a published flow has nothing more to keep.
func TestPushWithoutDraft(t *testing.T) {
	s := pulled(t)
	s.ForgetsDrafts = true
	edit(t, "flows/billing.json", `"StartAction": "play"`, hangUpFirst)
	says(t, exitGood, []string{"Published Billing in dev."}, "push", "--stage", "dev", "--flow", "Billing", "--yes")
}

// TestPushInterrupted: Ctrl-C at the question leaves the instance and the files as they were.
func TestPushInterrupted(t *testing.T) {
	s := pulled(t)
	edit(t, "flows/billing.json", `"StartAction": "play"`, hangUpFirst)
	before := contents(t, ".")
	ctx, cancel := context.WithCancel(t.Context())
	w := &interrupter{text: "Publish Billing in dev?", cancel: cancel}
	terminal := plainTerminal(w, w)
	typing, typed := io.Pipe() // nobody types
	defer typed.Close()
	terminal.clock, terminal.in = &instancetest.Clock{}, typing
	if code := run(ctx, []string{"push", "--stage", "dev", "--flow", "Billing"}, terminal); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	if diff := cmp.Diff(before, contents(t, ".")); diff != "" || len(writes(s)) > 0 {
		t.Errorf("%v is written\n%s", writes(s), diff)
	}
}

// TestPushModule: the settings of a module are pushed with it, and shown where they differ.
func TestPushModule(t *testing.T) {
	s := pulled(t)
	s.Add("Look up", "MODULE", lookUp).Settings = `{"transitions":{"results":[{"name":"done","description":""}]}}`
	says(t, exitGood, nil, "pull", "--stage", "dev")
	edit(t, "flows/look-up.json", `"Result": "done"`, `"Result": "found"`)
	says(t, exitFailed, []string{"Actions[0].Parameters.Result"}, "push", "--stage", "dev", "--flow", "Look up",
		"--yes")
	edit(t, "flows/look-up.settings.json", `"done"`, `"found"`)
	says(t, exitGood, []string{"settings", "Published Look up in dev."}, "push", "--stage", "dev", "--flow", "Look up",
		"--yes")
	if f := s.Flow("Look up"); !strings.Contains(f.Settings, `"found"`) || !strings.Contains(f.Published, `"found"`) {
		t.Errorf("%+v", f)
	}
	writeFiles(t, ".", map[string]string{"flows/look-up.settings.json": "{"})
	says(t, exitUsage, []string{"look-up.settings.json: error: the settings of the module are not JSON"}, "push",
		"--stage", "dev", "--flow", "Look up")
}

const lookUp = `{"Version":"2019-10-30","StartAction":"end","Settings":{},"Actions":[` +
	`{"Identifier":"end","Type":"EndFlowModuleExecution","Parameters":{"Result":"done"},"Transitions":{}}]}`

// TestPushManaged: what an export ships is not pushed, and not pulled, but compared.
func TestPushManaged(t *testing.T) {
	s := instanceWith(t, devARN, "1")
	t.Chdir(t.TempDir())
	writeFiles(t, ".", map[string]string{
		"connect-async.yaml": stagesProject() + "flows: [{file: own.json, type: inbound, managed: true}]\n",
		"own.json":           soundFlow("${async}"),
	})
	s.Add("bank-dev-own", "CONTACT_FLOW", billing(devARN, "1"))
	says(t, exitGood, []string{"bank-dev-own is exported from own.json, and left out."}, "pull", "--stage", "dev")
	says(t, exitUsage, []string{"own.json is managed: export ships it"}, "push", "--stage", "dev", "--flow",
		"bank-dev-own", "--yes")
	says(t, exitFailed, []string{"bank-dev-own (own.json) in dev:"}, "diff", "--stage", "dev")
	s.Flow("bank-dev-own").Published = soundFlow("arn:aws:lambda:eu-west-2:888866667777:function:bank-dev-async")
	says(t, exitGood, []string{"as in dev."}, "diff", "--stage", "dev", "--flow", "own.json")
}
