package flow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/connect-async/connect-async/internal/flowlang"
	"github.com/connect-async/connect-async/internal/value"
)

// reply reads a function's reply as ResponseValidation says. fault says why Connect would not understand it.
func (c *Contact) reply(a *flowlang.Action, payload json.RawMessage) (values map[string]string, fault string) {
	limit := c.state.Assumptions.ResponseLimitBytes
	if len(payload) > min(limit, standard.ResponseLimitBytes, smallestLimit) {
		c.rest("response_limit_bytes")
	}
	if len(payload) > limit {
		return nil, fmt.Sprintf("the reply has %d bytes; Connect accepts %d", len(payload), limit)
	}
	if values := plainReply(payload); values != nil {
		return values, ""
	}
	value, err := decode(payload)
	if err != nil {
		return nil, "the reply is not JSON: " + err.Error()
	}
	form := a.Param("ResponseValidation").Get("ResponseType").Scalar()
	if form == "" {
		c.rest("absent_validation")
		form = c.state.Assumptions.AbsentValidation.responseType()
	}
	if form == flowlang.JSON {
		return c.flat(value), ""
	}
	return c.stringMap(value)
}

// smallestLimit is the least that 32 KB can mean.
const smallestLimit = 32_000

// responseType is the validation as a flow writes it.
func (v AbsentValidation) responseType() string {
	if v == AbsentValidationJSON {
		return flowlang.JSON
	}
	return flowlang.StringMap
}

// plainReply reads a flat object of texts, which both forms of validation accept; it returns nil for anything else.
func plainReply(payload []byte) map[string]string {
	decoded, _ := value.Decode(payload)
	object, ok := decoded.(*value.Object)
	if !ok {
		return nil
	}
	values := make(map[string]string, object.Len())
	for name, member := range object.All() {
		text, isText := member.(string)
		if !isText {
			return nil
		}
		values[name] = text
	}
	return values
}

func decode(payload []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more text after its end")
	}
	return value, nil
}

func (c *Contact) flat(value any) map[string]string {
	if hasList(value) {
		c.rest("external_arrays")
	}
	indexed := c.state.Assumptions.ExternalArrays == ExternalArraysIndex
	return flatten(value, indexed)
}

// hasList reports whether there is a list with elements in a JSON value.
func hasList(value any) bool {
	switch v := value.(type) {
	case []any:
		return len(v) > 0
	case map[string]any:
		for _, member := range v {
			if hasList(member) {
				return true
			}
		}
	}
	return false
}

// stringMap reads a flat object of texts, the only form that STRING_MAP accepts (admin guide, "Invoke Lambda
// functions").
func (c *Contact) stringMap(value any) (values map[string]string, fault string) {
	object, ok := value.(map[string]any)
	if !ok {
		return nil, "the reply is not an object, but the block expects STRING_MAP"
	}
	values = make(map[string]string, len(object))
	for _, key := range slices.Sorted(maps.Keys(object)) { // the first fault is the one that is reported
		switch v := object[key].(type) {
		case string:
			values[key] = v
		case map[string]any, []any:
			return nil, "the reply is nested, but the block expects STRING_MAP"
		default:
			c.rest("non_string_values")
			if c.state.Assumptions.NonStringValues == NonStringValuesError {
				return nil, "the reply has a value that is not a string, but the block expects STRING_MAP"
			}
			values[key] = flatten(map[string]any{key: v}, false)[key]
		}
	}
	return values, ""
}
