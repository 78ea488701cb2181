package source

import "strings"

// Argument is a path as it is written in a command for people: quoted where a shell would split or change it.
func Argument(path string) string {
	if !strings.ContainsAny(path, " \t\"'`$&|;<>()*?#!") {
		return path
	}
	return `"` + strings.NewReplacer(`"`, `\"`, "`", "\\`", `$`, `\$`).Replace(path) + `"`
}
