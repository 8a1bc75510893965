#!/bin/sh
# Gives the machine its address on the network, and finds its Node.js; prints needs-node where there is none.
set -eu
. host/external-common.sh
interface=$(cat values/INTERFACE)

[ -d /run/systemd/system ] || die "the machine must run systemd, which runs the probe"
ip link show dev "$interface" >/dev/null 2>&1 || die "the machine has no interface $interface"
install -d -m 755 "$home"

# Notes come first: an address that is noted and not there does no harm to a later step, the other way round it would stay.
if [ "$(ip -o link show dev "$interface" up)" = "" ]; then
  printf '%s' "$interface" >"$home/was-down"
  ip link set dev "$interface" up
fi
while read -r address; do
  if [ -z "$address" ] || has_address "$address" "$interface"; then continue; fi
  printf '%s %s\n' "$address" "$interface" >>"$home/addresses"
  # nodad: usable at once.
  case $address in
    *:*) ip -6 address add "$address" dev "$interface" nodad ;;
    *) ip address add "$address" dev "$interface" ;;
  esac
done <values/ADDRESSES

node=$(cat values/NODE)
if [ -n "$node" ]; then
  is_recent "$node" || die "$node is no Node.js 18 or later"
elif node=$(command -v node) && is_recent "$node"; then
  :
elif [ -x "$home/node" ] && is_recent "$home/node"; then
  exit 0
else
  printf 'needs-node\n'
  exit 0
fi
ln -sfn "$node" "$home/node"
