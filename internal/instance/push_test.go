package instance_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/instance"
	"github.com/connect-async/connect-async/internal/manifest"
	"github.com/connect-async/connect-async/internal/source"
)

// TestCompare: neither the form of an ID nor the order of actions is a difference, and a flow that is not there is new.
func TestCompare(t *testing.T) {
	api := newFake(map[string]string{"QueueId": id("1"), "PromptId": "$.Attributes.prompt"})
	in := &instance.Instance{ARN: arn, API: api}
	for value, want := range map[string]bool{"${queue:Billing-team}": true, arn + "/queue/" + id("1"): true,
		id("1"): true, id("2"): false} {
		l := local(t, "Main.json", flowWith(map[string]string{"QueueId": value, "PromptId": "$.Attributes.prompt"}))
		c, err := in.Compare(t.Context(), l)
		if err != nil || c.IsNew || c.Same() != want {
			t.Errorf("%s: %v %+v", value, err, c.Changes)
		}
		if changed := c.Changed(c.Version.Hash); changed != nil {
			t.Errorf("%v", changed)
		}
		if changed := c.Changed("other"); (changed == nil) != want {
			t.Errorf("%s: %v", value, changed)
		}
	}
	c, err := in.Compare(t.Context(), local(t, "Other.json", flowWith(nil)))
	if err != nil || !c.IsNew || c.Changed("other") != nil {
		t.Errorf("%v %+v", err, c)
	}
}

// TestHash: the hash is of what a flow says, not of how its content is written.
func TestHash(t *testing.T) {
	content := flowWith(map[string]string{"QueueId": "1", "PromptId": "2"})
	hash := func(content, settings string) string {
		h, err := instance.HashOf(instance.Document{Name: "a", Content: content, Settings: settings})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	same := hash(content, "")
	if hash(strings.ReplaceAll(content, " ", "\n"), "{}") != same ||
		hash(strings.Replace(content, `"1"`, `"3"`, 1), "") == same || hash(content, `{"input": {}}`) == same {
		t.Error("a hash is wrong")
	}
	if _, err := instance.HashOf(instance.Document{Content: "{"}); err == nil {
		t.Error("what is not JSON has a hash")
	}
}

// TestPushErrors: problems of the service are findings with the places of the actions that they are about, also when
// there is no such action.
func TestPushErrors(t *testing.T) {
	api := newFake(nil)
	api.refuses = []string{"Invalid Action property value. Path: Actions[0].Parameters",
		"Invalid branch. Path: 0.Evaluate", "Path: Actions[7]", "Actions[99999999999999999999]", "Empty value"}
	in := &instance.Instance{ARN: arn, API: api}
	l := local(t, "Main.json", "\n"+flowWith(map[string]string{"QueueId": id("1")}))
	_, found, err := in.Push(t.Context(), l, instance.Document{ID: id("5"), Type: "CONTACT_FLOW"}, false)
	if err != nil || len(found) != len(api.refuses) {
		t.Fatalf("%v %v", found, err)
	}
	for n, f := range found {
		if f.Code != instance.CodeRefused || (f.Pos.Line == 2) != (n < 2) {
			t.Errorf("%+v", f)
		}
	}
	_, _, err = in.Push(t.Context(), l, instance.Document{Type: string(flowlang.Module)}, true)
	if f, _ := errors.AsType[source.Finding](err); f.Code != instance.CodeNewSave || f.Remedy == "" {
		t.Errorf("a new module that is only saved: %v", err)
	}
	d, found, err := in.Push(t.Context(), l, instance.Document{Type: "CONTACT_FLOW"}, true)
	if d.ID != "new" || err != nil || len(found) > 0 {
		t.Errorf("%+v %v %v", d, found, err)
	}
}

// TestNewModule: a module that is created without a file of settings has those that it needs.
func TestNewModule(t *testing.T) {
	in := &instance.Instance{ARN: arn, API: newFake(nil)}
	const module = `{"Version": "2019-10-30", "StartAction": "a", "Settings": {}, "Actions": [{"Identifier": "a",` +
		` "Type": "EndFlowModuleExecution", "Parameters": {"Result": "found"}, "Transitions": {}}]}`
	c := instance.Comparison{Local: local(t, filepath.Join(t.TempDir(), "m.json"), module), IsNew: true}
	d, _, err := in.Prepare(t.Context(), c)
	if err != nil || !strings.Contains(d.Settings, `"name":"found"`) || d.Name != "m" {
		t.Errorf("%v %+v", err, d)
	}
	c.IsNew = false
	if d, _, err := in.Prepare(t.Context(), c); err != nil || d.Settings != "" {
		t.Errorf("%v %+v", err, d)
	}
}

// keep writes what a history keeps.
func keep(t *testing.T, dir string, h instance.History, d instance.Document, isDraft bool) (name string, isNew bool) {
	t.Helper()
	file, isNew, err := h.Keep(d, isDraft)
	if err == nil && isNew {
		_, err = manifest.Writer{Dir: dir, By: "push"}.Write([]manifest.File{file})
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.Name, isNew
}

// TestHistory: what is replaced is kept once in a row, and the last that is not published is found again.
func TestHistory(t *testing.T) {
	dir := t.TempDir()
	h := instance.HistoryOf(dir, &instance.Instance{ARN: arn}, "main.json")
	version := func(n string) instance.Document {
		return instance.Document{ID: id("5"), Name: "Main", Type: "CONTACT_FLOW",
			Content: flowWith(map[string]string{"QueueId": id(n)})}
	}
	hash := func(d instance.Document) string {
		h, err := instance.HashOf(d)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	if _, _, err := h.Last("any"); err == nil || !strings.Contains(err.Error(), instance.CodeNothingKept) {
		t.Errorf("an empty history: %v", err)
	}
	for _, step := range []struct {
		version string
		isDraft bool
		isNew   bool
		file    string
	}{
		{version: "1", isNew: true, file: "0001.json"}, {version: "1"}, {version: "2", isNew: true, file: "0002.json"},
		{version: "2", isDraft: true, isNew: true, file: "0003.saved.json"}, {version: "2"},
		{version: "1", isNew: true, file: "0004.json"},
	} {
		name, isNew := keep(t, dir, h, version(step.version), step.isDraft)
		if isNew != step.isNew || isNew && filepath.Base(name) != step.file {
			t.Errorf("%+v: %s %t", step, name, isNew)
		}
	}
	for published, want := range map[string]string{"1": "0002.json", "2": "0004.json", "3": "0004.json"} {
		if _, file, err := h.Last(hash(version(published))); err != nil || filepath.Base(file) != want {
			t.Errorf("when %s is published: %s %v", published, file, err)
		}
	}
	module := instance.Document{ID: id("6"), Name: "m", Type: string(flowlang.Module), Content: flowWith(nil),
		Settings: `{"input":{}}`}
	other := instance.HistoryOf(dir, &instance.Instance{ARN: arn}, "m.json")
	name, _ := keep(t, dir, other, module, false)
	if d, _, err := other.Last(""); err != nil || d != module {
		t.Errorf("%v %+v", err, d)
	}
	for _, text := range []string{"{", "{}", "[]"} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := other.Last(""); err == nil || !strings.Contains(err.Error(), instance.CodeKept) {
			t.Errorf("%s: %v", text, err)
		}
		if _, _, err := other.Keep(module, false); err == nil {
			t.Errorf("%s is taken for what was kept", text)
		}
	}
}

// TestRecord: a record is read as it is written; one that is not one is refused.
func TestRecord(t *testing.T) {
	dir := t.TempDir()
	r, err := instance.ReadRecord(dir)
	if err != nil || len(r.Instances) > 0 || instance.IsPulled(filepath.Join(dir, "a.json")) {
		t.Errorf("%v %v", r, err)
	}
	want := instance.Entry{Name: "A", Type: "CONTACT_FLOW", ID: id("1"), Published: "hash"}
	r.Set(arn, "a.json", want)
	if _, err := (manifest.Writer{Dir: dir, By: "pull"}).Write([]manifest.File{r.File()}); err != nil {
		t.Fatal(err)
	}
	r, err = instance.ReadRecord(dir)
	if err != nil || r.Of(arn, "a.json") != want || r.Of("other", "a.json") != (instance.Entry{}) {
		t.Errorf("%v %v", r, err)
	}
	if !instance.IsPulled(filepath.Join(dir, "a.json")) {
		t.Error("what was pulled is not known as such")
	}
	for _, text := range []string{"", "{", "[]", "{}", `{"instances": []}`, `{"instances": null}`} {
		if err := os.WriteFile(filepath.Join(dir, instance.RecordFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := instance.ReadRecord(dir); err == nil || !strings.Contains(err.Error(), instance.CodeRecord) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
