package lint

import (
	"fmt"
	"strings"
)

// Explain returns a rule's row of the table as text: what it finds, why, what to do, and the examples.
func (r *Rule) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n%s\n\nWhy: %s\n\nWhat to do: %s\n\nEvidence: %s\n", r.ID, r.Severity, r.Summary, r.Why, r.Remedy, r.Evidence)
	bad, good := r.shown()
	fmt.Fprintf(&b, "\nBad:\n\n%s\nGood:\n\n%s", bad, good)
	return b.String()
}

// shown returns the bad and the good example as the documentation shows them.
func (r *Rule) shown() (bad, good string) {
	for _, e := range r.Examples() {
		switch e.Name {
		case "bad":
			bad = indent(e.text())
		case "good":
			good = indent(e.text())
		}
	}
	return bad, good
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(text, "\n", "\n    ") + "\n"
}

// Markdown returns the documentation of all rules.
func Markdown() string {
	var b strings.Builder
	b.WriteString(markdownHead)
	group := ""
	for _, r := range table {
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(&b, "\n## %s\n", group)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s: %s\n\n%s\n\n**What to do.** %s\n\n", r.ID, title(string(r.Severity)), r.Summary, r.Why, r.Remedy)
		bad, good := r.shown()
		fmt.Fprintf(&b, "Bad:\n\n%s\nGood:\n\n%s\nEvidence: %s\n", bad, good, r.Evidence)
	}
	return b.String()
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

const markdownHead = `# The rules of connect-async lint

    connect-async lint [FILES or FOLDERS…]

finds the faults of contact flows and state machines that publishing refuses, or that leave a caller in silence. This page is
generated from the table of rules; ` + "`connect-async lint --explain RULE`" + ` prints one row of it.

Flows, modules and state machines are read from JSON files, CloudFormation and Terraform; docs/flows.md lists the forms. A file
that holds a flow which cannot be read is named, with the reason. A folder's connect-async.yaml says what belongs together; rules
that need a part that is absent do not run. The type of a flow comes from the project, from the template, from Metadata.type or
from --type.

The exit code is 1 when a finding is an error, 0 with warnings and information alone, 2 when a file cannot be read or parsed.

Settings stand in connect-async.yaml:

    callers: 25                  # how many callers wait at once, 10 if not given
    lint:
      rules:
        flow-type: {severity: off, reason: "the module is called from inbound flows only"}
      accept:
        - {fingerprint: 5f0c2ab91d3e, reason: "the function answers within a second"}

severity is off, error, warning or info. The fingerprint of a finding stands in the output of --format json; it stays the same
when lines move.

In the examples below, a list of actions stands for a flow that begins with the first of them; the action "end" disconnects.
`
