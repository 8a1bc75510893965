// Command multus is a CNI plugin that runs other CNI plugins: the node's default network first, then one plugin chain
// for each network that the pod's annotation names (https://github.com/k8snetworkplumbingwg/multi-net-spec).
package main

import (
	"fmt"
	"os"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/version"

	"multicast-lab/embedded/multus/internal/plugin"
)

// about says which implementation runs; the first line of `multus --version`.
const about = "multicast-lab meta-plugin, with the contract of Multus CNI v4.3.0 (thin)"

func main() {
	if len(os.Args) > 1 {
		if os.Args[1] != "--version" && os.Args[1] != "-version" && os.Args[1] != "-v" {
			fmt.Fprintf(os.Stderr, "multus: unknown argument %q; it takes --version, or the CNI_* environment\n", os.Args[1])
			os.Exit(2)
		}
		fmt.Println("multus: " + about)
		return
	}
	skel.PluginMainFuncs(skel.CNIFuncs{
		Add:    plugin.InFull(plugin.Add),
		Del:    plugin.InFull(plugin.Del),
		Check:  plugin.InFull(plugin.Check),
		Status: plugin.InFull(plugin.Status),
		GC:     plugin.InFull(plugin.GC),
	}, version.All, about)
}
