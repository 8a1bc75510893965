// Package netstatus writes what network-status tells of a pod's networks (multi-net-spec, section 5), in upstream's form.
package netstatus

import (
	"encoding/json"
	"strings"

	cnitypes "github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"

	nad "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"
)

// Of gives one entry for each interface that the result has inside the pod. A result of a single interface gives one
// entry in any case, so that a network without interfaces of its own is listed too.
func Of(result *current.Result, name string, isDefault bool) []nad.NetworkStatus {
	shared := nad.NetworkStatus{Name: name, Gateway: gateways(result), DNS: nad.DNS(result.DNS)}
	if len(result.Interfaces) == 1 {
		status := shared
		status.Default = isDefault
		if link := result.Interfaces[0]; link.Sandbox != "" {
			status.Interface, status.Mac, status.Mtu = link.Name, link.Mac, link.Mtu
		}
		for _, ip := range result.IPs {
			status.IPs = append(status.IPs, ip.Address.IP.String())
		}
		return []nad.NetworkStatus{status}
	}
	return ofEach(result, shared, isDefault)
}

// ofEach tells each address to its interface; one that names none belongs to the last interface inside the pod.
func ofEach(result *current.Result, shared nad.NetworkStatus, isDefault bool) []nad.NetworkStatus {
	var statuses []nad.NetworkStatus
	entryOf := map[int]int{}
	for i, link := range result.Interfaces {
		if link.Sandbox == "" {
			continue
		}
		status := shared
		status.Interface, status.Mac, status.Mtu = link.Name, link.Mac, link.Mtu
		entryOf[i] = len(statuses)
		statuses = append(statuses, status)
	}
	if len(statuses) == 0 {
		return nil
	}
	for _, ip := range result.IPs {
		entry := len(statuses) - 1
		if ip.Interface != nil {
			known := false
			if entry, known = entryOf[*ip.Interface]; !known {
				continue
			}
		}
		statuses[entry].IPs = append(statuses[entry].IPs, ip.Address.IP.String())
	}
	if isDefault {
		statuses[defaultEntry(result, entryOf)].Default = true
	}
	return statuses
}

// defaultEntry is the interface whose address has a gateway, else the first one.
func defaultEntry(result *current.Result, entryOf map[int]int) int {
	for _, ip := range result.IPs {
		if ip.Gateway == nil || ip.Interface == nil {
			continue
		}
		if entry, known := entryOf[*ip.Interface]; known {
			return entry
		}
	}
	return 0
}

func gateways(result *current.Result) []string {
	var found []string
	for _, route := range result.Routes {
		if isDefaultRoute(route) {
			found = append(found, route.GW.String())
		}
	}
	return found
}

func isDefaultRoute(route *cnitypes.Route) bool {
	ones, _ := route.Dst.Mask.Size()
	return ones == 0 && (route.Dst.IP == nil || route.Dst.IP.IsUnspecified())
}

// Annotation is the value of k8s.v1.cni.cncf.io/network-status: a list whose entries are indented by four blanks.
func Annotation(statuses []nad.NetworkStatus) (string, error) {
	entries := make([]string, 0, len(statuses))
	for _, status := range statuses {
		entry, err := json.MarshalIndent(status, "", "    ")
		if err != nil {
			return "", err
		}
		entries = append(entries, string(entry))
	}
	return "[" + strings.Join(entries, ",") + "]", nil
}
