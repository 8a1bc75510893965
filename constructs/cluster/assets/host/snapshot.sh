# shellcheck shell=sh
# The host as text, one fact a line, sorted: what a lab could change and must put back. What changes by itself (times,
# counters, lifetimes, ports of clients, sizes of logs) is left out.

snapshot() {
  {
    snapshot_links
    snapshot_routes
    snapshot_firewall
    snapshot_sockets
    snapshot_processes
    snapshot_files
    snapshot_sysctls
    findmnt -rno TARGET,FSTYPE | grep -v -E '^/(run/(user|credentials)|proc/sys/fs/binfmt_misc)' | sed 's/^/mount /'
    systemctl list-unit-files --no-legend --plain --state=enabled,disabled,static,masked,linked | awk '{ print "unit", $1, $2 }'
    find /sys/fs/cgroup -maxdepth 5 -type d \( -name 'kubepods*' -o -name 'k3s*.service' -o -name 'k8s.io' -o -name 'cri-containerd*' \) 2>/dev/null | sed 's/^/cgroup /'
  } | LC_ALL=C sort -u
}

# Links that a container's own kernel namespace brings (tunl0, sit0 …) come when a module loads; they are told as they are.
snapshot_links() {
  ip netns list | awk '{ print "netns", $1 }'
  print_links / ip -d -o link show
  ip netns list | awk '{ print $1 }' | while read -r name; do print_links "$name" ip -n "$name" -d -o link show; done
  ip -o address show scope global | awk '{ print "address", $2, $3, $4 }'
}

# Name, flags that a lab may set, MTU, hardware address.
print_links() {
  where=$1
  shift
  "$@" | awk -v where="$where" '{
    line = "link " where " " $2
    for (i = 3; i <= NF; i++) if ($i == "mtu" || $i ~ /^link\// || $i == "promiscuity" || $i == "allmulti") line = line " " $i " " $(i + 1)
    print line
  }'
}

snapshot_routes() {
  for family in -4 -6; do
    ip $family route show table all | sed -E "s/ (expires|hoplimit) [^ ]+//g; s/ linkdown//; s/ +$//; s/^/route $family /"
    ip $family rule show | sed "s/^/rule $family /"
  done
}

snapshot_firewall() {
  if command -v nft >/dev/null; then
    nft -s list ruleset 2>/dev/null | awk '
      /^table/ { table = $2 " " $3 }
      /^\tchain|^\tset|^\tmap/ { part = $1 " " $2 }
      { sub(/^[ \t]+/, ""); if ($0 != "" && $0 != "}" && $0 !~ /^#/) print "nft", table, part, $0 }'
  fi
  for save in iptables-legacy-save ip6tables-legacy-save; do
    if command -v $save >/dev/null; then
      $save 2>/dev/null | sed -E "/^(#|COMMIT)/d; s/ \[[0-9:]+\]$//; s/^/$save /"
    fi
  done
}

# Ports from 32768 on are clients' own (net.ipv4.ip_local_port_range).
snapshot_sockets() {
  ss -Hlntu | awk '{ port = $5; sub(/.*:/, "", port); if (port + 0 < 32768 || $1 == "tcp") print "socket", $1, $5 }'
}

snapshot_processes() { our_processes | sed 's/^[0-9]* */process /'; }

# "PID PROGRAM" of everything that K3s started: the program itself, its shims, all their descendants, and what lost its parent but
# not its control group. Inside a pod every control group has a pod's name, so there the name says nothing.
our_processes() {
  if grep -q kubepods /proc/1/cgroup; then groups='/k3s(-agent)?\.service'; else groups='kubepods|/k8s\.io/|/k3s(-agent)?\.service'; fi
  grep -s -l -E "$groups" /proc/[0-9]*/cgroup | cut -d/ -f3 >grouped
  ps -eo pid=,ppid=,args= | awk -v binary="$binary" -v data="$data/data/" '
    FILENAME == "grouped" { ours[$1] = 1; next }
    {
      parent[$1] = $2; program[$1] = $3
      if ($3 == binary || index($3, data) == 1 || ($3 ~ /containerd-shim/ && index($0, "-address /run/k3s/"))) ours[$1] = 1
    }
    END {
      for (pid in parent) {
        for (up = pid; up > 1 && !(up in ours); up = parent[up]);
        if (up > 1) print pid, program[pid]
      }
    }' grouped -
}

snapshot_files() {
  for place in /etc/cni /opt/cni /etc/rancher /var/lib/cni /var/lib/rancher /var/lib/kubelet /var/lib/containerd /etc/kubernetes /etc/containerd \
    /run/k3s /run/multus /run/flannel /run/containerd /run/netns /run/cni /run/calico /var/log/pods /var/log/containers /root/.kube \
    /usr/local/bin /etc/systemd/system /etc/sysctl.d /etc/modules-load.d; do
    [ -e "$place" ] || continue
    find "$place" -xdev -printf 'file %p\t%y %m %u:%g %l\n' 2>/dev/null
    find "$place" -xdev -type f -size -64M -exec sha256sum {} + 2>/dev/null | sed 's/^/content /'
  done
}

# Inside a container only the network's settings are the host's own; the others are the machine's, shared with its neighbours.
snapshot_sysctls() {
  settings="net"
  systemd-detect-virt --quiet --container || settings="net vm.overcommit_memory vm.panic_on_oom vm.max_map_count kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes"
  for setting in $settings; do
    find "/proc/sys/$(echo "$setting" | tr . /)" -type f -perm -u=w -readable 2>/dev/null
  done | grep -v -E '/(nf_conntrack_count|tcp_fastopen_key|stable_secret|flush|ip_local_reserved_ports|unprivileged|max_newidle|bpf_jit_.*)$|/netdev_rss_key$' |
    xargs -r grep -s -H '' | sed -E 's/^/sysctl /; s/[\t ]+/ /g'
}

# compare BASELINE NOW: prints what differs, "+" for what is there and was not, "-" for what was there and is not.
# Settings that appeared (a kernel module was loaded) are not ours to take away.
compare() {
  diff "$1" "$2" | sed -n -E 's/^< /- /p; s/^> /+ /p' >difference
  awk '
    { key = $3; sub(/:.*/, "", key) }
    FNR == NR { if ($1 == "-" && $2 == "sysctl") known[key] = 1; next }
    !($1 == "+" && $2 == "sysctl" && !(key in known)) { print }
  ' difference difference
}
