package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// schemas are the schemas of the provider itself and of its resources and data sources.
type schemas struct {
	Provider  schema            `json:"provider"`
	Resources map[string]schema `json:"resource_schemas"`
	Data      map[string]schema `json:"data_source_schemas"`
}

type schema struct {
	Block blockSchema `json:"block"`
}

type blockSchema struct {
	Attributes map[string]attributeSchema `json:"attributes"`
	Blocks     map[string]nestedSchema    `json:"block_types"`
}

type attributeSchema struct {
	Type     json.RawMessage `json:"type"`
	Required bool            `json:"required"`
	Optional bool            `json:"optional"`
	Computed bool            `json:"computed"`
}

type nestedSchema struct {
	Mode  string      `json:"nesting_mode"`
	Max   int64       `json:"max_items"`
	Block blockSchema `json:"block"`
}

func readSchemas(file string) (*schemas, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("PROVIDER_SCHEMA: %w", err)
	}
	s := &schemas{}
	return s, json.Unmarshal(text, s)
}

// protocol is the schema as Terraform is told it.
func (s schema) protocol() (*tfprotov5.Schema, error) {
	block, err := s.Block.protocol()
	return &tfprotov5.Schema{Block: block}, err
}

func (b blockSchema) protocol() (*tfprotov5.SchemaBlock, error) {
	out := &tfprotov5.SchemaBlock{}
	for name, a := range b.Attributes {
		//lint:ignore SA1019 the module has no other way to read a type
		kind, err := tftypes.ParseJSONType(a.Type)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out.Attributes = append(out.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: kind, Required: a.Required, Optional: a.Optional, Computed: a.Computed,
		})
	}
	modes := map[string]tfprotov5.SchemaNestedBlockNestingMode{
		"list": tfprotov5.SchemaNestedBlockNestingModeList, "set": tfprotov5.SchemaNestedBlockNestingModeSet,
		"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
	}
	for name, n := range b.Blocks {
		inner, err := n.Block.protocol()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		mode, ok := modes[n.Mode]
		if !ok {
			return nil, fmt.Errorf("%s: nesting mode %q; use list, set or single", name, n.Mode)
		}
		out.BlockTypes = append(out.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Block: inner, Nesting: mode, MaxItems: n.Max,
		})
	}
	return out, nil
}

// protocols are several schemas as Terraform is told them.
func protocols(all map[string]schema) (map[string]*tfprotov5.Schema, error) {
	out := map[string]*tfprotov5.Schema{}
	for name, s := range all {
		p, err := s.protocol()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = p
	}
	return out, nil
}

// typeOf is the type of a whole resource.
func (s schema) typeOf() (tftypes.Object, error) {
	p, err := s.protocol()
	if err != nil {
		return tftypes.Object{}, err
	}
	return p.ValueType().(tftypes.Object), nil
}
