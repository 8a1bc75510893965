// Package config reads the settings of `k3s server` and `k3s agent` from a configuration file and flags of the
// same names, flags first.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"multicast-lab/embedded/kubernetes/internal/layout"
)

// NoBackend is the flannel-backend of a cluster whose default network another program makes.
const NoBackend = "none"

// Config is what a host was asked to be.
type Config struct {
	Role  Role
	Paths layout.Paths

	Token          string // empty on a server: one is generated
	ServerURL      string // empty on the server that founds the cluster
	NodeName       string
	NodeIPs        []netip.Addr // none: that of FlannelIface or the default route
	NodeLabels     []string
	NodeTaints     []string
	FlannelIface   string // empty: the interface that has the first of NodeIPs
	FlannelBackend string
	Snapshotter    string
	PauseImage     string // empty: the embedded one
	Registries     string // file
	LogLevel       int

	BindAddress      string
	Port             int
	AdvertiseAddress netip.Addr // zero: the first of NodeIPs
	ClusterInit      bool
	TLSSANs          []string
	ClusterCIDRs     []netip.Prefix
	ServiceCIDRs     []netip.Prefix
	MasqueradeIPv6   bool
	NodePortRange    string
	NoKubeProxy      bool
	ClusterDNS       []netip.Addr
	ClusterDomain    string
	Disable          []string
	Kubeconfig       string
	KubeconfigMode   fs.FileMode

	// ExtraArgs are flags by component, as the keys <component>-arg give them.
	ExtraArgs map[string][]string
	// Notes are settings that were read and change nothing here.
	Notes []string
}

// Load reads flags and configuration file, and returns all faults joined.
func Load(role Role, arguments []string) (*Config, error) {
	flags, file, err := readFlags(role, arguments, layout.ConfigFile)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) && file == layout.ConfigFile {
		content, err = nil, nil // the default file is optional, a named one is not
	}
	if err != nil {
		return nil, err
	}
	all, faults := readFile(role, file, content)
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	for name, given := range flags {
		if k, _ := findKey(role, name); k.kind == list {
			given = append(all[name], given...)
		}
		all[name] = given
	}
	return interpret(role, all)
}

func (v values) text(name, standard string) string {
	if given := v[name]; len(given) > 0 {
		return given[len(given)-1]
	}
	return standard
}

func (v values) number(name string, standard int) int {
	if n, err := strconv.Atoi(v.text(name, "")); err == nil {
		return n
	}
	return standard
}

func (v values) flag(name string) bool {
	set, _ := strconv.ParseBool(v.text(name, "false"))
	return set
}

func interpret(role Role, v values) (*Config, error) {
	in := interpreter{values: v}
	c := &Config{
		Role:           role,
		Paths:          layout.Paths{DataDir: v.text("data-dir", layout.DataDir)},
		Token:          in.token(),
		ServerURL:      strings.TrimSuffix(v.text("server", ""), "/"),
		NodeName:       in.nodeName(),
		NodeIPs:        in.addresses("node-ip"),
		NodeLabels:     in.matching("node-label", labelPattern, "key=value"),
		NodeTaints:     in.matching("node-taint", taintPattern, "key=value:NoSchedule|PreferNoSchedule|NoExecute"),
		FlannelIface:   in.interfaceName("flannel-iface"),
		FlannelBackend: in.oneOf("flannel-backend", "vxlan", "vxlan", "host-gw", NoBackend),
		Snapshotter:    in.oneOf("snapshotter", "overlayfs", "overlayfs", "native"),
		PauseImage:     v.text("pause-image", ""),
		Registries:     v.text("private-registry", layout.Registries),
		LogLevel:       v.number("v", 0),

		BindAddress:      v.text("bind-address", "0.0.0.0"),
		Port:             v.number("https-listen-port", 6443),
		AdvertiseAddress: in.address("advertise-address"),
		TLSSANs:          v["tls-san"],
		ClusterInit:      v.flag("cluster-init"),
		ClusterCIDRs:     in.prefixes("cluster-cidr", "10.42.0.0/16"),
		ServiceCIDRs:     in.prefixes("service-cidr", "10.43.0.0/16"),
		MasqueradeIPv6:   v.flag("flannel-ipv6-masq"),
		NoKubeProxy:      v.flag("disable-kube-proxy"),
		NodePortRange:    v.text("service-node-port-range", "30000-32767"),
		ClusterDomain:    v.text("cluster-domain", "cluster.local"),
		Disable:          in.disabled(),
		Kubeconfig:       v.text("write-kubeconfig", layout.Kubeconfig),
		KubeconfigMode:   in.mode("write-kubeconfig-mode", 0o600),
		ExtraArgs:        v.extraArgs(),
		Notes:            v.notes(role),
	}
	c.ClusterDNS = in.clusterDNS(c.ServiceCIDRs)
	if v.flag("debug") {
		c.LogLevel = max(c.LogLevel, 4)
	}
	in.across(c)
	return c, errors.Join(in.faults...)
}

func (v values) extraArgs() map[string][]string {
	extra := map[string][]string{}
	for name, given := range v {
		component, isArg := strings.CutSuffix(name, "-arg")
		for _, arg := range given {
			if isArg {
				extra[component] = append(extra[component], "--"+strings.TrimLeft(arg, "-"))
			}
		}
	}
	return extra
}

func (v values) notes(role Role) []string {
	var notes []string
	for _, k := range keysOf(role) {
		if _, given := v[k.name]; given && k.inert {
			notes = append(notes, fmt.Sprintf("%s: accepted, but changes nothing in the embedded k3s", k.name))
		}
	}
	return notes
}

// Clustered reports whether servers can join: one that founds a cluster of several, or joined one itself.
func (c *Config) Clustered() bool { return c.ClusterInit || c.ServerURL != "" }

// DualStack reports whether pods have an address of each family.
func (c *Config) DualStack() bool { return len(c.ClusterCIDRs) > 1 }

// nth is the n-th address of a network.
func nth(network netip.Prefix, n int) netip.Addr {
	address := network.Masked().Addr()
	for range n {
		address = address.Next()
	}
	return address
}

// First are the first usable addresses of networks: of the service networks they are the API server's.
func First(networks []netip.Prefix) []netip.Addr {
	var first []netip.Addr
	for _, network := range networks {
		first = append(first, nth(network, 1))
	}
	return first
}
