# shellcheck shell=sh
# What the steps on a machine outside the cluster have in common. values/ID is the identity of what uses the machine; nothing
# of it lies outside of $home but units of that identity, and addresses that $home has a note of.
id=$(cat values/ID)
home=/var/lib/multicast-lab-external-$id

die() {
  printf '%s\n' "$1" >&2
  exit 1
}

# unit_of NAME: the unit that runs a probe.
unit_of() { printf 'multicast-lab-%s-%s.service' "$id" "$1"; }

# is_recent PROGRAM: whether it is Node.js 18 or later.
is_recent() { "$1" --eval 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' >/dev/null 2>&1; }

# has_address ADDRESS/LENGTH INTERFACE
has_address() { ip -o address show dev "$2" | awk '{ print $4 }' | grep -qxF -- "$1"; }

# stop_unit UNIT: it may be gone already.
stop_unit() {
  systemctl stop "$1" 2>/dev/null || [ "$(systemctl is-active "$1")" != active ] || die "unit $1 does not stop"
  systemctl reset-failed "$1" 2>/dev/null || :
}
