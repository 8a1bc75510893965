package supervisor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"multicast-lab/embedded/kubernetes/internal/jointoken"
	"multicast-lab/embedded/kubernetes/internal/pki"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/kubernetes/pkg/kubelet/certificate/bootstrap"
)

const certificateLimit = time.Minute

func (n *node) runAgent(ctx context.Context) error {
	token, err := jointoken.Parse(n.Token)
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	usual := n.cni()                                                 // of the default network that most clusters have
	group, joining := errgroup.WithContext(ctx)                      // its context ends with Wait
	group.Go(func() error { return n.startRuntime(joining, usual) }) // meanwhile the node joins
	group.Go(func() error { return n.join(joining, token) })
	if err := group.Wait(); err != nil {
		return err
	}
	if err := n.checkPlugins(); err != nil {
		return err
	}
	if n.cni() != usual {
		if err := n.moveRuntime(ctx, n.cni()); err != nil {
			return err
		}
	}
	client, err := newClient(n.kubeletKubeconfig())
	if err != nil {
		return err
	}
	return n.runNode(ctx, client)
}

// join learns the server's CA by the token and gets the kubelet's first certificate with it.
func (n *node) join(ctx context.Context, token jointoken.Token) error {
	found, err := discover(ctx, n.ServerURL, token)
	if err != nil {
		return err
	}
	n.reached("server " + n.ServerURL + " proved that it knows the token")
	if err := n.forgetOtherCluster(found.authority); err != nil {
		return err
	}
	first := pki.Kubeconfig{Server: n.ServerURL, AuthorityPEM: found.authority, BearerToken: found.token.String()}
	path := n.Paths.Agent("bootstrap.kubeconfig")
	if err := first.Write(path, 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, certificateLimit)
	defer cancel()
	if err := bootstrap.LoadClientCert(ctx, n.kubeletKubeconfig(), path, n.kubeletCertificates(), types.NodeName(n.NodeName)); err != nil {
		return fmt.Errorf("certificate of node %s: %w", n.NodeName, err)
	}
	n.reached("node certificate at hand")
	return n.takeShared(ctx)
}

// forgetOtherCluster drops the node's credentials if they are of another cluster, server or node name.
func (n *node) forgetOtherCluster(authority []byte) error {
	membership := []byte(jointoken.HashAuthority(authority) + " " + n.ServerURL + " " + n.NodeName + "\n")
	path := n.Paths.Agent("membership")
	if known, err := os.ReadFile(path); err == nil && string(known) == string(membership) {
		return nil
	}
	if err := os.RemoveAll(n.kubeletCertificates()); err != nil {
		return err
	}
	if err := os.Remove(n.kubeletKubeconfig()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return pki.WriteFile(path, membership, 0o600)
}
