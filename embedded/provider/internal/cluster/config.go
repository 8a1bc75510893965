// Package cluster finds the API server that a provider block names.
package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"multicast-lab/embedded/provider/internal/values"
)

// Config is the part of a provider block that says which cluster is meant; both providers have the same arguments.
type Config struct {
	paths     []string
	overrides clientcmd.ConfigOverrides
	unknown   bool
}

// NewConfig reads the arguments. Nothing is opened yet: a plan must work before there is a cluster.
func NewConfig(block tftypes.Value) Config {
	members := values.Members(block)
	config := Config{unknown: !block.IsFullyKnown()}
	text := func(name, environment string) string {
		if value := values.Text(members[name]); value != "" {
			return value
		}
		return os.Getenv(environment)
	}
	if path := text("config_path", "KUBE_CONFIG_PATH"); path != "" {
		config.paths = []string{path}
	} else if config.paths = values.Texts(members["config_paths"]); len(config.paths) == 0 {
		config.paths = filepath.SplitList(os.Getenv("KUBE_CONFIG_PATHS"))
	}
	for i, path := range config.paths {
		config.paths[i] = expandHome(path)
	}
	o := &config.overrides
	o.CurrentContext = text("config_context", "KUBE_CTX")
	o.Context.AuthInfo = text("config_context_auth_info", "KUBE_CTX_AUTH_INFO")
	o.Context.Cluster = text("config_context_cluster", "KUBE_CTX_CLUSTER")
	o.ClusterInfo.Server = text("host", "KUBE_HOST")
	o.ClusterInfo.TLSServerName = text("tls_server_name", "KUBE_TLS_SERVER_NAME")
	o.ClusterInfo.ProxyURL = text("proxy_url", "KUBE_PROXY_URL")
	o.ClusterInfo.CertificateAuthorityData = []byte(text("cluster_ca_certificate", "KUBE_CLUSTER_CA_CERT_DATA"))
	o.ClusterInfo.InsecureSkipTLSVerify = values.Flag(members["insecure"], os.Getenv("KUBE_INSECURE") == "true")
	o.AuthInfo.Token = text("token", "KUBE_TOKEN")
	o.AuthInfo.Username = text("username", "KUBE_USER")
	o.AuthInfo.Password = text("password", "KUBE_PASSWORD")
	o.AuthInfo.ClientCertificateData = []byte(text("client_certificate", "KUBE_CLIENT_CERT_DATA"))
	o.AuthInfo.ClientKeyData = []byte(text("client_key", "KUBE_CLIENT_KEY_DATA"))
	o.AuthInfo.Exec = execConfig(members["exec"])
	return config
}

// execConfig: the kubernetes provider has a block for it, which is a list, the helm provider an object.
func execConfig(value tftypes.Value) *clientcmdapi.ExecConfig {
	if elements := value; value.Type() != nil && value.Type().Is(tftypes.List{}) {
		list := values.Elements(elements)
		if len(list) == 0 {
			return nil
		}
		value = list[0]
	}
	members := values.Members(value)
	if len(members) == 0 {
		return nil
	}
	exec := &clientcmdapi.ExecConfig{
		APIVersion:      values.Text(members["api_version"]),
		Command:         values.Text(members["command"]),
		Args:            values.Texts(members["args"]),
		InteractiveMode: clientcmdapi.NeverExecInteractiveMode,
	}
	for name, value := range values.Members(members["env"]) {
		exec.Env = append(exec.Env, clientcmdapi.ExecEnvVar{Name: name, Value: values.Text(value)})
	}
	return exec
}

// Loader gives the client configuration, with a namespace for what names none, or says what is missing.
func (c Config) Loader(namespace string) (clientcmd.ClientConfig, error) {
	if c.unknown {
		return nil, errors.New("the provider block holds values that are not known yet; give it values that are known before the apply")
	}
	if len(c.paths) == 0 && c.overrides.ClusterInfo.Server == "" {
		return nil, errors.New("no cluster is named: set config_path or host in the provider block, or KUBE_CONFIG_PATH in the environment")
	}
	for _, path := range c.paths {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("kubeconfig %q cannot be read (%w); create the cluster first, or correct config_path in the provider block", path, err)
		}
	}
	rules := &clientcmd.ClientConfigLoadingRules{Precedence: c.paths}
	overrides := c.overrides
	overrides.Context.Namespace = namespace
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &overrides), nil
}

// REST gives the configuration of a client. The client library's own limit of five requests a second is meant for
// controllers, not for a program whose number of requests is the user's number of resources.
func (c Config) REST() (*rest.Config, error) {
	loader, err := c.Loader("")
	if err != nil {
		return nil, err
	}
	config, err := loader.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("kubeconfig %s: %w", strings.Join(c.paths, ", "), err)
	}
	config.QPS, config.Burst = 100, 200
	config.UserAgent = "multicast-lab-embedded-provider"
	return config, nil
}

func expandHome(path string) string {
	rest, found := strings.CutPrefix(path, "~/")
	home, err := os.UserHomeDir()
	if !found || err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
