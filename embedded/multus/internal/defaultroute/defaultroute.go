// Package defaultroute moves a pod's default route to the network that the annotation's default-route names
// (multi-net-spec, 4.1.2.1.9).
package defaultroute

import (
	"errors"
	"fmt"
	"net"

	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// Families says for which address families some network of the pod asked for the default route.
type Families struct{ V4, V6 bool }

// Of looks at one network's gateways.
func Of(gateways []net.IP) Families {
	var families Families
	for _, gateway := range gateways {
		if gateway.To4() != nil {
			families.V4 = true
		} else {
			families.V6 = true
		}
	}
	return families
}

// Remove takes the default routes of the given families off an interface. The families that nobody asked for stay.
func Remove(netns, ifName string, families Families) error {
	return inPod(netns, ifName, func(link netlink.Link) error {
		for _, family := range families.list() {
			routes, err := netlink.RouteList(link, family)
			if err != nil {
				return fmt.Errorf("default route of %s: %w", ifName, err)
			}
			for _, route := range routes {
				if !isDefault(route) {
					continue
				}
				if err := netlink.RouteDel(&route); err != nil && !errors.Is(err, unix.ESRCH) {
					return fmt.Errorf("default route of %s: %w", ifName, err)
				}
			}
		}
		return nil
	})
}

// Set makes the gateways the pod's default routes, out of the interface.
func Set(netns, ifName string, gateways []net.IP) error {
	return inPod(netns, ifName, func(link netlink.Link) error {
		for _, gateway := range gateways {
			route := netlink.Route{LinkIndex: link.Attrs().Index, Gw: gateway}
			if err := netlink.RouteReplace(&route); err != nil {
				return fmt.Errorf("default route via %s out of %s: %w", gateway, ifName, err)
			}
		}
		return nil
	})
}

func (f Families) list() []int {
	var families []int
	if f.V4 {
		families = append(families, unix.AF_INET)
	}
	if f.V6 {
		families = append(families, unix.AF_INET6)
	}
	return families
}

// isDefault takes both forms: netlink gave a nil destination up to 1.2 and 0.0.0.0/0 since.
func isDefault(route netlink.Route) bool {
	if route.Dst == nil {
		return true
	}
	ones, _ := route.Dst.Mask.Size()
	return ones == 0
}

func inPod(netns, ifName string, do func(netlink.Link) error) error {
	return ns.WithNetNSPath(netns, func(ns.NetNS) error {
		link, err := netlink.LinkByName(ifName)
		if err != nil {
			return fmt.Errorf("interface %s: %w", ifName, err)
		}
		return do(link)
	})
}
