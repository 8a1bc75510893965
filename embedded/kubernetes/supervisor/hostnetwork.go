package supervisor

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/netip"
	"os/exec"
	"strings"

	"github.com/vishvananda/netlink"
)

const (
	// routeProtocol marks our routes, so that those of an earlier run that was killed are found again.
	routeProtocol = 80
	// The chains and the comment are flannel's own, so that what cleans up after a K3s release cleans up after us.
	natChain, forwardChain, comment = "FLANNEL-POSTRTG", "FLANNEL-FWD", "flanneld masq"
)

// setRoutes makes our routes those to the peers, and no others.
func (n *node) setRoutes(peers map[string]peer) error {
	wanted := map[netip.Prefix]netip.Addr{}
	for _, other := range peers {
		for _, network := range other.networks {
			for _, gateway := range other.gateways {
				if gateway.Is4() == network.Addr().Is4() {
					wanted[network] = gateway
				}
			}
		}
	}
	present, err := ownRoutes()
	if err != nil {
		return err
	}
	for _, route := range present {
		network, _ := netip.ParsePrefix(route.Dst.String())
		if gateway, ok := netip.AddrFromSlice(route.Gw); ok && wanted[network] == gateway.Unmap() {
			delete(wanted, network)
		} else if err := netlink.RouteDel(&route); err != nil {
			return fmt.Errorf("remove route %s: %w", route, err)
		}
	}
	for network, gateway := range wanted {
		if err := n.addRoute(network, gateway); err != nil {
			return fmt.Errorf("route to pods %s through node %s on %s: %w", network, gateway, n.iface, err)
		}
		log.Printf("route to pods %s through node %s", network, gateway)
	}
	return nil
}

func (n *node) addRoute(network netip.Prefix, gateway netip.Addr) error {
	link, err := netlink.LinkByName(n.iface)
	if err != nil {
		return err
	}
	return netlink.RouteReplace(&netlink.Route{
		LinkIndex: link.Attrs().Index,
		Dst:       &net.IPNet{IP: network.Addr().AsSlice(), Mask: net.CIDRMask(network.Bits(), network.Addr().BitLen())},
		Gw:        gateway.AsSlice(),
		Protocol:  routeProtocol,
	})
}

func ownRoutes() ([]netlink.Route, error) {
	return netlink.RouteListFiltered(netlink.FAMILY_ALL, &netlink.Route{Protocol: routeProtocol}, netlink.RT_FILTER_PROTOCOL)
}

// addMasquerade gives pods the node's address towards everything outside the cluster network, but not towards
// multicast groups, whose receivers may care who sends. With IPv6, pods keep their own unless told otherwise, as with
// flannel.
func (n *node) addMasquerade(ctx context.Context) error {
	for _, pods := range n.ClusterCIDRs {
		table := tableOf(pods.Addr())
		masquerade := ""
		if pods.Addr().Is4() || n.MasqueradeIPv6 {
			masquerade = fmt.Sprintf("-A %s -s %s ! -d %s -m comment --comment %q -j MASQUERADE\n", natChain, pods, table.multicast, comment)
		}
		rules := fmt.Sprintf(`*nat
:%[1]s - [0:0]
-A %[1]s -s %[3]s -d %[3]s -m comment --comment "%[4]s" -j RETURN
%[5]sCOMMIT
*filter
:%[2]s - [0:0]
-A %[2]s -s %[3]s -m comment --comment "flanneld forward" -j ACCEPT
-A %[2]s -d %[3]s -m comment --comment "flanneld forward" -j ACCEPT
COMMIT
`, natChain, forwardChain, pods, comment, masquerade)
		restore := exec.CommandContext(ctx, table.program+"-restore", "--wait=10", "--noflush")
		restore.Stdin = strings.NewReader(rules)
		if err := runTool(restore); err != nil {
			return err
		}
		for _, jump := range jumps() {
			if runTool(table.jump(ctx, jump, "-C")) == nil {
				continue
			}
			if err := runTool(table.jump(ctx, jump, "-A")); err != nil {
				return err
			}
		}
	}
	return nil
}

// table is the firewall of one family.
type table struct{ program, multicast string }

var tables = []table{{"iptables", "224.0.0.0/4"}, {"ip6tables", "ff00::/8"}}

func tableOf(address netip.Addr) table {
	if address.Is4() {
		return tables[0]
	}
	return tables[1]
}

type jump struct{ table, from, to, comment string }

func jumps() []jump {
	return []jump{{"nat", "POSTROUTING", natChain, comment}, {"filter", "FORWARD", forwardChain, "flanneld forward"}}
}

func (t table) jump(ctx context.Context, j jump, action string) *exec.Cmd {
	return exec.CommandContext(ctx, t.program, "--wait=10", "-t", j.table, action, j.from,
		"-m", "comment", "--comment", j.comment, "-j", j.to)
}

// removeHostNetwork removes routes and rules. Pods that outlive the stop reach other nodes again after the next
// start; a host that is taken down keeps nothing.
func (n *node) removeHostNetwork() {
	routes, err := ownRoutes()
	if err != nil {
		log.Printf("routes: %v", err)
	}
	for _, route := range routes {
		if err := netlink.RouteDel(&route); err != nil {
			log.Printf("remove route %s: %v", route, err)
		}
	}
	for _, network := range n.ClusterCIDRs {
		tableOf(network.Addr()).remove(context.Background())
	}
}

func (t table) remove(ctx context.Context) {
	for _, j := range jumps() {
		if runTool(t.jump(ctx, j, "-C")) != nil {
			continue // never added
		}
		steps := []*exec.Cmd{t.jump(ctx, j, "-D")}
		for _, action := range []string{"-F", "-X"} {
			steps = append(steps, exec.CommandContext(ctx, t.program, "--wait=10", "-t", j.table, action, j.to))
		}
		for _, step := range steps {
			if err := runTool(step); err != nil {
				log.Print(err)
			}
		}
	}
}
