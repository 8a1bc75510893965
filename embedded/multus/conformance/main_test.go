// Package conformance runs the programs as a node does: an API server, a pod's network namespace, real CNI plugins, and
// the rights that the Multus construct grants. Every case runs on ours and, where a bundle holds it, on upstream's Multus, and
// both must leave the same interfaces, addresses, routes and network-status behind.
//
// It needs root and LAB_KUBERNETES_BINARY, one executable that is etcd and kube-apiserver by the name it is called
// by; LAB_BUNDLE is a bundle directory with bin/multus and bin/thin_entrypoint. What is missing is skipped by name.
package conformance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	inNamespaces  = "MULTUS_CONFORMANCE_BIN"
	pluginsModule = "github.com/containernetworking/plugins/plugins/"
)

// TestMain gives the tests a machine of their own: network, processes, /run and /var/lib are private and end with it.
func TestMain(m *testing.M) {
	if os.Geteuid() != 0 || os.Getenv("LAB_KUBERNETES_BINARY") == "" {
		fmt.Println("SKIP conformance: needs root and LAB_KUBERNETES_BINARY (etcd and kube-apiserver in one executable)")
		return
	}
	if os.Getenv(inNamespaces) == "" {
		os.Exit(inOwnNamespaces())
	}
	if err := enter(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// inOwnNamespaces builds what is tested and starts this very program again in fresh namespaces.
func inOwnNamespaces() int {
	bin, err := os.MkdirTemp("", "multus-conformance")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(bin)
	build := exec.Command("go", "build", "-o", bin+"/", "../cmd/multus", "../cmd/thin_entrypoint",
		pluginsModule+"main/bridge", pluginsModule+"main/macvlan", pluginsModule+"ipam/host-local", pluginsModule+"ipam/static", pluginsModule+"meta/tuning")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Printf("build: %v\n%s", err, output)
		return 1
	}
	again := exec.Command(os.Args[0], os.Args[1:]...)
	again.Env = append(os.Environ(), inNamespaces+"="+bin)
	again.Stdout, again.Stderr = os.Stdout, os.Stderr
	// With a process namespace of its own nothing survives the tests, whatever ends them.
	again.SysProcAttr = &unix.SysProcAttr{Cloneflags: unix.CLONE_NEWNET | unix.CLONE_NEWNS | unix.CLONE_NEWPID, Pdeathsig: unix.SIGKILL}
	// The death signal is the starting thread's, not the process's (https://go.dev/issue/27505).
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := again.Run(); err != nil {
		return 1
	}
	return 0
}

func enter() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("own /proc: %w", err)
	}
	for _, directory := range []string{"/run", "/var/lib"} {
		if err := unix.Mount("tmpfs", directory, "tmpfs", 0, ""); err != nil {
			return fmt.Errorf("own %s: %w", directory, err)
		}
	}
	loopback, err := netlink.LinkByName("lo")
	if err != nil {
		return err
	}
	if err := netlink.LinkSetUp(loopback); err != nil {
		return err
	}
	// The node's data NIC, the macvlan master; its peer stands for the switch.
	nic := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "mut1"}, PeerName: "mut1-switch"}
	if err := netlink.LinkAdd(nic); err != nil {
		return err
	}
	return netlink.LinkSetUp(nic)
}

// implementation is one pair of programs under test.
type implementation struct{ name, multus, entrypoint string }

func implementations(t *testing.T) []implementation {
	t.Helper()
	bin := os.Getenv(inNamespaces)
	found := []implementation{{"ours", filepath.Join(bin, "multus"), filepath.Join(bin, "thin_entrypoint")}}
	bundle := os.Getenv("LAB_BUNDLE")
	real := implementation{"upstream", filepath.Join(bundle, "bin/multus"), filepath.Join(bundle, "bin/thin_entrypoint")}
	if _, err := os.Stat(real.multus); bundle == "" || err != nil {
		t.Log("SKIP comparison with upstream Multus: LAB_BUNDLE has no bin/multus")
		return found
	}
	return append(found, real)
}
