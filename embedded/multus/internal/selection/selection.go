// Package selection reads the pod annotation that names the networks a pod wants
// (Network Custom Resource Definition De-facto Standard, section 4.1).
package selection

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"

	nad "github.com/k8snetworkplumbingwg/network-attachment-definition-client/pkg/apis/k8s.cni.cncf.io/v1"
)

// maxInterfaceName is IFNAMSIZ without the closing NUL.
const maxInterfaceName = 15

// The comma-separated form takes DNS-1123 labels only; a network whose name has dots is named in the JSON form, as upstream asks.
var (
	label     = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	subdomain = regexp.MustCompile(`^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$`)
)

// Parse reads the annotation's value in either form: a comma-separated list of [namespace/]name[@interface], or a JSON list.
// A network without a namespace is looked up in the pod's own.
func Parse(annotation, podNamespace string) ([]nad.NetworkSelectionElement, error) {
	text := strings.TrimSpace(annotation)
	if text == "" {
		return nil, nil
	}
	parse := parseNames
	if strings.ContainsAny(text, `[{"`) {
		parse = parseJSON
	}
	selections, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("annotation %s: %w", nad.NetworkAttachmentAnnot, err)
	}
	for i := range selections {
		if selections[i].Namespace == "" {
			selections[i].Namespace = podNamespace
		}
		if err := validate(selections[i]); err != nil {
			return nil, fmt.Errorf("annotation %s: network %d: %w", nad.NetworkAttachmentAnnot, i+1, err)
		}
	}
	return selections, nil
}

func parseJSON(text string) ([]nad.NetworkSelectionElement, error) {
	var selections []nad.NetworkSelectionElement
	if err := json.Unmarshal([]byte(text), &selections); err != nil {
		return nil, fmt.Errorf("not a JSON list of networks: %w", err)
	}
	return selections, nil
}

func parseNames(text string) ([]nad.NetworkSelectionElement, error) {
	var selections []nad.NetworkSelectionElement
	for _, item := range strings.Split(text, ",") {
		selection, err := parseName(strings.TrimSpace(item))
		if err != nil {
			return nil, err
		}
		selections = append(selections, selection)
	}
	return selections, nil
}

// parseName reads [namespace/]name[@interface].
func parseName(item string) (nad.NetworkSelectionElement, error) {
	var selection nad.NetworkSelectionElement
	name, ifName, named := strings.Cut(item, "@")
	if named {
		selection.InterfaceRequest = strings.TrimSpace(ifName)
		if selection.InterfaceRequest == "" {
			return selection, fmt.Errorf("%q names no interface after @", item)
		}
	}
	namespace, rest, qualified := strings.Cut(name, "/")
	if qualified {
		selection.Namespace = strings.TrimSpace(namespace)
		name = rest
		if selection.Namespace == "" {
			return selection, fmt.Errorf("%q names no namespace before /", item)
		}
	}
	selection.Name = strings.TrimSpace(name)
	if !label.MatchString(selection.Name) {
		return selection, fmt.Errorf("%q does not name a network by a DNS-1123 label", item)
	}
	return selection, nil
}

func validate(selection nad.NetworkSelectionElement) error {
	var faults []error
	if !subdomain.MatchString(selection.Name) {
		faults = append(faults, fmt.Errorf("name %q is not a DNS-1123 name", selection.Name))
	}
	if !label.MatchString(selection.Namespace) {
		faults = append(faults, fmt.Errorf("namespace %q is not a DNS-1123 label", selection.Namespace))
	}
	if ifName := selection.InterfaceRequest; len(ifName) > maxInterfaceName || strings.ContainsAny(ifName, "/: \t\n\v\f\r") {
		faults = append(faults, fmt.Errorf("interface %q is not a name of at most %d characters without /, : and blanks", ifName, maxInterfaceName))
	}
	if selection.MacRequest != "" {
		if _, err := net.ParseMAC(selection.MacRequest); err != nil {
			faults = append(faults, fmt.Errorf("mac: %w", err))
		}
	}
	for _, ip := range selection.IPRequest {
		if _, _, err := net.ParseCIDR(ip); err != nil && net.ParseIP(ip) == nil {
			faults = append(faults, fmt.Errorf("ips: %q is neither an address nor an address with prefix length", ip))
		}
	}
	return errors.Join(faults...)
}
