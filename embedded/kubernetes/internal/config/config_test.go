package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func load(t *testing.T, role Role, yaml string, flags ...string) (*Config, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(role, append([]string{"--config", file}, flags...))
}

func TestServerWithAllThatAConstructWrites(t *testing.T) {
	c, err := load(t, Server, `
token: "secret, with: colon"
node-name: server
node-ip: 198.18.0.11
flannel-iface: eth0
disable: [traefik, servicelb]
cluster-cidr: 10.42.0.0/16
service-cidr: 10.50.0.0/16
write-kubeconfig-mode: "0640"
tls-san:
  - 198.18.0.11
  - lab.example
node-label: [a/b=c]
kube-apiserver-arg: ["enable-admission-plugins=A,B"]
`)
	if err != nil {
		t.Fatal(err)
	}
	if c.Token != "secret, with: colon" || c.NodeIPs[0].String() != "198.18.0.11" || c.KubeconfigMode != 0o640 {
		t.Errorf("got %+v", c)
	}
	if c.ClusterDNS[0].String() != "10.50.0.10" || First(c.ServiceCIDRs)[0].String() != "10.50.0.1" {
		t.Errorf("DNS %s, API %s", c.ClusterDNS, First(c.ServiceCIDRs))
	}
	if !slices.Equal(c.TLSSANs, []string{"198.18.0.11", "lab.example"}) || !slices.Equal(c.Disable, []string{"traefik", "servicelb"}) {
		t.Errorf("lists: %q %q", c.TLSSANs, c.Disable)
	}
	if !slices.Equal(c.ExtraArgs["kube-apiserver"], []string{"--enable-admission-plugins=A,B"}) {
		t.Errorf("arguments: %q", c.ExtraArgs)
	}
}

func TestFlagsWinAndListsGrow(t *testing.T) {
	c, err := load(t, Server, "node-name: one\ntls-san: a,b\n", "--node-name", "two", "--tls-san=c", "--debug")
	if err != nil {
		t.Fatal(err)
	}
	if c.NodeName != "two" || !slices.Equal(c.TLSSANs, []string{"a", "b", "c"}) || c.LogLevel != 4 {
		t.Errorf("got %q %q %d", c.NodeName, c.TLSSANs, c.LogLevel)
	}
}

func TestDualStackServerThatJoins(t *testing.T) {
	c, err := load(t, Server, `
server: https://198.18.0.11:6443
token: s
node-ip: 198.18.0.12,fd18::12
cluster-cidr: 10.42.0.0/16,fd42::/56
service-cidr: 10.43.0.0/16,fd43::/112
`)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Clustered() || !c.DualStack() || c.NodeIPs[1].String() != "fd18::12" || c.ClusterDNS[1].String() != "fd43::a" {
		t.Errorf("got %+v", c)
	}
}

func TestInertKeysAreNamed(t *testing.T) {
	c, err := load(t, Server, "disable-network-policy: true\n")
	if err != nil || len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "disable-network-policy") {
		t.Errorf("got %v, %v", c, err)
	}
}

func TestFaults(t *testing.T) {
	agent := "server: https://198.18.0.11:6443\ntoken: s\n"
	for name, test := range map[string]struct {
		role Role
		yaml string
		want []string
	}{
		"unknown key":          {Server, "\nflanel-iface: eth0\n", []string{":2:", "flanel-iface", `"flannel-iface"`}},
		"server key on agent":  {Agent, agent + "cluster-cidr: 10.0.0.0/8\n", []string{"unknown key for k3s agent"}},
		"no YAML":              {Server, "a: [", []string{"config.yaml"}},
		"not keys":             {Server, "- a\n", []string{"keys and values"}},
		"bad boolean":          {Server, "debug: maybe\n", []string{"debug", "maybe"}},
		"bad number":           {Server, "https-listen-port: 6443x\n", []string{"https-listen-port", "6443x"}},
		"nested value":         {Server, "node-name: {a: b}\n", []string{"node-name", "plain value"}},
		"bad address":          {Server, "node-ip: 1.2.3\n", []string{"node-ip", "1.2.3"}},
		"other family":         {Server, "cluster-cidr: fd00::/56\n", []string{"service-cidr", "families", "fd00::/56"}},
		"two of a family":      {Server, "cluster-cidr: 10.1.0.0/16,10.2.0.0/16\n", []string{"cluster-cidr", "one network of each family"}},
		"two addresses":        {Server, "node-ip: 10.1.0.1,10.2.0.1\n", []string{"node-ip", "one address of each family"}},
		"narrow IPv6 network":  {Server, "cluster-cidr: 10.42.0.0/16,fd00::/80\nservice-cidr: 10.43.0.0/16,fd01::/112\n", []string{"/64 or wider"}},
		"overlap":              {Server, "service-cidr: 10.42.128.0/17\n", []string{"service-cidr", "overlap"}},
		"DNS outside":          {Server, "cluster-dns: 192.0.2.1\n", []string{"cluster-dns", "10.43.0.0/16"}},
		"bad mode":             {Server, "write-kubeconfig-mode: u=rw\n", []string{"write-kubeconfig-mode"}},
		"bad taint":            {Server, "node-taint: [a=b]\n", []string{"node-taint", "a=b"}},
		"unknown component":    {Server, "disable: [coredn]\n", []string{"disable", "coredn"}},
		"server without token": {Server, "server: https://a:6443\n", []string{"token", "joins"}},
		"founder that joins":   {Server, "server: https://a:6443\ntoken: s\ncluster-init: true\n", []string{"cluster-init"}},
		"server by http":       {Server, "server: http://a:6443\ntoken: s\n", []string{"server", "http://a:6443"}},
		"agent alone":          {Agent, "{}", []string{"server: must", "token: an agent needs"}},
		"agent without https":  {Agent, "token: s\nserver: http://a:6443\n", []string{"http://a:6443"}},
		"long interface":       {Agent, agent + "flannel-iface: abcdefghijklmnop\n", []string{"flannel-iface"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, test.role, test.yaml)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q lacks %q", err, part)
				}
			}
		})
	}
}

func TestUsageNamesEveryKey(t *testing.T) {
	usage := Usage(Agent, "/etc/x")
	for _, k := range keysOf(Agent) {
		if !strings.Contains(usage, "--"+k.name+" ") {
			t.Errorf("--%s is missing", k.name)
		}
	}
}
