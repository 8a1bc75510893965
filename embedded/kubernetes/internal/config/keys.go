package config

// Role is what a host does in the cluster.
type Role string

// The two roles, named as the commands of a K3s release.
const (
	Server Role = "server"
	Agent  Role = "agent"
)

type kind int

const (
	text kind = iota
	list
	flag
	number
)

// key is one setting: a key of the configuration file and a flag of the same name.
type key struct {
	name string
	kind kind
	role Role // empty: both
	help string
	// inert settings belong to parts of a K3s release that are not here: they are read and change nothing.
	inert bool
}

// keys follows https://docs.k3s.io/cli/server and https://docs.k3s.io/cli/agent.
var keys = []key{
	{name: "data-dir", kind: text, help: "directory of all state"},
	{name: "debug", kind: flag, help: "log more"},
	{name: "v", kind: number, help: "log level of the Kubernetes components"},
	{name: "token", kind: text, help: "secret that servers and agents share"},
	{name: "token-file", kind: text, help: "file that holds the token"},
	{name: "server", kind: text, help: "URL of a server of the cluster to join"},
	{name: "node-name", kind: text, help: "name of the node"},
	{name: "node-ip", kind: list, help: "addresses of the node, at most one of each family"},
	{name: "node-label", kind: list, help: "labels that the node registers with, key=value"},
	{name: "node-taint", kind: list, help: "taints that the node registers with, key=value:Effect"},
	{name: "flannel-iface", kind: text, help: "interface that carries pod traffic between nodes"},
	{name: "snapshotter", kind: text, help: "containerd snapshotter: overlayfs or native"},
	{name: "pause-image", kind: text, help: "image of the pod sandbox"},
	{name: "private-registry", kind: text, help: "file of mirrors of image registries and of access to them"},
	{name: "kubelet-arg", kind: list, help: "extra kubelet flags, name=value"},
	{name: "kube-proxy-arg", kind: list, help: "extra kube-proxy flags, name=value"},
	{name: "selinux", kind: flag, inert: true},
	{name: "protect-kernel-defaults", kind: flag, inert: true},
	{name: "prefer-bundled-bin", kind: flag, inert: true},

	{name: "bind-address", kind: text, role: Server, help: "address that the API server listens on"},
	{name: "https-listen-port", kind: number, role: Server, help: "port that the API server listens on"},
	{name: "advertise-address", kind: text, role: Server, help: "address that the API server tells its clients"},
	{name: "tls-san", kind: list, role: Server, help: "more names and addresses for the API server's certificate"},
	{name: "cluster-cidr", kind: list, role: Server, help: "networks of the pods, at most one of each family"},
	{name: "service-cidr", kind: list, role: Server, help: "networks of the services, of the same families"},
	{name: "service-node-port-range", kind: text, role: Server, help: "ports of NodePort services"},
	{name: "cluster-dns", kind: list, role: Server, help: "addresses of the DNS service"},
	{name: "cluster-domain", kind: text, role: Server, help: "domain of the cluster"},
	{name: "flannel-backend", kind: text, role: Server, help: "host-gw, vxlan (served by host-gw) or none: another program makes the default network"},
	{name: "disable", kind: list, role: Server, help: "packaged components to leave out; there are none here"},
	{name: "write-kubeconfig", kind: text, role: Server, help: "where the administrator's kubeconfig goes"},
	{name: "write-kubeconfig-mode", kind: text, role: Server, help: "its mode"},
	{name: "etcd-arg", kind: list, role: Server, help: "extra etcd flags, name=value"},
	{name: "kube-apiserver-arg", kind: list, role: Server, help: "extra kube-apiserver flags, name=value"},
	{name: "kube-controller-manager-arg", kind: list, role: Server, help: "extra kube-controller-manager flags"},
	{name: "kube-scheduler-arg", kind: list, role: Server, help: "extra kube-scheduler flags, name=value"},
	{name: "cluster-init", kind: flag, role: Server, help: "let other servers join"},
	{name: "flannel-ipv6-masq", kind: flag, role: Server, help: "give pods the node's address towards the outside with IPv6 too"},
	{name: "disable-kube-proxy", kind: flag, role: Server, help: "run no kube-proxy on any node"},
	{name: "disable-cloud-controller", kind: flag, role: Server, inert: true},
	{name: "disable-helm-controller", kind: flag, role: Server, inert: true},
	{name: "disable-network-policy", kind: flag, role: Server, inert: true},
	{name: "etcd-disable-snapshots", kind: flag, role: Server, inert: true},
}

func keysOf(role Role) []key {
	var found []key
	for _, k := range keys {
		if k.role == "" || k.role == role {
			found = append(found, k)
		}
	}
	return found
}

func findKey(role Role, name string) (key, bool) {
	for _, k := range keysOf(role) {
		if k.name == name {
			return k, true
		}
	}
	return key{}, false
}
