# shellcheck shell=sh
# The host as text, one fact a line, sorted: what a lab could change and must put back. What changes by itself (times,
# counters, lifetimes, ports of clients, sizes of logs) is left out; docs/guide-k3s.md says what else is.

# snapshot FILE: nothing but a complete one counts.
snapshot() {
  for part in links routes firewall sockets files sysctls modules mounts units control_groups; do
    "snapshot_$part" || return 1
  done >facts || return 1
  LC_ALL=C sort -u facts >"$1"
}

# told COMMAND…: what it prints, as the file `told`; a pipe would hide that it failed.
told() { "$@" >told; }

# Links that a container's own kernel namespace brings (tunl0, sit0 …) come when a module loads; they are told as they are.
snapshot_links() {
  told ip netns list && awk '{ print $1 }' told >namespaces && sed 's/^/netns /' namespaces || return 1
  told ip -d -o link show && print_links / <told || return 1
  while read -r name; do ip -n "$name" -d -o link show 2>/dev/null | print_links "$name" || return 1; done <namespaces
  told ip -o address show scope global && awk '{ print "address", $2, $3, $4 }' told || return 1
  told ip -o neighbour show nud permanent && sed 's/ *$//; s/^/neighbour /' told || return 1
  ! command -v tc >/dev/null || tc qdisc show 2>/dev/null | sed -E 's/ refcnt [0-9]+//; s/ *$//; s/^/qdisc /'
}

# Name, flags that a lab may set, MTU, length of the queue, hardware address.
print_links() {
  awk -v where="$1" '{
    line = "link " where " " $2
    for (i = 3; i <= NF; i++) if ($i == "mtu" || $i ~ /^link\// || $i == "promiscuity" || $i == "allmulti" || $i == "qlen") line = line " " $i " " $(i + 1)
    gsub(/\\/, "", line)
    print line
  }'
}

snapshot_routes() {
  for family in -4 -6; do
    [ $family = -4 ] || [ -e /proc/net/if_inet6 ] || continue
    told ip $family route show table all && sed -E "s/ (expires|hoplimit) [^ ]+//g; s/ linkdown//; s/ +$//; s/^/route $family /" told || return 1
    # Not every kernel has rules for routes.
    ip $family rule show 2>/dev/null | sed "s/^/rule $family /" || return 1
  done
}

# A kernel without nftables, or without the old tables, lets the program fail.
snapshot_firewall() {
  if command -v nft >/dev/null; then
    print_ruleset nft || return 1
    while read -r name; do print_ruleset "nft-in-$name" ip netns exec "$name" || return 1; done <namespaces
  fi
  for variant in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do print_rules "$variant" || return 1; done
  if command -v ipset >/dev/null; then ipset list -n 2>/dev/null | sed 's/^/ipset /'; fi
  [ ! -r /proc/net/ip_vs ] || awk '$1 ~ /^(TCP|UDP|SCTP)$/ { print "ipvs", $1, $2 }' /proc/net/ip_vs
}

# print_ruleset WORD [COMMAND…]: the rules of nftables, by table and chain.
print_ruleset() {
  word=$1
  shift
  "$@" nft -s list ruleset 2>/dev/null | awk -v word="$word" '
    /^table/ { table = $2 " " $3 }
    /^\tchain|^\tset|^\tmap/ { part = $1 " " $2 }
    { sub(/^[ \t]+/, ""); if ($0 != "" && $0 != "}" && $0 !~ /^#/) print word, table, part, $0 }'
}

# print_rules VARIANT: as `iptables-save` tells them, each with its table.
print_rules() {
  command -v "$1-save" >/dev/null || return 0
  "$1-save" 2>/dev/null | awk -v variant="$1" '
    /^\*/ { table = substr($0, 2) }
    /^[:-]/ { sub(/ \[[0-9]+:[0-9]+\]$/, ""); print variant, table, $0 }'
}

# Ports from 32768 on are clients' own (net.ipv4.ip_local_port_range).
snapshot_sockets() {
  told ss -Hlntu && awk '{ port = $5; sub(/.*:/, "", port); if (port + 0 < 32768 || $1 == "tcp") print "socket", $1, $5 }' told
}

# A place that is a link is looked at where it leads to. A file that goes while it is looked at is no fault; `find` that was killed is.
snapshot_files() {
  set --
  for place in /etc/cni /opt/cni /etc/rancher /etc/rancher/k3s /var/lib/cni /var/lib/rancher /var/lib/rancher/k3s /var/lib/kubelet /var/lib/containerd /var/lib/calico /etc/kubernetes /etc/containerd \
    /run/k3s /run/multus /run/flannel /run/containerd /run/netns /run/cni /run/calico /var/log/pods /var/log/containers /root/.kube \
    /usr/libexec/kubernetes /usr/local/bin /etc/systemd /run/systemd/system /run/systemd/system.control /etc/sysctl.conf /etc/sysctl.d /etc/modules-load.d /etc/modprobe.d \
    /etc/hosts /etc/resolv.conf /etc/passwd /etc/group /etc/crontab /etc/cron.d /var/spool/cron /etc/udev /etc/profile.d /etc/environment /etc/ld.so.conf.d \
    /etc/NetworkManager /etc/iptables /etc/sysconfig/iptables /etc/nftables.conf /etc/logrotate.d; do
    [ ! -e "$place" ] || set -- "$@" "$place"
  done
  find -H "$@" -xdev -printf 'file %p\t%y %m %u:%g %l\n' 2>/dev/null
  [ $? -le 1 ] || return 1
  find -H "$@" -xdev -type f -size -64M -exec sha256sum {} + 2>/dev/null | sed 's/^/content /' || return 1
  find -H "$@" -xdev -type f -size +63M -printf 'size %s %p\n' 2>/dev/null
  [ $? -le 1 ]
}

# Inside a container only the network's settings are the host's own; the others are the machine's, shared with its neighbours.
is_container() { systemd-detect-virt --quiet --container; }

snapshot_sysctls() {
  settings="net"
  is_container || settings="net vm.overcommit_memory vm.panic_on_oom vm.max_map_count kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes"
  for setting in $settings; do
    find "/proc/sys/$(echo "$setting" | tr . /)" -type f -perm -u=w -readable 2>/dev/null
  done | grep -v -E '/(nf_conntrack_count|tcp_fastopen_key|stable_secret|flush|ip_local_reserved_ports|unprivileged|max_newidle|bpf_jit_.*)$|/netdev_rss_key$' |
    xargs -r grep -s -H '' | sed -E 's/^/sysctl /; s/[\t ]+/ /g'
}

snapshot_modules() { is_container || sed 's/ .*//; s/^/module /' /proc/modules; }

snapshot_mounts() {
  told findmnt -rno TARGET,FSTYPE && sed -E '\#^/(run/(user|credentials)|proc/sys/fs/binfmt_misc)#d; s/^/mount /' told
}

# Of the units that are made while the system runs, only those for pods: every login makes others.
snapshot_units() {
  told systemctl list-unit-files --no-legend --plain --state=enabled,disabled,static,masked,linked && awk '{ print "unit", $1, $2 }' told || return 1
  find /run/systemd/transient -name 'kubepods*' -printf 'transient %f\n' 2>/dev/null
  return 0
}

snapshot_control_groups() {
  find /sys/fs/cgroup -maxdepth 5 -type d \( -name 'kubepods*' -o -name 'k3s*.service' -o -name 'cri-containerd*' \) 2>/dev/null | sed 's/^/cgroup /'
}

# compare BASELINE NOW: prints what differs, "+" for what is there and was not, "-" for what was there and is not.
# Settings that appeared (a kernel module was loaded) are not ours to take away.
compare() {
  diff "$1" "$2" >differing
  [ $? -le 1 ] || return 1
  sed -n -E '/^[<>] (end|began) /d; s/^< /- /p; s/^> /+ /p' differing >difference || return 1
  awk '
    { key = $3; sub(/:.*/, "", key) }
    FNR == NR { if ($1 == "-" && $2 == "sysctl") known[key] = 1; next }
    !($1 == "+" && $2 == "sysctl" && !(key in known)) { print }
  ' difference difference
}
