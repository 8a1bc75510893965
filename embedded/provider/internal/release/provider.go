// Package release serves helm_release by Helm's own library, for charts in a local directory.
package release

import (
	"context"
	"errors"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"helm.sh/helm/v3/pkg/action"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"

	"multicast-lab/embedded/provider/internal/cluster"
	"multicast-lab/embedded/provider/internal/server"
	"multicast-lab/embedded/provider/internal/values"
	"multicast-lab/embedded/provider/schema"
)

// Provider serves the helm provider's one type.
type Provider struct {
	schema *tfprotov6.SchemaBlock
	config cluster.Config
	driver string
}

// NewProvider makes the provider for its schemas.
func NewProvider(schemas *schema.Provider) *Provider {
	return &Provider{schema: schemas.Resources["helm_release"].Block}
}

// Configure keeps the provider block; the cluster is looked for when a release is.
func (p *Provider) Configure(_ context.Context, config tftypes.Value) error {
	members := values.Members(config)
	if values.Flag(values.Members(members["experiments"])["manifest"], false) {
		return errors.New("experiments.manifest is not supported by the embedded provider; leave it out")
	}
	if len(values.Elements(members["registries"])) > 0 {
		return errors.New("registries are not supported by the embedded provider, which takes charts from local directories only; leave them out")
	}
	p.config = cluster.NewConfig(members["kubernetes"])
	if p.driver = values.Text(members["helm_driver"]); p.driver == "" {
		p.driver = os.Getenv("HELM_DRIVER")
	}
	return nil
}

// Resource gives the one type.
func (p *Provider) Resource(string) server.Resource { return &release{provider: p} }

// DataSource is not called: there are none.
func (p *Provider) DataSource(string) server.DataSource { return nil }

// helm gives Helm's configuration for one namespace. It is made anew for each operation, so that it knows the kinds
// that another release has just brought.
func (p *Provider) helm(namespace string) (*action.Configuration, error) {
	loader, err := p.config.Loader(namespace)
	if err != nil {
		return nil, err
	}
	client, err := p.config.REST()
	if err != nil {
		return nil, err
	}
	discovered, err := discovery.NewDiscoveryClientForConfig(client)
	if err != nil {
		return nil, err
	}
	configuration := new(action.Configuration)
	getter := &getter{loader: loader, client: client, discovery: memory.NewMemCacheClient(discovered)}
	err = configuration.Init(getter, namespace, p.driver, func(format string, arguments ...any) {
		log.Printf("[DEBUG] helm: "+format, arguments...)
	})
	return configuration, err
}

// getter is how Helm asks for its clients.
type getter struct {
	loader    clientcmd.ClientConfig
	client    *rest.Config
	discovery discovery.CachedDiscoveryInterface
}

func (g *getter) ToRESTConfig() (*rest.Config, error) { return g.client, nil }

func (g *getter) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	return g.discovery, nil
}

func (g *getter) ToRESTMapper() (meta.RESTMapper, error) {
	return restmapper.NewDeferredDiscoveryRESTMapper(g.discovery), nil
}

func (g *getter) ToRawKubeConfigLoader() clientcmd.ClientConfig { return g.loader }
