# Reads `sysctl PATH:VALUE` lines of the baseline and then of now, and prints "PATH:VALUE" as it was for each setting that has changed
# and still has the value that K3s gives it. Sources:
# https://github.com/k3s-io/k3s/blob/v1.36.2%2Bk3s1/pkg/agent/syssetup/setup.go (forwarding, bridge, connection tracking)
# https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/kubelet/cm/container_manager_linux.go (vm, kernel)
# https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/proxy/iptables/proxier.go and ipvs/proxier.go (route_localnet, arp, vs)
BEGIN {
  # kube-proxy: 32768 for each CPU, at least 131072.
  most = cpus * 32768 > 131072 ? cpus * 32768 : 131072
  given["net/ipv4/ip_forward"] = given["net/ipv4/conf/*/forwarding"] = given["net/ipv6/conf/*/forwarding"] = 1
  given["net/core/devconf_inherit_init_net"] = 1
  given["net/bridge/bridge-nf-call-iptables"] = given["net/bridge/bridge-nf-call-ip6tables"] = 1
  given["net/ipv4/conf/all/route_localnet"] = 1
  given["net/ipv4/conf/all/arp_ignore"] = 1
  given["net/ipv4/conf/all/arp_announce"] = 2
  given["net/ipv4/vs/conntrack"] = given["net/ipv4/vs/expire_nodest_conn"] = given["net/ipv4/vs/expire_quiescent_template"] = 1
  given["net/ipv4/vs/conn_reuse_mode"] = 0
  given["net/netfilter/nf_conntrack_max"] = given["net/nf_conntrack_max"] = most
  given["net/netfilter/nf_conntrack_buckets"] = most / 4
  given["net/netfilter/nf_conntrack_tcp_timeout_established"] = 86400
  given["net/netfilter/nf_conntrack_tcp_timeout_close_wait"] = 3600
  given["vm/overcommit_memory"] = given["kernel/panic_on_oops"] = 1
  given["vm/panic_on_oom"] = 0
  given["kernel/panic"] = 10
  given["kernel/keys/root_maxkeys"] = 1000000
  given["kernel/keys/root_maxbytes"] = 25000000
}
$1 == "configured" { wanted[substr($0, 12)] = 1 }
$1 != "sysctl" { next }
{
  line = substr($0, 8)
  at = index(line, ":")
  path = substr(line, 1, at - 1)
  text = substr(line, at + 1)
}
FNR == NR { was[path] = text; next }
path in was && was[path] != text {
  key = substr(path, 11)
  if (key ~ /^net\/ipv[46]\/conf\/[^\/]*\/forwarding$/) sub(/conf\/[^\/]*\//, "conf/*/", key)
  if (key in given && text == given[key] "" && !is_wanted(path ":" text)) print path ":" was[path]
}

# Forwarding has three names: that of the router, that of all interfaces, and that of each.
function is_wanted(line) {
  if (line in wanted) return 1
  if (line ~ /\/ipv4\/.*forward/) return ("/proc/sys/net/ipv4/ip_forward:1" in wanted) || ("/proc/sys/net/ipv4/conf/all/forwarding:1" in wanted)
  return line ~ /\/ipv6\/.*forwarding/ && ("/proc/sys/net/ipv6/conf/all/forwarding:1" in wanted)
}
