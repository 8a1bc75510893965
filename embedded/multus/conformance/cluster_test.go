package conformance

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	apiAddress = "127.0.0.1"
	apiPort    = "17443"
	adminToken = "conformance-admin"
)

// cluster is etcd and an API server on the namespace's loopback.
type cluster struct {
	dir    string
	http   *http.Client
	server *exec.Cmd
}

func startCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{dir: t.TempDir()}
	c.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	must(t, os.WriteFile(c.path("tokens.csv"), []byte(adminToken+",admin,1,system:masters\n"), 0o600))
	c.writeKey(t)
	c.start(t, "etcd", "--data-dir="+c.path("data"), "--listen-client-urls=http://127.0.0.1:17379", "--advertise-client-urls=http://127.0.0.1:17379",
		"--listen-peer-urls=http://127.0.0.1:17380", "--initial-advertise-peer-urls=http://127.0.0.1:17380",
		"--initial-cluster=default=http://127.0.0.1:17380", "--unsafe-no-fsync")
	c.server = c.start(t, "kube-apiserver", "--etcd-servers=http://127.0.0.1:17379", "--bind-address="+apiAddress, "--secure-port="+apiPort,
		"--cert-dir="+c.path("certs"), "--token-auth-file="+c.path("tokens.csv"), "--authorization-mode=RBAC", "--endpoint-reconciler-type=none",
		"--service-cluster-ip-range=10.99.0.0/24", "--service-account-issuer=https://conformance", "--service-account-key-file="+c.path("sa.key"),
		"--service-account-signing-key-file="+c.path("sa.key"), "--disable-admission-plugins=ServiceAccount", "--advertise-address="+apiAddress)
	eventually(t, "API server ready", func() error { _, err := c.try("GET", "/readyz", nil); return err })
	return c
}

func (c *cluster) path(name string) string { return filepath.Join(c.dir, name) }

func (c *cluster) writeKey(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	must(t, os.WriteFile(c.path("sa.key"), pem.EncodeToMemory(block), 0o600))
}

func (c *cluster) start(t *testing.T, name string, args ...string) *exec.Cmd {
	link := c.path(name)
	must(t, os.Symlink(os.Getenv("LAB_KUBERNETES_BINARY"), link))
	log, err := os.Create(link + ".log")
	must(t, err)
	command := exec.Command(link, args...)
	command.Stdout, command.Stderr = log, log
	must(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if content, _ := os.ReadFile(log.Name()); t.Failed() {
			t.Logf("%s:\n%s", name, tail(string(content), 15))
		}
	})
	return command
}

// api makes a request that must succeed.
func (c *cluster) api(t *testing.T, method, path string, body any) map[string]any {
	t.Helper()
	object, err := c.try(method, path, body)
	must(t, err)
	return object
}

func (c *cluster) try(method, path string, body any) (map[string]any, error) {
	content, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequest(method, "https://"+apiAddress+":"+apiPort+path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+adminToken)
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %s: %s", method, path, response.Status, text)
	}
	object := map[string]any{}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		err = json.Unmarshal(text, &object)
	}
	return object, err
}

// eventually is a bounded poll for what gives no event.
func eventually(t *testing.T, what string, attempt func() error) {
	t.Helper()
	var err error
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if err = attempt(); err == nil {
			return
		}
	}
	t.Fatalf("%s: %v", what, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func tail(text string, lines int) string {
	all := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
