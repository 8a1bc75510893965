package objects

import (
	"context"
	"fmt"
	"regexp"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"k8s.io/client-go/dynamic"

	"multicast-lab/embedded/provider/internal/cluster"
	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/internal/values"
	"multicast-lab/embedded/provider/schema"
)

// Provider serves the types of the kubernetes provider.
type Provider struct {
	schemas            *schema.Provider
	config             cluster.Config
	ignoredAnnotations []*regexp.Regexp
	ignoredLabels      []*regexp.Regexp
	client             func() (dynamic.Interface, error)
}

// NewProvider makes the provider for its schemas.
func NewProvider(schemas *schema.Provider) *Provider {
	return &Provider{schemas: schemas}
}

// Configure keeps the provider block; the cluster is looked for when the first object is.
func (p *Provider) Configure(_ context.Context, config tftypes.Value) error {
	members := values.Members(config)
	p.config = cluster.NewConfig(config)
	p.client = sync.OnceValues(func() (dynamic.Interface, error) {
		rest, err := p.config.REST()
		if err != nil {
			return nil, err
		}
		return dynamic.NewForConfig(rest)
	})
	var err error
	if p.ignoredAnnotations, err = compile("ignore_annotations", members); err != nil {
		return err
	}
	p.ignoredLabels, err = compile("ignore_labels", members)
	return err
}

// Resource gives the engine for one type.
func (p *Provider) Resource(typeName string) server.Resource {
	block := p.schemas.Resources[typeName].Block
	if field, found := additions[typeName]; found {
		return &addition{field: field, provider: p, schema: block}
	}
	return &object{kind: kinds[typeName], provider: p, schema: block}
}

func compile(argument string, members map[string]tftypes.Value) ([]*regexp.Regexp, error) {
	var expressions []*regexp.Regexp
	for _, text := range values.Texts(members[argument]) {
		expression, err := regexp.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("%s must hold regular expressions, got %q: %w", argument, text, err)
		}
		expressions = append(expressions, expression)
	}
	return expressions, nil
}
