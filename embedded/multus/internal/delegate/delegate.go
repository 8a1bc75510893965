// Package delegate turns network configurations into the plugin chains that are run for one pod.
package delegate

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"

	"github.com/containernetworking/cni/libcni"

	nad "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"
)

// resourceNameAnnotation binds a network to devices of a device plugin, which this implementation does not hand out.
const resourceNameAnnotation = "k8s.v1.cni.cncf.io/resourceName"

// Delegate is one plugin chain and how the pod asked for it. It is also what is kept on disk until the pod is gone.
type Delegate struct {
	// Name is what network-status calls the network: the configuration's own name, or namespace/name of its definition.
	Name string `json:"name"`
	// Config is the chain as a CNI configuration list.
	Config json.RawMessage `json:"config"`
	// IfName is the interface's name inside the pod.
	IfName string `json:"ifName"`
	// Default marks the cluster's own network, whose result is the pod's.
	Default bool `json:"default,omitempty"`

	IPs          []string            `json:"ips,omitempty"`
	MAC          string              `json:"mac,omitempty"`
	PortMappings []*nad.PortMapEntry `json:"portMappings,omitempty"`
	Bandwidth    *nad.BandwidthEntry `json:"bandwidth,omitempty"`
	GUID         string              `json:"infinibandGUID,omitempty"`
	Gateways     []net.IP            `json:"gateways,omitempty"`
	list         *libcni.NetworkConfigList
}

// FromConfig reads the cluster's own network from a single plugin's configuration or a list.
func FromConfig(config []byte, ifName string) (*Delegate, error) {
	delegate := &Delegate{Config: config, IfName: ifName, Default: true}
	list, err := delegate.List()
	if err != nil {
		return nil, err
	}
	delegate.Name = list.Name
	return delegate, nil
}

// FromSelection reads the network that the pod's annotation selected; confDir is searched when the definition is empty.
func FromSelection(network *nad.NetworkAttachmentDefinition, selected nad.NetworkSelectionElement, ifName, confDir string) (*Delegate, error) {
	if resource := network.Annotations[resourceNameAnnotation]; resource != "" {
		return nil, fmt.Errorf("asks for device plugin resource %s, which this meta-plugin does not support", resource)
	}
	config, err := configOf(network, confDir)
	if err != nil {
		return nil, err
	}
	if selected.CNIArgs != nil {
		if config, err = withCNIArgs(config, *selected.CNIArgs); err != nil {
			return nil, err
		}
	}
	delegate := &Delegate{
		Name:         selected.Namespace + "/" + selected.Name,
		Config:       config,
		IfName:       ifName,
		IPs:          selected.IPRequest,
		MAC:          selected.MacRequest,
		PortMappings: selected.PortMappingsRequest,
		Bandwidth:    selected.BandwidthRequest,
		GUID:         selected.InfinibandGUIDRequest,
		Gateways:     selected.GatewayRequest,
	}
	_, err = delegate.List()
	return delegate, err
}

// List gives the chain; a single plugin's configuration becomes a list of one.
func (d *Delegate) List() (*libcni.NetworkConfigList, error) {
	if d.list != nil {
		return d.list, nil
	}
	list, err := parse(d.Config)
	if err != nil {
		return nil, fmt.Errorf("CNI configuration: %w", err)
	}
	d.list = list
	return list, nil
}

func parse(config []byte) (*libcni.NetworkConfigList, error) {
	var shape struct {
		Plugins []json.RawMessage `json:"plugins"`
		Type    string            `json:"type"`
	}
	if err := json.Unmarshal(config, &shape); err != nil {
		return nil, fmt.Errorf("not a JSON object: %w", err)
	}
	switch {
	case shape.Plugins != nil:
		return libcni.NetworkConfFromBytes(config)
	case shape.Type == "":
		return nil, errors.New(`neither "type" nor "plugins" says which plugin to run`)
	}
	single, err := libcni.NetworkPluginConfFromBytes(config)
	if err != nil {
		return nil, err
	}
	return libcni.ConfListFromConf(single)
}
