package servingcert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"testing"
)

func request(t *testing.T, name string, dns []string, ips ...string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.CertificateRequest{Subject: pkix.Name{CommonName: name, Organization: []string{"system:nodes"}}, DNSNames: dns}
	for _, ip := range ips {
		template.IPAddresses = append(template.IPAddresses, net.ParseIP(ip))
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

var addresses = []string{"198.18.0.12", "agent.example"}

func TestOwnNamesAreAllowed(t *testing.T) {
	own := request(t, "system:node:agent", []string{"agent", "agent.example"}, "198.18.0.12")
	if err := Check(own, "agent", addresses); err != nil {
		t.Error(err)
	}
}

func TestOtherRequestsAreRefused(t *testing.T) {
	for name, content := range map[string][]byte{
		"another's address": request(t, "system:node:agent", nil, "198.18.0.11"),
		"another's name":    request(t, "system:node:agent", []string{"server"}),
		"another node":      request(t, "system:node:server", []string{"agent"}),
		"not PEM":           []byte("request"),
		"not a request":     pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: []byte{1}}),
	} {
		if Check(content, "agent", addresses) == nil {
			t.Errorf("%s was allowed", name)
		}
	}
}

func TestOnlyNodesAsk(t *testing.T) {
	if name, err := NodeOf("system:node:agent"); err != nil || name != "agent" {
		t.Errorf("got %q, %v", name, err)
	}
	for _, user := range []string{"system:admin", "system:node:", "agent"} {
		if name, err := NodeOf(user); err == nil {
			t.Errorf("%q passed as node %q", user, name)
		}
	}
}
