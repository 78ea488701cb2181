package instancetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// keys are those that the service takes; it refuses others.
var keys = []string{"Version", "StartAction", "Metadata", "Actions"}

// check says as the service does why a flow cannot be published with a content.
func (s *Server) check(f *Flow, content string) error {
	code := "InvalidContactFlowException"
	if f.IsModule() {
		code = "InvalidContactFlowModuleException"
	}
	problems := s.problems(f, content)
	if len(problems) == 0 {
		return nil
	}
	return failure{code: code, problems: problems}
}

func (s *Server) problems(f *Flow, content string) []string {
	doc, err := source.ParseJSON("content", []byte(content))
	if err != nil {
		return []string{"Invalid JSON"}
	}
	read, err := flowlang.Read("content", doc)
	if err != nil {
		return []string{"Invalid flow"}
	}
	t, _ := flowlang.TypeOf(f.Type)
	read = read.WithType(t)
	var list []string
	for _, found := range read.Check() {
		if found.Severity == source.Error {
			list = append(list, found.Message)
		}
	}
	for _, m := range doc.Entries() {
		if !slices.Contains(keys, m.Key) && !(f.IsModule() && m.Key == "Settings") {
			list = append(list, "Invalid property name. Path: "+m.Key)
		}
	}
	if f.IsModule() && doc.Get("Settings") == nil {
		list = append(list, "JSON field is missing or null for field name: settings")
	}
	list = append(list, undeclared(read, f)...)
	for _, a := range read.Actions {
		for _, id := range a.Identities() {
			if !s.has(id.Node.Text) {
				list = append(list, fmt.Sprintf("Invalid Action property value. Path: Actions[%d].Parameters.%s",
					a.Index, id.Name))
			}
		}
	}
	return list
}

// undeclared are the results of a module that its settings do not declare.
func undeclared(read *flowlang.Flow, f *Flow) []string {
	var settings struct {
		Transitions struct{ Results []struct{ Name string } }
	}
	_ = json.Unmarshal([]byte(f.Settings), &settings) // what cannot be read declares nothing
	var list []string
	for _, a := range read.OfType(flowlang.EndFlowModuleExecution) {
		result := a.Text("Result")
		declared := slices.ContainsFunc(settings.Transitions.Results, func(r struct{ Name string }) bool {
			return r.Name == result
		})
		if result != "" && !declared {
			list = append(list, fmt.Sprintf("Invalid Action property value. Path: Actions[%d].Parameters.Result",
				a.Index))
		}
	}
	return list
}

// has reports whether the instance has what an ID or ARN means. Functions and what else belongs to no instance it has
// when the ARN is one.
func (s *Server) has(id string) bool {
	if !strings.HasPrefix(id, "arn:") {
		return s.hasID(id)
	}
	if strings.HasPrefix(id, "arn:aws:connect:") && !strings.Contains(id, ":aws:view/") { // which AWS has for all
		rest, ours := strings.CutPrefix(id, s.ARN+"/")
		return ours && s.hasID(rest[strings.LastIndex(rest, "/")+1:])
	}
	return !strings.ContainsAny(id, "${} ")
}

// hasID reports whether a flow, module or anything else has an ID, with or without a version or alias.
func (s *Server) hasID(id string) bool {
	id, _, _ = strings.Cut(id, ":")
	for _, things := range s.Things {
		if slices.ContainsFunc(things, func(t Thing) bool { return t.ID == id }) {
			return true
		}
	}
	return slices.ContainsFunc(s.Flows, func(f *Flow) bool { return f.ID == id })
}
