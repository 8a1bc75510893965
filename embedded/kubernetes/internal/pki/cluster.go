package pki

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/netip"
	"os"

	"multicast-lab/embedded/kubernetes/internal/layout"
)

// Cluster says what the control plane's certificates must be valid for.
type Cluster struct {
	Paths         layout.Paths
	NodeName      string
	NodeIPs       []netip.Addr
	ServiceIPs    []netip.Addr // of the API server, inside the cluster
	ClusterDomain string
	ExtraNames    []string // more names and addresses of the API server
	APIServer     string   // URL for the components on this host
}

// authorityNames are the authorities by their files below server/tls.
var authorityNames = map[string]string{
	"server-ca": "k3s-server-ca", "client-ca": "k3s-client-ca", "request-header-ca": "k3s-request-header-ca",
	"etcd/server-ca": "etcd-server-ca", "etcd/peer-ca": "etcd-peer-ca",
}

// Authorities are those that others need after Make.
type Authorities struct {
	Server *Authority // signs what servers and kubelets serve with
	Client *Authority // signs clients of the API server
}

// certificate is one leaf: its file below server/tls, and the kubeconfig made from it, if any.
type certificate struct {
	file       string
	authority  *Authority
	leaf       Leaf
	kubeconfig string
}

var (
	clientUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	serverUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	bothUsages  = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
)

// Make writes all keys, certificates and kubeconfigs of a control plane; authorities that exist are kept.
// The files are named as those of a K3s release.
func (c Cluster) Make() (*Authorities, error) {
	for _, directory := range []string{c.Paths.Server(), c.Paths.TLS("etcd"), c.Paths.Credential()} {
		if err := os.MkdirAll(directory, 0o700); err != nil {
			return nil, err
		}
	}
	loaded := map[string]*Authority{}
	for file, name := range authorityNames {
		authority, err := LoadAuthority(c.Paths.TLS(file), name)
		if err != nil {
			return nil, err
		}
		loaded[file] = authority
	}
	for _, one := range c.certificates(loaded) {
		if err := c.write(one, loaded["server-ca"]); err != nil {
			return nil, fmt.Errorf("%s: %w", one.file, err)
		}
	}
	return &Authorities{Server: loaded["server-ca"], Client: loaded["client-ca"]}, c.serviceAccountKey()
}

func (c Cluster) certificates(by map[string]*Authority) []certificate {
	client := func(file, name, organization, kubeconfig string) certificate {
		leaf := Leaf{CommonName: name, Usages: clientUsage}
		if organization != "" {
			leaf.Organizations = []string{organization}
		}
		return certificate{file: file, authority: by["client-ca"], leaf: leaf, kubeconfig: kubeconfig}
	}
	etcd := Leaf{CommonName: "etcd-server", DNSNames: []string{"localhost", c.NodeName}, IPs: c.hostIPs(), Usages: bothUsages}
	return []certificate{
		client("client-admin", "system:admin", "system:masters", "admin.kubeconfig"),
		client("client-controller", "system:kube-controller-manager", "", "controller.kubeconfig"),
		client("client-scheduler", "system:kube-scheduler", "", "scheduler.kubeconfig"),
		client("client-kube-apiserver", "system:apiserver", "system:masters", ""),
		{file: "client-auth-proxy", authority: by["request-header-ca"], leaf: Leaf{CommonName: "system:auth-proxy", Usages: clientUsage}},
		{file: "serving-kube-apiserver", authority: by["server-ca"], leaf: c.apiServer()},
		{file: "etcd/client", authority: by["etcd/server-ca"], leaf: Leaf{CommonName: "etcd-client", Usages: clientUsage}},
		{file: "etcd/server-client", authority: by["etcd/server-ca"], leaf: etcd},
		{file: "etcd/peer-server-client", authority: by["etcd/peer-ca"], leaf: etcd},
	}
}

func (c Cluster) apiServer() Leaf {
	leaf := Leaf{
		CommonName: "kube-apiserver",
		Usages:     serverUsage,
		DNSNames: []string{
			"kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc." + c.ClusterDomain,
			"localhost", c.NodeName,
		},
		IPs: append(c.hostIPs(), asIPs(c.ServiceIPs)...),
	}
	for _, name := range c.ExtraNames {
		if ip := net.ParseIP(name); ip != nil {
			leaf.IPs = append(leaf.IPs, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, name)
		}
	}
	return leaf
}

func (c Cluster) hostIPs() []net.IP {
	return append([]net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, asIPs(c.NodeIPs)...)
}

func asIPs(addresses []netip.Addr) []net.IP {
	var ips []net.IP
	for _, address := range addresses {
		ips = append(ips, address.AsSlice())
	}
	return ips
}

func (c Cluster) write(one certificate, server *Authority) error {
	path := c.Paths.TLS(one.file)
	if err := one.authority.Issue(path, one.leaf); err != nil {
		return err
	}
	if one.kubeconfig == "" {
		return nil
	}
	config := Kubeconfig{Server: c.APIServer, AuthorityPEM: server.PEM, CertificatePath: path}
	return config.Write(c.Paths.Credential(one.kubeconfig), 0o600)
}

// serviceAccountKey makes the key pair that signs and checks service account tokens.
func (c Cluster) serviceAccountKey() error {
	key, err := LoadOrMakeKey(c.Paths.TLS("service.key"))
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return WriteFile(c.Paths.TLS("service.pub"), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o600)
}

// Node writes a kubelet's client and serving certificates below agent/, on a host that has the authorities.
func (a *Authorities) Node(paths layout.Paths, name string, ips []netip.Addr) error {
	err := a.Client.Issue(paths.Agent("client-kubelet"), Leaf{
		CommonName: "system:node:" + name, Organizations: []string{"system:nodes"}, Usages: clientUsage,
	})
	if err != nil {
		return err
	}
	return a.Server.Issue(paths.Agent("serving-kubelet"), Leaf{
		CommonName: name, DNSNames: []string{name, "localhost"}, IPs: append(asIPs(ips), net.IPv4(127, 0, 0, 1)), Usages: serverUsage,
	})
}
