package entrypoint

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

func apiServerFromEnvironment() string {
	host, port := os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")
	if host == "" || port == "" {
		return ""
	}
	protocol := os.Getenv("KUBERNETES_SERVICE_PROTOCOL")
	if protocol == "" {
		protocol = "https"
	}
	return protocol + "://" + net.JoinHostPort(host, port)
}

// writeKubeconfig hands the pod's service account to the plugin, which runs outside of any pod. The token is short-lived
// and bound to this pod: it ends with it.
func (o *Options) writeKubeconfig() error {
	authority, err := os.ReadFile(filepath.Join(o.serviceAccountDir, "ca.crt"))
	if err != nil {
		return fmt.Errorf("service account: %w", err)
	}
	token, err := os.ReadFile(filepath.Join(o.serviceAccountDir, "token"))
	if err != nil {
		return fmt.Errorf("service account: %w", err)
	}
	content, err := clientcmd.Write(clientcmdapi.Config{
		Clusters:       map[string]*clientcmdapi.Cluster{"local": {Server: o.apiServer, CertificateAuthorityData: authority}},
		AuthInfos:      map[string]*clientcmdapi.AuthInfo{"multus": {Token: strings.TrimSpace(string(token))}},
		Contexts:       map[string]*clientcmdapi.Context{"multus-context": {Cluster: "local", AuthInfo: "multus"}},
		CurrentContext: "multus-context",
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.kubeconfigDir(), 0o755); err != nil {
		return err
	}
	return replaceFile(filepath.Join(o.kubeconfigDir(), "multus.kubeconfig"), content, 0o600)
}

func (o *Options) kubeconfigDir() string { return filepath.Join(o.CNIConfDir, "multus.d") }
