package instancetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/connect-async/connect-async/internal/flowlang"
)

// IsModule reports whether it is a module.
func (f *Flow) IsModule() bool { return f.Type == string(flowlang.Module) }

// resource is what comes before the ID in the ARN.
func (f *Flow) resource() string {
	if f.IsModule() {
		return "flow-module"
	}
	return "contact-flow"
}

// Content is what is published or, of a flow that never was, saved.
func (f *Flow) Content() string { return cmp.Or(f.Published, f.Saved) }

// Flow returns the flow or module with a name, nil when there is none.
func (s *Server) Flow(name string) *Flow {
	i := slices.IndexFunc(s.Flows, func(f *Flow) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return s.Flows[i]
}

// Add adds a flow or module that was published.
func (s *Server) Add(name, flowType, content string) *Flow {
	f := &Flow{ID: s.newID(), Name: name, Type: flowType, Published: content}
	s.Flows = append(s.Flows, f)
	return f
}

// newID is an ID that no other flow has.
func (s *Server) newID() string { return fmt.Sprintf("f0000000-0000-4000-8000-%012d", len(s.Flows)+1) }

func (s *Server) listFlows(r request) (any, error) {
	var all []map[string]any
	for _, f := range s.Flows {
		if f.IsModule() {
			continue
		}
		status, state := "PUBLISHED", "ACTIVE"
		if f.Published == "" {
			status = "SAVED"
		}
		if f.Archived {
			state = "ARCHIVED"
		}
		all = append(all, map[string]any{"Id": f.ID, "Arn": s.arn(f.resource(), f.ID), "Name": f.Name,
			"ContactFlowType": f.Type, "ContactFlowStatus": status, "ContactFlowState": state})
	}
	return s.page(r, "ContactFlowSummaryList", all)
}

func (s *Server) listModules(r request) (any, error) {
	var all []map[string]any
	for _, f := range s.Flows {
		if f.IsModule() && (!f.Archived || r.URL.Query().Get("state") != "ACTIVE") {
			all = append(all, map[string]any{"Id": f.ID, "Arn": s.arn(f.resource(), f.ID), "Name": f.Name,
				"State": "ACTIVE"})
		}
	}
	return s.page(r, "ContactFlowModulesSummaryList", all)
}

// saved follows the ID when the saved content is meant.
const saved = ":$SAVED"

// named is the flow whose ID the path has, and whether its saved content is meant.
func (s *Server) named(r request) (f *Flow, isSaved bool, err error) {
	id, isSaved := strings.CutSuffix(r.PathValue("id"), saved)
	isModule := strings.HasPrefix(r.URL.Path, "/contact-flow-modules/")
	i := slices.IndexFunc(s.Flows, func(f *Flow) bool { return f.ID == id && f.IsModule() == isModule })
	if i < 0 {
		return nil, false, failure{code: "ResourceNotFoundException", message: "The flow does not exist."}
	}
	return s.Flows[i], isSaved, nil
}

// describe describes a flow or module under a key.
func (s *Server) describe(key string) func(request) (any, error) {
	return func(r request) (any, error) {
		f, isSaved, err := s.named(r)
		if err != nil {
			return nil, err
		}
		if isSaved && s.ForgetsDrafts && f.Saved == "" {
			return nil, failure{code: "ResourceNotFoundException", message: "There is no saved content."}
		}
		content, status := f.Published, "PUBLISHED"
		if isSaved && f.Saved != "" {
			content, status = f.Saved, "SAVED"
		}
		if content == "" {
			return nil, failure{code: "ContactFlowNotPublishedException", message: "The flow is not published."}
		}
		described := map[string]any{"Id": f.ID, "Arn": s.arn(f.resource(), f.ID), "Name": f.Name, "Content": content,
			"Status": status}
		if f.IsModule() {
			described["Settings"] = f.Settings
		} else {
			described["Type"] = f.Type
		}
		return map[string]any{key: described}, nil
	}
}

func (s *Server) update(r request) (any, error) {
	f, isSaved, err := s.named(r)
	if err != nil {
		return nil, err
	}
	if isSaved {
		f.Saved = r.text("Content")
		return nil, nil
	}
	next := *f
	if settings, given := r.body["Settings"]; given {
		next.Settings, _ = settings.(string)
	}
	if err := s.check(&next, r.text("Content")); err != nil {
		return nil, err
	}
	next.Published, next.Saved = r.text("Content"), ""
	*f = next
	return nil, nil
}

func (s *Server) create(r request) (any, error) {
	f := &Flow{ID: s.newID(), Name: r.text("Name"), Type: r.text("Type"), Settings: r.text("Settings")}
	if strings.HasPrefix(r.URL.Path, "/contact-flow-modules/") {
		f.Type = string(flowlang.Module)
	}
	same := func(other *Flow) bool { return other.Name == f.Name && other.IsModule() == f.IsModule() }
	_, known := flowlang.TypeOf(f.Type)
	switch {
	case f.Name == "" || !known:
		return nil, failure{code: "InvalidParameterException", message: "Name or Type is wrong."}
	case slices.ContainsFunc(s.Flows, same):
		return nil, failure{code: "DuplicateResourceException", message: "The name is taken."}
	case r.text("Status") == "SAVED":
		f.Saved = r.text("Content")
	default:
		if err := s.check(f, r.text("Content")); err != nil {
			return nil, err
		}
		f.Published = r.text("Content")
	}
	s.Flows = append(s.Flows, f)
	if f.IsModule() {
		return map[string]any{"Id": f.ID, "Arn": s.arn(f.resource(), f.ID)}, nil
	}
	return map[string]any{"ContactFlowId": f.ID, "ContactFlowArn": s.arn(f.resource(), f.ID)}, nil
}
