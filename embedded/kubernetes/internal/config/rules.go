package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	labelPattern     = regexp.MustCompile(`^[A-Za-z0-9./_-]+=[A-Za-z0-9._-]*$`)
	taintPattern     = regexp.MustCompile(`^[A-Za-z0-9./_-]+(=[A-Za-z0-9._-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$`)
	nodeNamePattern  = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$`)
	interfacePattern = regexp.MustCompile(`^[^\s/:]{1,15}$`)
	packaged         = []string{"coredns", "servicelb", "traefik", "local-storage", "metrics-server", "runtimes"}
)

// interpreter turns values into typed settings and collects every fault on the way.
type interpreter struct {
	values
	faults []error
}

func (in *interpreter) fault(name, format string, a ...any) {
	in.faults = append(in.faults, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, a...)))
}

func (in *interpreter) token() string {
	if file := in.text("token-file", ""); file != "" {
		content, err := os.ReadFile(file)
		if err != nil {
			in.fault("token-file", "%v", err)
		}
		return strings.TrimSpace(string(content))
	}
	return in.text("token", os.Getenv("K3S_TOKEN"))
}

func (in *interpreter) nodeName() string {
	host, _ := os.Hostname()
	name := in.text("node-name", strings.ToLower(host))
	if !nodeNamePattern.MatchString(name) {
		in.fault("node-name", "must be a lower-case DNS name of at most 63 characters, got %q", name)
	}
	return name
}

func (in *interpreter) interfaceName(key string) string {
	name := in.text(key, "")
	if name != "" && !interfacePattern.MatchString(name) {
		in.fault(key, "must be an interface name of at most 15 characters, got %q", name)
	}
	return name
}

func (in *interpreter) address(key string) netip.Addr {
	given := in.text(key, "")
	if given == "" {
		return netip.Addr{}
	}
	address, err := netip.ParseAddr(given)
	if err != nil {
		in.fault(key, "must be one IP address, got %q", given)
	}
	return address
}

func (in *interpreter) addresses(key string) []netip.Addr {
	var all []netip.Addr
	for _, given := range in.values[key] {
		address, err := netip.ParseAddr(given)
		if err != nil {
			in.fault(key, "must be IP addresses, got %q", given)
		}
		all = append(all, address)
	}
	if !oneOfEach(all) {
		in.fault(key, "must be at most one address of each family, got %q", strings.Join(in.values[key], ","))
	}
	return all
}

func (in *interpreter) prefixes(key, standard string) []netip.Prefix {
	given := in.values[key]
	if len(given) == 0 {
		given = []string{standard}
	}
	var all []netip.Prefix
	var first []netip.Addr
	for _, text := range given {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			in.fault(key, "must be networks such as %s, got %q", standard, text)
			return []netip.Prefix{netip.MustParsePrefix(standard)}
		}
		all, first = append(all, network.Masked()), append(first, network.Addr())
	}
	if !oneOfEach(first) {
		in.fault(key, "must be at most one network of each family, got %q", strings.Join(given, ","))
	}
	return all
}

func oneOfEach(addresses []netip.Addr) bool {
	return len(addresses) < 2 || len(addresses) == 2 && addresses[0].Is4() != addresses[1].Is4()
}

// clusterDNS is the tenth address of each service network unless told otherwise, as in a K3s release.
func (in *interpreter) clusterDNS(services []netip.Prefix) []netip.Addr {
	if given := in.addresses("cluster-dns"); len(given) > 0 {
		return given
	}
	var all []netip.Addr
	for _, network := range services {
		all = append(all, nth(network, 10))
	}
	return all
}

func (in *interpreter) mode(key string, standard fs.FileMode) fs.FileMode {
	given := in.text(key, "")
	if given == "" {
		return standard
	}
	mode, err := strconv.ParseUint(given, 8, 32)
	if err != nil || mode > 0o777 {
		in.fault(key, "must be an octal file mode such as 0600, got %q", given)
	}
	return fs.FileMode(mode)
}

func (in *interpreter) oneOf(key, standard string, allowed ...string) string {
	given := in.text(key, standard)
	if !slices.Contains(allowed, given) {
		in.fault(key, "must be one of %s, got %q", strings.Join(allowed, ", "), given)
	}
	return given
}

func (in *interpreter) matching(key string, pattern *regexp.Regexp, shape string) []string {
	for _, given := range in.values[key] {
		if !pattern.MatchString(given) {
			in.fault(key, "must have the form %s, got %q", shape, given)
		}
	}
	return in.values[key]
}

func (in *interpreter) disabled() []string {
	for _, name := range in.values["disable"] {
		if !slices.Contains(packaged, name) {
			in.fault("disable", "must be one of %s, got %q", strings.Join(packaged, ", "), name)
		}
	}
	return in.values["disable"]
}

// across checks what concerns more than one setting.
func (in *interpreter) across(c *Config) {
	if c.ServerURL == "" {
		c.ServerURL = os.Getenv("K3S_URL")
	}
	if c.Role == Agent {
		in.agent(c)
		return
	}
	in.join(c)
	in.networks(c)
}

// join checks how a server finds the cluster that it is to be part of.
func (in *interpreter) join(c *Config) {
	if c.ServerURL == "" {
		return
	}
	in.serverURL(c)
	if c.ClusterInit {
		in.fault("cluster-init", "must be left out on a server that joins %s", c.ServerURL)
	}
	if c.Token == "" {
		in.fault("token", "a server that joins needs the first server's token (key token or token-file)")
	}
}

// nodeBits are the prefix lengths of one node's part of the pods' networks.
func nodeBits(network netip.Prefix) int {
	if network.Addr().Is4() {
		return 24
	}
	return 64
}

func (in *interpreter) networks(c *Config) {
	families := func(networks []netip.Prefix) (found []bool) {
		for _, network := range networks {
			found = append(found, network.Addr().Is4())
		}
		return found
	}
	if !slices.Equal(families(c.ClusterCIDRs), families(c.ServiceCIDRs)) {
		in.fault("service-cidr", "must be of the families of cluster-cidr, got %s and %s", c.ServiceCIDRs, c.ClusterCIDRs)
	}
	for _, pods := range c.ClusterCIDRs {
		for _, services := range c.ServiceCIDRs {
			if pods.Overlaps(services) {
				in.fault("service-cidr", "must not overlap cluster-cidr, got %s and %s", services, pods)
			}
		}
		if pods.Bits() > nodeBits(pods) {
			in.fault("cluster-cidr", "must be a /%d or wider since every node gets one of it, got %s", nodeBits(pods), pods)
		}
	}
	for _, address := range c.ClusterDNS {
		if !slices.ContainsFunc(c.ServiceCIDRs, func(network netip.Prefix) bool { return network.Contains(address) }) {
			in.fault("cluster-dns", "must lie inside service-cidr %s, got %s", c.ServiceCIDRs, address)
		}
	}
}

func (in *interpreter) agent(c *Config) {
	in.serverURL(c)
	if c.Token == "" {
		in.faults = append(in.faults, errors.New("token: an agent needs the server's token (key token or token-file)"))
	}
}

func (in *interpreter) serverURL(c *Config) {
	address, err := url.Parse(c.ServerURL)
	if err != nil || address.Scheme != "https" || address.Host == "" || address.Path != "" {
		in.fault("server", "must be a server's URL such as https://192.0.2.10:6443, got %q", c.ServerURL)
	}
}
