package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// PlanResourceChange leaves everything unknown that the provider computes and that nobody has configured, when
// something is created; at a change it stays what it was.
func (p *provider) PlanResourceChange(_ context.Context, r *tfprotov5.PlanResourceChangeRequest,
) (*tfprotov5.PlanResourceChangeResponse, error) {
	s := p.schemas.Resources[r.TypeName]
	kind, proposed, err := p.value(s, r.ProposedNewState)
	if err != nil {
		return nil, err
	}
	_, prior, err := p.value(s, r.PriorState)
	if err != nil || proposed.IsNull() {
		return &tfprotov5.PlanResourceChangeResponse{PlannedState: r.ProposedNewState}, err
	}
	fields := as[map[string]tftypes.Value](proposed)
	if _, ok := fields["tags_all"]; ok {
		fields["tags_all"] = p.allTags(fields["tags"])
	}
	out := &tfprotov5.PlanResourceChangeResponse{}
	if prior.IsNull() {
		for name, a := range s.Block.Attributes {
			if a.Computed && fields[name].IsNull() {
				fields[name] = tftypes.NewValue(kind.AttributeTypes[name], tftypes.UnknownValue)
			}
		}
	} else {
		p.planUpdate(r.TypeName, as[map[string]tftypes.Value](prior), fields, out)
	}
	state, err := tfprotov5.NewDynamicValue(kind, tftypes.NewValue(kind, fields))
	out.PlannedState = &state
	return out, err
}

// planUpdate says what a change replaces, and what it makes unknown.
func (p *provider) planUpdate(name string, prior, fields map[string]tftypes.Value,
	out *tfprotov5.PlanResourceChangeResponse) {
	service, changed := p.service(name), false
	for attribute, v := range fields {
		if v.Equal(prior[attribute]) {
			continue
		}
		changed = true
		if slices.Contains(service.identity, attribute) || slices.Contains(service.fixed, attribute) {
			out.RequiresReplace = append(out.RequiresReplace, tftypes.NewAttributePath().WithAttributeName(attribute))
		}
	}
	publishes, _ := plain(fields["publish"]).(bool)
	if changed && publishes {
		for _, attribute := range service.renewed {
			fields[attribute] = tftypes.NewValue(fields[attribute].Type(), tftypes.UnknownValue)
		}
	}
}

// allTags are the tags of a resource with those that every resource has.
func (p *provider) allTags(own tftypes.Value) tftypes.Value {
	kind := tftypes.Map{ElementType: tftypes.String}
	if !own.IsFullyKnown() {
		return tftypes.NewValue(kind, tftypes.UnknownValue)
	}
	all := map[string]tftypes.Value{}
	for _, tags := range []record{p.tags, recordOf(own)} {
		for name, value := range tags {
			all[name] = tftypes.NewValue(tftypes.String, value)
		}
	}
	return tftypes.NewValue(kind, all)
}

// ApplyResourceChange creates, changes or deletes something, and tells what the service then says about it.
func (p *provider) ApplyResourceChange(_ context.Context, r *tfprotov5.ApplyResourceChangeRequest,
) (*tfprotov5.ApplyResourceChangeResponse, error) {
	s := p.schemas.Resources[r.TypeName]
	kind, planned, err := p.value(s, r.PlannedState)
	if err != nil {
		return nil, err
	}
	_, prior, err := p.value(s, r.PriorState)
	if err != nil {
		return nil, err
	}
	done, err := p.apply(kind, r.TypeName, prior, planned)
	if err != nil { // nothing is known to have changed
		return &tfprotov5.ApplyResourceChangeResponse{NewState: r.PriorState,
			Diagnostics: diagnose("Changing "+r.TypeName, err)}, nil
	}
	state, err := tfprotov5.NewDynamicValue(kind, done)
	return &tfprotov5.ApplyResourceChangeResponse{NewState: &state}, err
}

func (p *provider) apply(kind tftypes.Object, name string, prior, planned tftypes.Value) (tftypes.Value, error) {
	service, was, wanted := p.service(name), recordOf(prior), recordOf(planned)
	switch {
	case planned.IsNull():
		if err := service.remove(was); err != nil {
			return prior, err
		}
		return planned, p.store.note("delete", name, service.key(was))
	case prior.IsNull():
		if _, err := service.read(wanted); err == nil {
			return prior, fmt.Errorf("%s %s exists already", name, service.key(wanted))
		} else if !isMissing(err) {
			return prior, err
		}
		computed, err := service.create(wanted)
		if err != nil {
			return prior, err
		}
		maps.Copy(wanted, computed)
		if err := p.store.note("create", name, service.key(wanted)); err != nil {
			return prior, err
		}
	default:
		if service.update == nil {
			return prior, errors.New("it cannot be changed")
		}
		if err := service.update(wanted); err != nil {
			return prior, err
		}
		if err := p.store.note("update", name, service.key(wanted)); err != nil {
			return prior, err
		}
	}
	return p.complete(kind, service, planned, wanted)
}

// complete gives what was planned as unknown the value that the service has given it, or null.
func (p *provider) complete(kind tftypes.Object, service service, planned tftypes.Value, wanted record,
) (tftypes.Value, error) {
	said, err := service.read(wanted)
	if err != nil {
		return planned, fmt.Errorf("it cannot be read after it was changed: %w", err)
	}
	maps.Copy(wanted, said)
	if wanted.text("region") == "" {
		wanted["region"] = p.account.region
	}
	if wanted.text("id") == "" {
		wanted["id"] = service.key(wanted)
	}
	fields := as[map[string]tftypes.Value](planned)
	for name, v := range fields {
		if v.IsKnown() {
			continue
		}
		if fields[name], err = valueOf(kind.AttributeTypes[name], wanted[name]); err != nil {
			return planned, fmt.Errorf("%s: %w", name, err)
		}
	}
	return tftypes.NewValue(kind, fields), nil
}
