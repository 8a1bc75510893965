# shellcheck shell=sh
# What on a host is the lab's: each function prints one kind of it, a thing a line, so that what is removed and what is looked for
# afterwards are the same; no file is written, since a disk that is full would hide what is there. Something is ours only where that can be shown (docs/adr/0024-what-counts-as-ours.md); nothing is that
# the file `baseline` here has.

# in_baseline LINE: whether the baseline has exactly this line.
in_baseline() { grep -q -x -F -e "$1" baseline; }

# begins_in_baseline TEXT: whether a line of it begins so.
begins_in_baseline() { TEXT=$1 awk 'index($0, ENVIRON["TEXT"]) == 1 { found = 1; exit } END { exit !found }' baseline; }

# file_in_baseline PATH
file_in_baseline() { begins_in_baseline "file $1	"; }

our_units() {
  for unit in k3s.service k3s-agent.service; do
    if [ -e "/etc/systemd/system/$unit" ] && ! file_in_baseline "/etc/systemd/system/$unit"; then printf 'unit %s\n' "$unit"; fi
  done
}

# "process PID PROGRAM" of everything that K3s started: the program and its shims in the host's own root, what runs in the unit's
# control group, all their descendants, and pods that have lost their parents but not K3s' own group for pods. What ran before the
# baseline is somebody else's, and so is what runs in a container: K3s in Docker (k3d) has the same names as ours.
our_processes() {
  {
    cat /proc/[0-9]*/stat 2>/dev/null | sed 's/^/stat /'
    grep -s '' /proc/[0-9]*/cgroup | sed 's/^/group /'
    stat -Lc '%n %d:%i' /proc/[0-9]*/root 2>/dev/null | sed 's/^/root /'
    ps -eo pid=,args= | sed 's/^ */program /'
  } | awk -v binary="$binary" -v data="$data/data/" -v host="$(stat -Lc %d:%i /)" -v self="$$" -v began="$(began_at)" -f host/processes.awk
}

# The time of the baseline in ticks since the start of the system; none where the system was started again since.
began_at() { awk -v boot="$(cat /proc/sys/kernel/random/boot_id)" '$1 == "began" && $2 == boot { print $3 }' baseline; }

# The kernel knows a mount by where links lead to.
our_mounts() {
  mounts=$(findmnt -rno TARGET) || return 1
  places=$(readlink -f /run/k3s /var/lib/kubelet "$data")
  printf '%s\n' "$mounts" | PLACES=$places awk '
    BEGIN { count = split(ENVIRON["PLACES"], place, "\n") }
    { for (i = 1; i <= count; i++) if ($0 == place[i] || index($0, place[i] "/") == 1) { print; next } }' |
    LC_ALL=C sort -r | while read -r target; do
      begins_in_baseline "mount $target " || printf 'mount %s\n' "$target"
    done
}

# containerd's names for network namespaces are those of podman too. Ours have an address of the pods' networks, or K3s' records name them.
our_namespaces() {
  ip netns list | awk '$1 ~ /^cni-/ { print $1 }' | while read -r name; do
    in_baseline "netns $name" && continue
    [ -z "$(ip netns pids "$name" 2>/dev/null)" ] || continue
    if ip -n "$name" -o address show 2>/dev/null | any_pod_address ||
      grep -r -q -s -a -F "netns/$name" /run/k3s/containerd "$data/agent/containerd/io.containerd.metadata.v1.bolt"; then printf 'netns %s\n' "$name"; fi
  done
}

# Whether one of the addresses that `ip -o address` prints is of the pods' networks.
any_pod_address() {
  awk -v networks="$(value POD_NETWORKS)" -f host/network.awk -f host/any-address.awk
}

# The links that K3s' own uninstaller takes as its own (https://github.com/k3s-io/k3s/blob/v1.36.2%2Bk3s1/install.sh), where they have an
# address of the pods' networks; cni0 is the name in every second CNI configuration.
our_links() {
  for name in cni0 flannel.1 flannel-v6.1 flannel-wg flannel-wg-v6 kube-ipvs0; do
    # Not by /sys, which in a container may be another network namespace's.
    ip link show dev "$name" >/dev/null 2>&1 || continue
    begins_in_baseline "link / $name:" && continue
    begins_in_baseline "link / $name@" && continue
    if [ "$name" = kube-ipvs0 ] || ip -o address show dev "$name" scope global | any_pod_address; then printf 'link %s\n' "$name"; fi
  done
}

our_routes() {
  for range in $(value POD_NETWORKS); do
    family=-4
    case $range in *:*) family=-6 ;; esac
    ip $family route show root "$range" 2>/dev/null | sed -E 's/ (expires|hoplimit) [^ ]+//g; s/ linkdown//; s/ +$//' | while read -r route; do
      in_baseline "route $family $route" || printf 'route %s %s\n' "$family" "$route"
    done
  done
}

# K3s' own group for pods and that of its unit, in each hierarchy; not where something lives that is not ours, for ours has ended.
our_control_groups() {
  for root in /sys/fs/cgroup /sys/fs/cgroup/*; do
    for group in "$root/kubepods" "$root/kubepods.slice" "$root/system.slice/k3s.service" "$root/system.slice/k3s-agent.service"; do
      [ -d "$group" ] || continue
      if ! in_baseline "cgroup $group" && ! has_strangers "$group"; then printf 'cgroup %s\n' "$group"; fi
    done
  done
}

# has_strangers GROUP: whether a process lives in it; one that has ended and was not waited for yet has no program.
has_strangers() {
  find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null | while read -r pid; do readlink "/proc/$pid/exe" 2>/dev/null; done | grep -q .
}

# Slices that the kubelet asked systemd for.
our_slices() {
  [ -e /run/systemd/transient/kubepods.slice ] && systemctl is-active --quiet kubepods.slice || return 0
  if ! in_baseline "transient kubepods.slice" && ! has_strangers /sys/fs/cgroup/kubepods.slice; then printf 'slice kubepods.slice\n'; fi
}

our_settings() { changed_settings | sed 's/^/sysctl /'; }

our_files() { each_file print_path; }

print_path() { printf 'file %s\n' "$1"; }

# Everything of ours that is on the host now.
remains() {
  for part in units processes mounts namespaces links routes rules tables sets slices files settings control_groups; do
    "our_$part" || return 1
  done
}
