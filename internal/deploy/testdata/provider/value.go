package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// record are the values of a resource by the names of attributes. What is null or not known yet is left out. Blocks
// are lists of records, text is a string, numbers are float64.
type record map[string]any

// text is the value of an attribute that is text, "" when there is none.
func (r record) text(name string) string {
	s, _ := r[name].(string)
	return s
}

// block is the one block of a name, nil when there is none.
func (r record) block(name string) record {
	if list := r.blocks(name); len(list) > 0 {
		return list[0]
	}
	return nil
}

func (r record) blocks(name string) []record {
	items, _ := r[name].([]any)
	var list []record
	for _, item := range items {
		if fields, ok := item.(record); ok {
			list = append(list, fields)
		}
	}
	return list
}

// recordOf reads a value of a resource.
func recordOf(v tftypes.Value) record {
	r, _ := plain(v).(record)
	return r
}

// plain is a value in Go's own types, nil when it is null or not known.
func plain(v tftypes.Value) any {
	if !v.IsKnown() || v.IsNull() {
		return nil
	}
	switch kind := v.Type(); {
	case kind.Is(tftypes.String):
		return as[string](v)
	case kind.Is(tftypes.Bool):
		return as[bool](v)
	case kind.Is(tftypes.Number):
		f, _ := as[*big.Float](v).Float64()
		return f
	case kind.Is(tftypes.Object{}), kind.Is(tftypes.Map{}):
		r := record{}
		for name, field := range as[map[string]tftypes.Value](v) {
			if value := plain(field); value != nil {
				r[name] = value
			}
		}
		return r
	}
	list := []any{}
	for _, item := range as[[]tftypes.Value](v) {
		list = append(list, plain(item))
	}
	return list
}

// as reads a value that is known to be of a type.
func as[T any](v tftypes.Value) T {
	var out T
	if kind := reflect.TypeOf(out); kind.Kind() == reflect.Pointer {
		out = reflect.New(kind.Elem()).Interface().(T)
		if err := v.As(out); err != nil {
			panic(fmt.Sprintf("%v as %T: %v", v, out, err))
		}
		return out
	}
	if err := v.As(&out); err != nil {
		panic(fmt.Sprintf("%v as %T: %v", v, out, err))
	}
	return out
}

// valueOf is a plain value as one of a type.
func valueOf(kind tftypes.Type, v any) (tftypes.Value, error) {
	if v == nil {
		return tftypes.NewValue(kind, nil), nil
	}
	switch kind := kind.(type) {
	case tftypes.Map:
		fields := map[string]tftypes.Value{}
		for name, field := range asRecord(v) {
			value, err := valueOf(kind.ElementType, field)
			if err != nil {
				return tftypes.Value{}, err
			}
			fields[name] = value
		}
		return tftypes.NewValue(kind, fields), nil
	case tftypes.List:
		return listOf(kind, kind.ElementType, v)
	case tftypes.Set:
		return listOf(kind, kind.ElementType, v)
	}
	if err := tftypes.ValidateValue(kind, v); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(kind, v), nil
}

func listOf(kind, element tftypes.Type, v any) (tftypes.Value, error) {
	list := []tftypes.Value{}
	items, ok := v.([]any)
	if !ok {
		return tftypes.Value{}, fmt.Errorf("%T is not a list", v)
	}
	for _, item := range items {
		value, err := valueOf(element, item)
		if err != nil {
			return tftypes.Value{}, err
		}
		list = append(list, value)
	}
	return tftypes.NewValue(kind, list), nil
}

// asRecord is an object of JSON, or a record.
func asRecord(v any) record {
	if m, ok := v.(map[string]any); ok {
		return m
	}
	r, _ := v.(record)
	return r
}

// overlay is a resource with what a service says about it. An attribute of JSON that means the same stays as it is
// written.
func overlay(kind tftypes.Object, v tftypes.Value, said record) (tftypes.Value, error) {
	fields := as[map[string]tftypes.Value](v)
	for name, value := range said {
		attribute, ok := kind.AttributeTypes[name]
		if !ok || sameJSON(plain(fields[name]), value) {
			continue
		}
		made, err := valueOf(attribute, value)
		if err != nil {
			return v, fmt.Errorf("%s: %w", name, err)
		}
		fields[name] = made
	}
	return tftypes.NewValue(kind, fields), nil
}

// sameJSON reports whether two values are texts in JSON which mean the same.
func sameJSON(a, b any) bool {
	first, ok1 := a.(string)
	second, ok2 := b.(string)
	var x, y any
	return ok1 && ok2 && json.Unmarshal([]byte(first), &x) == nil && json.Unmarshal([]byte(second), &y) == nil &&
		reflect.DeepEqual(x, y)
}
