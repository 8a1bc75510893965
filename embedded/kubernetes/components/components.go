// Package components holds the upstream programs that this executable can be.
package components

import (
	"context"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

var commands = []struct {
	name string
	make func() *cobra.Command
}{
	{"kube-apiserver", apiserver.NewAPIServerCommand},
	{"kube-controller-manager", controllers.NewControllerManagerCommand},
	{"kube-scheduler", func() *cobra.Command { return scheduler.NewSchedulerCommand() }},
	{"kubelet", func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) }},
	{"kube-proxy", proxy.NewProxyCommand},
	{"kubectl", kubectl.NewDefaultKubectlCommand},
}

// Names lists the programs.
func Names() string {
	names := []string{"etcd"}
	for _, c := range commands {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

// Run becomes the named program, whose arguments start with its name, and exits with its exit code. It returns
// false for a name that is none of them.
func Run(name string, arguments []string) bool {
	os.Args, arguments = arguments, os.Args // the programs read os.Args themselves
	if name == "etcd" {
		etcdmain.Main(os.Args)
		os.Exit(0)
	}
	for _, c := range commands {
		if c.name == name {
			os.Exit(cli.Run(c.make()))
		}
	}
	os.Args = arguments
	return false
}
