#!/bin/sh
# Takes everything of this identity off the machine, also after a step that was killed, and looks that it is gone.
set -eu
. host/external-common.sh
. host/left-over.sh

systemctl list-units --all --plain --no-legend "$(unit_of '*')" | while read -r unit _; do stop_unit "$unit"; done
if [ -e "$home/addresses" ]; then
  while read -r address interface; do
    if has_address "$address" "$interface"; then ip address delete "$address" dev "$interface"; fi
  done <"$home/addresses"
fi
if [ -e "$home/was-down" ]; then ip link set dev "$(cat "$home/was-down")" down; fi
rm -rf "$home"
[ -z "$(systemctl list-units --all --plain --no-legend "$(unit_of '*')")" ] || die "units of multicast-lab-$id are still there"
[ ! -e "$home" ] || die "$home is still there"
remove_left_over
