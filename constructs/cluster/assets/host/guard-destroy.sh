#!/bin/sh
# Takes everything of the lab off the host, compares it with its baseline and prints what differs; nothing printed and exit
# code 0 mean that the host is as it was.
set -u
. host/common.sh
. host/snapshot.sh
. host/uninstall.sh

take_host
if [ ! -e "$state/lab" ] && [ ! -e values/BASELINE ]; then
  rm -f "$lock"
  say nothing-to-remove
  exit 0
fi
if [ -e "$state/lab" ]; then
  require_claim
  cp "$state/baseline" baseline
else
  cp values/BASELINE baseline
fi

uninstall
say uninstalled

# Namespaces and links go away some time after the call that ends them, and no event tells of the last one.
deadline=$(($(date +%s) + 20))
while :; do
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
