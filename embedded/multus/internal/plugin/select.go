package plugin

import (
	"context"
	"errors"
	"fmt"

	nad "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"

	"multicast-lab/embedded/multus/internal/defaultroute"
	"multicast-lab/embedded/multus/internal/delegate"
	"multicast-lab/embedded/multus/internal/kube"
	"multicast-lab/embedded/multus/internal/selection"
)

const (
	// configSource marks a static pod, whose UID the API server does not know: it knows the mirror pod's.
	configSource = "kubernetes.io/config.source"
	// defaultNetwork replaces the cluster's network for one pod; refused rather than ignored.
	defaultNetwork = "v1.multus-cni.io/default-network"
)

// selectedDelegates gives one delegate for each network that the pod's annotation names.
func selectedDelegates(ctx context.Context, conf *config, client *kube.Client, pod *pod) ([]*delegate.Delegate, error) {
	object, err := client.Pod(ctx, pod.namespace, pod.name)
	if err != nil {
		return nil, fmt.Errorf("cannot be read from the API server: %w", err)
	}
	annotations := object.Metadata.Annotations
	if pod.uid != "" && pod.uid != object.Metadata.UID && annotations[configSource] == "" {
		return nil, fmt.Errorf("the sandbox is for UID %s, the API server has UID %s: the pod was replaced", pod.uid, object.Metadata.UID)
	}
	if annotations[defaultNetwork] != "" {
		return nil, fmt.Errorf("annotation %s is not supported by this meta-plugin", defaultNetwork)
	}
	selections, err := selection.Parse(annotations[nad.NetworkAttachmentAnnot], pod.namespace)
	if err != nil {
		return nil, err
	}
	delegates, err := resolve(ctx, conf, client, pod, selections)
	if err != nil {
		return nil, err
	}
	return delegates, oneGatewayPerFamily(delegates)
}

func resolve(ctx context.Context, conf *config, client *kube.Client, pod *pod, selections []nad.NetworkSelectionElement) ([]*delegate.Delegate, error) {
	var delegates []*delegate.Delegate
	for i, selected := range selections {
		full := selected.Namespace + "/" + selected.Name
		if !conf.mayRefer(pod.namespace, selected.Namespace) {
			return nil, fmt.Errorf("network %s: namespace isolation is on, a pod may only use networks of its own namespace or of %s", full, conf.GlobalNamespaces)
		}
		network, err := client.Network(ctx, selected.Namespace, selected.Name)
		if err != nil {
			return nil, fmt.Errorf("network %s: NetworkAttachmentDefinition cannot be read: %w", full, err)
		}
		ifName := selected.InterfaceRequest
		if ifName == "" {
			ifName = fmt.Sprintf("net%d", i+1)
		}
		each, err := delegate.FromSelection(network, selected, ifName, conf.ConfDir)
		if err != nil {
			return nil, fmt.Errorf("network %s: %w", full, err)
		}
		delegates = append(delegates, each)
	}
	return delegates, nil
}

// oneGatewayPerFamily refuses several default routes of one family: which of them counts would be chance.
func oneGatewayPerFamily(delegates []*delegate.Delegate) error {
	var seen defaultroute.Families
	for _, each := range delegates {
		for _, gateway := range each.Gateways {
			isV4 := gateway.To4() != nil
			if isV4 && seen.V4 || !isV4 && seen.V6 {
				return errors.New("default-route names more than one gateway of a family; a pod has one default route for IPv4 and one for IPv6")
			}
			seen.V4 = seen.V4 || isV4
			seen.V6 = seen.V6 || !isV4
		}
	}
	return nil
}
