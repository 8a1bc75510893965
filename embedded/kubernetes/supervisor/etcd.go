package supervisor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"go.etcd.io/etcd/api/v3/v3rpc/rpctypes"
	etcd "go.etcd.io/etcd/client/v3"
)

const (
	etcdClientPort = "2379"
	memberLimit    = 90 * time.Second // other servers that join at the same time come first
	memberInterval = 200 * time.Millisecond
	memberRequest  = 2 * time.Second // a member that is not up yet is asked again soon
)

// membership is what a member is started with: the members at that time, and whether it makes the cluster or joins it.
type membership struct{ cluster, state string }

// joinEtcd makes this server a member without a vote, which cannot take the others' majority away while it has not
// caught up (https://etcd.io/docs/v3.6/learning/design-learner/). A member that has data knows its cluster already.
func (n *node) joinEtcd(ctx context.Context) (membership, error) {
	self := n.NodeName + "=" + n.etcdPeerURL()
	if _, err := os.Stat(n.Paths.Server("db", "etcd", "member")); err == nil || n.ServerURL == "" {
		return membership{cluster: self, state: "new"}, nil
	}
	client, err := n.etcdClient(n.serverEtcdURL())
	if err != nil {
		return membership{}, err
	}
	defer client.Close()
	var members []string
	err = n.pollEtcd(ctx, "join", func(ctx context.Context) error {
		members, err = n.addLearner(ctx, client)
		return err
	})
	return membership{cluster: strings.Join(append(members, self), ","), state: "existing"}, err
}

// addLearner returns the other members. One with our address is what an earlier try left, or a host's that was set up
// anew: its data is gone.
func (n *node) addLearner(ctx context.Context, client *etcd.Client) ([]string, error) {
	list, err := client.MemberList(ctx)
	if err != nil {
		return nil, err
	}
	var others []string
	for _, member := range list.Members {
		if member.Name == n.NodeName || len(member.PeerURLs) > 0 && member.PeerURLs[0] == n.etcdPeerURL() {
			if _, err := client.MemberRemove(ctx, member.ID); err != nil {
				return nil, err
			}
			continue
		}
		if member.Name == "" {
			return nil, errors.New("another server is joining")
		}
		for _, peer := range member.PeerURLs {
			others = append(others, member.Name+"="+peer)
		}
	}
	_, err = client.MemberAddAsLearner(ctx, []string{n.etcdPeerURL()})
	return others, err
}

// becomeVoter gives this member its vote when it has caught up.
func (n *node) becomeVoter(ctx context.Context) error {
	if n.ServerURL == "" {
		return nil
	}
	own, err := n.etcdClient(etcdURL)
	if err != nil {
		return err
	}
	defer own.Close()
	return n.pollEtcd(ctx, "catch up", func(ctx context.Context) error {
		status, err := own.Status(ctx, etcdURL)
		if err != nil || !status.IsLearner {
			return err
		}
		server, err := n.etcdClient(n.serverEtcdURL())
		if err != nil {
			return err
		}
		defer server.Close()
		_, err = server.MemberPromote(ctx, status.Header.MemberId)
		return err
	})
}

// removeMember takes a node that was deleted out of the etcd cluster, as a K3s release does, so that it counts no more
// towards the majority. Every server tries; the first one does it.
func (n *node) removeMember(ctx context.Context, name string) {
	client, err := n.etcdClient(etcdURL)
	if err != nil {
		log.Printf("etcd: member %s: %v", name, err)
		return
	}
	defer client.Close()
	ctx, cancel := context.WithTimeout(ctx, memberRequest)
	defer cancel()
	list, err := client.MemberList(ctx)
	if err != nil {
		log.Printf("etcd: member %s: %v", name, err)
		return
	}
	for _, member := range list.Members {
		if member.Name != name {
			continue
		}
		_, err := client.MemberRemove(ctx, member.ID)
		if err != nil && !errors.Is(err, rpctypes.ErrMemberNotFound) {
			log.Printf("etcd: member %s: %v", name, err)
		}
	}
}

func (n *node) pollEtcd(ctx context.Context, what string, try func(context.Context) error) error {
	var last error
	err := poll(ctx, memberLimit, memberInterval, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, memberRequest)
		defer cancel()
		err := try(ctx)
		if err != nil && (last == nil || last.Error() != err.Error()) && !errors.Is(err, rpctypes.ErrMemberLearnerNotReady) {
			log.Printf("etcd: waiting to %s: %v", what, err)
		}
		last = err
		return err
	})
	if err != nil {
		return fmt.Errorf("etcd could not %s: %w", what, err)
	}
	return nil
}

func (n *node) serverEtcdURL() string {
	server, err := url.Parse(n.ServerURL)
	if err != nil {
		return "" // was checked when the settings were read
	}
	return "https://" + net.JoinHostPort(server.Hostname(), etcdClientPort)
}

func (n *node) etcdClient(endpoint string) (*etcd.Client, error) {
	certificate, err := tls.LoadX509KeyPair(n.Paths.TLS("etcd/client.crt"), n.Paths.TLS("etcd/client.key"))
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(n.Paths.TLS("etcd/server-ca.crt"))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	return etcd.New(etcd.Config{
		Endpoints: []string{endpoint}, DialTimeout: requestLimit,
		TLS: &tls.Config{Certificates: []tls.Certificate{certificate}, RootCAs: roots, MinVersion: tls.VersionTLS12},
	})
}
