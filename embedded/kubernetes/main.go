// Command k3s keeps the contract of a K3s release (commands, configuration, files, units) on upstream Kubernetes
// and the host's own containerd, for labs on machines where no K3s release can be had.
//
// It is many programs in one file: called as, or with the first argument, kube-apiserver, kubelet and so on it
// is that program. `k3s server` and `k3s agent` start what a node runs and keep watch over it.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"

	"multicast-lab/embedded/kubernetes/components"
	"multicast-lab/embedded/kubernetes/internal/config"
	"multicast-lab/embedded/kubernetes/internal/layout"
	"multicast-lab/embedded/kubernetes/supervisor"

	"github.com/spf13/pflag"
	"k8s.io/component-base/version"
)

func main() {
	name := filepath.Base(os.Args[0])
	if components.Run(name, os.Args) {
		return
	}
	if len(os.Args) < 2 {
		fmt.Print(usage())
		os.Exit(1)
	}
	if err := command(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "k3s: %v\n", err)
		os.Exit(1)
	}
}

func command(name string, arguments []string) error {
	switch name {
	case "server", "agent":
		return node(config.Role(name), arguments)
	case "kubectl":
		if os.Getenv("KUBECONFIG") == "" {
			os.Setenv("KUBECONFIG", layout.Kubeconfig)
		}
		components.Run(name, append([]string{name}, arguments...))
		return nil
	case "ctr":
		return ctr(arguments)
	case "--version", "-v", "version":
		fmt.Printf("k3s version %s (upstream Kubernetes)\ngo version %s\n", version.Get().GitVersion, runtime.Version())
		return nil
	case "--help", "-h", "help":
		fmt.Print(usage())
		return nil
	}
	if components.Run(name, append([]string{name}, arguments...)) {
		return nil
	}
	return fmt.Errorf("unknown command %q; see k3s --help", name)
}

func node(role config.Role, arguments []string) error {
	settings, err := config.Load(role, arguments)
	if errors.Is(err, pflag.ErrHelp) {
		fmt.Printf("Usage: k3s %s [flags]\n\n%s", role, config.Usage(role, layout.ConfigFile))
		return nil
	}
	if err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("%s must run as root", role)
	}
	return supervisor.Run(settings)
}

// ctr becomes containerd's own client, on our containerd.
func ctr(arguments []string) error {
	path, err := exec.LookPath("ctr")
	if err != nil {
		return fmt.Errorf("ctr comes with the host's containerd package: %w", err)
	}
	before := []string{"ctr", "--address", layout.ContainerdSocket, "--namespace", "k8s.io"}
	return syscall.Exec(path, append(before, arguments...), os.Environ())
}

func usage() string {
	return `Usage: k3s COMMAND [ARGUMENTS]

Commands:
  server    run the control plane and a node
  agent     run a node
  kubectl   the Kubernetes client
  ctr       containerd's client
  version   print the version (also --version)

Also, each by its upstream name: ` + components.Names() + `
`
}
