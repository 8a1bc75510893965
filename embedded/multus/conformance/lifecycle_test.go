package conformance

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestNode runs on one cluster; the last part takes its API server away.
func TestNode(t *testing.T) {
	c := startCluster(t)
	c.prepare(t)
	for _, part := range []struct {
		name string
		run  func(*testing.T, *cluster)
	}{
		{"installation", installation},
		{"failed installation leaves no configuration", failedInstallationLeavesNoConfiguration},
		{"each annotation", eachAnnotation},
		{"replaced pod is refused", replacedPodIsRefused},
		{"without API server", withoutAPIServer},
	} {
		t.Run(part.name, func(t *testing.T) { part.run(t, c) })
	}
}

// installation: what an entrypoint writes, follows and takes away. Upstream's is held to the same, but for the credentials' directory.
func installation(t *testing.T, c *cluster) {
	var written []object
	for _, which := range implementations(t) {
		t.Run(which.name, func(t *testing.T) {
			n := install(t, c, which, "1.0.0")
			written = append(written, readConfig(t, n))
			assertMode(t, filepath.Join(n.confDir(), "multus.d/multus.kubeconfig"), 0o600)
			assertMode(t, n.configFile, 0o600)
			assertMode(t, filepath.Join(n.binDir(), "multus"), 0o755)

			followsChanges(t, c, n)

			must(t, n.entrypoint.Process.Signal(unix.SIGTERM))
			must(t, n.entrypoint.Wait())
			assertGone(t, n.configFile)
			if which.name == "ours" {
				assertGone(t, filepath.Join(n.confDir(), "multus.d"))
			}
			if _, err := os.Stat(filepath.Join(n.confDir(), "10-bridge.conflist")); err != nil {
				t.Errorf("the cluster's own configuration: %v", err)
			}
		})
	}
	if len(written) == 2 && !reflect.DeepEqual(written[0], written[1]) {
		t.Errorf("configurations differ\nours: %v\nupstream: %v", written[0], written[1])
	}
}

// followsChanges gives the entrypoint a new token and a new cluster network.
func followsChanges(t *testing.T, c *cluster, n *node) {
	token := c.token(t)
	const file = "/run/secrets/kubernetes.io/serviceaccount/token"
	must(t, os.WriteFile(file+".new", []byte(token), 0o600))
	must(t, os.Rename(file+".new", file))
	changed := strings.Replace(string(clusterNetwork("1.0.0")), "mutbr", "mutbr2", 1)
	must(t, os.WriteFile(filepath.Join(n.confDir(), "10-bridge.conflist"), []byte(changed), 0o644))
	eventually(t, "new token and network", func() error {
		kubeconfig, err := os.ReadFile(filepath.Join(n.confDir(), "multus.d/multus.kubeconfig"))
		if err != nil {
			return err
		}
		config, err := os.ReadFile(n.configFile)
		if err != nil {
			return err
		}
		if !strings.Contains(string(kubeconfig), token) || !strings.Contains(string(config), "mutbr2") {
			return errors.New("still the old ones")
		}
		return nil
	})
}

func failedInstallationLeavesNoConfiguration(t *testing.T, c *cluster) {
	n := install(t, c, implementations(t)[0], "1.0.0")
	must(t, n.entrypoint.Process.Signal(unix.SIGTERM))
	must(t, n.entrypoint.Wait())
	must(t, os.Remove(filepath.Join(n.confDir(), "10-bridge.conflist")))

	n.start(t)
	if err := n.entrypoint.Wait(); err == nil || n.entrypoint.ProcessState.ExitCode() != 1 {
		t.Errorf("ended with %v", err)
	}
	if !strings.Contains(n.log.String(), "no CNI configuration of the cluster's own network") {
		t.Errorf("said: %s", n.log.String())
	}
	assertGone(t, n.configFile)
}

// withoutAPIServer: a pod is checked, and goes away completely, when nobody can be asked about it.
func withoutAPIServer(t *testing.T, c *cluster) {
	n := install(t, c, implementations(t)[0], "1.0.0")
	must(t, os.RemoveAll("/var/lib/cni"))
	box := newSandbox(t, n, "orphan", c.pod(t, "orphan", "v6,layer2"))
	_, err := box.call("ADD")
	must(t, err)
	must(t, c.server.Process.Kill())

	if _, err := box.call("CHECK"); err != nil {
		t.Errorf("CHECK: %v", err)
	}
	ip(t, "-n", box.id, "addr", "del", "10.20.6.5/24", "dev", "net1")
	if _, err := box.call("CHECK"); err == nil || !strings.Contains(err.Error(), "network media/v6, interface net1") {
		t.Errorf("CHECK of a pod whose address is gone: %v", err)
	}
	ip(t, "netns", "del", box.id)
	if _, err := box.call("DEL"); err != nil {
		t.Errorf("DEL without API server and network namespace: %v", err)
	}
	assertNoState(t)
	if _, err := newSandbox(t, n, "late", "1").call("ADD"); err == nil || !strings.Contains(err.Error(), "pod media/late") {
		t.Errorf("ADD without API server: %v", err)
	}
}

func replacedPodIsRefused(t *testing.T, c *cluster) {
	n := install(t, c, implementations(t)[0], "1.0.0")
	c.pod(t, "twice", "plane")
	if _, err := newSandbox(t, n, "twice", "an-older-uid").call("ADD"); err == nil || !strings.Contains(err.Error(), "the pod was replaced") {
		t.Errorf("ADD for another UID: %v", err)
	}
}

func readConfig(t *testing.T, n *node) object {
	content, err := os.ReadFile(n.configFile)
	must(t, err)
	config := object{}
	must(t, json.Unmarshal([]byte(strings.ReplaceAll(string(content), n.dir, "DIR")), &config))
	return config
}

func assertMode(t *testing.T, path string, mode fs.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != mode {
		t.Errorf("%s has mode %o instead of %o", path, info.Mode().Perm(), mode)
	}
}

func assertGone(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there (%v)", path, err)
	}
}
