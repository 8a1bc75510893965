// Package server speaks Terraform's plugin protocol for a set of resource types. It knows nothing of Kubernetes or Helm.
package server

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Provider is one provider's own part.
type Provider interface {
	// Configure takes the provider block; values may be unknown during a plan.
	Configure(ctx context.Context, config tftypes.Value) error
	// Resource gives the implementation of a type of the schema.
	Resource(typeName string) Resource
	// DataSource gives the implementation of a data source of the schema.
	DataSource(typeName string) DataSource
}

// DataSource is one data source.
type DataSource interface {
	// Read gives the configuration with what was read filled in.
	Read(ctx context.Context, config tftypes.Value) (tftypes.Value, error)
}

// Resource is one resource type.
type Resource interface {
	// Validate refuses what the type cannot do. Values may be unknown.
	Validate(config tftypes.Value) error
	// Plan adjusts a planned change and says which changes need a new object. It is not called for a delete.
	Plan(change Change) (Planned, error)
	// Read brings the state up to date; a null value means that the object is gone.
	Read(ctx context.Context, state tftypes.Value) (tftypes.Value, error)
	// Create and Update give the new state even with an error, if there is an object; else a null value.
	Create(ctx context.Context, planned tftypes.Value) (tftypes.Value, error)
	Update(ctx context.Context, prior, planned tftypes.Value) (tftypes.Value, error)
	Delete(ctx context.Context, prior tftypes.Value) error
}

// Change is what Terraform core proposes.
type Change struct {
	Schema *tfprotov6.Schema
	// Prior is null for a create.
	Prior    tftypes.Value
	Config   tftypes.Value
	Proposed tftypes.Value
}

// IsCreate tells whether there is no object yet.
func (c Change) IsCreate() bool { return c.Prior.IsNull() }

// Planned is the answer to a Change.
type Planned struct {
	State           tftypes.Value
	RequiresReplace []*tftypes.AttributePath
}
