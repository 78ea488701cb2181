package deploy

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/source"
)

// checkLengths refuses names that are too long for AWS. The prefix of roles and the names of project and job add up.
func (d *describer) checkLengths() {
	refuse := func(what string, name text, most int) {
		full := strings.ReplaceAll(name.String(), "${var.name}", d.project.Name)
		if n := utf8.RuneCountInString(full); n > most {
			d.report(source.CodeBadValue, "", fmt.Sprintf("the %s %s would have %d characters, and AWS allows %d", what,
				full, n, most), "Choose a shorter name for the project or the job, or a shorter role_prefix.")
		}
	}
	for _, r := range d.stack.roles() {
		refuse("role", r.roleName, awsfacts.RoleName)
	}
	for _, m := range d.stack.machines {
		refuse("state machine", textOf("${var.name}-"+m.job.Name), awsfacts.StateMachineName)
	}
}

// String is the text as textOf reads it.
func (t text) String() string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.literal)
		if p.name != "" {
			b.WriteString("${" + p.name + "}")
		}
	}
	return b.String()
}

// checkTag refuses a tag that AWS refuses.
func checkTag(in *source.Reader, at source.Pos, t Tag) {
	key, value := utf8.RuneCountInString(t.Key), utf8.RuneCountInString(t.Value)
	switch {
	case strings.HasPrefix(strings.ToLower(t.Key), awsfacts.TagPrefix):
		in.Report(source.CodeBadValue, at, fmt.Sprintf("the tag %q begins with %s, which is AWS's own", t.Key,
			awsfacts.TagPrefix), "Choose another key.")
	case key == 0 || key > awsfacts.TagKey || value > awsfacts.TagValue:
		in.Report(source.CodeBadValue, at,
			fmt.Sprintf("the tag %q has a key of %d characters and a value of %d", t.Key, key, value),
			fmt.Sprintf("Write a key of 1 to %d characters and a value of at most %d.", awsfacts.TagKey,
				awsfacts.TagValue))
	}
}
