package supervisor

import (
	"context"
	"fmt"
	"log"
	"time"

	"multicast-lab/embedded/kubernetes/internal/clusterinfo"
	"multicast-lab/embedded/kubernetes/internal/jointoken"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

const (
	serverLimit    = 2 * time.Minute // a server that starts at the same time
	serverInterval = 500 * time.Millisecond
	requestLimit   = 5 * time.Second
)

type discovered struct {
	authority []byte
	token     jointoken.Bootstrap
}

// discover asks the server for its CA and believes the answer only if it is signed with the token.
func discover(ctx context.Context, server string, token jointoken.Token) (found discovered, err error) {
	if found.token, err = token.Bootstrap(); err != nil {
		return found, err
	}
	var refused, last error
	err = poll(ctx, serverLimit, serverInterval, func(ctx context.Context) error {
		info, err := fetchClusterInfo(ctx, server)
		if err != nil {
			if last == nil || last.Error() != err.Error() {
				log.Printf("waiting for server %s: %v", server, err)
			}
			last = err
			return err
		}
		found.authority, refused = clusterinfo.Open(info.Data, token, found.token)
		return nil
	})
	switch {
	case err != nil:
		return found, fmt.Errorf("server %s did not answer: %w", server, err)
	case refused != nil:
		return found, fmt.Errorf("server %s: %w", server, refused)
	}
	return found, nil
}

// fetchClusterInfo cannot check the server's certificate yet. What it fetches is public and signed.
func fetchClusterInfo(ctx context.Context, server string) (*core.ConfigMap, error) {
	client, err := clientFor(&rest.Config{Host: server, Timeout: requestLimit, TLSClientConfig: rest.TLSClientConfig{Insecure: true}})
	if err != nil {
		return nil, err
	}
	return client.CoreV1().ConfigMaps(meta.NamespacePublic).Get(ctx, clusterinfo.Name, meta.GetOptions{})
}
