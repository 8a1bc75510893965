#!/bin/sh
# Usage: in-bare-root.sh ROOT PROGRAM ARGUMENT...
# Runs a program in the system below ROOT, with mounts and processes of its own that end with it. At its end, also an early one, ROOT is removed.
set -eu
root="$1"
shift
inside=
finish() {
  trap - EXIT
  # unshare takes no other signal while it waits. Its first process ends with it, and all others with that one.
  if [ -n "$inside" ] && kill -KILL "$inside" 2>/dev/null; then wait "$inside" || true; fi
  rm -rf --one-file-system -- "$root"
  exit "$1"
}
trap 'finish $?' EXIT
trap 'finish 130' HUP INT TERM

# "ip netns exec" makes / a slave of the mounts outside, so / has to be a mount itself.
# shellcheck disable=SC2016 # the inner shell's own arguments
unshare --mount --propagation private --pid --fork --kill-child -- sh -euc '
  mount --bind "$1" "$1"
  cd -- "$1"
  shift
  mount -t proc proc proc
  mount -t sysfs sysfs sys
  exec chroot . "$@"
' sh "$root" "$@" <&- &
inside=$!
wait "$inside"
