package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowdiff"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/instance"
	"github.com/connect-async/connect-async/internal/instancetest"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// twoInstances are instances in which things of the same names have other IDs.
type twoInstances struct {
	dev, prod *instancetest.Server
	ids       map[string]string // of dev, by that in prod
	texts     map[string]string // ARNs in dev, by what a recorded flow has instead
}

// thing adds something of a kind to both instances, and returns its ARN in dev.
func (w *twoInstances) thing(p flowlang.Placeholder) string {
	n := len(w.ids)
	name := fmt.Sprintf("%s %d", p.Kind, n)
	for _, s := range []*instancetest.Server{w.dev, w.prod} {
		id := fmt.Sprintf("%.8s-0000-4000-8000-%012d", s.ARN[strings.LastIndex(s.ARN, "/")+1:], n)
		p.Name = id
		arn := p.InInstance(s.ARN)
		switch p.Kind {
		case flowlang.FlowKind:
			s.Add(name, "CONTACT_FLOW", `{"Version": "2019-10-30", "StartAction": "", "Actions": []}`).ID = id
		case flowlang.ModuleKind:
			s.Add(name, "MODULE", `{"Version": "2019-10-30", "StartAction": "", "Actions": []}`).ID = id
		default:
			resource := strings.Split(strings.TrimPrefix(arn, s.ARN+"/"), "/")[0]
			s.Things[resource] = append(s.Things[resource], instancetest.Thing{ID: id, Name: name})
		}
	}
	w.ids[w.prod.ARN+"/"] = w.dev.ARN + "/"
	w.ids[p.Name] = strings.Replace(p.Name, "bbbbbbbb", "aaaaaaaa", 1)
	p.Name = w.ids[p.Name]
	return p.InInstance(w.dev.ARN)
}

// value is an ARN for what a recorded flow names: of a thing of dev, or of what both instances share.
func (w *twoInstances) value(id flowlang.Identity) string {
	if id.Name == "LambdaFunctionARN" {
		return "arn:aws:lambda:eu-west-2:888866667777:function:work"
	}
	for _, kind := range []string{"prompt", "queue", "hours", flowlang.FlowKind, flowlang.ModuleKind, "agent"} {
		if p := (flowlang.Placeholder{Kind: kind}); id.Takes(p) {
			return w.thing(p)
		}
	}
	return "arn:aws:connect:eu-west-2:aws:view/form:1"
}

// seed puts a recorded flow into dev, with things of dev where it names some.
func (w *twoInstances) seed(t *testing.T, file string) *flowlang.Flow {
	t.Helper()
	doc, err := source.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := flowlang.Read(file, doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range f.Actions {
		for _, id := range a.Identities() {
			if w.texts[id.Node.Text] == "" {
				w.texts[id.Node.Text] = w.value(id)
			}
		}
	}
	content, err := f.Doc.ReplaceStrings(w.texts).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	w.dev.Add(strings.TrimSuffix(filepath.Base(file), ".json"), string(f.Type), string(content))
	return f
}

// TestRecordedFlowsMove pulls every recorded flow from one instance, and pushes it to another one in which things of
// the same names have other IDs: what is sent is the same by meaning, with these IDs. What lint has no error in is
// published there, and pulled from there it is the same file.
func TestRecordedFlowsMove(t *testing.T) {
	files := testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json")
	w := &twoInstances{ids: map[string]string{}, texts: map[string]string{}}
	w.dev, w.prod = instancetest.New(t, devARN), instancetest.New(t, prodARN)
	var flows []*flowlang.Flow
	for _, file := range files[:testrun.Count(t, 6, len(files))] {
		flows = append(flows, w.seed(t, file))
	}
	dir := t.TempDir()
	t.Chdir(dir)
	w.dev.Use(t)
	says(t, exitGood, nil, "pull", "--instance", devARN)
	w.prod.Use(t)
	c, err := instanceOptions{dir: ".", arn: prodARN}.open(clocked())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.connect(t.Context(), clocked()); err != nil {
		t.Fatal(err)
	}
	published := 0
	for _, f := range flows {
		name := strings.TrimSuffix(filepath.Base(f.File), ".json")
		w.sendsTheSame(t, c, name)
		code, out, errs := asked(t, "push", "--instance", prodARN, "--flow", name, "--yes")
		switch {
		case code == exitGood:
			published++
		case !strings.Contains(errs, "Nothing pushed: lint has errors."):
			t.Errorf("%s: exit code %d\n%s%s", name, code, out, errs)
		}
	}
	t.Logf("%d of %d flows are published; the others have errors", published, len(flows))
	if len(flows)-published > 1 { // one names flows and a queue by empty strings
		t.Errorf("only %d of %d flows are published", published, len(flows))
	}
	before := contents(t, ".")
	says(t, exitGood, nil, "pull", "--instance", prodARN)
	for file, text := range contents(t, ".") {
		if was, ok := before[file]; ok && was != text && !strings.Contains(file, ".connect-async-") {
			t.Errorf("%s is another file when it is pulled from the instance that it was pushed to", file)
		}
	}
}

// clocked is a terminal that nobody sees, on a clock on which requests do not wait.
func clocked() *terminal {
	t := plainTerminal(os.Stderr, os.Stderr)
	t.clock = &instancetest.Clock{}
	return t
}

// sendsTheSame checks that a push to prod would send what dev has, with the IDs of prod.
func (w *twoInstances) sendsTheSame(t *testing.T, c *connected, name string) {
	t.Helper()
	local, err := c.localFlow(clocked(), name)
	if err != nil {
		t.Fatal(err)
	}
	d, missing, err := c.Prepare(t.Context(), instance.Comparison{Local: local, IsNew: true})
	if err != nil || len(missing) > 0 {
		t.Fatalf("%s: %v %v", name, missing, err)
	}
	sent := d.Content
	for prod, dev := range w.ids {
		sent = strings.ReplaceAll(sent, prod, dev)
	}
	diff := flowdiff.Compare(parsed(t, w.dev.Flow(name).Published), parsed(t, sent))
	diff.Changes = slices.DeleteFunc(diff.Changes, func(c flowdiff.Change) bool { return c.Part == "name" })
	if !diff.Same() {
		t.Errorf("%s is sent otherwise:", name)
		_ = diff.Write(os.Stderr)
	}
}

// parsed reads a content.
func parsed(t *testing.T, content string) *flowlang.Flow {
	t.Helper()
	f, err := flowlang.Parse("content", []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return f
}
