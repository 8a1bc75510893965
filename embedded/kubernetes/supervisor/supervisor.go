// Package supervisor starts what a node runs, in order and as early as each part can start, and ends it together.
package supervisor

import (
	"context"
	"fmt"
	"log"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"multicast-lab/embedded/kubernetes/internal/cni"
	"multicast-lab/embedded/kubernetes/internal/config"
	"multicast-lab/embedded/kubernetes/internal/layout"
	"multicast-lab/embedded/kubernetes/internal/process"

	"github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/sync/errgroup"
)

const stopGrace = 5 * time.Second

// node is one host's part in the cluster.
type node struct {
	*config.Config
	ips      []netip.Addr // the first one is of the cluster's primary family
	iface    string       // carries pod traffic between nodes
	mtu      int
	started  time.Time
	children *process.Group
}

// Run runs a node until it is told to end (SIGTERM, SIGINT) or one of its parts has ended.
func Run(settings *config.Config) error {
	log.SetFlags(0)
	log.SetPrefix("k3s: ")
	for _, note := range settings.Notes {
		log.Print(note)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	n, err := newNode(settings)
	if err != nil {
		return err
	}
	err = n.run(ctx)
	told := ctx.Err() != nil
	stop() // a second signal ends at once
	notify(daemon.SdNotifyStopping)
	if !told {
		log.Printf("stopping: %v", err)
	}
	n.shutDown()
	if told {
		log.Print("stopped")
		return nil
	}
	return err
}

func newNode(settings *config.Config) (*node, error) {
	n := &node{Config: settings, started: time.Now(), children: process.NewGroup()}
	return n, n.findAddress()
}

// cni depends on a setting that an agent has from its server.
func (n *node) cni() layout.CNI {
	if n.FlannelBackend == config.NoBackend {
		return layout.ForeignCNI()
	}
	return n.Paths.OwnCNI()
}

func (n *node) checkPlugins() error {
	if n.FlannelBackend == config.NoBackend {
		return nil
	}
	return cni.CheckPlugins(n.cni().BinDir)
}

// run returns the first fault of any part; a part that is done returns nil.
func (n *node) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		select {
		case err := <-n.children.Failed():
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	group.Go(func() error {
		if n.Role == config.Agent {
			return n.runAgent(ctx)
		}
		return n.runServer(ctx)
	})
	return group.Wait()
}

// shutDown ends the children; containers keep running under their shims, as with a K3s release.
func (n *node) shutDown() {
	n.children.Stop(stopGrace, "kube-apiserver", "etcd", "containerd")
	n.removeHostNetwork()
}

// start runs one of the upstream programs as a child.
func (n *node) start(name string, arguments ...string) error {
	arguments = append(arguments, fmt.Sprintf("--v=%d", n.LogLevel))
	return n.watch(process.Self(name, append(arguments, n.ExtraArgs[name]...), os.Stdout))
}

func (n *node) watch(p *process.Process, err error) error {
	if err == nil {
		n.children.Add(p)
	}
	return err
}

// reached logs a phase with the time it took since the start.
func (n *node) reached(what string) {
	log.Printf("%s after %.1fs", what, time.Since(n.started).Seconds())
}

func notify(state string) {
	if _, err := daemon.SdNotify(false, state); err != nil {
		log.Printf("cannot notify systemd: %v", err)
	}
}

// poll calls check until it succeeds, where the other side offers no event to wait for.
func poll(ctx context.Context, limit, interval time.Duration, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		err := check(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not within %v: %w", limit, err)
		case <-time.After(interval):
		}
	}
}
