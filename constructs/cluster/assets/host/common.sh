# shellcheck shell=sh
# What every step on a host shares. Steps run as root in their own unpacked directory: host/ (these scripts) and values/.
. host/left-over.sh

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

# The newest step of a lab has the host: one left over from a killed apply is ended first, with everything it started. Whose host it
# is comes before that, so that nothing of another lab is ever ended.
take_host() {
  refuse_other_claim
  while :; do
    exec 9<>"$lock" || die "$lock cannot be written"
    end_running_step
    # The step that had it may have removed the file.
    if same_file "/proc/$$/fd/9" "$lock"; then break; fi
  done
  printf '%s\n%s\n' "$$" "$(value LAB)" >"$lock" || die "$lock cannot be written"
  trap leave_host EXIT
  refuse_other_claim
  remove_left_over
}

# On a host that no lab has taken, nothing stays.
leave_host() { [ -e "$state/lab" ] || rm -f "$lock"; }

refuse_other_claim() {
  [ ! -e "$state/lab" ] || [ "$(cat "$state/lab")" = "$(value LAB)" ] ||
    die "This host is taken by lab $(cat "$state/lab"), and this is lab $(value LAB); destroy that lab first or use another host (was Terraform's state lost? Then import the identity, the last word of what the host says: docs/guide-k3s.md, Changes)"
}

# Returns with the lock.
end_running_step() {
  deadline=$(($(date +%s) + 30))
  until flock -n 9; do
    owner=$(sed -n 2p "$lock" 2>/dev/null)
    [ -z "$owner" ] || [ "$owner" = "$(value LAB)" ] || die "A step of lab $owner runs on this host; use another host, or destroy that lab first"
    group=$(sed -n 1p "$lock" 2>/dev/null)
    if [ -n "$group" ] && holds_lock "$group"; then kill -TERM "-$group" 2>/dev/null; fi
    if flock -w 1 9; then return; fi
    [ "$(date +%s)" -lt "$deadline" ] || die "another step still runs on this host (process group $group); end it and try again"
  done
}

# Whether a process of this group has the lock open. The number alone may belong to another process by now.
holds_lock() {
  ps -eo pid=,pgid= | while read -r pid group; do
    if [ "$group" = "$1" ] && same_file "/proc/$pid/fd/9" "$lock"; then echo "$pid"; fi
  done | grep -q .
}

# mark_of PATH: what tells a file or a link from others; nothing where there is none.
mark_of() {
  if [ -L "$1" ]; then printf 'link:%s\n' "$(readlink "$1")"; elif [ -f "$1" ]; then sha256sum <"$1" | cut -d' ' -f1; fi
}

same_file() { [ -n "$(stat -Lc %d:%i "$1" 2>/dev/null)" ] && [ "$(stat -Lc %d:%i "$1" 2>/dev/null)" = "$(stat -Lc %d:%i "$2" 2>/dev/null)" ]; }

# Only the lab whose guard took the host may touch it.
require_claim() {
  [ "$(cat "$state/lab" 2>/dev/null)" = "$(value LAB)" ] ||
    die "this host is not taken by lab $(value LAB) (it says: $(cat "$state/lab" 2>/dev/null || echo nothing)); was it installed anew? Then destroy this cluster and deploy it again"
}
