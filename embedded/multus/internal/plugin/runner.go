package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/containernetworking/cni/libcni"
	"github.com/containernetworking/cni/pkg/invoke"
	"github.com/containernetworking/cni/pkg/skel"
	cnitypes "github.com/containernetworking/cni/pkg/types"

	"multicast-lab/embedded/multus/internal/delegate"
)

// runner runs plugin chains for one sandbox.
type runner struct {
	cni  *libcni.CNIConfig
	conf *config
	args *skel.CmdArgs
	pod  *pod
}

func newRunner(conf *config, args *skel.CmdArgs, pod *pod) *runner {
	return &runner{cni: newCNI(conf), conf: conf, args: args, pod: pod}
}

// newCNI keeps its cache apart from the runtime's.
func newCNI(conf *config) *libcni.CNIConfig {
	return libcni.NewCNIConfigWithCacheDir(pluginPath(conf), conf.CNIDir, nil)
}

// pluginPath is where the runtime finds its plugins, and the configured directory.
func pluginPath(conf *config) []string {
	return append([]string{conf.BinDir}, filepath.SplitList(os.Getenv("CNI_PATH"))...)
}

// mustBeInstalled looks for every plugin of the networks before any is run: a missing one found half-way could not be
// asked to DEL either, and the pod's sandbox would never go away.
func mustBeInstalled(conf *config, delegates []*delegate.Delegate) error {
	var faults []error
	for _, d := range delegates {
		list, err := d.List()
		if err != nil {
			return err
		}
		for _, plugin := range list.Plugins {
			for _, name := range []string{plugin.Network.Type, plugin.Network.IPAM.Type} {
				if name == "" {
					continue
				}
				if _, err := invoke.FindInPath(name, pluginPath(conf)); err != nil {
					faults = append(faults, fmt.Errorf("network %s: CNI plugin not installed on this node: %w", d.Name, err))
				}
			}
		}
	}
	return errors.Join(faults...)
}

func (r *runner) add(ctx context.Context, d *delegate.Delegate) (cnitypes.Result, error) {
	list, err := d.List()
	if err != nil {
		return nil, err
	}
	return r.cni.AddNetworkList(ctx, list, r.runtimeConf(d))
}

func (r *runner) check(ctx context.Context, d *delegate.Delegate) error {
	list, err := d.List()
	if err != nil {
		return err
	}
	return r.cni.CheckNetworkList(ctx, list, r.runtimeConf(d))
}

// delAll takes the networks away in reverse order. One that fails does not keep the others from being tried.
func (r *runner) delAll(ctx context.Context, delegates []*delegate.Delegate) error {
	var faults []error
	for _, d := range slices.Backward(delegates) {
		list, err := d.List()
		if err == nil {
			err = r.cni.DelNetworkList(ctx, list, r.runtimeConf(d))
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("network %s, interface %s: %w", d.Name, d.IfName, err))
		}
	}
	return errors.Join(faults...)
}

// runtimeConf says how the pod asked for the network. Requests travel in both forms: as capabilities, for plugins whose
// configuration declares them, and as the older CNI_ARGS, which static and host-local read without a declaration.
func (r *runner) runtimeConf(d *delegate.Delegate) *libcni.RuntimeConf {
	capabilities := map[string]any{}
	for key, value := range r.conf.RuntimeConfig {
		capabilities[key] = value
	}
	args := slices.Clone(r.pod.args)
	if !d.Default {
		setIf(capabilities, "ips", d.IPs, len(d.IPs) > 0)
		setIf(capabilities, "mac", d.MAC, d.MAC != "")
		setIf(capabilities, "portMappings", d.PortMappings, len(d.PortMappings) > 0)
		setIf(capabilities, "bandwidth", d.Bandwidth, d.Bandwidth != nil)
		setIf(capabilities, "infinibandGUID", d.GUID, d.GUID != "")
		if d.MAC != "" {
			args = append(args, [2]string{"MAC", d.MAC})
		}
		if len(d.IPs) > 0 {
			args = append(args, [2]string{"IP", strings.Join(d.IPs, ",")})
		}
	}
	return &libcni.RuntimeConf{
		ContainerID:    r.args.ContainerID,
		NetNS:          r.args.Netns,
		IfName:         d.IfName,
		Args:           args,
		CapabilityArgs: capabilities,
	}
}

func setIf(capabilities map[string]any, key string, value any, wanted bool) {
	if wanted {
		capabilities[key] = value
	}
}
