package supervisor

import (
	"context"
	"encoding/json"
	"fmt"

	"multicast-lab/embedded/kubernetes/internal/jointoken"
	"multicast-lab/embedded/kubernetes/internal/pki"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

const (
	credentialsName = "k3s-embedded-servers"
	credentialsKey  = "sealed"
)

// credentials are what a server must have to be one of a cluster. They lie in the cluster itself, sealed with the
// token, as a K3s release keeps them in its datastore (https://docs.k3s.io/cli/token#server).
type credentials struct {
	Files    pki.Shared
	Settings networkSettings
}

// publishCredentials lets other servers join this one's cluster.
func (s seeder) publishCredentials(ctx context.Context) error {
	if s.sealed == nil {
		return nil
	}
	secrets := s.client.CoreV1().Secrets(meta.NamespaceSystem)
	return ensure(ctx, secrets.Create, secrets.Update, &core.Secret{
		ObjectMeta: meta.ObjectMeta{Name: credentialsName}, Data: map[string][]byte{credentialsKey: s.sealed},
	})
}

// sealCredentials is nil on a server whose cluster nobody can join.
func (n *node) sealCredentials(token jointoken.Token) ([]byte, error) {
	if !n.Clustered() {
		return nil, nil
	}
	files, err := pki.ReadShared(n.Paths)
	if err != nil {
		return nil, err
	}
	content, err := json.Marshal(credentials{Files: files, Settings: n.networkSettings()})
	if err != nil {
		return nil, err
	}
	return token.Seal(content)
}

// takeCredentials makes this host a server of an existing cluster. One that was so before needs nobody for it.
func (n *node) takeCredentials(ctx context.Context) error {
	if n.ServerURL == "" || pki.HasShared(n.Paths) {
		return nil
	}
	token, err := jointoken.Parse(n.Token)
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	found, err := discover(ctx, n.ServerURL, token)
	if err != nil {
		return err
	}
	client, err := clientFor(&rest.Config{
		Host: n.ServerURL, BearerToken: found.token.String(), TLSClientConfig: rest.TLSClientConfig{CAData: found.authority},
	})
	if err != nil {
		return err
	}
	secret, err := client.CoreV1().Secrets(meta.NamespaceSystem).Get(ctx, credentialsName, meta.GetOptions{})
	if errors.IsForbidden(err) || errors.IsNotFound(err) {
		return fmt.Errorf("server %s was started without cluster-init, so no other server can join it", n.ServerURL)
	}
	if err != nil {
		return err
	}
	return n.openCredentials(secret.Data[credentialsKey], token)
}

func (n *node) openCredentials(sealed []byte, token jointoken.Token) error {
	content, err := token.Open(sealed)
	if err != nil {
		return fmt.Errorf("credentials of server %s: %w", n.ServerURL, err)
	}
	var found credentials
	if err := json.Unmarshal(content, &found); err != nil {
		return err
	}
	theirs, _ := json.Marshal(found.Settings)
	ours, _ := json.Marshal(n.networkSettings())
	if string(theirs) != string(ours) {
		return fmt.Errorf("settings that all servers must have alike differ from those of %s: %s there, %s here", n.ServerURL, theirs, ours)
	}
	if err := found.Files.Write(n.Paths); err != nil {
		return err
	}
	n.reached("credentials of the cluster taken from " + n.ServerURL)
	return nil
}
