// Package cni writes the configuration of the cluster's default network.
package cni

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
)

const (
	// FileName is the name that K3s gives its default network.
	FileName = "10-flannel.conflist"
	// Bridge is the interface that pods of a node share.
	Bridge = "cni0"
)

// Conflist is the default network of one node: a bridge with addresses from the node's networks.
func Conflist(podCIDRs []netip.Prefix, mtu int) ([]byte, error) {
	var ranges [][]map[string]string
	for _, network := range podCIDRs {
		ranges = append(ranges, []map[string]string{{"subnet": network.String()}})
	}
	return json.MarshalIndent(map[string]any{
		"name":       "cbr0",
		"cniVersion": "1.0.0",
		"plugins": []map[string]any{
			{
				"type": "bridge", "bridge": Bridge, "mtu": mtu,
				"isGateway": true, "isDefaultGateway": true, "hairpinMode": true, "forceAddress": true,
				"ipMasq": false, // one rule for the whole cluster network does this, or pods of two nodes would not see each other's address
				"ipam":   map[string]any{"type": "host-local", "ranges": ranges},
			},
			{"type": "portmap", "capabilities": map[string]bool{"portMappings": true}},
		},
	}, "", "  ")
}

// Plugins are the programs that the default network needs; loopback is containerd's own need.
var Plugins = []string{"bridge", "host-local", "loopback", "portmap"}

// CheckPlugins reports the needed plugins that a directory lacks.
func CheckPlugins(directory string) error {
	var missing []string
	for _, plugin := range Plugins {
		if info, err := os.Stat(filepath.Join(directory, plugin)); err != nil || info.Mode()&0o111 == 0 {
			missing = append(missing, plugin)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("CNI plugins %q are missing in %s: extract the CNI plugins archive there before k3s starts", missing, directory)
	}
	return nil
}
