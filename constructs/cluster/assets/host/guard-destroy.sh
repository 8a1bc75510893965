#!/bin/sh
# Takes everything of the lab off the host, compares it with its baseline and prints what differs; nothing printed and exit
# code 0 mean that the host is as it was.
set -u
. host/common.sh
. host/snapshot.sh
. host/uninstall.sh

# Whether anything of K3s is here at all.
is_installed() {
  for path in "$binary" /etc/rancher/k3s "$data" /etc/systemd/system/k3s.service /etc/systemd/system/k3s-agent.service; do
    [ ! -e "$path" ] || return 0
  done
  return 1
}

take_host
if [ -e "$state/lab" ]; then
  require_claim
  cp "$state/baseline" baseline
elif is_installed; then
  [ -e values/BASELINE ] || die "K3s is here, but no baseline of lab $(value LAB) says what the host was like; remove K3s by its own means"
  cp values/BASELINE baseline
else
  # The claim is the last thing that goes, after the comparison: this lab was taken off before.
  rm -f "$lock"
  say nothing-to-remove
  exit 0
fi

uninstall
say uninstalled

# Namespaces, links and control groups go away some time after the call that ends them, and no event tells of the last one.
deadline=$(($(date +%s) + 20))
while :; do
  remove_control_groups
  snapshot >now
  compare baseline now >residue
  [ -s residue ] || break
  if [ "$(date +%s)" -ge "$deadline" ]; then
    cat residue
    exit 1
  fi
  sleep 0.2
done
rm -rf "$state" "$lock"
