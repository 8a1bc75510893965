# shellcheck shell=sh
# Takes K3s and what it and its CNI plugins made off the host; what the baseline (a file here) knows stays. Every part works on a
# host where the install stopped anywhere. The order matters: units, processes, mounts, network, firewall, files, settings.

uninstall() {
  stop_units
  end_processes
  remove_mounts
  remove_network
  remove_firewall
  remove_files
  restore_settings
}

# Its data goes anyway, so K3s is not asked to end, it is ended. While the unit's file says KillMode=process, systemd does not wait
# for pods that it may never be told of: on cgroup v1 in a container no message says that a group is empty.
stop_units() {
  for unit in k3s.service k3s-agent.service; do
    [ -e "/etc/systemd/system/$unit" ] || continue
    systemctl disable --quiet "$unit" 2>/dev/null
    main=$(systemctl show --property=MainPID --value "$unit")
    [ "${main:-0}" = 0 ] || kill -KILL "$main"
    timeout 100 systemctl stop "$unit" 2>/dev/null
    rm -f "/etc/systemd/system/$unit"
    systemctl daemon-reload
    systemctl reset-failed "$unit" 2>/dev/null
  done
}

# KillMode=process leaves pods running when the unit stops.
end_processes() {
  deadline=$(($(date +%s) + 20))
  while our_processes >processes && [ -s processes ] && [ "$(date +%s)" -lt "$deadline" ]; do
    while read -r pid _; do kill -KILL "$pid" 2>/dev/null; done <processes
    sleep 0.05
  done
}

# What systemd leaves where no message tells it that a group is empty; a group whose last process is still going refuses.
remove_control_groups() {
  find /sys/fs/cgroup -depth -type d \( -path '*/kubepods*' -o -path '*/k3s.service*' -o -path '*/k3s-agent.service*' -o -path '*/k8s.io*' \) \
    -exec rmdir {} + 2>/dev/null
}

# The deepest first. A mount that the baseline has is the host's own.
remove_mounts() {
  findmnt -rno TARGET | grep -E '^/(run/k3s|var/lib/kubelet|var/lib/rancher|var/lib/containerd)' | LC_ALL=C sort -r | while read -r target; do
    grep -q -F "mount $target " baseline || umount "$target" 2>/dev/null || umount -l "$target"
  done
}

# A namespace in which somebody still lives is not ours: our processes have ended.
remove_network() {
  ip netns list | awk '$1 ~ /^cni-/ { print $1 }' | while read -r name; do
    grep -q -x "netns $name" baseline || [ -n "$(ip netns pids "$name")" ] || ip netns delete "$name"
  done
  remove_namespace_directory
  ip -o link show | awk '{ sub(/[:@].*/, "", $2); print $2 }' | grep -E '^(cni0|flannel[.-].*|kube-ipvs0|kube-bridge)$' | while read -r name; do
    grep -q -E "^link / ${name}[:@]" baseline || ip link delete "$name"
  done
  for range in $(value POD_NETWORKS); do
    family=-4
    case $range in *:*) family=-6 ;; esac
    ip $family route show root "$range" | while read -r route; do
      # shellcheck disable=SC2086 # a route is words, printed by ip itself
      grep -q -F "route $family $route" baseline || ip $family route delete $route
    done
  done
}

# The first namespace makes the directory, `ip netns add` mounts it on itself as well. rmdir keeps it where a namespace is left.
remove_namespace_directory() {
  [ -d /run/netns ] && [ -z "$(ls -A /run/netns)" ] || return 0
  grep -q '^mount /run/netns ' baseline || umount /run/netns 2>/dev/null
  grep -q "^file /run/netns	" baseline || rmdir /run/netns
}

# K3s brings iptables along for hosts without it.
remove_firewall() {
  PATH=$PATH:$data/data/current/bin/aux
  for variant in iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
    if command -v "$variant-save" >/dev/null; then remove_chains "$variant"; fi
  done
  command -v nft >/dev/null || return 0
  nft list tables | while read -r _ family name; do
    grep -q "^nft $family $name " baseline && continue
    case $name in
      kube-proxy | cni_hostport | cni_plugins_masquerade | flannel-*) nft delete table "$family" "$name" ;;
      filter | nat | mangle | raw | security) remove_table_without_rules "$family" "$name" ;;
    esac
  done
}

# remove_chains VARIANT: every rule that names a chain of Kubernetes, CNI or flannel, and these chains; the rest stays.
remove_chains() {
  "$1-save" >rules 2>/dev/null || return 0
  grep -q -E '(KUBE|CNI|FLANNEL)-|flanneld' rules || return 0
  grep -v -E '(KUBE|CNI|FLANNEL)-|flanneld' rules | "$1-restore" || printf 'the rules of %s could not be put back\n' "$1" >&2
}

# iptables-nft makes its tables at first use; one that has no rule and only open policies does nothing.
remove_table_without_rules() {
  nft -s list table "$1" "$2" 2>/dev/null | grep -v -E '^(table .*|[[:space:]]*chain .*|[[:space:]]*type .* policy accept;|[[:space:]]*}|#.*|)$' | grep -q . ||
    nft delete table "$1" "$2"
}

# In a directory that the host had before, what the baseline does not name goes; any other directory goes as a whole.
remove_files() {
  sed -n -E 's/^file ([^\t]*)\t.*/\1/p' baseline | LC_ALL=C sort >kept
  for place in /etc/rancher /var/lib/rancher /var/lib/kubelet /var/lib/cni /var/lib/containerd /etc/cni /opt/cni /run/k3s /run/flannel /run/multus \
    /run/containerd /run/cni /run/calico /var/log/pods /var/log/containers; do
    if [ -e "$place" ]; then remove_new "$place"; fi
  done
  # kubectl's cache of this API, of whoever called it here.
  remove_new /root/.kube/cache
  grep -q -x -F /root/.kube kept || rmdir /root/.kube 2>/dev/null
  rm -f "$binary" "$binary.part"
  for path in /var/lib/multicast-lab.* /run/multicast-lab.*; do
    [ "$path" = "$PWD" ] || [ "$path" = "$lock" ] || rm -rf "$path"
  done
}

remove_new() {
  if ! grep -q -x -F "$1" kept; then
    rm -rf --one-file-system "$1"
    return
  fi
  [ -d "$1" ] || return 0
  find "$1" -mindepth 1 -maxdepth 1 | while read -r child; do remove_new "$child"; done
}

restore_settings() {
  snapshot_sysctls | LC_ALL=C sort -u >settings
  grep '^sysctl ' baseline | LC_ALL=C comm -23 - settings | sed 's/^sysctl //' | while IFS=: read -r path text; do
    [ ! -w "$path" ] || printf '%s\n' "$text" >"$path"
  done
}
