package project

import (
	"fmt"

	"github.com/connect-async/connect-async/internal/async"
	"github.com/connect-async/connect-async/internal/form"
	"github.com/connect-async/connect-async/internal/source"
)

const callersKey = "callers"

// CallersForm is the form of how many callers wait at once.
func CallersForm() form.Form[int] { return form.Whole[int](1, async.MaxExpectedCallers) }

// movedCallers are the places where the number of callers used to be.
var movedCallers = []struct{ section, key string }{
	{section: "lint", key: "callers"}, {section: "deploy", key: "expected_callers"},
}

// callers reads how many callers wait at once. A number in one of the old places counts when it does not contradict.
func (r *reader) callers(in *source.Reader, callers int) int {
	given := in.Node(callersKey) != nil
	for _, old := range movedCallers {
		section := in.Node(old.section)
		if !section.Is(source.Object) || section.Get(old.key) == nil {
			continue
		}
		name := old.section + "." + old.key
		moved := source.Read(r.file, section, r.found).Int(old.key, callers, 1, async.MaxExpectedCallers)
		if given && moved != callers {
			in.Report(source.CodeBadValue, section.Get(old.key).Pos,
				fmt.Sprintf("%s is %d, but %d callers are given elsewhere in this file", name, moved, callers),
				fmt.Sprintf("Write %s: NUMBER at the top level of the file, and remove %s.", callersKey, name))
			continue
		}
		callers, given = moved, true
		*r.found = append(*r.found, source.Finding{Code: CodeMoved, Severity: source.Warning, File: r.file,
			Pos: section.Get(old.key).Pos, Message: name + " has moved; it still works here",
			Remedy: fmt.Sprintf("Write %s: %d at the top level of the file, and remove %s.", callersKey, moved, name)})
	}
	return callers
}
