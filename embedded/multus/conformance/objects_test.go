package conformance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

const (
	networksAnnotation = "k8s.v1.cni.cncf.io/networks"
	statusAnnotation   = "k8s.v1.cni.cncf.io/network-status"
)

type object = map[string]any

// prepare puts in what the Multus construct and a lab put in: CRD, rights, namespaces, networks.
func (c *cluster) prepare(t *testing.T) {
	const group, plural = "k8s.cni.cncf.io", "network-attachment-definitions"
	schema := object{"type": "object", "properties": object{"spec": object{"type": "object", "properties": object{"config": object{"type": "string"}}}}}
	c.api(t, "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", object{
		"metadata": object{"name": plural + "." + group},
		"spec": object{
			"group": group, "scope": "Namespaced",
			"names":    object{"plural": plural, "singular": "network-attachment-definition", "kind": "NetworkAttachmentDefinition"},
			"versions": []any{object{"name": "v1", "served": true, "storage": true, "schema": object{"openAPIV3Schema": schema}}},
		},
	})
	for _, name := range []string{"multus", "media", "other"} {
		c.api(t, "POST", "/api/v1/namespaces", object{"metadata": object{"name": name}})
	}
	c.grant(t)
	for name, config := range networks() {
		namespace := "media"
		if strings.HasPrefix(name, "foreign") {
			namespace = "other"
		}
		text, err := json.Marshal(config)
		must(t, err)
		body := object{"apiVersion": group + "/v1", "kind": "NetworkAttachmentDefinition", "metadata": object{"name": name}, "spec": object{"config": string(text)}}
		eventually(t, "network "+name, func() error {
			_, err := c.try("POST", "/apis/"+group+"/v1/namespaces/"+namespace+"/"+plural, body)
			return err
		})
	}
}

// grant gives the service account exactly the rules of constructs/multus/multus.ts.
func (c *cluster) grant(t *testing.T) {
	const rbac = "/apis/rbac.authorization.k8s.io/v1/"
	rule := func(group, resource string, verbs ...string) object {
		return object{"apiGroups": []string{group}, "resources": []string{resource}, "verbs": verbs}
	}
	c.api(t, "POST", "/api/v1/namespaces/multus/serviceaccounts", object{"metadata": object{"name": "multus"}})
	c.api(t, "POST", rbac+"clusterroles", object{"metadata": object{"name": "multus"}, "rules": []any{
		rule("k8s.cni.cncf.io", "network-attachment-definitions", "get"),
		rule("", "pods", "get"),
		rule("", "pods/status", "update"),
		rule("", "events", "create", "patch"),
	}})
	c.api(t, "POST", rbac+"clusterrolebindings", object{
		"metadata": object{"name": "multus"},
		"roleRef":  object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "multus"},
		"subjects": []any{object{"kind": "ServiceAccount", "name": "multus", "namespace": "multus"}},
	})
}

func (c *cluster) token(t *testing.T) string {
	review := c.api(t, "POST", "/api/v1/namespaces/multus/serviceaccounts/multus/token", object{"spec": object{"expirationSeconds": 3600}})
	return review["status"].(object)["token"].(string)
}

// pod makes a pod of namespace media and gives its UID.
func (c *cluster) pod(t *testing.T, name, annotation string) string {
	metadata := object{"name": name}
	if annotation != "" {
		metadata["annotations"] = object{networksAnnotation: annotation}
	}
	made := c.api(t, "POST", "/api/v1/namespaces/media/pods", object{
		"metadata": metadata,
		"spec":     object{"containers": []any{object{"name": "main", "image": "none"}}},
	})
	return made["metadata"].(object)["uid"].(string)
}

// networkStatus is the annotation, empty where Multus wrote none.
func (c *cluster) networkStatus(t *testing.T, pod string) string {
	annotations, _ := c.api(t, "GET", "/api/v1/namespaces/media/pods/"+pod, nil)["metadata"].(object)["annotations"].(object)
	status, _ := annotations[statusAnnotation].(string)
	return status
}

func networks() map[string]any {
	hostLocal := func(subnet string) object {
		// The next hop "none" keeps the plugin from filling in the range's gateway.
		return object{"type": "host-local", "subnet": subnet, "routes": []any{object{"dst": "224.0.0.0/4", "gw": "0.0.0.0"}}}
	}
	macvlan := func(ipam object) object {
		return object{"type": "macvlan", "master": "mut1", "mode": "bridge", "ipam": ipam}
	}
	list := func(plugins ...any) object { return object{"cniVersion": "1.0.0", "plugins": plugins} }
	request := macvlan(object{"type": "static", "routes": []any{object{"dst": "224.0.0.0/4"}}})
	request["capabilities"] = object{"ips": true, "mac": true}
	gateway := macvlan(hostLocal("10.20.3.0/24"))
	gateway["ipam"].(object)["gateway"] = "10.20.3.1"
	named := macvlan(hostLocal("10.20.4.0/24"))
	named["cniVersion"], named["name"] = "0.3.1", "single"
	return map[string]any{
		"plane":          list(macvlan(hostLocal("10.20.0.0/24"))),
		"request":        list(request),
		"undeclared":     list(macvlan(object{"type": "static"})),
		"chain":          list(macvlan(hostLocal("10.20.2.0/24")), object{"type": "tuning", "sysctl": object{"net.ipv4.conf.IFNAME.rp_filter": "2"}}),
		"gateway":        list(gateway),
		"single":         named,
		"broken":         list(object{"type": "macvlan", "master": "mut-none", "ipam": object{}}),
		"missing-plugin": list(object{"type": "no-such-plugin"}),
		"foreign":        list(macvlan(hostLocal("10.20.9.0/24"))),
		"layer2":         list(object{"type": "macvlan", "master": "mut1", "mode": "bridge"}),
		"v6":             list(macvlan(object{"type": "static", "addresses": []any{object{"address": "fd00:20::5/64"}, object{"address": "10.20.6.5/24"}}})),
	}
}

func status(name, ifName string, ips ...string) string {
	return fmt.Sprintf("%s %s %s", name, ifName, strings.Join(ips, ","))
}
