// Package registries turns K3s' file of image registries into containerd's
// (https://docs.k3s.io/installation/private-registry, https://github.com/containerd/containerd/blob/release/1.6/docs/hosts.md).
package registries

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"
)

// Registries is the file's content; the zero value is that of a host without one.
type Registries struct {
	Mirrors map[string]Mirror `json:"mirrors"`
	Configs map[string]Config `json:"configs"`
}

// Mirror is where a registry's images are to be found before the registry itself is asked.
type Mirror struct {
	Endpoint []string          `json:"endpoint"`
	Rewrite  map[string]string `json:"rewrite"`
}

// Config is how a registry or mirror is talked to.
type Config struct {
	Auth *Auth `json:"auth"`
	TLS  *TLS  `json:"tls"`
}

// Auth is who pulls.
type Auth struct {
	Username string `json:"username"`
	Password string `json:"password"`
	Auth     string `json:"auth"`
}

// TLS is how a registry's certificate is checked, and which one it is shown.
type TLS struct {
	CAFile             string `json:"ca_file"`
	CertFile           string `json:"cert_file"`
	KeyFile            string `json:"key_file"`
	InsecureSkipVerify bool   `json:"insecure_skip_verify"`
}

// Read reads the file, which need not exist.
func Read(path string) (Registries, error) {
	var found Registries
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return found, nil
	}
	if err != nil {
		return found, err
	}
	if err := yaml.UnmarshalStrict(content, &found); err != nil {
		return found, fmt.Errorf("%s: %w", path, err)
	}
	for name, mirror := range found.Mirrors {
		if len(mirror.Rewrite) > 0 { // only in K3s' own containerd
			return found, fmt.Errorf("%s: rewrite of %s is not served by the embedded k3s", path, name)
		}
	}
	return found, nil
}

// HostFiles are containerd's hosts.toml files by the name of their directory.
func (r Registries) HostFiles() map[string]string {
	files := map[string]string{}
	for name, mirror := range r.Mirrors {
		directory, server := name, serverOf(name)
		if name == "*" {
			directory, server = "_default", ""
		}
		files[directory] = r.hosts(server, mirror.Endpoint)
	}
	for name := range r.Configs {
		if _, isMirrored := r.Mirrors[name]; !isMirrored {
			files[name] = r.hosts(serverOf(name), nil)
		}
	}
	return files
}

// serverOf is the address behind a registry's name.
func serverOf(name string) string {
	if name == "docker.io" {
		return "https://registry-1.docker.io"
	}
	return "https://" + name
}

func (r Registries) hosts(server string, endpoints []string) string {
	var text strings.Builder
	if server != "" {
		fmt.Fprintf(&text, "server = %q\n", server)
		endpoints = append(slices.Clone(endpoints), server)
	}
	for _, endpoint := range endpoints {
		fmt.Fprintf(&text, "\n[host.%q]\n  capabilities = [\"pull\", \"resolve\"]\n", endpoint)
		address, err := url.Parse(endpoint)
		if err != nil {
			continue
		}
		if strings.Trim(address.Path, "/") != "" {
			text.WriteString("  override_path = true\n")
		}
		if tls := r.Configs[address.Host].TLS; tls != nil {
			text.WriteString(tls.toml())
		}
	}
	return text.String()
}

func (t TLS) toml() string {
	text := ""
	if t.CAFile != "" {
		text += fmt.Sprintf("  ca = %q\n", t.CAFile)
	}
	if t.CertFile != "" {
		text += fmt.Sprintf("  client = [[%q, %q]]\n", t.CertFile, t.KeyFile)
	}
	if t.InsecureSkipVerify {
		text += "  skip_verify = true\n"
	}
	return text
}

// Credentials is the part of containerd's own configuration that says who pulls.
func (r Registries) Credentials() string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.Configs)) {
		auth := r.Configs[name].Auth
		if auth == nil {
			continue
		}
		fmt.Fprintf(&text, "\n[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.%q.auth]\n", name)
		for _, pair := range [][2]string{{"username", auth.Username}, {"password", auth.Password}, {"auth", auth.Auth}} {
			if pair[1] != "" {
				fmt.Fprintf(&text, "  %s = %s\n", pair[0], strconv.QuoteToASCII(pair[1]))
			}
		}
	}
	return text.String()
}
