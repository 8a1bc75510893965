package supervisor

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"sync"

	"multicast-lab/embedded/kubernetes/internal/cni"
	"multicast-lab/embedded/kubernetes/internal/config"
	"multicast-lab/embedded/kubernetes/internal/pki"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

const roleLabel = "node-role.kubernetes.io/control-plane"

// nodeWatch keeps this host in step with the cluster's nodes: its own pod network once it is assigned, routes to
// the pod networks of the others, and the label of a server. It is what flannel's host-gw backend does.
type nodeWatch struct {
	*node
	client     kubernetes.Interface
	mutex      sync.Mutex
	peers      map[string]peer // by node name
	configured string          // the CNI configuration that is in place
	ready      bool
}

// peer is another node's pod networks and the way to them.
type peer struct {
	networks []netip.Prefix
	gateways []netip.Addr // at most one of each family
}

func (n *node) runNodeWatch(ctx context.Context, client kubernetes.Interface) error {
	watch := &nodeWatch{node: n, client: client, peers: map[string]peer{}}
	if n.FlannelBackend != config.NoBackend {
		if err := n.addMasquerade(ctx); err != nil {
			return err
		}
	}
	faults := make(chan error, 1)
	report := func(err error) {
		if err != nil {
			select {
			case faults <- err:
			default: // the first fault ends the node
			}
		}
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	_, err := factory.Core().V1().Nodes().Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { report(watch.changed(ctx, object)) },
		UpdateFunc: func(_, object any) { report(watch.changed(ctx, object)) },
		DeleteFunc: func(object any) { report(watch.gone(ctx, object)) },
	})
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	select {
	case err := <-faults:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *nodeWatch) changed(ctx context.Context, object any) error {
	seen, ok := object.(*core.Node)
	if !ok {
		return fmt.Errorf("unexpected %T among the nodes", object)
	}
	networks, err := podNetworks(seen)
	if err != nil {
		return err
	}
	if seen.Name == w.NodeName {
		return w.own(ctx, seen, networks)
	}
	if w.FlannelBackend == config.NoBackend {
		return nil
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.peers[seen.Name] = peer{networks: networks, gateways: internalIPs(seen)}
	return w.setRoutes(w.peers)
}

func (w *nodeWatch) gone(ctx context.Context, object any) error {
	if unknown, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = unknown.Obj
	}
	seen, ok := object.(*core.Node)
	if !ok {
		return nil
	}
	if w.Role == config.Server && w.Clustered() && seen.Name != w.NodeName {
		w.removeMember(ctx, seen.Name)
	}
	if w.FlannelBackend == config.NoBackend {
		return nil
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	delete(w.peers, seen.Name)
	return w.setRoutes(w.peers)
}

func (w *nodeWatch) own(ctx context.Context, seen *core.Node, networks []netip.Prefix) error {
	if w.Role == config.Server && seen.Labels[roleLabel] != "true" {
		patch := fmt.Appendf(nil, `{"metadata":{"labels":{%q:"true"}}}`, roleLabel)
		if _, err := w.client.CoreV1().Nodes().Patch(ctx, seen.Name, types.MergePatchType, patch, meta.PatchOptions{}); err != nil {
			return fmt.Errorf("label of node %s: %w", seen.Name, err)
		}
	}
	if len(networks) > 0 && w.FlannelBackend != config.NoBackend {
		if err := w.configureCNI(networks); err != nil {
			return err
		}
	}
	if isReady(seen) && !w.ready {
		w.ready = true
		w.reached("node " + seen.Name + " ready")
	}
	return nil
}

func (w *nodeWatch) configureCNI(networks []netip.Prefix) error {
	content, err := cni.Conflist(networks, w.mtu)
	if err != nil || w.configured == string(content) {
		return err
	}
	path := filepath.Join(w.cni().ConfigDir, cni.FileName)
	if present, err := os.ReadFile(path); err != nil || string(present) != string(content) {
		if err := pki.WriteFile(path, content, 0o600); err != nil {
			return err
		}
	}
	w.configured = string(content)
	w.reached(fmt.Sprintf("pod network %v configured", networks))
	return nil
}

func podNetworks(seen *core.Node) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, text := range seen.Spec.PodCIDRs {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("pod network of node %s: %w", seen.Name, err)
		}
		networks = append(networks, network)
	}
	return networks, nil
}

func internalIPs(seen *core.Node) []netip.Addr {
	var ips []netip.Addr
	for _, address := range seen.Status.Addresses {
		if ip, err := netip.ParseAddr(address.Address); err == nil && address.Type == core.NodeInternalIP {
			ips = append(ips, ip)
		}
	}
	return ips
}

func isReady(seen *core.Node) bool {
	for _, condition := range seen.Status.Conditions {
		if condition.Type == core.NodeReady {
			return condition.Status == core.ConditionTrue
		}
	}
	return false
}
