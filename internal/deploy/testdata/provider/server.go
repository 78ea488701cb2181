package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// provider answers Terraform. What it does not implement, the commands of the tests do not ask for.
type provider struct {
	tfprotov5.ProviderServer
	schemas *schemas
	store   *store
	account *account // set when the provider is configured
	tags    record   // the tags that every resource has
}

func (p *provider) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest,
) (*tfprotov5.GetProviderSchemaResponse, error) {
	self, err := p.schemas.Provider.protocol()
	if err != nil {
		return nil, err
	}
	resources, err := protocols(p.schemas.Resources)
	if err != nil {
		return nil, err
	}
	data, err := protocols(p.schemas.Data)
	if err != nil {
		return nil, err
	}
	return &tfprotov5.GetProviderSchemaResponse{Provider: self, ResourceSchemas: resources,
		DataSourceSchemas: data}, nil
}

func (p *provider) GetResourceIdentitySchemas(context.Context, *tfprotov5.GetResourceIdentitySchemasRequest,
) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

func (p *provider) PrepareProviderConfig(_ context.Context, r *tfprotov5.PrepareProviderConfigRequest,
) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (p *provider) StopProvider(context.Context, *tfprotov5.StopProviderRequest,
) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func (p *provider) ConfigureProvider(_ context.Context, r *tfprotov5.ConfigureProviderRequest,
) (*tfprotov5.ConfigureProviderResponse, error) {
	config, err := p.record(p.schemas.Provider, r.Config)
	if err == nil {
		err = p.configure(config)
	}
	return &tfprotov5.ConfigureProviderResponse{Diagnostics: diagnose("Configuring the provider", err)}, nil
}

func (p *provider) configure(config record) error {
	region := config.text("region")
	if region == "" {
		region = os.Getenv("AWS_REGION")
	}
	if region == "" {
		return errors.New("no Region: set region, or AWS_REGION in the environment")
	}
	p.account = &account{endpoint: os.Getenv("AWS_ENDPOINT_URL"), region: region}
	if err := p.account.identify(); err != nil {
		return err
	}
	allowed, _ := config["allowed_account_ids"].([]any)
	if len(allowed) > 0 && !slices.Contains(allowed, any(p.account.number)) {
		return fmt.Errorf("the account %s is not one of %v, which are allowed", p.account.number, allowed)
	}
	p.tags = asRecord(config.block("default_tags")["tags"])
	return nil
}

func (p *provider) ValidateResourceTypeConfig(context.Context, *tfprotov5.ValidateResourceTypeConfigRequest,
) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (p *provider) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest,
) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

func (p *provider) UpgradeResourceState(_ context.Context, r *tfprotov5.UpgradeResourceStateRequest,
) (*tfprotov5.UpgradeResourceStateResponse, error) {
	kind, err := p.schemas.Resources[r.TypeName].typeOf()
	if err != nil {
		return nil, err
	}
	v, err := r.RawState.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov5.NewDynamicValue(kind, v)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

func (p *provider) ReadResource(_ context.Context, r *tfprotov5.ReadResourceRequest,
) (*tfprotov5.ReadResourceResponse, error) {
	kind, v, err := p.value(p.schemas.Resources[r.TypeName], r.CurrentState)
	if err != nil {
		return nil, err
	}
	said, err := p.service(r.TypeName).read(recordOf(v))
	switch {
	case isMissing(err):
		v = tftypes.NewValue(kind, nil)
	case err != nil:
		return &tfprotov5.ReadResourceResponse{NewState: r.CurrentState,
			Diagnostics: diagnose("Reading "+r.TypeName, err)}, nil
	default:
		if v, err = overlay(kind, v, said); err != nil {
			return nil, err
		}
	}
	state, err := tfprotov5.NewDynamicValue(kind, v)
	return &tfprotov5.ReadResourceResponse{NewState: &state}, err
}

func (p *provider) ReadDataSource(_ context.Context, r *tfprotov5.ReadDataSourceRequest,
) (*tfprotov5.ReadDataSourceResponse, error) {
	kind, v, err := p.value(p.schemas.Data[r.TypeName], r.Config)
	if err != nil {
		return nil, err
	}
	said, err := p.account.data(r.TypeName)
	if err != nil {
		return &tfprotov5.ReadDataSourceResponse{Diagnostics: diagnose("Reading "+r.TypeName, err)}, nil
	}
	if v, err = overlay(kind, v, said); err != nil {
		return nil, err
	}
	state, err := tfprotov5.NewDynamicValue(kind, v)
	return &tfprotov5.ReadDataSourceResponse{State: &state}, err
}

// value reads what Terraform sent.
func (p *provider) value(s schema, sent *tfprotov5.DynamicValue) (tftypes.Object, tftypes.Value, error) {
	kind, err := s.typeOf()
	if err != nil {
		return kind, tftypes.Value{}, err
	}
	v, err := sent.Unmarshal(kind)
	return kind, v, err
}

func (p *provider) record(s schema, sent *tfprotov5.DynamicValue) (record, error) {
	_, v, err := p.value(s, sent)
	if err != nil {
		return nil, err
	}
	return recordOf(v), nil
}

// diagnose tells Terraform of an error, where there is one.
func diagnose(what string, err error) []*tfprotov5.Diagnostic {
	if err == nil {
		return nil
	}
	return []*tfprotov5.Diagnostic{{Severity: tfprotov5.DiagnosticSeverityError, Summary: what, Detail: err.Error()}}
}
