// Package plugin is the CNI side: what happens at ADD, CHECK, DEL, STATUS and GC.
package plugin

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/containernetworking/cni/pkg/skel"
	cnitypes "github.com/containernetworking/cni/pkg/types"

	"multicast-lab/embedded/multus/internal/delegate"
)

// config is what the runtime sends on standard input: the file that thin_entrypoint wrote, and the runtime's own additions.
type config struct {
	CNIVersion         string                  `json:"cniVersion"`
	Name               string                  `json:"name"`
	ConfDir            string                  `json:"confDir"`
	CNIDir             string                  `json:"cniDir"`
	BinDir             string                  `json:"binDir"`
	Delegates          []json.RawMessage       `json:"delegates"`
	ClusterNetwork     string                  `json:"clusterNetwork"`
	Kubeconfig         string                  `json:"kubeconfig"`
	NamespaceIsolation bool                    `json:"namespaceIsolation"`
	GlobalNamespaces   string                  `json:"globalNamespaces"`
	RuntimeConfig      map[string]any          `json:"runtimeConfig"`
	ValidAttachments   []cnitypes.GCAttachment `json:"cni.dev/valid-attachments"`
}

// loadConfig fills in upstream's defaults.
func loadConfig(stdin []byte) (*config, error) {
	conf := &config{ConfDir: "/etc/cni/multus/net.d", CNIDir: "/var/lib/cni/multus", BinDir: "/opt/cni/bin", GlobalNamespaces: "default"}
	if err := json.Unmarshal(stdin, conf); err != nil {
		return nil, fmt.Errorf("multus configuration: %w", err)
	}
	if conf.ClusterNetwork != "" {
		return nil, errors.New(`multus configuration: "clusterNetwork" is not supported; list the cluster's network under "delegates"`)
	}
	if len(conf.Delegates) == 0 {
		return nil, errors.New(`multus configuration: "delegates" must hold the cluster's own network`)
	}
	return conf, nil
}

// defaultDelegate is the cluster's own network; its interface is the one that the runtime names.
func (c *config) defaultDelegate(ifName string) (*delegate.Delegate, error) {
	first, err := delegate.FromConfig(c.Delegates[0], ifName)
	if err != nil {
		return nil, fmt.Errorf("cluster network: %w", err)
	}
	return first, nil
}

// mayRefer says whether a pod may use a network of another namespace.
func (c *config) mayRefer(podNamespace, networkNamespace string) bool {
	if !c.NamespaceIsolation || podNamespace == networkNamespace {
		return true
	}
	global := strings.Split(c.GlobalNamespaces, ",")
	return slices.ContainsFunc(global, func(name string) bool { return strings.TrimSpace(name) == networkNamespace })
}

// podArgs names the pod, as the runtime does in CNI_ARGS.
type podArgs struct {
	cnitypes.CommonArgs
	K8S_POD_NAME      cnitypes.UnmarshallableString //nolint:revive // the field name is the argument's name
	K8S_POD_NAMESPACE cnitypes.UnmarshallableString //nolint:revive // as above
	K8S_POD_UID       cnitypes.UnmarshallableString //nolint:revive // as above
}

// pod is one request's pod and its raw arguments, which every delegate gets as well.
type pod struct {
	namespace, name, uid string
	args                 [][2]string
}

func podOf(args *skel.CmdArgs) (*pod, error) {
	var named podArgs
	named.IgnoreUnknown = true
	if err := cnitypes.LoadArgs(args.Args, &named); err != nil {
		return nil, fmt.Errorf("CNI_ARGS: %w", err)
	}
	all := [][2]string{{"IgnoreUnknown", "true"}}
	for _, pair := range strings.Split(args.Args, ";") {
		key, value, ok := strings.Cut(pair, "=")
		if ok && key != "IgnoreUnknown" {
			all = append(all, [2]string{key, value})
		}
	}
	return &pod{string(named.K8S_POD_NAMESPACE), string(named.K8S_POD_NAME), string(named.K8S_POD_UID), all}, nil
}

func (p *pod) String() string { return fmt.Sprintf("pod %s/%s", p.namespace, p.name) }
