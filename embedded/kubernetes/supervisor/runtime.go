package supervisor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"multicast-lab/embedded/kubernetes/internal/layout"
	"multicast-lab/embedded/kubernetes/internal/pauseimage"
	"multicast-lab/embedded/kubernetes/internal/pki"
	"multicast-lab/embedded/kubernetes/internal/process"
	"multicast-lab/embedded/kubernetes/internal/registries"
)

const runtimeLimit = 60 * time.Second

// unified reports whether the host has cgroup v2 alone.
func unified() bool {
	_, err := os.Stat("/sys/fs/cgroup/cgroup.controllers")
	return err == nil
}

// startRuntime returns when containerd serves and all image archives are imported.
func (n *node) startRuntime(ctx context.Context, directories layout.CNI) error {
	if err := n.startContainerd(ctx, directories); err != nil {
		return err
	}
	if err := n.importImages(ctx); err != nil {
		return fmt.Errorf("images: %w", err)
	}
	n.reached("images imported")
	return nil
}

// moveRuntime starts containerd again on other directories: an agent that learns of another default network than it
// had begun with.
func (n *node) moveRuntime(ctx context.Context, directories layout.CNI) error {
	n.children.End("containerd", stopGrace)
	return n.startContainerd(ctx, directories)
}

func (n *node) startContainerd(ctx context.Context, directories layout.CNI) error {
	path, err := exec.LookPath("containerd")
	if err != nil {
		return fmt.Errorf("this build of k3s uses the host's containerd (Debian: apt-get install containerd): %w", err)
	}
	credentials, err := n.writeRegistries()
	if err != nil {
		return err
	}
	file := n.Paths.Agent("etc/containerd/config.toml")
	if err := pki.WriteFile(file, []byte(n.containerdConfig(directories)+credentials), 0o600); err != nil {
		return err
	}
	for _, directory := range []string{directories.ConfigDir, layout.ContainerdState} {
		if err := os.MkdirAll(directory, 0o755); err != nil {
			return err
		}
	}
	cmd := exec.Command(path, "--config", file)
	if err := n.watch(process.Start("containerd", cmd, os.Stdout)); err != nil {
		return err
	}
	err = poll(ctx, runtimeLimit, 20*time.Millisecond, func(context.Context) error {
		connection, err := net.Dial("unix", layout.ContainerdSocket)
		if err == nil {
			err = connection.Close()
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("containerd: %w", err)
	}
	n.reached("containerd ready")
	return nil
}

// registryDirectory is where containerd looks for the way to each registry.
func (n *node) registryDirectory() string { return n.Paths.Agent("etc/containerd/certs.d") }

// writeRegistries returns what containerd's own configuration must say of them.
func (n *node) writeRegistries() (string, error) {
	found, err := registries.Read(n.Registries)
	if err != nil {
		return "", err
	}
	if err := os.RemoveAll(n.registryDirectory()); err != nil {
		return "", err
	}
	for name, content := range found.HostFiles() {
		if err := pki.WriteFile(filepath.Join(n.registryDirectory(), name, "hosts.toml"), []byte(content), 0o600); err != nil {
			return "", err
		}
	}
	return found.Credentials(), nil
}

// containerdConfig is for containerd 1.6 and later. The file-system snapshotters that are not used would only
// slow the start, and a machine without CAP_SYS_RESOURCE cannot lower a process' OOM score.
func (n *node) containerdConfig(directories layout.CNI) string {
	pause := n.PauseImage
	if pause == "" {
		pause = pauseimage.Name
	}
	quote := strconv.Quote
	return fmt.Sprintf(`version = 2
root = %s
state = %s
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.internal.v1.opt"]

[grpc]
  address = %s

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = %s
  restrict_oom_score_adj = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = %s
  conf_dir = %s

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = %s

[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = %s
  default_runtime_name = "runc"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = %t
`, quote(n.containerdRoot()), quote(layout.ContainerdState), quote(layout.ContainerdSocket), quote(pause),
		quote(directories.BinDir), quote(directories.ConfigDir), quote(n.registryDirectory()), quote(n.Snapshotter), unified())
}

func (n *node) containerdRoot() string { return n.Paths.Agent("containerd") }

// runTool runs a short-lived program of the host; its output is the error's text if it fails.
func runTool(cmd *exec.Cmd) error {
	output, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return err
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, output)
	}
	return nil
}
