package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// node is one installation: the configuration that an entrypoint wrote and the plugin that the runtime calls.
type node struct {
	implementation
	dir        string
	configFile string
	entrypoint *exec.Cmd
	log        bytes.Buffer
}

func (n *node) confDir() string { return filepath.Join(n.dir, "net.d") }
func (n *node) binDir() string  { return filepath.Join(n.dir, "bin") }

// install runs the entrypoint with the flags of constructs/multus/multus-daemon-set.ts, credentials where a pod has them.
func install(t *testing.T, c *cluster, which implementation, version string) *node {
	t.Helper()
	n := &node{implementation: which, dir: t.TempDir()}
	must(t, os.MkdirAll(n.confDir(), 0o755))
	must(t, os.MkdirAll(n.binDir(), 0o755))
	must(t, os.WriteFile(filepath.Join(n.confDir(), "10-bridge.conflist"), clusterNetwork(version), 0o644))
	const credentials = "/run/secrets/kubernetes.io/serviceaccount"
	must(t, os.MkdirAll(credentials, 0o755))
	must(t, os.WriteFile(credentials+"/token", []byte(c.token(t)), 0o600))
	authority, err := os.ReadFile(c.path("certs/apiserver.crt"))
	must(t, err)
	must(t, os.WriteFile(credentials+"/ca.crt", authority, 0o600))
	n.start(t)
	n.configFile = filepath.Join(n.confDir(), "00-multus.conf")
	if version >= "1.0.0" {
		n.configFile += "list"
	}
	eventually(t, "configuration of "+which.name, func() error { _, err := os.Stat(n.configFile); return err })
	return n
}

func (n *node) start(t *testing.T) {
	n.entrypoint = exec.Command(n.implementation.entrypoint, "--multus-conf-file=auto", "--multus-autoconfig-dir="+n.confDir(), "--cni-conf-dir="+n.confDir(),
		"--cni-bin-dir="+n.binDir(), "--multus-kubeconfig-file-host="+n.confDir()+"/multus.d/multus.kubeconfig", "--multus-cni-conf-dir="+n.confDir()+"/multus.d",
		"--cleanup-config-on-exit=true", "--multus-log-level=error", "--namespace-isolation=true", "--global-namespaces=default", "--multus-bin-file="+n.multus)
	n.entrypoint.Env = []string{"KUBERNETES_SERVICE_HOST=" + apiAddress, "KUBERNETES_SERVICE_PORT=" + apiPort}
	n.entrypoint.Stdout, n.entrypoint.Stderr = &n.log, &n.log
	must(t, n.entrypoint.Start())
	t.Cleanup(func() { _ = n.entrypoint.Process.Kill() })
}

func clusterNetwork(version string) []byte {
	return fmt.Appendf(nil, `{"cniVersion": %q, "name": "cbr0", "plugins": [{"type": "bridge", "bridge": "mutbr", "isGateway": true, "ipMasq": false,
		"ipam": {"type": "host-local", "subnet": "10.42.0.0/24", "routes": [{"dst": "0.0.0.0/0"}]}, "capabilities": {"mac": false}}]}`, version)
}

// sandbox is a pod's network namespace.
type sandbox struct {
	node     *node
	pod, uid string
	id       string
}

func newSandbox(t *testing.T, n *node, pod, uid string) *sandbox {
	s := &sandbox{node: n, pod: pod, uid: uid, id: "mut-" + pod}
	ip(t, "netns", "add", s.id)
	ip(t, "-n", s.id, "link", "set", "lo", "up")
	t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", s.id).Run() })
	return s
}

// call runs the installed plugin as a container runtime does.
func (s *sandbox) call(command string) ([]byte, error) {
	input, err := s.stdin()
	if err != nil {
		return nil, err
	}
	cni := exec.Command(filepath.Join(s.node.binDir(), "multus"))
	cni.Stdin = bytes.NewReader(input)
	cni.Env = []string{
		"CNI_COMMAND=" + command, "CNI_CONTAINERID=" + s.id, "CNI_NETNS=/run/netns/" + s.id, "CNI_IFNAME=eth0",
		"CNI_PATH=" + os.Getenv(inNamespaces),
		"CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=media;K8S_POD_NAME=" + s.pod + ";K8S_POD_INFRA_CONTAINER_ID=" + s.id + ";K8S_POD_UID=" + s.uid,
		"PATH=" + os.Getenv("PATH"),
	}
	output, err := cni.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		var reported struct{ Msg, Details string }
		_ = json.Unmarshal(output, &reported)
		return nil, errors.New(reported.Msg + reported.Details)
	}
	return output, err
}

// stdin is the plugin's configuration as libcni sends it: version and name of the list go into the plugin's part.
func (s *sandbox) stdin() ([]byte, error) {
	content, err := os.ReadFile(s.node.configFile)
	if err != nil {
		return nil, err
	}
	var config object
	if err := json.Unmarshal(content, &config); err != nil {
		return nil, err
	}
	if plugins, isList := config["plugins"].([]any); isList {
		plugin := plugins[0].(object)
		plugin["cniVersion"], plugin["name"] = config["cniVersion"], config["name"]
		config = plugin
	}
	return json.Marshal(config)
}

// interfaces are lines of "name address", loopback and link-local left out.
func (s *sandbox) interfaces(t *testing.T) []string {
	var links []struct {
		Ifname   string `json:"ifname"`
		AddrInfo []struct {
			Local, Scope string
			Prefixlen    int
		} `json:"addr_info"`
	}
	must(t, json.Unmarshal(ip(t, "-j", "-n", s.id, "addr"), &links))
	var lines []string
	for _, link := range links {
		line := link.Ifname
		for _, address := range link.AddrInfo {
			if address.Scope == "global" {
				line += fmt.Sprintf(" %s/%d", address.Local, address.Prefixlen)
			}
		}
		if link.Ifname != "lo" {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

func (s *sandbox) mac(t *testing.T, ifName string) string {
	var links []struct{ Address string }
	must(t, json.Unmarshal(ip(t, "-j", "-n", s.id, "link", "show", "dev", ifName), &links))
	return links[0].Address
}

// routes are lines of "destination via gateway dev interface".
func (s *sandbox) routes(t *testing.T) []string {
	var routes []struct{ Dst, Gateway, Dev string }
	must(t, json.Unmarshal(ip(t, "-j", "-n", s.id, "route"), &routes))
	var lines []string
	for _, route := range routes {
		line := route.Dst
		if route.Gateway != "" {
			line += " via " + route.Gateway
		}
		lines = append(lines, line+" dev "+route.Dev)
	}
	slices.Sort(lines)
	return lines
}

func ip(t *testing.T, args ...string) []byte {
	t.Helper()
	output, err := exec.Command("ip", args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		t.Fatalf("ip %s: %s", strings.Join(args, " "), exit.Stderr)
	}
	must(t, err)
	return output
}
