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

func (in *interpreter) address(key, standard string) netip.Addr {
	given := in.text(key, standard)
	if given == "" {
		return netip.Addr{}
	}
	address, err := netip.ParseAddr(given)
	if err != nil || !address.Is4() {
		in.fault(key, "must be one IPv4 address, got %q (IPv6 is not served by the embedded k3s)", given)
	}
	return address
}

func (in *interpreter) prefix(key, standard string) netip.Prefix {
	given := in.text(key, standard)
	if len(in.values[key]) > 1 {
		in.fault(key, "must be one network, got %q", strings.Join(in.values[key], ","))
	}
	network, err := netip.ParsePrefix(given)
	if err != nil || !network.Addr().Is4() {
		in.fault(key, "must be one IPv4 network such as %s, got %q (dual-stack is not served by the embedded k3s)", standard, given)
		return netip.MustParsePrefix(standard)
	}
	return network.Masked()
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
	if c.ServerURL != "" {
		in.fault("server", "joining a second server is not served by the embedded k3s yet; leave it out on the only server")
	}
	if c.ClusterCIDR.Overlaps(c.ServiceCIDR) {
		in.fault("service-cidr", "must not overlap cluster-cidr, got %s and %s", c.ServiceCIDR, c.ClusterCIDR)
	}
	if !c.ServiceCIDR.Contains(c.ClusterDNS) {
		in.fault("cluster-dns", "must lie inside service-cidr %s, got %s", c.ServiceCIDR, c.ClusterDNS)
	}
	if c.ClusterCIDR.Bits() > 24 {
		in.fault("cluster-cidr", "must be a /24 or wider since every node gets a /24 of it, got %s", c.ClusterCIDR)
	}
}

func (in *interpreter) agent(c *Config) {
	address, err := url.Parse(c.ServerURL)
	if err != nil || address.Scheme != "https" || address.Host == "" || address.Path != "" {
		in.fault("server", "must be the server's URL such as https://192.0.2.10:6443, got %q", c.ServerURL)
	}
	if c.Token == "" {
		in.faults = append(in.faults, errors.New("token: an agent needs the server's token (key token or token-file)"))
	}
}
