package server

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// ValidateDataResourceConfig takes any configuration that fits the schema.
func (s *Server) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

// ReadDataSource reads one data source.
func (s *Server) ReadDataSource(ctx context.Context, r *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	state, err := s.readDataSource(ctx, r)
	return &tfprotov6.ReadDataSourceResponse{State: state, Diagnostics: diagnostics(err)}, nil
}

func (s *Server) readDataSource(ctx context.Context, r *tfprotov6.ReadDataSourceRequest) (*tfprotov6.DynamicValue, error) {
	ty, found := s.schemas.DataSources[r.TypeName]
	if !found {
		return nil, fmt.Errorf("data source %s is not served by the embedded provider; use the real one", r.TypeName)
	}
	config, err := r.Config.Unmarshal(ty.ValueType())
	if err != nil {
		return nil, err
	}
	ctx, cancel := s.untilStopped(ctx)
	defer cancel()
	state, err := s.provider.DataSource(r.TypeName).Read(ctx, config)
	if err != nil {
		return nil, err
	}
	return encode(ty, state)
}
