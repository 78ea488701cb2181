package lint_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/playtest"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
)

// setups are the flows of a file, each with nothing around it.
func setups(t *testing.T, file string, text []byte) []lint.Setup {
	t.Helper()
	doc, err := lint.Read(file, text)
	if err != nil {
		t.Fatal(err)
	}
	var list []lint.Setup
	for _, f := range doc.Flows {
		list = append(list, lint.Setup{Flow: f})
	}
	return list
}

// fix mends a flow in a file of its own.
func fix(t *testing.T, file string, text []byte, sorry string) lint.Fixed {
	t.Helper()
	fixed, err := lint.Fix(file, text, setups(t, file, text), sorry)
	if err != nil {
		t.Fatal(err)
	}
	return fixed
}

// TestFix: the flows in testdata/fix become what is beside them, and the changes are said. The first line of an archive
// may be what is said to a caller.
func TestFix(t *testing.T) {
	archives, err := filepath.Glob("testdata/fix/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for _, name := range archives {
		archive := txtar.Parse(readFile(t, name))
		text := archive.Files[0].Data
		_, sorry, _ := strings.Cut(string(bytes.TrimSpace(archive.Comment)), "--sorry ")
		fixed := fix(t, "flow.json", text, sorry)
		var changes []string
		for _, c := range fixed.Changes {
			changes = append(changes, c.String()+"\n")
			covered[c.Rule] = true
		}
		archive.Files = []txtar.File{{Name: "flow.json", Data: text}, {Name: "fixed.json", Data: fixed.Text},
			{Name: "changes", Data: []byte(strings.Join(changes, ""))}}
		testrun.Generated(t, name, string(txtar.Format(archive)))
		checkFixed(t, name, text, fixed)
	}
	for _, r := range lint.Rules() {
		if r.Fixes() && (r.Fix.Does == "" || !covered[r.ID]) {
			t.Errorf("%s: mended in no archive, or without a sentence that says how", r.ID)
		}
	}
}

// checkFixed checks what holds of everything that is mended: no finding that was not there, no action changed that is
// not named, and nothing left to do.
func checkFixed(t *testing.T, name string, text []byte, fixed lint.Fixed) {
	t.Helper()
	if len(fixed.Changes) == 0 {
		if !bytes.Equal(fixed.Text, text) || fixed.Findings != 0 {
			t.Errorf("%s: changed without saying so", name)
		}
		return
	}
	before, after := bySubject(lintText(t, "flow.json", text)), bySubject(lintText(t, "flow.json", fixed.Text))
	for what, n := range after {
		if n > before[what] {
			t.Errorf("%s: a new finding: %s", name, what)
		}
	}
	named := map[string]bool{}
	for _, c := range fixed.Changes {
		named[c.Action] = true
	}
	old, mended := rawActions(t, text), rawActions(t, fixed.Text)
	for id, raw := range mended {
		if !named[id] && raw != old[id] {
			t.Errorf("%s: %q is not named, but became %s", name, id, raw)
		}
	}
	if again := fix(t, "flow.json", fixed.Text, ""); len(again.Changes) > 0 {
		t.Errorf("%s: mended again: %v", name, again.Changes)
	}
}

func bySubject(found []lint.Finding) map[string]int {
	count := map[string]int{}
	for _, f := range found {
		count[f.Rule+" of "+f.Subject]++
	}
	return count
}

// rawActions are the actions of a flow as they are written, by identifier. What else the flow has is under "", without
// the positions of blocks.
func rawActions(t *testing.T, text []byte) map[string]string {
	t.Helper()
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &doc); err != nil {
		t.Fatal(err)
	}
	var list []json.RawMessage
	if err := json.Unmarshal(doc["Actions"], &list); err != nil {
		t.Fatal(err)
	}
	raw := map[string]string{}
	for _, item := range list {
		var a struct{ Identifier string }
		_ = json.Unmarshal(item, &a) // an item of another kind is under "", too
		raw[a.Identifier] += string(item)
	}
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		if key != "Actions" && key != "Metadata" {
			raw[""] += key + string(doc[key])
		}
	}
	return raw
}

// mendedPlants are the kinds of planted faults that have one right answer.
var mendedPlants = []string{
	"wrong version", "type in another case", "key directly on an action", "missing required error",
	"error that cannot be", "operator that does not exist", "unknown parameter", "loop with the old names",
	"documented parameter of Wait", "documented name of UntagContact",
	"branches of a transfer that does not come back", "timeout branch of stored input",
	"menu without its timeout branch", "parameter that event hooks do not have",
	"queue metric without its no-match branch",
}

// TestFixPlanted plants every kind of fault where a contact begins: those that have one right answer are gone, and the
// flow can be played; a flow with another stays as it is, to the byte.
func TestFixPlanted(t *testing.T) {
	sound := []byte(wrap(`[
		{"Identifier": "hello", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"},
		 "Transitions": {"NextAction": "channel",
		  "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "channel"}]}},
		{"Identifier": "channel", "Type": "Compare", "Parameters": {"ComparisonValue": "$.Channel"},
		 "Transitions": {"NextAction": "end",
		  "Conditions": [{"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["CHAT"]}}],
		  "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "end"}]}}]`))
	if fixed := fix(t, "flow.json", sound, ""); len(fixed.Changes) > 0 {
		t.Fatalf("the flow without planted faults is changed: %v", fixed.Changes)
	}
	for _, p := range plants {
		doc := decode(t, sound)
		p.into(doc)
		if last := actions(doc)[len(actions(doc))-1].(object); last["Identifier"] == "planted" {
			doc["StartAction"] = "planted"
		}
		text, err := json.MarshalIndent(doc, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		fixed := fix(t, "flow.json", text, "")
		checkFixed(t, p.name, text, fixed)
		left := count(lintText(t, "flow.json", fixed.Text))
		isMended := !slices.ContainsFunc(p.rules, func(rule string) bool { return left[rule] > 0 })
		// One of the planted actions also has an error branch that leads where success does.
		isPlanted := func(c lint.Change) bool { return c.Rule != "error-like-success" }
		isChanged := slices.ContainsFunc(fixed.Changes, isPlanted)
		switch wanted := slices.Contains(mendedPlants, p.name); {
		case isMended != wanted || isChanged != wanted:
			t.Errorf("%s: mended %v, want %v: %v", p.name, isMended, wanted, fixed.Changes)
		case wanted:
			plays(t, p.name, fixed.Text)
		}
	}
}

// plays plays a flow with functions that fail at random: every path has an end.
func plays(t *testing.T, name string, text []byte) {
	t.Helper()
	read, err := flowlang.Parse("flow.json", text)
	if err != nil {
		t.Fatal(err)
	}
	playtest.Ends(t, name, read, `{"sfn_result": "SUCCESS", "count": "1", "execution_id": "x"}`)
}

// TestFixFiles: a flow is mended where its file has it, and everything around it stays to the byte.
func TestFixFiles(t *testing.T) {
	flow := wrap(`[{"Identifier": "ask", "Type": "GetParticipantInput", "Parameters": {"Text": "Gr\u00fc\u00df \/ Gott",
		"InputTimeLimitSeconds": "5", "VoiceId": 1.50}, "Transitions": {"NextAction": "end", "Errors": [
		{"ErrorType": "NoMatchingError", "NextAction": "end"},
		{"ErrorType": "NoMatchingCondition", "NextAction": "end"}]}}]`)
	want := strings.NewReplacer(
		`, "VoiceId": 1.50`, ``,
		`"NoMatchingCondition", "NextAction": "end"}]`, `"NoMatchingCondition", "NextAction": "end"},`+"\n"+
			"\t\t"+`{"NextAction": "end", "ErrorType": "InputTimeLimitExceeded"}]`,
	).Replace(flow)
	quoted := func(text string) string {
		return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text)
	}
	const answer = `{"ContactFlow": {"Content": "%s", "Id": 1e2}}`
	for name, form := range map[string]func(string) string{
		"flow":       func(flow string) string { return flow },
		"mark":       func(flow string) string { return "\ufeff" + flow + "\r\n" },
		"line ends":  func(flow string) string { return strings.ReplaceAll(flow, "\n", "\r\n") },
		"string":     func(flow string) string { return `"` + quoted(flow) + `"` },
		"answer":     func(flow string) string { return fmt.Sprintf(answer, quoted(flow)) },
		"mark there": func(flow string) string { return "\ufeff" + fmt.Sprintf(answer, quoted(flow)) },
	} {
		fixed := fix(t, "flow.json", []byte(form(flow)), "")
		if got := string(fixed.Text); got != form(want) {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, form(want))
		}
	}
	for file, text := range map[string]string{
		"flow.yaml": "Resources:\n  Flow:\n    Type: AWS::Connect::ContactFlow\n    Properties:\n" +
			"      Type: CONTACT_FLOW\n      Content: '" + strings.ReplaceAll(flow, "\n", "") + "'\n",
		"two.json": `{"ContactFlow": {"Content": "` + quoted(flow) + `"}, "Version": "2019-10-30", "Actions": []}`,
	} {
		fixed, err := lint.Fix(file, []byte(text), setups(t, file, []byte(text)), "")
		if string(fixed.Text) != text || file == "flow.yaml" && !errors.Is(err, lint.ErrNotAlone) {
			t.Errorf("%s: %v: %s", file, err, fixed.Text)
		}
	}
}

// TestFixSettings: what the settings accept or turn off is left; what they only call more or less severe is mended as
// the table has it.
func TestFixSettings(t *testing.T) {
	text := []byte(wrap(`[{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"},
		"Transitions": {"NextAction": "end"}, "Extra": 1}]`))
	accepted := lintText(t, "flow.json", text)[0].Fingerprint
	for settings, want := range map[string]int{
		`{}`: 1,
		`{rules: {unknown-key: {severity: info, reason: x}}}`:                           1,
		`{rules: {unknown-key: {severity: off, reason: x}}}`:                            0,
		fmt.Sprintf(`{accept: [{fingerprint: %q, reason: x}]}`, accepted):               0,
		`{rules: {version: {severity: off, reason: x}}}`:                                1,
		`{rules: {hangs-up-on-error: {severity: error, reason: x}}}`:                    1,
		`{rules: {unknown-key: {severity: warning, reason: "some tool writes it in"}}}`: 1,
	} {
		node, err := source.ParseYAML("connect-async.yaml", []byte(settings))
		if err != nil {
			t.Fatal(err)
		}
		list := setups(t, "flow.json", text)
		var found source.Findings
		if list[0].Settings, found = lint.ReadSettings("connect-async.yaml", node); len(found) > 0 {
			t.Fatal(found)
		}
		fixed, err := lint.Fix("flow.json", text, list, "")
		if err != nil || fixed.Findings != want {
			t.Errorf("%s: %d findings mended, want %d: %v", settings, fixed.Findings, want, err)
		}
	}
}

// TestRecordedFlowsFixed mends recorded flows as they are, and with each kind of fault planted in them (when not heavy,
// some).
func TestRecordedFlowsFixed(t *testing.T) {
	mended := 0
	for i, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		if i%9 > 0 && !testrun.IsHeavy() {
			continue
		}
		name, text := filepath.Base(file), readFile(t, file)
		texts := map[string][]byte{name: text}
		for j, p := range plants {
			if p.name == "too many actions" || (i+j)%9 > 0 && !testrun.IsHeavy() {
				continue
			}
			doc := decode(t, text)
			p.into(doc)
			planted, err := json.MarshalIndent(doc, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			texts[name+", "+p.name] = planted
		}
		for name, text := range texts {
			fixed := fix(t, "flow.json", text, "")
			checkFixed(t, name, text, fixed)
			mended += fixed.Findings
		}
	}
	t.Logf("%d findings mended", mended)
	if mended == 0 {
		t.Error("nothing was mended")
	}
}

// TestRecordedFlowsMutatedFixed: whatever is wrong with a flow, it is mended without a panic, and what is mended is
// still a flow in which nothing is left to mend.
func TestRecordedFlowsMutatedFixed(t *testing.T) {
	for number, file := range testrun.RecordedFiles(t, "RECORDED_FLOWS", "current/*.json") {
		if number%9 > 0 && !testrun.IsHeavy() {
			continue
		}
		text := readFile(t, file)
		for seed := range testrun.Count(t, 2, 40) {
			random := rand.New(rand.NewPCG(uint64(seed), uint64(number)))
			var doc any = decode(t, text)
			for range 1 + random.IntN(5) {
				doc = mutate(random, doc)
			}
			if doc, ok := doc.(map[string]any); !ok || doc["Actions"] == nil || doc["StartAction"] == nil {
				continue
			}
			changed, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			fixed := fix(t, "flow.json", changed, "")
			if again := fix(t, "flow.json", fixed.Text, ""); len(again.Changes) > 0 {
				t.Errorf("%s, seed %d: mended again: %v", file, seed, again.Changes)
			}
		}
	}
}
