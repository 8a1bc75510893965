package supervisor

import (
	"context"
	"os"
	"strings"

	"multicast-lab/embedded/kubernetes/internal/config"
	"multicast-lab/embedded/kubernetes/internal/layout"
	"multicast-lab/embedded/kubernetes/internal/pki"

	"github.com/coreos/go-systemd/v22/daemon"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	kubelet "k8s.io/kubelet/config/v1beta1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/yaml"
)

func (n *node) kubeletKubeconfig() string   { return n.Paths.Agent("kubelet.kubeconfig") }
func (n *node) kubeletCertificates() string { return n.Paths.Agent("pki") }

// runNode starts what every node runs, and returns with the first fault.
func (n *node) runNode(ctx context.Context, client kubernetes.Interface) error {
	if err := n.prepareKernel(); err != nil {
		return err
	}
	settings, err := yaml.Marshal(n.kubeletConfiguration())
	if err != nil {
		return err
	}
	file := n.Paths.Agent("etc/kubelet.yaml")
	if err := pki.WriteFile(file, settings, 0o600); err != nil {
		return err
	}
	if err := n.start("kubelet", n.kubeletArgs(file)...); err != nil {
		return err
	}
	if !n.NoKubeProxy {
		if err := n.start("kube-proxy", n.proxyArgs()...); err != nil {
			return err
		}
	}
	if n.Role == config.Agent {
		notify(daemon.SdNotifyReady)
	}
	return n.runNodeWatch(ctx, client)
}

func (n *node) kubeletArgs(configuration string) []string {
	arguments := []string{
		"--config=" + configuration,
		"--kubeconfig=" + n.kubeletKubeconfig(),
		"--cert-dir=" + n.kubeletCertificates(),
		"--hostname-override=" + n.NodeName,
		"--node-ip=" + joined(n.ips),
	}
	if len(n.NodeLabels) > 0 {
		arguments = append(arguments, "--node-labels="+strings.Join(n.NodeLabels, ","))
	}
	if len(n.NodeTaints) > 0 {
		arguments = append(arguments, "--register-with-taints="+strings.Join(n.NodeTaints, ","))
	}
	return arguments
}

func (n *node) kubeletConfiguration() *kubelet.KubeletConfiguration {
	c := &kubelet.KubeletConfiguration{
		TypeMeta:                 meta.TypeMeta{APIVersion: kubelet.SchemeGroupVersion.String(), Kind: "KubeletConfiguration"},
		ContainerRuntimeEndpoint: "unix://" + layout.ContainerdSocket,
		CgroupDriver:             "cgroupfs",
		FailSwapOn:               ptr.To(false),
		FailCgroupV1:             ptr.To(false),
		// A host without CAP_SYS_RESOURCE cannot lower a score; 0 changes nothing.
		OOMScoreAdj:           ptr.To[int32](0),
		SerializeImagePulls:   ptr.To(false),
		ResolverConfig:        resolverConfig(),
		VolumePluginDir:       n.Paths.Agent("libexec/kubernetes/kubelet-plugins/volume/exec"),
		HealthzBindAddress:    "127.0.0.1",
		ShutdownGracePeriod:   meta.Duration{},
		NodeStatusMaxImages:   ptr.To[int32](50),
		EventRecordQPS:        ptr.To[int32](50),
		RegisterNode:          ptr.To(true),
		StaticPodPath:         "",
		ProtectKernelDefaults: false,
		// Images come from archives. One that is removed for space could not be pulled again.
		ImageGCHighThresholdPercent: ptr.To[int32](100),
		ImageGCLowThresholdPercent:  ptr.To[int32](99),
		EvictionHard:                map[string]string{"imagefs.available": "1%", "nodefs.available": "1%", "memory.available": "50Mi"},
	}
	if unified() {
		c.CgroupDriver = "systemd" // with cgroup v2 two managers of one tree do not go together
	}
	c.Authentication.X509.ClientCAFile = n.Paths.Agent("client-ca.crt")
	c.Authentication.Anonymous.Enabled = ptr.To(false)
	c.Authentication.Webhook.Enabled = ptr.To(true)
	c.Authorization.Mode = kubelet.KubeletAuthorizationModeWebhook
	c.ClusterDNS, c.ClusterDomain = strings.Split(joined(n.ClusterDNS), ","), n.ClusterDomain
	if n.Role == config.Server {
		c.TLSCertFile, c.TLSPrivateKeyFile = n.Paths.Agent("serving-kubelet.crt"), n.Paths.Agent("serving-kubelet.key")
	} else {
		c.RotateCertificates = true
		c.ServerTLSBootstrap = true
	}
	return c
}

// resolverConfig is the host's resolv.conf, or none where there is none: the kubelet refuses a missing file.
func resolverConfig() *string {
	const file = "/etc/resolv.conf"
	if _, err := os.Stat(file); err != nil {
		return ptr.To("")
	}
	return ptr.To(file)
}

func (n *node) proxyArgs() []string {
	return []string{
		"--kubeconfig=" + n.kubeletKubeconfig(),
		"--hostname-override=" + n.NodeName,
		"--proxy-mode=iptables",
		"--detect-local-mode=NodeCIDR",
		"--iptables-min-sync-period=100ms",                // a new service is usable sooner; a lab's rule set is small
		"--conntrack-max-per-core=0", "--conntrack-min=0", // the limits belong to the machine
		"--conntrack-tcp-timeout-established=0s", "--conntrack-tcp-timeout-close-wait=0s",
		"--oom-score-adj=0",
		"--healthz-bind-address=127.0.0.1",
		"--metrics-bind-address=127.0.0.1",
	}
}
