package supervisor

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// joined is a list as the components' flags take it.
func joined[T fmt.Stringer](values []T) string {
	texts := make([]string, 0, len(values))
	for _, value := range values {
		texts = append(texts, value.String())
	}
	return strings.Join(texts, ",")
}

// etcdArgs: the members as this one first saw them; etcd itself keeps what they are later. Only where servers can join
// do clients come from other hosts. Data is not forced to disk: a lab's host that loses power is rebuilt, and a start
// is seconds faster without.
func (n *node) etcdArgs(members membership) []string {
	client := etcdURL
	if n.Clustered() {
		client += "," + n.etcdClientURL()
	}
	return []string{
		"--name=" + n.NodeName,
		"--data-dir=" + n.Paths.Server("db", "etcd"),
		"--listen-client-urls=" + client,
		"--advertise-client-urls=" + client,
		"--listen-peer-urls=" + n.etcdPeerURL(),
		"--initial-advertise-peer-urls=" + n.etcdPeerURL(),
		"--initial-cluster=" + members.cluster,
		"--initial-cluster-state=" + members.state,
		"--client-cert-auth",
		"--trusted-ca-file=" + n.Paths.TLS("etcd/server-ca.crt"),
		"--cert-file=" + n.Paths.TLS("etcd/server-client.crt"),
		"--key-file=" + n.Paths.TLS("etcd/server-client.key"),
		"--peer-client-cert-auth",
		"--peer-trusted-ca-file=" + n.Paths.TLS("etcd/peer-ca.crt"),
		"--peer-cert-file=" + n.Paths.TLS("etcd/peer-server-client.crt"),
		"--peer-key-file=" + n.Paths.TLS("etcd/peer-server-client.key"),
		"--unsafe-no-fsync",
		"--log-level=" + map[bool]string{true: "debug", false: "warn"}[n.LogLevel >= 4],
	}
}

const etcdURL = "https://127.0.0.1:2379"

func (n *node) etcdClientURL() string {
	return "https://" + net.JoinHostPort(n.ips[0].String(), etcdClientPort)
}

func (n *node) etcdPeerURL() string { return "https://" + net.JoinHostPort(n.ips[0].String(), "2380") }

func (n *node) apiServerArgs() []string {
	advertise := n.ips[0]
	if n.AdvertiseAddress.IsValid() {
		advertise = n.AdvertiseAddress
	}
	return []string{
		"--advertise-address=" + advertise.String(),
		"--bind-address=" + n.BindAddress,
		"--secure-port=" + strconv.Itoa(n.Port),
		"--allow-privileged=true",
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--enable-bootstrap-token-auth",
		"--profiling=false",
		"--client-ca-file=" + n.Paths.TLS("client-ca.crt"),
		"--tls-cert-file=" + n.Paths.TLS("serving-kube-apiserver.crt"),
		"--tls-private-key-file=" + n.Paths.TLS("serving-kube-apiserver.key"),
		"--etcd-servers=" + etcdURL,
		"--etcd-cafile=" + n.Paths.TLS("etcd/server-ca.crt"),
		"--etcd-certfile=" + n.Paths.TLS("etcd/client.crt"),
		"--etcd-keyfile=" + n.Paths.TLS("etcd/client.key"),
		"--kubelet-client-certificate=" + n.Paths.TLS("client-kube-apiserver.crt"),
		"--kubelet-client-key=" + n.Paths.TLS("client-kube-apiserver.key"),
		"--kubelet-certificate-authority=" + n.Paths.TLS("server-ca.crt"),
		"--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
		"--requestheader-client-ca-file=" + n.Paths.TLS("request-header-ca.crt"),
		"--requestheader-allowed-names=system:auth-proxy",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--requestheader-group-headers=X-Remote-Group",
		"--requestheader-username-headers=X-Remote-User",
		"--proxy-client-cert-file=" + n.Paths.TLS("client-auth-proxy.crt"),
		"--proxy-client-key-file=" + n.Paths.TLS("client-auth-proxy.key"),
		"--service-account-issuer=https://kubernetes.default.svc." + n.ClusterDomain,
		"--service-account-key-file=" + n.Paths.TLS("service.pub"),
		"--service-account-signing-key-file=" + n.Paths.TLS("service.key"),
		"--service-cluster-ip-range=" + joined(n.ServiceCIDRs),
		"--service-node-port-range=" + n.NodePortRange,
	}
}

func (n *node) controllerArgs() []string {
	return append(n.controlPlaneClient("controller"),
		"--allocate-node-cidrs=true",
		"--cluster-cidr="+joined(n.ClusterCIDRs),
		"--service-cluster-ip-range="+joined(n.ServiceCIDRs),
		"--use-service-account-credentials=true",
		"--service-account-private-key-file="+n.Paths.TLS("service.key"),
		"--root-ca-file="+n.Paths.TLS("server-ca.crt"),
		"--cluster-signing-kube-apiserver-client-cert-file="+n.Paths.TLS("client-ca.crt"),
		"--cluster-signing-kube-apiserver-client-key-file="+n.Paths.TLS("client-ca.key"),
		"--cluster-signing-kubelet-client-cert-file="+n.Paths.TLS("client-ca.crt"),
		"--cluster-signing-kubelet-client-key-file="+n.Paths.TLS("client-ca.key"),
		"--cluster-signing-kubelet-serving-cert-file="+n.Paths.TLS("server-ca.crt"),
		"--cluster-signing-kubelet-serving-key-file="+n.Paths.TLS("server-ca.key"),
		"--cluster-signing-legacy-unknown-cert-file="+n.Paths.TLS("server-ca.crt"),
		"--cluster-signing-legacy-unknown-key-file="+n.Paths.TLS("server-ca.key"),
		// Each controller asks for credentials of its own at the start: the standard 20 requests a second are seconds of waiting.
		"--kube-api-qps=300", "--kube-api-burst=300",
	)
}

func (n *node) schedulerArgs() []string {
	return append(n.controlPlaneClient("scheduler"), "--kube-api-qps=300", "--kube-api-burst=300")
}

// controlPlaneClient: a server alone has nobody to elect a leader against, and metrics are for this host.
func (n *node) controlPlaneClient(name string) []string {
	return []string{
		fmt.Sprintf("--kubeconfig=%s", n.Paths.Credential(name+".kubeconfig")),
		fmt.Sprintf("--leader-elect=%t", n.Clustered()),
		"--bind-address=127.0.0.1",
		"--profiling=false",
	}
}
