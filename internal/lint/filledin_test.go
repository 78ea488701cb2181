package lint_test

import (
	"os"
	"testing"

	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// TestFilledInIsNotJudged replaces one value or key after the other by what a template fills in. No rule finds more
// than before.
func TestFilledInIsNotJudged(t *testing.T) {
	f := filler{t: t, every: testrun.Count(t, 3000, 1)}
	for _, r := range lint.Rules() {
		for _, e := range cases(t, r) {
			setups, _ := makeSetup(t, e)
			f.setup = setups[len(setups)-1]
			f.name = r.ID + "/" + e.Name
			if text, _ := unmark("flow.json", e.Flow); text != "" && len(text) < 20_000 {
				f.fill(text, func(d *lint.Document) bool { return f.useFlow(d) })
			}
			if text, _ := unmark("machine.asl.json", e.Machine); text != "" {
				f.fill(text, func(d *lint.Document) bool { return f.useMachine(d) })
			}
		}
	}
	if os.Getenv("RECORDED_FLOWS") == "" || !testrun.IsHeavy() {
		return
	}
	f.every = 50
	for _, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		text := string(readFile(t, file))
		f.name = file
		if doc, err := lint.Read(file, []byte(text)); err == nil && len(doc.Flows) == 1 && len(text) < 20_000 {
			f.setup = lint.Setup{Flow: doc.Flows[0]}
			f.fill(text, f.useFlow)
		}
	}
}

// filler changes one document of a set-up after the other.
type filler struct {
	t      *testing.T
	name   string
	setup  lint.Setup
	every  int // how many values there are for each that is changed
	values int // so far
}

// useFlow puts a changed flow into the set-up. It is false when the reader of templates does not take it for one.
func (f *filler) useFlow(d *lint.Document) bool {
	if len(d.Flows) != 1 {
		return false
	}
	changed := d.Flows[0]
	if was := f.setup.Flow; was.TypeGiven {
		changed = changed.WithType(was.Type)
	}
	f.setup.Flow = changed
	return true
}

func (f *filler) useMachine(d *lint.Document) bool {
	if len(d.Machines) != 1 {
		return false
	}
	f.setup.Machine = d.Machines[0]
	return true
}

// fill changes the values and keys of a document, one at a time.
func (f *filler) fill(text string, use func(*lint.Document) bool) {
	f.t.Helper()
	doc, err := source.ParseJSON("flow.json", []byte(text))
	if err != nil {
		f.t.Fatal(err)
	}
	original := f.setup
	var before map[string]int
	eachValue(doc, false, func(what string, fillIn func() (undo func())) {
		if f.values++; f.values%f.every != 0 {
			return
		}
		if before == nil {
			before = f.count()
		}
		undo := fillIn()
		changed, err := doc.MarshalJSON()
		undo()
		if err != nil {
			f.t.Fatal(err)
		}
		read, err := lint.Read("flow.json", changed)
		if err != nil || !use(read) {
			return // it is unread, and nothing is said about it
		}
		for rule, n := range f.count() {
			if n > before[rule] {
				f.t.Errorf("%s: with %s filled in, %s finds %d instead of %d", f.name, what, rule, n, before[rule])
			}
		}
	})
	f.setup = original
}

// aboutFilling is the rule that says what an export does not fill in: of a flow that the project itself deploys.
const aboutFilling = "not-deployable"

// count runs the rules and says how much each found that is more than information.
func (f *filler) count() map[string]int {
	count := map[string]int{}
	for _, found := range lint.Run(f.setup) {
		if found.Severity != source.Info && found.Rule != aboutFilling {
			count[found.Rule]++
		}
	}
	return count
}

// attributeKeys are the keys of objects whose keys are names that authors choose.
var attributeKeys = map[string]bool{"LambdaInvocationAttributes": true, "FlowAttributes": true, "Attributes": true}

// eachValue calls visit for each value below a value, and for each key that an author chose, with what fills it in.
func eachValue(n *source.Node, isAttributes bool, visit func(what string, fillIn func() (undo func()))) {
	const filledIn = "${var.x}"
	value := func(key string, of *source.Node) {
		visit(key+" "+text(of), func() func() {
			was := *of
			*of = source.Node{Kind: source.String, Text: filledIn}
			return func() { *of = was }
		})
		eachValue(of, attributeKeys[key], visit)
	}
	for _, item := range n.Items {
		value("item", item)
	}
	for i := range n.Members {
		m := &n.Members[i]
		value(m.Key, m.Value)
		if !isAttributes {
			continue
		}
		visit("the key "+m.Key, func() func() {
			was := m.Key
			m.Key = filledIn
			return func() { m.Key = was }
		})
	}
}

// text is the beginning of a value, for messages.
func text(n *source.Node) string {
	b, _ := n.MarshalJSON()
	return string(b[:min(len(b), 60)])
}
