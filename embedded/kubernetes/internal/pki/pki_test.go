package pki

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"multicast-lab/embedded/kubernetes/internal/layout"
)

func cluster(directory string) Cluster {
	return Cluster{
		Paths: layout.Paths{DataDir: directory}, NodeName: "server", NodeIPs: []netip.Addr{netip.MustParseAddr("198.18.0.11")},
		ServiceIPs: []netip.Addr{netip.MustParseAddr("10.43.0.1")}, ClusterDomain: "cluster.local", ExtraNames: []string{"lab.example", "192.0.2.1"},
		APIServer: "https://127.0.0.1:6443",
	}
}

func read(t *testing.T, path string) *x509.Certificate {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(content)
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestAPIServerCertificateIsValidForEveryName(t *testing.T) {
	c := cluster(t.TempDir())
	authorities, err := c.Make()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authorities.Server.PEM)
	serving := read(t, c.Paths.TLS("serving-kube-apiserver.crt"))
	for _, name := range []string{"kubernetes.default.svc", "server", "lab.example", "198.18.0.11", "127.0.0.1", "10.43.0.1", "192.0.2.1"} {
		if _, err := serving.Verify(x509.VerifyOptions{Roots: roots, DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := serving.Verify(x509.VerifyOptions{Roots: roots, DNSName: "other.example"}); err == nil {
		t.Error("valid for a name it must not have")
	}
}

func TestKeysAreNotReadableByOthers(t *testing.T) {
	c := cluster(t.TempDir())
	if _, err := c.Make(); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(c.Paths.DataDir, func(path string, entry fs.DirEntry, err error) error {
		info, _ := entry.Info()
		secret := strings.HasSuffix(path, ".key") || strings.HasSuffix(path, ".kubeconfig")
		if secret && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestASecondStartChangesOnlyWhatMustChange(t *testing.T) {
	c := cluster(t.TempDir())
	first, err := c.Make()
	if err != nil {
		t.Fatal(err)
	}
	admin, serving := read(t, c.Paths.TLS("client-admin.crt")), read(t, c.Paths.TLS("serving-kube-apiserver.crt"))
	c.ExtraNames = append(c.ExtraNames, "new.example")
	second, err := c.Make()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Server.PEM, second.Server.PEM) || !bytes.Equal(first.Client.PEM, second.Client.PEM) {
		t.Error("an authority changed")
	}
	if !admin.Equal(read(t, c.Paths.TLS("client-admin.crt"))) {
		t.Error("the administrator's certificate changed")
	}
	if serving.Equal(read(t, c.Paths.TLS("serving-kube-apiserver.crt"))) {
		t.Error("the serving certificate lacks the new name")
	}
}

func TestAnotherServerTakesTheAuthoritiesOver(t *testing.T) {
	first, second := cluster(t.TempDir()), cluster(t.TempDir())
	made, err := first.Make()
	if err != nil {
		t.Fatal(err)
	}
	if HasShared(second.Paths) || !HasShared(first.Paths) {
		t.Error("which server has the files is told wrong")
	}
	shared, err := ReadShared(first.Paths)
	if err != nil {
		t.Fatal(err)
	}
	if err := shared.Write(second.Paths); err != nil {
		t.Fatal(err)
	}
	taken, err := second.Make()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made.Server.PEM, taken.Server.PEM) || !bytes.Equal(made.Client.PEM, taken.Client.PEM) {
		t.Error("the second server made authorities of its own")
	}
	delete(shared, "service.key")
	if err := shared.Write(second.Paths); err == nil || !strings.Contains(err.Error(), "service.key") {
		t.Errorf("got %v", err)
	}
}

func TestForeignCertificatesAreReplaced(t *testing.T) {
	c := cluster(t.TempDir())
	if _, err := c.Make(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"client-ca.crt", "client-ca.key"} {
		if err := os.Remove(c.Paths.TLS(file)); err != nil {
			t.Fatal(err)
		}
	}
	authorities, err := c.Make()
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authorities.Client.PEM)
	admin := read(t, c.Paths.TLS("client-admin.crt"))
	if _, err := admin.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: clientUsage}); err != nil {
		t.Error(err)
	}
	if admin.Subject.Organization[0] != "system:masters" {
		t.Errorf("subject %s", admin.Subject)
	}
}

func TestEmbeddedKubeconfigIsSelfContained(t *testing.T) {
	c := cluster(t.TempDir())
	authorities, err := c.Make()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(c.Paths.DataDir, "k3s.yaml")
	config := Kubeconfig{Server: c.APIServer, AuthorityPEM: authorities.Server.PEM, CertificatePath: c.Paths.TLS("client-admin"), Embed: true}
	if err := config.Write(path, 0o600); err != nil {
		t.Fatal(err)
	}
	content, _ := os.ReadFile(path)
	if text := string(content); strings.Contains(text, c.Paths.DataDir) || !strings.Contains(text, "client-key-data: LS0t") {
		t.Errorf("got %s", text)
	}
}
