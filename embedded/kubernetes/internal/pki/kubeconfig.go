package pki

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Kubeconfig is a client's way to an API server.
type Kubeconfig struct {
	Server       string
	AuthorityPEM []byte
	// Either a certificate and key at <CertificatePath>.crt and .key, or a bearer token.
	CertificatePath string
	BearerToken     string
	// Embed puts certificate and key into the file, which can then be copied to another machine.
	Embed bool
}

// Write writes the kubeconfig.
func (k Kubeconfig) Write(path string, mode fs.FileMode) error {
	user, err := k.user()
	if err != nil {
		return err
	}
	content := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
- name: default
  cluster:
    server: %q
    certificate-authority-data: %s
users:
- name: default
  user:
    %s
contexts:
- name: default
  context:
    cluster: default
    user: default
current-context: default
`, k.Server, base64.StdEncoding.EncodeToString(k.AuthorityPEM), strings.Join(user, "\n    "))
	return WriteFile(path, []byte(content), mode)
}

func (k Kubeconfig) user() ([]string, error) {
	if k.BearerToken != "" {
		return []string{fmt.Sprintf("token: %q", k.BearerToken)}, nil
	}
	certificate, key := k.CertificatePath+".crt", k.CertificatePath+".key"
	if !k.Embed {
		return []string{fmt.Sprintf("client-certificate: %q", certificate), fmt.Sprintf("client-key: %q", key)}, nil
	}
	var lines []string
	for _, part := range [][2]string{{"client-certificate-data", certificate}, {"client-key-data", key}} {
		content, err := os.ReadFile(part[1])
		if err != nil {
			return nil, err
		}
		lines = append(lines, part[0]+": "+base64.StdEncoding.EncodeToString(content))
	}
	return lines, nil
}
