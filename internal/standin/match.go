package standin

import (
	"cmp"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/arn"
)

// Choose returns the pattern that is meant for a task: the name of its state before all others, then the longest. A
// pattern with a colon is for resources, compared with and without the integration pattern at their end, every other
// one for names of states; * stands for any text.
func Choose(patterns []string, state, resource string) (pattern string, ok bool) {
	if slices.Contains(patterns, state) {
		return state, true
	}
	fitting := slices.DeleteFunc(slices.Clone(patterns), func(p string) bool { return !matches(p, state, resource) })
	if len(fitting) == 0 {
		return "", false
	}
	return slices.MaxFunc(fitting, func(p, q string) int {
		return cmp.Or(cmp.Compare(len(p), len(q)), strings.Compare(q, p))
	}), true
}

func matches(pattern, state, resource string) bool {
	if !strings.Contains(pattern, ":") {
		return like(pattern, state)
	}
	plain, _ := arn.CutPattern(resource)
	return like(pattern, resource) || like(pattern, plain)
}

// like reports whether a text is what a pattern describes, in which * stands for any text.
func like(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}
