package flowlang_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// graph makes a flow of messages from edges: "a>b" is the NextAction of a, "a!b" its error branch. The first action
// named is the start.
func graph(t *testing.T, edges string) *flowlang.Flow {
	t.Helper()
	next, failed := map[string]string{}, map[string]string{}
	var order []string
	for _, edge := range strings.Fields(edges) {
		from, to := edge[:1], edge[2:]
		for _, name := range []string{from, to} {
			if _, known := next[name]; !known {
				next[name] = ""
				order = append(order, name)
			}
		}
		if edge[1] == '!' {
			failed[from] = to
		} else {
			next[from] = to
		}
	}
	var actions []string
	for _, name := range order {
		actions = append(actions, fmt.Sprintf(`{"Identifier": %q, "Type": "MessageParticipant",
			"Transitions": {"NextAction": %q,
			"Errors": [{"ErrorType": "NoMatchingError", "NextAction": %q}]}}`, name, next[name], failed[name]))
	}
	return readActions(t, "["+strings.Join(actions, ",")+"]")
}

func identifiers(actions []*flowlang.Action) string {
	var b strings.Builder
	for _, a := range actions {
		b.WriteString(a.Identifier)
	}
	return b.String()
}

func TestWalk(t *testing.T) {
	f := graph(t, "a>b a!c b>d c>d d>a e>a")
	from := func(names ...string) (list []*flowlang.Action) {
		for _, name := range names {
			list = append(list, f.Action(name))
		}
		return list
	}
	if got := identifiers(f.Walk(from("a"), nil)); got != "acbd" {
		t.Errorf("from a: %s", got)
	}
	if got := identifiers(f.Walk(from("e", "d", "nobody"),
		func(a *flowlang.Action) bool { return a.Identifier != "a" })); got != "eda" {
		t.Errorf("from e and d, not past a: %s", got)
	}
	if got := identifiers(f.Reached(f.Actions)); got != "abcd" || f.Reaches(f.Action("e")) {
		t.Errorf("reached are %s", got)
	}
}

func TestLoops(t *testing.T) {
	usual := (*flowlang.Action).Usual
	out := (*flowlang.Action).Out
	for _, test := range []struct {
		name, edges, skip, want string
		branches                func(*flowlang.Action) []*flowlang.Branch
	}{
		{name: "none", edges: "a>b a!c b>d c>d", branches: out},
		{name: "one on itself", edges: "a>a", branches: out, want: "a"},
		{name: "two apart", edges: "a>b b>a b!c c>d d>c", branches: out, want: "ab cd"},
		{name: "two that share an action", edges: "a>b b>a a!c c>a", branches: out, want: "abc"},
		{name: "over an error only", edges: "a>b b!a", branches: out, want: "ab"},
		{name: "errors left out", edges: "a>b b!a", branches: usual},
		{name: "broken by what is skipped", edges: "a>b b>c c>a b!a", skip: "b", branches: out},
		{name: "smaller without what is skipped", edges: "a>b b>c c>a b!a", skip: "c", branches: out, want: "ab"},
		{name: "long", edges: "a>b b>c c>d d>e e>f f>g g>h h>b h!i", branches: out, want: "bcdefgh"},
		{name: "back edge to a finished one", edges: "a>b a!c b>d c>d d>b", branches: out, want: "bd"},
	} {
		var got []string
		skip := func(a *flowlang.Action) bool { return strings.Contains(test.skip, a.Identifier) }
		if test.skip == "" {
			skip = nil
		}
		for _, group := range graph(t, test.edges).Loops(test.branches, skip) {
			got = append(got, identifiers(group))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
