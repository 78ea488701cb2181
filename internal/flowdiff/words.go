package flowdiff

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// mostNamed is how many renamed actions are named; of more, their number says more.
const mostNamed = 5

// Write writes a diff for a person: one line per change, and what a new action does below it. Nothing is written when
// nothing is different.
func (d Diff) Write(w io.Writer) error {
	var b strings.Builder
	if len(d.Renamed) > mostNamed {
		fmt.Fprintf(&b, "%d actions have another identifier and are otherwise compared as the same.\n", len(d.Renamed))
	} else {
		for _, r := range d.Renamed {
			fmt.Fprintf(&b, "%s is now called %s\n", name(d.before, r.Old), name(d.after, r.New))
		}
	}
	for _, c := range d.Changes {
		fmt.Fprintln(&b, d.Text(c))
		if c.Kind == Added {
			d.describe(&b, c)
		}
	}
	switch len(d.Moved) {
	case 0:
	case 1:
		fmt.Fprintf(&b, "The designer shows %s elsewhere.\n", name(d.after, d.Moved[0]))
	default:
		fmt.Fprintf(&b, "The designer shows %d blocks elsewhere.\n", len(d.Moved))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Text says in one line what changed, such as "Check: NoMatchingError now leads to Sorry (before: Hang up)".
func (d Diff) Text(c Change) string {
	subject := Name(c.Action, c.Type)
	was, is := d.shown(c, d.before, c.Old), d.shown(c, d.after, c.New)
	switch c.Kind {
	case Added:
		return fmt.Sprintf("%s is new: %s", subject, c.Type)
	case Removed:
		return fmt.Sprintf("%s is gone: %s", subject, c.Type)
	case TypeOf:
		return fmt.Sprintf("%s is now of type %s (before: %s)", subject, is, was)
	case Start:
		return fmt.Sprintf("The flow now starts at %s (before: %s)", is, was)
	case FlowType:
		return fmt.Sprintf("The flow is now of type %s (before: %s)", is, was)
	case Conditions:
		return fmt.Sprintf("%s: conditions are now compared in the order %s (before: %s)", subject, is, was)
	case Branch:
		return differs(c, subject, "is new and leads to", "now leads to", was, is)
	case Flow:
		subject = "The flow"
	}
	return differs(c, subject, "is new:", "is now", was, is)
}

// differs says how a value or a branch differs.
func differs(c Change, subject, isNew, isNow, was, is string) string {
	switch {
	case c.Old == nil:
		return fmt.Sprintf("%s: %s %s %s", subject, c.Part, isNew, is)
	case c.New == nil:
		return fmt.Sprintf("%s: %s is gone (before: %s)", subject, c.Part, was)
	}
	return fmt.Sprintf("%s: %s %s %s (before: %s)", subject, c.Part, isNow, is, was)
}

// shown is a part of a change as text: actions by name, words of the language as they are, values as JSON.
func (d Diff) shown(c Change, f *flowlang.Flow, n *source.Node) string {
	switch c.Kind {
	case Added, Removed:
		return ""
	case Branch, Start:
		return name(f, n.Scalar())
	case TypeOf, FlowType:
		return n.Scalar()
	case Conditions:
		var names []string
		for _, item := range n.Elements() {
			names = append(names, item.Text)
		}
		return strings.Join(names, ", ")
	}
	return written(n)
}

// written is a value as JSON.
func written(n *source.Node) string {
	text, _ := n.MarshalJSON() // what was read can be written
	return string(text)
}

// describe writes the parameters and branches of a new action.
func (d Diff) describe(b *strings.Builder, c Change) {
	for _, m := range c.New.Get("Parameters").Entries() {
		fmt.Fprintf(b, "    %s: %s\n", m.Key, written(m.Value))
	}
	if a := d.after.Action(c.Action); a != nil && a.Node == c.New {
		for _, branch := range a.Drawn() {
			fmt.Fprintf(b, "    %s leads to %s\n", branch.Name, name(d.after, branch.Target.Scalar()))
		}
	}
}

// name is what the action of a flow with an identifier is called.
func name(f *flowlang.Flow, identifier string) string {
	if identifier == "" {
		return "nowhere"
	}
	actionType := ""
	if a := f.Action(identifier); a != nil {
		actionType = a.Type
	}
	return Name(identifier, actionType)
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// Name is what an action is called: its identifier or, of one that the console made, its type and the beginning of it.
func Name(identifier, actionType string) string {
	if !uuid.MatchString(identifier) {
		return identifier
	}
	return strings.TrimSpace(actionType + " " + identifier[:8])
}
