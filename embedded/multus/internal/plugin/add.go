package plugin

import (
	"context"
	"errors"
	"fmt"

	"github.com/containernetworking/cni/pkg/skel"
	cnitypes "github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/vishvananda/netlink"

	nad "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"
	"multicast-lab/embedded/multus/internal/defaultroute"
	"multicast-lab/embedded/multus/internal/delegate"
	"multicast-lab/embedded/multus/internal/kube"
	"multicast-lab/embedded/multus/internal/netstatus"
)

// Add attaches the pod to the cluster's network and to every network its annotation names, and prints the cluster
// network's result. If one attachment fails, those made so far are undone and the error names pod, network and cause.
func Add(args *skel.CmdArgs) error {
	conf, err := loadConfig(args.StdinData)
	if err != nil {
		return err
	}
	pod, err := podOf(args)
	if err != nil {
		return err
	}
	result, err := add(context.Background(), conf, args, pod)
	if err != nil {
		return fmt.Errorf("multus: %s: %w", pod, err)
	}
	return cnitypes.PrintResult(result, conf.CNIVersion)
}

func add(ctx context.Context, conf *config, args *skel.CmdArgs, pod *pod) (cnitypes.Result, error) {
	first, err := conf.defaultDelegate(args.IfName)
	if err != nil {
		return nil, err
	}
	delegates := []*delegate.Delegate{first}
	var client *kube.Client
	if conf.Kubeconfig != "" {
		if client, err = kube.NewClient(conf.Kubeconfig); err != nil {
			return nil, err
		}
		selected, err := selectedDelegates(ctx, conf, client, pod)
		if err != nil {
			return nil, err
		}
		delegates = append(delegates, selected...)
	}
	if err := mustBeInstalled(conf, delegates); err != nil {
		return nil, err
	}
	if err := stateOf(conf, args.ContainerID).save(delegates); err != nil {
		return nil, err
	}
	runner := newRunner(conf, args, pod)
	result, statuses, err := attach(ctx, runner, delegates)
	if err == nil && client != nil {
		err = publish(ctx, client, pod, statuses)
	}
	if err != nil {
		// What the runtime's own DEL after a failed ADD repeats; its error would hide the cause.
		_ = runner.delAll(ctx, delegates)
		return nil, err
	}
	return result, nil
}

// attach runs the chains in order and gives the default network's result and what network-status tells of all.
func attach(ctx context.Context, runner *runner, delegates []*delegate.Delegate) (cnitypes.Result, []nad.NetworkStatus, error) {
	var first cnitypes.Result
	var statuses []nad.NetworkStatus
	wanted := wantedDefaults(delegates)
	for _, each := range delegates {
		result, err := attachOne(ctx, runner, each, wanted)
		if err != nil {
			return nil, nil, fmt.Errorf("network %s, interface %s: %w", each.Name, each.IfName, err)
		}
		if first == nil {
			first = result
		}
		latest, err := current.NewResultFromResult(result)
		if err != nil {
			return nil, nil, fmt.Errorf("network %s: result: %w", each.Name, err)
		}
		statuses = append(statuses, netstatus.Of(latest, each.Name, each.Default)...)
	}
	return first, statuses, nil
}

func attachOne(ctx context.Context, runner *runner, each *delegate.Delegate, wanted defaultroute.Families) (cnitypes.Result, error) {
	netns := runner.args.Netns
	if err := mustBeFree(netns, each.IfName); err != nil {
		return nil, err
	}
	result, err := runner.add(ctx, each)
	if err != nil {
		return nil, err
	}
	if wanted == (defaultroute.Families{}) || !hasInterface(netns, each.IfName) {
		return result, nil
	}
	if err := defaultroute.Remove(netns, each.IfName, wanted); err != nil {
		return nil, err
	}
	return result, defaultroute.Set(netns, each.IfName, each.Gateways)
}

// wantedDefaults says for which address families the annotation moves the default route away from the cluster's network.
func wantedDefaults(delegates []*delegate.Delegate) defaultroute.Families {
	var wanted defaultroute.Families
	for _, each := range delegates {
		families := defaultroute.Of(each.Gateways)
		wanted.V4 = wanted.V4 || families.V4
		wanted.V6 = wanted.V6 || families.V6
	}
	return wanted
}

func mustBeFree(netns, ifName string) error {
	if hasInterface(netns, ifName) {
		return fmt.Errorf("the pod has an interface %s already; name another one in the annotation", ifName)
	}
	return nil
}

func hasInterface(netns, ifName string) bool {
	err := ns.WithNetNSPath(netns, func(ns.NetNS) error {
		_, err := netlink.LinkByName(ifName)
		return err
	})
	return err == nil
}

func publish(ctx context.Context, client *kube.Client, pod *pod, statuses []nad.NetworkStatus) error {
	annotation, err := netstatus.Annotation(statuses)
	if err != nil {
		return err
	}
	if err := client.SetNetworkStatus(ctx, pod.namespace, pod.name, annotation); err != nil {
		return errors.Join(errors.New("network-status annotation not written"), err)
	}
	return nil
}
