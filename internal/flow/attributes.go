package flow

import (
	"fmt"
	"maps"

	"github.com/connect-async/connect-async/internal/awsfacts"
	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/source"
)

// runSetAttributes sets contact attributes: all of them or, on an error, none.
func runSetAttributes(c *Contact, f *frame, a *flowlang.Action) outcome {
	values, fault := c.newValues(f, a.Param("Attributes"), (*source.Node).Scalar)
	if fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	if a.Text("TargetContact") == "Related" {
		return success // the other contact is not part of the call
	}
	if fault := setAll(c.state.Attributes, values); fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	return success
}

// runSetFlowAttributes sets attributes that only this flow sees.
func runSetFlowAttributes(c *Contact, f *frame, a *flowlang.Action) outcome {
	values, fault := c.newValues(f, a.Param("FlowAttributes"), flowAttribute)
	if fault == "" {
		fault = setAll(c.scope(f).Flow, values)
	}
	if fault != "" {
		return failure(flowlang.NoMatchingError, fault)
	}
	return success
}

// flowAttribute is a flow attribute as it is written: an object with Value.
func flowAttribute(n *source.Node) string { return n.Get("Value").Scalar() }

// newValues resolves the attributes that an action sets. text returns one as it is written.
func (c *Contact) newValues(f *frame, node *source.Node, text func(*source.Node) string) (
	values map[string]string, fault string,
) {
	values = map[string]string{}
	if !node.Is(source.Object) {
		return values, ""
	}
	for _, m := range node.Members {
		value, ok := c.resolve(f, text(m.Value))
		if !ok {
			c.rest("unset_in_set_attribute")
			if c.state.Assumptions.UnsetInSetAttribute == UnsetInSetAttributeError {
				return nil, "the reference for " + m.Key + " has no value"
			}
		}
		values[m.Key] = value
	}
	return values, ""
}

// setAll sets attributes: all of them or, if they would be too large together, none.
func setAll(into, values map[string]string) (fault string) {
	size := 0
	for key, value := range into {
		if _, replaced := values[key]; !replaced {
			size += len(key) + len(value)
		}
	}
	for key, value := range values {
		size += len(key) + len(value)
	}
	if size > awsfacts.AttributeBytes {
		return fmt.Sprintf("the attributes would be larger than %d bytes", awsfacts.AttributeBytes)
	}
	maps.Copy(into, values)
	return ""
}

// contactFields are the fields of the contact that UpdateContactData sets and references show.
var contactFields = []string{"Name", "Description", "LanguageCode", "CustomerId"}

func runSetContactData(c *Contact, f *frame, a *flowlang.Action) outcome {
	if a.Text("TargetContact") == "Related" {
		return success
	}
	for _, name := range contactFields {
		if a.Param(name) != nil {
			c.state.Fields[name] = c.value(f, a, name)
		}
	}
	return success
}
