#!/bin/sh
# Starts a probe, as a user without any right, in a unit of its own that starts it again when it fails.
set -eu
. host/external-common.sh
name=$(cat values/NAME)
unit=$(unit_of "$name")

stop_unit "$unit"
install -m 644 files/probe.cjs "$home/$name.cjs"
install -m 644 values/CONFIG "$home/$name.json"
install -m 600 -o nobody values/KEY "$home/$name.key"
systemd-run --quiet --collect --unit="$unit" --description="probe of multicast-lab" \
  --property=Type=exec --property=User=nobody --property=NoNewPrivileges=yes --property=CapabilityBoundingSet= \
  --property=Restart=always --property=RestartSec=1 --property=TimeoutStopSec=5 \
  -- "$home/node" "$home/$name.cjs" "$home/$name.json" "$home/$name.key" || {
  journalctl --unit="$unit" --lines=10 --no-pager >&2
  die "unit $unit did not start"
}
