#!/bin/sh
# Takes everything of the lab off the host and prints what is left: a line `residue …` for each thing of the lab, with which the step
# fails, and a line `change …` for each other difference from the baseline.
set -u
. host/common.sh
. host/baseline.sh
. host/snapshot.sh
. host/uninstall.sh
. host/member.sh

# Whether anything of K3s is here at all.
is_installed() {
  for path in "$binary" /etc/rancher/k3s "$data" /etc/systemd/system/k3s.service /etc/systemd/system/k3s-agent.service; do
    [ ! -e "$path" ] || return 0
  done
  return 1
}

# The claim goes last, by a rename: a host has all of it or nothing.
release_claim() {
  rm -rf "$state.gone" "$state.part" || return 1
  [ ! -e "$state" ] || mv "$state" "$state.gone" || return 1
  rm -rf "$state.gone"
}

take_host
if [ -e "$state/lab" ]; then
  require_claim
elif ! is_installed; then
  # This lab was taken off before.
  release_claim || die "$state cannot be removed"
  say nothing-to-remove
  exit 0
fi
require_baseline
leave_etcd

# Namespaces, links and control groups go away some time after the call that ends them, and no event tells of the last one.
deadline=$(($(date +%s) + 20))
until uninstall 2>problem; do
  if [ "$(date +%s)" -ge "$deadline" ]; then
    cat problem >&2
    left=$(remains) || die "what is left on the host cannot be told"
    printf '%s\n' "$left" | sed 's/^/residue /'
    exit 1
  fi
  sleep 0.2
done
say uninstalled

{ snapshot now && compare baseline now >changes; } || die "the host could not be compared with its baseline; is the disk full? Destroy again"
release_claim || die "$state cannot be removed; destroy again"
sed 's/^/change /' changes
