#!/bin/sh
# Checks that the host can take a lab and prints what it looks like before. The host keeps lab name and baseline itself, so
# that an apply that is repeated, after a kill too, never takes a half-installed host for the baseline.
set -u
. host/common.sh
. host/baseline.sh
. host/snapshot.sh

faults=""
fault() { faults="$faults
- $1"; }

check_tools() {
  for tool in systemctl ip ss findmnt flock tar sha256sum find awk sed sort diff comm ps umount setsid; do
    command -v "$tool" >/dev/null || fault "the program $tool is missing; install it"
  done
  [ -d /run/systemd/system ] || fault "systemd is not the init system; use a host that runs systemd"
  [ "$(uname -m)" = "$(value ARCHITECTURE)" ] || fault "the machine is $(uname -m), the K3s binary is for $(value ARCHITECTURE)"
}

# Kubernetes 1.35 refuses cgroup v1 (https://github.com/kubernetes/enhancements/tree/master/keps/sig-node/5573-remove-cgroup-v1).
check_control_groups() {
  minor=$(value VERSION | sed -E 's/^v1\.([0-9]+)\..*/\1/')
  if [ "$minor" -ge 35 ] && [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
    fault "the host has cgroup v1 and Kubernetes $(value VERSION) needs v2; boot it with systemd.unified_cgroup_hierarchy=1 or use a release before v1.35"
  fi
}

check_nothing_foreign() {
  for path in "$binary" /etc/rancher/k3s "$data" /var/lib/rancher/rke2 /etc/kubernetes/manifests /var/lib/kubelet/config.yaml \
    /etc/systemd/system/k3s.service /etc/systemd/system/k3s-agent.service; do
    if [ -d "$path" ]; then
      [ -z "$(find -H "$path" -mindepth 1 -maxdepth 1 | head -n 1)" ] || fault "$path is there already: another Kubernetes; remove it or use another host"
    elif [ -e "$path" ]; then
      fault "$path is there already: another Kubernetes; remove it or use another host"
    fi
  done
}

check_ports() {
  for port in $(value PORTS); do
    ss -Hlnt "sport = :$port" | grep -q . && fault "TCP port $port is in use; stop the program that listens there"
  done
  for interface in $(value INTERFACES); do
    ip link show dev "$interface" >/dev/null 2>&1 || fault "there is no interface $interface; name one that \`ip link\` shows"
  done
}

check_host() {
  check_tools
  check_control_groups
  check_nothing_foreign
  check_ports
  [ -z "$faults" ] || die "This host cannot take the lab:$faults"
}

# The time, so that what runs already is known; then the host; then the mark that all of it is here.
write_baseline() {
  snapshot facts.sorted && awk -v boot="$(cat /proc/sys/kernel/random/boot_id)" '{ sub(/^.*\) /, ""); print "began", boot, $20 }' /proc/$$/stat >began &&
    cat began facts.sorted >"$1" && baseline_mark "$1" >mark && cat mark >>"$1" && is_complete "$1"
}

# Name and baseline appear together, or not at all.
take_claim() {
  rm -rf "$state.part" "$state.gone" && mkdir -m 700 "$state.part" && write_baseline "$state.part/baseline" && value LAB >"$state.part/lab" || return 1
  # Without a claim in it: what an earlier destroy that was killed has left.
  rm -rf "$state" && mv "$state.part" "$state"
}

take_host
if [ -e "$state/lab" ]; then
  require_baseline
  if ! is_complete "$state/baseline"; then
    { cp baseline "$state/baseline.part" && mv "$state/baseline.part" "$state/baseline"; } || die "$state cannot be written; is the disk full?"
  fi
  say baseline-kept
else
  check_host
  take_claim || die "the baseline of this host could not be written to $state; is the disk full? Nothing was changed"
fi
cat "$state/baseline"
