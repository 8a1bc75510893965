package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"multicast-lab/embedded/provider/schema"
)

// Server answers Terraform core for one provider.
type Server struct {
	unsupported
	schemas  *schema.Provider
	provider Provider
	// stopped ends every wait when the user interrupts Terraform.
	stopped context.Context
	stop    context.CancelFunc
}

// New makes the server of a provider.
func New(schemas *schema.Provider, provider Provider) *Server {
	stopped, stop := context.WithCancel(context.Background())
	return &Server{schemas: schemas, provider: provider, stopped: stopped, stop: stop}
}

// GetMetadata names the types, so that Terraform need not load the schema to know them.
func (s *Server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	response := &tfprotov6.GetMetadataResponse{ServerCapabilities: capabilities()}
	for name := range s.schemas.Resources {
		response.Resources = append(response.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for name := range s.schemas.DataSources {
		response.DataSources = append(response.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	return response, nil
}

// GetProviderSchema gives all schemas.
func (s *Server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: capabilities(),
		Provider:           s.schemas.Config,
		ResourceSchemas:    s.schemas.Resources,
		DataSourceSchemas:  s.schemas.DataSources,
	}, nil
}

func capabilities() *tfprotov6.ServerCapabilities {
	return &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true}
}

// ValidateProviderConfig takes any configuration that fits the schema.
func (s *Server) ValidateProviderConfig(_ context.Context, r *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: r.Config}, nil
}

// ConfigureProvider hands the provider block over.
func (s *Server) ConfigureProvider(ctx context.Context, r *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	config, err := r.Config.Unmarshal(s.schemas.Config.ValueType())
	if err == nil {
		err = s.provider.Configure(ctx, config)
	}
	return &tfprotov6.ConfigureProviderResponse{Diagnostics: diagnostics(err)}, nil
}

// StopProvider ends all waits; what has been made so far still goes to the state.
func (s *Server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.stop()
	return &tfprotov6.StopProviderResponse{}, nil
}

// ValidateResourceConfig refuses what a type cannot do.
func (s *Server) ValidateResourceConfig(_ context.Context, r *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	resource, ty, err := s.resource(r.TypeName)
	if err == nil {
		var config tftypes.Value
		if config, err = r.Config.Unmarshal(ty.ValueType()); err == nil {
			err = resource.Validate(config)
		}
	}
	return &tfprotov6.ValidateResourceConfigResponse{Diagnostics: diagnostics(err)}, nil
}

// UpgradeResourceState only parses: there is no older version of our states.
func (s *Server) UpgradeResourceState(_ context.Context, r *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	response := &tfprotov6.UpgradeResourceStateResponse{}
	_, ty, err := s.resource(r.TypeName)
	if err == nil {
		var state tftypes.Value
		if state, err = r.RawState.Unmarshal(ty.ValueType()); err == nil {
			response.UpgradedState, err = encode(ty, state)
		}
	}
	response.Diagnostics = diagnostics(err)
	return response, nil
}

// ReadResource brings one state up to date.
func (s *Server) ReadResource(ctx context.Context, r *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	response := &tfprotov6.ReadResourceResponse{NewState: r.CurrentState, Private: r.Private}
	resource, ty, err := s.resource(r.TypeName)
	if err == nil {
		var state tftypes.Value
		if state, err = r.CurrentState.Unmarshal(ty.ValueType()); err == nil && !state.IsNull() {
			ctx, cancel := s.untilStopped(ctx)
			defer cancel()
			if state, err = resource.Read(ctx, state); err == nil {
				response.NewState, err = encode(ty, state)
			}
		}
	}
	response.Diagnostics = diagnostics(err)
	return response, nil
}

// PlanResourceChange plans one change.
func (s *Server) PlanResourceChange(_ context.Context, r *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	response := &tfprotov6.PlanResourceChangeResponse{PlannedState: r.ProposedNewState, PlannedPrivate: r.PriorPrivate}
	resource, ty, err := s.resource(r.TypeName)
	if err != nil {
		response.Diagnostics = diagnostics(err)
		return response, nil
	}
	decoded, err := decode(ty, r.PriorState, r.Config, r.ProposedNewState)
	if err == nil && !decoded[2].IsNull() {
		var planned Planned
		change := Change{Schema: ty, Prior: decoded[0], Config: decoded[1], Proposed: decoded[2]}
		if planned, err = resource.Plan(change); err == nil {
			response.RequiresReplace = planned.RequiresReplace
			response.PlannedState, err = encode(ty, planned.State)
		}
	}
	response.Diagnostics = diagnostics(err)
	return response, nil
}

// ApplyResourceChange creates, updates or deletes. With an error the state goes back too: Terraform then marks a new
// object as tainted and makes it again at the next apply.
func (s *Server) ApplyResourceChange(ctx context.Context, r *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	response := &tfprotov6.ApplyResourceChangeResponse{NewState: r.PriorState, Private: r.PlannedPrivate}
	resource, ty, err := s.resource(r.TypeName)
	if err != nil {
		response.Diagnostics = diagnostics(err)
		return response, nil
	}
	decoded, err := decode(ty, r.PriorState, r.PlannedState)
	if err == nil {
		ctx, cancel := s.untilStopped(ctx)
		defer cancel()
		var state tftypes.Value
		state, err = apply(ctx, resource, decoded[0], decoded[1])
		encoded, encodeErr := encode(ty, state)
		response.NewState = encoded
		err = errors.Join(err, encodeErr)
	}
	response.Diagnostics = diagnostics(err)
	return response, nil
}

func apply(ctx context.Context, resource Resource, prior, planned tftypes.Value) (tftypes.Value, error) {
	switch {
	case planned.IsNull():
		if err := resource.Delete(ctx, prior); err != nil {
			return prior, err
		}
		return planned, nil
	case prior.IsNull():
		return resource.Create(ctx, planned)
	default:
		return resource.Update(ctx, prior, planned)
	}
}

func (s *Server) resource(typeName string) (Resource, *tfprotov6.Schema, error) {
	ty, found := s.schemas.Resources[typeName]
	if !found {
		return nil, nil, fmt.Errorf("%s is not served by the embedded provider; use the real one", typeName)
	}
	return s.provider.Resource(typeName), ty, nil
}

// untilStopped gives a context that also ends when Terraform is interrupted.
func (s *Server) untilStopped(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	release := context.AfterFunc(s.stopped, cancel)
	return ctx, func() { release(); cancel() }
}

func decode(ty *tfprotov6.Schema, encoded ...*tfprotov6.DynamicValue) ([]tftypes.Value, error) {
	values := make([]tftypes.Value, len(encoded))
	for i, value := range encoded {
		var err error
		if values[i], err = value.Unmarshal(ty.ValueType()); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func encode(ty *tfprotov6.Schema, value tftypes.Value) (*tfprotov6.DynamicValue, error) {
	if value.Type() == nil {
		value = tftypes.NewValue(ty.ValueType(), nil)
	}
	encoded, err := tfprotov6.NewDynamicValue(ty.ValueType(), value)
	return &encoded, err
}

func diagnostics(err error) []*tfprotov6.Diagnostic {
	if err == nil {
		return nil
	}
	return []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: err.Error()}}
}

// Serve answers Terraform until it ends the program.
func Serve(address string, schemas *schema.Provider, provider Provider) error {
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return New(schemas, provider) })
}
