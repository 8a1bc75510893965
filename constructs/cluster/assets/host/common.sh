# shellcheck shell=sh
# What every step on a host shares. Steps run as root in their own unpacked directory: host/ (these scripts) and values/.

state=/var/lib/multicast-lab-host
lock=/run/multicast-lab.lock
data=/var/lib/rancher/k3s
binary=/usr/local/bin/k3s

value() { cat "values/$1"; }

say() { printf 'lab-phase: host=%s phase=%s\n' "$(value HOST)" "$1" >&2; }

die() {
  printf '%s\n' "$1" >&2
  exit 1
}

# The newest step has the host: one left over from a killed apply is ended first, with everything it started.
take_host() {
  exec 9<>"$lock"
  if ! flock -n 9; then
    kill -TERM "-$(cat "$lock")" 2>/dev/null
    flock -w 30 9 || die "another step still runs on this host (process group $(cat "$lock")); end it and try again"
  fi
  echo "$$" >"$lock"
}

# Only the lab whose guard took the host may touch it.
require_claim() {
  [ "$(cat "$state/lab" 2>/dev/null)" = "$(value LAB)" ] ||
    die "this host is not taken by lab $(value LAB) (it says: $(cat "$state/lab" 2>/dev/null || echo nothing)); was it installed anew? Then destroy this cluster and deploy it again"
}
