package supervisor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"

	"multicast-lab/embedded/kubernetes/internal/pki"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	sharedName = "k3s-embedded"
	sharedKey  = "settings.json"
)

// shared is what an agent takes from its server, since in K3s only the server is configured with it.
type shared struct {
	// ClientAuthority is the CA by which a kubelet knows its clients.
	ClientAuthority string
	networkSettings
}

// networkSettings are those that every server of a cluster must have alike
// (https://docs.k3s.io/cli/server#critical-configuration-values).
type networkSettings struct {
	ClusterCIDRs   []netip.Prefix
	ServiceCIDRs   []netip.Prefix
	ClusterDNS     []netip.Addr
	ClusterDomain  string
	FlannelBackend string
	MasqueradeIPv6 bool
	NoKubeProxy    bool
}

func (n *node) networkSettings() networkSettings {
	return networkSettings{
		ClusterCIDRs: n.ClusterCIDRs, ServiceCIDRs: n.ServiceCIDRs, ClusterDNS: n.ClusterDNS, ClusterDomain: n.ClusterDomain,
		FlannelBackend: n.FlannelBackend, MasqueradeIPv6: n.MasqueradeIPv6, NoKubeProxy: n.NoKubeProxy,
	}
}

func (n *node) share(clientAuthority []byte) shared {
	return shared{ClientAuthority: string(clientAuthority), networkSettings: n.networkSettings()}
}

func (s seeder) share(ctx context.Context) error {
	content, err := json.Marshal(s.shared)
	if err != nil {
		return err
	}
	maps := s.client.CoreV1().ConfigMaps(meta.NamespaceSystem)
	return ensure(ctx, maps.Create, maps.Update, &core.ConfigMap{
		ObjectMeta: meta.ObjectMeta{Name: sharedName}, Data: map[string]string{sharedKey: string(content)},
	})
}

// takeShared takes the server's settings over. They are there before an agent can join.
func (n *node) takeShared(ctx context.Context) error {
	client, err := newClient(n.kubeletKubeconfig())
	if err != nil {
		return err
	}
	published, err := client.CoreV1().ConfigMaps(meta.NamespaceSystem).Get(ctx, sharedName, meta.GetOptions{})
	if err != nil {
		return fmt.Errorf("settings of the server: %w", err)
	}
	var settings shared
	if err := json.Unmarshal([]byte(published.Data[sharedKey]), &settings); err != nil {
		return fmt.Errorf("settings of the server: %w", err)
	}
	n.ClusterCIDRs, n.ServiceCIDRs = settings.ClusterCIDRs, settings.ServiceCIDRs
	n.ClusterDNS, n.ClusterDomain = settings.ClusterDNS, settings.ClusterDomain
	n.FlannelBackend, n.MasqueradeIPv6, n.NoKubeProxy = settings.FlannelBackend, settings.MasqueradeIPv6, settings.NoKubeProxy
	return pki.WriteFile(n.Paths.Agent("client-ca.crt"), []byte(settings.ClientAuthority), 0o644)
}
