package supervisor

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"github.com/vishvananda/netlink"
)

// findAddress settles the node's address and the interface that carries pod traffic: as configured, else that of
// the default route.
func (n *node) findAddress() error {
	n.ips = n.NodeIPs
	link, err := n.findLink()
	if err != nil {
		return err
	}
	n.iface, n.mtu = link.Attrs().Name, link.Attrs().MTU
	if len(n.ips) > 0 {
		return nil
	}
	addresses, err := netlink.AddrList(link, netlink.FAMILY_V4)
	if err != nil {
		return err
	}
	for _, address := range addresses {
		if ip, ok := netip.AddrFromSlice(address.IP.To4()); ok && ip.IsGlobalUnicast() {
			n.ips = []netip.Addr{ip}
			return nil
		}
	}
	return fmt.Errorf("interface %s has no IPv4 address; set node-ip", n.iface)
}

func (n *node) findLink() (netlink.Link, error) {
	switch {
	case n.FlannelIface != "":
		link, err := netlink.LinkByName(n.FlannelIface)
		if err != nil {
			return nil, fmt.Errorf("flannel-iface: %s: %w", n.FlannelIface, err)
		}
		return link, nil
	case len(n.ips) > 0:
		return linkOf(n.ips[0])
	}
	routes, err := netlink.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{Table: syscall.RT_TABLE_MAIN}, netlink.RT_FILTER_TABLE)
	if err != nil {
		return nil, err
	}
	for _, route := range routes {
		if route.Dst == nil || route.Dst.IP.IsUnspecified() {
			return netlink.LinkByIndex(route.LinkIndex)
		}
	}
	return nil, errors.New("no default route; set node-ip or flannel-iface")
}

func linkOf(ip netip.Addr) (netlink.Link, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for _, candidate := range interfaces {
		addresses, err := candidate.Addrs()
		if err != nil {
			return nil, err
		}
		for _, address := range addresses {
			if prefix, err := netip.ParsePrefix(address.String()); err == nil && prefix.Addr() == ip {
				return netlink.LinkByIndex(candidate.Index)
			}
		}
	}
	return nil, fmt.Errorf("node-ip: no interface of this host has the address %s", ip)
}
