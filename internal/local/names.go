package local

import (
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/arn"
	"github.com/connect-async/connect-async/internal/awsfacts"
)

// maxName is the length of the name of a state machine or an execution in characters.
const maxName = awsfacts.NameCharacters

// validName reports whether a state machine or an execution may have a name: 1 to 80 characters without white space,
// brackets, wildcards, special characters and control characters (API reference of StartExecution).
func validName(name string) bool {
	if !utf8.ValidString(name) || name == "" || utf8.RuneCountInString(name) > maxName {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/ ", r) || r <= 0x1f || r >= 0x7f && r <= 0x9f ||
			r == 0xfffe || r == 0xffff || r == 0x10ffff || r == 0x2028 || r == 0x2029 || r == 0x3000 ||
			r >= 0x2000 && r <= 0x200a
	})
}

// arnParts takes the ARN of something in Step Functions apart: its type, such as stateMachine, and what follows it.
func arnParts(text string) (kind string, rest []string, err error) {
	if prefix, _, _ := strings.Cut(text, ":"); prefix != "arn" {
		return "", nil, errARN("Invalid ARN prefix: %s", text)
	}
	a, _ := arn.Parse(text)
	path := a.Path()
	if a.Service != "states" || len(path) < 2 || path[1] == "" {
		return "", nil, errARN("%s", text)
	}
	return path[0], path[1:], nil
}

// checkARN reports why a text is not the ARN that of something of this type.
func checkARN(text, want string) error {
	kind, _, err := arnParts(text)
	if err == nil && kind != want {
		err = errARN("Resource type not valid in this context: %s", kind)
	}
	return err
}

// unqualified returns the ARN of a state machine without its version or alias, and what it was.
func unqualified(text string) (plain, qualifier string) {
	a, _ := arn.Parse(text)
	path := strings.SplitN(a.Resource, ":", 3)
	if len(path) < 3 {
		return text, ""
	}
	a.Resource = path[0] + ":" + path[1]
	return a.String(), path[2]
}
