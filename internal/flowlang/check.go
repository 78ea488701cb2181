package flowlang

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/source"
)

// Check is a row of the table of what publishing refuses. Its findings have its code.
type Check struct {
	Code     string          // in kebab case
	Severity source.Severity // of its findings; some are less severe
	Summary  string          // one sentence
	Why      string          // what it means for the caller
	Remedy   string          // what to do about it
	Evidence string          // how it is known
	Playable bool            // a flow with such an error can still be played
	run      func(*checking)
}

// Checks returns the table, in the order of the documentation.
func Checks() []Check {
	return slices.Concat(documentChecks, typeChecks, parameterChecks, branchChecks)
}

// Check returns everything that publishing refuses, sorted by place. Errors are what the service is known to refuse,
// warnings what the documentation alone says, or what may be new.
func (f *Flow) Check() source.Findings {
	var found source.Findings
	for _, c := range Checks() {
		found = append(found, c.Run(f)...)
	}
	found.Sort()
	return found
}

// Unplayable returns those findings of Check for which a flow cannot be played.
func Unplayable(found source.Findings) source.Findings {
	blocking := map[string]bool{}
	for _, c := range Checks() {
		blocking[c.Code] = !c.Playable
	}
	var list source.Findings
	for _, f := range found {
		if blocking[f.Code] && f.Severity == source.Error {
			list = append(list, f)
		}
	}
	return list
}

// Run returns the findings of one check, in the document's order.
func (c Check) Run(f *Flow) source.Findings {
	r := &checking{Flow: f, check: c}
	c.run(r)
	return r.found
}

// checking is one run of a check over a flow.
type checking struct {
	*Flow
	check Check
	found source.Findings
}

// on reports something about an action at the place of a value, or of the action itself when there is no value. A value
// that a template fills in is not judged: what is returned then is not among the findings.
func (c *checking) on(a *Action, n *source.Node, format string, args ...any) *source.Finding {
	if FilledIn(n.Str()) {
		return &source.Finding{}
	}
	return c.onKey(a, n, format, args...)
}

// onKey reports as on does what is wrong whatever the value is, such as a key that the language does not have.
func (c *checking) onKey(a *Action, n *source.Node, format string, args ...any) *source.Finding {
	if n == nil {
		n = a.Node
	}
	return c.report(a.Identifier, n, "%q (%s): "+format, append([]any{a.Identifier, a.Type}, args...)...)
}

// onFlow reports something about the flow as a whole, as on does about an action.
func (c *checking) onFlow(n *source.Node, format string, args ...any) *source.Finding {
	if FilledIn(n.Str()) {
		return &source.Finding{}
	}
	if n == nil {
		n = c.Doc
	}
	return c.report("", n, format, args...)
}

func (c *checking) report(subject string, n *source.Node, format string, args ...any) *source.Finding {
	c.found = append(c.found, source.Finding{
		Code: c.check.Code, Severity: c.check.Severity, File: c.File, Pos: n.Place(), Subject: subject,
		Message: fmt.Sprintf(format, args...), Remedy: c.check.Remedy,
	})
	return &c.found[len(c.found)-1]
}

// known runs a check for each action whose type is known.
func known(check func(*checking, *Action)) func(*checking) {
	return func(c *checking) {
		for _, a := range c.Actions {
			if a.Kind != nil {
				check(c, a)
			}
		}
	}
}

// complain reports something wrong with the parameters of an action.
type complain func(n *source.Node, severity source.Severity, message, remedy string)

// exactlyOne demands one of several parameters; atMostOne allows none.
func exactlyOne(names ...string) func(*Action, complain) {
	return func(a *Action, say complain) {
		if len(a.present(names)) == 0 {
			say(a.ParametersOrSelf(), source.Error, "has none of "+strings.Join(names, ", "),
				"Give exactly one of them.")
		}
		atMostOne(names...)(a, say)
	}
}

func atMostOne(names ...string) func(*Action, complain) {
	return func(a *Action, say complain) {
		if present := a.present(names); len(present) > 1 {
			say(a.Param(present[1]), source.Error, strings.Join(present, " and ")+" exclude each other",
				"Keep one of them.")
		}
	}
}

func both(first, second func(*Action, complain)) func(*Action, complain) {
	return func(a *Action, say complain) {
		first(a, say)
		second(a, say)
	}
}

// ParametersOrSelf returns the value that contains the parameters, or the action itself.
func (a *Action) ParametersOrSelf() *source.Node { return cmp.Or(a.Parameters, a.Node) }

// TransitionsOrSelf returns the value that contains the branches, or the action itself.
func (a *Action) TransitionsOrSelf() *source.Node { return cmp.Or(a.Node.Get("Transitions"), a.Node) }

// BranchList returns the list of Errors or Conditions or, if there is none, the value that should contain it.
func (a *Action) BranchList(key string) *source.Node {
	return cmp.Or(a.Node.Get("Transitions").Get(key), a.TransitionsOrSelf())
}

// nearName returns the name that a misspelled one means: the same in another case or, for names that are long enough
// to tell, one with at most two other letters; "" when that cannot be said.
func nearName(name string, known []string) string {
	for _, k := range known {
		if strings.EqualFold(k, name) {
			return k
		}
	}
	if near := source.Nearest(name, known); len(near) >= 6 {
		return near
	}
	return ""
}
