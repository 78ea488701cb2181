package lint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/call"
	"github.com/connect-async/connect-async/internal/deploy"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/lint"
	"github.com/connect-async/connect-async/internal/project"
	"github.com/connect-async/connect-async/internal/scenario"
	"github.com/connect-async/connect-async/internal/source"
	"github.com/connect-async/connect-async/internal/testrun"
	"github.com/connect-async/connect-async/internal/workspace"
)

// inProject writes a project with one managed flow and settings for lint, and reads it with the flow as lint does.
func inProject(t *testing.T, text []byte, settings string) (*project.Project, lint.Setup) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "flow.json")
	described := "name: bank\njobs: {balance: {steps: [f]}}\nfunctions: {f: {arn: x}}\n" +
		"flows: [{file: flow.json, managed: true}]\nlint:\n" + settings
	for name, content := range map[string][]byte{file: text, project.File(dir): []byte(described)} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, found := project.Read(dir)
	if found.HasErrors() {
		t.Fatal(found)
	}
	given, found := lint.ReadSettings(p.File, p.Lint)
	doc, err := lint.Read(file, text)
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	f := doc.Flows[0]
	if kind, ok := workspace.FlowType(p, f.Flow, ""); ok {
		f = f.WithType(kind)
	}
	return p, lint.Setup{Flow: f, Project: p, Settings: given}
}

// publishing are the findings of lint about what publishing refuses.
func publishing(s lint.Setup) []lint.Finding {
	return slices.DeleteFunc(lint.Run(s), func(f lint.Finding) bool {
		return !slices.ContainsFunc(flowlang.Checks(), func(c flowlang.Check) bool { return c.Code == f.Code })
	})
}

// settingsFor changes every rule of which there are findings, in turn to another severity, to off, or by accepting its
// first finding.
func settingsFor(found []lint.Finding, turn int) string {
	rules, accepted := "  rules:\n    size: {severity: warning, reason: x}\n", "  accept:\n"
	var done []string
	for _, f := range found {
		if slices.Contains(done, f.Rule) || f.Rule == "size" {
			continue
		}
		done = append(done, f.Rule)
		switch (len(done) + turn) % 4 {
		case 0:
			accepted += fmt.Sprintf("    - {fingerprint: %s, reason: x}\n", f.Fingerprint)
		default:
			severity := []string{"off", "warning", "error"}[(len(done)+turn)%4-1]
			rules += fmt.Sprintf("    %s: {severity: %s, reason: x}\n", f.Rule, severity)
		}
	}
	if strings.HasSuffix(accepted, "accept:\n") {
		return rules
	}
	return rules + accepted
}

// TestVerdictsAgreeWithSettings compares, for the flow of every example and fixture, what a call, an export and lint
// say of it in a project that changes rules and accepts findings. Quick runs take one flow of five.
func TestVerdictsAgreeWithSettings(t *testing.T) {
	changed, step := 0, testrun.Count(t, 5, 1)
	for turn, text := range exampleFlows() {
		if _, err := lint.Read("flow.json", text); err != nil || turn%step != 0 {
			continue
		}
		_, plain := inProject(t, text, "  {}\n")
		before := publishing(plain)
		p, s := inProject(t, text, settingsFor(before, turn))
		want := publishing(s)
		if !slices.Equal(codes(before), codes(want)) {
			changed++
		}
		sameInCall(t, p, s.Flow.Flow, want)
		sameInExport(t, p, want)
	}
	if changed < 50/step {
		t.Errorf("settings changed what is said of %d flows only", changed)
	}
}

func codes(found []lint.Finding) []string {
	var list []string
	for _, f := range found {
		list = append(list, f.Code+" "+string(f.Severity))
	}
	return list
}

// sameInCall checks that a call says what lint does, and what makes the flow unplayable.
func sameInCall(t *testing.T, p *project.Project, f *flowlang.Flow, want []lint.Finding) {
	t.Helper()
	played, said := call.New(t.Context(),
		call.Options{Project: p, Scenario: scenario.Default(), Virtual: true, Verdict: lint.Publishing})
	if played != nil {
		defer played.Close()
	}
	said = slices.DeleteFunc(said, func(f source.Finding) bool { return strings.HasPrefix(f.Code, "call-") })
	unplayable := flowlang.Unplayable(f.Check())
	for _, s := range said {
		inLint := slices.ContainsFunc(want, func(w lint.Finding) bool { return w.Finding == s })
		if !inLint && !slices.Contains(unplayable, s) {
			t.Errorf("a call says %v, lint does not", s)
		}
	}
	for _, w := range want {
		stays := func(u source.Finding) bool { return u.Code == w.Code && u.Pos == w.Pos }
		if !slices.ContainsFunc(unplayable, stays) && !slices.Contains(said, w.Finding) {
			t.Errorf("lint says %v, a call does not", w)
		}
	}
}

// sameInExport checks that an export is refused for errors that lint reports, too.
func sameInExport(t *testing.T, p *project.Project, want []lint.Finding) {
	t.Helper()
	stack, said := deploy.Describe(p, lint.Publishing)
	for _, s := range said {
		if !slices.ContainsFunc(want, func(w lint.Finding) bool { return w.Finding == s }) {
			t.Errorf("an export says %v, lint does not", s)
		}
	}
	hasErrors := slices.ContainsFunc(want, func(w lint.Finding) bool { return w.Severity == source.Error })
	if stack == nil && !hasErrors {
		t.Errorf("an export is refused, lint finds no error")
	}
}
