package lint

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Explain returns a rule's row of the table as text: what it finds, why, what to do, and the examples.
func (r *Rule) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n%s\n\n", r.ID, r.Severity, r.Summary)
	fmt.Fprintf(&b, "Why: %s\n\nWhat to do: %s\n\nEvidence: %s\n", r.Why, r.Remedy, r.Evidence)
	if r.Fixes() {
		fmt.Fprintf(&b, "\n--fix: %s\n", r.Fix.Does)
	}
	bad, good := r.shown()
	fmt.Fprintf(&b, "\nBad:\n\n%s\nGood:\n\n%s", indent(bad), indent(good))
	return b.String()
}

// shown returns the bad and the good example as the documentation shows them.
func (r *Rule) shown() (bad, good string) {
	for _, e := range r.Examples() {
		switch e.Name {
		case "bad":
			bad = e.text()
		case "good":
			good = e.text()
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
	writeFixers(&b)
	b.WriteString("\n## Index\n")
	writeIndex(&b)
	group := ""
	for _, r := range table {
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(&b, "\n## %s\n", group)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s. %s %s\n\n", r.ID, title(string(r.Severity)), r.Summary, r.Why)
		fmt.Fprintf(&b, "- **What to do:** %s\n- **Evidence:** %s\n", r.Remedy, r.Evidence)
		if r.Fixes() {
			fmt.Fprintf(&b, "- **--fix:** %s\n", r.Fix.Does)
		}
		b.WriteByte('\n')
		fmt.Fprintf(&b, "```diff\n%s```\n", r.change())
	}
	return b.String()
}

// writeFixers names the rules whose findings --fix can fix.
func writeFixers(b *strings.Builder) {
	var links []string
	for _, r := range table {
		if r.Fixes() {
			links = append(links, fmt.Sprintf("[%s](#%s)", r.ID, r.ID))
		}
	}
	fmt.Fprintf(b, "\nFindings of these rules can be fixed: %s.\n", strings.Join(links, ", "))
}

// writeIndex writes a table of all rules for each group.
func writeIndex(b *strings.Builder) {
	group := ""
	for _, r := range table {
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(b, "\n**%s**\n\n| Rule | Severity | What it finds |\n|---|---|---|\n", group)
		}
		fmt.Fprintf(b, "| [%s](#%s) | %s | %s |\n", r.ID, r.ID, r.Severity, r.Summary)
	}
}

// change shows what makes the good example of the bad one: the lines that differ, and some around them. … stands for
// lines that are left out.
func (r *Rule) change() string {
	bad, good := r.shown()
	text := string(diff.Diff("bad", []byte(bad+"\n"), "good", []byte(good+"\n")))
	var b strings.Builder
	for i, line := range strings.SplitAfter(text, "\n")[3:] { // the first three lines name the two texts
		switch {
		case !strings.HasPrefix(line, "@@"):
			b.WriteString(line)
		case i > 0 || !strings.HasPrefix(line, "@@ -1,"):
			b.WriteString(" …\n")
		}
	}
	return b.String()
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

const markdownHead = `# The rules of connect-async lint

    connect-async lint [FILES or FOLDERS…]

finds the faults in contact flows and state machines that publishing refuses, or that leave a caller in silence. This
page is generated from the table of rules; connect-async lint --explain RULE prints one rule with its examples.

Flows, modules and state machines are read from JSON files, CloudFormation and Terraform; docs/flows.md lists the
forms. A file is named with the reason when it holds a flow that cannot be read. A folder's connect-async.yaml says what
belongs together; rules that need a missing part do not run. The type of a flow comes from the project, from the
template, from Metadata.type or from --type.

The exit code is 1 when a finding is an error, 0 when there are only warnings and information, and 2 when a file cannot
be read or parsed or when there is nothing to check.

Settings are in connect-async.yaml:

    callers: 25                  # how many callers wait at the same time, 10 if not given
    lint:
      rules:
        flow-type: {severity: off, reason: "the module is called from inbound flows only"}
      accept:
        - {fingerprint: 5f0c2ab91d3e, reason: "the function answers within a second"}

severity is off, error, warning or info. The settings also count for what call, test and export say about publishing;
only a flow that cannot be played stays an error in a call. The output of --format json contains the fingerprint of each
finding; it stays the same when lines move.

Each rule has an example. Lines with - are what the rule reports, lines with + are what to write instead; … stands for
lines that are left out. A list of actions is a flow that begins with the first of them; the action "end" disconnects.

## --load

    connect-async lint . --load

also lets each function of the project whose code is here load its handler, as call would run it: in a process of its
own, for at most the 10 s that Lambda gives it, with the variables of its env_file. What cannot be imported is an error,
function-load. It runs the code, so leave it out where the code is not to be trusted, as in CI of forks; without it the
rules function-runtime and function-handler only read the files.

## --fix

    connect-async lint flow.json --fix --dry-run
    connect-async lint flow.json --fix --sorry "Please call again later."

fixes what has one right answer, names each change with its action, and then reports what is left. Everything else in
the file stays as it is, to the byte: numbers as they are spelled, order, indentation, line ends. A change that would
bring a finding that was not there is not made, and a second run changes nothing. Findings that are accepted and rules
that are off are left alone. A file is written under a temporary name and renamed; with --dry-run nothing is written.

A flow is fixed in a JSON file of its own, in an answer of the AWS CLI, or as a JSON string. Within CloudFormation,
Terraform and other files it is left: save it as a file, and name that file in the template.

A spoken ending is two actions: a message, and then the end of the flow, for which one that the flow has is used. A
caller in a queue stays there, and a module returns. Flows of other types, such as whispers, get none. The message is
the one of --sorry, else a built-in sentence in the language that the flow sets with UpdateContactData (English if it
sets none); for a language without built-in sentences --sorry is needed. In the console the new blocks are below the
block that leads to them.
`
