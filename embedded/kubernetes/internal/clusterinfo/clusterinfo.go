// Package clusterinfo is how an agent learns the server's certificate authority: from a public object that is
// signed with the token they share, as kubeadm does it
// (https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/#configmap-signing).
package clusterinfo

import (
	"encoding/json"
	"errors"
	"fmt"

	"multicast-lab/embedded/kubernetes/internal/jointoken"

	"k8s.io/cluster-bootstrap/token/jws"
	"sigs.k8s.io/yaml"
)

const (
	// Name is the object's name, a ConfigMap in the namespace kube-public.
	Name = "cluster-info"

	kubeconfigKey   = "kubeconfig"
	signaturePrefix = "jws-kubeconfig-"
)

// ErrRefused means that server and agent do not share the token. Trying again cannot help.
var ErrRefused = errors.New("token refused")

// kubeconfig is the part of a kubeconfig that the object carries.
type kubeconfig struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Clusters   []cluster `json:"clusters"`
}

type cluster struct {
	Name    string  `json:"name"`
	Cluster address `json:"cluster"`
}

type address struct {
	Server    string `json:"server"`
	Authority []byte `json:"certificate-authority-data"`
}

// Seal makes the object's data.
func Seal(server string, authorityPEM []byte, token jointoken.Bootstrap) (map[string]string, error) {
	content, err := json.Marshal(kubeconfig{
		APIVersion: "v1", Kind: "Config", Clusters: []cluster{{Cluster: address{Server: server, Authority: authorityPEM}}},
	})
	if err != nil {
		return nil, err
	}
	signature, err := jws.ComputeDetachedSignature(string(content), token.ID, token.Secret)
	if err != nil {
		return nil, err
	}
	return map[string]string{kubeconfigKey: string(content), signaturePrefix + token.ID: signature}, nil
}

// Open returns the server's authority if the object's data is signed with the token, and pinned by it where the
// token pins one.
func Open(data map[string]string, token jointoken.Token, bootstrap jointoken.Bootstrap) ([]byte, error) {
	signature, content := data[signaturePrefix+bootstrap.ID], data[kubeconfigKey]
	if signature == "" || !jws.DetachedTokenIsValid(signature, content, bootstrap.ID, bootstrap.Secret) {
		return nil, fmt.Errorf("%w: the server does not know this agent's token; "+
			"compare the key token here with the server's, or with its file server/node-token", ErrRefused)
	}
	var parsed kubeconfig
	if err := yaml.Unmarshal([]byte(content), &parsed); err != nil {
		return nil, fmt.Errorf("%s: %w", Name, err)
	}
	if len(parsed.Clusters) != 1 {
		return nil, fmt.Errorf("%s names %d clusters, must be one", Name, len(parsed.Clusters))
	}
	authority := parsed.Clusters[0].Cluster.Authority
	if !token.Accepts(authority) {
		return nil, fmt.Errorf("%w: the token pins another CA than the server has; take the token from this server", ErrRefused)
	}
	return authority, nil
}
