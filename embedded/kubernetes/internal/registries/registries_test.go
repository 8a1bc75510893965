package registries

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func read(t *testing.T, yaml string) (Registries, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "registries.yaml")
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(file)
}

func TestMirrorsAndAccess(t *testing.T) {
	r, err := read(t, `
mirrors:
  docker.io: {endpoint: ["https://mirror.example.com:5000/v2/docker"]}
  "*": {endpoint: ["http://other.example.com"]}
configs:
  mirror.example.com:5000:
    auth: {username: lab, password: 'a"b'}
    tls: {ca_file: /ca, cert_file: /cert, key_file: /key}
  own.example.com:
    tls: {insecure_skip_verify: true}
`)
	if err != nil {
		t.Fatal(err)
	}
	files := r.HostFiles()
	want := `server = "https://registry-1.docker.io"

[host."https://mirror.example.com:5000/v2/docker"]
  capabilities = ["pull", "resolve"]
  override_path = true
  ca = "/ca"
  client = [["/cert", "/key"]]

[host."https://registry-1.docker.io"]
  capabilities = ["pull", "resolve"]
`
	if files["docker.io"] != want {
		t.Errorf("docker.io:\n%s", files["docker.io"])
	}
	if other := files["_default"]; strings.Contains(other, "server =") || !strings.Contains(other, "http://other.example.com") {
		t.Errorf("all others:\n%s", other)
	}
	if own := files["own.example.com"]; !strings.Contains(own, "skip_verify = true") {
		t.Errorf("own:\n%s", own)
	}
	if c := r.Credentials(); !strings.Contains(c, `configs."mirror.example.com:5000".auth]`) || !strings.Contains(c, `password = "a\"b"`) {
		t.Errorf("credentials:\n%s", c)
	}
}

func TestNoFileIsNoRegistry(t *testing.T) {
	r, err := Read(filepath.Join(t.TempDir(), "none"))
	if err != nil || len(r.HostFiles()) != 0 || r.Credentials() != "" {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestFaults(t *testing.T) {
	for name, yaml := range map[string]string{
		"mirror": "mirror: {}\n", "rewrite": "mirrors: {a: {rewrite: {b: c}}}\n", "yaml": "mirrors: [\n",
	} {
		if _, err := read(t, yaml); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
