package statesapi

import (
	"cmp"
	"context"
	"strings"

	"github.com/connect-async/connect-async/internal/asl"
)

func (a *api) validateStateMachineDefinition(_ context.Context, r struct {
	paging
	Definition string `json:"definition"`
	Type       string `json:"type"`
	Severity   string `json:"severity"`
}) (any, error) {
	if err := cmp.Or(required("definition", r.Definition), checkType(r.Type), r.check(0)); err != nil {
		return nil, err
	}
	type diagnostic struct {
		Severity string `json:"severity"`
		Code     string `json:"code"`
		Message  string `json:"message"`
		Location string `json:"location,omitempty"`
	}
	list, result := []diagnostic{}, "OK"
	for _, d := range asl.Validate([]byte(r.Definition), cmp.Or(asl.Kind(r.Type), asl.Standard)) {
		severity := strings.ToUpper(string(d.Severity))
		if severity == "ERROR" {
			result = "FAIL"
		} else if r.Severity != "WARNING" {
			continue // errors only, unless warnings are asked for (API reference)
		}
		list = append(list, diagnostic{Severity: severity, Code: d.Code, Message: d.Message, Location: d.Location})
	}
	size := cmp.Or(r.MaxResults, defaultPage)
	return struct {
		Result      string       `json:"result"`
		Diagnostics []diagnostic `json:"diagnostics"`
		Truncated   bool         `json:"truncated"`
	}{Result: result, Diagnostics: list[:min(size, len(list))], Truncated: len(list) > size}, nil
}
