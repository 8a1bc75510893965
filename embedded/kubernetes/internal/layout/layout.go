// Package layout names every path that K3s uses on a host, so that tools written for a K3s release find
// the same things in the same places.
package layout

import "path/filepath"

const (
	// ConfigFile holds the settings of both roles.
	ConfigFile = "/etc/rancher/k3s/config.yaml"
	// Kubeconfig is the administrator's kubeconfig on a server.
	Kubeconfig = "/etc/rancher/k3s/k3s.yaml"
	// Registries is the standard file of image registries.
	Registries = "/etc/rancher/k3s/registries.yaml"
	// DataDir is the default data directory.
	DataDir = "/var/lib/rancher/k3s"
	// ContainerdState is containerd's state directory.
	ContainerdState = "/run/k3s/containerd"
	// ContainerdSocket is where containerd listens.
	ContainerdSocket = ContainerdState + "/containerd.sock"
)

// Paths are the paths below one data directory.
type Paths struct{ DataDir string }

// Server is a path of the control plane.
func (p Paths) Server(parts ...string) string { return p.join("server", parts) }

// TLS is a path among the control plane's certificates and keys.
func (p Paths) TLS(parts ...string) string { return p.join("server/tls", parts) }

// Credential is a path among the kubeconfigs of the control plane's components.
func (p Paths) Credential(parts ...string) string { return p.join("server/cred", parts) }

// Agent is a path of the parts that run on every node.
func (p Paths) Agent(parts ...string) string { return p.join("agent", parts) }

// CNI is where containerd finds configurations and plugins of the pods' networks.
type CNI struct{ ConfigDir, BinDir string }

// OwnCNI is K3s' own pair of directories, for the default network that it makes.
func (p Paths) OwnCNI() CNI {
	return CNI{ConfigDir: p.Agent("etc/cni/net.d"), BinDir: filepath.Join(p.DataDir, "data/cni")}
}

// ForeignCNI is containerd's own pair, which K3s leaves as it is where another program makes the default network
// (flannel-backend: none).
func ForeignCNI() CNI { return CNI{ConfigDir: "/etc/cni/net.d", BinDir: "/opt/cni/bin"} }

// Images is where image archives wait to be imported.
func (p Paths) Images() string { return p.Agent("images") }

func (p Paths) join(below string, parts []string) string {
	return filepath.Join(append([]string{p.DataDir, below}, parts...)...)
}
