package supervisor

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// prepareKernel turns on what pod traffic needs: forwarding, and rules for traffic that crosses a bridge, by which
// a pod reaches a service whose endpoint is on its own node.
func (n *node) prepareKernel() error {
	keys := map[string]bool{
		"net/ipv4/ip_forward":                false,
		"net/bridge/bridge-nf-call-iptables": true,
	}
	if slices.ContainsFunc(n.ClusterCIDRs, func(network netip.Prefix) bool { return network.Addr().Is6() }) {
		keys["net/ipv6/conf/all/forwarding"] = false
		keys["net/bridge/bridge-nf-call-ip6tables"] = true
	}
	for key, optional := range keys {
		err := enable(filepath.Join("/proc/sys", key))
		if optional && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("sysctl %s: %w", key, err)
		}
	}
	return nil
}

// enable writes only where needed: a value that is right may lie on a read-only mount.
func enable(path string) error {
	content, err := os.ReadFile(path)
	if err != nil || strings.TrimSpace(string(content)) == "1" {
		return err
	}
	return os.WriteFile(path, []byte("1"), 0o644)
}
