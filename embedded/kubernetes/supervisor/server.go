package supervisor

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"strconv"

	"multicast-lab/embedded/kubernetes/internal/config"
	"multicast-lab/embedded/kubernetes/internal/jointoken"
	"multicast-lab/embedded/kubernetes/internal/pki"

	"github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/sync/errgroup"
)

func (n *node) runServer(ctx context.Context) error {
	if err := n.checkPlugins(); err != nil {
		return err
	}
	if err := n.takeCredentials(ctx); err != nil {
		return fmt.Errorf("join %s: %w", n.ServerURL, err)
	}
	authorities, err := n.certificates().Make()
	if err != nil {
		return fmt.Errorf("certificates: %w", err)
	}
	token, err := n.settleToken(authorities.Server.PEM)
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	group, starting := errgroup.WithContext(ctx)                        // its context ends with Wait
	group.Go(func() error { return n.startRuntime(starting, n.cni()) }) // meanwhile the control plane starts
	group.Go(func() error { return n.startControlPlane(starting, authorities, token) })
	if err := group.Wait(); err != nil {
		return err
	}
	kubeconfig := n.Paths.Credential("admin.kubeconfig")
	client, err := newClient(kubeconfig)
	if err != nil {
		return err
	}
	if err := (approver{client}).run(ctx); err != nil {
		return err
	}
	return n.runNode(ctx, client)
}

func (n *node) certificates() pki.Cluster {
	names := n.TLSSANs
	if n.AdvertiseAddress.IsValid() {
		names = append(names, n.AdvertiseAddress.String())
	}
	return pki.Cluster{
		Paths: n.Paths, NodeName: n.NodeName, NodeIPs: n.ips, ServiceIPs: config.First(n.ServiceCIDRs),
		ClusterDomain: n.ClusterDomain, ExtraNames: names, APIServer: n.localAPI(),
	}
}

func (n *node) localAPI() string { return fmt.Sprintf("https://127.0.0.1:%d", n.Port) }

func (n *node) publicAPI() string {
	return "https://" + net.JoinHostPort(n.ips[0].String(), strconv.Itoa(n.Port))
}

// settleToken takes the configured token, else the one of an earlier start, else a new one, and writes it where
// K3s does. The file holds the full form, by which an agent knows the server before it asks anything of it.
func (n *node) settleToken(authority []byte) (jointoken.Token, error) {
	file := n.Paths.Server("token")
	text := n.Token
	if text == "" {
		earlier, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			return jointoken.Token{}, err
		}
		text = string(earlier)
	}
	var token jointoken.Token
	var err error
	if text == "" {
		token, err = jointoken.Generate()
	} else {
		token, err = jointoken.Parse(text)
	}
	if err != nil {
		return token, err
	}
	if !token.Accepts(authority) {
		return token, fmt.Errorf("it pins another CA than %s; use its secret alone, or that cluster's data directory", n.Paths.TLS("server-ca.crt"))
	}
	full := []byte(token.Full(authority) + "\n")
	for _, path := range []string{file, n.Paths.Server("node-token")} {
		if err := pki.WriteFile(path, full, 0o600); err != nil {
			return token, err
		}
	}
	return token, nil
}

// startControlPlane returns when the API server is ready and nodes can join.
func (n *node) startControlPlane(ctx context.Context, authorities *pki.Authorities, token jointoken.Token) error {
	if err := n.startEtcd(ctx); err != nil {
		return err
	}
	if err := n.start("kube-apiserver", n.apiServerArgs()...); err != nil {
		return err
	}
	if err := n.nodeCredentials(authorities); err != nil {
		return err
	}
	client, err := newClient(n.Paths.Credential("admin.kubeconfig"))
	if err != nil {
		return err
	}
	if err := waitReady(ctx, client); err != nil {
		return fmt.Errorf("kube-apiserver: %w", err)
	}
	n.reached("API server ready")
	if err := n.start("kube-controller-manager", n.controllerArgs()...); err != nil {
		return err
	}
	if err := n.start("kube-scheduler", n.schedulerArgs()...); err != nil {
		return err
	}
	sealed, err := n.sealCredentials(token)
	if err != nil {
		return err
	}
	seed := seeder{
		client: client, authority: authorities.Server.PEM, server: n.publicAPI(),
		shared: n.share(authorities.Client.PEM), sealed: sealed,
	}
	if err := seed.run(ctx, token); err != nil {
		return fmt.Errorf("cluster objects: %w", err)
	}
	if err := n.writeKubeconfig(authorities.Server.PEM); err != nil {
		return err
	}
	n.reached("nodes can join")
	notify(daemon.SdNotifyReady)
	return nil
}

func (n *node) startEtcd(ctx context.Context) error {
	members, err := n.joinEtcd(ctx)
	if err != nil {
		return err
	}
	if err := n.start("etcd", n.etcdArgs(members)...); err != nil {
		return err
	}
	return n.becomeVoter(ctx)
}

// nodeCredentials gives this host's kubelet its certificates directly, since the authorities are here.
func (n *node) nodeCredentials(authorities *pki.Authorities) error {
	if err := authorities.Node(n.Paths, n.NodeName, n.ips); err != nil {
		return err
	}
	if err := pki.WriteFile(n.Paths.Agent("client-ca.crt"), authorities.Client.PEM, 0o644); err != nil {
		return err
	}
	kubeconfig := pki.Kubeconfig{Server: n.localAPI(), AuthorityPEM: authorities.Server.PEM, CertificatePath: n.Paths.Agent("client-kubelet")}
	return kubeconfig.Write(n.kubeletKubeconfig(), 0o600)
}

func (n *node) writeKubeconfig(authority []byte) error {
	admin := pki.Kubeconfig{
		Server: n.localAPI(), AuthorityPEM: authority, CertificatePath: n.Paths.TLS("client-admin"), Embed: true,
	}
	if err := admin.Write(n.Kubeconfig, n.KubeconfigMode); err != nil {
		return err
	}
	log.Printf("wrote %s", n.Kubeconfig)
	return nil
}
