package objects

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"

	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/internal/values"
)

// lookup is the data source that reads one object of any kind.
type lookup struct{ provider *Provider }

// DataSource gives the one data source that there is.
func (p *Provider) DataSource(string) server.DataSource { return lookup{p} }

// Read asks the API server what the kind is called in its paths, and for the object.
func (l lookup) Read(ctx context.Context, config tftypes.Value) (tftypes.Value, error) {
	members := values.Members(config)
	api, _, err := l.provider.api(values.Text(members["api_version"]), values.Text(members["kind"]))
	if err != nil {
		return config, err
	}
	metadata := values.Members(values.Elements(members["metadata"])[0])
	var named dynamic.ResourceInterface = api
	if namespace := values.Text(metadata["namespace"]); namespace != "" {
		named = api.Namespace(namespace)
	}
	live, err := named.Get(ctx, values.Text(metadata["name"]), metav1.GetOptions{})
	if err != nil {
		return config, err
	}
	members["object"] = dynamicValue(live.Object)
	return tftypes.NewValue(config.Type(), members), nil
}

// api asks the API server what a kind is called in its paths, and whether its objects lie in namespaces.
func (p *Provider) api(apiVersion, kind string) (dynamic.NamespaceableResourceInterface, bool, error) {
	rest, err := p.config.REST()
	if err != nil {
		return nil, false, err
	}
	client, err := discovery.NewDiscoveryClientForConfig(rest)
	if err != nil {
		return nil, false, err
	}
	served, err := client.ServerResourcesForGroupVersion(apiVersion)
	if err != nil {
		return nil, false, fmt.Errorf("%s %s: %w", apiVersion, kind, err)
	}
	at := slices.IndexFunc(served.APIResources, func(r metav1.APIResource) bool { return r.Kind == kind })
	if at < 0 {
		return nil, false, fmt.Errorf("the API server knows no %s of %s", kind, apiVersion)
	}
	group, err := schema.ParseGroupVersion(apiVersion)
	if err != nil {
		return nil, false, err
	}
	objects, err := p.client()
	if err != nil {
		return nil, false, err
	}
	found := served.APIResources[at]
	return objects.Resource(group.WithResource(found.Name)), found.Namespaced, nil
}

// dynamicValue gives a JSON value as Terraform's own, each with a type of its own.
func dynamicValue(value any) tftypes.Value {
	switch value := value.(type) {
	case map[string]any:
		members, kinds := map[string]tftypes.Value{}, map[string]tftypes.Type{}
		for key, member := range value {
			members[key] = dynamicValue(member)
			kinds[key] = members[key].Type()
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: kinds}, members)
	case []any:
		elements, kinds := make([]tftypes.Value, len(value)), make([]tftypes.Type, len(value))
		for i, element := range value {
			elements[i] = dynamicValue(element)
			kinds[i] = elements[i].Type()
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: kinds}, elements)
	case string:
		return tftypes.NewValue(tftypes.String, value)
	case bool:
		return tftypes.NewValue(tftypes.Bool, value)
	case int64:
		return tftypes.NewValue(tftypes.Number, value)
	case float64:
		return tftypes.NewValue(tftypes.Number, value)
	default: // JSON's null
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	}
}
